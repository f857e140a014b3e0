"""Severity of raters from crossed random effects: employee, rater and work unit at once.

Severity is minus the predicted intercept of a rater: positive is stricter than the average rater, on rated
points in the linear model, in log-odds in the cumulative-logit model. Predictions are shrunk towards zero by
their reliability, 1 - se^2 / variance. Whether they may be compared across raters at all is decided by the graph.

Source: Murphy & Cleveland (1995), Understanding Performance Appraisal; Christensen (2019), package ordinal.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.fitting import fit
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.rater_graph import RaterGraph
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec

Codes = NDArray[np.int64]


def usable_factors(ratee: Grouping, rater: Grouping, unit: Grouping | None, n: int) -> tuple[str, ...]:
    """The factors that can be told apart.

    A unit that is the same as its rater is left out, and employees where each has a single row.
    """
    names = [ratee.name] if 1 < ratee.size < n else []
    names.append(rater.name)
    if unit is not None and unit.size > 1:
        pairs = len(np.unique(rater.codes * unit.size + unit.codes))
        if not pairs == rater.size == unit.size:
            names.append(unit.name)
    return tuple(names)


def severity_fits(
    frame: pd.DataFrame,
    outcome: str,
    score: str,
    factors: tuple[str, ...],
    controls: tuple[str, ...],
    lang: str,
) -> dict[str, FitResult]:
    """The linear model of the points and the cumulative-logit model of the levels."""
    linear = ModelSpec(score, controls=controls, kind="multilevel", groups=factors)
    ordered = ModelSpec(outcome, controls=controls, kind="ordinal_multilevel", groups=factors)
    return {"points": fit(frame, linear, lang=lang), "log_odds": fit(frame, ordered, lang=lang)}


def severity_table(fits: dict[str, FitResult], rater: Grouping, graph: RaterGraph) -> pd.DataFrame:
    """One row a rater: component; severity, std_error, reliability in points, and the same in log-odds."""
    table = pd.DataFrame(
        {"rater": [str(label) for label in rater.labels], "component": graph.of_rater.astype(np.int64)}
    )
    for suffix, result in fits.items():
        found = result.random_effects()
        own = found[found["group"] == rater.name].set_index("level").reindex(table["rater"])
        table[f"severity_{suffix}"] = -own["estimate"].to_numpy()
        table[f"std_error_{suffix}"] = own["std_error"].to_numpy()
        table[f"reliability_{suffix}"] = own["reliability"].to_numpy()
    return table
