"""The tidy tables of Pemerintah Rangkui, as if its exports had been cleaned without a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.samples import appraisal, coaching, development, needs, outreach, voices, workplace
from kinerja_lib.samples.old_scheme import old_appraisals
from kinerja_lib.samples.organisation import Organisation, build_organisation
from kinerja_lib.samples.population import Population, build_population
from kinerja_lib.samples.rows import (
    appraisal_rows,
    exposed_rows,
    exposures_of,
    facilities_of,
    headcount_of,
    profiles_of,
)
from kinerja_lib.samples.stream import Floats
from kinerja_lib.schema.periode import Periode, periode_range
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
    """All tables; where weaknesses were added, who is missing and what others are given is as without them."""
    plain = None
    if organisation.poor:
        plain = _assemble(replace(organisation, poor=()), population, quarters, years, seed)
    headcount = headcount_of(organisation, population)
    raters = appraisal.raters_of_units(population, organisation, seed)
    ids = population.people["id_pegawai"].to_numpy()
    training = _training(organisation, population, seed)
    assets = workplace.build_assets(organisation, headcount, years, quarters, seed)
    rater_ids = [[str(ids[person]) for person in row] for row in raters]
    leadership = workplace.build_leadership(organisation, headcount, rater_ids, quarters, seed)
    exposures = exposures_of(organisation, population, headcount, training, assets, leadership, quarters)
    before = exposures["fasilitas_indeks"]
    if plain is not None:
        before = facilities_of(organisation, population, headcount, plain.tables["fasilitas"], quarters)
    exposures["fasilitas_semula"] = before
    quarterly, yearly = _draws(population, organisation, raters, exposures, quarters, seed)
    results = workplace.build_results(organisation, years, seed)
    rows = pd.concat([quarterly.rows, yearly.rows], ignore_index=True)
    appraisals = appraisal_rows(rows, organisation, ids, results, seed)
    rewards, sanctions = _rewards(population, organisation, appraisals, plain, seed)
    profiles = profiles_of(population, organisation)
    old = old_appraisals(population, organisation, seed)
    tables = {
        "pegawai": profiles,
        "penilaian": pd.concat([appraisals, old], ignore_index=True),
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
    return Synthetic(
        seed=seed,
        tables={name: typed(frame, name) for name, frame in tables.items()},
        people=population.people,
        register=organisation.register(),
        exposed=exposed_rows(quarterly.rows, organisation, population),
        organisation=organisation,
        population=population,
        periods=tuple(quarters),
        known=quarterly.known,
    )


def _training(organisation: Organisation, population: Population, seed: int) -> pd.DataFrame:
    """Training with the last day of each certificate."""
    training = development.build_training(population, organisation, seed)
    courses = organisation.agency_codes[COURSES_AT : COURSES_AT + 1]
    return training.assign(berlaku_sampai=needs.valid_until(training, "".join(courses), seed))


def _draws(
    population: Population,
    organisation: Organisation,
    raters: Any,
    exposures: dict[str, Floats],
    quarters: list[str],
    seed: int,
) -> tuple[appraisal.Draw, appraisal.Draw]:
    """Appraisals of the quarters, and of the years by what held at their end."""
    quarterly = appraisal.draw_appraisals(
        population, organisation, raters, exposures, quarters, seed, "quarters"
    )
    ending = [q for q in quarters if q.endswith("Q4") or q == quarters[-1]]
    last = {name: values[:, [quarters.index(q) for q in ending]] for name, values in exposures.items()}
    years = [q[:4] for q in ending]
    return quarterly, appraisal.draw_appraisals(population, organisation, raters, last, years, seed, "years")


def _rewards(
    population: Population,
    organisation: Organisation,
    appraisals: pd.DataFrame,
    plain: Synthetic | None,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rewards and sanctions; with added weaknesses those of the plain sample, rewards made unfair."""
    annual = appraisals[appraisals["periode"].str.len() == 4].reset_index(drop=True)
    if plain is None:
        return development.build_rewards(population, organisation, annual, seed)
    given = development.unfair_rewards(plain.tables["penghargaan"], population, organisation, annual, seed)
    return given, plain.tables["hukuman"]
