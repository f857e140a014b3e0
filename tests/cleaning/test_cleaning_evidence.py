"""What a file's columns prove about dates and numbers, and what is refused where they prove nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.cleaning.dates import date_range, date_rule, orders_seen
from kinerja_lib.cleaning.numbers import marks_seen, number_rule
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]


def _training(file: str, sheet: str, days: list[str], hours: list[str]) -> RawTable:
    frame = pd.DataFrame(
        {
            "nip": ["198609262015051001"] * len(days),
            "nama_pelatihan": [f"Pelatihan {sheet}{n}" for n in range(len(days))],
            "tanggal_selesai": days,
            "jp": hours,
            "instansi_nama": ["Dinas Pendidikan"] * len(days),
        },
        dtype="str",
    )
    return RawTable(file, sheet, "diklat-simpeg", "pelatihan", frame, np.arange(2, len(days) + 2))


def _clean(*raw: RawTable) -> CleanResult:
    return clean(raw, register=Register.load(ROOT / "data/reference/units.csv"), key=b"k" * 32)


def test_another_sheet_of_the_file_decides() -> None:
    found = _clean(
        _training("a.xlsx", "1", ["01/02/2024"], ["1.150"]),
        _training("a.xlsx", "2", ["31/01/2024"], ["10,5"]),
        _training("b.xlsx", "1", ["03/04/2024"], ["10"]),
    )
    table = found.tables["pelatihan"].sort_values("baris_sumber")
    assert sorted(table["tanggal_selesai"].dt.date) == [date(2024, 1, 31), date(2024, 2, 1)]
    assert sorted(table["jp"]) == [10.5, 1150.0]
    assert found.ledger["reason"].tolist() == ["tanggal_ambigu"]
    noted = found.decisions.set_index(["file", "sheet", "field"])
    assert noted.loc[("a.xlsx", "1", "tanggal_selesai"), "value"] == "dmy"
    assert noted.loc[("b.xlsx", "1", "tanggal_selesai"), "value"] == "-"


def test_contradicting_evidence_proves_nothing() -> None:
    found = _clean(_training("a.xlsx", "1", ["31/01/2024", "01/31/2024", "01/02/2024"], ["1", "2", "3"]))
    assert len(found.tables["pelatihan"]) == 2
    assert found.ledger["reason"].tolist() == ["tanggal_ambigu"]
    assert "bertentangan" in found.decisions["value"].tolist()


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["85,5"], {","}),
        (["85.5"], {"."}),
        (["85.5000"], set()),
        (["1.234"], set()),
        (["1.234.567"], {","}),
        (["1.234,5", "2,345.5"], {",", "."}),
        (["1.595.757,500,00", "2 Dokumen", "100%"], set()),
    ],
)
def test_marks(cells: list[str], marks: set[str]) -> None:
    assert marks_seen(pd.Series(cells, dtype="str")) == marks


def test_a_number_of_the_workbook_keeps_its_point() -> None:
    assert number_rule(",", 0, 9999)("3.1250") == (3.125, "")
    assert number_rule(",", 0, 9999)("3.125") == (3125.0, "")
    assert number_rule("", 0, 9999)("3.125") == (None, "angka_ambigu")
    assert number_rule("", 0, 100)("3.125") == (3.125, "")  # the other reading is out of range
    assert number_rule(",", None, None)("1.595.757,500,00") == (None, "angka_ambigu")


def test_orders() -> None:
    assert orders_seen(pd.Series(["01/02/2024", "31-12-2024"])) == {"dmy"}
    assert orders_seen(pd.Series(["01/13/2024"])) == {"mdy"}
    assert orders_seen(pd.Series(["2024-12-31", "31 Desember 2024"])) == set()


@pytest.mark.parametrize(
    ("text", "first", "last", "reason"),
    [
        ("12 s.d. 14 Januari 2024", "2024-01-12", "2024-01-14", ""),
        ("12-14 Januari 2024", "2024-01-12", "2024-01-14", ""),
        ("28 Februari s/d 3 Maret 2024", "2024-02-28", "2024-03-03", ""),
        ("1 Mei 2024 sampai dengan 3 Juni 2024", "2024-05-01", "2024-06-03", ""),
        ("13/05/2024 - 15/05/2024", "2024-05-13", "2024-05-15", ""),
        ("01/02/2024 - 05/02/2024", "", "", "tanggal_ambigu"),
        ("20 Mei 2024 s.d. 3 Mei 2024", "", "", "tanggal_terbalik"),
        ("31-12-2024", "2024-12-31", "2024-12-31", ""),
        ("20 dan 22 Mei 2024, 3 Juni 2024", "", "", "tanggal_tidak_terbaca"),
    ],
)
def test_ranges(text: str, first: str, last: str, reason: str) -> None:
    found = date_range(text)
    assert tuple("" if day is None else str(day) for day in found[:2]) == (first, last)
    assert found[2] == reason


def test_a_range_is_no_date_and_a_placeholder_is_missing() -> None:
    assert date_rule("dmy")("01/02/2024 - 05/02/2024") == (None, "tanggal_tidak_terbaca")
    assert date_rule("")("01/01/1900") == (None, "")
    assert date_rule("")("1") == (None, "")
    assert date_rule("")("31 Desember 1824") == (None, "di_luar_batas")
    assert date_rule("")("12 Desa 2024") == (None, "tanggal_tidak_terbaca")
