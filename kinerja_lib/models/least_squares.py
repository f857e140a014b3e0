"""Least squares in orthonormal coordinates: the one solve behind linear, fixed effects, differences and 2SLS.

Columns are centred and scaled before a cross-product is formed, then rotated so that X~'WX~ = I. In these
coordinates the estimate is X~'Wy, its iid covariance is sigma2 * I, and every sandwich is a plain sum over
clusters. ``T`` maps back: beta = T gamma.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Array = NDArray[np.float64]

#: below this many numbers the design is rotated by QR (full accuracy), above by a Cholesky factor
_QR_SIZE = 2_000_000


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A solved weighted least-squares problem.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Coefficients on the original scale.
    Q : ndarray, shape (n, p)
        Design in coordinates in which Q'WQ = I.
    T : ndarray, shape (p, p)
        beta = T gamma; (X'WX)^-1 = T T'.
    residuals : ndarray, shape (n,)
        y - X beta, unweighted.
    weights : ndarray, shape (n,), or None
    """

    beta: Array
    Q: Array
    T: Array
    residuals: Array
    weights: Array | None

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
        squares = np.einsum("ij,ij->i", self.Q, self.Q)
        return squares if self.weights is None else squares * self.weights


def solve(X: Array, y: Array, weights: Array | None = None, intercept: bool = True) -> LeastSquares:
    """Solve min sum w (y - X beta)^2 for a design of full column rank.

    Parameters
    ----------
    X : ndarray, shape (n, p)
    y : ndarray, shape (n,)
    weights : ndarray, shape (n,), optional
        Positive.
    intercept : bool
        The first column is a constant: the others are centred about their (weighted) means.

    Returns
    -------
    LeastSquares
        After one step of iterative refinement, so that ill-conditioned designs keep their digits.
    """
    Q, T = orthonormal(X, weights, intercept)
    centre = float(np.average(y, weights=weights)) if intercept else 0.0
    target = y - centre
    wt = target if weights is None else weights * target
    gamma = Q.T @ wt
    e = target - Q @ gamma
    step = Q.T @ (e if weights is None else weights * e)
    e = e - Q @ step
    beta = T @ (gamma + step)
    if intercept:
        beta[0] += centre
    return LeastSquares(beta, Q, T, e, weights)


def orthonormal(X: Array, weights: Array | None, intercept: bool) -> tuple[Array, Array]:
    """Q and T with X T = Q and Q'WQ = I."""
    n, p = X.shape
    total = float(n) if weights is None else float(weights.sum())
    shift = np.zeros(p)
    if intercept:
        shift[1:] = X[:, 1:].mean(axis=0) if weights is None else (weights @ X[:, 1:]) / total
    Z = X - shift if intercept else X.copy(order="F")
    scale = np.sqrt(np.einsum("ij,ij->j", Z, Z) / n)
    scale[scale == 0] = 1.0
    Z /= scale
    base = np.diag(1.0 / scale)
    if intercept:
        base[0, 1:] = -shift[1:] / scale[1:]
    if Z.size <= _QR_SIZE:
        root = None if weights is None else np.sqrt(weights)[:, None]
        R = np.linalg.qr(Z if root is None else Z * root, mode="r")
    else:
        R = linalg.cholesky(Z.T @ (Z if weights is None else Z * weights[:, None]), lower=False)
    inverse = linalg.solve_triangular(R, np.eye(p), lower=False)
    return Z @ inverse, base @ inverse
