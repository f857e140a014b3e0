"""One row per key: the more final status wins, then the later date, then the more complete, then the first.

Each row that was merged says which row won and by which of these four rules (``status``, ``tanggal``,
``kelengkapan``, ``urutan``). Rows that the first two can't tell apart and that differ are a conflict: the
winner is then only the fuller or the first, and the difference is listed for the office to settle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning.conflicts import between_rows
from kinerja_lib.cleaning.ledger import lines
from kinerja_lib.schema.fields import field, table

_LARGEST = 2**62
_DENSE = 8  # possible keys a row, up to which they are counted in a table
_EPOCH = date(1970, 1, 1).toordinal()
_OWN = ("sumber", "baris_sumber", "_sheet")
Lines = list[tuple[Any, ...]]


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Typed frames one below the other; categories that differ are joined."""
    if len(frames) == 1:
        return frames[0]
    columns = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if all(isinstance(part.dtype, pd.CategoricalDtype) and not part.cat.ordered for part in parts):
            columns[name] = pd.Series(pd.api.types.union_categoricals(parts))
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def merge_duplicates(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame, Lines]:
    """Rows kept; a ledger line for each that was merged; the conflicts among them."""
    key = list(table(name).key)
    again = _repeated(frame, key).to_numpy()
    if not again.any():
        return frame, lines(np.zeros(0, dtype=np.int64)), []
    rows = np.flatnonzero(again)
    part = frame.iloc[rows]
    facts = [column for column in frame.columns if column not in _OWN]
    codes = {column: _codes(part[column]) for column in facts}
    rank = _ranked(part, codes, key)
    order = rank.order
    first = np.r_[True, rank.key[order][1:] != rank.key[order][:-1]]
    won = order[np.flatnonzero(first)[np.cumsum(first) - 1]]  # the winner of each row, in that order
    lost = ~first
    rule = np.select(
        [getattr(rank, one)[order] != getattr(rank, one)[won] for one in ("status", "day", "full")],
        ["status", "tanggal", "kelengkapan"],
        "urutan",
    )
    same = within = np.ones(len(order), dtype=bool)
    for column in facts:
        ours, theirs = codes[column][order], codes[column][won]
        same = same & (ours == theirs)
        within = within & ((ours == theirs) | (ours < 0))  # a blank cell contradicts nothing
    reason = np.select(
        [same, np.isin(rule, ("status", "tanggal")), within],
        ["kembar", "versi_lama", "kurang_lengkap"],
        "fakta_bertentangan",
    )
    merged = _lines(part[["sumber", "baris_sumber"]], order[lost], won[lost], name, reason[lost], rule[lost])
    differs = _differing([codes[one][order] for one in facts if one not in key], first)
    conflicts: Lines = []
    if differs.any():
        chosen = order[differs[np.cumsum(first) - 1]]
        extra = {"_key": rank.key[chosen], "_status": rank.status[chosen], "_day": rank.day[chosen]}
        conflicts = between_rows(_plain(part.iloc[chosen]).assign(**extra), name)
    return frame.drop(index=frame.index[rows[order[lost]]]), merged, conflicts


def _lines(
    places: pd.DataFrame, gone: NDArray[np.int64], won: NDArray[np.int64], name: str, reason: Any, rule: Any
) -> pd.DataFrame:
    """A ledger line for each merged row: which row won, and by which rule."""
    source = places["sumber"].astype("category").cat
    named = [_place(str(text)) for text in source.categories]
    file, sheet = (np.array([one[i] for one in named], dtype=object)[source.codes.iloc[gone]] for i in (0, 1))
    pairs, distinct = pd.factorize(pd.MultiIndex.from_arrays([won, rule]))
    winners = distinct.get_level_values(0)
    numbers = places["baris_sumber"].iloc[winners]
    texts = pd.array(
        [
            f"{place}:{number} ({how})"
            for place, number, how in zip(
                places["sumber"].iloc[winners], numbers, distinct.get_level_values(1), strict=True
            )
        ],
        dtype="str",
    )
    return lines(
        places["baris_sumber"].to_numpy(dtype=np.int64)[gone], file=file, sheet=sheet, table=name,
        action="merged", reason=reason, detail=texts.take(pairs),
    )  # fmt: skip


def _repeated(frame: pd.DataFrame, key: list[str]) -> pd.Series:
    """Rows whose key occurs more than once: ``DataFrame.duplicated`` from the categories' own numbers."""
    whole, size = np.zeros(len(frame), dtype=np.int64), 1
    for name in key:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, distinct = column.cat.codes.to_numpy(), len(column.cat.categories)
        else:
            codes, texts = pd.factorize(column)
            distinct = len(texts)
        if size > _LARGEST // (distinct + 1):
            return frame.duplicated(subset=key, keep=False)
        whole *= distinct + 1
        whole += codes
        whole += 1
        size *= distinct + 1
    if size > _DENSE * len(frame):
        return pd.Series(whole, index=frame.index).duplicated(keep=False)
    return pd.Series(np.bincount(whole)[whole] > 1, index=frame.index)


def _plain(part: pd.DataFrame) -> pd.DataFrame:
    """Typed rows as plain values, days as dates."""
    plain = part.astype("object").where(part.notna(), None)
    for name in part.columns:
        if part[name].dtype.kind == "M":
            plain[name] = part[name].dt.date.astype("object").where(part[name].notna(), None)
    return plain


def _codes(column: pd.Series) -> NDArray[np.int32]:
    """A number for each value, -1 where it is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(dtype=np.int32)
    return pd.factorize(column)[0].astype(np.int32)


class _Rank(NamedTuple):
    """Of each row its key and how final, late and full it is; and the order in which the winner of a key is first."""

    key: NDArray[np.int64]
    status: NDArray[np.int64]
    day: NDArray[np.int64]
    full: NDArray[np.int64]
    order: NDArray[np.int64]


def _ranked(part: pd.DataFrame, codes: Mapping[str, NDArray[np.int32]], key: Sequence[str]) -> _Rank:
    number, none = np.zeros(len(part), dtype=np.int64), np.full(len(part), -1, dtype=np.int64)
    for name in key:
        number = pd.factorize(number * (int(codes[name].max(initial=-1)) + 2) + codes[name] + 1)[0]
    status, day = none, none
    if "status_penilaian" in part:
        stages = {stage: place for place, stage in enumerate(field("status_penilaian").categories)}
        status = part["status_penilaian"].astype("object").map(stages).fillna(-1).to_numpy(dtype=np.int64)
    if "tanggal_penilaian" in part:
        days = pd.to_datetime(part["tanggal_penilaian"]).astype("datetime64[s]")
        day = np.where(days.isna(), -1, days.astype("int64") // 86_400 + _EPOCH)
    full = np.zeros(len(part), dtype=np.int64)
    for found in codes.values():
        full += found >= 0
    order = np.lexsort((-full, -day, -status, number))
    return _Rank(number, status, day, full, order)


def _differing(facts: Sequence[NDArray[np.int32]], first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each key, in the order of its rows, whether it holds two values of some fact."""
    starts = np.flatnonzero(first)
    found = np.zeros(len(starts), dtype=bool)
    for codes in facts:
        high = np.maximum.reduceat(codes, starts)
        low = np.minimum.reduceat(np.where(codes < 0, np.iinfo(np.int32).max, codes), starts)
        found |= (high >= 0) & (low < high)
    return found


def _place(source: str) -> tuple[str, str]:
    file, _, sheet = source.rpartition("#")
    return file, sheet
