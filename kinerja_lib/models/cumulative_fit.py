"""Newton's method for the cumulative-link model, and the check whether a maximum exists at all.

The log-likelihood is concave, so Newton with step halving finds the one maximum, where there is one. Where
the columns separate the categories the estimate runs off to infinity; :func:`separating_direction` finds the
direction in which it does so (Albert and Anderson 1984, Biometrika 71:1-10).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from kinerja_lib.models.cumulative import CategoryBlocks, CumulativeSums, Link

Array = npt.NDArray[np.float64]
Evaluate = Callable[[Array, Array], CumulativeSums]

_MAX_ITERATIONS = 60
#: farthest look along a flat direction: the links clip linear predictors beyond 300
_FARTHEST = 100.0
#: a fit of more rows than this starts from the optimum of a sample, one row in ``_THIN``
_WARM, _THIN = 40_000, 12
#: standard error of a slope for one standard deviation above which a sample's optimum is no start: the
#: likelihood may be flat there, because the sample separates what the whole does not
VAGUE = 0.5


class CumulativeFit(NamedTuple):
    """The maximum, on the original scale of the columns.

    ``covariance`` (m, m) is the inverse of the observed information, thresholds first; ``gradient`` is the
    largest absolute gradient (standardised columns) and ``separation`` the direction (m,) of an infinite
    estimate, or None.
    """

    theta: Array
    beta: Array
    covariance: Array
    loglik: float
    loglik_null: float
    gradient: float
    iterations: int
    converged: bool
    separation: Array | None

    @property
    def parameters(self) -> Array:
        """Thresholds, then slopes."""
        return np.concatenate([self.theta, self.beta])


def fit_blocks(data: CategoryBlocks, link: Link = "logit") -> CumulativeFit:
    """Fit rows held in memory; every category must have rows. A large fit starts from a sample's optimum."""
    start = None
    if data.rows > _WARM:
        small = data.sample(min(data.rows // _THIN, 40_000))
        if (small.counts > 0).all():
            theta, beta, sums, *_ = _newton(
                lambda t, b: small.sums(t, b, link), *_null(small.counts, len(data.scale), link), 1e-6
            )
            vague = np.sqrt(np.abs(np.diag(_inverse(-sums.hessian)))).max(initial=0.0)
            start = (theta, beta) if vague < VAGUE else None
    return fit_sums(
        lambda t, b: data.sums(t, b, link),
        data.counts,
        data.center,
        data.scale,
        link,
        rows=data.rows,
        start=start,
    )


def fit_sums(
    evaluate: Evaluate,
    counts: Array,
    center: Array,
    scale: Array,
    link: Link = "logit",
    *,
    rows: int = 0,
    start: tuple[Array, Array] | None = None,
) -> CumulativeFit:
    """Fit from any source of sums (chunks of a file, processes, Dask workers).

    Parameters
    ----------
    evaluate : callable
        ``evaluate(theta, beta)`` gives the :class:`CumulativeSums` of all rows on the standardised scale.
    counts : array (K,)
        Sum of weights of each category, all positive.
    center, scale : array (p,)
        What the columns were standardised with; the results are put back to the original scale.
    """
    theta, beta = start if start is not None else _null(counts, len(scale), link)
    tolerance = 1e-14 if rows < 100_000 else 1e-10
    theta, beta, sums, iterations, converged, travel = _newton(evaluate, theta, beta, tolerance)
    information = -sums.hessian
    direction = separating_direction(evaluate, theta, beta, sums, travel)
    k = len(theta)
    back = np.eye(len(information))
    back[:k, k:] = center / scale
    back[k:, k:] = np.diag(1.0 / scale)
    parameters = back @ np.concatenate([theta, beta])
    covariance = back @ _inverse(information) @ back.T
    share = counts / counts.sum()
    return CumulativeFit(
        theta=parameters[:k],
        beta=parameters[k:],
        covariance=covariance,
        loglik=sums.loglik,
        loglik_null=float(counts @ np.log(share)),
        gradient=float(np.abs(sums.gradient).max()),
        iterations=iterations,
        converged=converged and direction is None,
        separation=direction,
    )


def separating_direction(
    evaluate: Evaluate, theta: Array, beta: Array, sums: CumulativeSums, travel: Array | None = None
) -> Array | None:
    """The direction (m,) along which the likelihood never falls, or None where the maximum is finite.

    Along any direction a proper maximum loses 4.5 of log-likelihood at three standard errors; an infinite
    estimate loses nothing on one side, however far one goes. Looked at are the flattest direction and
    ``travel``, the way the last steps went: where several directions are flat, Newton's method still walks
    along one that separates.
    """
    if not len(beta):
        return None
    information = -sums.hessian
    values, vectors = np.linalg.eigh(information)
    if values[0] > 1e-3:
        return None
    k = len(theta)
    tried = [vectors[:, 0]]
    if travel is not None and np.abs(travel).max() > 1e-4:
        tried.append(travel / np.linalg.norm(travel))
    for flat in tried:
        step = min(3.0 / np.sqrt(max(float(flat @ information @ flat), 1e-8)), _FARTHEST)
        for sign in (1.0, -1.0):
            moved = theta + sign * step * flat[:k]
            if (np.diff(moved) <= 0).any():
                continue
            if evaluate(moved, beta + sign * step * flat[k:]).loglik > sums.loglik - 0.5:
                return np.asarray(sign * flat)
    return None


def _null(counts: Array, columns: int, link: Link) -> tuple[Array, Array]:
    below = np.cumsum(counts)[:-1] / counts.sum()
    theta = np.log(below / (1.0 - below)) if link == "logit" else ndtri(below)
    return theta, np.zeros(columns)


def _newton(
    evaluate: Evaluate, theta: Array, beta: Array, tolerance: float
) -> tuple[Array, Array, CumulativeSums, int, bool, Array]:
    """The maximum, its sums, iterations, whether it converged, and the last step that was taken."""
    k = len(theta)
    sums = evaluate(theta, beta)
    travel = np.zeros(k + len(beta))
    for iteration in range(1, _MAX_ITERATIONS + 1):
        step = _solve(-sums.hessian, sums.gradient)
        decrement = float(sums.gradient @ step)  # twice the gain that the step promises
        if decrement < tolerance:
            # the last, tiny step is taken without another pass: its gain is known
            last = sums._replace(loglik=sums.loglik + 0.5 * decrement)
            return theta + step[:k], beta + step[k:], last, iteration, True, travel
        length = 1.0
        while True:
            moved, slopes = theta + length * step[:k], beta + length * step[k:]
            if (np.diff(moved) > 0).all():
                new = evaluate(moved, slopes)
                if new.loglik >= sums.loglik - 1e-10 * abs(sums.loglik):
                    break
            length /= 2.0
            if length < 1e-8:
                return theta, beta, sums, iteration, False, travel
        theta, beta, sums, travel = moved, slopes, new, length * step
        if max(np.abs(theta).max(), np.abs(beta).max(initial=0.0)) > 60.0:
            break
    return theta, beta, sums, iteration, False, travel


def _solve(a: Array, b: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(a, b), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(a, b, rcond=None)[0], dtype=np.float64)


def _inverse(information: Array) -> Array:
    try:
        return np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(information), dtype=np.float64)
