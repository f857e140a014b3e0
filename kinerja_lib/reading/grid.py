"""A sheet's cells as text, by column: a million rows stay in Arrow, and a row is a list of texts when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kinerja_lib.reading.coded import TEXT, codes_of, is_coded, stacked

THREADS = 2
_BLOCK = 512
_MANY = 50_000  # rows worth a second thread
_MAY_BE_BLANK = np.zeros(256, dtype=bool)  # first bytes of blanks in UTF-8
_MAY_BE_BLANK[[*range(33), 0x7F, 0xC2, 0xE1, 0xE2, 0xE3]] = True


class Grid(Sequence[list[str]]):
    """Rows of text, every row as wide as the widest; a cell that is not there is an empty text.

    Parameters
    ----------
    columns : sequence of ChunkedArray
        Texts without missing values, all of one length; those of a large file may be coded.
    length : int
        Number of rows.
    """

    def __init__(self, columns: Sequence[Any], length: int) -> None:
        self.columns = list(columns)
        self._length = length
        self._blocks: dict[int, list[list[str]]] = {}
        self._holds: dict[int, NDArray[np.bool_]] = {}
        self._filled: NDArray[np.int64] | None = None

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
            columns.append(stacked(chunks))
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
        if self._filled is None:
            numbers = range(len(self.columns))
            count = np.zeros(self._length, dtype=np.int64)
            with ThreadPoolExecutor(THREADS if self._length > _MANY else 1) as pool:
                for holds in pool.map(self.holds, numbers):
                    count += holds
            self._filled = count
        return self._filled

    def holds(self, number: int) -> NDArray[np.bool_]:
        """Which cells of a column hold more than blanks."""
        if number not in self._holds:
            self._holds[number] = _each(self.columns[number], _holds)
        return self._holds[number]

    def texts_hold(self, number: int) -> NDArray[np.bool_]:
        """Which of the distinct texts of a coded column hold more than blanks."""
        chunks = self.columns[number].chunks
        return _holds(chunks[0].dictionary) if chunks else np.zeros(0, dtype=bool)

    def with_digit(self, number: int) -> NDArray[np.bool_]:
        """Which cells of a column hold a digit."""
        return _each(self.columns[number], _with_digit)

    def take(self, number: int, rows: NDArray[np.int64]) -> Any:
        """Cells of a column in these rows (ascending), as an Arrow chunked array."""
        column = self.columns[number]
        if len(rows) == 0:
            return pa.chunked_array([], column.type)
        if len(rows) == rows[-1] - rows[0] + 1:
            return column.slice(int(rows[0]), len(rows))
        keep = np.zeros(self._length, dtype=bool)
        keep[rows] = True
        return column.filter(pa.array(keep))


def _each(column: Any, question: Callable[[Any], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """The answer for each cell of a column; of a coded one each distinct text is asked about once."""
    if not column.num_chunks:
        return np.zeros(0, dtype=bool)
    if not is_coded(column):
        return np.concatenate([question(chunk) for chunk in column.chunks])
    texts = question(column.chunk(0).dictionary)
    return np.ones(len(column), dtype=bool) if texts.all() else texts[codes_of(column)]


def _first_bytes(cells: Any) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Which cells of a chunk hold something, and the first byte of each (any byte where there is none)."""
    offsets = np.frombuffer(cells.buffers()[1], dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    some: NDArray[np.bool_] = offsets[1:] > offsets[:-1]
    if not some.any():
        return some, np.zeros(len(some), dtype=np.uint8)
    data = np.frombuffer(cells.buffers()[2], dtype=np.uint8)
    return some, data[np.minimum(offsets[:-1], len(data) - 1)]


def _with_digit(cells: Any) -> NDArray[np.bool_]:
    """The same of one chunk: only a cell that does not begin with a digit is searched."""
    some, first = _first_bytes(cells)
    result: NDArray[np.bool_] = some & (first >= 48) & (first < 58)
    unclear = some & ~result
    if unclear.any():
        found = pc.match_substring_regex(cells.filter(pa.array(unclear)), "[0-9]")
        result[unclear] = found.to_numpy(zero_copy_only=False)
    return result


def _holds(cells: Any) -> NDArray[np.bool_]:
    """The same of one chunk: only a cell that begins with a blank is looked at as a text."""
    result, first = _first_bytes(cells)
    if result.any():
        doubtful = result & _MAY_BE_BLANK[first]
        if doubtful.any():
            result[doubtful] = ~pc.utf8_is_space(cells.filter(pa.array(doubtful))).to_numpy(
                zero_copy_only=False
            )
    return result


def blanks(count: int) -> Any:
    """An array of empty texts."""
    return pa.repeat(pa.scalar("", TEXT), count)
