"""Change in units with a programme beside change in units without: a difference in differences of unit means.

A unit is one observation, whatever the number of its people, so the error is that between units (the clusters
themselves), with Welch's interval for two groups of unequal spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kinerja_lib.models.wording import model_error

LEAST = 2  # units a group, without which it has no variance


@dataclass(frozen=True)
class ChangeDifference:
    """``estimate`` is the mean change with minus the mean change without the programme.

    ``n_with`` and ``n_without`` are units; ``standardised`` is the estimate over the pooled standard deviation of
    the changes (NaN where they do not vary).
    """

    estimate: float
    std_error: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float
    mean_with: float
    mean_without: float
    n_with: int
    n_without: int
    standardised: float


def difference_of_changes(
    changed_with: ArrayLike, changed_without: ArrayLike, *, level: float = 0.95, lang: str = "id"
) -> ChangeDifference:
    """Compare the changes of two groups of units.

    Parameters
    ----------
    changed_with, changed_without : (units,)
        After minus before, one a unit; missing ones are left out.
    level : float
        Coverage of the interval.

    Raises
    ------
    ModelError
        Fewer than two units in a group, or no variation at all.

    References
    ----------
    Welch (1947), Biometrika 34:28: se^2 = s1^2/n1 + s2^2/n2 with
    df = se^4 / (s1^4/(n1^2 (n1-1)) + s2^4/(n2^2 (n2-1))). Two periods and no controls: the regression of Bertrand,
    Duflo & Mullainathan (2004), Quarterly Journal of Economics 119:249, on time-averaged units.

    Examples
    --------
    >>> found = difference_of_changes([2, 4, 6], [1, 1, 4])
    >>> found.estimate, round(found.std_error, 4), round(found.df, 3)
    (2.0, 1.5275, 3.92)
    """
    groups = [np.asarray(values, dtype=np.float64) for values in (changed_with, changed_without)]
    groups = [values[np.isfinite(values)] for values in groups]
    sizes = [len(values) for values in groups]
    if min(sizes) < LEAST:
        raise model_error(
            lang, f"Perubahan tidak dapat dibandingkan: {sizes[0]} unit dengan dan {sizes[1]} unit tanpa program.",
            f"The changes can't be compared: {sizes[0]} units with and {sizes[1]} without the programme.",
            ("Perlu paling sedikit dua unit dalam setiap kelompok.", "Each group needs at least two units."),
        )  # fmt: skip
    parts = [float(values.var(ddof=1)) / len(values) for values in groups]
    error = math.sqrt(sum(parts))
    if error == 0:
        raise model_error(
            lang, "Perubahan sama di semua unit; ragamnya nol.", "All units changed alike; there is no variance.",
            ("Periksa nilai perubahan per unit.", "Check the changes of the units."),
        )  # fmt: skip
    df = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, sizes, strict=True))
    means = [float(values.mean()) for values in groups]
    estimate = means[0] - means[1]
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    spread = math.sqrt(
        sum(part * n * (n - 1) for part, n in zip(parts, sizes, strict=True)) / (sum(sizes) - 2)
    )
    return ChangeDifference(
        estimate, error, df, estimate - half, estimate + half,
        float(2 * stats.t.sf(abs(estimate) / error, df)), means[0], means[1], sizes[0], sizes[1], estimate / spread,
    )  # fmt: skip
