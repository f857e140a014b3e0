"""What happens to a table in many hands: rows that slip, columns copied beside themselves, letters that no one sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from museum_people import NIPS, RECAP, TITLE, TRAINING, recap, training
from museum_sheets import _merged
from museum_writers import book, text

_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _early(formatted: bool) -> bytes:
    """Days of a workbook that counts from 1904, shown as dates or as bare numbers."""
    days = [dt.date(2025, 4, 12), dt.date(2025, 5, 13)]
    numbers = [(day - dt.date(1904, 1, 1)).days for day in days]
    rows = training(["x", "x"])
    place = TRAINING.index(next(name for name in TRAINING if name.startswith("Tanggal")))

    def finish(work: Any, sheets: dict[str, Any]) -> None:
        style = work.add_format({"num_format": "dd/mm/yyyy"}) if formatted else None
        for row, number in enumerate(numbers, 2):
            sheets["Diklat"].write_number(row, place, number, style)

    return book({"Diklat": [[TITLE], TRAINING, *rows]}, finish, date_1904=True)


def exhibits() -> dict[str, bytes]:
    """All of them by file name."""
    rows = recap()
    results = RECAP.index("Rating Hasil Kerja")
    slipped = [
        rows[0],
        [*rows[1][:results], *rows[1][results + 1 :]],
        [*rows[2][:results], "", *rows[2][results:]],
        rows[3],
    ]
    two = [
        ["", *row[1:]] if number == 1 else row
        for number, row in enumerate(recap(periode=["Triwulan I", "Triwulan II"]))
    ]
    own = ["Rating Hasil Kerja", "Rating Perilaku Kerja", "Predikat Kinerja"]
    aside = [[*row[:3], *row[5:], "Diatas Ekspektasi", "Diatas Ekspektasi", "Sangat Baik"] for row in rows]
    return {
        "huruf_tak_kasatmata.csv": text(
            [[TITLE], [f"{cell[:2]}\u200b{cell[2:]}" for cell in RECAP],
             *[[f"\u200f{cell[:3]}\u200b{cell[3:]}\u00ad" for cell in row] for row in rows]]
        ),
        "angka_arab_timur.csv": text([[TITLE], RECAP, *[[cell.translate(_EASTERN) for cell in row] for row in rows]]),
        "isi_bergeser_kiri_dan_kanan.csv": text([[TITLE], RECAP, *slipped]),
        "kolom_disalin_isi_lain.csv": text(
            [[TITLE], [*RECAP, RECAP[results]], *[[*row, "Diatas Ekspektasi"] for row in rows[:3]], [*rows[3], ""]]
        ),
        "dua_triwulan_berdampingan.xlsx": book(
            {"Rekap": [["DINAS CONTOH"], ["TAHUN 2025"], [*RECAP[:3], "Triwulan I", "", "", "Triwulan II", "", ""],
                       ["", "", "", *own, *own], *aside]},
            _merged("A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:I3"),
        ),
        "nip_gabung_dua_orang.xlsx": book({"Rekap": [[TITLE], RECAP, *two]}, _merged("A3:A4")),
        "catatan_dicetak_oleh.csv": text(
            [[TITLE], RECAP, *rows, ["Dicetak oleh operator pada 12/01/2025 10:22"], ["Halaman 1 dari 1"], ["Diunduh dari e-Kinerja"]]
        ),
        "tanggal_1904_bertanda.xlsx": _early(True),
        "tanggal_1904_bilangan.xlsx": _early(False),
        "tabel_lain_di_bawah_tanda_tangan.csv": text(
            [[TITLE], RECAP, *rows, [], ["", "", "", "", "Mengetahui"], ["", "", "", "", "NIP. 197502022000031001"], [],
             ["NIP", "Nama", "Hadir", "Izin", "Sakit", "Alpa"], *[[nip, "Contoh", "20", "1", "2", "3"] for nip in NIPS[:2]]]
        ),
    }  # fmt: skip
