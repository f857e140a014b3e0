"""One block of rows of one category: what it adds to the log-likelihood, the gradient and the Hessian.

Each function adds to ``gradient`` (m,) and the upper triangle blocks of ``hessian`` (m, m) in place, and
gives the block's log-likelihood. Parameters are ordered thresholds (K - 1), slopes (p).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr

Array = npt.NDArray[np.float64]

_FAR = 300.0  # a linear predictor beyond this is probability 0 or 1 in double precision
_LOG_SQRT_2PI = 0.5 * np.log(2.0 * np.pi)


class Block(NamedTuple):
    """Rows of one category: ``design`` (1 + p, rows) is a row of ones over the standardised columns."""

    category: int
    design: Array
    weights: Array | None

    @property
    def total(self) -> float:
        """Sum of weights."""
        return float(self.design.shape[1] if self.weights is None else self.weights.sum())


def _odds(e: Array, theta: Array) -> Callable[[int], Array]:
    """k -> exp(e - theta_k): one ``exp`` a row serves all thresholds, unless one of them is far out."""
    if np.abs(theta).max() < _FAR:
        exp_e = np.exp(np.clip(e, -_FAR, _FAR))
        return lambda k: exp_e * np.exp(-theta[k])
    return lambda k: np.exp(np.clip(e - theta[k], -2.0 * _FAR, 2.0 * _FAR))


def logit_block(block: Block, theta: Array, beta: Array, gradient: Array, hessian: Array) -> float:
    """Logistic link: one ``exp`` a row, and sums that nothing cancels in (see :mod:`.cumulative`)."""
    k, design, weights = block
    thresholds = len(theta)
    odds = _odds(beta @ design[1:], theta)
    upper, lower = k < thresholds, k > 0
    stack = np.zeros((3, design.shape[1]))  # d/de, f(u), f(l)
    prob: Array | None = None
    if upper:
        above = 1.0 / (1.0 + odds(k))  # F(u)
        stack[0] += above - 1.0
        stack[1] = above * (1.0 - above)
        prob = above
    if lower:
        ratio = odds(k - 1)
        tail = ratio / (1.0 + ratio)  # 1 - F(l), without cancellation
        stack[0] += 1.0 - tail
        stack[2] = tail * (1.0 - tail)
        prob = tail if prob is None else prob * tail
    assert prob is not None
    log_prob = np.log(prob)
    curvature = stack[1] + stack[2]
    if weights is None:
        total, loglik = float(design.shape[1]), float(log_prob.sum())
    else:
        total, loglik = float(weights.sum()), float(weights @ log_prob)
        stack *= weights
        curvature *= weights
    first = stack @ design.T  # (3, 1 + p)
    gradient[thresholds:] += first[0, 1:]
    hessian[thresholds:, thresholds:] -= (design[1:] * curvature) @ design[1:].T
    # first[0, 0] = sum(F(u) + F(l) - 1) over what the category has; split it for the two thresholds
    if upper and lower:
        gap = 1.0 / np.expm1(min(theta[k] - theta[k - 1], 2.0 * _FAR))
        loglik += total * float(np.log(-np.expm1(theta[k - 1] - theta[k])))
        rising = float((1.0 - above).sum() if weights is None else weights @ (1.0 - above))
        gradient[k] += rising + total * gap
        gradient[k - 1] -= rising + first[0, 0] + total * gap
        bend = total * gap * (1.0 + gap)
        hessian[k, k] -= bend
        hessian[k - 1, k - 1] -= bend
        hessian[k, k - 1] += bend
        hessian[k - 1, k] += bend
    elif upper:
        gradient[k] -= first[0, 0]
    else:
        gradient[k - 1] -= first[0, 0]
    if upper:
        hessian[k, k] -= first[1, 0]
        hessian[k, thresholds:] += first[1, 1:]
    if lower:
        hessian[k - 1, k - 1] -= first[2, 0]
        hessian[k - 1, thresholds:] += first[2, 1:]
    return loglik


def probit_block(block: Block, theta: Array, beta: Array, gradient: Array, hessian: Array) -> float:
    """Normal link, in logarithms so that the tails keep their digits."""
    k, design, weights = block
    split = len(theta)
    e = np.clip(beta @ design[1:], -_FAR, _FAR)
    log_prob, up, low, huu, hll, hul = probit_derivatives(
        theta[k] - e if k < split else None, theta[k - 1] - e if k > 0 else None
    )
    parts = np.stack([low - up, -(huu + hul), -(hll + hul), up, low, huu, hll, hul])
    curvature = huu + hll + 2.0 * hul
    if weights is not None:
        parts *= weights
        curvature = curvature * weights
        log_prob = log_prob * weights
    first = parts[:3] @ design.T
    plain = parts[3:].sum(axis=1)
    gradient[split:] += first[0, 1:]
    hessian[split:, split:] += (design[1:] * curvature) @ design[1:].T
    if k < split:
        gradient[k] += plain[0]
        hessian[k, k] += plain[2]
        hessian[k, split:] += first[1, 1:]
    if k > 0:
        gradient[k - 1] -= plain[1]
        hessian[k - 1, k - 1] += plain[3]
        hessian[k - 1, split:] += first[2, 1:]
    if 0 < k < split:
        hessian[k, k - 1] += plain[4]
        hessian[k - 1, k] += plain[4]
    return float(log_prob.sum())


def probit_derivatives(
    upper: Array | None, lower: Array | None
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """log P, phi(u)/P, phi(l)/P and the second derivatives of log P by u, by l and by both (each (n,)).

    ``None`` stands for plus infinity (upper) or minus infinity (lower).
    """
    if upper is None or lower is None:
        edge = upper if lower is None else lower
        assert edge is not None
        log_prob = log_ndtr(edge if lower is None else -edge)
        ratio = np.exp(-0.5 * edge * edge - _LOG_SQRT_2PI - log_prob)
        zero = np.zeros_like(ratio)
        if lower is None:
            return log_prob, ratio, zero, -ratio * (edge + ratio), zero, zero
        return log_prob, zero, ratio, zero, ratio * (edge - ratio), zero
    right = lower > 0  # work in the left tail, where differences are exact
    big = log_ndtr(np.where(right, -lower, upper))
    small = log_ndtr(np.where(right, -upper, lower))
    log_prob = big + np.log(-np.expm1(np.minimum(small - big, -1e-300)))
    up = np.exp(-0.5 * upper * upper - _LOG_SQRT_2PI - log_prob)
    low = np.exp(-0.5 * lower * lower - _LOG_SQRT_2PI - log_prob)
    return log_prob, up, low, -up * (upper + up), low * (lower - low), up * low
