"""Notebooks are thin: they call and show, and hold no outputs; a template says everything in both languages."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "notebooks" / "templates").glob("*.ipynb"))
ALL = [*TEMPLATES, *sorted((ROOT / "notebooks" / "exploration").glob("*.ipynb"))]
FORBIDDEN = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Try, ast.While, ast.For, ast.With,
)  # fmt: skip


def _cells(path: Path, kind: str) -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _tagged(cells: list[dict[str, Any]], tag: str) -> list[dict[str, Any]]:
    return [cell for cell in cells if tag in cell["metadata"].get("tags", [])]


def test_there_is_a_template() -> None:
    assert "laporan_tahunan" in [path.stem for path in TEMPLATES]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path: Path) -> None:
    cells = _cells(path, "code")
    assert 0 < len(cells) <= 20
    for cell in cells:
        source = _source(cell)
        assert len(source.splitlines()) <= 8, source
        assert not re.search(r"^\s*[%!]", source, re.MULTILINE), "a magic"
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, FORBIDDEN), f"{type(node).__name__}: {source}"
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_declares_its_parameters(path: Path) -> None:
    (cell,) = _tagged(_cells(path, "code"), "parameters")
    for line in _source(cell).splitlines():
        assert re.fullmatch(r"\w+: (str|int|float|bool) = .+  # .+", line), line


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_everything_in_both_languages(path: Path) -> None:
    cells = _cells(path, "markdown")
    indonesian, english = _tagged(cells, "lang-id"), _tagged(cells, "lang-en")
    assert len(indonesian) == len(english) > 0
    assert len(indonesian) + len(english) == len(cells)
    for one, other in zip(indonesian, english, strict=True):
        levels = [re.findall(r"^(#+) ", _source(cell), re.MULTILINE) for cell in (one, other)]
        assert levels[0] == levels[1], "the headings differ"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_words_of_a_language_stay_in_it(path: Path) -> None:
    cells = _cells(path, "markdown")
    for tag, words in (
        ("lang-id", "the and with for that this are"),
        ("lang-en", "yang dan dengan untuk pada adalah"),
    ):
        text = " ".join(_source(cell) for cell in _tagged(cells, tag)).lower()
        for word in words.split():
            assert not re.search(rf"\b{word}\b", text), word


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_catalogues_hold_the_same_keys_and_places(lang: str) -> None:
    from kinerja_lib.language.labels import catalogue

    own, other = catalogue(lang), catalogue("en" if lang == "id" else "id")
    assert set(own) == set(other)
    for key, text in own.items():
        assert set(re.findall(r"\{(\w+)", text)) == set(re.findall(r"\{(\w+)", other[key])), key
