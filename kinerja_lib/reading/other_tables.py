"""A table of something else below the signature: its rows are not those of the table above."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from kinerja_lib.reading.finding import Found, kind_of
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.layouts import UNUSED
from kinerja_lib.schema.raw import RawTable, StructureRow

BELOW_SIGNATURE = 60  # rows in which a header of something else is looked for


def other_table(sheet: Sheet, found: Found, end: int) -> int:
    """The row (from 0) of a header below a signature, which no layout knows; ``end`` where there is none.

    Such a row has three texts or more and no digit, and the next one that is filled has one.
    """
    width, below, count = len(found.matches), found.start + found.depth, sheet.grid.filled()
    few = np.flatnonzero(count[below:end] <= max(2, width // 5)) + below
    signed = next(
        (row for row in map(int, few) if kind_of(_texts(sheet.rows[row]), width) == "signature"), end
    )
    filled = [row for row in range(signed + 1, min(end, signed + BELOW_SIGNATURE)) if count[row] > 2]
    for row, following in pairwise(filled):
        if not _has_digit(sheet.rows[row]) and _has_digit(sheet.rows[following]):
            return row
    return end


def unknown_table(sheet: Sheet, file: str, start: int, end: int) -> RawTable:
    """Rows of a table that no layout knows: they are accounted for, and not used."""
    rows = np.flatnonzero(sheet.grid.filled()[start + 1 : end]) + start + 1
    frame = pd.DataFrame(index=pd.RangeIndex(len(rows)))
    header = StructureRow(start + sheet.first, "header")
    return RawTable(file, sheet.name, "", UNUSED, frame, rows + sheet.first, structure=(header,))


def _texts(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _has_digit(row: Sequence[str]) -> bool:
    return any(letter.isdigit() for text in row for letter in text)
