"""Text files: the encoding and the delimiter are found, not assumed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kinerja_lib.errors import Both, ReadError

DELIMITERS = (";", ",", "\t", "|")
MAX_CELL = 1_000_000


def read_delimited(path: Path) -> list[list[str]]:
    """Rows of a delimited text file.

    Raises
    ------
    ReadError
        No encoding fits, or a cell is longer than a million characters.
    """
    text = decode(path.read_bytes(), path.name)
    csv.field_size_limit(MAX_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text)))
    except csv.Error as error:
        raise ReadError(
            Both(
                f"{path.name}: teks tidak dapat dibaca sebagai tabel", en=f"{path.name}: the text is no table"
            ),
            details=[str(error)],
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error


def decode(data: bytes, name: str) -> str:
    """Bytes as text: a byte order mark decides, else UTF-8, else UTF-16 by its zeros, else Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return (
                data.decode(encoding, errors="strict") if encoding == "utf-8-sig" else data.decode(encoding)
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\x00" not in text:
        return text
    if data[1:2000:2].count(0) > len(data[1:2000:2]) // 2:
        return data.decode("utf-16-le")
    if data[0:2000:2].count(0) > len(data[0:2000:2]) // 2:
        return data.decode("utf-16-be")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ReadError(
            Both(f"{name}: pengodean teks tidak dikenal", en=f"{name}: unknown text encoding"),
            action=Both("simpan sebagai CSV UTF-8", en="save it as CSV UTF-8"),
        ) from error


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most columns, the same number in most lines."""
    lines = [line for line in text[:200_000].splitlines()[:50] if line.strip()]
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        if not counts or max(counts) < 2:
            continue
        common = max(set(counts), key=counts.count)
        value = common * counts.count(common) / len(counts) if common > 1 else 0.0
        if value > score:
            best, score = delimiter, value
    return best
