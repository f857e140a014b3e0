"""Cleans the distinct values of a column once and takes the results back to the rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

MISSING = frozenset(
    {
        "",
        "-",
        "--",
        "null",
        "none",
        "nan",
        "n/a",
        "<na>",
        "nat",
        "kosong",
        "01-01-1900",
        "1900-01-01",
        "00-00-0000",
        "00/00/0000",
        "0000-00-00",
    }
)
Rule = Callable[[str], tuple[Any, str]]


def plain(text: str) -> str:
    """NFKC, blanks of every kind folded to one, none at the ends."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).split())


def each_distinct(cells: pd.Series, rule: Rule) -> tuple[pd.Series, pd.Series]:
    """Apply ``rule(text) -> (value, reason)`` to each distinct text.

    Returns
    -------
    values, reasons : Series of object
        Missing cells and placeholders give ``(None, "")``; a refused text gives ``(None, reason)``.
    """
    codes, texts = pd.factorize(cells)
    found: list[tuple[Any, str]] = []
    for text in texts:
        folded = plain(str(text))
        found.append((None, "") if folded.casefold() in MISSING else rule(str(text)))
    values = np.empty(len(found) + 1, dtype=object)
    reasons = np.empty(len(found) + 1, dtype=object)
    values[-1], reasons[-1] = None, ""
    for place, (value, reason) in enumerate(found):
        values[place], reasons[place] = value, reason
    return pd.Series(values[codes], index=cells.index, dtype="object"), pd.Series(
        reasons[codes], index=cells.index, dtype="object"
    )
