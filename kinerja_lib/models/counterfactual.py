"""Mean outcomes had everyone, and had no one, been treated: three estimators with their influence functions.

Each returns the two means and the influence of every row on their difference, whose sum of squares is the
variance of the estimate (M-estimation: Stefanski & Boos 2002, American Statistician 56:29).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Means = tuple[float, float]


def weighted_means(
    y: Array, d: Array, w: Array, e: Array, C: Array, toward: Array, estimand: str
) -> tuple[Means, Array]:
    """Means of both arms with weights d/e and (1-d)/(1-e), or odds of the propensity for the treated.

    Parameters
    ----------
    y, d, w, e : ndarray, shape (n,)
        Outcome, treatment, sampling weights, propensity.
    C : ndarray, shape (n, k)
        Covariates of the propensity model, with a constant.
    toward : ndarray, shape (n, k)
        Influence of each row on the propensity coefficients; zeros take the weights as known.
    """
    treated = estimand == "ATT"
    one = w * d if treated else w * d / e
    zero = w * (1 - d) * e / (1 - e) if treated else w * (1 - d) / (1 - e)
    m1, m0 = float(one @ y / one.sum()), float(zero @ y / zero.sum())
    gap1, gap0 = one * (y - m1) / one.sum(), zero * (y - m0) / zero.sum()
    # derivative of the log weights in the linear predictor: -(1-e) and e; for the treated 0 and 1
    slope = -gap0 if treated else -(1 - e) * gap1 - e * gap0
    return (m1, m0), gap1 - gap0 + toward @ (C.T @ slope)


def standardised_means(
    y: Array, X: Array, X1: Array, X0: Array, d: Array, w: Array, estimand: str
) -> tuple[Means, Array]:
    """Least squares, predicted for all rows (or the treated) at both values of the treatment: the g-formula.

    ``X``, ``X1``, ``X0`` of shape (n, p) hold the observed treatment, everyone treated, no one treated.
    """
    beta, toward = _least_squares(y, X, w)
    aim = w * d if estimand == "ATT" else w
    share = aim / aim.sum()
    m1, m0 = X1 @ beta, X0 @ beta
    a, b = float(share @ m1), float(share @ m0)
    return (a, b), share * (m1 - m0 - (a - b)) + toward @ ((X1 - X0).T @ share)


def augmented_means(
    y: Array, X: Array, X1: Array, X0: Array, d: Array, w: Array, e: Array, estimand: str
) -> tuple[Means, Array]:
    """AIPW: the outcome model's predictions, corrected by the weighted residuals of each arm."""
    beta, _ = _least_squares(y, X, w)
    m1, m0 = X1 @ beta, X0 @ beta
    if estimand == "ATT":
        one = w * d
        odds = w * (1 - d) * e / (1 - e)
        first = float(one @ y / one.sum())
        second = float((one @ m0 + odds @ (y - m0)) / one.sum())
        influence = (one * (y - m0 - (first - second)) - odds * (y - m0)) / one.sum()
        return (first, second), influence
    pseudo1, pseudo0 = m1 + d * (y - m1) / e, m0 + (1 - d) * (y - m0) / (1 - e)
    share = w / w.sum()
    first, second = float(share @ pseudo1), float(share @ pseudo0)
    return (first, second), share * (pseudo1 - pseudo0 - (first - second))


def _least_squares(y: Array, X: Array, w: Array) -> tuple[Array, Array]:
    """Coefficients and the influence of each row on them, (n, p)."""
    root = np.sqrt(w)
    Q, R = np.linalg.qr(root[:, None] * X)
    beta = np.linalg.solve(R, Q.T @ (root * y))
    half = np.linalg.solve(R, Q.T).T
    return beta, (root * (y - X @ beta))[:, None] * half
