"""One value, two faces: the text that HTML, PDF and Word show, and the number that the workbook keeps.

A format is written ``kind`` or ``kind:digits``:

====================  ==========================================  ==================
format                value                                       Indonesian text
====================  ==========================================  ==================
``text``              anything                                    as it is
``integer``           whole number                                1.234
``number:2``          number                                      1.234,50
``signed:1``          number, always with its sign                +1,5 · −0,4
``percent:1``         **fraction** (0.123)                        12,3%
``signed_percent:1``  the same, with its sign                     +3,1%
``date``              date, datetime or ISO text                  31 Desember 2025
====================  ==========================================  ==================

Rounding is half up on the decimal text of the number, so 2.675 is 2,68 everywhere. A missing value is ``–``.
A text in a column of numbers (a suppressed cell such as ``<5``) is shown as it is.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.language import numerals

MISSING = numerals.MISSING
UNDATED = "2000-01-01"  # in the properties of a file whose report has no date
KINDS = {"text": 0, "integer": 0, "number": 2, "signed": 1, "percent": 1, "signed_percent": 1, "date": 0}


@dataclass(frozen=True)
class Format:
    """How a value is written: a kind of the table above, and the digits after the decimal mark."""

    kind: str
    digits: int = 0

    @property
    def numeric(self) -> bool:
        """Whether the workbook keeps a number, and a table aligns it to the right."""
        return self.kind in ("integer", "number", "signed", "percent", "signed_percent")

    def __str__(self) -> str:
        return self.kind if self.kind in ("text", "integer", "date") else f"{self.kind}:{self.digits}"


def parse_format(text: str) -> Format:
    """Read ``kind`` or ``kind:digits``.

    Raises
    ------
    ReportError
        Unknown kind, or digits that are no number from 0 to 9.
    """
    kind, _, digits = text.partition(":")
    if kind not in KINDS or (digits and not (digits.isdigit() and len(digits) == 1)):
        known = ", ".join(KINDS)
        raise ReportError(
            Both(f"format tidak dikenal: {text!r}", en=f"unknown format: {text!r}"),
            action=Both(f"pakai salah satu dari: {known}", en=f"use one of: {known}"),
        )
    return Format(kind, int(digits) if digits else KINDS[kind])


def column_formats(frame: Any, formats: Mapping[str, str] | None) -> list[Format]:
    """A format for each column of a frame: the given one, else one by its dtype.

    Whole numbers are ``integer``, other numbers ``number:2``, dates ``date``, all else ``text``.
    """
    given = dict(formats or {})
    unknown = [name for name in given if name not in list(frame.columns)]
    if unknown:
        listed = ", ".join(map(str, unknown))
        raise ReportError(
            Both(f"format untuk kolom yang tidak ada: {listed}", en=f"formats for absent columns: {listed}")
        )
    return [
        parse_format(given[name]) if name in given else _by_dtype(frame.dtypes.iloc[place])
        for place, name in enumerate(frame.columns)
    ]


def _by_dtype(dtype: Any) -> Format:
    kind = getattr(dtype, "kind", "O")
    name = str(dtype)
    if kind in "iu" or name.startswith(("Int", "UInt")):
        return Format("integer")
    if kind == "f" or name.startswith("Float"):
        return Format("number", 2)
    return Format("date") if kind == "M" else Format("text")


def plain(value: Any) -> str | int | float | bool | None:
    """The value as JSON can hold it: numbers stay numbers, dates become ISO texts, missing becomes None."""
    if hasattr(value, "item") and not isinstance(value, dt.date):
        value = value.item()
    if value is None or str(value) in ("NaT", "<NA>") or value != value:
        return None
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def show(value: Any, form: Format, lang: str) -> str:
    """The text of a value in a language; see the table of this module."""
    value = plain(value)
    if value is None or value == "":
        return MISSING
    if form.kind == "date":
        return show_date(value, lang)
    if isinstance(value, float) and not form.numeric:  # a number among texts
        form = Format("number", min(4, max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))))
    if isinstance(value, str | bool) or not form.numeric:
        return str(value)
    return show_number(value, form, lang)


def show_number(value: float, form: Format, lang: str) -> str:
    """A number with the decimal mark and the thousands mark of the language, rounded half up."""
    signed = form.kind.startswith("signed")
    write = numerals.percent if form.kind.endswith("percent") else numerals.number
    return write(value, form.digits, lang, signed=signed)


def show_date(value: Any, lang: str) -> str:
    """31 Desember 2025 or 31 December 2025; a text that is no ISO date stays as it is."""
    if isinstance(value, dt.date) or (isinstance(value, str) and is_iso_date(value)):
        return numerals.date(value, lang)
    return str(value)


def is_iso_date(text: str) -> bool:
    """Whether a text is a date such as 2025-12-31."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
