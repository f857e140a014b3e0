"""Staggered rollout: group-time effects of Callaway & Sant'Anna (2021, J. Econometrics 225:200).

ATT(g, t) is the effect in period t for the cohort whose treatment starts in g, against units never treated
(where there are some) or not yet treated. Before the start the base is the period before t, afterwards that
before g. With controls the doubly robust estimator uses their values in the base period. ``tidy()`` has the
ATT(g, t); ``effects()`` their summaries: ``simple``, ``dynamic``, ``group``, ``calendar``, each with a row
``at="overall"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.doubly_robust import doubly_robust, mean_difference
from kinerja_lib.models.event_inference import covariance
from kinerja_lib.models.event_summary import summaries
from kinerja_lib.models.pre_trends import pre_trend_checks
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.rollout import NEVER, Rollout, read_rollout
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GroupTime:
    """ATT(g, t) with influence functions: cohorts and periods as indices, shapes (m,), (m,), (m,), (N, m)."""

    cohort: Codes
    period: Codes
    att: Array
    influence: Array


def fit_event_study(
    panel: pd.DataFrame,
    spec: ModelSpec,
    *,
    lang: str = "id",
    control_group: Literal["never", "not_yet"] | None = None,
) -> FitResult:
    """Estimate all group-time effects and their summaries.

    Parameters
    ----------
    control_group : {"never", "not_yet"}, optional
        By default ``never`` where some unit is never treated, else ``not_yet``.

    Returns
    -------
    FitResult
        Standard errors come from influence functions, summed within clusters where ``cluster`` is given.
    """
    data = read_rollout(panel, spec, lang=lang)
    never = bool((data.start == NEVER).any())
    chosen = control_group or ("never" if never else "not_yet")
    if chosen == "never" and not never:
        raise model_error(
            lang,
            "Tidak ada unit yang tidak pernah diberi perlakuan.",
            "No unit is never treated.",
            ('Gunakan control_group="not_yet".', 'Use control_group="not_yet".'),
        )
    found = group_time(data, chosen, lang)
    cov, df = covariance(found.influence, data.clusters, data.start)
    terms = tuple(
        f"ATT({data.periods[g]},{data.periods[t]})" for g, t in zip(found.cohort, found.period, strict=True)
    )
    table = summaries(data, found.cohort, found.period, found.att, found.influence)
    clusters = None if data.clusters is None else int(data.clusters.max()) + 1
    numbers: dict[str, Any] = {
        "n": int(data.y.size),
        "n_input": len(panel),
        "n_units": len(data.y),
        "n_periods": len(data.periods),
        "n_groups": clusters,
        "n_treated": int((data.start != NEVER).sum()),
        "control_group": chosen,
        "converged": True,
        "errors": "influence function" if clusters is None else "influence function, clustered",
    }
    for name in ("simple", "dynamic", "group", "calendar"):
        row = table[(table["type"] == name) & (table["at"] == "overall")].iloc[0]
        numbers[f"att_{name}"], numbers[f"se_{name}"] = float(row["estimate"]), float(row["std_error"])
    return FitResult(
        spec=spec,
        terms=terms,
        estimate=found.att,
        cov=cov,
        df=None if clusters is None else df,
        numbers=numbers,
        checks=_checks(found, cov, data, numbers),
        tables={"effects": table, "group_time": _group_time_table(found, cov, data)},
        dropped=data.dropped,
    )


def group_time(data: Rollout, control_group: str, lang: str = "id") -> GroupTime:
    """All ATT(g, t) and their influence functions over all units."""
    cohorts, periods, att, influence = [], [], [], []
    N, T = data.y.shape
    for g in data.cohorts:
        for t in range(1, T):
            base = g - 1 if t >= g else t - 1
            controls = data.start == NEVER
            if control_group == "not_yet":
                controls = controls | ((data.start > max(t, base)) & (data.start != g))
            use = (data.start == g) | controls
            if not controls.any():
                continue
            effect, inf = _two_by_two(data, use, g, t, base)
            full = np.zeros(N)
            full[use] = inf * N / int(use.sum())
            cohorts.append(g)
            periods.append(t)
            att.append(effect)
            influence.append(full)
    if not att:
        raise model_error(
            lang,
            "Tidak ada unit pembanding pada waktu mana pun.",
            "There is no comparison unit in any period.",
            ("Perlu unit yang belum atau tidak pernah diberi perlakuan.", "Some units must be untreated."),
        )
    return GroupTime(np.array(cohorts), np.array(periods), np.array(att), np.column_stack(influence))


def _two_by_two(data: Rollout, use: NDArray[np.bool_], g: int, t: int, base: int) -> tuple[float, Array]:
    change = data.y[use, t] - data.y[use, base]
    treated = (data.start[use] == g).astype(np.float64)
    weights = data.weights[use]
    if not data.X.shape[2]:
        return mean_difference(change, treated, weights)
    X = np.column_stack([np.ones(len(change)), data.X[use, min(t, base)]])
    centre, spread = X.mean(axis=0), X.std(axis=0)
    varies = spread > 0
    X[:, varies] = (X[:, varies] - centre[varies]) / spread[varies]
    X = X[:, np.r_[True, varies[1:]]]
    return doubly_robust(change, treated, X, weights)


def _group_time_table(found: GroupTime, cov: Array, data: Rollout) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": [data.periods[g] for g in found.cohort],
            "time": [data.periods[t] for t in found.period],
            "estimate": found.att,
            "std_error": np.sqrt(np.diag(cov)),
            "post": found.period >= found.cohort,
        }
    )


def treated_clusters(data: Rollout) -> dict[int, int]:
    """Clusters (units, without) of each cohort."""
    codes = np.arange(len(data.start)) if data.clusters is None else data.clusters
    return {int(g): len(np.unique(codes[data.start == g])) for g in data.cohorts}


def _checks(found: GroupTime, cov: Array, data: Rollout, numbers: dict[str, Any]) -> tuple[Check, ...]:
    before = found.period < found.cohort
    each = np.arange(len(data.start)) if data.clusters is None else data.clusters
    unbiased, _ = covariance(found.influence, each, data.start)
    checks = pre_trend_checks(
        found.att[before],
        cov[np.ix_(before, before)],
        (found.period - found.cohort)[before].astype(np.float64),
        numbers["att_simple"],
        found.cohort[before],
        treated_clusters(data),
        unbiased[np.ix_(before, before)],
    )
    treated = sum(treated_clusters(data).values())
    few = treated < 6
    checks.append(
        Check(
            "treated_units",
            float(treated),
            6.0,
            "fail" if few else "ok",
            "Unit yang diberi perlakuan terlalu sedikit." if few else "Jumlah unit perlakuan memadai.",
            "Too few treated units." if few else "Enough treated units.",
        )
    )
    return tuple(checks)
