"""Degrees of freedom of an ordered mixed model: between and within groups.

A column that is the same for all rows of a group is judged by the number of groups, one that varies inside by the
number of rows. With g groups and q columns of the first kind, thresholds and such columns have g - 1 - q degrees
of freedom, the others n less all levels and columns. With several factors the smallest applies.

Source: Schluchter & Elashoff (1990), J. Statistical Computation and Simulation 37:69. Sizes are in
docs/decisions/0010-ordered-mixed-models.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.design import Design
from kinerja_lib.models.grouping import Grouping

Array = NDArray[np.float64]

#: rows that decide that a column varies inside groups, before all rows are looked at
_GLIMPSE = 2_000


def degrees_of_freedom(design: Design, n_thresholds: int) -> Array:
    """Of thresholds, then columns, shape (K - 1 + p,); at least 1."""
    p = len(design.names)
    within = max(design.n - sum(group.size for group in design.groups.values()) - p, 1)
    df = np.full(p, float(within))
    lowest = float(within)
    for group in design.groups.values():
        fixed = np.array([constant_within(design.X[:, j], group) for j in range(p)], dtype=bool)
        own = float(max(group.size - 1 - int(fixed.sum()), 1))
        df[fixed] = np.minimum(df[fixed], own)
        lowest = min(lowest, own)
    return np.concatenate([np.full(n_thresholds, lowest), df])


def constant_within(x: Array, group: Grouping) -> bool:
    """Whether a column has one value in each group."""
    first = np.empty(group.size, dtype=np.int64)
    first[group.codes[::-1]] = np.arange(len(x) - 1, -1, -1)
    glimpse = slice(0, _GLIMPSE)
    if not np.array_equal(x[glimpse], x[first[group.codes[glimpse]]]):
        return False
    return bool(np.array_equal(x, x[first[group.codes]]))
