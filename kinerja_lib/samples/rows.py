"""Parts of the tidy tables: who is where, what each appraisal was drawn from, and the appraisals with their papers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.samples.indices import facility_index, leadership_index, training_hours
from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.population import Population
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

RATING_ABOVE, RATING_AS = "Diatas ekspektasi", "Sesuai ekspektasi"


def headcount_of(organisation: Organisation, population: Population) -> Floats:
    """Staff of each unit and year, shape (units, years)."""
    units = len(organisation.units)
    counts = [np.bincount(column[column >= 0], minlength=units) for column in population.unit_of.T]
    return np.stack(counts, axis=1).astype(np.float64)


def exposures_of(
    organisation: Organisation,
    population: Population,
    headcount: Floats,
    training: pd.DataFrame,
    assets: pd.DataFrame,
    leadership: pd.DataFrame,
    quarters: list[str],
) -> dict[str, Floats]:
    codes = [unit.code for unit in organisation.units]
    lead = leadership_index(leadership)
    ends = {q: pd.Timestamp(Periode(q).end) for q in quarters}
    return {
        "jp_12_bulan": training_hours(training, ends, population.people["id_pegawai"]).to_numpy(),
        "fasilitas_indeks": facilities_of(organisation, population, headcount, assets, quarters),
        "kepemimpinan_indeks": _wide(lead, "kepemimpinan_indeks", codes, quarters),
    }


def facilities_of(
    organisation: Organisation,
    population: Population,
    headcount: Floats,
    assets: pd.DataFrame,
    quarters: list[str],
) -> Floats:
    """Facility index, shape (units, quarters)."""
    codes = [unit.code for unit in organisation.units]
    people = pd.DataFrame(
        [
            (code, year, headcount[i, j])
            for i, code in enumerate(codes)
            for j, year in enumerate(population.years)
        ],
        columns=["unit_kerja", "tahun", "jumlah"],
    )
    return _wide(facility_index(assets, people, quarters), "fasilitas_indeks", codes, quarters)


def _wide(frame: pd.DataFrame, value: str, codes: list[str], quarters: list[str]) -> Floats:
    wide = frame.pivot(index="unit_kerja", columns="periode", values=value)
    return np.array(wide.reindex(index=codes, columns=quarters), dtype=np.float64)


def profiles_of(population: Population, organisation: Organisation) -> pd.DataFrame:
    blocks = []
    for turn, year in enumerate(population.years):
        here = np.flatnonzero(population.unit_of[:, turn] >= 0)
        unit = [organisation.units[i] for i in population.unit_of[here, turn]]
        frame = population.people.iloc[here].drop(columns=["nip", "nama", "lahir", "masuk", "keluar"])
        blocks.append(
            frame.assign(
                tahun=year,
                instansi=[organisation.agency_codes[u.agency] for u in unit],
                unit_kerja=[u.code for u in unit],
                kedudukan_hukum="Aktif",
            )
        )
    return pd.concat(blocks, ignore_index=True)


def appraisal_rows(
    rows: pd.DataFrame, organisation: Organisation, ids: Any, results: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """The drawn rows as the table ``penilaian``, with dates, states and the printed predicate."""
    stream = Stream(seed, "papers")
    units = rows["unit"].to_numpy()
    agency = np.array([unit.agency for unit in organisation.units])[units]
    year = rows["periode"].str[:4]
    wrong_app = np.isin(agency % 5, (2,))  # applications that print Sangat Baik for diatas × sesuai
    differs = (
        wrong_app & (rows["hasil_kerja"] == RATING_ABOVE) & (rows["perilaku_kerja"] == RATING_AS)
    ).to_numpy()
    result = results.assign(key=results["instansi"] + results["periode"]).set_index("key")[
        "predikat_organisasi"
    ]
    codes = np.array(organisation.agency_codes, dtype=object)[agency]
    ends = pd.to_datetime([Periode(p).end for p in rows["periode"]])
    # the target is due by the end of January; poorly run agencies set it later
    start = pd.to_datetime(year + "-01-05")
    person_year = Stream(seed, "targets").uniform(len(ids), 200)[rows["orang"], year.astype(int) % 200]
    delay = np.floor(22 * person_year + np.where(person_year > 0.86, 30 * (person_year - 0.86) / 0.14 + 5, 0))
    return pd.DataFrame(
        {
            "id_pegawai": ids[rows["orang"]],
            "periode": rows["periode"],
            "instansi": codes,
            "unit_kerja": [organisation.units[i].code for i in units],
            "id_penilai": ids[rows["penilai"]],
            "skema": "PermenPANRB6",
            "hasil_kerja": rows["hasil_kerja"],
            "perilaku_kerja": rows["perilaku_kerja"],
            "predikat": rows["predikat"],
            "predikat_tercetak": np.where(differs, PREDIKAT[4], rows["predikat"]),
            "predikat_berbeda": differs,
            "predikat_organisasi": result.reindex(codes + year.to_numpy()).to_numpy(),
            "status_penilaian": np.where(stream.uniform(len(rows)) < 0.93, "Final", "Disetujui"),
            # a rater signs for the whole unit on one day
            "tanggal_penilaian": ends + pd.to_timedelta(3 + (units * 7 + ends.month) % 25, unit="D"),
            "tanggal_penetapan_skp": start + pd.to_timedelta(delay, unit="D"),
            "skp_berjenjang": person_year * 7 % 1 < np.where(agency == organisation.weak, 0.55, 0.85),
        }
    )


def exposed_rows(rows: pd.DataFrame, organisation: Organisation, population: Population) -> pd.DataFrame:
    """The quarterly rows with what each was drawn from."""
    people, units = population.people, organisation.units
    ids = people["id_pegawai"].to_numpy()
    frame = rows.assign(
        id_pegawai=ids[rows["orang"]],
        id_penilai=ids[rows["penilai"]],
        unit_kerja=[units[i].code for i in rows["unit"]],
        instansi=[organisation.agency_codes[units[i].agency] for i in rows["unit"]],
        predikat_skor=rows["skor"],
        predikat=pd.Categorical(rows["predikat"], categories=list(PREDIKAT), ordered=True),
        jenis_jabatan=people["jenis_jabatan"].to_numpy()[rows["orang"]],
        pendidikan=people["pendidikan"].to_numpy()[rows["orang"]],
    )
    kept = ["id_pegawai", "periode", "instansi", "unit_kerja", "id_penilai", "predikat", "predikat_skor",
            "jp_12_bulan", "fasilitas_indeks", "kepemimpinan_indeks",
            "jenis_jabatan", "pendidikan"]  # fmt: skip
    return frame[kept]
