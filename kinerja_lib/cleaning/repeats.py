"""A large sheet taken apart: its distinct people and its distinct facts, each cleaned once and taken back to the rows.

A million appraisals hold a hundred thousand people and some ten thousand combinations of unit, period and ratings.
What is said of a person never depends on the facts, and the other way round, except in the table of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import RawTable

FROM_ROWS = 5_000
WORTHWHILE = 3  # rows for each distinct row
_LARGEST = 2**62
PERSONAL = frozenset(
    {
        "nip",
        "nip_nama",
        "nip_penilai",
        "nama",
        "nama_penilai",
        "tanggal_lahir",
        "tempat_tanggal_lahir",
    }
)

# Dates and scores that no rule looks at together with another column: each is a part of its own.
ALONE = ("tanggal_penilaian", "tanggal_penetapan_skp", "nilai_skp", "nilai_perilaku")

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """Distinct rows of some columns: as a raw table (its ``rows`` are those of the first of each), and which of
    them each row of the sheet is."""

    raw: RawTable
    of: Places
    holds: str = "all"  # or "facts", "people", or the name of its only column
    apart: tuple[str, ...] = ()  # of the facts: the columns that are parts of their own

    @property
    def weights(self) -> Places:
        """How many rows of the sheet each distinct row stands for."""
        return np.bincount(self.of, minlength=len(self.raw.frame))


def parts_of(sheet: RawTable, together: bool = False) -> tuple[Part, ...]:
    """Distinct facts, distinct people and lone columns of a sheet; all of it where there is little to gain.

    Parameters
    ----------
    sheet : RawTable
    together : bool
        Never take it apart.
    """
    whole = (Part(sheet, np.arange(len(sheet.frame))),)
    own = [name for name in sheet.frame.columns if name in PERSONAL]
    if together or not own or len(sheet.frame) < FROM_ROWS or sheet.table in ("", "pegawai"):
        return whole
    alone = tuple(
        name for name in ALONE if name in sheet.frame.columns and name in table(sheet.table).columns
    )
    rest = [name for name in sheet.frame.columns if name not in PERSONAL and name not in alone]
    parts = []
    for columns, holds in ((rest, "facts"), (own, "people"), *(([name], name) for name in alone)):
        part = _part(sheet, columns, holds)
        if part is None:
            return whole
        parts.append(replace(part, apart=alone) if holds == "facts" else part)
    return tuple(parts)


def _part(sheet: RawTable, columns: Sequence[str], holds: str) -> Part | None:
    count = len(sheet.frame)
    most = count // WORTHWHILE
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda name: coded(sheet.frame[name]), columns))
    if any(size > most for _, size in found):
        return None
    key, size = np.zeros(count, dtype=np.int64), 1
    for codes, distinct in found:
        if size > _LARGEST // (distinct + 1):
            key, size = _renumbered(key)
        key *= distinct + 1
        key += codes
        key += 1
        size *= distinct + 1
    key, size = _renumbered(key)
    if size > most:
        return None
    first = np.empty(size, dtype=np.int64)
    first[key[::-1]] = np.arange(count - 1, -1, -1)
    frame = sheet.frame[list(columns)].iloc[first].reset_index(drop=True)
    return Part(replace(sheet, frame=frame, rows=np.asarray(sheet.rows)[first]), key, holds)


def _renumbered(key: Places) -> tuple[Places, int]:
    """Numbers from 0 in the order in which they first occur, and how many there are."""
    codes, distinct = pd.factorize(key)
    return codes, len(distinct)


def coded(cells: pd.Series) -> tuple[NDArray[np.int32] | Places, int]:
    """The number of each cell's text, -1 where it is missing, and how many texts there are."""
    if getattr(cells.dtype, "storage", "") != "pyarrow":
        codes, texts = pd.factorize(cells)
        return codes, len(texts)
    import pyarrow as pa

    arrow = pa.chunked_array(cells.array.__arrow_array__()).dictionary_encode()
    if not arrow.num_chunks:
        return np.zeros(0, dtype=np.int32), 0
    parts = [chunk.indices.fill_null(-1).to_numpy() for chunk in arrow.chunks]
    return np.concatenate(parts), len(arrow.chunks[-1].dictionary)
