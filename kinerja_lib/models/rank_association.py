"""Do two measures of a few organisations rank them alike? Kendall's tau-b and Spearman's rho, exact where few.

With a dozen agencies a normal approximation says little. Without ties the p-value is exact (Kendall 1938); with ties all
orders of one measure against the other are counted up to eight organisations, above that orders are drawn with a fixed
seed. The interval is Fisher's z with the standard error of Fieller, Hartley & Pearson (1957), Biometrika 44:470.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

EXACT_UP_TO = 8  # with ties: all 40,320 orders
EXACT_WITHOUT_TIES = 100
DRAWS = 9_999
SEED = 20_250_101
LEAST = 5  # organisations: with four no order of all 24 has a two-sided p below 0.05


@dataclass(frozen=True)
class RankAssociation:
    """Agreement of two rankings.

    Attributes
    ----------
    n : int
        Organisations with both measures.
    tau, tau_low, tau_high, rho, rho_low, rho_high : float
        Kendall's tau-b and Spearman's rho with their intervals; below ten organisations the intervals are NaN, because
        the approximation isn't good enough there.
    p_value : float
        Two-sided, of tau-b.
    exact : bool
        All orders were counted; else some were drawn.
    """

    n: int
    tau: float
    tau_low: float
    tau_high: float
    rho: float
    rho_low: float
    rho_high: float
    p_value: float
    exact: bool


def rank_association(
    x: ArrayLike, y: ArrayLike, *, draws: int = DRAWS, seed: int = SEED, level: float = 0.95, lang: str = "id"
) -> RankAssociation:
    """Kendall's tau-b and Spearman's rho of two measures, one pair an organisation.

    Parameters
    ----------
    x, y : array, shape (n,)
        Pairs with a NaN are left out.
    draws : int
        Orders drawn where there are ties among more than ``EXACT_UP_TO`` organisations; the order that was seen
        counts as one of them.

    Raises
    ------
    ModelError
        Fewer than ``LEAST`` organisations, or a measure that is the same in all.
    """
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    n = len(a)
    if n < LEAST or np.ptp(a) == 0 or np.ptp(b) == 0:
        raise model_error(
            lang,
            f"Peringkat {n} organisasi tidak dapat dibandingkan.",
            f"The ranks of {n} organisations can't be compared.",
            (f"Perlu {LEAST} organisasi dan dua ukuran yang bervariasi.",
             f"{LEAST} organisations and two measures that vary are needed."),
        )  # fmt: skip
    first, second = np.triu_indices(n, 1)
    own, other = np.sign(a[first] - a[second]), np.sign(b[first] - b[second])
    tau = float(own @ other) / math.sqrt(float(own @ own) * float(other @ other))
    rho = float(stats.spearmanr(a, b).statistic)
    tied = bool((own == 0).any() or (other == 0).any())
    p, exact = _p_value(a, b, tied, draws, seed)
    tau_low, tau_high = _interval(tau, 0.437 / (n - 4), n, level)
    rho_low, rho_high = _interval(rho, 1.06 / (n - 3), n, level)
    return RankAssociation(n, tau, tau_low, tau_high, rho, rho_low, rho_high, p, exact)


def _p_value(a: Array, b: Array, tied: bool, draws: int, seed: int) -> tuple[float, bool]:
    """Two-sided p of Kendall's count, and whether all orders were counted."""
    n = len(a)
    if not tied and n <= EXACT_WITHOUT_TIES:
        return float(stats.kendalltau(a, b, method="exact").pvalue), True
    exact = n <= EXACT_UP_TO
    if exact:
        orders = b[np.array(list(permutations(range(n))), dtype=np.int64)]
    else:
        orders = np.random.default_rng(seed).permuted(np.tile(b, (draws, 1)), axis=1)
    first, second = np.triu_indices(n, 1)
    own = np.sign(a[first] - a[second])
    seen = abs(float(own @ np.sign(b[first] - b[second])))
    more = 0
    for part in np.array_split(orders, max(1, len(orders) * len(own) // 2_000_000)):
        counts = np.sign(part[:, first] - part[:, second]) @ own
        more += int((np.abs(counts) >= seen - 1e-9).sum())
    return (more / len(orders), True) if exact else ((more + 1) / (draws + 1), False)


def _interval(value: float, variance: float, n: int, level: float) -> tuple[float, float]:
    if n < 10 or abs(value) >= 1:
        return float("nan"), float("nan")
    half = float(stats.norm.ppf(0.5 + level / 2)) * math.sqrt(variance)
    middle = math.atanh(value)
    return math.tanh(middle - half), math.tanh(middle + half)
