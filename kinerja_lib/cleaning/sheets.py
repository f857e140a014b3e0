"""One sheet: its typed rows, and what the ledger, the account of cells and the decisions say of it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning import conflicts
from kinerja_lib.cleaning.appraisals import complete_appraisals
from kinerja_lib.cleaning.assets import facility_group
from kinerja_lib.cleaning.cells import emptied
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.distinct import each_distinct
from kinerja_lib.cleaning.free_text import COLUMNS as FREE_TEXT
from kinerja_lib.cleaning.free_text import without_people
from kinerja_lib.cleaning.hints import cells_shown, hints_about
from kinerja_lib.cleaning.ledger import lines
from kinerja_lib.cleaning.parts import Cleaned
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.schema.tables import typed

Names = Container[tuple[str, ...]]


@dataclass
class Book:
    """What is written down while sheets are cleaned."""

    ledger: list[pd.DataFrame] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    cells: list[pd.DataFrame] = field(default_factory=list)
    people: list[conflicts.Identity] = field(default_factory=list)


def clean_sheet(
    sheet: RawTable, number: int, parts: Sequence[Cleaned], names: Names, book: Book
) -> pd.DataFrame:
    """Rows of a sheet that can be kept, typed; the rest goes into the book.

    Parameters
    ----------
    sheet : RawTable
    number : int
        Its place among the sheets, kept in the column ``_sheet``.
    parts : sequence of Cleaned
        The whole sheet, or its distinct facts and its distinct people.
    names : frozenset
        Names of people, taken out of free texts.
    book : Book
    """
    for part in parts:
        if (named := part.columns.identity()) is not None:
            book.people.append(named)
    frames = {id(part): _frame(part, sheet.table, names) for part in parts}
    home = {name: part for part in parts for name in part.fields}
    bad = _reject(sheet, home, frames, names, book)
    places = _places(parts, frames)
    for part in parts:
        _account(sheet, part, frames[id(part)], bad, places, names, book)
    keep: Any = ~bad if bad.any() else slice(None)
    columns: dict[str, pd.Series] = {}
    for part in parts:
        of = part.of[keep]
        columns |= {name: _taken(frames[id(part)][name], of) for name in part.fields}
    frame = pd.DataFrame(columns, copy=False)
    rows = np.asarray(sheet.rows)[keep]
    frame["sumber"] = pd.Categorical.from_codes(
        np.zeros(len(rows), dtype=np.int8), categories=[f"{sheet.file}#{sheet.sheet}"]
    )
    frame["baris_sumber"], frame["_sheet"] = rows, number
    return frame


def _taken(column: pd.Series, places: NDArray[np.int64]) -> pd.Series:
    """Values at these places, numbered from 0."""
    return pd.Series(column.array.take(places), copy=False)


def _frame(part: Cleaned, name: str, names: Names) -> pd.DataFrame:
    """The typed columns of a part; those of text as categories, which are taken to the rows at little cost."""
    columns = part.columns
    if name == "penilaian" and "periode" in columns.values:
        complete_appraisals(columns)
    elif name == "fasilitas" and "kelompok_fasilitas" not in columns.values:
        if "kode_barang" in columns.values:
            group = partial(facility_group, own=columns.register.words.fronts)
            columns.put("kelompok_fasilitas", each_distinct(columns.values["kode_barang"], group))
        else:
            columns.values["kelompok_fasilitas"] = pd.Series(
                "Jaringan", index=columns.frame.index, dtype="object"
            )
    elif name == "pelatihan" and "tanggal_selesai" in columns.values:
        columns.values["tahun"] = columns.values["tanggal_selesai"].map(lambda day: day.year if day else None)
        columns.reasons.pop("tahun", None)
    elif name == "kebutuhan_kompetensi" and "id_pegawai" in columns.values:
        _one_each(columns)
    elif name == "penyuluhan" and "tanggal" in columns.values:
        columns.values["periode"] = columns.values["tanggal"].map(_quarter)
        columns.reasons.pop("periode", None)
    none = pd.Series(None, index=columns.frame.index, dtype="object")
    frame = pd.DataFrame({one: columns.values.get(one, none) for one in part.fields}, dtype="object")
    for one in FREE_TEXT:
        if one in frame and frame[one].notna().any():
            frame[one] = each_distinct(frame[one], lambda text: (without_people(text, names), ""))[0]
    typed_frame = typed(frame, name)[list(frame.columns)]
    for one in frame.columns:
        if typed_frame[one].dtype == "str":
            codes, texts = pd.factorize(typed_frame[one])
            typed_frame[one] = pd.Categorical.from_codes(codes, categories=texts)
    return typed_frame


def _one_each(columns: Columns) -> None:
    """A need with a NIP is one person's; a NIP that can't be read rejects the row, a blank one is a unit's number."""
    written = columns.frame["nip"].fillna("").astype("str").str.strip() != ""
    who, why = columns.values["id_pegawai"], columns.reasons["id_pegawai"]
    columns.reasons["id_pegawai"] = why.where(written, "")
    count = columns.values.get("jumlah_membutuhkan", pd.Series(None, index=who.index, dtype="object"))
    said = columns.reasons.get("jumlah_membutuhkan", pd.Series("", index=who.index, dtype="object"))
    lost = written & who.isna()
    columns.values["jumlah_membutuhkan"] = count.mask(written & who.notna(), 1).mask(lost, None)
    columns.reasons["jumlah_membutuhkan"] = said.mask(written, "").mask(lost, why)


def _quarter(day: date | None) -> str | None:
    """The quarter of a day: ``2025-Q3``."""
    return None if day is None else f"{day.year}-Q{(day.month + 2) // 3}"


def _reject(
    sheet: RawTable,
    home: Mapping[str, Cleaned],
    frames: Mapping[int, pd.DataFrame],
    names: Names,
    book: Book,
) -> NDArray[np.bool_]:
    """Which rows lack what their table requires; each goes into the ledger with the first reason."""
    bad = np.zeros(len(sheet.frame), dtype=bool)
    numbers = np.asarray(sheet.rows)
    for name in table(sheet.table).required:
        if name not in home:
            continue
        part = home[name]
        missing = frames[id(part)][name].isna().to_numpy()[part.of] & ~bad
        bad |= missing
        reasons = part.columns.reasons.get(name)
        rows = np.flatnonzero(missing)
        if not len(rows):
            continue
        places, of = np.unique(part.of[rows], return_inverse=True)
        told = {
            "reason": _why(reasons, places),
            "value": cells_shown(part.columns, name, places, names),
            "detail": hints_about(part.columns, name, places),
        }
        texts = {one: np.array(found, dtype=object)[of] for one, found in told.items()}
        book.ledger.append(
            lines(numbers[rows], file=sheet.file, sheet=sheet.sheet, table=sheet.table, action="rejected",
                  field=name, **texts)
        )  # fmt: skip
    return bad


def _why(reasons: pd.Series | None, places: NDArray[np.int64]) -> list[str]:
    """Why the cells at these places could not be read; where nothing is said, they are blank."""
    said = [""] * len(places) if reasons is None else reasons.iloc[places].tolist()
    return [why or "kolom_wajib_kosong" for why in said]


def _places(parts: Sequence[Cleaned], frames: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Agency and unit of each row, where the table has them."""
    found = {}
    for name in ("instansi", "unit_kerja"):
        home = next((part for part in parts if name in part.fields), None)
        if home is None:
            found[name] = pd.Series(None, index=range(len(parts[0].of)), dtype="object")
        else:
            found[name] = _taken(frames[id(home)][name], home.of)
    return pd.DataFrame(found)


def _account(
    sheet: RawTable,
    part: Cleaned,
    frame: pd.DataFrame,
    bad: NDArray[np.bool_],
    places: pd.DataFrame,
    names: Names,
    book: Book,
) -> None:
    """Cells that could not be read, and what was decided and noted."""
    columns = part.columns
    reasons = {name: columns.reasons[name] for name in columns.reasons if name in part.fields}
    numbered = replace(columns.raw, rows=np.arange(len(columns.frame)))
    unread = emptied(
        numbered,
        _unread(reasons, part, frame, sheet.table),
        names,
        partial(hints_about, columns),
    )
    book.cells += [_to_rows(line, part, sheet, bad, places) for line in unread]
    where = (sheet.file, sheet.sheet, sheet.table)
    book.decisions += [(*where, *flag) for flag in columns.flags if flag[0] in part.fields]
    kept = np.bincount(part.of[~bad] if bad.any() else part.of, minlength=len(columns.frame))
    for name, column in reasons.items():
        counts = pd.Series(kept, index=column.index).groupby(column).sum()
        for why, count in counts.sort_values(ascending=False, kind="stable").items():
            if why and count:
                book.decisions.append((*where, name, "dikosongkan", why, int(count)))
    book.decisions += [
        (*where, name, what, value, len(sheet.frame)) for name, what, value in columns.decisions
    ]


def _unread(
    reasons: Mapping[str, pd.Series], part: Cleaned, frame: pd.DataFrame, name: str
) -> dict[str, pd.Series]:
    """Reasons by column, with those of required columns that are simply blank."""
    found = dict(reasons)
    for required in table(name).required:
        if required in part.fields and (blank := frame[required].isna()).any():
            known = found.get(required, pd.Series("", index=frame.index, dtype="object"))
            found[required] = known.mask(blank & (known == ""), "kolom_wajib_kosong")
    return found


def _to_rows(
    line: pd.DataFrame, part: Cleaned, sheet: RawTable, bad: NDArray[np.bool_], places: pd.DataFrame
) -> pd.DataFrame:
    """Lines about distinct rows as lines about the rows of the sheet."""
    place = np.full(len(part.columns.frame), -1, dtype=np.int64)
    place[line["row"].to_numpy()] = np.arange(len(line))
    rows = np.flatnonzero(place[part.of] >= 0)
    whole = line.iloc[place[part.of[rows]]].reset_index(drop=True)
    where = {name: places[name].iloc[rows].to_numpy(dtype=object) for name in places}
    return whole.assign(row=np.asarray(sheet.rows)[rows], kept=~bad[rows], **where)
