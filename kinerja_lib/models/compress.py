"""Sufficient statistics by cluster: a table of any length in one pass, chunk by chunk, with full inference.

What a linear model with clustered errors needs of the data are, for each cluster, its size, the sums and the
cross-products of the columns. They add up: over the row groups of a Parquet file, over processes, over Dask
workers. From them follow the estimate, CR1, and CR2 with its degrees of freedom, as if all rows had been
in memory. Columns are centred about the means of the first chunk, so that the sums keep their digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from kinerja_lib.models.clustered import Segments, cr2_from_sums
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding, encode
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """Sums of the centred columns W = (X, y) by cluster; two of the same encoding can be added.

    Attributes
    ----------
    encoding : Encoding
        How X was made (without a constant).
    shift : ndarray, shape (p + 1,)
        What was subtracted from each column.
    keys : Index, length G
        The clusters.
    n, first, cross : ndarray, shapes (G,), (G, p + 1), (G, p + 1, p + 1)
    rows, dropped : int, dict of str to int
        Rows seen, and those dropped by reason.
    """

    encoding: Encoding
    shift: Array
    keys: pd.Index
    n: Array
    first: Array
    cross: Array
    rows: int
    dropped: dict[str, int]

    def __add__(self, other: ClusterSums) -> ClusterSums:
        keys = self.keys.append(other.keys)
        codes, found = pd.factorize(keys)
        size, q = len(found), self.first.shape[1]
        n, first, cross = np.zeros(size), np.zeros((size, q)), np.zeros((size, q, q))
        for part, at in ((self, codes[: len(self.keys)]), (other, codes[len(self.keys) :])):
            n[at] += part.n
            first[at] += part.first
            cross[at] += part.cross
        dropped = dict(self.dropped)
        for reason, count in other.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + count
        return ClusterSums(
            self.encoding, self.shift, pd.Index(found), n, first, cross, self.rows + other.rows, dropped
        )


def chunk_sums(
    chunk: pd.DataFrame, spec: ModelSpec, like: ClusterSums | None = None, lang: str = "id"
) -> ClusterSums:
    """Sums of one chunk, in the encoding and about the centre of an earlier one.

    Raises
    ------
    ModelError
        No single cluster column, weights, or a level that the first chunk lacks.
    """
    _require_supported(spec, lang)
    design = build_design(chunk, spec, intercept=False, rank=False, lang=lang)
    X = design.X if like is None else _in_encoding(chunk, design, like.encoding, lang)
    W = [*(X[:, j] for j in range(X.shape[1])), design.y]
    shift = np.array([w.mean() for w in W]) if like is None else like.shift
    centred = [w - m for w, m in zip(W, shift, strict=True)]
    group = next(iter(design.clusters.values()))
    segments = Segments(group.codes, group.size)
    q = len(W)
    cross = np.empty((group.size, q, q))
    for a in range(q):
        for b in range(a, q):
            cross[:, a, b] = cross[:, b, a] = segments.sum(centred[a] * centred[b])
    first = np.column_stack([segments.sum(w) for w in centred])
    n = np.bincount(group.codes, minlength=group.size).astype(np.float64)
    encoding = design.encoding if like is None else like.encoding
    return ClusterSums(
        encoding, shift, pd.Index(group.labels), n, first, cross, len(chunk), dict(design.dropped)
    )


def _in_encoding(chunk: pd.DataFrame, design: Design, encoding: Encoding, lang: str) -> Array:
    X = encode(chunk.iloc[design.rows], encoding, lang)
    if bool(np.isnan(X).any()):
        names = ", ".join(encoding.levels) or ", ".join(encoding.terms)
        raise model_error(
            lang,
            f"Bagian data ini berisi kategori yang tidak ada pada bagian pertama: {names}.",
            f"This chunk holds a category that the first chunk lacks: {names}.",
            (
                "Mulai dengan bagian yang memuat semua kategori.",
                "Start with a chunk that has all categories.",
            ),
        )
    return X


def _require_supported(spec: ModelSpec, lang: str) -> None:
    absorbed = spec.kind == "fixed_effects" and spec.effects == spec.cluster_columns
    if len(spec.cluster_columns) != 1 or spec.weights or not (spec.kind == "linear" or absorbed):
        raise model_error(
            lang,
            "Hitungan per bagian memerlukan satu kolom cluster, tanpa bobot; efek tetap hanya klaster itu.",
            "Chunked fitting needs one cluster column and no weights; fixed effects only for that cluster.",
            ('Gunakan kind="linear" atau effects=(cluster,).', 'Use kind="linear" or effects=(cluster,).'),
        )


def fit_chunks(chunks: Iterable[pd.DataFrame], spec: ModelSpec, lang: str = "id") -> FitResult:
    """Fit a linear or one-way fixed-effects model to chunks of rows, each read once.

    Parameters
    ----------
    chunks : iterable of DataFrame
        A cluster may be spread over several chunks.
    spec : ModelSpec
        ``linear``, or ``fixed_effects`` whose effect is the cluster; ``errors`` CR2 (default) or CR1.
    """
    total: ClusterSums | None = None
    for chunk in chunks:
        part = chunk_sums(chunk, spec, total, lang)
        total = part if total is None else total + part
    if total is None:
        raise model_error(
            lang, "Tidak ada bagian data.", "There is no chunk of data.",
            ("Periksa berkasnya.", "Check the file."),
        )  # fmt: skip
    return fit_sums(total, spec, lang)


def fit_sums(sums: ClusterSums, spec: ModelSpec, lang: str = "id") -> FitResult:
    """The model from its sufficient statistics."""
    _require_supported(spec, lang)
    within = spec.kind == "fixed_effects"
    ZZ, Zy, yy, shift = _blocks(sums, within)
    names = sums.encoding.names if within else ("Intercept", *sums.encoding.names)
    total = ZZ.sum(axis=0)
    A = _rotation(total, names, lang)
    gamma = A.T @ Zy.sum(axis=0)
    T = A.copy()
    if not within:
        T[0] -= shift[:-1] @ A[1:]
    beta = T @ gamma
    if not within:
        beta[0] += shift[-1]
    scores = (Zy - ZZ @ (A @ gamma)) @ A
    n, G = int(sums.n.sum()), len(sums.keys)
    rss = float(yy.sum() - gamma @ gamma)
    cov, df, label = _covariance(A.T @ ZZ @ A, scores, T, n, spec, within)
    residual_df = n - len(names) - (G if within else 0)
    numbers: dict[str, Any] = {
        "n": n,
        "n_input": sums.rows,
        "n_groups": G,
        "sigma2": rss / residual_df,
        "df": residual_df,
        "converged": True,
        "errors": label,
    }
    encoding = replace(sums.encoding, names=names, intercept=not within)
    return FitResult(spec, names, beta, cov, numbers, df=df, encoding=encoding, dropped=sums.dropped)


def _blocks(sums: ClusterSums, within: bool) -> tuple[Array, Array, Array, Array]:
    """Cross-products by cluster of the design with itself and with y, and of y with itself."""
    if within:
        C = sums.cross - sums.first[:, :, None] * (sums.first / sums.n[:, None])[:, None, :]
        return C[:, :-1, :-1], C[:, :-1, -1], C[:, -1, -1], sums.shift
    G, q = sums.first.shape
    Z = np.empty((G, q, q))
    Z[:, 0, 0] = sums.n
    Z[:, 0, 1:] = Z[:, 1:, 0] = sums.first[:, :-1]
    Z[:, 1:, 1:] = sums.cross[:, :-1, :-1]
    Zy = np.column_stack([sums.first[:, -1], sums.cross[:, :-1, -1]])
    return Z, Zy, sums.cross[:, -1, -1], sums.shift


def _rotation(total: Array, names: tuple[str, ...], lang: str) -> Array:
    scale = np.sqrt(np.diag(total))
    scale[scale == 0] = 1.0
    correlation = total / np.outer(scale, scale)
    worst, vectors = np.linalg.eigh(correlation)
    if worst[0] < 1e-10:
        involved = ", ".join(name for name, v in zip(names, vectors[:, 0], strict=True) if abs(v) > 1e-3)
        raise model_error(
            lang,
            f"Kolom saling menentukan atau tetap: {involved}.",
            f"Columns determine one another, or are constant: {involved}.",
            ("Hapus salah satunya dari model.", "Leave one of them out of the model."),
        )
    R = linalg.cholesky(correlation, lower=False)
    return np.asarray(linalg.solve_triangular(R, np.eye(len(scale)), lower=False) / scale[:, None])


def _covariance(
    K: Array, scores: Array, T: Array, n: int, spec: ModelSpec, within: bool
) -> tuple[Array, Array, str]:
    if spec.resolved_errors == "CR2":
        cov, df = cr2_from_sums(K, scores, T)
        return cov, df, "CR2"
    G, p = scores.shape
    charged = p + (1 if within else 0)
    factor = G / (G - 1) * (n - 1) / (n - charged)
    return factor * (T @ (scores.T @ scores) @ T.T), np.full(p, G - 1.0), "CR1"
