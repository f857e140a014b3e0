"""Cluster-robust errors of an ordered mixed model with one factor: the model works, it need not be true.

Scores are the rows' parts u_i of the exact gradient, summed by cluster. A group (an employee) may lie in several
clusters (units); what its rows say of its intercept is then counted where they lie, as in X'V^-1 r with raw
residuals r: u_i + sigma v J_i - sigma^2 / h_g (d_i + sigma v w_i) J_g, with d_i and w_i the row's score and
information by e, J_i its information by e and the parameters, J_g their sum; over a group the additions cancel.
With S the scores and C the inverse Hessian, variances of the intercepts included, CR1 is C S'S C G/(G - 1).
CR2 corrects each cluster's score by Bell and McCaffrey's method (see :mod:`.ordinal_inference`) with the
information of the working model at the modes,

    I_j = sum A_i - sigma^2 sum_g (a_gj a_g' + a_g a_gj') / (2 h_g),

A_i the expected information of a row, a_gj its column for the intercept summed over the rows of group g in cluster
j: the Schur complement of the intercepts, shared out between clusters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.cumulative import Link
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.ordinal_inference import ClusterScores, cluster_scores, corrected
from kinerja_lib.models.ordinal_multilevel_kernel import MixedFit, back_transformation
from kinerja_lib.models.ordinal_multilevel_single import Block, GroupedRows

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


class RobustFit(NamedTuple):
    """Covariance of all parameters (m + 1, m + 1), the standard deviation last, and the inference of the others."""

    cov: Array
    inference: Inference


def robust_fit(
    data: GroupedRows,
    cluster: Grouping,
    found: MixedFit,
    center: Array,
    scale: Array,
    link: Link,
    errors: str,
) -> RobustFit:
    """CR2 or CR1 by ``cluster``; ``found`` is the fit of ``data``, whose columns were scaled."""
    k, p = len(found.theta), len(found.beta)
    m = k + p
    point = np.concatenate([found.theta - float(center @ found.beta), found.beta * scale, found.sigma])
    T = back_transformation(k, center, scale, 1)
    back = np.linalg.inv(T)
    C = back @ found.cov @ back.T
    codes = cluster.codes if data.order is None else cluster.codes[data.order]
    S = np.zeros((cluster.size, m + 1))
    information = np.zeros((cluster.size, m, m)) if errors == "CR2" else None
    start = 0
    for block in data.blocks:
        own, local = np.unique(codes[start : start + len(block.y)], return_inverse=True)
        start += len(block.y)
        local = local.astype(np.int64)
        S[own] += _scores(data, block, point, local, len(own))
        if information is not None:
            information[own] += _information(block, point, local, len(own), k, link)
    G = cluster.size
    if information is None:
        cov = C @ (S.T @ S) @ C * (G / (G - 1))
        cov = T @ cov @ T.T
        return RobustFit(cov, Inference(cov[:m, :m], np.full(m, G - 1.0), "CR1", G))
    bread = C[:m, :m]
    # scores of thresholds and slopes once the standard deviation has been profiled out
    profiled = (S @ C[:, :m]) @ np.linalg.inv(bread)
    inference, contrast_df = corrected(ClusterScores(profiled, information), bread)
    return _with_sigma(C, inference, T, contrast_df(T[:m, :m]), m)


def _with_sigma(C: Array, inference: Inference, T: Array, df: Array, m: int) -> RobustFit:
    """The robust covariance, carried over to the standard deviation as the model relates the two."""
    V = inference.cov
    L = np.linalg.solve(C[:m, :m], C[:m, m])
    rest = float(C[m, m] - L @ C[:m, :m] @ L)
    whole = np.block([[V, (V @ L)[:, None]], [(L @ V)[None, :], np.array([[float(L @ V @ L) + rest]])]])
    cov = T @ whole @ T.T
    return RobustFit(cov, Inference(cov[:m, :m], df, "CR2", inference.n_clusters))


def _scores(data: GroupedRows, block: Block, point: Array, local: Codes, size: int) -> Array:
    """Scores of a block by cluster, shape (size, m + 1): u_i + sigma v J_i - sigma^2 / h (d_i + sigma v w_i) J_g."""
    n, sigma = data.n_levels, float(point[-1])
    rows = data.row_gradient(block, point)
    t, V = rows.terms, block.rows(block.mode)
    w, shift = -t.d2, sigma * V
    S = _summed(
        block,
        local,
        size,
        n,
        rows.up - shift * t.up2,
        rows.low - shift * t.low2,
        rows.by_sigma + shift * w * V,
    )
    group = np.repeat(np.arange(len(block.mode)), block.counts)
    J = _summed(block, group, len(block.mode), n, -t.up2, -t.low2, w * V)
    pairs, cell = np.unique(group * size + local, return_inverse=True)
    moved = np.bincount(cell, t.d1 + shift * w) * (sigma * sigma / block.precision)[pairs // size]
    np.subtract.at(S, (pairs % size).astype(np.int64), moved[:, None] * J[pairs // size])
    return S


def _summed(
    block: Block, codes: Codes, size: int, n_levels: int, up: Array, low: Array, by_sigma: Array
) -> Array:
    """Sums by ``codes`` of derivatives by upper and lower threshold (and so by e) and by sigma, (size, m + 1)."""
    place = codes * n_levels + block.y
    upper = np.bincount(place, up, size * n_levels).reshape(size, n_levels)
    lower = np.bincount(place, low, size * n_levels).reshape(size, n_levels)
    slope = -(up + low)
    columns = [np.bincount(codes, slope * column, size) for column in block.columns]
    return np.column_stack([upper[:, :-1] + lower[:, 1:], *columns, np.bincount(codes, by_sigma, size)])


def _information(block: Block, point: Array, local: Codes, size: int, k: int, link: Link) -> Array:
    """Information of thresholds and slopes by cluster, intercepts taken out, shape (size, m, m)."""
    theta, beta, sigma = point[:k], point[k:-1], float(point[-1])
    m = k + len(beta)
    group = np.repeat(np.arange(len(block.mode)), block.counts)
    pairs, cell = np.unique(group * size + local, return_inverse=True)
    shift = block.rows(sigma * block.mode)
    X = np.column_stack([block.Z, shift, np.ones(len(block.y))])
    parts = cluster_scores(
        theta, np.r_[beta, 1.0, 0.0], X, block.y, block.weights, cell.astype(np.int64), len(pairs), link
    ).information
    keep = np.r_[np.arange(m), m + 1]  # without the column of the shift
    parts = parts[:, keep][:, :, keep]
    of_group, of_cluster = pairs // size, pairs % size
    A, a, w = parts[:, :m, :m], parts[:, :m, m], parts[:, m, m]
    G = len(block.mode)
    total = np.column_stack([np.bincount(of_group, a[:, j], G) for j in range(m)])
    h = 1.0 + sigma * sigma * np.bincount(of_group, w, G)
    cross = a[:, :, None] * (total / h[:, None])[of_group][:, None, :]
    own = A - 0.5 * sigma * sigma * (cross + cross.transpose(0, 2, 1))
    out = np.zeros((size, m, m))
    np.add.at(out, of_cluster.astype(np.int64), own)
    return out
