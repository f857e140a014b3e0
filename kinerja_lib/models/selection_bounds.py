"""Lee's bounds: what an effect can be when a treatment also changes whose outcome is seen.

If the treatment moves nobody out of sight (monotonicity), the surplus of observed outcomes in one arm is
trimmed from its top, and from its bottom; the effect on those seen either way lies between the two. Ties, as
a predikat has many, are trimmed in part, so that exactly the surplus goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

from kinerja_lib.models.design import build_design
from kinerja_lib.models.factors import as_numbers, column
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.weighting import treatment_column
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LeeBounds:
    """Bounds of the effect on those whose outcome is seen either way.

    ``ci_low``, ``ci_high`` is Imbens and Manski's interval for the effect itself; ``trimmed`` the share taken
    from the arm seen more often; ``seen_treated`` and ``seen_untreated`` the shares with an outcome.
    """

    lower: float
    upper: float
    se_lower: float
    se_upper: float
    ci_low: float
    ci_high: float
    trimmed: float
    seen_treated: float
    seen_untreated: float
    n: int


def lee_bounds(
    panel: pd.DataFrame,
    outcome: str,
    treatment: str,
    *,
    by: str | None = None,
    level: float = 0.95,
    lang: str = "id",
) -> LeeBounds:
    """Bounds on a treatment effect under selection.

    Parameters
    ----------
    panel : DataFrame
        One independent row a person; the outcome is NaN where it is not seen.
    outcome : str
        Numbers.
    treatment : str
        0/1 or two categories; as good as random.
    by : str, optional
        A category known for everyone; trimming inside its cells tightens the bounds (Lee 2009, section 3.3).

    Raises
    ------
    ModelError
        No outcome in an arm, or the arm seen more often differs between cells.

    References
    ----------
    Lee (2009), Review of Economic Studies 76:1071-1102 (variance: proposition 3); Imbens & Manski (2004),
    Econometrica 72:1845-1857.
    """
    design = build_design(panel, ModelSpec("-", (treatment,)), outcome="none", lang=lang)
    d = treatment_column(design, ModelSpec("-", (treatment,)), lang)
    y = as_numbers(column(panel, outcome, lang))[design.rows]
    cells = (
        np.zeros(len(y), dtype=np.int64)
        if by is None
        else pd.factorize(column(panel, by, lang).iloc[design.rows], use_na_sentinel=False)[0]
    )
    found = [_cell(y[cells == c], d[cells == c], treatment, lang) for c in range(int(cells.max()) + 1)]
    sides = {cell.flipped for cell in found if cell.trimmed > 0}
    if len(sides) > 1:
        raise model_error(
            lang, f'Arah seleksi berbeda antarkelompok "{by}"; asumsi monotonik tidak berlaku.',
            f'The arm seen more often differs between cells of "{by}"; monotonicity fails.',
            ("Hitung tanpa by.", "Compute without by."),
        )  # fmt: skip
    share = np.array([cell.always for cell in found], dtype=np.float64)
    share /= share.sum()
    low, high = (float(share @ [getattr(c, side) for c in found]) for side in ("lower", "upper"))
    se = [float(np.sqrt((share**2) @ [getattr(c, v) for c in found])) for v in ("var_lower", "var_upper")]
    c = imbens_manski(high - low, max(se), level)
    seen = ~np.isnan(y)
    return LeeBounds(
        low, high, se[0], se[1], low - c * se[0], high + c * se[1],
        float(share @ [cell.trimmed for cell in found]),
        float(seen[d == 1].mean()), float(seen[d == 0].mean()), len(y),
    )  # fmt: skip


def imbens_manski(width: float, se: float, level: float = 0.95) -> float:
    """The multiplier c with Phi(c + width / se) - Phi(-c) = level."""
    if se <= 0:
        return 0.0
    gap = width / se
    return float(brentq(lambda c: stats.norm.cdf(c + gap) - stats.norm.cdf(-c) - level, 0.0, 10.0))


@dataclass(frozen=True)
class _Cell:
    lower: float
    upper: float
    var_lower: float
    var_upper: float
    trimmed: float
    always: float
    flipped: bool


def _cell(y: Array, d: Array, treatment: str, lang: str) -> _Cell:
    one, zero = y[d == 1], y[d == 0]
    more, less = one[~np.isnan(one)], zero[~np.isnan(zero)]
    if min(len(more), len(less)) < 2:
        raise model_error(
            lang, f'Salah satu kelompok "{treatment}" mempunyai kurang dari dua keluaran yang teramati.',
            f'An arm of "{treatment}" has fewer than two observed outcomes.',
            ("Perlebar data atau gabungkan kelompok.", "Widen the data, or merge cells."),
        )  # fmt: skip
    rates = len(more) / len(one), len(less) / len(zero)
    flipped = rates[0] < rates[1]
    totals = (len(zero), len(one)) if flipped else (len(one), len(zero))
    if flipped:
        more, less = less, more
    high, low = max(rates), min(rates)
    p = 1 - low / high
    bottom, top = trimmed_mean(more, p), -trimmed_mean(-more, p)
    # variance of the trimming share (Lee 2009, proposition 3), in terms of both arms' own sizes
    var_p = (1 - p) ** 2 * ((1 - high) / (totals[0] * high) + (1 - low) / (totals[1] * low))
    other = float(less.var()) / len(less)
    variances = [_variance(more, p, var_p) + other, _variance(-more, p, var_p) + other]
    ends, center = (bottom, top), float(less.mean())
    if flipped:
        return _Cell(
            center - ends[1], center - ends[0], variances[1], variances[0], p, len(more) * (1 - p), True
        )
    return _Cell(ends[0] - center, ends[1] - center, variances[0], variances[1], p, len(less), False)


def trimmed_mean(y: Array, p: float) -> float:
    """Mean after the largest share ``p`` is taken away, the last value in part.

    Examples
    --------
    >>> trimmed_mean(np.array([1.0, 2.0, 3.0, 4.0]), 0.375)
    1.6
    """
    ordered = np.sort(y)
    keep = np.clip(len(y) * (1 - p) - np.arange(len(y)), 0.0, 1.0)
    return float(ordered @ keep / keep.sum())


def _variance(y: Array, p: float, var_p: float) -> float:
    """Variance of the mean below the (1 - p) quantile."""
    ordered = np.sort(y)
    keep = np.clip(len(y) * (1 - p) - np.arange(len(y)), 0.0, 1.0)
    mean = float(ordered @ keep / keep.sum())
    edge = float(ordered[int(np.flatnonzero(keep > 0)[-1])])
    spread = float(((ordered - mean) ** 2) @ keep / keep.sum())
    n = len(y) * (1 - p)
    return spread / n + (edge - mean) ** 2 * p / n + ((edge - mean) / (1 - p)) ** 2 * var_p
