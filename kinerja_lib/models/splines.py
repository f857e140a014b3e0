"""Bases of dose-response curves: restricted cubic and linear splines, and where their knots go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: quantiles of the knots by their number (Harrell 2015, Regression Modeling Strategies, table 2.3)
KNOT_QUANTILES = {3: (0.1, 0.5, 0.9), 4: (0.05, 0.35, 0.65, 0.95), 5: (0.05, 0.275, 0.5, 0.725, 0.95)}


def restricted_cubic(x: ArrayLike, knots: Sequence[float]) -> Array:
    """Non-linear columns of a cubic spline that is linear beyond its outer knots, shape (n, k - 2).

    The dose itself is the linear column. Scaled by (t_k - t_1)^2, so that all columns have the dose's unit.

    References
    ----------
    Stone & Koo (1985); Harrell (2015), p. 24-25.
    """
    values = np.asarray(x, dtype=np.float64)
    t = np.asarray(knots, dtype=np.float64)
    last, before = t[-1], t[-2]
    columns = []
    for knot in t[:-2]:
        part = _cube(values - knot)
        part = part - _cube(values - before) * (last - knot) / (last - before)
        part = part + _cube(values - last) * (before - knot) / (last - before)
        columns.append(part / (last - t[0]) ** 2)
    return np.column_stack(columns)


def _cube(x: Array) -> Array:
    return np.asarray(np.maximum(x, 0.0) ** 3)


def knots_of(x: ArrayLike, number: int = 4, lang: str = "id") -> tuple[float, ...]:
    """Knots at Harrell's quantiles of the positive doses: at zero hours there is no curve to bend.

    Raises
    ------
    ModelError
        Too few different doses for three knots.
    """
    values = np.asarray(x, dtype=np.float64)
    positive = values[np.isfinite(values) & (values > 0)]
    for count in range(min(max(number, 3), 5), 2, -1):
        if len(positive):
            knots = tuple(float(q) for q in np.quantile(positive, KNOT_QUANTILES[count]))
            if np.diff(knots).min() > 1e-9 * (knots[-1] or 1.0):
                return knots
    raise model_error(
        lang, "Dosisnya terlalu sedikit yang berbeda untuk kurva.", "Too few different doses for a curve.",
        ("Gunakan kategori atau satu kemiringan saja.", "Use categories, or a single slope."),
    )  # fmt: skip
