"""Filled-in correction sheets as plain entries, and what is wrong with how they were filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kinerja_lib.cleaning.dates import date_rule
from kinerja_lib.errors import Both, KinerjaError, UsageError
from kinerja_lib.reading.formats import read_sheets
from kinerja_lib.workflow.correction_sheets import CODE, COLUMNS, CONFLICTS, FIRST_FILLED, GROUP, SHEET

BLANK = "[kosong]"  # what is filled in where the cell should be blank
_GUARD = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True)
class Reply:
    """One filled-in row: its cell, the guard it was asked under, and the answer; ``origin`` is file and row."""

    origin: str
    guard: str
    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    author: str
    date: str

    @property
    def place(self) -> tuple[str, str, int, str]:
        """File, sheet, row and raw column."""
        return self.file, self.sheet, self.row, self.column


def workbooks_in(place: Path) -> list[Path]:
    """The workbooks of a folder in order, or the one given.

    Raises
    ------
    UsageError
        There is none.
    """
    if place.is_dir():
        found = sorted(path for path in place.rglob("*.xlsx") if not path.name.startswith(("~$", ".")))
    else:
        found = [place] if place.is_file() else []
    if not found:
        raise UsageError(
            Both(f"tidak ada lembar koreksi di {place}", en=f"there is no correction sheet in {place}"),
            action=Both("tunjuk berkas .xlsx atau foldernya", en="name the .xlsx file or its folder"),
        )
    return found


def replies(path: Path) -> tuple[list[Reply], list[str]]:
    """Filled-in rows of a workbook, and the faults of those that can't be taken in."""
    try:
        sheets = {sheet.name: [list(row) for row in sheet.rows] for sheet in read_sheets(path)}
    except KinerjaError as error:
        return [], [Both(f"{path.name}: {error.message}", en=f"{path.name}: {error.text('en')}")]
    pages = {name: rows for name, rows in sheets.items() if name in (SHEET, CONFLICTS)}
    if SHEET not in pages or not all(map(_filled_from, pages.values())):
        return [], [Both(f"{path.name}: bukan lembar koreksi", en=f"{path.name}: no correction sheet")]
    found: list[Reply] = []
    faults: list[str] = []
    for name, rows in pages.items():
        taken, wrong = _page(path.name if name == SHEET else f"{path.name}·{name}", rows)
        found += taken
        faults += wrong
    return found, faults


def _filled_from(rows: list[list[str]]) -> int:
    """Number of the row under the headings; 0 where there are none."""
    return next((n for n, row in enumerate(rows, start=1) if row and row[0].strip() == CODE), 0)


def _page(name: str, rows: list[list[str]]) -> tuple[list[Reply], list[str]]:
    """The answers on one page; one given once for a conflict is that of its other cells, where these differ."""
    found: list[Reply] = []
    faults: list[str] = []
    groups: dict[str, set[tuple[str, ...]]] = {}
    blank: list[tuple[str, list[str]]] = []
    start = _filled_from(rows)
    for number, row in enumerate(rows[start:], start=start + 1):
        cells = [*row, *[""] * (GROUP + 1)][: GROUP + 1]
        answer = [cell.strip() for cell in cells[FIRST_FILLED : len(COLUMNS)]]
        origin, group = f"{name}:{number}", cells[GROUP].strip()
        if not any(answer):
            blank += [(origin, cells)] if group else []
            continue
        wrong = _wrong(cells, answer)
        if wrong:
            faults += [Both(f"{origin}: {text}", en=f"{origin}: {text.en}") for text in wrong]
            continue
        found.append(_reply(origin, cells, answer))
        if group:
            groups.setdefault(group, set()).add(tuple(answer))
    for origin, cells in blank:
        answers = groups.get(cells[GROUP].strip(), set())
        if len({answer[0] for answer in answers}) == 1:
            answer = list(min(answers))
            if cells[7] != answer[0]:
                found.append(_reply(origin, cells, answer))
    return found, faults


def _wrong(cells: list[str], answer: list[str]) -> list[Both]:
    value, reason, author, day = answer
    found: list[Both] = []
    if not _GUARD.fullmatch(cells[0].strip()) or not cells[3].strip().isdigit():
        found.append(
            Both(
                "kolom terkunci berubah; ekspor ulang lembarnya",
                en="a locked column was changed; export again",
            )
        )
    if not value:
        found.append(Both("nilai yang benar belum diisi", en="the right value is missing"))
    if len(reason) < 2:  # "SK" is one
        found.append(Both("alasan belum diisi", en="the reason is missing"))
    if len(author) < 3 or re.search(r"(?:\d[ .]*){8}", author):
        found.append(
            Both(
                "jabatan pengisi belum diisi (bukan NIP)", en="the post of who filled in is missing (no NIP)"
            )
        )
    if date_rule("dmy")(day)[0] is None:
        found.append(
            Both("tanggal belum diisi, misalnya 31-12-2025", en="the date is missing, such as 31-12-2025")
        )
    return found


def _reply(origin: str, cells: list[str], answer: list[str]) -> Reply:
    value, reason, author, day = answer
    return Reply(
        origin,
        cells[0].strip(),
        cells[1],
        cells[2],
        int(cells[3]),
        cells[4],
        "" if value.casefold() == BLANK else value,
        reason,
        author,
        str(date_rule("dmy")(day)[0]),
    )
