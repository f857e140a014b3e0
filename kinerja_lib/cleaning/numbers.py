"""Numbers as offices write them. What can be read two ways is refused, never guessed."""

from __future__ import annotations

import re

import pandas as pd

from kinerja_lib.cleaning.distinct import Rule, each_distinct, plain
from kinerja_lib.cleaning.plain_cells import FROM_TEXTS, Texts, marks_at_once, numbers_at_once

_NUMBER = re.compile(r"^(?:rp\.?\s*)?(-?[\d.,]+(?:e[+-]?\d+)?)\s*(?:%|[a-z/ ]+)?$", re.IGNORECASE)
_GROUPED_BY_BLANKS = re.compile(r"(?<!\d)(\d{1,3}(?: \d{3})+)(?=[.,]?\d*(?:\D|$))")
CURRENCY = frozenset({"harga", "biaya"})  # rupiah never have three decimals


def _matched(text: str) -> re.Match[str] | None:
    """The number in a cell: ``Rp 1.250.000,-`` without its dash, ``1 234,5`` without its blanks."""
    folded = re.sub(r",-{1,2}$", "", plain(text).replace("\u2212", "-"))
    return _NUMBER.match(_GROUPED_BY_BLANKS.sub(lambda match: match[1].replace(" ", ""), folded))


def marks_seen(cells: pd.Series) -> frozenset[str]:
    """``,`` and ``.``, each where some number of the column can be read with that decimal mark only."""
    texts, seen = cells.dropna().unique(), set[str]()
    if len(texts) >= FROM_TEXTS:
        done, proved = marks_at_once(Texts(texts))
        texts, seen = texts[~done], set(proved)
    for text in texts:
        match = _matched(str(text))
        marks = re.findall(r"[.,]", match[1]) if match else []
        if not match or not marks or "e" in match[1].lower():
            continue
        last = marks[-1]
        digits = len(match[1].rpartition(last)[2])
        if last == "." and digits > 3 and len(marks) == 1:
            continue  # a number that the workbook itself held: it says nothing of how people type here
        if (len(marks) == 1 and digits not in (0, 3)) or (len(set(marks)) == 2 and marks.count(last) == 1):
            seen.add(last)
        elif len(marks) > 1 and len(set(marks)) == 1 and _readings(match[1], "", False):
            seen.add("." if last == "," else ",")  # 1.234.567: the point groups thousands
    return frozenset(seen)


def number_rule(mark: str, low: float | None, high: float | None, currency: bool = False) -> Rule:
    """Rule for one column: its decimal mark, its range, and whether it holds rupiah."""

    def rule(text: str) -> tuple[float | None, str]:
        match = _matched(text)
        if not match:
            return None, "angka_tidak_terbaca"
        readings = {
            value
            for value in _readings(match[1], mark, currency)
            if (low is None or value >= low) and (high is None or value <= high)
        }
        if len(readings) == 1:
            return readings.pop(), ""
        if readings:
            return None, "angka_ambigu"
        return None, "di_luar_batas" if _readings(match[1], mark, currency) else "angka_ambigu"

    return rule


def _readings(text: str, mark: str, currency: bool) -> set[float]:
    if "e" in text.lower():
        return {float(text.replace(",", "."))}
    marks = re.findall(r"[.,]", text)
    if not marks:
        return {float(text)}
    if len(set(marks)) == 2:
        last = marks[-1]
        first = "." if last == "," else ","
        if marks.count(last) > 1 or not re.fullmatch(rf"-?\d{{1,3}}(\{first}\d{{3}})+\{last}\d*", text):
            return set()
        return {float(text.replace(first, "").replace(last, "."))}
    only = marks[0]
    grouped = bool(re.fullmatch(rf"-?[1-9]\d{{0,2}}(\{only}\d{{3}})+", text))
    if len(marks) > 1:
        return {float(text.replace(only, ""))} if grouped else set()
    if not re.fullmatch(r"-?\d+[.,]\d*", text):
        return set()
    as_decimal = float(text.replace(",", "."))
    if not grouped or (mark == only and not currency):
        return {as_decimal}
    whole = float(text.replace(only, ""))
    return {whole} if currency or mark else {as_decimal, whole}


def numbers(
    cells: pd.Series,
    mark: str,
    *,
    low: float | None = None,
    high: float | None = None,
    currency: bool = False,
) -> tuple[pd.Series, pd.Series]:
    """Values and reasons, given the decimal mark that the file's column proves."""
    return each_distinct(
        cells, number_rule(mark, low, high, currency), numbers_at_once(mark, low, high, currency)
    )
