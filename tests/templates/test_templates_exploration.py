"""The researchers' notebooks run to their end on a project, cell by cell, and show what they speak of."""

from __future__ import annotations

from pathlib import Path

import papermill
import pytest

from kinerja_lib.workflow import Project

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks" / "exploration").glob("*.ipynb"))


@pytest.mark.filterwarnings("default")  # as in a researcher's session
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_exploration_notebook_runs(project: Project, path: Path) -> None:
    done = papermill.execute_notebook(
        str(path),
        None,
        engine_name="kinerja",
        kernel_name="python3",
        cwd=str(project.root),
        progress_bar=False,
    )
    code = [cell for cell in done.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds & {"execute_result", "display_data"} and "error" not in kinds
    warned = [output.text for cell in code for output in cell.outputs if output.get("name") == "stderr"]
    assert not [text for text in warned if "Warning" in text]
