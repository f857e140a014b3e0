"""When an export came: the best evidence in the file, against the day on which its period was due."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from kinerja_lib.cleaning import Register
from kinerja_lib.cleaning.receipt import receipt
from kinerja_lib.reading import read_export
from kinerja_lib.reading.receipt import printed, signed
from kinerja_lib.workflow.quality import Delivery
from kinerja_lib.workflow.receipts import by_table, due_of, receipts

HEAD = ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Rating Hasil Kerja", "Rating Perilaku Kerja",
        "Predikat Kinerja"]  # fmt: skip
ROW = ["198609262015051001", "Contoh Satu", "Sekretariat", "2025", "Triwulan I", "Sesuai", "Sesuai", "Baik"]


def _book(path: Path, above: list[list[str]], below: list[list[str]], saved: dt.datetime | None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        if saved:
            book.set_properties({"created": saved})
        page = book.add_worksheet("TW I")
        for number, row in enumerate([*above, HEAD, ROW, *below]):
            for column, text in enumerate(row):
                page.write_string(number, column, text)
    return path


SIGNED = [["", "", "", "", "", "", "Rangkui, 5 April 2025"], ["", "", "", "", "", "", "Mengetahui,"]]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ([["Tanggal cetak: 7 April 2025 10:22"]], SIGNED, (dt.date(2025, 4, 7), "tanggal_cetak")),
        ([["Diunduh pada", "2025-04-08 09:00:00"]], SIGNED, (dt.date(2025, 4, 8), "tanggal_cetak")),
        ([], SIGNED, (dt.date(2025, 4, 5), "tanggal_tanda_tangan")),
        (
            [["Tanggal cetak: 04/05/2025"]],
            SIGNED,
            (dt.date(2025, 4, 5), "tanggal_tanda_tangan"),
        ),  # two readings
        ([["REKAP PENILAIAN"]], [], (dt.date(2025, 4, 20), "tanggal_simpan")),
    ],
)
def test_the_best_evidence_in_a_workbook(
    tmp_path: Path, above: list[list[str]], below: list[list[str]], expected: tuple[dt.date, str]
) -> None:
    path = _book(tmp_path / "Rekap.xlsx", above, below, dt.datetime(2025, 4, 20, 8, 0, tzinfo=dt.UTC))
    (table,) = read_export(path)
    assert len(table.frame) == 1
    assert receipt(table.context) == expected


def test_the_disk_is_the_last_resort(tmp_path: Path) -> None:
    text = ";".join(HEAD) + "\n" + ";".join(ROW) + "\n"
    path = tmp_path / "rekap.csv"
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_745_000_000, 1_745_000_000))
    (table,) = read_export(path)
    assert receipt(table.context) == (dt.date(2025, 4, 18), "tanggal_berkas")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("rekap.csv", (2025, 4, 9, 1, 2, 4)), text)
    (tmp_path / "kiriman.zip").write_bytes(packed.getvalue())
    (table,) = read_export(tmp_path / "kiriman.zip")
    assert receipt(table.context) == (dt.date(2025, 4, 9), "tanggal_berkas")
    assert receipt({"tanggal_berkas": "1980-01-01"}) is None
    assert receipt({}) is None


def test_other_dates_are_no_date_of_export() -> None:
    assert printed([["Keadaan per 31 Maret 2025"], ["Tanggal Lahir: 1 Mei 1990"], ["Tanggal cetak:"]]) == ""
    assert printed([["Tgl. Cetak", ":", "x"]]) == ""
    assert signed([["Mojokerto, 25 DEC 1986 2"], ["Contoh, Budi, S.Pd."]]) == ""
    assert signed([["Rangkui, 5 Januari 2026"], ["Rangkui,  6 Januari 2026"]]) == "6 Januari 2026"


def test_due_days() -> None:
    assert due_of("2025") == dt.date(2026, 1, 31)
    assert due_of("2025-Q1") == dt.date(2025, 5, 1)


def _delivery() -> Delivery:
    files = ["a.xlsx", "b.xlsx", "c.csv", "d.csv"]
    accounting = pd.DataFrame(
        {"file": files, "sheet": "", "layout": "x", "table": ["penilaian", "pelatihan", "penilaian", "penilaian"],
         "read": 1, "kept": 1, "rejected": 0, "merged": 0}
    )  # fmt: skip
    appraisals = pd.DataFrame(
        {"sumber": ["a.xlsx#", "c.csv#", "d.csv#"], "periode": ["2025-Q1"] * 3, "instansi": "dinas-contoh"}
    )
    training = pd.DataFrame({"sumber": ["b.xlsx#"], "tahun": [2025], "instansi": "dinas-contoh"})
    days = [("a.xlsx", "penilaian", "tanggal_cetak", "2025-05-03"), ("b.xlsx", "pelatihan", "tanggal_simpan", "2026-01-30"),
            ("c.csv", "penilaian", "tanggal_berkas", "2026-01-30")]  # fmt: skip
    decisions = pd.DataFrame(
        [(file, "", name, origin, "tanggal_ekspor", day, 1) for file, name, origin, day in days],
        columns=["file", "sheet", "table", "field", "decision", "value", "count"],
    )
    none = pd.DataFrame(columns=["file", "sheet", "table", "reason"])
    return Delivery(
        accounting,
        none,
        none,
        none,
        {"penilaian": appraisals, "pelatihan": training},
        Register([]),
        decisions,
    )


def test_lateness_by_sheet_and_table() -> None:
    found = receipts(_delivery()).set_index("file")
    assert found["days_late"].tolist()[:2] == [2, -1]
    assert found.loc["b.xlsx", "due"] == "2026-01-31"
    assert pd.isna(found.loc["c.csv", "days_late"]) and found.loc["c.csv", "origin"] == "tanggal_berkas"
    assert pd.isna(found.loc["d.csv", "days_late"]) and found.loc["d.csv", "origin"] == ""
    counts = by_table(found.reset_index()).set_index("table")
    assert counts.loc["penilaian"].tolist() == [3, 1, 1, 1]
    assert counts.loc["pelatihan"].tolist() == [1, 1, 0, 0]
    assert np.issubdtype(counts["late"].dtype, np.integer)
