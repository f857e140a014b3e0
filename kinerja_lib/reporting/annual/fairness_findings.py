"""Are rewards shared fairly at equal performance? In an agency's report: among its own staff, over three years.

Rewards are rare, so one year of one agency says nothing. A difference is said only where it stands out among all
traits that were compared, and then among all tests of the report, and where the comparison inside unit and year
confirms it. The first of the three is not idle: a report's other tests mostly find something, and that alone would
let one trait in thirty agencies pass by chance (benchmarks/weak_agency.py).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Difference, Finding, finding_from_difference, finding_from_unsaid
from kinerja_lib.models import fairness_analysis
from kinerja_lib.models.multiplicity import adjust_p_values, rejection_levels
from kinerja_lib.reporting.annual.bilingual import LABELS, both
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.finding_parts import gate, replaced
from kinerja_lib.schema.predikat import PREDIKAT

if TYPE_CHECKING:
    from kinerja_lib.models.fairness import Fairness

TOPIC = "keadilan_penghargaan"
OUTCOME, SANCTIONS = "penghargaan_12_bulan", "hukuman_12_bulan"
TRAITS = ("jenis_kelamin", "usia", "golongan_kelompok")
YEARS = 3
FIFTH = 0.2  # of the rate of all: a smaller difference is within the four-fifths rule


def fairness_findings(edition: Edition) -> list[Finding]:
    """One finding for each group that is compared with its reference."""
    rows, found = person_years(edition), analysed(edition)
    if found is None:
        about = both("judged.fair_about", body=edition.body)
        return [
            finding_from_unsaid(TOPIC, about, [gate("events", "judged.fair_impossible")], design="groups")
        ]
    own = both_methods(found)
    own = own[own["trait"] != "usia"]
    return [_judged(edition, rows, found, row) for row in own.itertuples()]


@lru_cache(maxsize=4)
def person_years(edition: Edition, *, everyone: bool = False) -> pd.DataFrame:
    """One row a person and year (the last quarter) of the report's scope, or of all, of the last three years.

    Rewards follow the annual predicate, so that is what is held equal; the last quarter's stands in where it is
    missing. With the quarter's alone, groups whose annual predicates are better seem to be favoured.
    """
    panel = edition.rows("panel", everyone=everyone)
    panel = panel[(panel["tahun"] > edition.year - YEARS) & (panel["tahun"] <= edition.year)]
    last = panel.sort_values("periode").drop_duplicates(["id_pegawai", "tahun"], keep="last")
    texts = ["jenis_kelamin", "golongan_kelompok", "unit_kerja", "instansi"]
    plain = last[texts].astype("object").where(last[texts].notna(), None)
    numbers = {name: last[name].astype("float64") for name in ("usia", "predikat_skor", OUTCOME, SANCTIONS)}
    rows = plain.assign(tahun=last["tahun"].astype("int64"), **numbers)
    annual = edition.rows("penilaian", everyone=everyone)
    annual = annual[annual["periode"].str.len() == 4].drop_duplicates(["id_pegawai", "periode"], keep="last")
    levels = annual["predikat"].astype("object").map({name: level for level, name in enumerate(PREDIKAT, 1)})
    keys = annual["id_pegawai"].astype("str") + annual["periode"].astype("str")
    own = last["id_pegawai"].astype("str") + last["tahun"].astype("str")
    known = own.map(dict(zip(keys, levels.astype("float64"), strict=True)))
    rows["predikat_skor"] = known.where(known.notna(), rows["predikat_skor"])
    rows = rows.dropna(subset=[*TRAITS, "predikat_skor"]).reset_index(drop=True)
    return rows.assign(predikat=rows["predikat_skor"].map(dict(enumerate(PREDIKAT, 1))))


def panel_years(edition: Edition) -> int:
    """People and years of the government's panel that ``person_years`` starts from."""
    panel = edition.rows("panel", everyone=True)
    own = panel[(panel["tahun"] > edition.year - YEARS) & (panel["tahun"] <= edition.year)]
    return len(own.drop_duplicates(["id_pegawai", "tahun"]))


@lru_cache(maxsize=4)
def analysed(edition: Edition) -> Fairness | None:
    """The analysis of rewards; None where the data do not allow it."""
    try:
        return fairness_analysis(
            person_years(edition), OUTCOME, traits=TRAITS, alpha=edition.config.thresholds.alpha,
            minimum_group=edition.smallest, lang=edition.lang,
        )  # fmt: skip
    except ModelError:
        return None


def both_methods(found: Fairness) -> pd.DataFrame:
    """The effects at equal performance; ``p_value`` is the larger of the two methods', adjusted for all traits; ``level``
    what it had to be.

    A claim needs both, so the larger p-value is that of the claim (an intersection of two tests).
    """
    own = found.effects[found.effects["model"] == "with"]
    inside = own["term"].map(found.within.set_index("term")["p_value"])
    both_p = own["p_value"].astype("float64").combine(inside.astype("float64"), np.fmax)
    both_p = both_p.mask(own["p_value"].isna())
    adjusted = adjust_p_values(both_p)["p_adjusted"].to_numpy()
    return own.assign(p_value=both_p, p_adjusted=adjusted, level=rejection_levels(both_p))


def _judged(edition: Edition, rows: pd.DataFrame, found: Fairness, row: Any) -> Finding:
    term, trait, hidden = (getattr(row, name) for name in ("term", "trait", "suppressed"))
    level = str(term).partition("[")[2].rstrip("]")
    base = sorted(rows[trait].astype("str").unique())[0]
    names = ("estimate", "ci_low", "ci_high", "p_value", "p_adjusted")
    estimate, low, high, p, adjusted = (
        float("nan") if hidden else float(getattr(row, name)) for name in names
    )
    people = int((rows[trait].astype("str") == level).sum())
    difference = Difference(
        TOPIC, _group(level), _group(base), both("judged.rewards"), estimate, low, high, adjusted, found.events,
        p=p, n=found.n, confirmed=confirmed(found, str(term), estimate, edition.config.thresholds.alpha),
        errors=errors_of(found, row), level=float(row.level),
    )  # fmt: skip
    judged = finding_from_difference(
        difference,
        alpha=edition.config.thresholds.alpha,
        margin=FIFTH * found.events / found.n,
        labels=LABELS,
    )
    return replaced(judged, reach=float(people / YEARS))


def _group(level: str) -> tuple[str, str]:
    if level in ("L", "P"):
        return both(f"judged.sex_{level}")
    return both("judged.golongan", level=level) if level != "PPPK" else (level, level)


def errors_of(found: Fairness, row: Any) -> tuple[tuple[float, float], ...]:
    """Standard error and degrees of freedom of both methods, as differences of the chance of a reward.

    A log-odds ratio moves the chance by p (1 - p) of it where p is the rate of all.
    """
    if row.suppressed:
        return ()
    rate, inside = found.events / found.n, found.within.set_index("term")["std_error"]
    own = (float(row.std_error), float(row.df))
    if row.term not in inside.index:
        return (own,)
    return own, (float(inside[row.term]) * rate * (1 - rate), math.inf)


def confirmed(found: Fairness, term: str, estimate: float, alpha: float) -> bool | None:
    """Whether the comparison inside unit and year finds the same sign, and not by chance."""
    own = found.within[found.within["term"] == term]
    if own.empty:
        return None
    inside = own.iloc[0]
    same = float(inside["estimate"]) * estimate > 0
    return bool(same and float(inside["p_value"]) < alpha)
