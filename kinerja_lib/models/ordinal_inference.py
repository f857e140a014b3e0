"""Covariance of ordered models: inverse information, or sandwiches of scores with a small-sample correction.

**CR2 for a likelihood.** A row's score is D'V^-1(y - p) with y the K - 1 indicators, p their probabilities, V
their multinomial covariance and D = dp/d(parameters): a weighted regression whose working weights are V^-1.
Bell and McCaffrey's correction therefore carries over (McCaffrey & Bell 2006, Statistics in Medicine 25:4081;
the square-root form is that of Kauermann & Carroll 2001, JASA 96:1387): with J_g the expected information of
cluster g, J their sum and J = R R', K_g = R^-1 J_g R^-T, a cluster's score is taken as

    R (I - K_g)^(-1/2) R^-1 U_g,

and the degrees of freedom follow from the working model by Satterthwaite's method, with the same kernel as for
least squares (:func:`.clustered.cr2_from_sums`). The bread is the inverse of the observed information.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.special import expit, ndtr

from kinerja_lib.models.clustered import Codes, Segments, cluster_sums, cr2_from_sums, intersect
from kinerja_lib.models.cumulative import Link
from kinerja_lib.models.cumulative_fit import CumulativeFit
from kinerja_lib.models.cumulative_links import probit_derivatives
from kinerja_lib.models.design import Design
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]
#: degrees of freedom of linear combinations of the parameters, one a row of the (c, m) argument
ContrastDf = Callable[[Array], Array]

_ROWS = 65_536


@dataclass(frozen=True, eq=False)
class ClusterScores:
    """Score, shape (G, m), and expected information, shape (G, m, m), of each cluster; chunks of rows add up."""

    score: Array
    information: Array


def row_scores(found: CumulativeFit, design: Design, link: Link) -> Array:
    """Gradient of each row's (weighted) log-likelihood, shape (n, K - 1 + p)."""
    return scores_of(found.theta, found.beta, design.X, design.y, design.weights, link)


def scores_of(theta: Array, beta: Array, X: Array, y: Codes, weights: Array | None, link: Link) -> Array:
    """As :func:`row_scores`, from arrays."""
    k = len(theta)
    e = X @ beta
    upper = np.where(y < k, theta[np.minimum(y, k - 1)] - e, np.inf)
    lower = np.where(y > 0, theta[np.maximum(y - 1, 0)] - e, -np.inf)
    up, low = _ratios(upper, lower, link)
    if weights is not None:
        up, low = up * weights, low * weights
    scores = np.empty((len(y), k + X.shape[1]), order="F")
    for a in range(k):
        scores[:, a] = np.where(y == a, up, 0.0)
        scores[:, a] -= np.where(y == a + 1, low, 0.0)
    low = low - up
    for j in range(X.shape[1]):
        np.multiply(X[:, j], low, out=scores[:, k + j])
    return scores


def _ratios(upper: Array, lower: Array, link: Link) -> tuple[Array, Array]:
    """f(u)/P and f(l)/P with P = F(u) - F(l)."""
    if link == "logit":
        below, tail = expit(upper), expit(-lower)
        with np.errstate(invalid="ignore"):
            gap = np.where(np.isinf(upper) | np.isinf(lower), 1.0, -np.expm1(lower - upper))
        return (1.0 - below) / (tail * gap), (1.0 - tail) / (below * gap)
    up, low = np.zeros_like(upper), np.zeros_like(upper)
    for open_top in (False, True):
        for open_bottom in (False, True):
            own = (np.isinf(upper) == open_top) & (np.isinf(lower) == open_bottom)
            if own.any():
                _, up[own], low[own], *_ = probit_derivatives(
                    None if open_top else upper[own], None if open_bottom else lower[own]
                )
    return up, low


def threshold_information(theta: Array, e: Array, link: Link) -> tuple[Array, Array]:
    """Expected information of a row about its K - 1 linear predictors theta_k - e.

    Returns
    -------
    ndarray, shapes (K - 1, n) and (K - 2, n)
        Diagonal f_k^2 (1/P_k + 1/P_{k+1}) and the (negative) neighbours f_k f_{k+1} / P_{k+1}.
    """
    if link == "logit":
        return _logit_information(theta, e)
    u = theta[:, None] - e[None, :]
    F, above = ndtr(u), ndtr(-u)
    f = np.exp(-0.5 * u * u) / np.sqrt(2.0 * np.pi)
    edge = np.zeros((1, len(e)))
    low_tail = np.diff(np.vstack([edge, F, edge + 1.0]), axis=0)
    high_tail = -np.diff(np.vstack([edge + 1.0, above, edge]), axis=0)  # exact in the right tail
    P = np.where(np.vstack([edge, F]) > 0.5, high_tail, low_tail)
    ratio = 1.0 / np.maximum(P, 1e-300)
    return f * f * (ratio[:-1] + ratio[1:]), f[:-1] * f[1:] * ratio[1:-1]


def _logit_information(theta: Array, e: Array) -> tuple[Array, Array]:
    """The same from P_k = F_k (1 - F_{k-1}) (1 - exp(theta_{k-1} - theta_k)): one ``exp`` a row, no differences."""
    far = 300.0
    if np.abs(theta).max() < far:
        odds = np.exp(np.clip(e, -far, far)) * np.exp(-theta)[:, None]
    else:
        odds = np.exp(np.clip(e - theta[:, None], -2 * far, 2 * far))
    F = 1.0 / (1.0 + odds)
    above = odds * F
    gap = -np.expm1(-np.diff(theta))[:, None]
    up = above.copy()  # f_k / P_k
    up[1:] /= above[:-1] * gap
    low = F.copy()  # f_k / P_{k+1}
    low[:-1] /= F[1:] * gap
    f = F * above
    return f * (up + low), f[:-1] * up[1:]


def cluster_scores(
    theta: Array, beta: Array, X: Array, y: Codes, weights: Array | None, codes: Codes, size: int, link: Link
) -> ClusterScores:
    """Scores and expected information by cluster, a block of rows at a time."""
    k, p = len(theta), len(beta)
    score, information = np.zeros((size, k + p)), np.zeros((size, k + p, k + p))
    for start in range(0, len(y), _ROWS):
        rows = slice(start, min(start + _ROWS, len(y)))
        x, w = X[rows], None if weights is None else weights[rows]
        own, local = np.unique(codes[rows], return_inverse=True)
        local = local.astype(np.int64)
        U = scores_of(theta, beta, x, y[rows], w, link)
        score[own] += cluster_sums(U, local, len(own))
        information[own] += _information(theta, beta, x, w, Segments(local, len(own)), link)
    return ClusterScores(score, information)


def _information(
    theta: Array, beta: Array, X: Array, weights: Array | None, segments: Segments, link: Link
) -> Array:
    """Expected information by cluster, shape (size, m, m): blocks W, -W 1 x' and (1'W1) x x'."""
    k, p = len(theta), len(beta)
    diagonal, neighbour = threshold_information(theta, X @ beta, link)
    if weights is not None:
        diagonal, neighbour = diagonal * weights, neighbour * weights
    out = np.zeros((segments.size, k + p, k + p))
    across = diagonal.copy()
    across[:-1] -= neighbour
    across[1:] -= neighbour
    columns = [np.ascontiguousarray(X[:, j]) for j in range(p)]
    for a in range(k):
        out[:, a, a] = segments.sum(diagonal[a])
        if a + 1 < k:
            out[:, a, a + 1] = out[:, a + 1, a] = -segments.sum(neighbour[a])
        for j, x in enumerate(columns):
            out[:, a, k + j] = out[:, k + j, a] = -segments.sum(across[a] * x)
    total = across.sum(axis=0)
    for i, x in enumerate(columns):
        scaled = total * x
        for j in range(i, p):
            out[:, k + i, k + j] = out[:, k + j, k + i] = segments.sum(scaled * columns[j])
    return out


def corrected(parts: ClusterScores, bread: Array) -> tuple[Inference, ContrastDf]:
    """CR2 covariance with Satterthwaite df, and the df of any contrast."""
    R = linalg.cholesky(parts.information.sum(axis=0), lower=True)
    inverse = linalg.solve_triangular(R, np.eye(len(R)), lower=True)
    K = inverse @ parts.information @ inverse.T
    s = parts.score @ inverse.T
    T = bread @ R
    cov, df = cr2_from_sums(K, s, T)

    def of_contrast(contrasts: Array) -> Array:
        return cr2_from_sums(K, s, contrasts @ T)[1]

    return Inference(cov, df, "CR2", len(s)), of_contrast


def robust_covariance(found: CumulativeFit, design: Design, spec: ModelSpec, link: Link) -> Inference:
    """As :func:`covariance_and_df`, the covariance only."""
    return covariance_and_df(found, design, spec, link)[0]


def covariance_and_df(
    found: CumulativeFit, design: Design, spec: ModelSpec, link: Link
) -> tuple[Inference, ContrastDf]:
    """Inverse information; HC1 with n/(n-m); CR1 with G/(G-1), also two-way; CR2 for one cluster column."""
    m, n = len(found.parameters), design.n
    errors = spec.resolved_errors
    if errors == "iid":
        return _flat(Inference(found.covariance, np.full(m, np.inf), "iid"))
    if errors == "CR2" and len(design.clusters) == 1:
        group = next(iter(design.clusters.values()))
        parts = cluster_scores(
            found.theta, found.beta, design.X, design.y, design.weights, group.codes, group.size, link
        )
        with suppress(np.linalg.LinAlgError):  # information without full rank: CR1, and the label says so
            return corrected(parts, found.covariance)
    U, V = row_scores(found, design, link), found.covariance
    if errors == "HC1":
        return _flat(Inference(n / (n - m) * V @ (U.T @ U) @ V, np.full(m, np.inf), "HC1"))
    groups = [(group.codes, group.size) for group in design.clusters.values()]
    parts_cr1 = [(1.0, codes, size) for codes, size in groups]
    if len(groups) == 2:
        parts_cr1.append((-1.0, *intersect(groups[0][0], groups[1][0])))
    meat = np.zeros((m, m))
    for sign, codes, size in parts_cr1:
        s = cluster_sums(U, codes, size)
        meat += sign * size / (size - 1) * (s.T @ s)
    smallest = min(size for _, size in groups)
    return _flat(Inference(V @ meat @ V, np.full(m, smallest - 1.0), "CR1", smallest))


def _flat(found: Inference) -> tuple[Inference, ContrastDf]:
    """The same degrees of freedom for every contrast."""
    df = float(found.df[0])
    return found, lambda contrasts: np.full(len(contrasts), df)
