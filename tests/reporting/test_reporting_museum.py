"""A museum of broken templates: each has one clear message in both languages, before any report starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja_lib.config import starter
from kinerja_lib.errors import ReportError, TemplateError
from kinerja_lib.reporting.plan import Job, make_plan
from kinerja_lib.reporting.runner import run_job
from kinerja_lib.reporting.template import read_template

PARAMETERS = 'instansi: str = "all"\nperiode: str = "2025"\nlang: str = "id"\nproject: str = "."\nbatas: int = 5  # kelompok'
PYTHON = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def _write(
    folder: Path,
    *sources: str,
    parameters: tuple[str, ...] = (PARAMETERS,),
    metadata: dict[str, Any] | None = None,
) -> Path:
    cells = [new_code_cell(text, metadata={"tags": ["parameters"]}) for text in parameters]
    cells += [new_markdown_cell("# Pelatihan", metadata={"tags": ["lang-id"]})]
    cells += [new_markdown_cell("# Training", metadata={"tags": ["lang-en"]}), *map(new_code_cell, sources)]
    path = folder / "rusak.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata or PYTHON), str(path))
    return path


def _jobs(folder: Path, lang: str = "id", **parameters: Any) -> tuple[Job, ...]:
    return make_plan(
        read_template("rusak", folder), project=folder, reports="reports", periode="2025",
        instansi=["satu"], known=["satu"], languages=[lang], formats=["html"], parameters=parameters,
    )  # fmt: skip


R_KERNEL = {
    "kernelspec": {"name": "ir", "display_name": "R", "language": "R"},
    "language_info": {"name": "R"},
}
UNKNOWN_KERNEL = {"kernelspec": {"name": "kernel-lama", "display_name": "?"}}

EXHIBITS: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "no parameters cell": (
        lambda folder: _write(folder, "1", parameters=()),
        "ada 0 sel bertanda `parameters`", "0 cells are tagged `parameters`",
    ),
    "two parameters cells": (
        lambda folder: _write(folder, "1", parameters=(PARAMETERS, PARAMETERS)),
        "ada 2 sel bertanda `parameters`", "2 cells are tagged `parameters`",
    ),
    "a parameter without a type": (
        lambda folder: _write(folder, "1", parameters=("batas = 5",)),
        "baris 1 bukan parameter", "line 1 is no parameter",
    ),
    "a syntax error": (
        lambda folder: _write(folder, "x = 1", "for x in\n    pass"),
        "sel 4 baris 1: invalid syntax: for x in", "cell 4 line 1: invalid syntax: for x in",
    ),
    "a syntax error below a magic": (
        lambda folder: _write(folder, "%matplotlib inline\nx = = 1"),
        "sel 3 baris 2", "cell 3 line 2",
    ),
    "a kernel of another language": (
        lambda folder: _write(folder, "1", metadata=R_KERNEL),
        "kernel ir (R) tidak ada", "there is no kernel ir (R)",
    ),
    "a kernel that is not installed": (
        lambda folder: _write(folder, "1", metadata=UNKNOWN_KERNEL),
        "kernel kernel-lama tidak ada", "there is no kernel kernel-lama",
    ),
    "an empty file": (
        lambda folder: (folder / "rusak.ipynb").write_text("", encoding="utf-8"),
        "rusak.ipynb: bukan berkas notebook", "rusak.ipynb: not a notebook file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_broken_template_is_told_before_anything_starts(tmp_path: Path, name: str) -> None:
    make, indonesian, english = EXHIBITS[name]
    make(tmp_path)
    with pytest.raises(TemplateError) as caught:
        read_template("rusak", tmp_path)
    assert indonesian in caught.value.text("id")
    assert english in caught.value.text("en")
    assert "Traceback" not in caught.value.text("en")
    assert caught.value.action


@pytest.mark.parametrize(
    ("parameters", "indonesian", "english"),
    [
        ({"bats": 3}, "parameter tidak dikenal: bats; mungkin maksudnya: batas", "did you mean: batas"),
        ({"batas": "tiga"}, "batas: 'tiga' bukan int", "batas: 'tiga' is not int"),
        ({"batas": 2.5}, "batas: 2.5 bukan int", "batas: 2.5 is not int"),
    ],
)
def test_a_wrong_parameter_is_told_before_anything_starts(
    tmp_path: Path, parameters: dict[str, Any], indonesian: str, english: str
) -> None:
    _write(tmp_path, "1")
    with pytest.raises(TemplateError) as caught:
        _jobs(tmp_path, **parameters)
    assert indonesian in caught.value.text("id")
    assert english in caught.value.text("en")


def test_magics_and_await_are_no_fault(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "%matplotlib inline\n!echo satu",
        "%%capture out\nprint(1)",
        "import asyncio\nawait asyncio.sleep(0)",
        "?print",
    )
    assert read_template("rusak", tmp_path).parameters["batas"].type == "int"


@pytest.mark.parametrize(
    ("source", "indonesian", "english"),
    [
        ("import pandas\npandas.read_csv('data/hilang.csv')", "berkas tidak ada: hilang.csv", "no such file: hilang.csv"),
        (
            "from kinerja_lib.workflow import load_table\nload_table(project, 'penilaian')",
            "tabel belum ada: penilaian", "the table has not been made yet: penilaian",
        ),
    ],
)  # fmt: skip
def test_a_deleted_data_file_names_the_chapter_the_file_and_the_way_out(
    tmp_path: Path, source: str, indonesian: str, english: str
) -> None:
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    _write(tmp_path, source)
    (job,) = _jobs(tmp_path, "en")
    with pytest.raises(ReportError) as caught:
        run_job(job, tmp_path)
    assert indonesian in caught.value.text("id")
    assert english in caught.value.text("en")
    assert re.search(r"chapter “Training” \(cell \d\) failed", caught.value.text("en"))
    assert (
        "kinerja report --template rusak --period 2025 --instansi satu --lang en --format html --fresh"
        in caught.value.action
    )
    assert "kinerja run" in caught.value.text("en")
    assert not list((tmp_path / "reports").rglob("*.html"))
