"""Facts that contradict each other are listed, without a name, a NIP or a date of birth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.cleaning.persons import likeness, name_words
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
NIP, OTHER = "198609262015051001", "199001012015052002"


def _raw(file: str, table: str = "penilaian", **columns: Any) -> RawTable:
    frame = pd.DataFrame(columns, dtype="str")
    return RawTable(
        f"01_Dinas_Pendidikan/{file}", "A", "ekinerja-rekap", table, frame, np.arange(5, 5 + len(frame))
    )


def _clean(*raw: RawTable) -> CleanResult:
    return clean(raw, register=Register.load(ROOT / "data/reference/units.csv"), key=b"k" * 32)


def _recap(file: str, **changes: list[str]) -> RawTable:
    columns = {
        "nip": [NIP], "nama": ["Contoh, Budi, S.Pd."], "unit_nama": ["Bidang SMA"], "tahun": ["2025"],
        "periode_nama": ["TW I"], "status_penilaian": ["Final"], "hasil_kerja": ["Sesuai"],
        "perilaku_kerja": ["Sesuai"],
    }  # fmt: skip
    return _raw(file, **(columns | changes))


def test_two_units_in_one_quarter_and_two_ratings() -> None:
    found = _clean(_recap("a.xlsx"), _recap("b.xlsx", unit_nama=["Bidang SMK"], hasil_kerja=["Diatas"]))
    listed = found.conflicts.set_index("field")
    assert listed.loc["unit_kerja", "kind"] == "dua_unit"
    assert listed.loc["hasil_kerja", "kind"] == "dua_isi"
    assert listed.loc["hasil_kerja", "values"] == "Sesuai ekspektasi | Diatas ekspektasi"
    assert listed.loc["hasil_kerja", "periode"] == "2025-Q1"
    assert listed.loc["unit_kerja", "kept"] == "01_Dinas_Pendidikan/a.xlsx#A:5"
    assert found.ledger[["reason", "detail"]].values.tolist() == [
        ["fakta_bertentangan", "01_Dinas_Pendidikan/a.xlsx#A:5 (urutan)"]
    ]


@pytest.mark.parametrize(
    ("changes", "reason", "rule", "kept"),
    [
        ({}, "kembar", "urutan", "a"),
        ({"status_penilaian": ["Draf"]}, "versi_lama", "status", "a"),
        ({"tanggal_penilaian": ["31-03-2025"], "hasil_kerja": ["Diatas"]}, "versi_lama", "tanggal", "b"),
        ({"predikat_organisasi": ["Baik"]}, "kurang_lengkap", "kelengkapan", "b"),
    ],
)
def test_the_rule_and_the_winner_are_recorded(
    changes: dict[str, list[str]], reason: str, rule: str, kept: str
) -> None:
    found = _clean(_recap("a.xlsx"), _recap("b.xlsx", **changes))
    assert found.ledger["reason"].tolist() == [reason]
    assert found.ledger["detail"].tolist() == [f"01_Dinas_Pendidikan/{kept}.xlsx#A:5 ({rule})"]
    assert found.conflicts.empty
    assert found.accounting["merged"].sum() == 1


def test_births_and_names_that_contradict() -> None:
    found = _clean(
        _recap("a.xlsx", tanggal_lahir=["26 September 1986"]),
        _recap("b.xlsx", tanggal_lahir=["27 September 1986"], periode_nama=["TW II"], nama=["Siti Rahma"]),
        _recap("c.xlsx", periode_nama=["TW III"], nama=["BUDI CONTOH"]),
        _recap("d.xlsx", nip=[OTHER], nama=["Budi Contoh"]),
    )
    assert found.conflicts["kind"].tolist() == ["dua_tanggal_lahir", "lahir_bukan_nip", "nip_orang_lain"]
    assert (
        found.conflicts.iloc[2]["places"] == "01_Dinas_Pendidikan/a.xlsx#A:5 | 01_Dinas_Pendidikan/b.xlsx#A:5"
    )
    text = found.conflicts.to_csv()
    for personal in ("Budi", "Siti", NIP, "1986", "September"):
        assert personal not in text


def test_names_are_compared_without_titles_and_order() -> None:
    assert name_words("Dr. CONTOH, Budi, S.Pd., M.Si.") == name_words("budi contoh") == ("budi", "contoh")
    assert likeness(name_words("Budi C."), name_words("Budi Contoh")) == 100
    assert likeness(name_words("Budi Contoh"), name_words("Budi Contoh Satria")) == 100
    assert likeness(name_words("Budi Contoh"), name_words("Budy Contoh")) > 85
    assert likeness(name_words("Budi Contoh"), name_words("Siti Rahma")) < 50
    assert likeness((), name_words("Siti")) == 100
