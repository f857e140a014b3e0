"""CR2 where an absorbed effect is not nested in the clusters: people who moved between units.

With x and y in deviations from the means of the effect, the hat matrix is H = QQ' + sum_k 1_k 1_k' / n_k. Levels
inside one cluster drop out (Pustejovsky & Tipton 2018, theorem 2). For a level k that lies in several, with
the columns of its cells 1_kg,

    (I - H)_gg = I + B_g L_g B_g',   B_g = [Q_g, 1_kg ...],   L_g = -diag(1, ..., 1, 1/n_k ...),

so that again only small cross-products by cluster are needed, and the result is that of a design in which every
level is written out as a column.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.clustered import ZERO, Codes, cluster_cross, cluster_sums, satterthwaite_df
from kinerja_lib.models.least_squares import LeastSquares

Array = NDArray[np.float64]

#: most clusters, and most cells of moved levels in one cluster, for which this is done
MOST_CLUSTERS, MOST_CELLS = 2000, 400


class MovedCells:
    """Cells (level, cluster) of the levels that lie in several clusters.

    Attributes
    ----------
    level, cluster, n : ndarray, shape (C,)
        Sorted by cluster; ``level`` is numbered among the moved levels.
    size : ndarray, shape (M,)
        Rows of each moved level.
    """

    def __init__(self, codes: Codes, size: int, effect: Codes, levels: int) -> None:
        first = np.full(levels, -1, dtype=np.int64)
        first[effect] = codes
        spanning = np.zeros(levels, dtype=bool)
        spanning[effect[first[effect] != codes]] = True
        self.rows = np.flatnonzero(spanning[effect])
        number = np.cumsum(spanning) - 1
        own, place = number[effect[self.rows]], codes[self.rows]
        self.size = np.bincount(own, minlength=int(spanning.sum())).astype(np.float64)
        pairs, self.cell = np.unique(place * max(len(self.size), 1) + own, return_inverse=True)
        self.level, self.cluster = pairs % max(len(self.size), 1), pairs // max(len(self.size), 1)
        self.n = np.bincount(self.cell, minlength=len(pairs)).astype(np.float64)
        self.starts = np.searchsorted(self.cluster, np.arange(size + 1))

    @property
    def most(self) -> int:
        """Most cells in one cluster."""
        return int(np.diff(self.starts).max(initial=0))


def cr2_moved(ls: LeastSquares, codes: Codes, size: int, cells: MovedCells) -> tuple[Array, Array]:
    """CR2 covariance and Satterthwaite df of a design in deviations from the effect's means; no weights."""
    Q, e, T = ls.Q, ls.residuals, ls.T
    p = Q.shape[1]
    K, s = cluster_cross(Q, codes, size), cluster_sums(Q * e[:, None], codes, size)
    count = len(cells.n)
    cell_Q = cluster_sums(Q[cells.rows], cells.cell, count) if count else np.zeros((0, p))
    cell_e = np.bincount(cells.cell, e[cells.rows], count)
    meat, d = np.zeros((p, p)), np.empty((size, len(T)))
    z = np.zeros((size, p + len(cells.size), len(T)))
    for g in range(size):
        own = slice(cells.starts[g], cells.starts[g + 1])
        S, n_k = cell_Q[own], cells.size[cells.level[own]]
        gram = np.block([[K[g], S.T], [S, np.diag(cells.n[own])]])
        middle = -np.r_[np.ones(p), 1.0 / n_k]
        change = _change(gram, middle)
        Be = np.r_[s[g], cell_e[own]]
        a = s[g] + gram[:p] @ change @ Be
        meat += np.outer(a, a)
        m = change @ gram[:, :p] @ T.T
        m[:p] += T.T
        found = gram @ m
        d[g] = (m * found).sum(axis=0)
        z[g, :p] = found[:p]
        z[g, p + cells.level[own]] = found[p:] / np.sqrt(n_k)[:, None]
    squares = np.einsum("gik,gik->gk", z, z)
    trace = (d - squares).sum(axis=0)
    product = np.array([((z[:, :, k] @ z[:, :, k].T) ** 2).sum() for k in range(len(T))])
    square = (d * d).sum(axis=0) - 2.0 * (d * squares).sum(axis=0) + product
    return T @ meat @ T.T, satterthwaite_df(trace, square)


def _change(gram: Array, middle: Array) -> Array:
    """C with (I + B L B')^(-1/2) = I + B C B', from B'B and the diagonal L; zero eigenvalues are left out."""
    w, V = np.linalg.eigh(gram)
    keep = w > ZERO * max(float(w[-1]), 1e-300)
    S, inverse = V[:, keep] * np.sqrt(w[keep]), V[:, keep] / np.sqrt(w[keep])
    value, U = np.linalg.eigh(np.eye(S.shape[1]) + S.T @ (middle[:, None] * S))
    f = np.where(value > ZERO, 1.0 / np.sqrt(np.where(value > ZERO, value, 1.0)), 0.0)
    return np.asarray(inverse @ ((U * (f - 1.0)) @ U.T) @ inverse.T)
