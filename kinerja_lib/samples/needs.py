"""What competences units lack, and until when certificates are valid; both from streams of their own.

Some needs meet no training in the sample (Keamanan Siber), and some training meets no need, so that both sides
of the comparison have something to show.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.population import Population
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
BY_PERSON = 4  # position of the agency that knows who needs what
VALID_YEARS = {"Teknis": (2, 3), "Fungsional": (3, 5)}


def build_needs(
    organisation: Organisation, population: Population, headcount: Floats, seed: int
) -> pd.DataFrame:
    """Table ``kebutuhan_kompetensi``: three competences a unit and year, each for a part of the staff.

    One agency names the people, drawn from the unit's staff of the year.
    """
    years = population.years
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
    frame = pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "tahun", "jenis_kompetensi", "kompetensi", "tingkat_dibutuhkan",
                 "tingkat_dimiliki", "jumlah_membutuhkan", "tanggal_usulan"],
    )  # fmt: skip
    return _by_person(frame, organisation, population, seed)


def _by_person(
    frame: pd.DataFrame, organisation: Organisation, population: Population, seed: int
) -> pd.DataFrame:
    """One row a person instead of a number, in the agency that knows."""
    frame = frame.assign(id_pegawai=None)
    own = (frame["instansi"] == "".join(organisation.agency_codes[BY_PERSON : BY_PERSON + 1])).to_numpy()
    ids = population.people["id_pegawai"].to_numpy()
    lot = Stream(seed, "needs by person").uniform(len(ids), len(frame))
    place = {unit.code: number for number, unit in enumerate(organisation.units)}
    blocks = []
    for number in np.flatnonzero(own):
        line = frame.iloc[[number]]
        turn = population.years.index(int(line["tahun"].iloc[0]))
        staff = np.flatnonzero(population.unit_of[:, turn] == place[line["unit_kerja"].iloc[0]])
        chosen = staff[np.argsort(lot[staff, number], kind="stable")][
            : int(line["jumlah_membutuhkan"].iloc[0])
        ]
        many = line.loc[line.index.repeat(len(chosen))]
        blocks.append(many.assign(id_pegawai=ids[chosen], jumlah_membutuhkan=1))
    return pd.concat([frame[~own], *blocks], ignore_index=True)


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
