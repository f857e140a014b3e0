"""Mediation 2-1-1: a property of the unit, a person's experience of it, the person's outcome.

A unit's property can only act between units, so the path from mediator to outcome is split: b_between belongs to
the unit means of the mediator, b_within to people inside units. The indirect effect is a * b_between. Its
distribution is skewed, so its interval comes from draws of the two coefficients (Monte Carlo). The order of
cause is assumed, not shown: the design tag of such a result is a cross-section.

Sources: Zhang, Zyphur & Preacher (2009), Organizational Research Methods 12:695; Preacher & Selig (2012),
Communication Methods and Measures 6:77.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.factors import as_numbers, column, is_categorical, text_in_numbers
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mediation:
    """Paths and the indirect effect.

    Attributes
    ----------
    table : DataFrame
        path (``a``, ``b_between``, ``b_within``, ``direct``, ``indirect``, ``total``), estimate, std_error, ci_low,
        ci_high. Indirect and total by draws, the others by the model's own t.
    fits : dict of str to FitResult
        ``mediator`` and ``outcome``: linear models with a random intercept for the unit.
    """

    table: pd.DataFrame
    fits: dict[str, FitResult]


def mediation_2_1_1(
    frame: pd.DataFrame,
    exposure: str,
    mediator: str,
    outcome: str,
    unit: str,
    *,
    controls: tuple[str, ...] = (),
    draws: int = 20_000,
    seed: int = 0,
    level: float = 0.95,
    lang: str = "id",
) -> Mediation:
    """Indirect effect of a unit's ``exposure`` on ``outcome`` through people's ``mediator``.

    Parameters
    ----------
    frame : DataFrame
        One row a person; ``exposure`` is the same for all people of a unit, mediator and outcome are numbers.
    draws, seed
        Of the Monte Carlo interval.

    Raises
    ------
    ModelError
        A column is missing, holds text, or does not vary.
    """
    own = frame[list(dict.fromkeys((exposure, mediator, outcome, unit, *controls)))].dropna().copy()
    for name in (exposure, mediator, outcome):
        series = column(own, name, lang)
        if is_categorical(series, name, lang):
            raise text_in_numbers(name, lang)
        own[name] = as_numbers(series)
    own["rata_unit"] = own.groupby(unit, observed=True)[mediator].transform("mean")
    own["selisih"] = own[mediator] - own["rata_unit"]
    first = fit(own, ModelSpec(mediator, (exposure,), controls, kind="multilevel", groups=(unit,)), lang=lang)
    second_spec = ModelSpec(
        outcome, (exposure, "rata_unit", "selisih"), controls, kind="multilevel", groups=(unit,)
    )
    second = fit(own, second_spec, lang=lang)
    paths = {
        "a": _path(first, exposure, level),
        "b_between": _path(second, "rata_unit", level),
        "b_within": _path(second, "selisih", level),
        "direct": _path(second, exposure, level),
    }
    rng = np.random.default_rng(seed)
    a = rng.normal(paths["a"]["estimate"], paths["a"]["std_error"], draws)
    places = [second.terms.index("rata_unit"), second.terms.index(exposure)]
    cov = second.cov[np.ix_(places, places)]
    b, direct = rng.multivariate_normal(second.estimate[places], cov, draws).T
    indirect = paths["a"]["estimate"] * paths["b_between"]["estimate"]
    paths["indirect"] = _drawn(indirect, a * b, level)
    paths["total"] = _drawn(indirect + paths["direct"]["estimate"], a * b + direct, level)
    table = pd.DataFrame([{"path": name, **row} for name, row in paths.items()])
    return Mediation(table, {"mediator": first, "outcome": second})


def _path(result: FitResult, term: str, level: float) -> dict[str, float]:
    row = result.tidy(level).set_index("term").loc[term]
    return {k: float(row[k]) for k in ("estimate", "std_error", "ci_low", "ci_high")}


def _drawn(estimate: float, values: Array, level: float) -> dict[str, float]:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(values, [tail, 1.0 - tail])
    return {
        "estimate": estimate,
        "std_error": float(values.std(ddof=1)),
        "ci_low": float(low),
        "ci_high": float(high),
    }
