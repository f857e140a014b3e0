"""Cleans the distinct values of a column once and takes the results back to the rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning.plain_cells import FROM_TEXTS, AtOnce, Texts

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
    """NFKC, blanks of every kind folded to one, none at the ends; letters that no one sees are left out, and digits of
    every script are 0 to 9."""
    if text.isascii():
        return " ".join(text.split())
    seen = "".join(map(_seen, unicodedata.normalize("NFKC", text)))
    return " ".join(seen.split())


def _seen(letter: str) -> str:
    """A letter as it is seen: nothing of a mark of direction or a zero-width blank, ``4`` of an Arabic-Indic four."""
    if letter.isascii():
        return letter
    kind = unicodedata.category(letter)
    return "" if kind == "Cf" else str(unicodedata.decimal(letter)) if kind == "Nd" else letter


def each_distinct(cells: pd.Series, rule: Rule, at_once: AtOnce | None = None) -> tuple[pd.Series, pd.Series]:
    """Apply ``rule(text) -> (value, reason)`` to each distinct text.

    Parameters
    ----------
    cells : Series
    rule : callable
    at_once : callable, optional
        Reads what is written plainly, for all texts at once, as the rule would; the rule gets the others.

    Returns
    -------
    values, reasons : Series of object
        Missing cells and placeholders give ``(None, "")``; a refused text gives ``(None, reason)``.
    """
    codes, texts = pd.factorize(cells)
    values = np.empty(len(texts) + 1, dtype=object)
    reasons = np.full(len(texts) + 1, "", dtype=object)
    left = np.arange(len(texts))
    if at_once is not None and len(texts) >= FROM_TEXTS:
        found = at_once(Texts(texts))
        places = np.flatnonzero(found.done)
        values[places], reasons[places] = found.values, found.reasons
        left = np.flatnonzero(~found.done)
    for place, text in zip(left.tolist(), np.asarray(texts, dtype=object)[left], strict=True):
        if plain(str(text)).casefold() not in MISSING:
            values[place], reasons[place] = rule(str(text))
    return pd.Series(values[codes], index=cells.index, dtype="object"), pd.Series(
        reasons[codes], index=cells.index, dtype="object"
    )
