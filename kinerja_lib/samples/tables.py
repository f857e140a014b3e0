"""The tidy tables of Pemerintah Rangkui, as if its exports had been cleaned without a fault.

Long because each table of the schema has its short writer here, in the order of the schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.samples import appraisal, coaching, development, needs, outreach, voices, workplace
from kinerja_lib.samples.indices import facility_index, leadership_index, training_hours
from kinerja_lib.samples.old_scheme import old_appraisals
from kinerja_lib.samples.organisation import Organisation, build_organisation
from kinerja_lib.samples.population import Population, build_population
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.schema.periode import Periode, periode_range
from kinerja_lib.schema.predikat import PREDIKAT
from kinerja_lib.schema.tables import typed

COURSES_AT = 8  # place of the agency whose training comes from SIASN's course list


@dataclass(frozen=True)
class Synthetic:
    """A synthetic government.

    Attributes
    ----------
    tables : dict of DataFrame
        The tables of ``fields.toml`` but the panel, typed.
    people : DataFrame
        One row a person with the plainly synthetic ``nip`` and ``nama`` and the fixed part of the profile.
    register : DataFrame
        The unit register.
    exposed : DataFrame
        The panel's exposures as the process used them: one row a quarterly appraisal.
    """

    seed: int
    tables: dict[str, pd.DataFrame]
    people: pd.DataFrame
    register: pd.DataFrame
    exposed: pd.DataFrame
    organisation: Organisation
    population: Population
    periods: tuple[str, ...]
    known: Floats = field(repr=False)

    @property
    def raw(self) -> pd.DataFrame:
        """The people with NIP and name; another name for ``people``."""
        return self.people

    @cached_property
    def truth(self) -> dict[str, Any]:
        """What was built in, and what each estimator should find; ready for JSON. Takes a few seconds."""
        from kinerja_lib.samples.implied import built_in

        return built_in(self)


def synthetic_tables(
    seed: int = 7,
    agencies: int = 12,
    employees: int = 2400,
    periods: str = "2023-Q1:2025-Q4",
    *,
    weak: Sequence[str] = (),
    strength: float = 1.0,
) -> Synthetic:
    """Tidy tables of a fictional government with known effects.

    Parameters
    ----------
    seed : int
        The same seed gives the same tables on every platform.
    agencies, employees : int
        At least five people a unit on average, about eight units an agency.
    periods : str
        A range of quarters.
    weak : sequence of str
        Codes of agencies with poor facilities, lenient raters and unfair rewards (``samples.weakness``); all
        other agencies have the same rows as without.
    strength : float
        Part of each weakness that is built in: 1 the whole, 0.5 half of it (log-odds, latent quality, log of the
        reward's factor). The agency's own result stays what ``samples.weakness`` says.

    Returns
    -------
    Synthetic

    Raises
    ------
    UsageError
        The periods are no quarters, there are too few people for the agencies, or no such agency.
    """
    quarters = [str(p) for p in periode_range(periods)]
    if Periode(quarters[0]).kind != "quarter":
        raise UsageError(
            Both("periode sampel harus triwulan", en="the sample's periods must be quarters"),
            action=Both("misalnya 2023-Q1:2025-Q4", en="for example 2023-Q1:2025-Q4"),
        )
    if agencies < 1 or employees < 40 * agencies:
        raise UsageError(
            Both(
                f"{employees} pegawai terlalu sedikit untuk {agencies} instansi",
                en=f"{employees} employees are too few for {agencies} agencies",
            ),
            action=Both("gunakan paling sedikit 40 pegawai per instansi",
                        en="use at least 40 employees an agency"),
        )  # fmt: skip
    years = tuple(range(int(quarters[0][:4]), int(quarters[-1][:4]) + 1))
    organisation = build_organisation(agencies, employees, weak, strength)
    population = build_population(organisation, employees, years, seed)
    return _assemble(organisation, population, quarters, years, seed)


def _assemble(
    organisation: Organisation, population: Population, quarters: list[str], years: tuple[int, ...], seed: int
) -> Synthetic:
    units = len(organisation.units)
    headcount = np.stack(
        [np.bincount(column[column >= 0], minlength=units) for column in population.unit_of.T], axis=1
    ).astype(np.float64)
    raters = appraisal.raters_of_units(population, organisation, seed)
    ids = population.people["id_pegawai"].to_numpy()
    training = development.build_training(population, organisation, seed)
    courses = organisation.agency_codes[COURSES_AT : COURSES_AT + 1]
    training["berlaku_sampai"] = needs.valid_until(training, "".join(courses), seed)
    assets = workplace.build_assets(organisation, headcount, years, quarters, seed)
    rater_ids = [[str(ids[person]) for person in row] for row in raters]
    leadership = workplace.build_leadership(organisation, headcount, rater_ids, quarters, seed)
    exposures = _exposures(organisation, population, headcount, training, assets, leadership, quarters)
    before, plain = exposures["fasilitas_indeks"], None
    if organisation.poor:  # who is missing, and what others are given, is as without the added weaknesses
        plain = _assemble(replace(organisation, poor=()), population, quarters, years, seed)
        before = _facilities(organisation, population, headcount, plain.tables["fasilitas"], quarters)
    exposures["fasilitas_semula"] = before
    quarterly = appraisal.draw_appraisals(
        population, organisation, raters, exposures, quarters, seed, "quarters"
    )
    ending = [q for q in quarters if q.endswith("Q4") or q == quarters[-1]]
    last = {name: values[:, [quarters.index(q) for q in ending]] for name, values in exposures.items()}
    yearly = appraisal.draw_appraisals(
        population, organisation, raters, last, [q[:4] for q in ending], seed, "years"
    )
    results = workplace.build_results(organisation, years, seed)
    rows = pd.concat([quarterly.rows, yearly.rows], ignore_index=True)
    appraisals = _appraisals(rows, organisation, ids, results, seed)
    annual = appraisals[appraisals["periode"].str.len() == 4].reset_index(drop=True)
    if plain is None:
        rewards, sanctions = development.build_rewards(population, organisation, annual, seed)
    else:
        given, sanctions = plain.tables["penghargaan"], plain.tables["hukuman"]
        rewards = development.unfair_rewards(given, population, organisation, annual, seed)
    profiles = _profiles(population, organisation)
    tables = {
        "pegawai": profiles,
        "penilaian": pd.concat(
            [appraisals, old_appraisals(population, organisation, seed)], ignore_index=True
        ),
        "skp": outreach.build_targets(organisation, profiles, appraisals, seed),
        "pelatihan": training.drop(columns="orang"),
        "kebutuhan_kompetensi": needs.build_needs(organisation, population, headcount, seed),
        "fasilitas": assets,
        "kepemimpinan": leadership,
        "penghargaan": rewards,
        "hukuman": sanctions,
        "pembinaan": coaching.build_coaching(organisation, population, appraisals, seed),
        "survei": voices.build_survey(organisation, headcount, years, seed),
        "laporan_tugas": voices.build_tasks(organisation, quarters, seed),
        "penyuluhan": outreach.build_outreach(organisation, headcount, years, seed),
        "inovasi": outreach.build_innovations(organisation, profiles, seed),
        "layanan": workplace.build_service(organisation, years, seed),
        "organisasi": results,
    }
    exposed = quarterly.rows.assign(
        id_pegawai=ids[quarterly.rows["orang"]],
        id_penilai=ids[quarterly.rows["penilai"]],
        unit_kerja=[organisation.units[i].code for i in quarterly.rows["unit"]],
        instansi=[organisation.agency_codes[organisation.units[i].agency] for i in quarterly.rows["unit"]],
        predikat_skor=quarterly.rows["skor"],
        predikat=pd.Categorical(quarterly.rows["predikat"], categories=list(PREDIKAT), ordered=True),
        jenis_jabatan=population.people["jenis_jabatan"].to_numpy()[quarterly.rows["orang"]],
        pendidikan=population.people["pendidikan"].to_numpy()[quarterly.rows["orang"]],
    )
    kept = ["id_pegawai", "periode", "instansi", "unit_kerja", "id_penilai", "predikat", "predikat_skor",
            "jp_12_bulan", "fasilitas_indeks", "kepemimpinan_indeks",
            "jenis_jabatan", "pendidikan"]  # fmt: skip
    return Synthetic(
        seed=seed,
        tables={name: typed(frame, name) for name, frame in tables.items()},
        people=population.people,
        register=organisation.register(),
        exposed=exposed[kept],
        organisation=organisation,
        population=population,
        periods=tuple(quarters),
        known=quarterly.known,
    )


def _exposures(
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
        "fasilitas_indeks": _facilities(organisation, population, headcount, assets, quarters),
        "kepemimpinan_indeks": _wide(lead, "kepemimpinan_indeks", codes, quarters),
    }


def _facilities(
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


def _profiles(population: Population, organisation: Organisation) -> pd.DataFrame:
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


def _appraisals(
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


RATING_ABOVE, RATING_AS = "Diatas ekspektasi", "Sesuai ekspektasi"
