"""Average marginal effects of ordered mixed models: averaged over the rows and over the random effects.

A reader asks what happens to the share of people at each level, not what happens in the unit whose intercept
is zero. So F is replaced by its average over the intercepts, E F(t + S z) with z standard normal and S^2 the
sum of the variances: exactly Phi(t / sqrt(1 + S^2)) for probit, Gauss-Hermite quadrature for logit. The
delta method includes the variances.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from kinerja_lib.models.factors import Level
from kinerja_lib.models.ordinal_effects import Curve, EffectSums, effect_sums, effects_table, probit_curve

Array = NDArray[np.float64]

#: rows that the average is taken over, and its derivative by the variance: beyond these an even sample
MOST_ROWS = 50_000
DERIVATIVE_ROWS = 4_000
_NODES = 12


def averaged_curve(link: str, spread: float) -> Curve:
    """F, f and f' averaged over a normal shift with standard deviation ``spread``."""
    if link == "probit":
        scale = 1.0 / np.sqrt(1.0 + spread * spread)

        def probit(u: Array) -> tuple[Array, Array, Array]:
            F, f, df = probit_curve(u * scale)
            return F, f * scale, df * scale * scale

        return probit
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES if spread > 0 else 1)
    weights = weights / weights.sum()

    def logit(u: Array) -> tuple[Array, Array, Array]:
        F, f, df = np.zeros_like(u), np.zeros_like(u), np.zeros_like(u)
        for node, weight in zip(nodes, weights, strict=True):
            own = expit(u + spread * node)
            slope = own * (1.0 - own)
            F += weight * own
            f += weight * slope
            df += weight * slope * (1.0 - 2.0 * own)
        return F, f, df

    return logit


def mixed_effects(
    theta: Array,
    beta: Array,
    sigma: Array,
    cov: Array,
    X: Array,
    weights: Array | None,
    names: tuple[str, ...],
    levels: tuple[Level, ...],
    link: str,
    df: Array,
) -> pd.DataFrame:
    """Average marginal effects; ``cov`` covers thresholds, slopes and the standard deviations ``sigma`` (F,).

    An effect has the degrees of freedom of its own column, ``df`` (p,).
    """
    step = max(1, len(X) // MOST_ROWS)
    X = np.ascontiguousarray(X[::step])
    weights = None if weights is None else weights[::step]
    spread = float(np.sqrt(sigma @ sigma))

    def at(value: float, every: int = 1) -> EffectSums:
        w = None if weights is None else weights[::every]
        return effect_sums(theta, beta, X[::every], w, names, averaged_curve(link, value))

    middle = at(spread)
    by_spread = np.zeros_like(middle.values)
    m = len(theta) + len(beta)
    J = np.zeros((m + 1, m + len(sigma)))
    J[:m, :m] = np.eye(m)
    if spread > 0:
        h = 1e-4 * max(spread, 0.1)
        every = max(1, len(X) // DERIVATIVE_ROWS)
        high, low = at(spread + h, every), at(spread - h, every)
        by_spread = (high.values - low.values) / (2.0 * h) * (middle.weight / high.weight)
        J[m, m:] = sigma / spread
    gradient = np.concatenate([middle.gradient, by_spread[:, :, None]], axis=2)
    sums = EffectSums(middle.values, gradient, middle.weight)
    own = np.repeat([d for d, name in zip(df, names, strict=True) if ":" not in name], 2 * len(levels) - 1)
    return effects_table(beta, J @ cov @ J.T, names, levels, sums, lambda contrasts: own)
