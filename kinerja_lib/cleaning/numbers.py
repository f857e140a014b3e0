"""Numbers as offices write them. What can be read two ways is refused, never guessed."""

from __future__ import annotations

import re

import pandas as pd

from kinerja_lib.cleaning.distinct import Rule, each_distinct, plain

_NUMBER = re.compile(r"^(?:rp\.?\s*)?(-?[\d.,]+(?:e[+-]?\d+)?)\s*(?:%|[a-z/ ]+)?$", re.IGNORECASE)
CURRENCY = frozenset({"harga", "biaya"})  # rupiah never have three decimals


def decimal_mark(cells: pd.Series) -> str:
    """``,`` or ``.`` where the column shows one decimal mark only, else an empty text."""
    seen = set()
    for text in cells.dropna().unique():
        match = re.search(r"([.,])(\d+)\D*$", str(text))
        marks = re.findall(r"[.,]", str(text))
        if match and (
            (len(marks) == 1 and len(match[2]) != 3) or (len(set(marks)) == 2 and marks.count(match[1]) == 1)
        ):
            seen.add(match[1])
    return seen.pop() if len(seen) == 1 else ""


def number_rule(mark: str, low: float | None, high: float | None, currency: bool = False) -> Rule:
    """Rule for one column: its decimal mark, its range, and whether it holds rupiah."""

    def rule(text: str) -> tuple[float | None, str]:
        match = _NUMBER.match(plain(text))
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
    cells: pd.Series, *, low: float | None = None, high: float | None = None, currency: bool = False
) -> tuple[pd.Series, pd.Series, str]:
    """Values, reasons, and the decimal mark that the column itself decided."""
    mark = decimal_mark(cells)
    values, reasons = each_distinct(cells, number_rule(mark, low, high, currency))
    return values, reasons, mark
