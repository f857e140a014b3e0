"""What a form checks while it is filled in: drop-downs, limits, a NIP of 18 digits kept as text, cells still missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kinerja_lib.language import Labels
from kinerja_lib.reporting.forms.catalogue import NIP, Column

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
_LETTER = {"unit": "A", "agency": "B"}  # column of the sheet of names
_MOST = 10**12


def rule(column: Column, labels: Labels, counts: dict[str, int], cell: str) -> dict[str, Any]:
    """The data validation of a column, in the words of xlsxwriter.

    Parameters
    ----------
    column : Column
    labels : Labels
    counts : dict of str to int
        How many names the lists of ``unit`` and ``agency`` hold.
    cell : str
        The column's first cell, such as ``A6``.
    """
    said = {
        "input_title": column.heading[:32],
        "input_message": column.help.text(labels.lang)[:255],
        "error_title": labels.text("forms.refused")[:32],
    }
    if column.kind in _LETTER:
        letter = _LETTER[column.kind]
        source = f"='{labels.text('forms.lists')}'!${letter}$1:${letter}${max(counts[column.kind], 1)}"
        # a name that is not in the register may be right: the form warns and lets it through
        return {**said, "validate": "list", "source": source, "error_type": "warning",
                "error_message": labels.text("forms.not_listed")}  # fmt: skip
    if column.kind == "list":
        return {**said, "validate": "list", "source": list(column.choices),
                "error_message": labels.text("forms.choose")}  # fmt: skip
    if column.kind in ("integer", "number"):
        low, high = column.minimum or 0, column.maximum if column.maximum is not None else _MOST
        text = labels.text("forms.between", low=labels.number(low, 0), high=labels.number(high, 0))
        kind = "integer" if column.kind == "integer" else "decimal"
        return {**said, "validate": kind, "criteria": "between", "minimum": low, "maximum": high,
                "error_message": text}  # fmt: skip
    if column.kind == "date":
        return {**said, "validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY,
                "error_message": labels.text("forms.date")}  # fmt: skip
    if column.name in NIP:
        return {**said, "validate": "custom", "value": f"=NOT({broken_nip(cell)})", "error_type": "warning",
                "error_message": labels.text("forms.nip")}  # fmt: skip
    return {**said, "validate": "any"}


def broken_nip(cell: str) -> str:
    """Whether a cell holds something that is no NIP: a number (its last digits are lost), or not 18 digits.

    Blanks, points and a leading apostrophe are let through, as cleaning strips them.
    """
    plain = f'SUBSTITUTE(SUBSTITUTE({cell}," ",""),".","")'
    return f'AND({cell}<>"",OR(ISNUMBER({cell}),LEN({plain})<>18,ISERROR(VALUE({plain}))))'


def missing(cell: str, row: str) -> str:
    """Whether a cell is blank in a row that is being filled in."""
    return f'AND(COUNTA({row})>0,{cell}="")'
