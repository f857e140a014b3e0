"""Summaries of group-time effects: one number, by time since the start, by cohort, by calendar period.

Weights are cohort shares; that they are estimated enters the errors (Callaway & Sant'Anna 2021, sec. 4).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.event_inference import covariance
from kinerja_lib.models.rollout import Rollout

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: draws and seed of the Gaussian simulation behind the simultaneous band
BAND_DRAWS = 20_000
BAND_SEED = 20_250_101

Estimate = tuple[str, str, float, Array]


def summaries(data: Rollout, cohort: Codes, period: Codes, att: Array, influence: Array) -> pd.DataFrame:
    """Rows (type, at, estimate, std_error, statistic, p_value, ci_low, ci_high, band_low, band_high).

    ``band`` covers all rows of a type (but ``overall``) together with 95 % probability.
    """
    weighting = _Weighting(data, cohort, att, influence)
    after = period >= cohort
    rows: list[Estimate] = [("simple", "overall", *weighting.average(after))]
    event = period - cohort
    own = [("dynamic", str(e), *weighting.average(event == e), e >= 0) for e in np.unique(event)]
    rows += _with_overall("dynamic", [(a, b, c, d) for a, b, c, d, keep in own], [k[4] for k in own])
    by_group: list[Estimate] = [
        ("group", str(data.periods[g]), *weighting.plain(after & (cohort == g)))
        for g in np.unique(cohort)
        if (after & (cohort == g)).any()
    ]
    rows += [*by_group, weighting.over_groups(by_group, [int(g) for g in np.unique(cohort[after])])]
    by_time: list[Estimate] = [
        ("calendar", str(data.periods[t]), *weighting.average(after & (period == t)))
        for t in np.unique(period[after])
    ]
    rows += _with_overall("calendar", by_time, [True] * len(by_time))
    return _table(rows, data.clusters, data.start)


class _Weighting:
    """Cohort shares and the influence of estimating them."""

    def __init__(self, data: Rollout, cohort: Codes, att: Array, influence: Array) -> None:
        self.cohort, self.att, self.influence = cohort, att, influence
        self.member = data.weights[:, None] * (data.start[:, None] == cohort[None, :])
        self.share = self.member.mean(axis=0)
        self.data = data

    def average(self, which: NDArray[np.bool_]) -> tuple[float, Array]:
        """Average weighted by cohort shares."""
        share, member = self.share[which], self.member[:, which]
        weights = share / share.sum()
        return float(weights @ self.att[which]), self._combine(
            self.influence[:, which], self.att[which], member, share
        )

    def plain(self, which: NDArray[np.bool_]) -> tuple[float, Array]:
        """Unweighted average (the periods of one cohort)."""
        return float(self.att[which].mean()), self.influence[:, which].mean(axis=1)

    def over_groups(self, rows: list[Estimate], cohorts: list[int]) -> Estimate:
        """Cohort effects weighted by cohort shares."""
        member = self.data.weights[:, None] * (self.data.start[:, None] == np.array(cohorts)[None, :])
        share = member.mean(axis=0)
        att = np.array([row[2] for row in rows])
        inf = np.column_stack([row[3] for row in rows])
        return "group", "overall", float(share / share.sum() @ att), self._combine(inf, att, member, share)

    @staticmethod
    def _combine(influence: Array, att: Array, member: Array, share: Array) -> Array:
        total = share.sum()
        deviation = member - share
        weight_influence = deviation / total - deviation.sum(axis=1, keepdims=True) * share / total**2
        return influence @ (share / total) + weight_influence @ att


def _with_overall(name: str, rows: list[Estimate], keep: list[bool]) -> list[Estimate]:
    """The rows, and the plain mean of those kept."""
    used = [row for row, k in zip(rows, keep, strict=True) if k]
    estimate = float(np.mean([row[2] for row in used]))
    return [*rows, (name, "overall", estimate, np.column_stack([row[3] for row in used]).mean(axis=1))]


def _table(rows: list[Estimate], clusters: Codes | None, start: Codes) -> pd.DataFrame:
    inf = np.column_stack([row[3] for row in rows])
    cov, df = covariance(inf, clusters, start)
    se = np.sqrt(np.diag(cov))
    estimate = np.array([row[2] for row in rows])
    z = stats.t.ppf(0.975, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    table = pd.DataFrame(
        {
            "type": [row[0] for row in rows],
            "at": [row[1] for row in rows],
            "estimate": estimate,
            "std_error": se,
            "statistic": statistic,
            "p_value": 2 * stats.t.sf(np.abs(statistic), df),
            "ci_low": estimate - z * se,
            "ci_high": estimate + z * se,
        }
    )
    critical = z.copy()
    for name in ("dynamic", "group", "calendar"):
        own = ((table["type"] == name) & (table["at"] != "overall")).to_numpy()
        critical[own] = np.maximum(z[own], simultaneous_critical_value(cov[np.ix_(own, own)]))
    table["band_low"], table["band_high"] = estimate - critical * se, estimate + critical * se
    return table


def simultaneous_critical_value(cov: Array, level: float = 0.95) -> float:
    """Quantile of the largest |z| of correlated normals, by simulation with a fixed seed."""
    se = np.sqrt(np.diag(cov))
    use = se > 0
    if not use.any():
        return 0.0
    correlation = cov[np.ix_(use, use)] / np.outer(se[use], se[use])
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    draws = np.random.default_rng(BAND_SEED).standard_normal((BAND_DRAWS, int(use.sum()))) @ root.T
    return float(np.quantile(np.abs(draws).max(axis=1), level))
