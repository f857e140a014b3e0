"""Notebooks of the package in a project: copied once, renewed while unchanged, never over a user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kinerja_lib.reporting import packaged
from kinerja_lib.reporting.packaged import content_hash, is_copy, packaged_notebooks, provide_notebooks
from kinerja_lib.reporting.template import list_templates


def _say(path: Path, text: str, outputs: bool = False) -> None:
    cell = {"cell_type": "code", "source": [text], "metadata": {}, "outputs": [1] if outputs else []}
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "paket"
    folder.mkdir()
    for name in ("a", "b"):
        _say(folder / f"{name}.ipynb", f"{name} = 1")
    monkeypatch.setattr(packaged, "packaged_folders", lambda kind: (folder, folder))
    return folder


def test_copies_are_renewed_until_they_are_changed(shipped: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert [path.name for path in provide_notebooks("templates", own)] == ["a.ipynb", "b.ipynb"]
    assert provide_notebooks("templates", own) == []
    _say(own / "a.ipynb", "a = 1", outputs=True)  # run by the user
    _say(own / "b.ipynb", "b = 2")  # changed by the user
    assert is_copy(own / "a.ipynb") and not is_copy(own / "b.ipynb")
    for name in ("a", "b"):
        _say(shipped / f"{name}.ipynb", f"{name} = 3")
    assert [path.name for path in provide_notebooks("templates", own)] == ["a.ipynb"]
    assert "a = 3" in (own / "a.ipynb").read_text() and "b = 2" in (own / "b.ipynb").read_text()


def test_an_unchanged_copy_does_not_hide_the_original(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    provide_notebooks("templates", own)
    original = packaged_notebooks("templates")
    assert sorted(list_templates(own).values()) == [path.resolve() for path in original]
    changed = own / original[0].name
    notebook = json.loads(changed.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "source": "baru", "metadata": {}})
    changed.write_text(json.dumps(notebook), encoding="utf-8")
    assert list_templates(own)[changed.stem] == changed


def test_a_broken_notebook_is_nobodys_copy(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text("{", encoding="utf-8")
    assert content_hash(path) == "" and not is_copy(path)
    assert packaged_notebooks("exploration")
