"""Writes the files, the same bytes each time: workbooks, separated text, JSON lines, XML Spreadsheet 2003."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_MADE = datetime(2026, 1, 5, 8, 0, 0)


@dataclass
class Sheet:
    """A sheet: rows of cells (text, numbers; "" is blank), merged ranges and hidden rows, counted from 0."""

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)

    def add(self, *cells: Any) -> int:
        """Append a row; its number from 1."""
        self.rows.append(list(cells))
        return len(self.rows)

    @property
    def next_row(self) -> int:
        """Number (from 1) that the next row will have."""
        return len(self.rows) + 1


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """An ``.xlsx`` with fixed dates."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _MADE, "author": "Pemerintah Rangkui (data sintetis)"})
        bold = book.add_format({"bold": True, "align": "center"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:31])
            for i, row in enumerate(sheet.rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, str):
                        if cell:
                            page.write_string(i, j, cell)
                    elif cell is not None:
                        page.write_number(i, j, cell)
            for i, j, k, m in sheet.merges:
                page.merge_range(i, j, k, m, sheet.rows[i][j], bold)
            for i in sorted(sheet.hidden):
                page.set_row(i, None, None, {"hidden": True})
    _pack(path)


def _pack(path: Path) -> None:
    """Compress the parts again as far as it goes: a committed sample should be small."""
    with zipfile.ZipFile(path) as book:
        parts = [(info.filename, book.read(info)) for info in book.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, content in parts:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(info, content, compresslevel=9)


def write_text(
    path: Path, rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8", separator: str = ";"
) -> None:
    """Text with separators and CRLF; cells with a separator, a quote or a line break are quoted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (separator.join(_quoted(cell, separator) for cell in row) + "\r\n" for row in rows)
    path.write_bytes("".join(lines).encode(encoding, errors="replace"))


def _quoted(cell: Any, separator: str) -> str:
    text = "" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
    if any(mark in text for mark in (separator, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_json_lines(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """One JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes("".join(lines).encode("utf-8"))


def write_xml_spreadsheet(path: Path, sheets: Sequence[Sheet]) -> None:
    """XML Spreadsheet 2003 under the name ``.xls``, every cell text, as old applications write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n'
    ]
    for sheet in sheets:
        parts.append(f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>\n')
        for row in sheet.rows:
            cells = (f'<Cell><Data ss:Type="String">{escape(str(cell))}</Data></Cell>' for cell in row)
            parts.append(f"<Row>{''.join(cells)}</Row>\n")
        parts.append("</Table></Worksheet>\n")
    parts.append("</Workbook>\n")
    path.write_bytes("".join(parts).encode("utf-8"))
