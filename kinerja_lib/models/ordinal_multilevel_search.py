"""Maximum of a smooth log-likelihood with exact gradients: BFGS on natural parameters, and its Hessian.

Thresholds must stay in order and the variance parameters may have either sign (the likelihood is even in
them), so that a variance of zero is an interior point and is found as such. The Hessian is the difference
of gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.ordinal_multilevel_single import Value

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Value]

_MOST_STEPS = 200
#: relative step of the differences that make the Hessian; the gradients are exact to about 1e-12
_STEP = 1e-4


class Optimum(NamedTuple):
    """Where the search ended; ``decrement`` is twice the gain that the last step promised."""

    parameters: Array
    value: Value
    inverse: Array
    decrement: float
    iterations: int
    converged: bool


def maximise(
    evaluate: Evaluate, start: Array, inverse: Array, n_thresholds: int, tolerance: float = 1e-11
) -> Optimum:
    """BFGS from ``start``, with ``inverse`` (m, m) the inverse of minus the Hessian to begin with."""
    point, value, inverse = start, evaluate(start), inverse.copy()
    for iteration in range(1, _MOST_STEPS + 1):
        direction = inverse @ value.gradient
        decrement = float(value.gradient @ direction)
        if decrement < tolerance:
            return Optimum(point, value, inverse, decrement, iteration, True)
        found = _line(evaluate, point, value, direction, decrement, n_thresholds)
        if found is None:
            return Optimum(point, value, inverse, decrement, iteration, decrement < 1e-6)
        moved, new = found
        step, change = moved - point, value.gradient - new.gradient
        curvature = float(step @ change)
        if curvature > 1e-14 * float(np.linalg.norm(step) * np.linalg.norm(change)):
            product = inverse @ change
            outer = np.outer(step, product)
            ratio = 1.0 + float(change @ product) / curvature
            inverse += (ratio * np.outer(step, step) - outer - outer.T) / curvature
        point, value = moved, new
    return Optimum(point, value, inverse, decrement, iteration, False)


def _line(
    evaluate: Evaluate, point: Array, value: Value, direction: Array, slope: float, k: int
) -> tuple[Array, Value] | None:
    """The first halved step that raises the log-likelihood as it should, thresholds in order."""
    length = min(1.0, 4.0 / max(float(np.abs(direction).max()), 1e-300))
    noise = 1e-12 * abs(value.loglik)
    while length > 1e-10:
        moved = point + length * direction
        if (np.diff(moved[:k]) > 0).all():
            new = evaluate(moved)
            if np.isfinite(new.loglik) and new.loglik >= value.loglik + 1e-4 * length * slope - noise:
                return moved, new
        length *= 0.5
    return None


def information(evaluate: Evaluate, point: Array, scale: Array, *, central: bool = True) -> Array:
    """Minus the Hessian, shape (m, m), from differences of gradients; ``scale`` (m,) is each parameter's size."""
    m = len(point)
    out = np.empty((m, m))
    middle = None if central else evaluate(point).gradient
    for j in range(m):
        h = (_STEP if central else 0.1 * _STEP) * scale[j]
        ahead, behind = point.copy(), point.copy()
        ahead[j] += h
        behind[j] -= h
        if middle is None:
            out[j] = (evaluate(behind).gradient - evaluate(ahead).gradient) / (2.0 * h)
        else:
            out[j] = (middle - evaluate(ahead).gradient) / h
    return np.asarray(0.5 * (out + out.T))
