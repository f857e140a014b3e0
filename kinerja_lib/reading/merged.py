"""Cells that are merged over several rows of data."""

from __future__ import annotations

import pyarrow as pa

from kinerja_lib.reading.coded import TEXT
from kinerja_lib.reading.finding import Found
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.layouts import normalise


def spread(sheet: Sheet, found: Found, end: int) -> tuple[Sheet, int]:
    """A cell merged over several rows of data stands for all of them: its text is put into each.

    A NIP merged over rows with different names is one person's: it stays where it is, and the other rows have none.
    """
    below = found.start + found.depth
    merges = [
        (top, left, bottom)
        for (top, left), (bottom, _) in sheet.merges
        if below <= top < end and bottom > top and left < len(found.matches)
    ]
    if not merges:
        return sheet, 0
    grid = sheet.grid
    columns = list(grid.columns)
    for left in sorted({left for _, left, _ in merges}):
        cells = columns[left].to_pylist()
        for top, place, bottom in merges:
            if place == left and cells[top].strip():
                last = min(bottom, end - 1)
                if found.matches[left].field == "nip" and _several_names(sheet, found, top, last):
                    continue
                cells[top : last + 1] = [cells[top]] * (last + 1 - top)
        columns[left] = pa.chunked_array([pa.array(cells, TEXT)])
    other = Sheet(
        sheet.name,
        Grid(columns, len(grid)),
        sheet.merges,
        sheet.hidden,
        sheet.hidden_rows,
        sheet.hidden_columns,
        from_1904=sheet.from_1904,
    )
    return other, len(merges)


def _several_names(sheet: Sheet, found: Found, top: int, last: int) -> bool:
    """Whether these rows hold the names of several people."""
    column = next((number for number, match in enumerate(found.matches) if match.field == "nama"), None)
    if column is None:
        return False
    return len({name for row in sheet.rows[top : last + 1] if (name := normalise(row[column]))}) > 1
