"""Read a file or a folder: raw tables, and for each file that cannot be read, why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja_lib.errors import Both, KinerjaError, ReadError
from kinerja_lib.reading.finding import Found, classify_rows, closest_table, context_of, find_table
from kinerja_lib.reading.formats import Sheet, read_sheets
from kinerja_lib.reading.headers import missing_fields
from kinerja_lib.reading.layouts import Layout, load_layouts
from kinerja_lib.reading.persons import fold_persons
from kinerja_lib.schema.raw import RawTable

NO_EXPORTS = frozenset({"units.csv", "truth.json", "readme.md", "pseudonym.key", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class FileFault:
    """A file that could not be read, and why."""

    file: str
    error: KinerjaError


def read_export(
    path: Path, *, root: Path | None = None, layouts: Sequence[Layout] | None = None
) -> list[RawTable]:
    """All tables of an export.

    Parameters
    ----------
    path : Path
        A file of any known format.
    root : Path, optional
        Folder that ``RawTable.file`` is relative to; the file's own folder where absent.
    layouts : sequence of Layout, optional
        The package's where absent.

    Returns
    -------
    list of RawTable
        One for each sheet with data; a sheet that says ``Data Kosong`` gives an empty table.

    Raises
    ------
    ReadError
        The file cannot be opened, or no layout fits any of its sheets.
    """
    path = Path(path)
    if not path.is_file():
        raise ReadError(
            Both(f"berkas tidak ada: {path.name}", en=f"no such file: {path.name}"),
            action=Both("periksa ejaan jalurnya", en="check the spelling of the path"),
        )
    known = tuple(layouts) if layouts is not None else load_layouts()
    file = path.relative_to(root).as_posix() if root is not None else path.name
    sheets = [
        sheet for sheet in read_sheets(path) if any(any(cell.strip() for cell in row) for row in sheet.rows)
    ]
    tables = [table for sheet in sheets for table in _tables(sheet, file, known)]
    if not tables:
        raise _no_layout(path.name, sheets, known)
    return tables


def read_folder(
    folder: Path,
    *,
    layouts: Sequence[Layout] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[list[RawTable], list[FileFault]]:
    """All tables of a folder's files, in the order of their paths, and the files that could not be read.

    Parameters
    ----------
    folder : Path
    layouts : sequence of Layout, optional
    progress : callable, optional
        ``progress(done, total, file)``.
    """
    files = export_files(folder)
    tables: list[RawTable] = []
    faults: list[FileFault] = []
    for number, path in enumerate(files, start=1):
        name = path.relative_to(folder).as_posix()
        try:
            tables += read_export(path, root=folder, layouts=layouts)
        except KinerjaError as error:
            faults.append(FileFault(name, error))
        if progress is not None:
            progress(number, len(files), name)
    return tables, faults


def export_files(folder: Path) -> list[Path]:
    """Files of a folder that may be exports: no hidden file, no register, no lock file of Excel."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if path.name.lower() not in NO_EXPORTS and not path.name.startswith((".", "~$"))
    )


def _tables(sheet: Sheet, file: str, layouts: Sequence[Layout]) -> list[RawTable]:
    """Tables of a sheet; a second header below the first begins another one."""
    tables = []
    found = find_table(sheet, layouts)
    while found is not None:
        below = found.start + found.depth
        following = _next_table(sheet, found.layout, below)
        end = following.start if following is not None else len(sheet.rows)
        tables.append(_raw_table(sheet, found, file, end))
        found = following
    return tables


def _next_table(sheet: Sheet, layout: Layout, start: int) -> Found | None:
    """Another header of the same form further down: its first header text stands there again."""
    spellings = layout.spellings
    from kinerja_lib.reading.layouts import normalise

    for row in range(start + 1, len(sheet.rows)):
        texts = [normalise(cell) for cell in sheet.rows[row] if cell.strip()]
        if len(texts) >= 3 and sum(text in spellings for text in texts) >= max(3, len(texts) // 2):
            return find_table(sheet, [layout], row)
    return None


def _raw_table(sheet: Sheet, found: Found, file: str, end: int) -> RawTable:
    rows, structure = classify_rows(sheet, found, end)
    columns = {match.field: number for number, match in enumerate(found.matches) if match.field}
    texts = {
        name: [sheet.rows[row][column] if column < len(sheet.rows[row]) else "" for row in rows]
        for name, column in columns.items()
    }
    frame = pd.DataFrame(texts, dtype="str")
    for name, value in found.layout.constants.items():
        frame[name] = pd.Series([value] * len(rows), dtype="str")
    numbers = np.asarray(rows, dtype=np.int64) + 1
    frame, numbers, folded = fold_persons(frame, numbers)
    notes = ["lembar tersembunyi"] if sheet.hidden else []
    notes += [f"{m.header} ~ {m.field} ({m.score:g})" for m in found.matches if m.how == "fuzzy" and m.field]
    if found.layout.melt:
        frame, numbers = _melt(sheet, found, frame, rows, numbers)
    frame = frame.where(frame.apply(lambda column: column.str.strip() != ""))
    return RawTable(
        file=file,
        sheet=sheet.name,
        layout=found.layout.name,
        table=found.layout.table,
        frame=frame,
        rows=numbers,
        context=context_of(sheet, found, file),
        headers=found.matches,
        structure=tuple(structure) + folded,
        notes=tuple(notes),
    )


def _melt(
    sheet: Sheet, found: Found, frame: pd.DataFrame, rows: list[int], numbers: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
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
        part[melt["value"]] = [
            sheet.rows[row][column] if column < len(sheet.rows[row]) else "" for row in rows
        ]
        parts.append(part)
    if not parts:
        return frame, numbers
    order = np.argsort(np.tile(np.arange(len(frame)), len(parts)), kind="stable")
    long = pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True).astype("str")
    return long, np.tile(numbers, len(parts))[order]


def _quotable(found: Found) -> str:
    """Unmatched headers for an error; none where the row may be data, since its cells may be a person's.

    A row is taken for a header only where most of its cells are known and none holds a long number.
    """
    texts = [match.header for match in found.matches if match.header]
    known = sum(match.field is not None or match.how == "ignored" for match in found.matches)
    long_number = any(re.search(r"\d{6,}", re.sub(r"[\s.'-]", "", text)) for text in texts)
    if long_number or 2 * known < len(texts):
        return ""
    return ", ".join(
        match.header
        for match in found.matches
        if match.header and match.field is None and match.how != "ignored"
    )


def _no_layout(name: str, sheets: Sequence[Sheet], layouts: Sequence[Layout]) -> ReadError:
    """Say which headers were found, which layout is closest, and what it lacks."""
    candidates = [found for sheet in sheets if (found := closest_table(sheet, layouts)) is not None]
    if not candidates:
        return ReadError(
            Both(f"{name}: tidak ada tajuk tabel yang dikenal", en=f"{name}: no known table header"),
            action=Both(
                "periksa isinya; bentuk baru ditulis di data/reference/layouts/*.toml",
                en="look at what it holds; a new form goes to data/reference/layouts/*.toml",
            ),
        )
    best = max(candidates, key=lambda found: found.matched)
    lacking = ", ".join(need.replace("|", " / ") for need in missing_fields(best.matches, best.layout))
    headers = _quotable(best)
    total = sum(bool(match.header) for match in best.matches)
    where = f"reading/layouts/{best.layout.name}.toml"
    return ReadError(
        Both(f"{name}: kolom tidak ada: {lacking}", en=f"{name}: columns missing: {lacking}"),
        details=[
            Both(f"tajuk tak dikenal   -> {headers or '-'}", en=f"unknown headers     -> {headers or '-'}"),
            Both(
                f"layout terdekat     -> {best.layout.name} ({best.matched} dari {total} tajuk)",
                en=f"closest layout      -> {best.layout.name} ({best.matched} of {total} headers)",
            ),
        ],
        action=Both(f"tambahkan ejaannya di {where}", en=f"add the spellings to {where}"),
    )
