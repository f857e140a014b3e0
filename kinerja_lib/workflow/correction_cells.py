"""The cells of a project's exports that could not be read, with what stands in them and whose rows they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import CleanResult, Register
from kinerja_lib.cleaning.cells import column_for
from kinerja_lib.cleaning.corrections import cell_of, guard_of
from kinerja_lib.schema.fields import field, fields
from kinerja_lib.schema.raw import RawTable

NAMES = ("nama", "nip_nama", "nama_penilai")
_DERIVED = frozenset({"skema"})  # follows from another column, which is asked about
NOT_ASKED = frozenset({"survei"})  # answers of people who were not named: there is nobody to ask


@dataclass(frozen=True)
class Problem:
    """One cell that could not be read, or that contradicts another one.

    ``column`` is the raw column, ``header`` its heading in the file, ``text`` what stands there, ``who`` the name on the
    row, ``place`` the code of its unit, else of its agency, else an empty text; ``choices`` what may be filled in,
    empty where anything may; ``guard`` the keyed hash of place and text. ``group`` joins cells of one conflict: the right
    value of one is that of all.
    """

    file: str
    sheet: str
    row: int
    column: str
    header: str
    text: str
    who: str
    reason: str
    place: str
    guard: str
    choices: tuple[str, ...] = ()
    group: str = ""


def problems(
    sheets: Iterable[RawTable], result: CleanResult, register: Register, key: bytes
) -> list[Problem]:
    """All of them, in the order of file, sheet and row; a column that several fields are read from stands once."""
    tables: dict[tuple[str, str], list[RawTable]] = {}
    for sheet in sheets:
        tables.setdefault((sheet.file, sheet.sheet), []).append(sheet)
    found: dict[tuple[str, str, int, str], Problem] = {}
    for (file, name), lines in result.cells.groupby(["file", "sheet"], sort=True):
        for sheet in tables.get((str(file), str(name)), ()):
            if sheet.table not in NOT_ASKED:
                for problem in _of_sheet(sheet, lines[lines["table"] == sheet.table], register, key):
                    found.setdefault((problem.file, problem.sheet, problem.row, problem.column), problem)
    return [found[place] for place in sorted(found)]


def _of_sheet(sheet: RawTable, lines: pd.DataFrame, register: Register, key: bytes) -> Iterable[Problem]:
    columns = list(sheet.frame.columns)
    headers = {match.field: match.header for match in sheet.headers if match.field}
    rows = {int(row): place for place, row in reversed(list(enumerate(np.asarray(sheet.rows))))}
    name = next((one for one in NAMES if one in columns), "")
    for line in lines.itertuples():
        row, column = int(line.row), column_for(str(line.field), columns)
        if row not in rows or line.field in _DERIVED:
            continue
        text = cell_of(sheet, rows[row], column)
        yield Problem(
            sheet.file,
            sheet.sheet,
            row,
            column,
            headers.get(column, column),
            text,
            cell_of(sheet, rows[row], name).split("\n")[0] if name else "",
            str(line.reason),
            str(line.unit_kerja or line.instansi or ""),
            guard_of(sheet.file, sheet.sheet, row, column, text, key),
            choices(column, str(line.field), str(line.instansi or ""), register),
        )


def choices(column: str, name: str, agency: str, register: Register) -> tuple[str, ...]:
    """What may be filled in: the categories of a field, the units of an agency, the agencies."""
    if column == "instansi_nama":
        return tuple(sorted(entry.name for entry in register.entries if entry.kind != "unit"))
    if column == "unit_nama":
        units = {e.name for e in register.entries if e.kind == "unit" and e.agency == agency}
        return tuple(sorted(units))
    known: Mapping[str, Any] = fields()
    target = column if column in known else name
    return field(target).categories if column in known and target in known else ()


def by_place(found: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Problems by the code of their unit or agency; an empty code holds those of nobody known."""
    groups: dict[str, list[Problem]] = {}
    for problem in found:
        groups.setdefault(problem.place, []).append(problem)
    return dict(sorted(groups.items()))
