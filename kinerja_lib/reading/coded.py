"""Columns of a large text file in which few texts repeat: each text once, and for each row its number.

A million rows of ten units, four quarters and six ratings are a million numbers of four bytes; as texts they would
be copied, compared and freed again several times before cleaning looks at the few that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kinerja_lib.schema.buffers import pool

TEXT = pa.large_string()
CODED = pa.dictionary(pa.int32(), TEXT)
FROM_ROWS = 5_000  # fewer are read as fast as texts
REPEATED = 4  # rows for each distinct text, from which a column is worth it
DTYPE = pd.StringDtype("pyarrow", na_value=np.nan)


def is_coded(column: Any) -> bool:
    """Whether an Arrow column holds numbers of texts."""
    return bool(pa.types.is_dictionary(column.type))


def repeating(columns: Sequence[Any], length: int) -> frozenset[int]:
    """Which of these columns repeat themselves so often that they are better coded."""
    if length < FROM_ROWS:
        return frozenset()
    return frozenset(
        number
        for number, column in enumerate(columns)
        if sum(len(chunk.dictionary) for chunk in encoded(column).chunks[-1:]) * REPEATED <= length
    )


def encoded(column: Any) -> Any:
    """A chunked array of texts or numbers as numbers, the same texts in all chunks."""
    if is_coded(column):
        return column
    return (
        pc.dictionary_encode(column, memory_pool=pool()) if column.num_chunks else pa.chunked_array([], CODED)
    )


def stacked(chunks: Sequence[Any]) -> Any:
    """Chunks of one column, one below the other: as numbers where some of them are."""
    if not any(map(is_coded, chunks)):
        return pa.chunked_array(chunks, TEXT)
    same = [chunk if is_coded(chunk) else chunk.dictionary_encode() for chunk in chunks]
    return pa.chunked_array(same, CODED).unify_dictionaries()


def codes_of(column: Any) -> NDArray[np.int32]:
    """The number of each row's text."""
    parts = [chunk.indices.to_numpy() for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def series_of(column: Any, holds: NDArray[np.bool_]) -> pd.Series:
    """A coded column as categories of text, or as text where it repeats too little after all.

    Parameters
    ----------
    column : ChunkedArray of ``CODED``
    holds : ndarray of bool
        Which of the distinct texts hold more than blanks; the cells of the others are missing.
    """
    codes = codes_of(column)
    if not holds.all():
        codes = np.where(holds, np.arange(len(holds), dtype=np.int32), np.int32(-1))[codes]
    texts = pd.Index(DTYPE.__from_arrow__(column.chunk(0).dictionary)) if len(codes) else pd.Index([], DTYPE)
    if len(texts) * REPEATED > len(codes):
        return pd.Series(texts.array.take(codes, allow_fill=True))
    return pd.Series(pd.Categorical.from_codes(codes, categories=texts, validate=False), copy=False)
