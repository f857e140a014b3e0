"""The XML parts of an .xlsx workbook, scanned before it is opened: how far its cells reach, how long they are,
and which rows and columns are hidden."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from kinerja_lib.errors import Both, ReadError

MAX_DENSE = 4_000_000  # cells between the first and the last that are always allowed
MAX_SPARSE = 20  # beyond these, so many for each cell that is there
MAX_CELL = 1_000_000  # characters; Excel itself stops at 32,767
_CHUNK = 2**20
_SMALL = 10 * 2**20
_OVERLAP = 400

Hidden = tuple[tuple[int, ...], tuple[int, ...]]

_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d{1,7})"([^>]*)')
_WIDE = re.compile(rb'\br="([A-Z]{2,3})\d')
_DEEP = re.compile(rb'\br="[A-Z]{1,3}(\d{5,7})"')
_COLUMN = re.compile(rb"<(?:\w+:)?col [^>]*>")
_FROM_1904 = re.compile(rb'\bdate1904="(?:1|true|on)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


@dataclass
class _Reach:
    cells: int = 0
    row: int = 0
    column: int = 26
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def check_workbook(name: str, archive: zipfile.ZipFile) -> dict[str, Hidden]:
    """Refuse a workbook whose cells lie too far apart or are too long; hidden rows and columns by sheet name.

    Raises
    ------
    ReadError
    """
    found: dict[str, Hidden] = {}
    hidden = {}
    for entry in archive.infolist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
            reach = _scan(name, archive, entry)
            if reach.hidden_rows or reach.hidden_columns:
                hidden[entry.filename] = (
                    tuple(sorted(reach.hidden_rows)),
                    tuple(sorted(reach.hidden_columns)),
                )
        elif entry.file_size > 2 * _CHUNK and entry.filename.endswith(".xml"):
            for _ in _chunks(name, archive, entry):
                pass
    if hidden:
        for sheet, part in _sheet_parts(archive).items():
            if part in hidden:
                found[sheet] = hidden[part]
    return found


def counts_from_1904(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook's days are counted from 1904, as old ones of a Macintosh are."""
    try:
        with archive.open("xl/workbook.xml") as part:
            return _FROM_1904.search(part.read(_CHUNK)) is not None
    except (KeyError, zlib.error):
        return False


def _chunks(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that overlap a little; a piece without any mark is inside one endless text."""
    tail = b""
    try:
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                if len(piece) == _CHUNK and b"<" not in piece:
                    raise ReadError(
                        Both(
                            f"{name}: satu sel lebih dari {MAX_CELL // 1_000_000} juta karakter",
                            en=f"{name}: a cell of more than {MAX_CELL // 1_000_000} million characters",
                        ),
                        action=Both("hapus isi sel itu", en="clear that cell"),
                    )
                yield tail + piece
                tail = piece[-_OVERLAP:]
    except zlib.error as error:
        raise zipfile.BadZipFile(str(error)) from error


def _scan(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Reach:
    reach = _Reach()
    for piece in _chunks(name, archive, entry):
        reach.cells += piece.count(b"<c ") + piece.count(b":c ")
        rows = _ROW.findall(piece)
        if rows:
            reach.row = max(reach.row, max(int(number) for number, _ in rows))
        if reach.row < 10_000:  # a cell may claim a row of its own
            reach.row = max([reach.row, *map(int, _DEEP.findall(piece))])
        for letters in set(_WIDE.findall(piece)):
            reach.column = max(reach.column, _number(letters))
        if b"hidden=" in piece:
            reach.hidden_rows |= {int(number) for number, more in rows if _HIDDEN.search(more)}
            for text in _COLUMN.findall(piece):
                if _HIDDEN.search(text):
                    reach.hidden_columns |= _span(text)
    dense = reach.row * reach.column
    if dense > MAX_DENSE and dense > MAX_SPARSE * reach.cells:
        raise ReadError(
            Both(
                f"{name}: ada sel terisi jauh di luar tabel (baris {reach.row}, kolom {reach.column})",
                en=f"{name}: a cell far outside the table is filled (row {reach.row}, column {reach.column})",
            ),
            action=Both(
                "hapus baris dan kolom di luar tabel, lalu simpan lagi",
                en="delete rows and columns outside the table, then save again",
            ),
        )
    return reach


def _number(letters: bytes) -> int:
    result = 0
    for letter in letters:
        result = 26 * result + letter - 64
    return result


def _span(text: bytes) -> set[int]:
    low, high = re.search(rb'\bmin="(\d{1,5})"', text), re.search(rb'\bmax="(\d{1,5})"', text)
    return set(range(int(low[1]), min(int(high[1]), 16_384) + 1)) if low and high else set()


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each sheet."""
    texts = {}
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        try:
            if archive.getinfo(part).file_size > _SMALL:
                return {}
            texts[part] = ElementTree.fromstring(archive.read(part))
        except (KeyError, ElementTree.ParseError):
            return {}
    targets = {
        item.get("Id", ""): item.get("Target", "").lstrip("/").removeprefix("xl/")
        for item in texts["xl/_rels/workbook.xml.rels"]
    }
    return {
        item.get("name", ""): f"xl/{targets.get(value, '')}"
        for item in texts["xl/workbook.xml"].iter()
        if item.tag.endswith("}sheet")
        for key, value in item.items()
        if key.endswith("}id")
    }
