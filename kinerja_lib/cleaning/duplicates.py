"""One row per key: the more final status wins, then the later date, then the more complete, then the first.

Each row that was merged says which row won and by which of these four rules (``status``, ``tanggal``,
``kelengkapan``, ``urutan``). Rows that the first two can't tell apart and that differ are a conflict: the
winner is then only the fuller or the first, and the difference is listed for the office to settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning.conflicts import between_rows
from kinerja_lib.schema.fields import field, table

_LARGEST = 2**62
_DENSE = 8  # possible keys a row, up to which they are counted in a table
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


def merge_duplicates(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, Lines, Lines]:
    """Rows kept; a ledger line for each that was merged; the conflicts among them."""
    key = list(table(name).key)
    again = _repeated(frame, key)
    if not again.any():
        return frame, [], []
    part = _ranked(_plain(frame[again]), key)
    facts = [column for column in frame.columns if column not in _OWN]
    differs = _differing(part, [column for column in facts if column not in key])
    first = part.drop_duplicates("_key").set_index("_key")
    won = first.loc[part["_key"]].set_axis(part.index)
    lost = part["_key"].duplicated()
    rule = np.select(
        [part["_status"] < won["_status"], part["_day"] != won["_day"], part["_full"] != won["_full"]],
        ["status", "tanggal", "kelengkapan"],
        "urutan",
    )
    reason = np.where(
        _says_no_other(part, won, facts) & _says_no_other(won, part, facts), "kembar",
        np.where(
            np.isin(rule, ("status", "tanggal")), "versi_lama",
            np.where(_says_no_other(part, won, facts), "kurang_lengkap", "fakta_bertentangan"),
        ),
    )  # fmt: skip
    lines = [
        (*_place(source), row, name, "merged", why, "", "", f"{winner}:{number} ({how})")
        for source, row, why, winner, number, how, gone in zip(
            part["sumber"], part["baris_sumber"], reason, won["sumber"], won["baris_sumber"], rule, lost,
            strict=True,
        )
        if gone
    ]  # fmt: skip
    conflicts = between_rows(part[part["_key"].isin(differs)], name) if len(differs) else []
    return frame.drop(index=part.index[lost]), lines, conflicts


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


def _ranked(part: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows of repeated keys, the winner of each key first."""
    part = part.copy()
    stages = {stage: place for place, stage in enumerate(field("status_penilaian").categories)}
    part["_key"] = part.groupby(key, dropna=False, sort=False).ngroup()
    part["_status"] = part["status_penilaian"].map(stages).fillna(-1) if "status_penilaian" in part else 0
    days = (
        pd.to_datetime(part["tanggal_penilaian"])
        if "tanggal_penilaian" in part
        else pd.Series(pd.NaT, part.index)
    )
    part["_day"] = days.map(lambda day: -1 if pd.isna(day) else day.toordinal())
    part["_full"] = part.drop(columns=["_key", "_status", "_day"]).notna().sum(axis=1)
    part["_place"] = range(len(part))
    return part.sort_values(
        ["_key", "_status", "_day", "_full", "_place"], ascending=[True, False, False, False, True]
    )


def _differing(part: pd.DataFrame, facts: list[str]) -> np.ndarray[Any, Any]:
    """Keys that hold two values of some fact."""
    found: set[int] = set()
    keys = part["_key"].to_numpy()
    for column in facts:
        known = part[column].notna().to_numpy()
        codes = pd.factorize(part[column].astype("str"))[0][known]
        pairs = np.unique(np.column_stack([keys[known], codes]), axis=0)[:, 0]
        values, counts = np.unique(pairs, return_counts=True)
        found |= set(values[counts > 1].tolist())
    return np.array(sorted(found), dtype=np.int64)


def _says_no_other(part: pd.DataFrame, won: pd.DataFrame, facts: list[str]) -> np.ndarray[Any, Any]:
    """Rows whose facts, as far as they are known, are those of the other rows."""
    same = np.ones(len(part), dtype=bool)
    for column in facts:
        ours, theirs = part[column], won[column]
        same &= ((ours.astype("str") == theirs.astype("str")) | ours.isna()).to_numpy()
    return same


def _place(source: str) -> tuple[str, str]:
    file, _, sheet = source.rpartition("#")
    return file, sheet
