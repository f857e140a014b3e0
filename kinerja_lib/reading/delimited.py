"""Text files: the encoding and the delimiter are found, not assumed; read in blocks, so that memory stays flat.

A block in which every record has as many cells as the header goes through Arrow; any other (letterhead, total
rows, a signature) through ``csv``. Both give the same cells. Blocks end at a line break outside quotes; a file in
which a quote stands where none should is read by ``csv`` alone.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.coded import CODED, TEXT, repeating
from kinerja_lib.reading.encoding import encodings
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.pieces import OddQuotes, Piece, check_quotes
from kinerja_lib.reading.sources import Source, too_large
from kinerja_lib.schema.buffers import pool

DELIMITERS = (";", ",", "\t", "|")
MAX_CELL = 1_000_000
MAX_TEXT = 2 * 2**30
MAX_COLUMNS = 2_000
_BLOCK = 4 * 2**20
_PART = 2**19  # of a block, which the processor's cache holds
_LONGEST = 8 * _BLOCK  # of a record
_AT_ONCE = 2  # pieces that are taken apart side by side
_SAMPLE = 200_000


def read_delimited(source: Source) -> Grid:
    """Cells of a delimited text file.

    Raises
    ------
    ReadError
        No encoding fits, or a cell is longer than a million characters.
    """
    if source.size > MAX_TEXT:
        raise too_large(source.name)
    for encoding in encodings(source.head(4096)):
        try:
            return _read(source, encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(
        Both(f"{source.name}: pengodean teks tidak dikenal", en=f"{source.name}: unknown text encoding"),
        action=Both("simpan sebagai CSV UTF-8", en="save it as CSV UTF-8"),
    )


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most columns; a letterhead's lines don't speak against it."""
    lines = [line for line in text[:_SAMPLE].splitlines()[:50] if line.strip()]
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        split = [count for count in counts if count > 1]
        if not split:
            continue
        common = max(set(split), key=split.count)
        value = common * split.count(common) / len(counts)
        if value > score:
            best, score = delimiter, value
    return best


def _read(source: Source, encoding: str) -> Grid:
    csv.field_size_limit(MAX_CELL)
    parts: list[Grid] = []
    waiting: deque[Future[Grid]] = deque()
    try:
        with source.open() as file, ThreadPoolExecutor(_AT_ONCE) as threads:
            for piece in _pieces(file, encoding, source.name):
                if not parts:
                    mark = find_delimiter(piece.part(_SAMPLE).decode("utf-8", errors="replace"))
                    parts.append(_narrow(_block(piece, mark, source.name), source.name))
                    coded = repeating(parts[0].columns, len(parts[0]))
                    continue
                waiting.append(threads.submit(_block, piece, mark, source.name, coded))
                if len(waiting) > _AT_ONCE:
                    parts.append(_narrow(waiting.popleft().result(), source.name))
            parts += [_narrow(one.result(), source.name) for one in waiting]
    except OddQuotes:
        with source.open() as file:
            text = io.TextIOWrapper(file, encoding=encoding, newline="")
            return _slowly(text, mark, source.name)
    return Grid.of_parts(parts)


def _narrow(grid: Grid, name: str) -> Grid:
    if len(grid.columns) > MAX_COLUMNS:
        raise too_wide(name)
    return grid


def too_wide(name: str) -> ReadError:
    """The error about a sheet with too many columns."""
    return ReadError(
        Both(f"{name}: lebih dari {MAX_COLUMNS} kolom", en=f"{name}: more than {MAX_COLUMNS} columns"),
        action=Both("hapus kolom kosong di sebelah kanan", en="delete the empty columns at the right"),
    )


def _pieces(file: BinaryIO, encoding: str, name: str) -> Iterator[Piece]:
    """The file as UTF-8, in pieces of whole records."""
    if encoding == "utf-8":
        return _as_they_are(file, name)
    return _recoded(file, encoding, name)


def _as_they_are(file: BinaryIO, name: str) -> Iterator[Piece]:
    """Pieces of a file in UTF-8; what is read beyond a record's end is read again with the next piece."""
    size = _BLOCK
    while data := file.read(size):
        end = len(data) if len(data) < size else _record_end(data)
        file.seek(end - len(data), io.SEEK_CUR)
        if end:
            piece = Piece(data, end)
            if b"\0" in piece.part(_SAMPLE):
                raise UnicodeDecodeError("utf-8", data[:1], 0, 1, "a zero")
            if not data.isascii():
                piece.text()
            yield piece
            size = _BLOCK
        elif size >= _LONGEST:
            raise _long_cell(name)
        else:
            size *= 2


def _recoded(file: BinaryIO, encoding: str, name: str) -> Iterator[Piece]:
    decoder = codecs.getincrementaldecoder(encoding)()
    held, done = b"", False
    while not done:
        data = file.read(_BLOCK)
        done = not data
        held += decoder.decode(data, final=done).encode()
        end = len(held) if done else _record_end(held)
        if end:
            yield Piece(held, end)
            held = held[end:]
        if len(held) > _LONGEST:
            raise _long_cell(name)


def _record_end(held: bytes) -> int:
    """Place after the last line break that lies outside quotes; 0 where there is none."""
    end = held.rfind(b"\n") + 1
    if b'"' not in held:
        return end
    for _ in range(1_000):
        if not end or held.count(b'"', 0, end) % 2 == 0:
            return end
        end = held.rfind(b"\n", 0, end - 1) + 1
    return 0


def _block(piece: Piece, mark: str, name: str, coded: frozenset[int] = frozenset()) -> Grid:
    if piece.quoted():
        check_quotes(piece, ord(mark))
    table = _by_arrow(piece, mark, coded)
    return table if table is not None else _slowly(io.StringIO(piece.text(), newline=""), mark, name)


def _by_arrow(piece: Piece, mark: str, coded: frozenset[int]) -> Grid | None:
    """The block through Arrow; None where its records differ in their number of cells."""
    line = piece.part(piece.data.find(b"\n") + 1).decode("utf-8")
    plain = line.count('"') % 2 == 0 and "\r" not in line.rstrip("\r\n")
    width = len(next(csv.reader([line], delimiter=mark), [])) if plain else 0
    if not 2 <= width <= MAX_COLUMNS:
        return None
    names, quoted = [str(number) for number in range(width)], piece.quoted()
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(piece.data).slice(0, piece.end)),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_PART, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=mark,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: CODED if number in coded else TEXT for number, name in enumerate(names)},
                strings_can_be_null=False,
                check_utf8=False,  # done for the whole piece
            ),
            memory_pool=pool(),
        )
    except pa.ArrowInvalid:
        return None
    return Grid(table.columns, table.num_rows)


def _slowly(text: io.TextIOBase, mark: str, name: str) -> Grid:
    """The text through ``csv``; where quotes don't match, no cell may swallow a line break."""
    start = text.tell()
    try:
        return _records(csv.reader(text, delimiter=mark, strict=True), name, False)
    except csv.Error as error:
        if "field larger" in str(error):
            raise _long_cell(name) from error
    text.seek(start)
    try:
        return _records(csv.reader(text, delimiter=mark), name, True)
    except csv.Error as error:
        raise _long_cell(name) from error


def _records(reader: Any, name: str, sloppy: bool) -> Grid:
    parts, rows, line = [], [], 0
    for row in reader:
        if sloppy and reader.line_num > line + 1:
            raise ReadError(
                Both(
                    f"{name}: tanda kutip tidak tertutup di sekitar baris {line + 1}",
                    en=f"{name}: a quote is not closed near line {line + 1}",
                ),
                action=Both("perbaiki tanda kutip di baris itu", en="mend the quotes in that line"),
            )
        line = reader.line_num
        rows.append(row)
        if len(rows) == 50_000:
            parts.append(Grid.of_rows(rows))
            rows = []
    return Grid.of_parts([*parts, Grid.of_rows(rows)])


def _long_cell(name: str) -> ReadError:
    return ReadError(
        Both(
            f"{name}: satu sel lebih dari {MAX_CELL // 1_000_000} juta karakter",
            en=f"{name}: a cell of more than {MAX_CELL // 1_000_000} million characters",
        ),
        action=Both("periksa tanda kutip yang tidak tertutup", en="look for a quote that is never closed"),
    )
