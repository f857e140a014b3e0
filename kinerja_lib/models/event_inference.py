"""Errors of a rollout from influence functions; with clusters, how few of them were treated decides the df.

Every cohort, and the never treated, is a stratum whose clusters vary about its own mean. The variance of an
estimate is the sum over strata of n_h / (n_h - 1) times the squared cluster sums, and its degrees of freedom
are Welch and Satterthwaite's: (sum v_h)^2 / sum v_h^2 / (n_h - 1). With 5 treated among 200 clusters they are
near 4, not 199.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def covariance(influence: Array, clusters: Codes | None, start: Codes) -> tuple[Array, Array]:
    """Covariance (m, m) of estimates and their degrees of freedom (m,), infinite without clusters.

    Parameters
    ----------
    influence : ndarray, shape (N, m)
        Influence of each unit on each estimate (times N).
    clusters : ndarray of int, shape (N,), or None
    start : ndarray of int, shape (N,)
        First treated period of each unit. Where a cluster holds units of several cohorts, treatment varies
        within clusters, and the df are clusters minus one.
    """
    n, m = influence.shape
    if clusters is None:
        return influence.T @ influence / n**2, np.full(m, np.inf)
    size = int(clusters.max()) + 1
    sums = np.column_stack([np.bincount(clusters, column, size) for column in influence.T]) / n
    stratum = _strata(clusters, start, size)
    if stratum is None:
        return sums.T @ sums * size / (size - 1), np.full(m, size - 1.0)
    counts = np.bincount(stratum).astype(np.float64)
    factor = counts / np.maximum(counts - 1, 1.0)
    parts = np.column_stack([np.bincount(stratum, column**2) for column in sums.T]) * factor[:, None]
    spread = (parts**2 / np.maximum(counts - 1, 0.5)[:, None]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = parts.sum(axis=0) ** 2 / spread
    scaled = sums * np.sqrt(factor[stratum])[:, None]
    return scaled.T @ scaled, np.where(np.isfinite(df), df, size - 1.0)


def _strata(clusters: Codes, start: Codes, size: int) -> Codes | None:
    """Cohort of each cluster, or None where a cluster holds several."""
    cohort = np.unique(start, return_inverse=True)[1]
    low, high = np.full(size, cohort.max() + 1), np.full(size, -1)
    np.minimum.at(low, clusters, cohort)
    np.maximum.at(high, clusters, cohort)
    return low.astype(np.int64) if bool((low == high).all()) else None
