"""Newton's method for the conditional logit, led by a sample of the strata where there are many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.conditional_strata import ConditionalData, ConditionalSums

__all__ = ["ConditionalData", "ConditionalFit", "fit_conditional"]

Array = NDArray[np.float64]

#: strata beyond which a sample of them leads the way
_MANY = 40_000
_MOST_STEPS = 50
#: curvature (columns at unit spread) below which a direction is looked at, and how far
_FLAT = 1e-2
_FAR = 30.0


class ConditionalFit(NamedTuple):
    """The maximum: coefficients, information (p, p), log-likelihoods, scores by owner (size, p).

    ``covariance`` is the inverse information; ``separation`` the direction (p,) of an infinite estimate, or None.
    """

    beta: Array
    information: Array
    loglik: float
    loglik_null: float
    scores: Array
    iterations: int
    converged: bool
    covariance: Array
    separation: Array | None


def fit_conditional(data: ConditionalData, spread: Array) -> ConditionalFit:
    """Newton's method with step halving; ``spread`` (p,) are the columns' scales.

    Many strata: the Hessian of a sample steers steps whose gradient is that of all strata, and only the last
    step and the covariance take the Hessian of all.
    """
    scaled = ConditionalData(data.X / spread, data.batches, data.size)
    p = len(spread)
    strata = sum(len(batch.rows) for batch in data.batches)
    beta, steps = np.zeros(p), 0
    null = scaled.sums(beta, hessian=False).loglik
    if strata > _MANY:
        every = strata // (_MANY // 4)
        beta, sample, steps, _ = _newton(scaled, beta, every=every, tolerance=1e-4)
        for _ in range(4):
            gradient = scaled.sums(beta, hessian=False).gradient
            beta = beta + np.linalg.lstsq(-every * sample.hessian, gradient, rcond=1e-12)[0]
            steps += 1
    beta, _, more, converged = _newton(scaled, beta, every=1, tolerance=1e-7)
    final = scaled.sums(beta, scores=True)
    assert final.scores is not None
    inverse = np.asarray(np.linalg.pinv(-final.hessian, hermitian=True), dtype=np.float64)
    return ConditionalFit(
        beta / spread,
        -final.hessian * np.outer(spread, spread),
        final.loglik,
        null,
        final.scores * spread,
        steps + more,
        converged and bool(np.isfinite(final.loglik)),
        inverse / np.outer(spread, spread),
        _separation(scaled, beta, final),
    )


def _separation(data: ConditionalData, beta: Array, final: ConditionalSums) -> Array | None:
    """A flat direction along which the likelihood does not fall: the estimate is infinite (Albert & Anderson 1984).

    A proper maximum falls by about half the curvature times the squared step; beyond an infinite one it rises.
    """
    values, vectors = np.linalg.eigh(-final.hessian)
    for value, flat in zip(values, vectors.T, strict=True):
        if value > _FLAT:
            break
        step = min(3.0 / np.sqrt(max(float(value), 1e-8)), _FAR)
        for sign in (1.0, -1.0):
            found = data.sums(beta + sign * step * flat, hessian=False).loglik
            if found > final.loglik - 0.05 * max(float(value), 1e-8) * step * step:
                return np.asarray(flat)
    return None


def _newton(
    data: ConditionalData, beta: Array, *, every: int, tolerance: float
) -> tuple[Array, ConditionalSums, int, bool]:
    sums = data.sums(beta, every=every)
    for iteration in range(1, _MOST_STEPS + 1):
        step = np.linalg.lstsq(-sums.hessian, sums.gradient, rcond=1e-12)[0]
        if float(sums.gradient @ step) < tolerance:
            return beta + step, sums, iteration, True
        length = min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        while True:
            new = data.sums(beta + length * step, every=every)
            if new.loglik >= sums.loglik - 1e-10 * abs(sums.loglik):
                break
            length *= 0.5
            if length < 1e-8:
                return beta, sums, iteration, False
        beta, sums = beta + length * step, new
        if np.abs(beta).max() > 60.0:
            break
    return beta, sums, iteration, False
