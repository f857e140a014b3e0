"""The recipe: raw tables to typed tables, and the account of every row."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import conflicts
from kinerja_lib.cleaning.cells import together
from kinerja_lib.cleaning.corrections import Correction, apply_corrections
from kinerja_lib.cleaning.duplicates import merge_duplicates, stacked
from kinerja_lib.cleaning.evidence import collect
from kinerja_lib.cleaning.free_text import LateNames
from kinerja_lib.cleaning.ledger import lines
from kinerja_lib.cleaning.ledger import together as together_lines
from kinerja_lib.cleaning.linking import link_rows
from kinerja_lib.cleaning.parts import Cleaned, cleaned
from kinerja_lib.cleaning.receipt import DECISION, receipt
from kinerja_lib.cleaning.repeats import parts_of
from kinerja_lib.cleaning.sheets import Book, clean_sheet
from kinerja_lib.cleaning.tables import Tables
from kinerja_lib.cleaning.units import Register
from kinerja_lib.schema.raw import ACCOUNTING_COLUMNS, RawTable
from kinerja_lib.schema.tables import typed

DECISION_COLUMNS = ("file", "sheet", "table", "field", "decision", "value", "count")


@dataclass(frozen=True)
class CleanResult:
    """Typed tables by name, rows not kept, rows read and kept by sheet, what was decided, unreadable cells,
    facts that contradict each other."""

    tables: Mapping[str, pd.DataFrame]
    ledger: pd.DataFrame
    accounting: pd.DataFrame
    decisions: pd.DataFrame
    cells: pd.DataFrame = dataclasses.field(default_factory=lambda: together([]))
    conflicts: pd.DataFrame = dataclasses.field(default_factory=lambda: conflicts.together([]))


@contextmanager
def _collected_later() -> Iterator[None]:
    """Put off Python's search for cycles: cleaning makes none, and each search walks all that was read."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@_collected_later()
def clean(
    raw: Iterable[RawTable],
    *,
    register: Register,
    key: bytes,
    corrections: Sequence[Correction] = (),
    lang: str = "id",
    faults: Sequence[Any] = (),
    link: float | None = None,
) -> CleanResult:
    """Clean raw tables. For each file and sheet: read = kept + rejected + merged.

    Cells that can't be read leave a missing value, counted in ``decisions``; where the column is required the
    row is rejected, with its reason, in ``ledger``.

    Parameters
    ----------
    raw : iterable of RawTable
    register : Register
    key : bytes
        The project's key for pseudonyms.
    corrections : sequence of Correction
    lang : {"id", "en"}
    faults : sequence
        Files that could not be read; passed by for the caller's account.
    link : float, optional
        Link rows without a usable NIP to a person who is at least so probable (see ``linkage``). Off where None.
    """
    sheets, frames, book = gather(raw, register=register, key=key, corrections=corrections, link=link)
    differing: list[tuple[Any, ...]] = []
    tables, kept = {}, dict.fromkeys(range(len(sheets)), 0)
    for name in sorted(frames):
        whole, lost, rivals = merge_duplicates(stacked(frames.pop(name)), name)
        book.ledger.append(lost)
        differing += rivals
        for number, count in whole["_sheet"].value_counts().items():
            kept[int(number)] = int(count)
        tables[name] = typed(whole.drop(columns="_sheet"), name, texts=False)
    ledger = together_lines(book.ledger)
    return CleanResult(
        Tables(tables),
        ledger,
        _accounting(sheets, kept, ledger),
        pd.DataFrame(book.decisions, columns=list(DECISION_COLUMNS)),
        together(book.cells),
        conflicts.together(differing + conflicts.between_people(book.people)),
    )


def gather(
    raw: Iterable[RawTable],
    *,
    register: Register,
    key: bytes,
    corrections: Sequence[Correction] = (),
    link: float | None = None,
    names: Container[tuple[str, ...]] | None = None,
) -> tuple[list[RawTable], dict[str, list[pd.DataFrame]], Book]:
    """The corrected sheets, the typed rows of each by table, and the book; rows of one key are not merged yet.

    Parameters
    ----------
    names : container, optional
        Names of people that are taken out of free texts; those in these sheets where None.
    """
    book, frames = Book(), dict[str, list[pd.DataFrame]]()
    sheets = apply_corrections(raw, corrections, key)
    taken = [parts_of(sheet, link is not None) for sheet in sheets]
    distinct = [part.raw for parts in taken for part in parts]
    evidence = collect(distinct)
    names = LateNames(distinct) if names is None else names
    tables_of = {(sheet.file, sheet.sheet): sheet.table for sheet in sheets}
    book.decisions += [
        (one.file, one.sheet, tables_of[one.file, one.sheet], one.field, "dikoreksi", str(one.row), 1)
        for one in corrections
    ]
    book.decisions += [
        (sheet.file, sheet.sheet, sheet.table, found[1], DECISION, found[0].isoformat(), 1)
        for sheet in sheets
        if sheet.table and (found := receipt(sheet.context))
    ]
    linked: dict[int, list[Cleaned]] = {}
    if link is not None:
        linked = {
            n: cleaned(taken[n], register, key, evidence) for n, sheet in enumerate(sheets) if sheet.table
        }
        book.decisions += link_rows([one.columns for parts in linked.values() for one in parts], link)
    for number, sheet in enumerate(sheets):
        if sheet.table:
            parts = linked.pop(number, None) or cleaned(taken[number], register, key, evidence)
            frames.setdefault(sheet.table, []).append(clean_sheet(sheet, number, parts, names, book))
        else:
            why = "tidak_dipakai" if sheet.layout else "tabel_tidak_dikenal"
            unused = {"action": "rejected", "reason": why}
            book.ledger.append(lines(np.asarray(sheet.rows), file=sheet.file, sheet=sheet.sheet, **unused))
    return sheets, frames, book


def _accounting(sheets: list[RawTable], kept: dict[int, int], ledger: pd.DataFrame) -> pd.DataFrame:
    counts = ledger.groupby(["file", "sheet", "table", "action"]).size().to_dict()
    rows: dict[tuple[str, str, str], list[Any]] = {}
    for number, sheet in enumerate(sheets):
        where = (sheet.file, sheet.sheet, sheet.table)
        entry = rows.setdefault(where, [sheet.layout, 0, 0])
        entry[1] += len(sheet.frame)
        entry[2] += kept[number]
    lines = [
        (file, name, layout, kind, read, good, counts.get((file, name, kind, "rejected"), 0),
         counts.get((file, name, kind, "merged"), 0))
        for (file, name, kind), (layout, read, good) in rows.items()
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(ACCOUNTING_COLUMNS))
