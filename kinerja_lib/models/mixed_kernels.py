"""Profiled REML and ML criteria of linear mixed models, from cross-products, and their minimum."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from kinerja_lib.models.clustered import Segments

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


class Effects(NamedTuple):
    """Predicted random effects of one factor, shape (size, q), and their conditional standard errors."""

    estimate: Array
    std_error: Array


class Profile(NamedTuple):
    """The optimum: coefficients, their covariance, residual variance, random covariance, deviance.

    ``effects`` are the predicted random effects, a factor each; ``at`` gives the criterion at another relative
    factor than ``best``, and ``free`` is what the residual variance is divided by (n - p for REML).
    """

    gamma: Array
    cov: Array
    sigma2: float
    covariance: Array
    criterion: float
    singular: bool
    converged: bool
    effects: tuple[Effects, ...]
    at: Callable[[Array], Point]
    best: Array
    free: int


class Point(NamedTuple):
    """The profiled criterion at one relative factor: L L' = X'V^-1X, z = L^-1 X'V^-1y."""

    criterion: float
    L: Array
    z: Array
    sigma2: float


def finish(A: Array, b: Array, rest: float, log_det: float, n: int, reml: bool) -> Point:
    """The criterion from X'V^-1X, X'V^-1y, y'V^-1y and log|V|, all relative to sigma2."""
    p = len(b)
    free = n - p if reml else n
    L = linalg.cholesky(A, lower=True)
    z = linalg.solve_triangular(L, b, lower=True)
    sigma2 = max(rest - float(z @ z), 1e-300) / free
    deviance = free * (1.0 + np.log(2.0 * np.pi * sigma2)) + log_det
    if reml:
        deviance += 2.0 * float(np.log(np.diag(L)).sum())
    return Point(float(deviance), L, z, sigma2)


def solution(point: Point) -> tuple[Array, Array]:
    """Coefficients and their covariance."""
    gamma = linalg.solve_triangular(point.L.T, point.z, lower=False)
    cov = linalg.cho_solve((point.L, True), np.eye(len(gamma))) * point.sigma2
    return np.asarray(gamma), np.asarray(cov)


class GroupSums(NamedTuple):
    """Cross-products of one factor: by group Z'Z (G, q, q), Z'X (G, q, p), Z'y (G, q); over all X'X, X'y, y'y."""

    ZZ: Array
    ZX: Array
    Zy: Array
    XX: Array
    Xy: Array
    yy: float
    n: int


def group_sums(
    X: Array, shift: Array, scale: Array, y: Array, slopes: list[int], codes: Codes, size: int, XX: Array
) -> GroupSums:
    """One pass over the rows, with the columns taken as (X - shift) / scale and never copied.

    Random columns are a constant and those columns of ``X`` (as they are) that ``slopes`` names; ``XX`` is the
    cross-product of the scaled columns.
    """
    segments = Segments(codes, size)
    q, p, n = 1 + len(slopes), X.shape[1], len(y)
    ZZ, ZX, Zy = np.empty((size, q, q)), np.empty((size, q, p)), np.empty((size, q))
    Z: list[Array | None] = [None, *(np.ascontiguousarray(X[:, j]) for j in slopes)]
    count = np.bincount(codes, minlength=size).astype(np.float64)
    buffer, Xy = np.empty(n), np.empty(p)

    def total(column: Array, z: Array | None) -> Array:
        return segments.sum(column if z is None else column * z)

    for a, z in enumerate(Z):
        ZZ[:, 0, a] = ZZ[:, a, 0] = count if z is None else segments.sum(z)
        for b in range(max(a, 1), q):
            other = Z[b]
            if z is not None and other is not None:
                ZZ[:, a, b] = ZZ[:, b, a] = segments.sum(z * other)
        Zy[:, a] = total(y, z)
    for j in range(p):
        np.subtract(X[:, j], shift[j], out=buffer)
        Xy[j] = buffer @ y / scale[j]
        for a, z in enumerate(Z):
            ZX[:, a, j] = total(buffer, z) / scale[j]
    return GroupSums(ZZ, ZX, Zy, XX, Xy, float(y @ y), n)


def single_profile(sums: GroupSums, reml: bool) -> Profile:
    """One factor with q correlated random columns, from its statistics by group.

    With Lambda the relative factor, M_g = I + Lambda'Z_g'Z_g Lambda and everything is a sum over groups of
    q x q solves.
    """
    q, p, n = sums.ZZ.shape[1], len(sums.Xy), sums.n
    scale = np.sqrt(np.einsum("gaa->a", sums.ZZ) / n)
    ZZ, ZX, Zy = sums.ZZ / np.outer(scale, scale), sums.ZX / scale[:, None], sums.Zy / scale
    XX, Xy, yy = sums.XX, sums.Xy, sums.yy
    lower = np.tril_indices(q)

    def factor(t: Array) -> Array:
        Lambda = np.zeros((q, q))
        Lambda[lower] = t
        return Lambda

    def at(t: Array) -> Point:
        Lambda = factor(t)
        C = np.linalg.cholesky(np.eye(q) + Lambda.T @ ZZ @ Lambda)
        LX = np.linalg.solve(C, Lambda.T @ ZX)
        Ly = np.linalg.solve(C, (Zy @ Lambda)[:, :, None])[:, :, 0]
        A = XX - np.einsum("gij,gik->jk", LX, LX)
        b = Xy - np.einsum("gij,gi->j", LX, Ly)
        log_det = 2.0 * float(np.log(np.diagonal(C, axis1=1, axis2=2)).sum())
        return finish(A, b, yy - float((Ly**2).sum()), log_det, n, reml)

    def at_one(t: Array) -> Point:
        """The criterion with a single random column, where M_g is a number."""
        ratio = float(t[0]) ** 2
        inner = 1.0 + ratio * ZZ[:, 0, 0]
        d = ratio / inner
        A = XX - (ZX[:, 0] * d[:, None]).T @ ZX[:, 0]
        b = Xy - ZX[:, 0].T @ (d * Zy[:, 0])
        rest = yy - float(d @ (Zy[:, 0] ** 2))
        return finish(A, b, rest, float(np.log(inner).sum()), n, reml)

    def slope_one(theta: float) -> float:
        """Derivative of that criterion by the variance ratio theta^2 (its root is exact to rounding)."""
        point = at_one(np.array([theta]))
        gamma = linalg.solve_triangular(point.L.T, point.z, lower=False)
        inner = 1.0 + theta * theta * ZZ[:, 0, 0]
        left = (Zy[:, 0] - ZX[:, 0] @ gamma) / inner
        slope = float((ZZ[:, 0, 0] / inner).sum()) - float(left @ left) / point.sigma2
        if reml:
            half = linalg.solve_triangular(point.L, (ZX[:, 0] / inner[:, None]).T, lower=True)
            slope -= float((half * half).sum())
        return slope

    if q == 1:
        t, converged = _line(lambda theta: at_one(np.array([theta])).criterion, slope_one)
        best = np.array([t])
    else:
        best, converged = simplex(lambda v: at(v).criterion, np.eye(q)[lower])
    function = at_one if q == 1 else at
    point = function(best)
    gamma, cov = solution(point)
    Lambda = factor(best)
    D = (Lambda @ Lambda.T) * point.sigma2 / np.outer(scale, scale)
    singular = bool((np.abs(np.diag(Lambda)) < 1e-4).any())
    left = Zy - ZX @ gamma
    inverse = np.linalg.inv(np.eye(q) + Lambda.T @ ZZ @ Lambda)
    spread = Lambda @ inverse @ Lambda.T
    effects = Effects(
        np.einsum("gab,gb->ga", spread, left) / scale,
        np.sqrt(np.maximum(np.einsum("gaa->ga", spread), 0.0) * point.sigma2) / scale,
    )
    return Profile(
        gamma, cov, point.sigma2, D, point.criterion, singular, converged,
        (effects,), function, best, n - p if reml else n,
    )  # fmt: skip


def _line(criterion: Callable[[float], float], slope: Callable[[float], float]) -> tuple[float, bool]:
    """Minimum over the ratio of standard deviations >= 0: a grid in logarithms, then the root of the slope."""
    grid = np.linspace(-8.0, 4.0, 13)
    values = [criterion(float(np.exp(t))) for t in grid]
    i = int(np.argmin(values))
    low, high = float(np.exp(grid[max(i - 1, 0)])), float(np.exp(grid[min(i + 1, 12)]))
    if slope(low) >= 0.0 or slope(high) <= 0.0:
        edge = 0.0 if i == 0 else float(np.exp(grid[i]))
        return edge, i == 0
    theta = float(optimize.brentq(slope, low, high, xtol=1e-15, rtol=1e-14))
    if criterion(0.0) <= criterion(theta) + 1e-9:
        return 0.0, True
    return theta, True


def simplex(criterion: Callable[[Array], float], start: Array) -> tuple[Array, bool]:
    """A trust-region search without derivatives, polished by a simplex."""
    rough = optimize.minimize(
        criterion, start, method="COBYQA", options={"final_tr_radius": 1e-6, "initial_tr_radius": 0.5}
    )
    fine = optimize.minimize(
        criterion,
        rough.x,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 60 * len(start)},
    )
    best = fine if fine.fun <= rough.fun else rough
    return np.asarray(best.x), bool(rough.success or fine.success)
