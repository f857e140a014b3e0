"""What a worker takes over before it forks: modules of known packages only, and only those that can be loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from kinerja_lib.reporting.warm import learned, loaded, prepare, take_over


def test_a_template_s_imports_are_loaded_before_its_first_report(tmp_path: Path) -> None:
    cells = [
        "import patsy.highlevel as tinggi\nimport paket_orang",
        "%magic\nimport x",
        "from scipy.ndimage import label",
    ]
    path = tmp_path / "uji.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(text) for text in cells]), str(path))
    (tmp_path / "paket_orang.py").write_text("raise SystemExit('dijalankan')", encoding="utf-8")
    code = (
        "import sys; from kinerja_lib.reporting.warm import prepare; prepare(sys.argv[1]); "
        "print([name in sys.modules for name in ('patsy.highlevel', 'scipy.ndimage', 'paket_orang')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[True, True, False]"


def test_a_template_that_cannot_be_read_is_left_to_its_report(tmp_path: Path) -> None:
    (tmp_path / "rusak.ipynb").write_text("{", encoding="utf-8")
    prepare(str(tmp_path / "rusak.ipynb"))
    prepare(str(tmp_path / "tiada.ipynb"))


def test_only_known_packages_are_taken_over() -> None:
    before = loaded()
    take_over(["antigravity", "paket_orang", "kinerja_lib.tiada", "colorsys"])
    assert "antigravity" not in sys.modules
    assert "colorsys" in sys.modules
    assert set(learned(before)) <= {"colorsys"}
