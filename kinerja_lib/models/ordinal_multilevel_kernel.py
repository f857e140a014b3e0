"""Rows in, estimates of a cumulative-link mixed model out: start, search, covariance, original scale."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.cumulative_fit import CumulativeFit
from kinerja_lib.models.ordinal_multilevel_search import Evaluate, Optimum, information, maximise
from kinerja_lib.models.ordinal_multilevel_single import GroupedRows, Value

Array = NDArray[np.float64]

#: first guess of the standard deviation of a random intercept
START = 0.5
#: a fit of more rows starts from the optimum of a sample of its groups, this part of the rows or so many rows
SAMPLED_ROWS = 30_000
SAMPLE_PART = 8
SAMPLE_ROWS = 25_000
#: quadrature nodes that the Laplace approximation is held against
CHECK_NODES = 9
#: rows above which the Hessian comes from one-sided differences (their relative error is about 1e-5 / 2)
ONE_SIDED_ROWS = 5_000


class MixedFit(NamedTuple):
    """The maximum, on the original scale; ``cov`` covers thresholds, slopes, standard deviations.

    ``laplace`` is by what share quadrature would raise the standard deviation; NaN where it is not known.
    """

    theta: Array
    beta: Array
    sigma: Array
    cov: Array
    loglik: float
    decrement: float
    iterations: int
    converged: bool
    regular: bool
    laplace: float


class Likelihood(Protocol):
    """What is maximised: thresholds, slopes, then a standard deviation for each factor."""

    n_levels: int
    n_rows: int

    def value(self, parameters: Array) -> Value:
        """Log-likelihood and gradient."""
        ...


def fit_mixed(
    data: Likelihood, fixed: CumulativeFit, center: Array, scale: Array, n_factors: int
) -> MixedFit:
    """Maximise; ``fixed`` is the fit without random effects, ``center`` and ``scale`` the columns' (p,)."""
    k = data.n_levels - 1
    start = np.concatenate([fixed.theta - center @ fixed.beta, fixed.beta * scale, np.full(n_factors, START)])
    T = back_transformation(k, center, scale, n_factors)
    sizes = np.ones(len(start))
    if isinstance(data, GroupedRows) and data.n_rows > SAMPLED_ROWS:
        small = data.sample(min(SAMPLE_ROWS, data.n_rows // SAMPLE_PART))
        rough = _inverse(information(small.value, start, sizes, central=False))
        found = maximise(small.value, start, rough, k, 1e-4)
        inverse = _inverse(information(small.value, found.parameters, sizes, central=False))
        found = maximise(data.value, found.parameters, inverse * small.n_rows / data.n_rows, k)
    else:
        found = maximise(data.value, start, _inverse(information(data.value, start, sizes, central=False)), k)
    point, value = _snapped(data.value, found, n_factors)
    central = data.n_rows < ONE_SIDED_ROWS
    H = information(data.value, point, sizes, central=central)
    data.value(point)  # leaves the modes of the optimum behind
    cov = np.asarray(np.linalg.pinv(H, hermitian=True), dtype=np.float64)
    natural = T @ point
    m = len(point) - n_factors
    inner = np.flatnonzero((np.arange(len(point)) < m) | (point != 0.0))  # at zero a curvature says nothing
    return MixedFit(
        theta=natural[:k],
        beta=natural[k:m],
        sigma=np.abs(natural[m:]),
        cov=T @ cov @ T.T,
        loglik=value.loglik,
        decrement=found.decrement,
        iterations=found.iterations,
        converged=found.converged,
        regular=bool(np.linalg.eigvalsh(H[np.ix_(inner, inner)])[0] > 0.0),
        laplace=_laplace_error(data, point, cov) if isinstance(data, GroupedRows) else float("nan"),
    )


def _laplace_error(data: GroupedRows, point: Array, inverse: Array) -> float:
    """Newton's step of the standard deviation towards the maximum by quadrature, relative, from a sample."""
    if len(data.nodes) > 1 or point[-1] == 0.0:
        return float("nan")
    small = data.sample(SAMPLE_ROWS)
    missed = small.with_nodes(CHECK_NODES).value(point).gradient - small.value(point).gradient
    return float((inverse @ missed)[-1]) * data.n_rows / small.n_rows / float(point[-1])


def _snapped(evaluate: Evaluate, found: Optimum, n_factors: int) -> tuple[Array, Value]:
    """Standard deviations without their sign, and zero exactly where that loses nothing."""
    point, value = found.parameters.copy(), found.value
    first = len(point) - n_factors
    point[first:] = np.abs(point[first:])
    for j in range(first, len(point)):
        if 0.0 < point[j] < 0.02:
            moved = point.copy()
            moved[j] = 0.0
            new = evaluate(moved)
            if new.loglik >= value.loglik - 1e-7:
                point, value = moved, new
    return point, value


def back_transformation(k: int, center: Array, scale: Array, n_factors: int) -> Array:
    """From standardised columns to the original: theta + (center / scale)' beta, beta / scale."""
    p = len(scale)
    T = np.eye(k + p + n_factors)
    T[:k, k : k + p] = center / scale
    T[k : k + p, k : k + p] = np.diag(1.0 / scale)
    return T


def _inverse(H: Array) -> Array:
    """The inverse, made positive where the start lies far from the maximum."""
    values, vectors = np.linalg.eigh(H)
    floor = 1e-3 * float(np.abs(values).max())
    return np.asarray((vectors / np.maximum(np.abs(values), floor * 1e-3)) @ vectors.T)
