"""Columns that stand twice: periods side by side under one header, and a column that was copied beside itself."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from kinerja_lib.reading.finding import Found
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.headers import header_texts, match_headers, missing_fields

BETWEEN = " atau "  # between two cells of one field that differ: no rule reads them as one value
_PERSONAL = frozenset(
    {"nip", "nip_nama", "nip_penilai", "nama", "nama_penilai"}
)  # a second one is another person's
_DATED = frozenset({"periode", "periode_nama"})
_PERIOD = re.compile(
    r"\b(triwulan|tri wulan|tw|semester|smt|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober"
    r"|november|desember)\b|(?<!\d)(?:19|20)\d\d(?!\d)",
    re.IGNORECASE,
)


def periods_side_by_side(sheet: Sheet, found: Found) -> list[tuple[str, Found]]:
    """The table once for each period that an outer level of its header names, with that period's text.

    A period's table has the columns that belong to none and its own. Where the header names fewer than two, where a
    column of its own says the period, or where the periods do not have the same fields, the table as it is.
    """
    levels = header_texts(sheet.rows, found.start, found.depth, sheet.merges)
    groups: dict[str, list[int]] = {}
    for number, texts in enumerate(levels):
        if named := next((text for text in texts[:-1] if _PERIOD.search(text)), ""):
            groups.setdefault(named, []).append(number)
    if len(groups) < 2 or any(match.field in _DATED for match in found.matches):
        return [("", found)]
    parts, own = [], []
    for named, columns in groups.items():
        others = {number for name, some in groups.items() if name != named for number in some}
        headers = [() if number in others else texts for number, texts in enumerate(levels)]
        part = replace(found, matches=tuple(match_headers(headers, found.layout)))
        parts.append((named, part))
        own.append({part.matches[number].field for number in columns} - {None})
    same = bool(own[0]) and all(fields == own[0] for fields in own)
    whole = not any(missing_fields(part.matches, part.layout) for _, part in parts)
    return parts if same and whole else [("", found)]


def copies(sheet: Sheet, found: Found) -> dict[int, list[int]]:
    """For a column that has a field, the columns with the very same header. A second NIP or name is another person's."""
    levels = header_texts(sheet.rows, found.start, found.depth, sheet.merges)
    below = found.start + found.depth
    wide = {  # one header over several columns is no copy
        number
        for (top, left), (_, right) in sheet.merges
        if found.start <= top < below and right > left
        for number in range(left, right + 1)
        if number < len(levels) and levels[number] == levels[left]
    }
    return {
        number: others
        for number, match in enumerate(found.matches)
        if match.field
        and match.field not in _PERSONAL
        and (others := [n for n, one in enumerate(levels) if n != number and one == levels[number]])
        and number not in wide
    }


def joined(cells: pd.Series, others: list[pd.Series]) -> pd.Series:
    """A column and its copies: where both hold something and differ, both.

    A blank on either side says nothing against the other, and is not filled from it; a column without any text is its
    copy's.
    """
    result = cells.astype("str")
    for other in others:
        texts = other.astype("str")
        if not result.notna().any():
            result = texts
            continue
        own, copied = (one.fillna("").str.strip() for one in (result, texts))
        both = own.str.contains(r"[^\W_]") & copied.str.contains(r"[^\W_]")
        rows = np.flatnonzero((both & (own != copied)).to_numpy())
        if len(rows):
            result.iloc[rows] = (own.iloc[rows] + BETWEEN + copied.iloc[rows]).to_numpy()
    return result
