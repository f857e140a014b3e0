"""Templates and their parameters are refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja_lib.errors import KinerjaError, TemplateError
from kinerja_lib.reporting.template import check_parameters, list_templates, read_template

PARAMETERS = """\
instansi: str = "all"  # kode instansi
batas: int = 5  # kelompok terkecil
alpha: float = 0.05
rinci: bool = False"""


def _write(folder: Path, name: str, *sources: str, tags: tuple[str, ...] = ("parameters",)) -> Path:
    cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Judul"), *cells]), str(path))
    return path


def test_parameters_with_types_defaults_and_help(tmp_path: Path) -> None:
    _write(tmp_path, "uji", PARAMETERS)
    template = read_template("uji", tmp_path)
    assert [(p.name, p.type, p.default, p.help) for p in template.parameters.values()] == [
        ("instansi", "str", "all", "kode instansi"),
        ("batas", "int", 5, "kelompok terkecil"),
        ("alpha", "float", 0.05, ""),
        ("rinci", "bool", False, ""),
    ]


def test_values_from_a_command_line_are_typed(tmp_path: Path) -> None:
    _write(tmp_path, "uji", PARAMETERS)
    template = read_template("uji", tmp_path)
    given = {"instansi": "007", "batas": "3", "alpha": "0.1", "rinci": "ya"}
    assert check_parameters(template, given) == {"instansi": "007", "batas": 3, "alpha": 0.1, "rinci": True}
    assert check_parameters(template, {"rinci": True, "batas": 4.0}) == {"rinci": True, "batas": 4}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"instans": "x"}, "instansi"),
        ({"batas": "tiga"}, "batas"),
        ({"batas": 3.5}, "batas"),
        ({"batas": True}, "batas"),
        ({"rinci": "mungkin"}, "rinci"),
        ({"instansi": 7}, "instansi"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, values: dict[str, object], named: str) -> None:
    _write(tmp_path, "uji", PARAMETERS)
    with pytest.raises(TemplateError) as caught:
        check_parameters(read_template("uji", tmp_path), values)
    assert named in str(caught.value)


def test_all_wrong_values_at_once(tmp_path: Path) -> None:
    _write(tmp_path, "uji", PARAMETERS)
    with pytest.raises(TemplateError) as caught:
        check_parameters(read_template("uji", tmp_path), {"x": 1, "batas": "a", "rinci": "b"})
    assert len(caught.value.details) == 3


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        ((), "ada 0 sel"),
        ((PARAMETERS, PARAMETERS), "ada 2 sel"),
        (("a: int = ",), "baris 1"),
        (("a = 1",), "baris 1 bukan parameter"),
        (("a: list = []",), "bukan parameter"),
        (("a: int = f()",), "bukan parameter"),
        (("a: int",), "bukan parameter"),
        (('a: int = 1\nprint("x")',), "baris 2 bukan parameter"),
    ],
)
def test_broken_parameter_cells(tmp_path: Path, sources: tuple[str, ...], text: str) -> None:
    _write(tmp_path, "uji", *sources)
    with pytest.raises(TemplateError) as caught:
        read_template("uji", tmp_path)
    assert text in caught.value.text("id")
    assert caught.value.text("en") != caught.value.text("id")


def test_a_file_that_is_no_notebook(tmp_path: Path) -> None:
    (tmp_path / "rusak.ipynb").write_text("bukan json", encoding="utf-8")
    with pytest.raises(TemplateError, match="bukan berkas notebook"):
        read_template("rusak", tmp_path)


def test_an_unknown_template_names_the_nearest(tmp_path: Path) -> None:
    _write(tmp_path, "laporan_uji_coba", PARAMETERS)
    with pytest.raises(KinerjaError) as caught:
        read_template("laporan_uji_cob", tmp_path)
    assert "laporan_uji_coba" in caught.value.action


def test_a_projects_own_template_hides_the_packages(tmp_path: Path) -> None:
    packaged = list_templates(tmp_path / "absent")
    assert "laporan_tahunan" in packaged
    own = _write(tmp_path, "laporan_tahunan", PARAMETERS)
    assert list_templates(tmp_path)["laporan_tahunan"] == own.resolve()
