"""Covariances that let errors be correlated inside clusters: CR1, CR2 with Satterthwaite df, two-way CR1.

In the orthonormal coordinates of ``least_squares`` the hat matrix is H = QQ' and, with K_j = Q_j'Q_j,

    Q_j' (I - H_jj)^(-1/2) e_j = (I - K_j)^(-1/2) Q_j'e_j,

so that CR2 (Bell & McCaffrey 2002) needs one small eigenproblem a cluster, never an n_j x n_j matrix.
Degrees of freedom by Satterthwaite's method under an identity working model (Pustejovsky & Tipton 2018,
J. Business & Economic Statistics 36:672).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.least_squares import LeastSquares, blocks

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: eigenvalues of I - K_j below this count as zero (a cluster with a column of its own)
ZERO = 1e-10
_BLOCK = 4096


class Segments:
    """Sums by cluster: contiguous clusters are added in one sweep, others through their codes."""

    def __init__(self, codes: Codes, size: int) -> None:
        self.codes, self.size = codes, size
        step = codes[1:] != codes[:-1]
        self.starts = None
        if int(step.sum()) == size - 1 and bool((codes[1:] >= codes[:-1]).all()):
            self.starts = np.r_[0, np.flatnonzero(step) + 1]

    def sum(self, values: Array) -> Array:
        """Shape (size,)."""
        if self.starts is not None:
            return np.add.reduceat(values, self.starts)
        return np.asarray(np.bincount(self.codes, values, self.size), dtype=np.float64)


def cluster_sums(columns: Array, codes: Codes, size: int) -> Array:
    """Column sums by cluster, shape (size, p)."""
    segments = Segments(codes, size)
    return np.column_stack([segments.sum(columns[:, j]) for j in range(columns.shape[1])])


def cluster_cross(A: Array, codes: Codes, size: int) -> Array:
    """A_j'A_j by cluster, shape (size, p, p)."""
    return _cross([np.ascontiguousarray(column) for column in A.T], codes, size)


def _cross(columns: list[Array], codes: Codes, size: int) -> Array:
    segments = Segments(codes, size)
    p = len(columns)
    out = np.empty((size, p, p))
    buffer = np.empty(len(codes))
    for a in range(p):
        for b in range(a, p):
            np.multiply(columns[a], columns[b], out=buffer)
            out[:, a, b] = segments.sum(buffer)
            out[:, b, a] = out[:, a, b]
    return out


def scores(ls: LeastSquares, codes: Codes, size: int) -> Array:
    """Q_j'W_j e_j by cluster, shape (size, p)."""
    e = ls.weighted_residuals
    segments = Segments(codes, size)
    out = np.empty((size, len(ls.shift)))
    buffer = np.empty(len(e))
    for j, shift in enumerate(ls.shift):
        np.subtract(ls.X[:, j], shift, out=buffer)
        np.multiply(buffer, e, out=buffer)
        out[:, j] = segments.sum(buffer)
    return out @ ls.A


def partial_leverage(ls: LeastSquares, j: int, codes: Codes, size: int) -> Array:
    """Share of what identifies coefficient j that lies in each cluster, shape (size,); adds up to one.

    The squared residuals of column j on the others, by cluster (MacKinnon, Nielsen & Webb 2023).
    """
    direction = ls.A @ ls.T[j]
    v = np.empty(len(codes))
    for rows in blocks(len(codes)):
        v[rows] = (ls.X[rows] - ls.shift) @ direction
    shares = Segments(codes, size).sum(v * v if ls.weights is None else v * v * ls.weights)
    return shares / shares.sum()


def cr1(ls: LeastSquares, codes: Codes, size: int, k: int | None = None) -> Array:
    """Covariance with the factor G/(G-1) * (n-1)/(n-k), as Stata, statsmodels and fixest have it.

    Parameters
    ----------
    k : int, optional
        Number of coefficients to charge; columns of the design by default.
    """
    s = scores(ls, codes, size)
    n = len(ls.residuals)
    charge = len(ls.shift) if k is None else k
    factor = size / (size - 1) * (n - 1) / (n - charge)
    return factor * (ls.T @ (s.T @ s) @ ls.T.T)


def cr1_multiway(ls: LeastSquares, groupings: list[tuple[Codes, int]], k: int | None = None) -> Array:
    """Multi-way CR1: inclusion and exclusion over all intersections (Cameron, Gelbach & Miller 2011).

    A matrix that is not positive semidefinite has its negative eigenvalues set to zero.
    """
    total = np.zeros((len(ls.shift),) * 2)
    for many in range(1, len(groupings) + 1):
        for chosen in combinations(groupings, many):
            codes, size = chosen[0]
            for other, _ in chosen[1:]:
                codes, size = intersect(codes, other)
            total += (-1) ** (many + 1) * cr1(ls, codes, size, k)
    return _positive(total)


def _positive(total: Array) -> Array:
    """The matrix with its negative eigenvalues set to zero."""
    values, vectors = np.linalg.eigh(total)
    if values[0] < -1e-12 * max(values[-1], 0.0):
        total = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return total


def intersect(a: Codes, b: Codes) -> tuple[Codes, int]:
    """Codes of the pairs (a, b) that occur."""
    pairs, codes = np.unique(np.column_stack([a, b]), axis=0, return_inverse=True)
    return codes.astype(np.int64).reshape(-1), len(pairs)


def cr2(ls: LeastSquares, codes: Codes, size: int) -> tuple[Array, Array]:
    """CR2 covariance, shape (p, p), and Satterthwaite df of each coefficient, shape (p,)."""
    if ls.weights is None:
        centred = [ls.X[:, j] - shift for j, shift in enumerate(ls.shift)]
        K = ls.A.T @ _cross(centred, codes, size) @ ls.A
        return cr2_from_sums(K, scores(ls, codes, size), ls.T)
    return _cr2_weighted(ls, codes, size)


def cr2_multiway(ls: LeastSquares, groupings: list[tuple[Codes, int]]) -> tuple[Array, Array]:
    """Multi-way CR2: inclusion and exclusion as for CR1, each part with its own correction.

    A coefficient has the fewest Satterthwaite degrees of freedom that one of the groupings gives it.
    """
    total = np.zeros((len(ls.shift),) * 2)
    fewest = np.full(len(ls.shift), np.inf)
    for many in range(1, len(groupings) + 1):
        for chosen in combinations(groupings, many):
            codes, size = chosen[0]
            for other, _ in chosen[1:]:
                codes, size = intersect(codes, other)
            cov, df = cr2(ls, codes, size)
            total += (-1) ** (many + 1) * cov
            if many == 1:
                fewest = np.minimum(fewest, df)
    return _positive(total), fewest


def cr2_from_sums(K: Array, s: Array, T: Array) -> tuple[Array, Array]:
    """CR2 from K_j = Q_j'Q_j (G, p, p) and scores Q_j'e_j (G, p); linear in the number of clusters.

    ``T`` (c, p) holds a coefficient, or any contrast, a row. For a contrast c the df are tr(P)^2 / tr(P^2) with P_ij = 1{i=j} a_j'a_j - u_i'u_j,
    a_j = Q_j (I-K_j)^(-1/2) c and u_j = K_j (I-K_j)^(-1/2) c.
    """
    p, c = T.shape[1], len(T)
    meat, trace_d, square_d, cross_d = np.zeros((p, p)), np.zeros(c), np.zeros(c), np.zeros(c)
    UU = np.zeros((c, p, p))
    for start in range(0, len(K), _BLOCK):
        block = K[start : start + _BLOCK]
        k, U = np.linalg.eigh(block)
        left = 1.0 - k
        f = np.where(left > ZERO, 1.0 / np.sqrt(np.where(left > ZERO, left, 1.0)), 0.0)
        B = (U * f[:, None, :]) @ U.transpose(0, 2, 1)
        adjusted = np.einsum("gij,gj->gi", B, s[start : start + _BLOCK])
        meat += adjusted.T @ adjusted
        C = np.einsum("gij,kj->gik", B, T)
        u = block @ C
        d = np.einsum("gik,gik->gk", C, u)
        trace_d += d.sum(axis=0)
        square_d += (d * d).sum(axis=0)
        cross_d += (d * np.einsum("gik,gik->gk", u, u)).sum(axis=0)
        UU += np.einsum("gik,gjk->kij", u, u)
    trace = trace_d - np.einsum("kii->k", UU)
    square = square_d - 2.0 * cross_d + np.einsum("kij,kij->k", UU, UU)
    return T @ meat @ T.T, satterthwaite_df(trace, square)


def satterthwaite_df(trace: Array, square: Array) -> Array:
    """trace^2 / square; 0 where a coefficient rests on one cluster alone."""
    usable = square > 1e-12 * np.maximum(trace**2, 1e-300)
    return np.where(usable, trace**2 / np.where(usable, square, 1.0), 0.0)


def _cr2_weighted(ls: LeastSquares, codes: Codes, size: int) -> tuple[Array, Array]:
    """CR2 for weights that are not inverse variances: the working model stays the identity.

    (I-H)_j (I-H)_j' = I + B_j L B_j' with B_j = [Q_j, W_j Q_j], so that again only cross-products are needed.
    """
    assert ls.weights is not None
    p = len(ls.shift)
    B = np.hstack([ls.Q, ls.Q * ls.weights[:, None]])
    gram = cluster_cross(B, codes, size)
    Be = cluster_sums(B * ls.residuals[:, None], codes, size)
    N = gram[:, p:, p:].sum(axis=0)
    eye = np.eye(p)
    middle = np.block([[N, -eye], [-eye, np.zeros((p, p))]])
    meat, T = np.zeros((p, p)), ls.T
    d, Z = np.empty((size, p)), np.empty((size, 2 * p, p))
    for j in range(size):
        w, V = np.linalg.eigh(gram[j])
        keep = w > ZERO * max(float(w[-1]), 1e-300)
        S = V[:, keep] * np.sqrt(w[keep])
        inverse = V[:, keep] / np.sqrt(w[keep])
        value, U = np.linalg.eigh(np.eye(S.shape[1]) + S.T @ middle @ S)
        f = np.where(value > ZERO, 1.0 / np.sqrt(np.where(value > ZERO, value, 1.0)), 0.0)
        change = inverse @ ((U * (f - 1.0)) @ U.T) @ inverse.T
        a = Be[j, p:] + gram[j, p:, :] @ change @ Be[j]
        meat += np.outer(a, a)
        # A_j W_j Q_j c = B_j m, with m = (0, c) + change * gram[:, p:] c
        m = np.vstack([np.zeros((p, p)), T.T]) + change @ gram[j][:, p:] @ T.T
        Z[j] = gram[j] @ m
        d[j] = np.einsum("ik,ik->k", m, Z[j])
    ZZ = np.einsum("gik,gjk->kij", Z, Z)
    own = np.einsum("gik,ij,gjk->gk", Z, middle, Z)
    product = np.einsum("ij,kjl->kil", middle, ZZ)
    trace = d.sum(axis=0) + np.einsum("kii->k", product)
    square = (d * d).sum(axis=0) + 2.0 * (d * own).sum(axis=0) + np.einsum("kij,kji->k", product, product)
    return T @ meat @ T.T, satterthwaite_df(trace, square)
