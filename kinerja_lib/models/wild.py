"""Wild cluster bootstrap-t with the null imposed (Cameron, Gelbach & Miller 2008), Rademacher signs.

With G <= 12 clusters all 2^G sign vectors are enumerated: the p-value is exact, without simulation noise.
Tie rule: a draw counts when |t*| >= |t| - 1e-10, so the two sign vectors that give back the sample count too.
The interval inverts the test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from kinerja_lib.models.clustered import cluster_cross, cluster_sums
from kinerja_lib.models.least_squares import LeastSquares

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

EXACT_UP_TO = 12
DRAWS = 9_999
SEED = 20_250_101
_TIE = 1e-10


@dataclass(frozen=True, eq=False)
class WildTest:
    """Bootstrap of one coefficient: p-value of zero, interval, draws, and whether they are all there are."""

    p_value: float
    low: float
    high: float
    draws: int
    exact: bool


def sign_vectors(clusters: int, draws: int = DRAWS, seed: int = SEED) -> tuple[Array, bool]:
    """Rademacher signs, shape (B, G): all 2^G where G <= 12, else simulated with the given seed."""
    if clusters <= EXACT_UP_TO:
        numbers = np.arange(2**clusters)[:, None] >> np.arange(clusters)
        return np.asarray((numbers & 1) * 2.0 - 1.0, dtype=np.float64), True
    rng = np.random.default_rng(seed)
    return rng.choice(np.array([-1.0, 1.0]), size=(draws, clusters)), False


class WildBootstrap:
    """All that the bootstrap needs of the data: cross-products by cluster, in coordinates where Q'WQ = I."""

    def __init__(
        self, ls: LeastSquares, codes: Codes, size: int, *, draws: int = DRAWS, seed: int = SEED
    ) -> None:
        Q = ls.Q if ls.weights is None else ls.Q * np.sqrt(ls.weights)[:, None]
        e = ls.residuals if ls.weights is None else ls.residuals * np.sqrt(ls.weights)
        self.ls = ls
        self.signs, self.exact = sign_vectors(size, draws, seed)
        self.K = cluster_cross(Q, codes, size)
        self.Qe = cluster_sums(Q * e[:, None], codes, size)

    def test(self, j: int, level: float = 0.95) -> WildTest:
        """p-value for beta_j = 0 and the interval of all values that are not rejected.

        With a = row j of T (beta_j = a'gamma), the restricted residual under beta_j = b is e + (beta_j - b) h
        with h = Q a / a'a; all draws are linear in b, so that inverting the test costs little.
        """
        a = self.ls.T[j]
        v = a / float(a @ a)
        beta = float(self.ls.beta[j])
        # scores of the restricted residuals by cluster: a part without b, and a part times (beta - b)
        base, slope = self.Qe, self.K @ v
        fixed = self._draw(base, a)
        moving = self._draw(slope, a)
        own = np.sqrt(float(((base @ a) ** 2).sum()))

        def p_value(b: float) -> float:
            d = beta - b
            num = fixed[0] + d * moving[0]
            den = np.sqrt(((fixed[1] + d * moving[1]) ** 2).sum(axis=1))
            with np.errstate(divide="ignore", invalid="ignore"):
                t = np.abs(num / den)
            t = np.where(np.isfinite(t), t, np.inf)
            return float(np.mean(t >= abs(d) / own - _TIE))

        low, high = _invert(p_value, beta, own, 1.0 - level)
        return WildTest(p_value(0.0), low, high, len(self.signs), self.exact)

    def _draw(self, score: Array, a: Array) -> tuple[Array, Array]:
        """For cluster scores s_g: the draw's deviation of beta_j, and its residual scores by cluster."""
        gamma = self.signs @ score
        Ka = self.K @ a
        return gamma @ a, self.signs * (score @ a) - gamma @ Ka.T


def _invert(p_value: object, beta: float, scale: float, alpha: float) -> tuple[float, float]:
    """Ends of the set of values that are not rejected, by bisection outwards from the estimate."""
    assert callable(p_value)
    ends = []
    for sign in (-1.0, 1.0):
        step = 2.0 * scale
        while p_value(beta + sign * step) > alpha and step < 1e6 * scale:
            step *= 2.0
        if step >= 1e6 * scale:
            ends.append(sign * np.inf)
            continue
        root = brentq(lambda d, s=sign: p_value(beta + s * d) - alpha - 1e-12, 0.0, step, xtol=1e-8 * step)
        ends.append(beta + sign * root)
    return float(ends[0]), float(ends[1])
