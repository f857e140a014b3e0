"""Degrees of freedom of a mixed model's coefficients, by Satterthwaite's method as ``lmerTest`` has it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from kinerja_lib.models.mixed_kernels import Point, Profile

Array = NDArray[np.float64]


def satterthwaite(profile: Profile, contrasts: Array) -> Array:
    """Degrees of freedom of each row of ``contrasts`` (c, p) times gamma, shape (c,).

    2 v^2 / (g'A g), with v the contrast's variance as a function of the variance parameters, g its gradient and
    A their asymptotic covariance from the deviance with sigma not profiled out (Kuznetsova, Brockhoff &
    Christensen 2017, J. Statistical Software 82:13). A parameter at its bound of zero is taken as known.
    """
    moving = np.flatnonzero(np.abs(profile.best) > 1e-4)
    free, sigma2, k = profile.free, profile.sigma2, len(moving)

    def variance(point: Point) -> Array:
        half = linalg.solve_triangular(point.L, contrasts.T, lower=True)
        return np.asarray((half * half).sum(axis=0) * sigma2)

    def look(step: Array) -> tuple[float, float, Array]:
        """log-determinants, residual sum of squares, variances at a displaced relative factor."""
        t = profile.best.copy()
        t[moving] += step
        point = profile.at(t)
        determinant = point.criterion - free * (1.0 + np.log(2.0 * np.pi * point.sigma2))
        return determinant, point.sigma2 * free, variance(point)

    h = 0.004 * np.maximum(np.abs(profile.best[moving]), 0.05)
    middle = look(np.zeros(k))
    H, g = np.zeros((k + 1, k + 1)), np.zeros((k + 1, len(contrasts)))
    H[k, k] = 4.0 * free
    g[k] = 2.0 * middle[2]
    steps = np.diag(h)

    def deviance(seen: tuple[float, float, Array]) -> float:
        return seen[0] + seen[1] / sigma2

    for i in range(k):
        up, down = look(steps[i]), look(-steps[i])
        H[i, i] = (deviance(up) - 2.0 * deviance(middle) + deviance(down)) / h[i] ** 2
        H[i, k] = H[k, i] = -2.0 / sigma2 * (up[1] - down[1]) / (2.0 * h[i])
        g[i] = (up[2] - down[2]) / (2.0 * h[i])
        for j in range(i):
            corners = [deviance(look(a * steps[i] + b * steps[j])) for a in (1, -1) for b in (1, -1)]
            H[i, j] = H[j, i] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4.0 * h[i] * h[j])
    values, vectors = np.linalg.eigh(H)
    keep = values > 1e-8 * values[-1]
    A = 2.0 * (vectors[:, keep] / values[keep]) @ vectors[:, keep].T
    spread = np.einsum("ic,ij,jc->c", g, A, g)
    return np.asarray(2.0 * middle[2] ** 2 / np.maximum(spread, 1e-300))
