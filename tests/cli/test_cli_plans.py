"""Plans of kinerja.toml by name: template, period, agencies, languages, formats and parameters."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kinerja_lib.cli.app import run
from kinerja_lib.workflow import Project

PLAN = """
[plans.uji]
template = "uji"
period = "2025"
instansi = ["all"]
languages = ["id", "en"]
formats = ["html"]
parameters = { kode = "007" }
"""
PARAMETERS = 'instansi: str = "all"\nperiode: str = "2025"\nlang: str = "id"\nproject: str = "."\nkode: str = ""\nn: int = 1'


@pytest.fixture
def planned(project: Project, tmp_path: Path) -> Path:
    """A copy of the project with a plan and its template."""
    root = tmp_path / "proyek"
    shutil.copytree(project.root, root)
    (root / "kinerja.toml").write_text(
        (root / "kinerja.toml").read_text(encoding="utf-8") + PLAN, encoding="utf-8"
    )
    folder = root / "notebooks" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    cell = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[cell]), str(folder / "uji.ipynb"))
    return root


def _jobs(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert run(["report", "--plan", "uji", "--dry-run", "--json", *words]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["jobs"]
    return found


def test_a_plan_is_expanded_and_narrowed(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("--project", str(planned))
    everything = _jobs(capsys, *place)
    agencies = {job["instansi"] for job in everything}
    assert "pemerintah" in agencies
    assert len(everything) == 2 * len(agencies)
    assert {job["lang"] for job in everything} == {"id", "en"}
    assert {tuple(job["formats"]) for job in everything} == {("html",)}  # type: ignore[arg-type]
    assert len(_jobs(capsys, *place, "--limit", "3")) == 3
    assert {job["instansi"] for job in _jobs(capsys, *place, "--only", "pemerintah")} == {"pemerintah"}
    assert {job["lang"] for job in _jobs(capsys, *place, "--lang", "en")} == {"en"}
    assert not list(planned.glob("reports/2025/*/uji*"))


def test_parameters_of_a_plan_are_checked_before_anything_starts(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "--plan", "uji", "--dry-run", "--project", str(planned)]
    assert run([*words, "--set", "kod=007"]) == 8
    assert "mungkin maksudnya: kode" in capsys.readouterr().err
    assert run([*words, "--set", "n=tujuh"]) == 8
    assert "n: 'tujuh' bukan int" in capsys.readouterr().err
    path = planned / "kinerja.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"007"', "7"), encoding="utf-8")
    assert run(words) == 8
    assert "kode: 7 bukan str" in capsys.readouterr().err
    assert run(["report", "--plan", "tiada", "--project", str(planned), "--lang", "en"]) == 2
    assert "known: uji" in capsys.readouterr().err
