"""Dates as offices write them; the column decides between day and month first, or the date is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from kinerja_lib.cleaning.distinct import Rule, each_distinct, plain
from kinerja_lib.cleaning.plain_cells import FROM_TEXTS, Texts, days_at_once, days_of

NAMES = ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober",
         "november", "desember")  # fmt: skip
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december")  # fmt: skip
_OTHER = {"ags": 8, "agt": 8, "agst": 8, "nop": 11, "nopember": 11, "peb": 2, "pebruari": 2, "febuari": 2,
          "sept": 9}  # fmt: skip
MONTHS = {
    name[:size]: place
    for names in (NAMES, _ENGLISH)
    for place, name in enumerate(names, 1)
    for size in range(3, len(name) + 1)
} | _OTHER
PLACEHOLDERS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1900, 1, 2)})
FIRST, FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)  # days of a workbook are counted from one of them
_EARLIEST, _LATEST = 1930, 2100  # no employee, post or asset of these tables is older
_TIME = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_PARTS = re.compile(r"(?<![\d/.-])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4})(?!\d)")
_ISO = re.compile(rf"(?<![\d/.-])(\d{{4}})([-/.])(\d{{2}})\2(\d{{2}})(?!\d){_TIME}")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})[ ./-]*([A-Za-z]{3,9})\.?,?[ ./-]*(?:tahun )?(\d{4})(?!\d)", re.IGNORECASE
)
_ENGLISH_ORDER = re.compile(r"(?<![A-Za-z])([A-Za-z]{3,9})\.? (\d{1,2}), ?(\d{4})(?!\d)")  # December 31, 2024
_COMPACT = re.compile(r"(19[3-9]\d|20\d{2})(\d{2})(\d{2})")  # 20241231
_BETWEEN = re.compile(
    r" ?(?:\bs\.?/?d\.?(?=[ \d])|\bsampai(?: dengan)?\b|\bhingga\b|(?<=[a-z0-9]) ?[–—] ?| - )", re.IGNORECASE
)
_SHORT_RANGE = re.compile(r"^(\d{1,2}) ?- ?(\d{1,2} .*)$")
_START = re.compile(r"^(\d{1,2})(?: ([A-Za-z]{3,9}))?$")


def orders_seen(cells: pd.Series) -> frozenset[str]:
    """``dmy`` and ``mdy``, each where some date of the column can be read in that order only."""
    texts, seen = cells.dropna().unique(), set()
    if len(texts) >= FROM_TEXTS:
        done, days, _ = days_of(Texts(texts))
        texts = [*days, *texts[~done]]
    for text in texts:
        for match in _PARTS.finditer(str(text)):
            first, second = int(match[1]), int(match[3])
            if first <= 12 < second <= 31:
                seen.add("mdy")
            elif second <= 12 < first <= 31:
                seen.add("dmy")
    return frozenset(seen)


def date_rule(order: str, first: date = FIRST) -> Rule:
    """Rule for one column, given its order of day and month (``dmy``, ``mdy`` or an empty text), and the day from
    which its workbook counts."""

    def rule(text: str) -> tuple[date | None, str]:
        try:
            value, reason = _read(plain(text), order, first)
        except ValueError:
            return None, "tanggal_tidak_ada"
        if value in PLACEHOLDERS:
            return None, ""
        if value is not None and not _EARLIEST <= value.year <= _LATEST:
            return None, "di_luar_batas"
        return value, reason

    return rule


def _read(text: str, order: str, start: date) -> tuple[date | None, str]:
    if match := re.fullmatch(r"(\d|\d{5})([.,]\d+)?", text):
        number = int(match[1])
        if number in (1, 2) or 7_000 < number < 80_000:
            return start + timedelta(days=number), ""
    if match := _COMPACT.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3])), ""
    if match := _ENGLISH_ORDER.search(text):
        text = text.replace(match[0], f"{match[2]} {match[1]} {match[3]}")
    if len([part for part in _BETWEEN.split(text) if re.search(r"\d", part)]) > 1:
        return None, "tanggal_tidak_terbaca"
    found = [match for pattern in (_ISO, _WORDS, _PARTS) for match in pattern.finditer(text)]
    if len(found) != 1:  # none, or a range where one date belongs
        return None, "tanggal_tidak_terbaca"
    match = found[0]
    if match.re is _ISO:
        return date(int(match[1]), int(match[3]), int(match[4])), ""
    if match.re is _WORDS:
        month = MONTHS.get(match[2].lower())
        return (date(int(match[3]), month, int(match[1])), "") if month else (None, "tanggal_tidak_terbaca")
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or first == second or order == "dmy":
        return date(year, second, first), ""
    if second > 12 or order == "mdy":
        return date(year, first, second), ""
    return None, "tanggal_ambigu"


def dates(cells: pd.Series, order: str, first: date = FIRST) -> tuple[pd.Series, pd.Series]:
    """Values and reasons, given the order that the file's column proves, and the day from which its workbook counts."""
    rule = date_rule(order, first)
    return each_distinct(cells, rule, days_at_once(rule))


def date_range(text: str, order: str = "", start: date = FIRST) -> tuple[date | None, date | None, str]:
    """First and last day of ``12 s.d. 14 Januari 2024``, ``1 Mei 2024 s.d. 3 Juni 2024``, or one date."""
    folded, rule = plain(text), date_rule(order, start)
    parts = [part.strip(" ,") for part in _BETWEEN.split(folded)]
    if len(parts) == 1 and (match := _SHORT_RANGE.match(folded)):
        parts = [match[1], match[2]]
    if len(parts) != 2 or not all(parts):
        day, reason = rule(folded)
        return day, day, reason
    last, reason = rule(parts[1])
    if last is None:
        return None, None, reason or "tanggal_tidak_terbaca"
    if match := _START.match(parts[0]):
        first, reason = rule(f"{match[1]} {match[2] or NAMES[last.month - 1]} {last.year}")
    else:
        first, reason = rule(parts[0])
    if first is None:
        return None, last, reason or "tanggal_tidak_terbaca"
    return (first, last, "") if first <= last else (None, None, "tanggal_terbalik")
