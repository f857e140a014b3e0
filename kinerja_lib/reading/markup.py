"""XML Spreadsheet 2003 and HTML tables that call themselves ``.xls``; no entity and no DTD is ever followed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.delimited import decode

MAX_GAP = 2_000
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


class _Refused(Exception):
    """The document declares an entity or a DTD."""


class _XmlSheets:
    """Collects the rows of an XML Spreadsheet; ``ss:Index`` skips cells and rows."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, list[list[str]]]] = []
        self._text: list[str] | None = None
        self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("|")[2]
        index = int(attributes.get(f"{_SPACE}|Index", 0))
        if local == "Worksheet":
            self.sheets.append((attributes.get(f"{_SPACE}|Name", ""), []))
        elif local == "Row" and self.sheets:
            rows = self.sheets[-1][1]
            gap = max(index - 1 - len(rows), 0)
            if gap > MAX_GAP:
                raise _Refused  # a shortened gap would give every later row a wrong number
            rows.extend([] for _ in range(gap))
            rows.append([])
        elif local == "Cell" and self.sheets and self.sheets[-1][1]:
            row = self.sheets[-1][1][-1]
            row.extend("" for _ in range(min(max(index - 1 - len(row), 0), MAX_GAP)))
            row.append("")
            across = int(attributes.get(f"{_SPACE}|MergeAcross", 0))
            self._column = len(row) - 1
            row.extend("" for _ in range(min(across, MAX_GAP)))
        elif local == "Data":
            self._text = []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name.rpartition("|")[2] == "Data" and self._text is not None:
            if self.sheets and self.sheets[-1][1] and self.sheets[-1][1][-1]:
                self.sheets[-1][1][-1][self._column] += "".join(self._text)
            self._text = None


def read_xml_spreadsheet(path: Path) -> list[tuple[str, list[list[str]]]]:
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
        parser.Parse(path.read_bytes(), True)
    except (expat.ExpatError, ValueError, _Refused) as error:
        raise ReadError(
            Both(f"{path.name}: XML rusak atau tidak aman", en=f"{path.name}: damaged or unsafe XML"),
            action=Both("buka di Excel dan simpan sebagai .xlsx", en="open it in Excel and save it as .xlsx"),
        ) from error
    if not sheets.sheets:
        raise ReadError(
            Both(f"{path.name}: XML tanpa lembar kerja", en=f"{path.name}: XML without a worksheet"),
            action=Both("simpan sebagai .xlsx", en="save it as .xlsx"),
        )
    return sheets.sheets


def _refuse(*_: object) -> None:
    raise _Refused


class _HtmlTables(HTMLParser):
    """Collects the cells of all tables; a cell that spans columns leaves blanks after it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            span = dict(attrs).get("colspan") or "1"
            self.tables[-1][-1].append("")
            self._spare = min(int(span), MAX_GAP) - 1 if span.isdigit() else 0
            self._cell = True
        elif tag == "br" and self._cell:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell:
            self.tables[-1][-1].extend("" for _ in range(self._spare))
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


def read_html_tables(path: Path) -> list[list[list[str]]]:
    """Tables of an HTML file.

    Raises
    ------
    ReadError
        There is no table in it.
    """
    parser = _HtmlTables()
    parser.feed(decode(path.read_bytes(), path.name))
    tables = [
        [[re.sub(r"[ \t]+", " ", cell).strip() for cell in row] for row in table] for table in parser.tables
    ]
    if not any(tables):
        raise ReadError(
            Both(f"{path.name}: HTML tanpa tabel", en=f"{path.name}: HTML without a table"),
            action=Both("simpan sebagai .xlsx", en="save it as .xlsx"),
        )
    return [table for table in tables if table]
