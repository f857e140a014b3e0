"""The data annex: each table, and the numbers behind each figure, as real numbers in a workbook."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.color import mix, readable
from kinerja_lib.reporting.numbering import Numbered
from kinerja_lib.reporting.values import UNDATED, is_iso_date, parse_format
from kinerja_lib.reporting.words import words

_DATES = {"id": "[$-421]d mmmm yyyy", "en": "[$-809]d mmmm yyyy"}
_HEAD_ROW = 4
_TITLE_COLUMNS = 6  # the title runs over so many columns of a narrow table
_MARKS = re.compile(r"[\[\]:*?/\\']")


def render_xlsx(numbered: Numbered) -> bytes:
    """The workbook; no text in it ever becomes a formula or a link. Its only date is the cover's."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(out, options)
    cover = numbered.report.cover
    book.set_properties(
        {
            "title": cover["title"],
            "subject": cover["subtitle"],
            "author": ", ".join(cover["agency"]),
            "created": _created(cover["date"]),
        }
    )
    sheets = _sheets(numbered)
    writer = _Writer(book, numbered)
    writer.cover()
    writer.notes(sheets)
    for name, block, grid in sheets:
        writer.grid(name, block, grid)
    book.close()
    return out.getvalue()


def _created(text: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(text if is_iso_date(text) else UNDATED), dt.time())


def _sheets(numbered: Numbered) -> list[tuple[str, Block, Block]]:
    """Sheet name, block and grid of each table and each figure with data, in the order of the report."""
    out = []
    for block in numbered.report.blocks:
        grid = block if block["kind"] == "table" else block.get("data") if block["kind"] == "figure" else None
        if grid is not None:
            out.append((_MARKS.sub(" ", numbered.label(block))[:31], block, grid))
    return out


_TITLE_WIDTH, _SOURCE_WIDTH, _LINE = 60, 46, 15  # letters of the columns of the notes, points of a line


class _Writer:
    """Sheets of one workbook in the colours of the agency."""

    def __init__(self, book: Any, numbered: Numbered) -> None:
        self.book, self.numbered = book, numbered
        self.known = words(numbered.lang)
        accent = readable(numbered.report.cover["color"], "#FFFFFF")
        self.accent, self.tint = accent, mix(accent, "#FFFFFF", 0.93)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **properties: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "Calibri", "valign": "top", **properties})
        return self._formats[key]

    def _sheet(self, name: str, landscape: bool = False) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_margins(0.6, 0.6, 0.7, 0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{_footer(self.numbered.report.cover['title'])}&R{self.known['page']} &P / &N")
        if landscape:
            sheet.set_landscape()
        return sheet

    def cover(self) -> None:
        """Title, agency, number, date, and the mark of synthetic data."""
        cover, sheet = self.numbered.report.cover, self._sheet(self.known["cover"])
        sheet.set_column(0, 0, 96)
        row = 1
        for line in cover["agency"]:
            sheet.write_string(row, 0, line, self.look(bold=True, font_color=self.accent, font_size=12))
            row += 1
        big = self.look(bold=True, font_size=22, font_color=self.accent, text_wrap=True)
        sheet.set_row(row + 1, 30 * (1 + len(cover["title"]) // 56))
        sheet.write_string(row + 1, 0, cover["title"], big)
        number = f"{self.known['number']}: {cover['number']}" if cover["number"] else ""
        mark = self.known["synthetic_text"] if cover["synthetic"] else ""
        lines = [cover["subtitle"], self.known["workbook"], "", number, cover["place_date"], cover["version"]]
        row += 2
        for line in [*lines, cover["classification"], mark]:
            if line:
                sheet.write_string(row, 0, line, self.look(text_wrap=True))
            row += 1
        sheet.print_area(0, 0, row, 0)

    def notes(self, sheets: list[tuple[str, Block, Block]]) -> None:
        """What the workbook holds: one line a sheet, each a link."""
        sheet = self._sheet(self.known["notes"])
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, _TITLE_WIDTH + 4)
        sheet.set_column(2, 2, _SOURCE_WIDTH + 4)
        sheet.write_string(
            0, 0, self.known["notes"], self.look(bold=True, font_size=14, font_color=self.accent)
        )
        sheet.merge_range(1, 0, 1, 2, "", self.look(text_wrap=True))
        sheet.write_string(1, 0, self.known["notes_text"], self.look(text_wrap=True))
        sheet.set_row(1, 48)
        for column, key in enumerate(("sheet", "title", "source")):
            sheet.write_string(3, column, self.known[key], self._head())
        wrap = self.look(text_wrap=True, bottom=1, bottom_color="#D5DBE1")
        link = self.look(font_color=self.accent, underline=1, bottom=1, bottom_color="#D5DBE1")
        for row, (name, block, _) in enumerate(sheets, 4):
            source = block.get("source", "")
            lines = max(-(-len(block["caption"]) // _TITLE_WIDTH), -(-len(source) // _SOURCE_WIDTH), 1)
            sheet.set_row(row, _LINE * lines)  # not every program fits a row to its wrapped text
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            sheet.write_string(row, 1, block["caption"], wrap)
            sheet.write_string(row, 2, source, wrap)
        sheet.freeze_panes(4, 0)
        sheet.print_area(0, 0, 4 + len(sheets), 2)

    def _head(self, align: str = "left") -> Any:
        return self.look(
            bold=True,
            font_color=self.accent,
            bg_color=self.tint,
            top=2,
            bottom=1,
            border_color=self.accent,
            text_wrap=True,
            align=align,
            valign="bottom",
        )

    def grid(self, name: str, block: Block, grid: Block) -> None:
        """A table with its title, its source below, and a heading that stays in view."""
        sheet = self._sheet(name, landscape=len(grid["columns"]) > 8)
        title = f"{self.numbered.label(block)}. {block['caption']}"
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=13, font_color=self.accent))
        if not grid["values"]:
            sheet.write_string(2, 0, self.known["nothing_text"], self.look())
        for column, (text, align) in enumerate(zip(grid["columns"], grid["aligns"], strict=True)):
            sheet.write_string(_HEAD_ROW, column, text, self._head(align))
            sheet.set_column(column, column, _width(grid, column))
        sheet.set_row(_HEAD_ROW, 15.5 * _head_lines(grid))
        bold = set(grid.get("bold", ()))
        for row, values in enumerate(grid["values"]):
            for column, value in enumerate(values):
                self._cell(sheet, _HEAD_ROW + 1 + row, column, value, grid, row in bold)
        last = _HEAD_ROW + len(grid["values"])
        for place, key in enumerate(("source", "note")):
            if block.get(key):
                text = f"{self.known[key]}: {block[key]}"
                sheet.write_string(last + 2 + place, 0, text, self.look(font_size=9, font_color="#55606C"))
        sheet.freeze_panes(_HEAD_ROW + 1, 1)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.print_area(0, 0, last + 3, max(len(grid["columns"]) - 1, _TITLE_COLUMNS))

    def _cell(self, sheet: Any, row: int, column: int, value: Any, grid: Block, bold: bool) -> None:
        form = parse_format(grid["formats"][column])
        edge = {"bottom": 1, "bottom_color": "#D5DBE1", "align": grid["aligns"][column], "bold": bold}
        if isinstance(value, bool) or value is None or value == "":
            sheet.write_string(row, column, grid["cells"][row - _HEAD_ROW - 1][column], self.look(**edge))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.look(num_format=_code(form), **edge))
        elif form.kind == "date" and is_iso_date(value):
            date = dt.date.fromisoformat(value)
            look = self.look(num_format=_DATES[self.numbered.lang], **edge)
            sheet.write_datetime(row, column, dt.datetime.combine(date, dt.time()), look)
        else:
            sheet.write_string(row, column, value[:32_000], self.look(text_wrap=len(value) > 50, **edge))


def _width(grid: Block, column: int) -> int:
    """Letters that a column is wide: its longest text or heading word, within bounds."""
    longest = max((len(row[column]) for row in grid["cells"]), default=0)
    word = max((len(part) for part in grid["columns"][column].split()), default=0)
    return min(max(longest, word, 8), 50) + 2


def _head_lines(grid: Block) -> int:
    """Lines that the tallest heading needs."""
    sizes = [-(-len(text) // max(_width(grid, place) - 3, 1)) for place, text in enumerate(grid["columns"])]
    return min(max(sizes, default=1), 6)


def _code(form: Any) -> str:
    """The number format: as many digits as the report shows."""
    if form.kind in ("text", "date"):
        return "General"
    code = "#,##0" + ("." + "0" * form.digits if form.digits else "")
    code += "%" if form.kind.endswith("percent") else ""
    return f"+{code};-{code};{code}" if form.kind.startswith("signed") else code


def _footer(text: str) -> str:
    return text[:120].replace("&", "&&")
