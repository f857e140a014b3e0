"""Difference in differences for two groups and two periods: means, or doubly robust with covariates.

Sant'Anna & Zhao (2020, J. Econometrics 219:101) join a logistic propensity score with least squares for the
change of the controls; the estimate is right if either is. Each function returns the effect and its influence
function, of which the standard error is the root of the mean square over n.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]


def mean_difference(change: Array, treated: Array, weights: Array) -> tuple[float, Array]:
    """Mean change of the treated minus that of the controls."""
    one, zero = weights * treated, weights * (1.0 - treated)
    a, b = float(one @ change / one.sum()), float(zero @ change / zero.sum())
    influence = one * (change - a) / one.mean() - zero * (change - b) / zero.mean()
    return a - b, influence


def doubly_robust(change: Array, treated: Array, X: Array, weights: Array) -> tuple[float, Array]:
    """Effect on the treated given covariates ``X``, shape (n, k), which holds a constant."""
    n = len(change)
    score, inverse = logit_weights(X, treated, weights)
    zero = weights * (1.0 - treated)
    gram = X.T @ (zero[:, None] * X) / n
    fitted = X @ np.linalg.solve(gram, X.T @ (zero * change) / n)
    gap = change - fitted
    w1, w0 = weights * treated, zero * score / (1.0 - score)
    eta1, eta0 = float(w1 @ gap / w1.sum()), float(w0 @ gap / w0.sum())
    regression = (zero * gap)[:, None] * X @ np.linalg.inv(gram)
    propensity = (weights * (treated - score))[:, None] * X @ (inverse * n)
    inf1 = w1 * (gap - eta1) - regression @ (X.T @ w1 / n)
    inf0 = w0 * (gap - eta0) + propensity @ (X.T @ (w0 * (gap - eta0)) / n) - regression @ (X.T @ w0 / n)
    return eta1 - eta0, inf1 / w1.mean() - inf0 / w0.mean()


def logit_weights(X: Array, d: Array, weights: Array) -> tuple[Array, Array]:
    """Propensity scores (at most 1 - 1e-6) and the inverse information, by Newton's method."""
    beta = np.zeros(X.shape[1])
    for _ in range(50):
        p = expit(X @ beta)
        information = X.T @ ((weights * p * (1 - p))[:, None] * X)
        step = np.linalg.lstsq(information, X.T @ (weights * (d - p)), rcond=None)[0]
        beta += step
        if float(np.abs(step).max()) < 1e-12 or float(np.abs(beta).max()) > 50:
            break
    p = np.minimum(expit(X @ beta), 1 - 1e-6)
    return p, np.linalg.pinv(X.T @ ((weights * p * (1 - p))[:, None] * X))
