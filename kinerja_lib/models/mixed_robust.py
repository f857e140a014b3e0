"""Cluster-robust errors of a mixed model with one factor: the model's covariance as working model, not as truth.

With V_g = I + Z_g D Z_g' the rows of a group are whitened, x* = V_g^(-1/2) x, and the estimate is least squares on
them; CR2 with Satterthwaite df follows as for least squares, and holds where errors are correlated beyond the
group (employees of a unit, say, with random intercepts of employees; Pustejovsky & Tipton 2018, section 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.clustered import Segments, cluster_cross, cr1, cr2_from_sums, scores
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.mixed_kernels import Profile

Array = NDArray[np.float64]


def whiten(columns: Array, Z: Array, group: Grouping, D: Array) -> Array:
    """V_g^(-1/2) times the rows of each group, shape (n, p); ``D`` (q, q) is relative to the residual variance.

    V^(-1/2) = I - L P diag((1 - (1 + e)^(-1/2)) / e) P'L' with L = Z D^(1/2) and L'L = P diag(e) P'.
    """
    values, vectors = np.linalg.eigh(D)
    L = Z @ (vectors * np.sqrt(np.maximum(values, 0.0)))
    segments = Segments(group.codes, group.size)
    q = L.shape[1]
    gram = np.empty((group.size, q, q))
    for a in range(q):
        for b in range(a, q):
            gram[:, a, b] = gram[:, b, a] = segments.sum(L[:, a] * L[:, b])
    e, P = np.linalg.eigh(gram)
    e = np.maximum(e, 0.0)
    share = np.where(e > 1e-12, (1.0 - 1.0 / np.sqrt(1.0 + e)) / np.where(e > 1e-12, e, 1.0), 0.5)
    middle = (P * share[:, None, :]) @ P.transpose(0, 2, 1)
    out = np.array(columns, dtype=np.float64, order="F")
    for j in range(columns.shape[1]):
        inner = np.column_stack([segments.sum(L[:, a] * columns[:, j]) for a in range(q)])
        weight = np.einsum("gab,gb->ga", middle, inner)[group.codes]
        out[:, j] -= (L * weight).sum(axis=1)
    return out


def robust(
    columns: Array,
    y: Array,
    Z: Array,
    group: Grouping,
    profile: Profile,
    T: Array,
    cluster: Grouping,
    errors: str,
) -> Inference:
    """CR2 (or CR1) of ``T`` gamma, with gamma the coefficients of the (scaled) ``columns``."""
    both = whiten(np.column_stack([columns, y]), Z, group, profile.covariance / profile.sigma2)
    ls = solve(np.asfortranarray(both[:, :-1]), both[:, -1], intercept=False)
    if errors == "CR1":
        cov = cr1(ls, cluster.codes, cluster.size)
        return Inference(T @ cov @ T.T, np.full(len(T), cluster.size - 1.0), "CR1", cluster.size)
    K = cluster_cross(ls.Q, cluster.codes, cluster.size)
    cov, df = cr2_from_sums(K, scores(ls, cluster.codes, cluster.size), T @ ls.T)
    return Inference(cov, df, "CR2", cluster.size)
