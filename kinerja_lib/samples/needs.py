"""What competences units lack, and until when certificates are valid; both from streams of their own.

Some needs meet no training in the sample (Keamanan Siber), and some training meets no need, so that both sides
of the comparison have something to show.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.stream import Floats, Stream

COMPETENCES = (
    ("Teknis", "Pengadaan Barang dan Jasa"),
    ("Teknis", "Kearsipan"),
    ("Teknis", "Analisis Data"),
    ("Teknis", "Keamanan Siber"),
    ("Teknis", "Manajemen Risiko"),
    ("Manajerial", "Mengelola Perubahan"),
    ("Manajerial", "Pelayanan Publik"),
    ("Sosial Kultural", "Perekat Bangsa"),
)
EACH_YEAR = 3  # competences that a unit names in a year
VALID_YEARS = {"Teknis": (2, 3), "Fungsional": (3, 5)}


def build_needs(
    organisation: Organisation, headcount: Floats, years: tuple[int, ...], seed: int
) -> pd.DataFrame:
    """Table ``kebutuhan_kompetensi``: three competences a unit and year, each for a part of the staff."""
    stream = Stream(seed, "needs")
    rows = []
    for place, unit in enumerate(organisation.units):
        for turn, year in enumerate(years):
            first = stream.integer(0, len(COMPETENCES) - 1)
            for step in range(EACH_YEAR):
                kind, name = COMPETENCES[(first + step * 3) % len(COMPETENCES)]
                needed = stream.integer(2, 4)
                people = max(1, round(float(headcount[place, turn]) * (0.1 + 0.3 * stream.one())))
                day = np.datetime64(f"{year - 1}-11-01") + stream.integer(0, 90)
                rows.append(
                    (organisation.agency_codes[unit.agency], unit.code, year, kind, name, needed,
                     round(needed - 0.5 - stream.one(), 1), people, day)
                )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "tahun", "jenis_kompetensi", "kompetensi", "tingkat_dibutuhkan",
                 "tingkat_dimiliki", "jumlah_membutuhkan", "tanggal_usulan"],
    )  # fmt: skip


def valid_until(training: pd.DataFrame, unstated: str, seed: int) -> pd.Series:
    """Last day of the certificate of each training.

    None for half of them, for kinds without an end, and for the agency ``unstated``, whose export has no such
    column.
    """
    stream = Stream(seed, "certificates")
    draws = stream.uniform(len(training), 2)
    days: list[np.datetime64] = []
    for kind, agency, end, (given, length) in zip(
        training["jenis_pelatihan"], training["instansi"], training["tanggal_selesai"], draws, strict=True
    ):
        choices = VALID_YEARS.get(kind)
        if choices is None or given >= 0.5 or agency == unstated:
            days.append(np.datetime64("NaT"))
        else:
            years = choices[int(length * len(choices))]
            days.append(np.datetime64((pd.Timestamp(end) + pd.DateOffset(years=years)).date()))
    return pd.Series(days, index=training.index, dtype="datetime64[s]")
