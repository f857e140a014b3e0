"""Least squares in orthonormal coordinates: the one solve behind linear, fixed effects, differences and 2SLS.

Columns are centred and scaled before a cross-product is formed, then rotated so that Q'WQ = I. In these
coordinates the estimate is Q'Wy, its iid covariance is sigma2 * I, and every sandwich is a plain sum over
clusters. Q = (X - shift) A is only formed where it is needed: sums over rows are taken in X and rotated
afterwards, block by block, so that a large design is read in the cache and never copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Array = NDArray[np.float64]

#: smallest squared pivot of the correlation matrix at which a Cholesky factor is accurate enough; else QR
_PIVOT = 1e-4
#: above this pivot no refinement of the solution is needed
_SAFE = 1e-2
_BLOCK = 8_192


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A solved weighted least-squares problem.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Coefficients on the original scale.
    X : ndarray, shape (n, p)
        The design.
    shift, A : ndarray, shapes (p,) and (p, p)
        Q = (X - shift) A has Q'WQ = I.
    T : ndarray, shape (p, p)
        beta = T gamma; (X'WX)^-1 = T T'.
    residuals : ndarray, shape (n,)
        y - X beta, unweighted.
    weights : ndarray, shape (n,), or None
    top_leverage : float
        The largest element of the hat matrix' diagonal.
    """

    beta: Array
    X: Array
    shift: Array
    A: Array
    T: Array
    residuals: Array
    weights: Array | None
    top_leverage: float = float("nan")

    @cached_property
    def Q(self) -> Array:
        """Design in coordinates in which Q'WQ = I, shape (n, p)."""
        return (self.X - self.shift) @ self.A

    @property
    def weighted_residuals(self) -> Array:
        """w * e, or e without weights."""
        return self.residuals if self.weights is None else self.weights * self.residuals

    @property
    def rss(self) -> float:
        """Weighted residual sum of squares."""
        return float(self.residuals @ self.weighted_residuals)

    @property
    def inverse(self) -> Array:
        """(X'WX)^-1."""
        return self.T @ self.T.T

    @property
    def leverage(self) -> Array:
        """Diagonal of the hat matrix."""
        out = np.empty(len(self.X))
        for rows in blocks(len(self.X)):
            Q = (self.X[rows] - self.shift) @ self.A
            np.einsum("ij,ij->i", Q, Q, out=out[rows])
        return out if self.weights is None else out * self.weights

    def with_residuals(self, beta: Array, residuals: Array) -> LeastSquares:
        """The same design with another outcome."""
        other = replace(self, beta=beta, residuals=residuals)
        other.__dict__["Q"] = self.Q
        return other


def blocks(n: int, size: int = _BLOCK) -> Iterator[slice]:
    """Slices that cover n rows."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def solve(
    X: Array,
    y: Array,
    weights: Array | None = None,
    intercept: bool = True,
    moments: tuple[Array, Array, Array] | None = None,
) -> LeastSquares:
    """Solve min sum w (y - X beta)^2 for a design of full column rank.

    Parameters
    ----------
    X : ndarray, shape (n, p)
    y : ndarray, shape (n,)
    weights : ndarray, shape (n,), optional
        Positive.
    intercept : bool
        The first column is a constant: the others are centred about their (weighted) means.
    moments : tuple of ndarray, optional
        ``shift``, the centred cross-product, and (X - shift)'(y - mean), where they are known already.

    Returns
    -------
    LeastSquares
        Ill-conditioned designs are rotated by QR instead of a Cholesky factor, and the solution is refined
        once, so that they keep their digits.
    """
    middle = float(np.average(y, weights=weights)) if intercept else 0.0
    e = y - middle
    if moments is None:
        shift = centre(X, weights, intercept)
        cross, moment = cross_products(X, shift, weights, e)
    else:
        shift, cross, moment = moments
    A, pivot = rotation(cross)
    if pivot < _PIVOT:
        A = _rotation_by_qr(X, shift, weights)
    gamma = A.T @ moment
    top = _subtract(e, X, shift, A, gamma, weights)
    if pivot < _SAFE:
        step = A.T @ _moments(X, shift, e, weights)
        _subtract(e, X, shift, A, step, weights)
        gamma = gamma + step
    T = A.copy()
    if intercept:
        T[0] -= shift @ A
    beta = T @ gamma
    if intercept:
        beta[0] += middle
    return LeastSquares(beta, X, shift, A, T, e, weights, top)


def _subtract(e: Array, X: Array, shift: Array, A: Array, gamma: Array, weights: Array | None) -> float:
    """Take Q gamma from e in place; the largest leverage on the way."""
    top = 0.0
    for rows in blocks(len(e)):
        Q = (X[rows] - shift) @ A
        e[rows] -= Q @ gamma
        squares = np.einsum("ij,ij->i", Q, Q)
        top = max(top, float((squares if weights is None else squares * weights[rows]).max()))
    return top


def centre(X: Array, weights: Array | None, intercept: bool) -> Array:
    """What is subtracted from each column: its (weighted) mean, nothing from the constant in front."""
    shift = np.zeros(X.shape[1])
    if intercept:
        inner = X[:, 1:]
        shift[1:] = inner.mean(axis=0) if weights is None else (weights @ inner) / weights.sum()
    return shift


def cross_products(
    X: Array, shift: Array, weights: Array | None = None, e: Array | None = None
) -> tuple[Array, Array]:
    """(X - shift)'W(X - shift), shape (p, p), and (X - shift)'We, shape (p,), zero without e."""
    p = X.shape[1]
    cross, moment = np.zeros((p, p)), np.zeros(p)
    for rows in blocks(len(X)):
        Z = X[rows] - shift
        W = Z if weights is None else Z * weights[rows, None]
        cross += W.T @ Z
        if e is not None:
            moment += W.T @ e[rows]
    return cross, moment


def _moments(X: Array, shift: Array, e: Array, weights: Array | None) -> Array:
    out = np.zeros(X.shape[1])
    for rows in blocks(len(X)):
        out += (X[rows] - shift).T @ (e[rows] if weights is None else weights[rows] * e[rows])
    return out


def _rotation_by_qr(X: Array, shift: Array, weights: Array | None) -> Array:
    Z = X - shift
    scale = np.sqrt(np.einsum("ij,ij->j", Z, Z))
    scale[scale == 0] = 1.0
    Z = Z / scale if weights is None else Z / scale * np.sqrt(weights)[:, None]
    R = np.linalg.qr(Z, mode="r")
    return np.asarray(linalg.solve_triangular(R, np.eye(len(scale)), lower=False) / scale[:, None])


def rotation(cross: Array) -> tuple[Array, float]:
    """A with A'CA = I, and the smallest squared pivot of the correlation matrix (0 if it is singular)."""
    scale = np.sqrt(np.diag(cross))
    scale[scale == 0] = 1.0
    try:
        R = linalg.cholesky(cross / np.outer(scale, scale), lower=False)
    except linalg.LinAlgError:
        return np.zeros_like(cross), 0.0
    A = linalg.solve_triangular(R, np.eye(len(scale)), lower=False) / scale[:, None]
    return np.asarray(A), float(np.diag(R).min()) ** 2
