"""Corrections by hand, applied to the raw tables before cleaning, each guarded by the text it replaces.

A correction names its cell by file, sheet, row and column. The guard is either the text itself (``from``) or, in what
``kinerja corrections import`` writes, a keyed hash of the place and the text (``guard``), so that the old text, which may
be a NIP, need not be written down.
"""

from __future__ import annotations

import hmac
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.schema.raw import COMPOSITE, RawTable

_REQUIRED = ("file", "sheet", "row", "field", "to", "reason", "author", "date")
_CONTEXT = {
    "periode_nama": "periode",
    "unit_nama": "unit_kerja",
    "instansi_nama": "instansi",
    "tahun": "tahun",
}


@dataclass(frozen=True)
class Correction:
    """One cell to change: where it stands, what it held (``before``, or ``guard``), what it should hold (``after``)."""

    file: str
    sheet: str
    row: int
    field: str
    before: str
    after: str
    reason: str
    author: str
    date: str
    guard: str = ""

    @property
    def place(self) -> tuple[str, str, int, str]:
        """File, sheet, row and column."""
        return self.file, self.sheet, self.row, self.field

    def holds(self, text: str, key: bytes) -> bool:
        """Whether the cell still holds what the correction replaces."""
        if self.guard:
            return hmac.compare_digest(self.guard, guard_of(*self.place, text, key))
        return text == self.before


def guard_of(file: str, sheet: str, row: int, field: str, text: str, key: bytes) -> str:
    """Keyed hash of a cell: its place and its text, 20 hexadecimal digits."""
    content = json.dumps([file, sheet, int(row), field, text], ensure_ascii=False)
    return hmac.new(key, content.encode("utf-8"), sha256).hexdigest()[:20]


def cell_of(sheet: RawTable, place: int, column: str) -> str:
    """Text of a cell; empty where it is blank, or the file has no such column."""
    if column not in sheet.frame.columns:
        return ""
    cell = sheet.frame[column].iat[place]
    return "" if pd.isna(cell) else str(cell)


def holds_in(tables: Iterable[RawTable], one: Correction, key: bytes) -> bool:
    """Whether some of these tables hold the cell of a correction as the correction expects it."""
    for sheet in tables:
        if (sheet.file, sheet.sheet) == (one.file, one.sheet):
            rows = np.flatnonzero(np.asarray(sheet.rows) == one.row)
            if any(one.holds(cell_of(sheet, int(row), one.field), key) for row in rows):
                return True
    return False


def _correction(entry: dict[str, Any]) -> Correction:
    texts = {name: str(entry[name]) for name in _REQUIRED}
    before, guard = entry.get("from"), str(entry.get("guard", ""))
    if before is None and not guard:
        raise KeyError("from")
    return Correction(
        texts["file"], texts["sheet"], int(entry["row"]), texts["field"], str(before or ""), texts["to"],
        texts["reason"], texts["author"], texts["date"], guard,
    )  # fmt: skip


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Read ``corrections.toml``; an absent file holds none.

    Raises
    ------
    CleaningError
        The file is no TOML, or an entry lacks one of its keys.
    """
    if not path.exists():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("correction", [])
        return tuple(_correction(entry) for entry in entries)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CleaningError(
            Both(f"koreksi tidak terbaca: {path.name}", en=f"cannot read the corrections: {path.name}"),
            action=Both(
                "periksa kunci file, sheet, row, field, from atau guard, to, reason, author, date",
                en="check its keys file, sheet, row, field, from or guard, to, reason, author, date",
            ),
        ) from error


def written(corrections: Iterable[Correction]) -> str:
    """Corrections as entries of ``corrections.toml``."""
    return "\n".join(_entry(correction) for correction in corrections)


def _entry(one: Correction) -> str:
    guard = ("guard", one.guard) if one.guard else ("from", one.before)
    pairs = [("file", one.file), ("sheet", one.sheet), ("row", one.row), ("field", one.field), guard,
             ("to", one.after), ("reason", one.reason), ("author", one.author), ("date", one.date)]  # fmt: skip
    lines = [f"{name} = {value if isinstance(value, int) else _quoted(str(value))}" for name, value in pairs]
    return "\n".join(["[[correction]]", *lines, ""])


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def apply_corrections(
    tables: Iterable[RawTable], corrections: Sequence[Correction], key: bytes = b""
) -> list[RawTable]:
    """Raw tables with the corrected cells; the frames given are not changed.

    Raises
    ------
    CleaningError
        There is no such cell, or it no longer holds the text that the correction replaces. All such corrections are
        listed, not only the first.
    """
    found = list(tables)
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, sheet in enumerate(found):
        places[sheet.file, sheet.sheet].append(place)
    copied: set[int] = set()
    stale = []
    for correction in corrections:
        for place in places.get((correction.file, correction.sheet), ()):
            if place not in copied:
                found[place] = replace(found[place], frame=found[place].frame.copy())
                copied.add(place)
            if _changed(found[place], correction, key):
                break
        else:
            stale.append(correction)
    if stale:
        raise _stale(stale, {table.file for table in found})
    return found


def _changed(sheet: RawTable, correction: Correction, key: bytes) -> bool:
    """Change the cell in a copied frame; whether it was there and held what it should."""
    rows = np.flatnonzero(np.asarray(sheet.rows) == correction.row)
    column = correction.field
    texts = {cell_of(sheet, int(row), column) for row in rows}
    if len(texts) != 1 or not correction.holds(texts.pop(), key):
        return False
    frame = sheet.frame
    if column not in frame.columns:
        if column not in COMPOSITE and column not in _CONTEXT and not correction.guard:
            return False
        frame[column] = pd.Series(sheet.context.get(_CONTEXT.get(column, ""), None), frame.index, dtype="str")
    frame[column] = frame[column].astype("str")
    frame.iloc[rows, list(frame.columns).index(column)] = correction.after
    return True


def _stale(stale: Sequence[Correction], files: set[str]) -> CleaningError:
    lines: list[str] = []
    for one in stale[:20]:
        gone = one.file not in files
        where = f"{one.file} · {one.sheet or '-'} · {one.row} · {one.field}"
        why = "berkas tidak ada atau tidak terbaca" if gone else "isi sel sudah berubah"
        why_en = "the file is gone or cannot be read" if gone else "the cell has changed"
        lines.append(Both(f"{where}: {why}", en=f"{where}: {why_en}"))
    return CleaningError(
        Both(
            f"{len(stale)} koreksi tidak berlaku lagi (berkas · lembar · baris · kolom)",
            en=f"{len(stale)} corrections no longer hold (file · sheet · row · column)",
        ),
        details=lines,
        action=Both(
            "hapus koreksi itu dari data/reference/corrections.toml, lalu `kinerja corrections export` untuk "
            "meminta yang baru",
            en="delete them from data/reference/corrections.toml, then ask anew with `kinerja corrections export`",
        ),
    )
