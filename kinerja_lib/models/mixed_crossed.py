"""Crossed and nested random intercepts: the largest factor is eliminated, the rest is one dense Cholesky factor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from kinerja_lib.models.mixed_kernels import Codes, Effects, Point, Profile, finish, simplex, solution

Array = NDArray[np.float64]


def crossed_profile(X: Array, y: Array, factors: list[tuple[Codes, int]], reml: bool) -> Profile:
    """Scalar random intercepts of several factors; the one with most levels is eliminated analytically."""
    order = sorted(range(len(factors)), key=lambda k: -factors[k][1])
    n = len(y)
    one = np.ones(n)
    Zs = [sparse.csr_matrix((one, (np.arange(n), factors[k][0])), shape=(n, factors[k][1])) for k in order]
    first, R = Zs[0], sparse.hstack(Zs[1:]).tocsr()
    W = np.column_stack([X, y])
    n1 = np.asarray(first.sum(axis=0)).ravel()
    C1R, C1W = (first.T @ R).tocsr(), np.asarray(first.T @ W)
    RR, RW, WW = (R.T @ R).toarray(), np.asarray(R.T @ W), W.T @ W
    which = np.repeat(np.arange(len(order) - 1), [factors[k][1] for k in order[1:]])
    m, p = R.shape[1], X.shape[1]

    def at(t: Array) -> Point:
        theta, spread = t[0], np.asarray(t[1:])[which]
        d = theta * theta / (1.0 + theta * theta * n1)
        B = sparse.diags(np.sqrt(d)) @ C1R
        S = (RR - (B.T @ B).toarray()) * spread[:, None] * spread[None, :]
        S[np.diag_indices(m)] += 1.0
        SW = (RW - np.asarray(C1R.T @ (d[:, None] * C1W))) * spread[:, None]
        L = linalg.cholesky(S, lower=True, check_finite=False)
        A = linalg.solve_triangular(L, SW, lower=True, check_finite=False)
        Q = WW - C1W.T @ (d[:, None] * C1W) - A.T @ A
        log_det = float(np.log1p(theta * theta * n1).sum()) + 2.0 * float(np.log(np.diag(L)).sum())
        return finish(Q[:p, :p], Q[:p, p], float(Q[p, p]), log_det, n, reml)

    best, converged = simplex(lambda v: at(v).criterion, np.full(len(order), 0.5))
    best = np.abs(best)
    point = at(best)
    gamma, cov = solution(point)
    variances = np.empty(len(order))
    variances[order] = best**2 * point.sigma2

    theta, spread = best[0], best[1:][which]
    d = theta * theta / (1.0 + theta * theta * n1)
    B = sparse.diags(np.sqrt(d)) @ C1R
    S = (RR - (B.T @ B).toarray()) * spread[:, None] * spread[None, :]
    S[np.diag_indices(m)] += 1.0
    inverse = np.linalg.inv(S) * spread[:, None] * spread[None, :]
    away = np.r_[-gamma, 1.0]
    b = inverse @ (RW @ away - C1R.T @ (d * (C1W @ away)))
    own = d * (C1W @ away - C1R @ b)
    own_spread = d + d * d * np.asarray(C1R.multiply(C1R @ inverse).sum(axis=1)).ravel()
    found: list[Effects | None] = [None] * len(order)
    found[order[0]] = Effects(own[:, None], np.sqrt(own_spread * point.sigma2)[:, None])
    for k, index in enumerate(order[1:]):
        mine = which == k
        se = np.sqrt(np.maximum(np.diag(inverse)[mine], 0.0) * point.sigma2)
        found[index] = Effects(b[mine][:, None], se[:, None])
    return Profile(
        gamma, cov, point.sigma2, np.diag(variances), point.criterion, bool((best < 1e-4).any()), converged,
        tuple(effects for effects in found if effects is not None), at, best, n - p if reml else n,
    )  # fmt: skip
