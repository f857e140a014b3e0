"""One job: run the template with its parameters, write its formats and its manifest.

Runs in a process of its own (see ``worker``). Everything is written beside its final name and renamed, so no
half-written file ever carries a final name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.anchors import warning
from kinerja_lib.reporting.cell_failure import cell_failed, left_early, rerun_command
from kinerja_lib.reporting.manifest import write_manifest
from kinerja_lib.reporting.outcomes import both
from kinerja_lib.reporting.plan import Job

SLOW_CELLS = 5  # kept in the record of a report


@dataclass(frozen=True)
class JobResult:
    """What a job left: its files relative to the project, seconds, and facts such as its slowest cells."""

    files: tuple[str, ...]
    seconds: float
    execute_seconds: float
    export_seconds: float
    facts: dict[str, Any] = field(default_factory=dict)


def run_job(
    job: Job, root: Path, *, key: str = "", engine: str = "kinerja", note: Callable[[str], None] | None = None
) -> JobResult:
    """Run one job to its end.

    Parameters
    ----------
    job : Job
    root : Path
        The project's folder.
    key : str
        The job's key, kept in the manifest so that a later run can skip it.
    engine : {"kinerja", "nbclient"}
        How cells run.
    note : callable, optional
        Told what is being done: ``execute``, then ``export``.

    Returns
    -------
    JobResult

    Raises
    ------
    ReportError
        A cell failed (its heading is named), or a format could not be written.
    """
    tell = note or (lambda _: None)
    started = time.perf_counter()
    tell("execute")
    notebook = _execute(job, root, engine)
    executed = time.perf_counter()
    tell("export")
    warnings: list[dict[str, str]] = []
    files = _export(job, root, notebook, warnings)
    ended = time.perf_counter()
    written = tuple(path.relative_to(root).as_posix() for path in files.values())
    result = JobResult(
        files=written,
        seconds=round(ended - started, 3),
        execute_seconds=round(executed - started, 3),
        export_seconds=round(ended - executed, 3),
        facts={"cells": _slow_cells(notebook), **({"warnings": warnings} if warnings else {})},
    )
    write_manifest(job, root, key=key, files=files, result=result)
    return result


def _execute(job: Job, root: Path, engine: str) -> Any:
    import papermill
    from nbformat.reader import NotJSONError
    from papermill.exceptions import PapermillExecutionError

    causes: list[BaseException] = []
    try:
        notebook = papermill.execute_notebook(
            job.template_path,
            None,
            parameters=dict(job.parameters),
            engine_name=None if engine == "nbclient" else engine,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(root),
            **({} if engine == "nbclient" else {"causes": causes}),
        )
    except PapermillExecutionError as error:
        raise cell_failed(job, error, causes[0] if causes else None) from error
    except NotJSONError as error:
        raise ReportError(
            Both(
                f"templat tidak terbaca: {Path(job.template_path).name}; mungkin sedang disimpan",
                en=f"cannot read the template {Path(job.template_path).name}; it may be being saved",
            ),
            action=rerun_command(job),
        ) from error
    left_early(job, notebook, causes[0] if causes else None)
    return notebook


def _export(job: Job, root: Path, notebook: Any, warnings: list[dict[str, str]]) -> dict[str, Path]:
    from kinerja_lib.reporting.export import export

    def adrift(names: Sequence[str]) -> None:
        path = Path(job.template_path)
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        warnings.append(both(warning(shown, names)))

    folder = root / job.folder
    folder.mkdir(parents=True, exist_ok=True)
    return export(notebook, folder / job.stem, formats=job.formats, lang=job.lang, adrift=adrift)


def _slow_cells(notebook: Any) -> list[dict[str, Any]]:
    """The slowest cells with their seconds, the slowest first; a cell is named by its first line."""
    timed = [
        (float(cell.metadata.get("papermill", {}).get("duration") or 0.0), cell.source.strip().splitlines())
        for cell in notebook.cells
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    timed.sort(key=lambda item: -item[0])
    return [
        {"cell": lines[0][:80], "seconds": round(seconds, 3)}
        for seconds, lines in timed[:SLOW_CELLS]
        if lines
    ]
