"""A correction changes its cell, and stops the run when the cell is no longer what it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import Register, clean, load_corrections
from kinerja_lib.errors import CleaningError
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
ENTRY = """[[correction]]
file = "01_Dinas_Pendidikan/a.csv"
sheet = ""
row = 7
field = "periode_nama"
from = "{before}"
to = "Triwulan III"
reason = "salah ketik"
author = "Tim"
date = "2025-10-06"
"""


def _raw() -> RawTable:
    frame = pd.DataFrame(
        {"nip": ["198609262015051001"], "tahun": ["2025"], "periode_nama": ["Triwulan 33"],
         "hasil_kerja": ["Sesuai"], "perilaku_kerja": ["Sesuai"], "predikat": ["Baik"]},
        dtype="str",
    )  # fmt: skip
    return RawTable("01_Dinas_Pendidikan/a.csv", "", "ekinerja-csv", "penilaian", frame, np.array([7]))


def test_a_correction_is_applied_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(ENTRY.format(before="Triwulan 33"), encoding="utf-8")
    raw = _raw()
    register = Register.load(ROOT / "data/reference/units.csv")
    found = clean([raw], register=register, key=b"k" * 32, corrections=load_corrections(path))
    assert found.tables["penilaian"]["periode"].tolist() == ["2025-Q3"]
    assert (found.decisions["decision"] == "dikoreksi").sum() == 1
    assert raw.frame["periode_nama"].tolist() == ["Triwulan 33"]


def test_a_stale_guard_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(ENTRY.format(before="Rahasia"), encoding="utf-8")
    register = Register.load(ROOT / "data/reference/units.csv")
    with pytest.raises(CleaningError) as caught:
        clean([_raw()], register=register, key=b"k" * 32, corrections=load_corrections(path))
    text = caught.value.text("en")
    assert "a.csv" in text and "7" in text and "periode_nama" in text
    assert "Rahasia" not in text and "Triwulan 33" not in text


def test_files_of_corrections(tmp_path: Path) -> None:
    assert load_corrections(tmp_path / "none.toml") == ()
    assert load_corrections(ROOT / "data/reference/corrections.toml") == ()
    path = tmp_path / "corrections.toml"
    path.write_text("[[correction]]\nfile = 'a'\n", encoding="utf-8")
    with pytest.raises(CleaningError):
        load_corrections(path)
