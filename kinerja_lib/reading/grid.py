"""A sheet's cells as text, by column: a million rows stay in Arrow, and a row is a list of texts when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

TEXT = pa.large_string()
_BLOCK = 512


class Grid(Sequence[list[str]]):
    """Rows of text, every row as wide as the widest; a cell that is not there is an empty text.

    Parameters
    ----------
    columns : sequence of ChunkedArray
        Texts without missing values, all of one length.
    length : int
        Number of rows.
    """

    def __init__(self, columns: Sequence[Any], length: int) -> None:
        self.columns = list(columns)
        self._length = length
        self._blocks: dict[int, list[list[str]]] = {}

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[str]]) -> Grid:
        """From rows of any width."""
        width = max(map(len, rows), default=0)
        columns = [
            pa.chunked_array([pa.array([row[j] if j < len(row) else "" for row in rows], TEXT)])
            for j in range(width)
        ]
        return cls(columns, len(rows))

    @classmethod
    def of_parts(cls, parts: Iterable[Grid]) -> Grid:
        """One below the other."""
        stack = [part for part in parts if len(part)]
        width = max((len(part.columns) for part in stack), default=0)
        columns = []
        for j in range(width):
            chunks = [
                chunk
                for part in stack
                for chunk in (part.columns[j].chunks if j < len(part.columns) else [blanks(len(part))])
            ]
            columns.append(pa.chunked_array(chunks, TEXT))
        return cls(columns, sum(map(len, stack)))

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self._length))]
        number = place + self._length if place < 0 else place
        if not 0 <= number < self._length:
            raise IndexError(place)
        block, inside = divmod(number, _BLOCK)
        if block not in self._blocks:
            if len(self._blocks) > 64:
                self._blocks.clear()
            parts = [column.slice(block * _BLOCK, _BLOCK).to_pylist() for column in self.columns]
            rows = [list(row) for row in zip(*parts, strict=True)]
            self._blocks[block] = rows or [[]] * min(_BLOCK, self._length)
        return self._blocks[block][inside]

    def __iter__(self) -> Iterator[list[str]]:
        return (self[number] for number in range(self._length))

    def filled(self) -> NDArray[np.int64]:
        """How many cells of each row hold more than blanks."""
        count = np.zeros(self._length, dtype=np.int64)
        for column in self.columns:
            count += self.holds(column)
        return count

    @staticmethod
    def holds(column: Any) -> NDArray[np.bool_]:
        """Which cells of a column hold more than blanks."""
        lengths = pc.binary_length(column).to_numpy()
        result: NDArray[np.bool_] = lengths > 0
        blank = pc.utf8_is_space(column).to_numpy(zero_copy_only=False)
        return result & ~blank

    def take(self, number: int, rows: NDArray[np.int64]) -> Any:
        """Cells of a column in these rows (ascending), as an Arrow array."""
        column = self.columns[number]
        if len(rows) == 0:
            return pa.array([], TEXT)
        if len(rows) == rows[-1] - rows[0] + 1:
            return column.slice(int(rows[0]), len(rows)).combine_chunks()
        return column.take(pa.array(rows)).combine_chunks()


def blanks(count: int) -> Any:
    """An array of empty texts."""
    return pa.repeat(pa.scalar("", TEXT), count)
