"""Raw tables of a sheet: one below the other, each with its own titles, header and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kinerja_lib.reading.coded import DTYPE, TEXT, is_coded, series_of
from kinerja_lib.reading.finding import (
    HEADER_LEVELS,
    Found,
    classify_rows,
    find_table,
    kind_of,
    spellings_of,
)
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.layouts import Layout, normalise
from kinerja_lib.reading.merged import spread
from kinerja_lib.reading.other_tables import other_table, unknown_table
from kinerja_lib.reading.persons import fold_persons
from kinerja_lib.reading.receipt import PRINTED, SIGNED, printed, signed
from kinerja_lib.reading.titles import context_of, year_in
from kinerja_lib.reading.twins import copies, joined, periods_side_by_side
from kinerja_lib.schema.raw import RawTable

_normalised = lru_cache(maxsize=100_000)(normalise)


def tables_of(sheet: Sheet, file: str, layouts: Sequence[Layout]) -> list[RawTable]:
    """All tables of a sheet.

    A second header below the first begins another table; the titles right above it are its own, and what they
    do not say is taken from the sheet's first titles.
    """
    found = find_table(sheet, layouts, hint=file)
    if found is None:
        return []
    places = [(0, found)]
    for row in _header_rows(sheet, found, layouts):
        last = places[-1][1]
        after = last.start + last.depth
        if row < after:
            continue
        again = find_table(sheet, layouts, max(row - HEADER_LEVELS + 1, after), HEADER_LEVELS, file)
        if again is not None and again.start <= row < again.start + again.depth:
            places.append((_titles(sheet, again.start, after, len(found.matches)), again))
    ends = [title for title, _ in places[1:]] + [len(sheet.rows)]
    context: dict[str, str] = {}
    tables = []
    for (title, one), end in zip(places, ends, strict=True):
        context = context | context_of(sheet, title, one.start, file)
        stop = other_table(sheet, one, end)
        for named, part in periods_side_by_side(sheet, one):
            said = context | {"tahun": year_in(context), "periode": named} if named else context
            tables.append(_raw_table(sheet, part, file, title, stop, said))
        if stop < end:
            tables.append(unknown_table(sheet, file, stop, end))
    return tables


def _titles(sheet: Sheet, header: int, after: int, width: int) -> int:
    """First of the title rows above a further header: rows with at most two cells, below the last total or signature
    of the table before."""
    row = header
    while row > after:
        texts = [cell.strip() for cell in sheet.rows[row - 1] if cell.strip()]
        numbered = any(sum(map(str.isdigit, text)) >= 9 for text in texts)  # a person's row, however short
        if len(texts) > 2 or numbered or kind_of(texts, width) not in ("", "blank"):
            break
        row -= 1
    return row


def _header_rows(sheet: Sheet, found: Found, layouts: Sequence[Layout]) -> list[int]:
    """Rows below a header in which most cells are known headers again.

    Looked for only where the column with numbers (NIP, year) has none: a header never has one there.
    """
    below = found.start + found.depth
    grid = sheet.grid
    rows = np.arange(below, len(grid))
    anchor = _anchor(sheet, found, below)
    if anchor is not None:
        rows = rows[~grid.with_digit(anchor)[below:]]
    if not len(rows):
        return []
    known = spellings_of(layouts)
    count, filled = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for number in range(len(grid.columns)):
        coded = grid.take(number, rows).combine_chunks().dictionary_encode()
        texts = [_normalised(text) for text in coded.dictionary.to_pylist()]
        codes = coded.indices.to_numpy()
        count += np.array([text in known for text in texts], dtype=bool)[codes]
        filled += np.array([text != "" for text in texts], dtype=bool)[codes]
    return [int(row) for row in rows[(count >= 3) & (count >= filled // 2)]]


def _anchor(sheet: Sheet, found: Found, below: int) -> int | None:
    """A column of the table whose first cells all hold a digit."""
    sample = [row for row in sheet.rows[below : below + 60] if sum(bool(cell.strip()) for cell in row) > 2]
    for number, match in enumerate(found.matches):
        cells = [row[number] for row in sample if number < len(row) and row[number].strip()]
        if (
            match.field
            and len(cells) >= 3
            and sum(any(map(str.isdigit, cell)) for cell in cells) >= 0.9 * len(cells)
        ):
            return number
    return None


def _raw_table(
    sheet: Sheet, found: Found, file: str, title: int, end: int, context: dict[str, str]
) -> RawTable:
    sheet, count = spread(sheet, found, end)
    rows, structure = classify_rows(sheet, found, title, end)
    grid = sheet.grid
    texts = {
        match.field: _texts(grid, number, rows)
        for number, match in enumerate(found.matches)
        if match.field and number < len(grid.columns)
    }
    for number, others in copies(sheet, found).items():
        name = str(found.matches[number].field)
        texts[name] = joined(texts[name], [_texts(grid, other, rows) for other in others])
    frame = pd.DataFrame(texts, index=pd.RangeIndex(len(rows)))
    for name, value in found.layout.constants.items():
        frame[name] = pd.Series([value] * len(rows), index=frame.index, dtype="str")
    ending = [sheet.rows[row.row - 1] for row in structure if row.kind in ("signature", "footnote")]
    dated = {SIGNED: signed(ending), PRINTED: printed(ending)}
    context = {name: text for name, text in dated.items() if text} | context
    if sheet.from_1904:
        context["hari_dari"] = "1904"
    frame, numbers, folded = fold_persons(frame, rows + sheet.first)
    headers = found.matches
    if found.layout.melt:
        known = re.compile(found.layout.melt["pattern"])
        headers = tuple(
            replace(one, how="melted") if one.field is None and known.match(one.header.strip()) else one
            for one in headers
        )
        frame, numbers = _melt(sheet, found, frame, rows, numbers)
    return RawTable(
        file=file,
        sheet=sheet.name,
        layout=found.layout.name,
        table=found.layout.table,
        frame=frame,
        rows=numbers,
        context=context,
        headers=tuple(headers),
        structure=tuple(replace(row, row=row.row - 1 + sheet.first) for row in structure) + folded,
        notes=tuple(_notes(sheet, found, count, end)),
    )


def _texts(grid: Grid, number: int, rows: NDArray[np.int64]) -> pd.Series:
    """Cells of a column as text (categories where it is coded), those with only blanks missing."""
    cells = grid.take(number, rows)
    if is_coded(cells):
        return series_of(cells, grid.texts_hold(number))
    holds = grid.holds(number)[rows]
    if not holds.all():
        cells = pc.if_else(pa.array(holds), cells, pa.scalar(None, TEXT))
    return pd.Series(DTYPE.__from_arrow__(cells))


def _notes(sheet: Sheet, found: Found, spread: int, end: int) -> list[str]:
    notes = ["lembar tersembunyi"] if sheet.hidden else []
    below = found.start + found.depth
    rows = sum(below < row <= end for row in sheet.hidden_rows)
    columns = [
        match.header
        for number, match in enumerate(found.matches, start=1)
        if match.field and number in sheet.hidden_columns
    ]
    if rows:
        notes.append(f"baris tersembunyi: {rows}")
    if columns:
        notes.append(f"kolom tersembunyi: {', '.join(columns)}")
    if spread:
        notes.append(f"sel gabungan diuraikan: {spread}")
    return notes + [
        f"{m.header} ~ {m.field} ({m.score:g})" for m in found.matches if m.how == "fuzzy" and m.field
    ]


def _melt(
    sheet: Sheet, found: Found, frame: pd.DataFrame, rows: NDArray[np.int64], numbers: NDArray[np.int64]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """One row for each item of a wide form, as its layout says."""
    melt = found.layout.melt
    pattern = re.compile(melt["pattern"])
    items = {
        m.header.strip(): j
        for j, m in enumerate(found.matches)
        if m.field is None and pattern.match(m.header.strip())
    }
    parts = []
    for item, column in items.items():
        part = frame.copy()
        part[melt["name"]] = item
        part[melt["group"]] = melt["groups"][item[0]]
        part[melt["value"]] = _texts(sheet.grid, column, rows)
        parts.append(part)
    if not parts:
        return frame, numbers
    order = np.argsort(np.tile(np.arange(len(frame)), len(parts)), kind="stable")
    long = pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True).astype("str")
    return long, np.tile(numbers, len(parts))[order]
