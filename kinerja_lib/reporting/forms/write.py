"""A form as a workbook: what to fill in, with drop-downs and limits; how to fill it in; the printable survey."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.language import Labels
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.forms.catalogue import NIP, Column, Form
from kinerja_lib.reporting.forms.checks import broken_nip, missing, rule
from kinerja_lib.reporting.forms.questionnaire import render_questionnaire

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

ROWS = 1000
HEAD = 3  # row of the headings, from 0
EXAMPLE = HEAD + 1
MARK = "CONTOH:"  # reading passes over a first row that begins so
SCALE = ("1", "2", "3", "4", "5")
_CREATED = dt.datetime(2000, 1, 1)  # a fixed date, so that the same form has the same bytes
_CELLS = {"date": {"num_format": "dd/mm/yyyy"}, "text": {"num_format": "@"}, "other": {}}
_ALLOWED = {
    "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip
_WIDTHS = {"unit": 34, "agency": 34, "text": 26, "list": 20, "date": 14, "integer": 12, "number": 12}


def write_forms(
    project: Project,
    folder: Path,
    chosen: Sequence[Form],
    *,
    instansi: str | None = None,
    force: bool = False,
) -> list[Path]:
    """Write forms into a folder; beside that of a survey its questionnaire to print, as PDF.

    Parameters
    ----------
    project : Project
        Its register fills the lists of units.
    folder : Path
    chosen : sequence of Form
    instansi : str, optional
        Only the units of this agency are offered.
    force : bool
        Overwrite forms that are there.

    Returns
    -------
    list of Path
        The forms, in the order asked for.

    Raises
    ------
    UsageError
        A form is there already (nothing is written then), or no such agency.
    """
    units, agencies = _names(project, instansi)
    paths = [folder / f"{form.file}.xlsx" for form in chosen]
    papers = [(form, folder / f"{form.paper}.pdf") for form in chosen if form.paper]
    present = [path for path in (*paths, *(path for _, path in papers)) if path.exists()]
    if present and not force:
        raise UsageError(
            Both(f"sudah ada: {present[0].name}", en=f"there already: {present[0].name}"),
            details=[path.name for path in present[1:]],
            action=Both(
                "--force menimpanya, atau pilih folder lain",
                en="--force overwrites it, or choose another folder",
            ),
        )
    for form, path in zip(chosen, paths, strict=True):
        write_atomic(path, render_form(form, units, agencies, project.config.project.lang))
    for form, path in papers:
        write_atomic(path, render_questionnaire(form, project.config.project.lang))
    return paths


def _names(project: Project, instansi: str | None) -> tuple[list[str], list[str]]:
    entries = project.register().entries
    agencies = {entry.code: entry.name for entry in entries if entry.kind == "instansi"}
    if instansi is not None and instansi not in agencies:
        from kinerja_lib.reporting.plan import unknown_agency

        raise unknown_agency(instansi, sorted(agencies))
    units = [entry.name for entry in entries if entry.kind != "instansi" and instansi in (None, entry.agency)]
    chosen = [name for code, name in agencies.items() if instansi in (None, code)]
    return sorted(dict.fromkeys(units)), sorted(chosen)


def render_form(form: Form, units: Sequence[str], agencies: Sequence[str], lang: str = "id") -> bytes:
    """The bytes of a form's workbook; the same form gives the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": form.title.text(lang), "created": _CREATED})
    writer = _Writer(book, form, Labels(lang))
    writer.entry(units, agencies)
    writer.guide()
    if form.items:
        writer.questionnaire()
    writer.lists(units, agencies)
    book.close()
    return out.getvalue()


class _Writer:
    """Sheets of one form."""

    def __init__(self, book: Any, form: Form, labels: Labels) -> None:
        self.book, self.form, self.labels = book, form, labels
        head = {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter", "border": 1}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#1F4E79"})
        self.head = book.add_format({**head, "bg_color": "#1F4E79"})
        self.optional = book.add_format({**head, "bg_color": "#7F8FA6"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.wrong = book.add_format({"bg_color": "#F8CBAD", "font_color": "#9C0006"})
        self.blank = book.add_format({"bg_color": "#FFF2CC"})
        self.free = {kind: book.add_format({"locked": False, **own}) for kind, own in _CELLS.items()}
        grey = {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}
        self.sample = {kind: book.add_format({**grey, **own}) for kind, own in _CELLS.items()}

    def entry(self, units: Sequence[str], agencies: Sequence[str]) -> None:
        """The sheet to fill in: headings that can't be changed, an example, then the rows."""
        sheet = self.book.add_worksheet(self.labels.text("forms.entry"))
        sheet.write_string(0, 0, self.form.title.text(self.labels.lang), self.title)
        sheet.write_string(1, 0, self.labels.text("forms.hint"))
        for place, column in enumerate(self.form.columns):
            own = column.kind if column.kind in _CELLS else "other"
            width = max(_WIDTHS[column.kind], len(column.heading) + 2)
            sheet.set_column(place, place, 6 if column.name in self.form.items else width, self.free[own])
            sheet.write_string(HEAD, place, column.heading, self.head if column.required else self.optional)
            self._example(sheet, place, column, {"unit": units, "agency": agencies})
        for row in range(HEAD):
            sheet.set_row(row, None, self.book.add_format({"locked": True}))
        self._checks(sheet, {"unit": len(units), "agency": len(agencies)})
        sheet.protect("", _ALLOWED)
        sheet.set_row(HEAD, 34)
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)

    def _example(self, sheet: Any, place: int, column: Column, names: dict[str, Sequence[str]]) -> None:
        """One cell of the example row; the first says that it is one, and reading passes over the row."""
        value = next(iter(names[column.kind]), "") if column.kind in names else column.example
        style = self.sample[column.kind if column.kind in _CELLS else "other"]
        if place == 0:
            sheet.write_string(EXAMPLE, place, f"{MARK} {value}", style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(EXAMPLE, place, dt.datetime.combine(value, dt.time()), style)
        elif isinstance(value, str):
            sheet.write_string(EXAMPLE, place, value, style)
        else:
            sheet.write_number(EXAMPLE, place, value, style)

    def _checks(self, sheet: Any, counts: dict[str, int]) -> None:
        """Drop-downs and limits; what is wrong or missing in a row is coloured."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        first, last = EXAMPLE + 1, EXAMPLE + ROWS
        ends = [xl_rowcol_to_cell(first, place, col_abs=True) for place in (0, len(self.form.columns) - 1)]
        for place, column in enumerate(self.form.columns):
            area, cell = (first, place, last, place), xl_rowcol_to_cell(first, place)
            sheet.data_validation(*area, rule(column, self.labels, counts, cell))
            if column.name in NIP:
                wrong = {"type": "formula", "criteria": f"={broken_nip(cell)}", "format": self.wrong}
                sheet.conditional_format(*area, wrong)
            if column.required:
                empty = {
                    "type": "formula",
                    "criteria": f"={missing(cell, ':'.join(ends))}",
                    "format": self.blank,
                }
                sheet.conditional_format(*area, empty)

    def guide(self) -> None:
        """Who fills it in, when, and what each column means."""
        lang = self.labels.lang
        sheet = self.book.add_worksheet(self.labels.text("forms.guide"))
        sheet.set_column(0, 0, 30, self.wrap)
        sheet.set_column(1, 1, 90, self.wrap)
        sheet.write_string(0, 0, self.form.title.text(lang), self.title)
        lines = [("forms.who", self.form.who.text(lang)), ("forms.when", self.form.when.text(lang)),
                 ("forms.how", self.labels.text("forms.rules"))]  # fmt: skip
        for row, (key, text) in enumerate(lines, start=2):
            sheet.write_string(row, 0, self.labels.text(key), self.wrap)
            sheet.write_string(row, 1, text, self.wrap)
        start = 7
        sheet.write_string(start - 1, 0, self.labels.text("forms.columns"), self.title)
        for row, column in enumerate(self.form.columns, start=start):
            text = column.help.text(lang)
            if column.choices:
                text += " " + self.labels.text("forms.choices", items="; ".join(column.choices))
            sheet.write_string(row, 0, column.heading, self.wrap)
            sheet.write_string(row, 1, text, self.wrap)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def questionnaire(self) -> None:
        """The survey on paper: a question a row, five boxes."""
        lang = self.labels.lang
        sheet = self.book.add_worksheet(self.labels.text("forms.paper"))
        box = self.book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
        asked = self.book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 6, 5)
        sheet.write_string(0, 0, self.form.title.text(lang), self.title)
        sheet.write_string(1, 0, self.labels.text("forms.scale"))
        for place, text in enumerate(("", self.labels.text("forms.question"), *SCALE)):
            sheet.write_string(3, place, text, self.head)
        for row, (code, text) in enumerate(self.form.items.items(), start=4):
            sheet.write_string(row, 0, code, box)
            sheet.write_string(row, 1, text.text(lang), asked)
            for place in range(len(SCALE)):
                sheet.write_string(row, 2 + place, "☐", box)
            sheet.set_row(row, 26)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)

    def lists(self, units: Sequence[str], agencies: Sequence[str]) -> None:
        """The names that the drop-downs offer."""
        sheet = self.book.add_worksheet(self.labels.text("forms.lists"))
        for place, names in enumerate((units, agencies)):
            for row, name in enumerate(names):
                sheet.write_string(row, place, name)
        sheet.hide()
