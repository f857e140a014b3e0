"""XML Spreadsheet 2003 and HTML tables that call themselves ``.xls``; no entity and no DTD is ever followed.

Cells that span rows or columns keep their text in the first one and are listed as merged regions, as in a workbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.parsers import expat

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.delimited import too_wide
from kinerja_lib.reading.encoding import decode
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.sources import Source
from kinerja_lib.reading.workbooks import Merge, Sheet

MAX_GAP = 2_000
MAX_CELL = 1_000_000
MAX_PADDING = 2_000_000  # blank cells that spans and skipped places may add to one file
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


class _Refused(Exception):
    """The document declares an entity or a DTD, or asks for more room than a table needs."""


@dataclass
class _Cells:
    """A table that grows cell by cell; places taken by a cell from above are skipped."""

    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    padding: int = 0
    width: int = 0
    _taken: dict[int, int] = field(default_factory=dict)  # column -> last row that a cell from above takes

    def row(self) -> None:
        self.rows.append([])

    def cell(self, down: int, across: int, index: int = 0) -> None:
        """A new cell: in this column (from 1), else in the next free one."""
        row, number = self.rows[-1], len(self.rows) - 1
        while len(row) < index - 1 or (not index and self._taken.get(len(row), -1) >= number):
            self._pad(row)
        if index and len(row) >= index:
            raise _Refused  # a column before the one that was last written
        left = len(row)
        row.append("")
        for _ in range(across):
            self._pad(row)
        if down:
            self._taken |= dict.fromkeys(range(left, left + across + 1), number + down)
        if down or across:
            self.merges.append(((number, left), (number + down, left + across)))
        self.width = max(self.width, len(row))
        self._place = left

    def text(self, text: str) -> None:
        """More text of the cell that was last begun."""
        row = self.rows[-1]
        row[self._place] += text
        if len(row[self._place]) > MAX_CELL:
            raise _Refused

    def _pad(self, row: list[str]) -> None:
        row.append("")
        self.padding += 1
        if self.padding > MAX_PADDING or len(row) > 20_000:
            raise _Refused

    def sheet(self) -> Sheet:
        last = len(self.rows) - 1
        merges = tuple((first, (min(bottom, last), right)) for first, (bottom, right) in self.merges)
        return Sheet(
            self.name,
            Grid.of_rows(self.rows),
            merges,
            self.hidden,
            tuple(self.hidden_rows),
            tuple(self.hidden_columns),
        )


class _XmlSheets:
    """Collects the cells of an XML Spreadsheet; ``ss:Index`` skips cells, rows and columns."""

    def __init__(self) -> None:
        self.sheets: list[_Cells] = []
        self._reading = False
        self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("|")[2]

        def number(key: str, default: int = 0) -> int:
            return min(max(int(attributes.get(f"{_SPACE}|{key}", default)), 0), 2**20)

        if local == "Worksheet":
            self.sheets.append(_Cells(attributes.get(f"{_SPACE}|Name", "")))
            self._column = 0
        elif not self.sheets:
            return
        elif local == "Row":
            self._row(number("Index"), number("Hidden"))
        elif local == "Column":
            first = number("Index") or self._column + 1
            self._column = first + number("Span")
            if number("Hidden"):
                self.sheets[-1].hidden_columns += range(first, min(self._column, first + MAX_GAP) + 1)
        elif local == "Cell" and self.sheets[-1].rows:
            self.sheets[-1].cell(
                number("MergeDown"), min(number("MergeAcross"), 16_384), min(number("Index"), 20_000)
            )
        elif local == "Data":
            self._reading = bool(self.sheets[-1].rows and self.sheets[-1].rows[-1])

    def _row(self, index: int, hidden: int) -> None:
        cells = self.sheets[-1]
        gap = max(index - 1 - len(cells.rows), 0)
        if gap > MAX_GAP or (index and index <= len(cells.rows)):
            raise _Refused  # a shortened gap would give every later row a wrong number
        cells.rows.extend([] for _ in range(gap))
        cells.row()
        if hidden:
            cells.hidden_rows.append(len(cells.rows))

    def data(self, text: str) -> None:
        if self._reading:
            self.sheets[-1].text(text)

    def end(self, name: str) -> None:
        if name.rpartition("|")[2] == "Data":
            self._reading = False


def read_xml_spreadsheet(source: Source) -> list[Sheet]:
    """Sheets of an XML Spreadsheet 2003 file.

    Raises
    ------
    ReadError
        The XML is damaged, holds a DTD or an entity, or no worksheet.
    """
    sheets = _XmlSheets()
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        with source.open() as file:
            parser.ParseFile(file)
    except (expat.ExpatError, ValueError, _Refused) as error:
        raise ReadError(
            Both(f"{source.name}: XML rusak atau tidak aman", en=f"{source.name}: damaged or unsafe XML"),
            action=Both("buka di Excel dan simpan sebagai .xlsx", en="open it in Excel and save it as .xlsx"),
        ) from error
    if not sheets.sheets:
        raise ReadError(
            Both(f"{source.name}: XML tanpa lembar kerja", en=f"{source.name}: XML without a worksheet"),
            action=Both("simpan sebagai .xlsx", en="save it as .xlsx"),
        )
    return [cells.sheet() for cells in sheets.sheets]


def _refuse(*_: object) -> None:
    raise _Refused


class _HtmlTables(HTMLParser):
    """Collects the cells of all tables; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Cells] = []
        self._open: list[tuple[_Cells, bool]] = []  # the tables we are in, and whether inside a cell

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(_Cells(f"tabel {len(self.tables) + 1}"))
            self._open.append((self.tables[-1], False))
        elif not self._open:
            return
        elif tag == "tr":
            self._inside(False)
            self._open[-1][0].row()
            if re.search(r"display:\s*none", dict(attrs).get("style") or ""):
                self._open[-1][0].hidden_rows.append(len(self._open[-1][0].rows))
        elif tag in ("td", "th") and self._open[-1][0].rows:
            span = {name: _count(value) for name, value in attrs if name in ("rowspan", "colspan")}
            self._open[-1][0].cell(span.get("rowspan", 1) - 1, span.get("colspan", 1) - 1)
            self._inside(True)
        elif tag == "br" and self._open[-1][1]:
            self._open[-1][0].text("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
        elif tag in ("td", "th", "tr") and self._open:
            self._inside(False)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1]:
            self._open[-1][0].text(re.sub(r"\s+", " ", data))

    def _inside(self, cell: bool) -> None:
        self._open[-1] = (self._open[-1][0], cell)


def _count(text: str | None) -> int:
    return min(max(int(text), 1), MAX_GAP) if text and text.strip().isdecimal() else 1


def read_html_tables(source: Source) -> list[Sheet]:
    """Tables of an HTML file.

    Raises
    ------
    ReadError
        There is no table in it.
    """
    parser = _HtmlTables()
    try:
        parser.feed(decode(source.read(), source.name))
        parser.close()
    except _Refused as error:
        raise too_wide(source.name) from error
    for table in parser.tables:
        table.rows = [[re.sub(r"[ \u00a0]+", " ", cell).strip() for cell in row] for row in table.rows]
    if not any(table.rows for table in parser.tables):
        raise ReadError(
            Both(f"{source.name}: HTML tanpa tabel", en=f"{source.name}: HTML without a table"),
            action=Both("simpan sebagai .xlsx", en="save it as .xlsx"),
        )
    return [table.sheet() for table in parser.tables if table.rows]
