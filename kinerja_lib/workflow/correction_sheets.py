"""Correction sheets: one workbook a unit with the cells of its own rows that could not be read, to be filled in.

A second page holds the cells that contradict others (two dates of birth, two units in one quarter): the unit chooses.

A sheet holds what stood in the cell, NIPs included, because the unit must see what to correct; it is for that
unit only and says so. Texts never become formulas or links. Only the columns to be filled in can be changed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from kinerja_lib.cleaning import reason_advice, reason_label
from kinerja_lib.errors import Both, in_language
from kinerja_lib.workflow.correction_cells import Problem

SHEET, CONFLICTS, LISTS = "Koreksi", "Pertentangan", "Daftar"
CODE = "Kode"  # heading of the first column, in both languages: the import looks for it
COLUMNS: tuple[tuple[str, int], ...] = (
    (Both(CODE, en=CODE), 22),
    (Both("Berkas", en="File"), 26),
    (Both("Lembar", en="Sheet"), 10),
    (Both("Baris", en="Row"), 6),
    (Both("Kolom", en="Column"), 18),
    (Both("Judul kolom", en="Heading"), 15),
    (Both("Nama pada baris", en="Name on the row"), 18),
    (Both("Isi sekarang", en="What stands there"), 20),
    (Both("Masalah", en="What is wrong"), 26),
    (Both("Saran", en="Advice"), 26),
    (Both("Nilai yang benar", en="Right value"), 22),
    (Both("Alasan", en="Reason"), 22),
    (Both("Jabatan pengisi", en="Post of who filled in"), 20),
    (Both("Tanggal", en="Date"), 11),
)
HIDDEN = (0, 4)  # the guard and the name of the column in our tables: for the import only
FIRST_FILLED = 10  # from this column on the unit writes
GROUP = len(COLUMNS)  # hidden, on the page of conflicts: cells of one conflict
CLASSIFICATION = Both(
    "TERBATAS — memuat data pribadi (NIP, nama). Hanya untuk unit ini; jangan diteruskan ke pihak lain, dan hapus "
    "sesudah koreksi diterima (UU 27/2022).",
    en="RESTRICTED — holds personal data (NIP, names). For this unit only; do not pass it on, and delete it once the "
    "corrections have been taken in (Law 27/2022).",
)
HOW_TO = Both(
    "Isi kolom berwarna: nilai yang benar, alasan, jabatan (bukan nama) pengisi, dan tanggal. Baris yang dibiarkan "
    "kosong tidak diubah. Tulis [kosong] bila sel memang harus kosong. Kolom lain terkunci.",
    en="Fill in the coloured columns: right value, reason, post (not name) of who fills in, and date. Rows left blank "
    "are not changed. Write [kosong] where the cell should be blank. The other columns are locked.",
)


CHOOSE = Both(
    "Isi pada sel-sel ini saling bertentangan. Pilih atau tulis nilai yang benar; untuk satu pertentangan cukup sekali, "
    "kecuali NIP dan unit, yang diisi pada setiap baris. Isi ulang nilai yang sama bila baris itu sudah benar.",
    en="These cells contradict each other. Choose or write the right value; once is enough for one conflict, except for "
    "NIP and unit, which are filled in on each row. Repeat what stands there where a row is right already.",
)


def correction_workbook(
    title: str, found: Sequence[Problem], lang: str = "id", *, disputed: Sequence[Problem] = ()
) -> bytes:
    """A workbook to be filled in by one unit.

    Parameters
    ----------
    title : str
        Name of the unit.
    found : sequence of Problem
        Cells of its own rows that could not be read.
    lang : {"id", "en"}
    disputed : sequence of Problem
        Cells of its own rows that contradict others.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(SHEET)
        rivals = book.add_worksheet(CONFLICTS) if disputed else None
        lists = book.add_worksheet(LISTS)
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "warning": book.add_format({"bold": True, "font_color": "#9C0006"}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "fill": book.add_format(
                {"num_format": "@", "bg_color": "#FFF8E1", "border": 4, "locked": False, "valign": "top"}
            ),
            "day": book.add_format(
                {
                    "num_format": "dd-mm-yyyy",
                    "bg_color": "#FFF8E1",
                    "border": 4,
                    "locked": False,
                    "valign": "top",
                }
            ),
        }
        places: dict[tuple[str, ...], str] = {}
        for one, part, how in ((page, found, HOW_TO), (rivals, disputed, CHOOSE)):
            if one is not None:
                _head(one, title, how, formats, lang)
                _rows(one, lists, part, formats, lang, places)
                one.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        if rivals is not None and not found:
            rivals.activate()
        lists.hide()
        lists.protect("")
    return out.getvalue()


def _head(page: Any, title: str, how: Both, formats: dict[str, Any], lang: str) -> None:
    heading = Both(f"Lembar koreksi: {title}", en=f"Correction sheet: {title}")
    page.write_string(0, 1, in_language(heading, lang), formats["title"])
    page.write_string(1, 1, in_language(CLASSIFICATION, lang), formats["warning"])
    page.write_string(2, 1, in_language(how, lang))
    for number, (text, width) in enumerate(COLUMNS):
        page.set_column(number, number, width)
        page.write_string(HEAD_ROW, number, in_language(text, lang), formats["head"])
    for number in HIDDEN:
        page.set_column(number, number, COLUMNS[number][1], None, {"hidden": True})
    page.set_column(GROUP, GROUP, 8, None, {"hidden": True})
    page.freeze_panes(HEAD_ROW + 1, 4)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(0.4, 0.4, 0.5, 0.5)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)


HEAD_ROW = 4  # from 0


def _rows(
    page: Any,
    lists: Any,
    found: Sequence[Problem],
    formats: dict[str, Any],
    lang: str,
    places: dict[tuple[str, ...], str],
) -> None:
    for number, one in enumerate(found, start=HEAD_ROW + 1):
        texts = (
            one.guard, one.file, one.sheet, "", one.column, one.header, one.who, one.text,
            reason_label(one.reason, lang), reason_advice(one.reason, lang),
        )  # fmt: skip
        for column, text in enumerate(texts):
            page.write_string(number, column, text, formats["text"])
        page.write_number(number, 3, one.row, formats["text"])
        page.write_string(number, GROUP, one.group, formats["text"])
        widths = [(len(text), COLUMNS[place][1]) for place, text in enumerate(texts) if place not in HIDDEN]
        page.set_row(number, 15 * min(max(-(-length // width) for length, width in widths), 6))
        for column in range(FIRST_FILLED, len(COLUMNS)):
            page.write_blank(number, column, None, formats["day" if column == len(COLUMNS) - 1 else "fill"])
        if one.choices:
            source = _listed(lists, one.choices, places)
            page.data_validation(number, FIRST_FILLED, number, FIRST_FILLED, _choice(source, lang))
    if found:
        last = HEAD_ROW + len(found)
        page.data_validation(HEAD_ROW + 1, len(COLUMNS) - 1, last, len(COLUMNS) - 1, _day(lang))
        page.autofilter(HEAD_ROW, 0, last, len(COLUMNS) - 1)


def _listed(lists: Any, choices: tuple[str, ...], places: dict[tuple[str, ...], str]) -> str:
    """Reference to a column of the hidden sheet that holds the choices."""
    import xlsxwriter.utility as utility

    if choices not in places:
        column = len(places)
        for row, text in enumerate(choices):
            lists.write_string(row, column, text)
        letters = utility.xl_col_to_name(column, True)
        places[choices] = f"={LISTS}!{letters}$1:{letters}${len(choices)}"
    return places[choices]


def _choice(source: str, lang: str) -> dict[str, Any]:
    message = Both("Pilih dari daftar, atau [kosong].", en="Choose from the list, or [kosong].")
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": in_language(Both("Tidak ada pada daftar", en="Not on the list"), lang),
        "error_message": in_language(message, lang),
    }


def _day(lang: str) -> dict[str, Any]:
    import datetime as dt

    message = Both("Isi tanggal, misalnya 31-12-2025.", en="Give a date, such as 31-12-2025.")
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": dt.date(2017, 1, 1),
        "maximum": dt.date(2100, 12, 31),
        "error_title": in_language(Both("Bukan tanggal", en="No date"), lang),
        "error_message": in_language(message, lang),
    }
