"""Sufficient statistics by group: a table of any length in one pass, chunk by chunk, with full inference.

What a linear or multilevel model needs of the data are, for each group, its size, the sums and the
cross-products of the columns. They add up: over the row groups of a Parquet file, over processes, over Dask
workers. Columns are centred about the means of the first chunk, so that the sums keep their digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
from kinerja_lib.models.chunks import Source, fit_chunks
from kinerja_lib.models.clustered import Segments
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error

__all__ = ["ClusterSums", "chunk_sums", "collect", "combine", "fit_chunks"]

Array = NDArray[np.float64]

#: groups that may wait before parts are added together
_PENDING = 100_000


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """Sums of the centred columns W = (X, y) by group; two of the same coding can be added.

    Attributes
    ----------
    names : tuple of str
        Columns of X (without a constant).
    shift : ndarray, shape (p + 1,)
        What was subtracted from each column.
    keys : Index, length G
    n, first, cross : ndarray, shapes (G,), (G, p + 1), (G, p + 1, p + 1)
    rows, dropped : int, dict of str to int
        Rows seen, and those dropped by reason.
    cells : tuple of ndarray, or None
        For effects inside the groups: hash of the effect, place of the group in ``keys``, size, column sums.
    """

    names: tuple[str, ...]
    shift: Array
    keys: pd.Index
    n: Array
    first: Array
    cross: Array
    rows: int
    dropped: dict[str, int]
    cells: tuple[NDArray[np.uint64], NDArray[np.int64], Array, Array] | None = None

    def __add__(self, other: ClusterSums) -> ClusterSums:
        return combine([self, other])


def combine(parts: list[ClusterSums]) -> ClusterSums:
    """Add several parts of a table."""
    if len(parts) == 1:
        return parts[0]
    keys = parts[0].keys.append([part.keys for part in parts[1:]])
    codes, found = pd.factorize(keys)
    size, q = len(found), parts[0].first.shape[1]
    n, first, cross = np.zeros(size), np.zeros((size, q)), np.zeros((size, q, q))
    dropped: dict[str, int] = {}
    start, places = 0, []
    for part in parts:
        at = codes[start : start + len(part.keys)]
        start += len(part.keys)
        places.append(at)
        n[at] += part.n
        first[at] += part.first
        cross[at] += part.cross
        for reason, count in part.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + count
    cells = None
    if parts[0].cells is not None:
        found_cells = [part.cells for part in parts if part.cells is not None]
        cells = _merge_cells(
            np.concatenate([cell[0] for cell in found_cells]),
            np.concatenate([at[cell[1]] for at, cell in zip(places, found_cells, strict=True)]),
            np.concatenate([cell[2] for cell in found_cells]),
            np.vstack([cell[3] for cell in found_cells]),
        )
    rows = sum(part.rows for part in parts)
    return ClusterSums(parts[0].names, parts[0].shift, pd.Index(found), n, first, cross, rows, dropped, cells)


def _merge_cells(
    effect: NDArray[np.uint64], place: NDArray[np.int64], n: Array, first: Array
) -> tuple[NDArray[np.uint64], NDArray[np.int64], Array, Array]:
    """Cells of the same effect and group, which different chunks hold, become one."""
    order = np.lexsort((place, effect))
    effect, place = effect[order], place[order]
    new = np.r_[True, (effect[1:] != effect[:-1]) | (place[1:] != place[:-1])]
    starts = np.flatnonzero(new)
    if len(starts) == len(order):
        return effect, place, n[order], first[order]
    return (
        effect[starts],
        place[starts],
        np.add.reduceat(n[order], starts),
        np.add.reduceat(first[order], starts, axis=0),
    )


def chunk_sums(
    chunk: pd.DataFrame,
    spec: ModelSpec,
    coding: Coding,
    shift: Array,
    key: str,
    effect: str | None = None,
    lang: str = "id",
) -> ClusterSums:
    """Sums of one chunk by the groups of column ``key``, about ``shift`` (p + 1,)."""
    rows = read_chunk(chunk, spec, coding, "number", lang)
    group = rows.groups[key]
    group = group.restrict(np.arange(rows.n))
    segments = Segments(group.codes, group.size)
    centred = [rows.X[:, j] - shift[j] for j in range(rows.X.shape[1])] + [rows.y - shift[-1]]
    q = len(centred)
    first, cross = np.zeros((group.size, q)), np.zeros((group.size, q, q))
    cells = None
    if effect is not None:
        cells = _cells(rows, group.codes, effect, centred)
    if rows.n:
        buffer = np.empty(rows.n)
        for a in range(q):
            first[:, a] = segments.sum(centred[a])
            for b in range(a, q):
                np.multiply(centred[a], centred[b], out=buffer)
                cross[:, a, b] = cross[:, b, a] = segments.sum(buffer)
    n = np.bincount(group.codes, minlength=group.size).astype(np.float64)
    keys = pd.Index(list(group.labels), dtype=object)
    return ClusterSums(rows.names, shift, keys, n, first, cross, rows.rows, dict(rows.dropped), cells)


def _cells(
    rows: ChunkRows, codes: NDArray[np.int64], effect: str, centred: list[Array]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], Array, Array]:
    """Sums by (effect, group); the effect is known by a 64-bit hash, so that no identity leaves the chunk."""
    own = rows.groups[effect]
    labels = pd.Series(list(own.labels), dtype=object)
    hashes = pd.util.hash_array(labels.astype(str).to_numpy(dtype=object), categorize=False)
    pair = own.codes * (int(codes.max(initial=0)) + 1) + codes
    if bool((pair[1:] >= pair[:-1]).all()):
        new = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]]) if len(pair) else np.empty(0, np.int64)
        local = np.repeat(np.arange(len(new)), np.diff(np.r_[new, len(pair)]))
        at = new
    else:
        _, at, local = np.unique(pair, return_index=True, return_inverse=True)
    segments = Segments(local.astype(np.int64), len(at))
    sums = np.empty((len(at), len(centred)))
    for j, column in enumerate(centred):
        sums[:, j] = segments.sum(column) if len(at) else 0.0
    n = np.bincount(local, minlength=len(at)).astype(np.float64)
    return hashes[own.codes[at]].astype(np.uint64), codes[at].astype(np.int64), n, sums


def shared_coding(source: Source, spec: ModelSpec, lang: str) -> tuple[Coding, Array]:
    """Levels of all chunks (of the first, for a stream), and the column means of the first."""
    first = source.first()
    if not source.once:
        source.columns = needed_columns(spec, first)
    own = seen_levels(first, spec, "number", lang)
    parts = [own]
    if categorical_factors(first, spec, lang) and not source.once:
        parts = list(source.map(seen_levels, spec, "number", lang))
    coding = merge_levels(parts, (), lang)
    rows = read_chunk(first, spec, coding, "number", lang)
    columns = [rows.X[:, j] for j in range(rows.X.shape[1])] + [rows.y]
    return coding, np.array([c.mean() if rows.n else 0.0 for c in columns])


def collect(
    source: Source, spec: ModelSpec, key: str, effect: str | None, lang: str
) -> tuple[ClusterSums, Coding]:
    """Read every chunk once and add up its sums; columns of crossed categories without a row are left out."""
    coding, shift = shared_coding(source, spec, lang)
    total = _added(source.map(chunk_sums, spec, coding, shift, key, effect, lang))
    if not int(total.n.sum()):
        raise model_error(
            lang,
            "Tidak ada baris lengkap untuk model ini.",
            "No complete row for this model.",
            ("Kurangi kolom yang banyak kosong.", "Drop the columns that are mostly missing."),
            tuple(f"{name} -> {n}" for name, n in total.dropped.items()),
        )
    square = np.einsum("gaa->a", total.cross) + 2 * total.shift * total.first.sum(axis=0)
    square = square + total.shift**2 * total.n.sum()
    crossed = np.array([":" in name and "[" in name for name in total.names] + [False])
    keep = np.flatnonzero(~(crossed & (square <= 1e-12)))
    if len(keep) < len(square):
        cells = total.cells and (*total.cells[:3], total.cells[3][:, keep])
        total = replace(
            total,
            names=tuple(total.names[j] for j in keep[:-1]),
            shift=total.shift[keep],
            first=total.first[:, keep],
            cross=total.cross[:, keep][:, :, keep],
            cells=cells or None,
        )
    return total, coding


def _added(parts: Iterable[ClusterSums]) -> ClusterSums:
    """One sum; parts wait until they are as many as what was added before, so that the work stays linear."""
    total: ClusterSums | None = None
    waiting: list[ClusterSums] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += max(len(part.keys), 0 if part.cells is None else len(part.cells[0]) // 8)
        if size > max(_PENDING, 0 if total is None else len(total.keys)):
            total = combine([*([] if total is None else [total]), *waiting])
            waiting, size = [], 0
    return combine([*([] if total is None else [total]), *waiting])


def encoding_of(sums: ClusterSums, spec: ModelSpec, coding: Coding, intercept: bool) -> Encoding:
    """How to encode a new frame in the same way."""
    names = ("Intercept", *sums.names) if intercept else sums.names
    return Encoding(spec.terms, dict(coding.levels), names, intercept)
