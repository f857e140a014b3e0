"""Corrections by hand, applied to the raw tables before cleaning, each guarded by the text it replaces."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.schema.raw import RawTable


@dataclass(frozen=True)
class Correction:
    """One cell to change: where it stands, what it held (``before``), what it should hold (``after``)."""

    file: str
    sheet: str
    row: int
    field: str
    before: str
    after: str
    reason: str
    author: str
    date: str


_KEYS = {"before": "from", "after": "to"}


def _correction(entry: dict[str, Any]) -> Correction:
    texts: dict[str, Any] = {
        part.name: str(entry[_KEYS.get(part.name, part.name)]) for part in fields(Correction)
    }
    return Correction(**{**texts, "row": int(entry["row"])})


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
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("correction", [])
        return tuple(_correction(entry) for entry in entries)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CleaningError(
            Both(f"koreksi tidak terbaca: {path.name}", en=f"cannot read the corrections: {path.name}"),
            action=Both(
                "periksa kunci file, sheet, row, field, from, to, reason, author, date",
                en="check its keys file, sheet, row, field, from, to, reason, author, date",
            ),
        ) from error


def apply_corrections(tables: Iterable[RawTable], corrections: Sequence[Correction]) -> list[RawTable]:
    """Raw tables with the corrected cells; the frames given are not changed.

    Raises
    ------
    CleaningError
        There is no such cell, or it no longer holds the text that the correction replaces.
    """
    found = list(tables)
    for correction in corrections:
        for place, sheet in enumerate(found):
            if (sheet.file, sheet.sheet) != (correction.file, correction.sheet):
                continue
            rows = np.flatnonzero(np.asarray(sheet.rows) == correction.row)
            if len(rows) != 1 or correction.field not in sheet.frame.columns:
                continue
            cell = sheet.frame[correction.field].iat[rows[0]]
            if ("" if cell != cell else str(cell)) == correction.before:
                frame = sheet.frame.copy()
                frame.loc[frame.index[rows[0]], correction.field] = correction.after
                found[place] = replace(sheet, frame=frame)
                break
        else:
            raise _stale(correction)
    return found


def _stale(correction: Correction) -> CleaningError:
    where = f"{correction.file}, {correction.sheet or '-'}, {correction.row}, {correction.field}"
    return CleaningError(
        Both(
            f"koreksi tidak berlaku lagi (berkas, lembar, baris, kolom): {where}",
            en=f"a correction no longer holds (file, sheet, row, column): {where}",
        ),
        action=Both(
            "cocokkan sel itu dengan corrections.toml, lalu perbarui atau hapus koreksinya",
            en="compare that cell with corrections.toml, then update or delete the correction",
        ),
    )
