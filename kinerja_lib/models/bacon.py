"""The comparisons behind a two-way fixed-effects estimate (Goodman-Bacon 2021, J. Econometrics 225:254)."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.rollout import NEVER, Rollout, read_rollout
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]


def goodman_bacon(panel: pd.DataFrame, spec: ModelSpec, lang: str = "id") -> pd.DataFrame:
    """Decompose the two-way fixed-effects estimate of a staggered rollout (without controls).

    Returns
    -------
    DataFrame
        One row a comparison: ``type`` (treated vs never, earlier vs later, later vs earlier, later vs
        always), ``treated``, ``control``, ``estimate``, ``weight``. Weights add up to one; the weighted sum
        of the estimates is the two-way fixed-effects coefficient. Later-vs-earlier rows use treated units
        as controls.
    """
    data = read_rollout(
        panel, spec.replace(exposures=(), controls=(), weights=None), drop_always=False, lang=lang
    )
    T = data.y.shape[1]
    rows = []
    timed = [g for g in data.cohorts if g > 0]
    for g in timed:
        for other, name in ((NEVER, "treated vs never"), (0, "later vs always")):
            if (data.start == other).any():
                rows.append(_against_constant(data, g, other, name, T))
    for k, late in combinations(timed, 2):
        rows += _between(data, k, late, T)
    table = pd.DataFrame(rows, columns=["type", "treated", "control", "estimate", "weight"])
    table["weight"] /= table["weight"].sum()
    return table


def _mean(data: Rollout, cohort: int, periods: NDArray[np.int64]) -> float:
    return float(data.y[data.start == cohort][:, periods].mean())


def _label(data: Rollout, cohort: int) -> str:
    return "never" if cohort == NEVER else "always" if cohort == 0 else str(data.periods[cohort])


def _against_constant(
    data: Rollout, g: int, other: int, name: str, T: int
) -> tuple[str, str, str, float, float]:
    before, after = np.arange(g), np.arange(g, T)
    estimate = (_mean(data, g, after) - _mean(data, g, before)) - (
        _mean(data, other, after) - _mean(data, other, before)
    )
    n_g, n_o = int((data.start == g).sum()), int((data.start == other).sum())
    d = (T - g) / T
    return name, _label(data, g), _label(data, other), estimate, n_g * n_o * d * (1 - d)


def _between(data: Rollout, k: int, late: int, T: int) -> list[tuple[str, str, str, float, float]]:
    before, middle, after = np.arange(k), np.arange(k, late), np.arange(late, T)
    n = int((data.start == k).sum()) * int((data.start == late).sum())
    dk, dl = (T - k) / T, (T - late) / T
    first = (_mean(data, k, middle) - _mean(data, k, before)) - (
        _mean(data, late, middle) - _mean(data, late, before)
    )
    second = (_mean(data, late, after) - _mean(data, late, middle)) - (
        _mean(data, k, after) - _mean(data, k, middle)
    )
    names = _label(data, k), _label(data, late)
    return [
        ("earlier vs later", names[0], names[1], first, n * (dk - dl) * (1 - dk)),
        ("later vs earlier", names[1], names[0], second, n * dl * (dk - dl)),
    ]
