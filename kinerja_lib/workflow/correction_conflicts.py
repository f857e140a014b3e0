"""The cells that contradict each other: two dates of birth, two units in one quarter, the NIP of another person.

``conflicts`` names one row of each kind; here every row that says the same stands, since all of them are to be settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from kinerja_lib.cleaning import CleanResult, Register
from kinerja_lib.cleaning.cells import column_for
from kinerja_lib.cleaning.corrections import Correction, cell_of, guard_of
from kinerja_lib.cleaning.pipeline import gather
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow.correction_cells import NAMES, NOT_ASKED, Problem, choices

_PEOPLE = frozenset({"dua_tanggal_lahir", "lahir_bukan_nip", "nip_orang_lain"})
_EACH = frozenset({"nip_orang_lain", "dua_unit"})  # the right value of one row says nothing of the others
_FOLLOWS = {"predikat": "hasil_kerja", "skema": "tahun"}  # computed where the file has the second column
_NIP = ("nip", "nip_nama")

Cell = tuple[int, int, str]  # place of a sheet, place of a row in it, raw column


def disputed(
    sheets: Sequence[RawTable],
    result: CleanResult,
    register: Register,
    key: bytes,
    known: Iterable[Correction] = (),
) -> list[Problem]:
    """Cells of the conflicts that no correction settles yet, one conflict after the other.

    Parameters
    ----------
    sheets : sequence of RawTable
        As they were read; their texts guard the answers.
    result : CleanResult
        Of the same sheets with their corrections.
    register : Register
    key : bytes
    known : iterable of Correction
        Their cells have been asked about.
    """
    settled = {one.place for one in known}
    named: dict[tuple[str, str], list[int]] = {}
    for number, sheet in enumerate(sheets):
        named.setdefault((sheet.file, sheet.sheet), []).append(number)
    lines = [line for line in result.conflicts.itertuples() if line.table not in NOT_ASKED]
    places = [_cells(sheets, named, str(line.field), str(line.places)) for line in lines]
    people = [cells for line, cells in zip(lines, places, strict=True) if line.kind in _PEOPLE]
    rows = _rows_of(sheets, {_nip(sheets[one], row) for cells in people for one, row, _ in cells})
    found: dict[tuple[str, str, int, str], Problem] = {}
    for number, (line, cells) in enumerate(zip(lines, places, strict=True), start=1):
        if line.kind in _PEOPLE:
            cells = _alike(sheets, cells, str(line.field), rows)
        texts = sorted({cell_of(sheets[one], row, column) for one, row, column in cells} - {""})
        for one, row, column in cells:
            problem = _problem(sheets[one], row, column, str(line.kind), key)
            problem = replace(
                problem,
                group="" if line.kind in _EACH else f"{number}",
                choices=tuple(texts) if len(texts) > 1 and line.kind not in _EACH else (),
            )
            if (place := (problem.file, problem.sheet, problem.row, column)) not in settled:
                found.setdefault(place, problem)
    return _housed(list(found.values()), sheets, named, register, key)


def _cells(
    sheets: Sequence[RawTable], named: dict[tuple[str, str], list[int]], field: str, places: str
) -> list[Cell]:
    """The cells that a line of ``conflicts`` names."""
    found: dict[Cell, None] = {}
    for place in places.split(" | "):
        where, _, row = place.rpartition(":")
        file, _, name = where.rpartition("#")
        for number in named.get((file, name), ()):
            column = _column(field, list(sheets[number].frame.columns))
            rows = np.flatnonzero(np.asarray(sheets[number].rows) == int(row)) if column else ()
            found |= dict.fromkeys((number, int(one), column) for one in rows)
    return list(found)


def _nip(sheet: RawTable, row: int) -> str:
    return next((cell_of(sheet, row, one) for one in _NIP if one in sheet.frame.columns), "")


def _rows_of(sheets: Sequence[RawTable], nips: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Places of all rows with one of these NIP, as written, by the NIP."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, sheet in enumerate(sheets):
        column = next((one for one in _NIP if one in sheet.frame.columns), "")
        if column:
            for row in np.flatnonzero(sheet.frame[column].isin(nips - {""}).to_numpy()):
                found.setdefault(_nip(sheet, int(row)), []).append((number, int(row)))
    return found


def _alike(
    sheets: Sequence[RawTable], cells: list[Cell], field: str, rows: dict[str, list[tuple[int, int]]]
) -> list[Cell]:
    """All cells that say of a person what one of these says: the same NIP, name and text."""
    found = dict.fromkeys(cells)
    said = {_says(sheets[one], row, column) for one, row, column in cells}
    for number, row in (place for nip in {nip for nip, _, _ in said} for place in rows.get(nip, ())):
        column = _column(field, list(sheets[number].frame.columns))
        if column in sheets[number].frame.columns and _says(sheets[number], row, column) in said:
            found.setdefault((number, row, column))
    return sorted(found)


def _says(sheet: RawTable, row: int, column: str) -> tuple[str, str, str]:
    return _nip(sheet, row), cell_of(sheet, row, "nama"), cell_of(sheet, row, column)


def _column(field: str, columns: Sequence[str]) -> str:
    """The raw column in which a conflict is settled; none where the field only follows from another one."""
    if field == "tanggal_lahir":
        return next((one for one in ("tempat_tanggal_lahir", "tanggal_lahir") if one in columns), "")
    return "" if _FOLLOWS.get(field) in columns else column_for(field, columns)


def _problem(sheet: RawTable, row: int, column: str, kind: str, key: bytes) -> Problem:
    headers = {match.field: match.header for match in sheet.headers if match.field}
    name = next((one for one in NAMES if one in sheet.frame.columns), "")
    number, text = int(np.asarray(sheet.rows)[row]), cell_of(sheet, row, column)
    guard = guard_of(sheet.file, sheet.sheet, number, column, text, key)
    who = cell_of(sheet, row, name).split("\n")[0] if name else ""
    return Problem(
        sheet.file, sheet.sheet, number, column, headers.get(column, column), text, who, kind, "", guard
    )


def _housed(
    found: list[Problem],
    sheets: Sequence[RawTable],
    named: dict[tuple[str, str], list[int]],
    register: Register,
    key: bytes,
) -> list[Problem]:
    """The same with the code of the unit, else of the agency, whose row each is; units are offered as choices."""
    parts = []
    for file, name in dict.fromkeys((one.file, one.sheet) for one in found):
        wanted = [one.row for one in found if (one.file, one.sheet) == (file, name)]
        for number in named[file, name]:
            keep = np.isin(np.asarray(sheets[number].rows), wanted)
            rows = np.asarray(sheets[number].rows)[keep]
            parts.append(
                replace(sheets[number], frame=sheets[number].frame[keep].reset_index(drop=True), rows=rows)
            )
    homes = _homes(parts, register, key)
    housed = []
    for one in found:
        agency, place = homes.get((f"{one.file}#{one.sheet}", one.row), ("", ""))
        offered = one.choices or choices(one.column, one.column, agency, register)
        housed.append(replace(one, place=place, choices=offered))
    return housed


def _homes(
    parts: Sequence[RawTable], register: Register, key: bytes
) -> dict[tuple[str, int], tuple[str, str]]:
    """Agency, and unit or else agency, of each row that names one; of rows that are rejected too."""
    _, tables, book = gather(parts, register=register, key=key)
    lines = [
        frame.assign(file_sheet=frame["file"] + "#" + frame["sheet"])[
            ["file_sheet", "row", "instansi", "unit_kerja"]
        ]
        for frame in book.cells
        if len(frame)
    ]
    for frames in tables.values():
        for frame in frames:
            unit = "unit_kerja" if "unit_kerja" in frame else "instansi"
            lines.append(frame[["sumber", "baris_sumber", "instansi", unit]])
    homes: dict[tuple[str, int], tuple[str, str]] = {}
    for frame in lines:
        columns = [frame.iloc[:, place].astype("object") for place in range(4)]
        for source, row, agency, unit in zip(*columns, strict=True):
            home = agency if isinstance(agency, str) else ""
            homes[str(source), int(row)] = home, (unit if isinstance(unit, str) and unit else home)
    return homes
