"""Dates as offices write them; the column decides between day and month first, or the date is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from kinerja_lib.cleaning.distinct import Rule, each_distinct, plain

_NAMES = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER = {"may": 5, "aug": 8, "oct": 10, "dec": 12, "ags": 8, "agt": 8, "nop": 11, "peb": 2}
MONTHS = {name: place for place, name in enumerate(_NAMES, 1)} | _OTHER
_PARTS = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00(?:\.0+)?)?$")
_WORDS = re.compile(r"(?<!\d)(\d{1,2})[ -]+([A-Za-z]{3,9})\.?[ -]+(?:tahun )?(\d{4})(?!\d)", re.IGNORECASE)
_RANGE = re.compile(
    r"^(\d{1,2})(?: ([A-Za-z]+))?(?: (\d{4}))?"
    r" ?(?:s\.?/?d\.?|sampai(?: dengan)?|[-–]) ?(\d{1,2} [A-Za-z]+ (?:tahun )?\d{4})$",
    re.IGNORECASE,
)


def day_order(cells: pd.Series) -> str:
    """``dmy`` or ``mdy`` where the column proves one of them, else an empty text."""
    seen = set()
    for text in cells.dropna().unique():
        match = _PARTS.search(str(text))
        if match and max(int(match[1]), int(match[3])) > 12:
            seen.add("dmy" if int(match[1]) > 12 else "mdy")
    return seen.pop() if len(seen) == 1 else ""


def date_rule(order: str) -> Rule:
    """Rule for one column, given its order of day and month."""

    def rule(text: str) -> tuple[date | None, str]:
        folded = plain(text)
        try:
            return _read(folded, order)
        except ValueError:
            return None, "tanggal_tidak_ada"

    return rule


def _read(text: str, order: str) -> tuple[date | None, str]:
    if match := _ISO.search(text):
        return date(int(match[1]), int(match[2]), int(match[3])), ""
    if match := _WORDS.search(text):
        month = MONTHS.get(match[2][:3].lower())
        return (date(int(match[3]), month, int(match[1])), "") if month else (None, "tanggal_tidak_terbaca")
    if re.fullmatch(r"\d{5}([.,]\d+)?", text) and 7_000 < int(text[:5]) < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(text[:5])), ""
    match = _PARTS.search(text)
    if not match:
        return None, "tanggal_tidak_terbaca"
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or first == second or order == "dmy":
        return date(year, second, first), ""
    if second > 12 or order == "mdy":
        return date(year, first, second), ""
    return None, "tanggal_ambigu"


def dates(cells: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    """Values, reasons, and the order that the column itself decided."""
    order = day_order(cells)
    values, reasons = each_distinct(cells, date_rule(order))
    return values, reasons, order


def date_range(text: str) -> tuple[date | None, date | None, str]:
    """First and last day of ``12 s.d. 14 Januari 2024``, ``1 Mei 2024 s.d. 3 Juni 2024``, or one date."""
    folded = plain(text)
    rule = date_rule("")
    match = _RANGE.match(folded)
    if not match:
        day, reason = rule(folded)
        return day, day, reason
    last, reason = rule(match[4])
    if last is None:
        return None, None, reason
    word = match[2] or _NAMES[last.month - 1]
    first, reason = rule(f"{match[1]} {word} {match[3] or last.year}")
    return first, last, reason
