"""Linear and fixed-effects models from sums by cluster: estimate, CR1, CR2 as if all rows had been in memory.

Effects that are the cluster are taken out through the cluster's means; other effects through the sums of the
cells (effect, cluster), also where a person moved between clusters. CR2 then takes the absorbed columns for the
whole design: exact for effects nested in the clusters, close where few of them are not (which is said).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from kinerja_lib.models.chunk_rows import Coding
from kinerja_lib.models.chunks import Source
from kinerja_lib.models.clustered import Segments, cr2_from_sums
from kinerja_lib.models.compress import ClusterSums, collect, encoding_of
from kinerja_lib.models.diagnostics import cluster_checks, vif_verdicts
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


def fit_from(source: Source, spec: ModelSpec, lang: str) -> FitResult:
    """One pass over the chunks, then the model from their sums."""
    effect = _require_supported(spec, lang)
    sums, coding = collect(source, spec, spec.cluster_columns[0], effect, lang)
    return fit_sums(sums, spec, coding, lang)


def _require_supported(spec: ModelSpec, lang: str) -> str | None:
    """The absorbed effect that is not the cluster itself."""
    one = len(spec.cluster_columns) == 1 and spec.resolved_errors in ("CR1", "CR2")
    if not one or len(spec.effects) > 1 or (spec.effects and spec.kind == "linear"):
        raise model_error(
            lang,
            "Hitungan per bagian memerlukan satu kolom cluster (CR2 atau CR1) dan paling banyak satu efek tetap.",
            "Chunked fitting needs one cluster column (CR2 or CR1) and at most one absorbed effect.",
            (
                'Isi cluster; efek tetap lain (misalnya periode) menjadi controls="C(periode)".',
                'Give cluster; further effects (say periods) become controls="C(periode)".',
            ),
        )
    return next((name for name in spec.effects if name != spec.cluster_columns[0]), None)


def fit_sums(sums: ClusterSums, spec: ModelSpec, coding: Coding, lang: str = "id") -> FitResult:
    """The model from its sufficient statistics."""
    within = spec.kind == "fixed_effects"
    if len(sums.keys) < 2:
        raise one_cluster(spec.cluster_columns[0], lang)
    ZZ, Zy, yy, absorbed, spanning = _blocks(sums, within)
    names = sums.names if within else ("Intercept", *sums.names)
    require_variation(ZZ.sum(axis=0), float(yy.sum()), sums, spec, names, lang)
    A = rotation(ZZ.sum(axis=0), names, lang)
    gamma = A.T @ Zy.sum(axis=0)
    T = A.copy()
    if not within:
        T[0] -= sums.shift[:-1] @ A[1:]
    beta = T @ gamma
    if not within:
        beta[0] += sums.shift[-1]
    scores = (Zy - ZZ @ (A @ gamma)) @ A
    n = int(sums.n.sum())
    rss = float(yy.sum() - gamma @ gamma)
    residual_df = n - len(names) - absorbed
    charged = len(names) + (0 if not within else max(absorbed if spanning else 1, 1))
    found = _covariance(A.T @ ZZ @ A, scores, T, n, spec, charged)
    numbers = _numbers(sums, spec, found, yy, rss, residual_df, absorbed)
    centred, offset = ZZ.sum(axis=0), 0 if within else 1
    checks = (
        *vif_verdicts(column_inflation(centred[offset:, offset:], sums, within, names[offset:]), spec),
        *cluster_checks(found, names, spec),
        *_spanning_check(spanning, spec),
    )
    return FitResult(
        spec, names, beta, found.cov, numbers, df=found.df, checks=checks,
        encoding=encoding_of(sums, spec, coding, not within), dropped=sums.dropped,
    )  # fmt: skip


def _numbers(
    sums: ClusterSums,
    spec: ModelSpec,
    found: Inference,
    yy: Array,
    rss: float,
    residual_df: int,
    absorbed: int,
) -> dict[str, Any]:
    n = int(sums.n.sum())
    total = float(sums.cross[:, -1, -1].sum() - sums.first[:, -1].sum() ** 2 / n)
    loglik = -0.5 * n * (np.log(2 * np.pi * max(rss, 1e-300) / n) + 1.0)
    numbers: dict[str, Any] = {
        "n": n,
        "n_input": sums.rows,
        "n_groups": len(sums.keys),
        "loglik": float(loglik),
        "criterion": float(-2.0 * loglik),
        "sigma2": rss / residual_df,
        "df": residual_df,
        "r2": 1.0 - rss / total,
        "converged": True,
        "errors": found.label,
    }
    if spec.effects:
        numbers["n_effects"] = {spec.effects[0]: absorbed}
        numbers["r2_within"] = 1.0 - rss / float(yy.sum())
    else:
        numbers["r2_adjusted"] = 1.0 - rss / total * (n - 1) / residual_df
    return numbers


def _blocks(sums: ClusterSums, within: bool) -> tuple[Array, Array, Array, int, int]:
    """By cluster: Z'Z, Z'y, y'y; degrees of freedom of the effects; effects seen in several clusters."""
    if within and sums.cells is None:
        C = sums.cross - sums.first[:, :, None] * (sums.first / sums.n[:, None])[:, None, :]
        return C[:, :-1, :-1], C[:, :-1, -1], C[:, -1, -1], len(sums.keys), 0
    if within:
        C, effects, spanning = _without_cells(sums)
        return C[:, :-1, :-1], C[:, :-1, -1], C[:, -1, -1], effects, spanning
    G, q = sums.first.shape
    Z = np.empty((G, q, q))
    Z[:, 0, 0] = sums.n
    Z[:, 0, 1:] = Z[:, 1:, 0] = sums.first[:, :-1]
    Z[:, 1:, 1:] = sums.cross[:, :-1, :-1]
    Zy = np.column_stack([sums.first[:, -1], sums.cross[:, :-1, -1]])
    return Z, Zy, sums.cross[:, -1, -1], 0, 0


def _without_cells(sums: ClusterSums) -> tuple[Array, int, int]:
    """Cross-products by cluster of the deviations from the effects' means.

    With s_c, n_c the sums of a cell and m its effect's mean: sum (w - m)(w - m)' =
    sum w w' - s m' - m s' + n m m', which holds for an effect that has cells in several clusters too.
    """
    assert sums.cells is not None
    effect, place, n, first = sums.cells
    new = np.r_[True, effect[1:] != effect[:-1]] if bool((effect[1:] >= effect[:-1]).all()) else None
    if new is None:
        order = np.argsort(effect, kind="stable")
        effect, place, n, first = effect[order], place[order], n[order], first[order]
        new = np.r_[True, effect[1:] != effect[:-1]]
    starts = np.flatnonzero(new)
    codes = np.cumsum(new) - 1
    size = np.add.reduceat(n, starts)
    spanning = int((np.diff(np.r_[starts, len(n)]) > 1).sum())
    C = sums.cross.copy()
    means = np.add.reduceat(first, starts, axis=0) / size[:, None]
    order = np.argsort(place, kind="stable")
    segments = Segments(place[order], len(sums.keys))
    first, n, codes = first[order], n[order], codes[order]
    for a in range(first.shape[1]):
        m_a = means[codes, a]
        for b in range(a, first.shape[1]):
            m_b = means[codes, b]
            taken = segments.sum(first[:, a] * m_b + m_a * first[:, b] - n * m_a * m_b)
            C[:, a, b] -= taken
            if a != b:
                C[:, b, a] -= taken
    return C, len(starts), spanning


def require_variation(
    total: Array, yy: float, sums: ClusterSums, spec: ModelSpec, names: tuple[str, ...], lang: str
) -> None:
    """Columns that do not vary (within the effects), by name."""
    n, within = float(sums.n.sum()), spec.kind == "fixed_effects"
    mean = sums.first.sum(axis=0) / n
    raw = np.einsum("gaa->a", sums.cross) - n * mean**2
    own = np.diag(total) if within else np.r_[1.0, raw[:-1]]
    offset = 0 if within else 1
    for j, name in enumerate(names[offset:]):
        scale = n * (sums.shift[j] + mean[j]) ** 2 * 1e-20
        if raw[j] <= max(scale, 1e-300) or (within and own[j] <= 1e-14 * raw[j]):
            raise model_error(
                lang,
                f'Kolom "{name}" tidak berubah' + (" di dalam efek tetap." if within else "."),
                f'Column "{name}" does not vary' + (" within the fixed effects." if within else "."),
                ("Hapus kolom itu dari model.", "Leave the column out of the model."),
            )
    if yy <= 1e-20 * n * max((sums.shift[-1] + mean[-1]) ** 2, 1e-300):
        raise model_error(
            lang,
            f'Keluaran "{spec.outcome}" tidak berubah-ubah.',
            f'Outcome "{spec.outcome}" does not vary.',
            ("Periksa saringan data.", "Check the filters."),
        )


def column_inflation(
    cross: Array, sums: ClusterSums, within: bool, names: tuple[str, ...]
) -> dict[str, float]:
    """Variance inflation from cross-products of the columns (about the shift, or the effects' means)."""
    if not within:
        first = sums.first[:, :-1].sum(axis=0)
        cross = cross - np.outer(first, first) / sums.n.sum()
    inverse = np.linalg.inv(cross / np.sqrt(np.outer(np.diag(cross), np.diag(cross))))
    return {name: float(inverse[j, j]) for j, name in enumerate(names)}


def rotation(total: Array, names: tuple[str, ...], lang: str) -> Array:
    """A with A'CA = I; an error that names the columns where C is singular."""
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


def _covariance(K: Array, scores: Array, T: Array, n: int, spec: ModelSpec, charged: int) -> Inference:
    G, p = scores.shape
    if spec.resolved_errors == "CR2":
        cov, df = cr2_from_sums(K, scores, T)
        return Inference(cov, df, "CR2", G)
    factor = G / (G - 1) * (n - 1) / (n - charged)
    return Inference(factor * (T @ (scores.T @ scores) @ T.T), np.full(p, G - 1.0), "CR1", G)


def _spanning_check(spanning: int, spec: ModelSpec) -> list[Check]:
    if not spanning or spec.resolved_errors != "CR2":
        return []
    effect, cluster = spec.effects[0], spec.cluster_columns[0]
    return [
        Check(
            "nested_effects", float(spanning), 0.0, "warning",
            f"{spanning} tingkat {effect} berada di beberapa {cluster}; koreksi CR2 di sini pendekatan.",
            f"{spanning} levels of {effect} lie in several {cluster}; the CR2 correction is approximate here.",
        )
    ]  # fmt: skip
