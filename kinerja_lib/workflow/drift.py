"""Drift of a delivery against the last one: shares of predikat, missing values, number of people.

The population stability index is compared with what chance alone gives: with B classes and n and m rows it is
about chi-square(B - 1) times (1/n + 1/m) where nothing changed (Yurdakul and Naranjo 2020, Journal of Risk Model
Validation 14(4)). The same people stand in both periods, which makes chance changes smaller: the limit errs on
the side of silence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

NOTABLE = 0.10  # an index below this is no change worth a question, however many rows there are
LARGE = 0.25  # a change that anyone would call large; where chance alone gives more, nothing can be said
CONFIDENCE = 0.99
PEOPLE_CHANGE = 0.10  # of the number of people appraised; see docs/decisions/0060


@dataclass(frozen=True)
class Drift:
    """Change of one group between two periods.

    Attributes
    ----------
    n, n_before : int
        Rows with a predicate.
    psi : float
        Population stability index; NaN where a period has no rows.
    limit : float
        What chance exceeds once in a hundred, at least ``NOTABLE``.
    people, people_before : int
        People appraised.
    missing, missing_before : float
        Share of appraisals without a predicate.
    """

    n: int
    n_before: int
    psi: float
    limit: float
    people: int
    people_before: int
    missing: float
    missing_before: float

    @property
    def shifted(self) -> bool:
        """Whether the shares of predikat moved more than chance moves them."""
        return not math.isnan(self.psi) and self.psi > self.limit

    @property
    def blind(self) -> bool:
        """Whether there are so few rows that even a large shift could be chance."""
        return not self.shifted and not self.limit <= LARGE

    @property
    def people_change(self) -> float:
        """Relative change of the number of people; NaN without a period before."""
        return self.people / self.people_before - 1 if self.people_before else math.nan

    @property
    def people_moved(self) -> bool:
        """Whether the number of people changed by more than a tenth."""
        return not math.isnan(self.people_change) and abs(self.people_change) > PEOPLE_CHANGE


def psi(now: list[int], before: list[int]) -> float:
    """Population stability index of two distributions over the same classes.

    Half a row is added to each class, so that an empty one does not make it infinite.

    Examples
    --------
    >>> round(psi([50, 50], [50, 50]), 6)
    0.0
    >>> round(psi([80, 20], [50, 50]), 2)
    0.41
    """
    if not sum(now) or not sum(before):
        return math.nan
    p, q = (np.asarray(counts, dtype="float64") + 0.5 for counts in (now, before))
    p, q = p / p.sum(), q / q.sum()
    return float(((p - q) * np.log(p / q)).sum())


def chance_limit(n: int, m: int, classes: int) -> float:
    """What the index exceeds once in a hundred where nothing changed; at least ``NOTABLE``."""
    from scipy.stats import chi2

    if not n or not m or classes < 2:
        return math.inf
    return max(NOTABLE, float(chi2.ppf(CONFIDENCE, classes - 1)) * (1 / n + 1 / m))


def drift_of(now: pd.DataFrame, before: pd.DataFrame) -> Drift:
    """Change between the appraisals of two periods."""
    counts = [
        part["predikat"].astype("str").value_counts().reindex(PREDIKAT, fill_value=0).astype("int64")
        for part in (now, before)
    ]
    used = int(((counts[0] + counts[1]) > 0).sum())
    n, m = int(counts[0].sum()), int(counts[1].sum())
    missing = [float(part["predikat"].isna().mean()) if len(part) else math.nan for part in (now, before)]
    people = [int(part["id_pegawai"].nunique()) for part in (now, before)]
    index = psi([int(v) for v in counts[0]], [int(v) for v in counts[1]])
    return Drift(n, m, index, chance_limit(n, m, used), people[0], people[1], missing[0], missing[1])


def last_period(appraisals: pd.DataFrame, inside: Periode) -> Periode | None:
    """The last quarter with appraisals inside a period; None where there is none."""
    found = {str(text) for text in appraisals["periode"].dropna().astype("str").unique()}
    quarters = [quarter for quarter in inside.quarters() if str(quarter) in found]
    return quarters[-1] if quarters else None


def drifts(appraisals: pd.DataFrame, period: Periode, group: str) -> dict[str, Drift]:
    """Change of each group between a period and the one before it."""
    text = appraisals["periode"].astype("str")
    now, before = appraisals[text == str(period)], appraisals[text == str(period.previous())]
    codes = [
        part[group].astype("object").where(part[group].notna(), "").astype("str") for part in (now, before)
    ]
    names = sorted(set(codes[0]) | set(codes[1]))
    return {name: drift_of(now[codes[0] == name], before[codes[1] == name]) for name in names if name}
