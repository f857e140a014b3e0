"""A large sheet taken apart: its distinct people, its distinct facts and columns that stand for themselves, each
cleaned once and taken back to the rows.

A million appraisals hold a hundred thousand people and some ten thousand combinations of unit, period and ratings.
What is said of a person never depends on the facts, and the other way round, except in the table of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.schema.buffers import numbers, pool
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import RawTable

FROM_ROWS = 5_000
TOGETHER = ("", "pegawai", "kebutuhan_kompetensi")  # what is said of a person depends on the row's facts
WORTHWHILE = 3  # rows for each distinct row
DENSE = 1  # possible numbers a row, up to which they are counted in a table
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

# Columns that no rule looks at together with another one: each is a part of its own, so that a column of which every
# row differs costs no more than itself.
ALONE = frozenset(
    {
        "tanggal_penilaian",
        "tanggal_penetapan_skp",
        "nilai_skp",
        "nilai_perilaku",
        "nama_pelatihan",
        "penyelenggara",
        "biaya",
        "jp",
        "berlaku_sampai",
        "harga",
        "nama_barang",
        "jumlah_baik",
        "jumlah_kurang_baik",
        "jumlah_rusak_berat",
        "kecepatan_internet",
        "ketersediaan_aplikasi",
        "judul_tugas",
        "capaian",
        "kendala",
        "persen_capaian",
        "judul_inovasi",
        "id_responden",
        "skor",
    }
)
SCORE = "nilai"  # the facts see only between which limits of a rating it lies

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
    """Distinct facts, distinct people and lone columns of a large sheet; each of them whole where few rows repeat.

    Parameters
    ----------
    sheet : RawTable
    together : bool
        Never take it apart.
    """
    if together or len(sheet.frame) < FROM_ROWS or sheet.table in TOGETHER:
        return (Part(replace(sheet, frame=_as_texts(sheet.frame)), np.arange(len(sheet.frame))),)
    declared = table(sheet.table).columns
    own = [name for name in sheet.frame.columns if name in PERSONAL]
    alone = tuple(
        name for name in sheet.frame.columns if (name in ALONE or name == SCORE) and name in declared
    )
    rest = [name for name in sheet.frame.columns if name not in PERSONAL and name not in alone]
    if not rest:
        return (Part(replace(sheet, frame=_as_texts(sheet.frame)), np.arange(len(sheet.frame))),)
    numbered = dict(zip(sheet.frame.columns, _numbered(sheet.frame), strict=True))
    parts = [replace(_part(sheet, rest, numbered, "facts"), apart=alone)]
    parts += [_part(sheet, own, numbered, "people")] if own else []
    return (*parts, *(_part(sheet, [name], numbered, name) for name in alone))


def _numbered(frame: pd.DataFrame) -> list[tuple[Any, int]]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: coded(frame[name]), frame.columns))


def _part(
    sheet: RawTable, columns: Sequence[str], numbered: Mapping[str, tuple[Any, int]], holds: str
) -> Part:
    count = len(sheet.frame)
    most = count // WORTHWHILE
    if any(numbered[name][1] > most for name in columns):
        return _whole(sheet, columns, holds)
    key, size = numbers(count), 1
    key[:] = 0
    for name in columns:
        codes, distinct = numbered[name]
        if size > max(_LARGEST // (distinct + 1), 1) or 1 < size < DENSE * count < size * (distinct + 1):
            key, size = _renumbered(key, size)
        key *= distinct + 1
        key += codes
        key += 1
        size *= distinct + 1
    key, size = _renumbered(key, size)
    if size > most:
        return _whole(sheet, columns, holds)
    first = first_of(key, size)
    frame = _as_texts(sheet.frame[list(columns)].iloc[first].reset_index(drop=True))
    return Part(replace(sheet, frame=frame, rows=np.asarray(sheet.rows)[first]), key, holds)


def _whole(sheet: RawTable, columns: Sequence[str], holds: str) -> Part:
    """Columns of which too few rows repeat: every row stands for itself."""
    frame = _as_texts(sheet.frame[list(columns)])
    return Part(replace(sheet, frame=frame), np.arange(len(frame)), holds)


def _as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame in which what a large file holds as categories is text again."""
    coded = {name: "str" for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
    return frame.astype(coded) if coded else frame


def with_scores(facts: Part, scores: Part, classes: Places) -> Part:
    """Distinct facts with the class of the score beside them; one score stands for all of its class.

    Parameters
    ----------
    facts, scores : Part
    classes : ndarray of int, shape (distinct scores,)
        Numbers from 0; what the facts' rules say of a score depends on its class alone.
    """
    kinds = int(classes.max(initial=0)) + 1
    key, size = _renumbered(facts.of * kinds + classes[scores.of], len(facts.raw.frame) * kinds)
    first = first_of(key, size)
    frame = facts.raw.frame.iloc[facts.of[first]].reset_index(drop=True)
    column = scores.raw.frame[SCORE].iloc[scores.of[first]]
    frame[SCORE] = column.set_axis(frame.index)
    return replace(
        facts, raw=replace(facts.raw, frame=frame, rows=np.asarray(facts.raw.rows)[facts.of[first]]), of=key
    )


def first_of(key: Places, size: int) -> NDArray[np.int32]:
    """The first place of each number; the length of ``key`` where it does not occur."""
    first = np.full(size, len(key), dtype=np.int32)
    first[key[::-1]] = np.arange(len(key) - 1, -1, -1, dtype=np.int32)
    return first


def _renumbered(key: Places, size: int) -> tuple[Places, int]:
    """Numbers from 0 in the order in which they first occur, and how many there are.

    Parameters
    ----------
    key : ndarray of int
        From 0 to ``size`` - 1: where these are few, they are counted in a table and not looked up.
    """
    if size > DENSE * len(key):
        codes, distinct = pd.factorize(key)
        return codes, len(distinct)
    first = first_of(key, size)
    found = np.flatnonzero(first < len(key))
    new = np.empty(size, dtype=np.int64)
    new[found[np.argsort(first[found])]] = np.arange(len(found))
    return np.take(new, key, out=numbers(len(key)), mode="clip"), len(found)


def coded(cells: pd.Series) -> tuple[NDArray[np.signedinteger[Any]], int]:
    """The number of each cell's text, -1 where it is missing, and how many texts there are."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.cat.codes.to_numpy(), len(cells.cat.categories)
    if getattr(cells.dtype, "storage", "") != "pyarrow":
        codes, texts = pd.factorize(cells)
        return codes, len(texts)
    import pyarrow.compute as pc

    arrow = pc.dictionary_encode(cells.array.__arrow_array__(), memory_pool=pool())
    if not arrow.num_chunks:
        return np.zeros(0, dtype=np.int32), 0
    parts = [chunk.indices.fill_null(-1).to_numpy() for chunk in arrow.chunks]
    return np.concatenate(parts), len(arrow.chunks[-1].dictionary)
