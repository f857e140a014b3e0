"""The recipe: raw tables to typed tables, and the account of every row."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import conflicts
from kinerja_lib.cleaning.appraisals import complete_appraisals
from kinerja_lib.cleaning.assets import facility_group
from kinerja_lib.cleaning.cells import emptied, origin, shown, together
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.corrections import Correction, apply_corrections
from kinerja_lib.cleaning.distinct import each_distinct
from kinerja_lib.cleaning.duplicates import merge_duplicates
from kinerja_lib.cleaning.evidence import collect
from kinerja_lib.cleaning.free_text import COLUMNS as FREE_TEXT
from kinerja_lib.cleaning.free_text import known_names, without_people
from kinerja_lib.cleaning.lineage import trace
from kinerja_lib.cleaning.linking import link_rows
from kinerja_lib.cleaning.units import Register
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import ACCOUNTING_COLUMNS, LEDGER_COLUMNS, RawTable
from kinerja_lib.schema.tables import typed

DECISION_COLUMNS = ("file", "sheet", "table", "field", "decision", "value", "count")


@dataclass(frozen=True)
class CleanResult:
    """Typed tables by name, rows not kept, rows read and kept by sheet, what was decided, unreadable cells,
    facts that contradict each other."""

    tables: dict[str, pd.DataFrame]
    ledger: pd.DataFrame
    accounting: pd.DataFrame
    decisions: pd.DataFrame
    cells: pd.DataFrame = dataclasses.field(default_factory=lambda: together([]))
    conflicts: pd.DataFrame = dataclasses.field(default_factory=lambda: conflicts.together([]))


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
    parts: dict[str, list[pd.DataFrame]] = {}
    ledger: list[tuple[Any, ...]] = []
    decisions: list[tuple[Any, ...]] = []
    cells: list[pd.DataFrame] = []
    people: list[conflicts.Identity] = []
    sheets = apply_corrections(raw, corrections, key)
    names, evidence = known_names(sheets), collect(sheets)
    tables_of = {(sheet.file, sheet.sheet): sheet.table for sheet in sheets}
    decisions += [
        (one.file, one.sheet, tables_of[one.file, one.sheet], one.field, "dikoreksi", str(one.row), 1)
        for one in corrections
    ]
    linked: dict[int, Columns] = {}
    if link is not None:
        made = [(n, Columns(sheet, register, key, evidence)) for n, sheet in enumerate(sheets) if sheet.table]
        linked = dict(made)
        decisions += link_rows([columns for _, columns in made], link)
    for number, sheet in enumerate(sheets):
        if sheet.table:
            columns = linked.pop(number, None) or Columns(sheet, register, key, evidence)
            parts.setdefault(sheet.table, []).append(
                _sheet(columns, number, names, ledger, decisions, cells, people)
            )
        else:
            ledger += [
                (sheet.file, sheet.sheet, int(row), "", "rejected", "tidak_dipakai", "", "", "")
                for row in sheet.rows
            ]
    differing: list[tuple[Any, ...]] = []
    tables, kept = {}, dict.fromkeys(range(len(sheets)), 0)
    for name in sorted(parts):
        whole, lost, rivals = merge_duplicates(pd.concat(parts[name], ignore_index=True), name)
        ledger += lost
        differing += rivals
        for number, count in whole["_sheet"].value_counts().items():
            kept[int(number)] = int(count)
        tables[name] = typed(whole.drop(columns="_sheet"), name)
    book = pd.DataFrame(ledger, columns=list(LEDGER_COLUMNS))
    return CleanResult(
        tables,
        book,
        _accounting(sheets, kept, book),
        pd.DataFrame(decisions, columns=list(DECISION_COLUMNS)),
        together(cells),
        conflicts.together(differing + conflicts.between_people(people)),
    )


def _sheet(
    columns: Columns,
    number: int,
    names: frozenset[tuple[str, ...]],
    ledger: list[tuple[Any, ...]],
    decisions: list[tuple[Any, ...]],
    cells: list[pd.DataFrame],
    people: list[conflicts.Identity],
) -> pd.DataFrame:
    sheet = columns.raw
    if (named := columns.identity()) is not None:
        people.append(named)
    if sheet.table == "penilaian":
        complete_appraisals(columns)
    elif sheet.table == "fasilitas" and "kelompok_fasilitas" not in columns.values:
        if "kode_barang" in columns.values:
            columns.put("kelompok_fasilitas", each_distinct(columns.values["kode_barang"], facility_group))
        else:
            columns.values["kelompok_fasilitas"] = pd.Series(
                "Jaringan", index=sheet.frame.index, dtype="object"
            )
    elif sheet.table == "pelatihan" and "tanggal_selesai" in columns.values:
        columns.values["tahun"] = columns.values["tanggal_selesai"].map(lambda day: day.year if day else None)
        columns.reasons.pop("tahun", None)
    declared = table(sheet.table)
    none = pd.Series(None, index=sheet.frame.index, dtype="object")
    frame = pd.DataFrame({name: columns.values.get(name, none) for name in declared.columns}, dtype="object")
    frame["sumber"], frame["baris_sumber"], frame["_sheet"] = (
        f"{sheet.file}#{sheet.sheet}",
        np.asarray(sheet.rows),
        number,
    )
    for name in FREE_TEXT:
        if name in frame and frame[name].notna().any():
            frame[name] = each_distinct(frame[name], lambda text: (without_people(text, names), ""))[0]
    bad = pd.Series(False, index=frame.index)
    for name in declared.required:
        missing = frame[name].isna() & ~bad
        bad |= missing
        reasons = columns.reasons.get(name)
        for row in frame.index[missing]:
            why = (reasons[row] if reasons is not None else "") or "kolom_wajib_kosong"
            value, more = _shown(sheet, name, int(row), names), _hint(columns, name, int(row))
            ledger.append(
                (
                    sheet.file,
                    sheet.sheet,
                    int(sheet.rows[row]),
                    sheet.table,
                    "rejected",
                    why,
                    name,
                    value,
                    more,
                )
            )
    unread = _unread(columns, frame, declared.required)
    where = pd.DataFrame({name: columns.values.get(name, none) for name in ("instansi", "unit_kerja")})
    cells += emptied(sheet, unread, ~bad, names, lambda name, row: _hint(columns, name, row), where)
    decisions += [(sheet.file, sheet.sheet, sheet.table, *flag) for flag in columns.flags]
    for name, reasons in columns.reasons.items():
        for why, count in reasons[(reasons != "") & ~bad].value_counts().items():
            decisions.append((sheet.file, sheet.sheet, sheet.table, name, "dikosongkan", why, int(count)))
    decisions += [
        (sheet.file, sheet.sheet, sheet.table, name, what, value, len(frame))
        for name, what, value in columns.decisions
    ]
    return frame[~bad]


def _unread(columns: Columns, frame: pd.DataFrame, required: Sequence[str]) -> dict[str, pd.Series]:
    """Reasons by column, with those of required columns that are simply blank."""
    reasons = dict(columns.reasons)
    for name in required:
        blank = frame[name].isna()
        if blank.any():
            known = reasons.get(name, pd.Series("", index=frame.index, dtype="object"))
            reasons[name] = known.mask(blank & (known == ""), "kolom_wajib_kosong")
    return reasons


def _shown(sheet: RawTable, name: str, row: int, names: frozenset[tuple[str, ...]]) -> str:
    """The cell that made a row unusable, as the ledger may show it."""
    column = origin(name, list(sheet.frame.columns))
    if not column or pd.isna(sheet.frame[column].iat[row]):
        return ""
    return shown(column, str(sheet.frame[column].iat[row]).strip(), names)


def _hint(columns: Columns, name: str, row: int) -> str:
    """Names of the register: the closest to an agency or unit that it does not hold, or what a unit was split into."""
    source = origin(name, list(columns.frame.columns))
    text = columns.frame[source].iat[row] if source else columns.raw.context.get(name, "")
    if name not in ("instansi", "unit_kerja") or pd.isna(text) or not str(text).strip():
        return ""
    agency, register = ("" if name == "instansi" else columns.values["instansi"].iat[row]), columns.register
    if agency is None:
        return ""
    code = register.unit(str(text), agency)[0] if agency else register.agency(str(text))[0]
    if code is not None:
        others = trace(register, code, date.max).others
        return " | ".join(register.by_code[other].name for other in others)
    return " | ".join(register.closest(str(text), agency or None))


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
