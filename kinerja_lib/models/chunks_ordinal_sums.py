"""Ordered logit and probit over chunks: one pass of gradient and Hessian for each Newton step.

A first pass takes moments, level counts and a thin sample; the sample's optimum is the start, so that the whole
table is passed three or four times. A last pass gives scores and information by cluster and the sums behind the
marginal effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.chunk_rows import (
    ChunkRows,
    Coding,
    categorical_factors,
    merge_levels,
    needed_columns,
    read_chunk,
    seen_levels,
)
from kinerja_lib.models.chunks import Source
from kinerja_lib.models.collinearity import constant_error
from kinerja_lib.models.cumulative import CategoryBlocks, CumulativeSums, Link, combine
from kinerja_lib.models.cumulative_fit import VAGUE, CumulativeFit, fit_blocks, fit_sums
from kinerja_lib.models.factors import Level
from kinerja_lib.models.ordinal_inference import ClusterScores, cluster_scores
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: rows of the thin sample that one chunk gives
SAMPLE_ROWS = 700


@dataclass(frozen=True, eq=False)
class Survey:
    """First look at a chunk: moments, counts of the outcome's levels, a thin sample (X, level labels)."""

    names: tuple[str, ...]
    n: int
    mean: Array
    cross: Array
    counts: dict[Level, int]
    sample: tuple[Array, list[Level]]
    rows: int
    dropped: dict[str, int]

    def __add__(self, other: Survey) -> Survey:
        n = self.n + other.n
        gap = other.mean - self.mean
        share = other.n / n if n else 0.0
        counts, dropped = dict(self.counts), dict(self.dropped)
        for level, count in other.counts.items():
            counts[level] = counts.get(level, 0) + count
        for reason, count in other.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + count
        return Survey(
            self.names, n, self.mean + share * gap,
            self.cross + other.cross + self.n * share * np.outer(gap, gap), counts,
            (np.vstack([self.sample[0], other.sample[0]]), self.sample[1] + other.sample[1]),
            self.rows + other.rows, dropped,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scaling:
    """How every chunk becomes numbers: coding, columns that are used, centre and scale."""

    coding: Coding
    keep: NDArray[np.int64]
    names: tuple[str, ...]
    center: Array
    scale: Array


def survey_chunk(frame: pd.DataFrame, spec: ModelSpec, coding: Coding, lang: str) -> Survey:
    """Moments, counts and the thin sample of one chunk."""
    levels = read_outcome(frame, spec.outcome, "levels", lang).levels
    rows = read_chunk(frame, spec, Coding(coding.levels, levels), "levels", lang)
    p = rows.X.shape[1]
    mean = rows.X.mean(axis=0) if rows.n else np.zeros(p)
    cross = np.zeros((p, p))
    for start in range(0, rows.n, 8192):
        Z = rows.X[start : start + 8192] - mean
        cross += Z.T @ Z
    step = max(1, rows.n // SAMPLE_ROWS)
    found = np.bincount(rows.y, minlength=len(levels))
    counts = {level: int(count) for level, count in zip(levels, found, strict=True) if count}
    picked = rows.y[::step]
    sample = np.ascontiguousarray(rows.X[::step]), [levels[k] for k in picked]
    return Survey(rows.names, rows.n, mean, cross, counts, sample, rows.rows, dict(rows.dropped))


def sums_of_chunk(
    frame: pd.DataFrame, spec: ModelSpec, scaling: Scaling, theta: Array, beta: Array, link: Link, lang: str
) -> CumulativeSums:
    """Log-likelihood, gradient and Hessian of one chunk on the standardised scale."""
    rows = read_chunk(frame, spec, scaling.coding, "levels", lang)
    blocks = CategoryBlocks.from_arrays(
        used_columns(rows.X, scaling),
        rows.y.astype(np.intp),
        len(scaling.coding.outcome),
        center=scaling.center,
        scale=scaling.scale,
    )
    return blocks.sums(theta, beta, link)


def used_columns(X: Array, scaling: Scaling) -> Array:
    """Without the crossed categories that no row has."""
    return X if len(scaling.keep) == X.shape[1] else X[:, scaling.keep]


@dataclass(frozen=True, eq=False)
class KeyedScores:
    """Scores and information by cluster, with the clusters' keys."""

    keys: pd.Index
    parts: ClusterScores


def scores_of_chunk(
    rows: ChunkRows, X: Array, spec: ModelSpec, theta: Array, beta: Array, link: Link
) -> KeyedScores:
    """Scores and expected information by cluster of one chunk, on the original scale."""
    group = rows.groups[spec.cluster_columns[0]].restrict(np.arange(rows.n))
    found = cluster_scores(theta, beta, X, rows.y, None, group.codes, group.size, link)
    return KeyedScores(pd.Index(list(group.labels), dtype=object), found)


def add_scores(parts: list[KeyedScores]) -> KeyedScores:
    """Clusters of several chunks."""
    codes, keys = pd.factorize(parts[0].keys.append([part.keys for part in parts[1:]]))
    m = parts[0].parts.score.shape[1]
    score, information = np.zeros((len(keys), m)), np.zeros((len(keys), m, m))
    start = 0
    for part in parts:
        at = codes[start : start + len(part.keys)]
        start += len(part.keys)
        score[at] += part.parts.score
        information[at] += part.parts.information
    return KeyedScores(pd.Index(keys), ClusterScores(score, information))


def prepare(source: Source, spec: ModelSpec, lang: str) -> tuple[Survey, Scaling]:
    """Levels (where there are categories), then moments, counts and the sample."""
    if source.once:
        raise model_error(
            lang,
            "Model ordinal membaca data beberapa kali; aliran sekali baca tidak cukup.",
            "An ordered model reads the data several times; a stream that is read once does not do.",
            ("Berikan daftar tabel atau berkas Parquet.", "Give a list of frames or a Parquet file."),
        )
    first = source.first()
    source.columns = needed_columns(spec, first)
    coding = Coding()
    if categorical_factors(first, spec, lang):
        coding = merge_levels(list(source.map(seen_levels, spec, "levels", lang)), (), lang)
    total: Survey | None = None
    for part in source.map(survey_chunk, spec, coding, lang):
        total = part if total is None else total + part
    assert total is not None
    if not total.n:
        raise model_error(
            lang,
            "Tidak ada baris lengkap untuk model ini.",
            "No complete row for this model.",
            ("Kurangi kolom yang banyak kosong.", "Drop the columns that are mostly missing."),
        )
    order = level_order(first, spec, tuple(total.counts), lang)
    coding = Coding(coding.levels, tuple(level for level in order if level in total.counts))
    if len(coding.outcome) < 2:
        raise _one_level(spec, lang)
    spread = np.sqrt(np.diag(total.cross) / total.n)
    crossed = np.array([":" in name and "[" in name for name in total.names], dtype=bool)
    empty = crossed & (spread == 0) & (total.mean == 0)
    keep = np.flatnonzero(~empty)
    for j in keep:
        if spread[j] <= 1e-13 * max(abs(float(total.mean[j])), 1e-300):
            raise constant_error(total.names[j], lang)
    names = tuple(total.names[j] for j in keep)
    return total, Scaling(coding, keep, names, total.mean[keep], spread[keep])


def level_order(
    first: pd.DataFrame, spec: ModelSpec, seen: tuple[Level, ...], lang: str
) -> tuple[Level, ...]:
    """All levels that the outcome's scale has: as declared by the first chunk, or found from all levels seen."""
    if isinstance(first[spec.outcome].dtype, pd.CategoricalDtype):
        declared = read_outcome(first, spec.outcome, "levels", lang).levels
        if set(seen) <= set(declared):
            return declared
    every = pd.DataFrame({spec.outcome: list(seen)})
    return read_outcome(every, spec.outcome, "levels", lang).levels


def start_of(survey: Survey, scaling: Scaling, link: Link) -> tuple[Array, Array] | None:
    """The optimum of the thin sample, standardised; None where the sample is too thin for one."""
    place = {level: k for k, level in enumerate(scaling.coding.outcome)}
    y = np.array([place[level] for level in survey.sample[1]], dtype=np.intp)
    if (np.bincount(y, minlength=len(place)) == 0).any():
        return None
    blocks = CategoryBlocks.from_arrays(
        used_columns(survey.sample[0], scaling), y, len(place), center=scaling.center, scale=scaling.scale
    )
    found = fit_blocks(blocks, link)
    k, beta = len(found.theta), found.beta * scaling.scale
    vague = np.sqrt(np.maximum(np.diag(found.covariance)[k:], 0.0)) * scaling.scale
    if not found.converged or vague.max(initial=0.0) > VAGUE:
        return None
    return found.theta - float(scaling.center @ found.beta), beta


def newton(
    source: Source, spec: ModelSpec, survey: Survey, scaling: Scaling, link: Link, lang: str
) -> CumulativeFit:
    """Newton's method, a pass over the chunks a step."""

    def evaluate(theta: Array, beta: Array) -> CumulativeSums:
        return combine(list(source.map(sums_of_chunk, spec, scaling, theta, beta, link, lang)))

    counts = np.array([survey.counts[level] for level in scaling.coding.outcome], dtype=np.float64)
    return fit_sums(
        evaluate, counts, scaling.center, scaling.scale, link,
        rows=survey.n, start=start_of(survey, scaling, link),
    )  # fmt: skip


def _one_level(spec: ModelSpec, lang: str) -> Exception:
    return model_error(
        lang,
        f'Keluaran "{spec.outcome}" hanya mempunyai satu nilai pada baris yang dipakai.',
        f'Outcome "{spec.outcome}" has a single value in the rows used.',
        ("Periksa saringan data.", "Check the filters."),
    )
