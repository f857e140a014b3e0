"""Where a row belongs: agency and unit by name, at the row's period, with what the register says of that time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from kinerja_lib.cleaning.distinct import each_distinct, plain
from kinerja_lib.cleaning.lineage import related, settle
from kinerja_lib.cleaning.units import Register
from kinerja_lib.schema.fields import table

if TYPE_CHECKING:
    from kinerja_lib.cleaning.columns import Columns

SEPARATOR = "\x1f"


def place(columns: Columns) -> None:
    """Store ``instansi`` and ``unit_kerja``: from the row, else from titles, sheet and folder."""
    wanted = table(columns.raw.table).columns
    if "instansi" not in wanted:
        return
    context = columns.raw.context
    folders = [part.replace("_", " ").lstrip("0123456789 ") for part in columns.raw.file.split("/")[:-1]]
    fallback = ""
    for text in (context.get("instansi", ""), context.get("unit_kerja", ""), *reversed(folders)):
        code = columns.register.agency(text)[0] if text else None
        if code:
            fallback = code
            break
    agencies = columns.cells("instansi_nama", "instansi")
    places = columns.joined(agencies if agencies is not None else "", fallback, _when(columns))
    _named(columns, "instansi", places, partial(_agency, columns.register))
    if "instansi" in table(columns.raw.table).required:  # no cell to refuse: titles and folders named none
        reason = "instansi_tidak_dikenal" if plain(context.get("instansi", "")) else "instansi_hilang"
        nameless = columns.values["instansi"].isna() & (columns.reasons["instansi"] == "")
        columns.reasons["instansi"] = columns.reasons["instansi"].mask(nameless, reason)
    if "unit_kerja" in wanted:
        units = columns.cells("unit_nama", "unit_kerja")
        places = columns.joined(
            units if units is not None else context.get("unit_kerja", ""),
            columns.values["instansi"].astype("object"),
            _when(columns),
        )
        _named(columns, "unit_kerja", places, partial(_unit, columns.register))


def _when(columns: Columns) -> pd.Series | str:
    """The period of each row, where the register has units that begin or end."""
    if not columns.register.dated:
        return ""
    if "periode" in columns.values:
        return columns.values["periode"]
    years = columns.cells("tahun")
    if years is None:
        return str(columns.raw.context.get("tahun", ""))
    return years.astype("object").where(years.str.fullmatch(r"(?:19|20)\d{2}").fillna(False), None)


def _named(
    columns: Columns,
    name: str,
    places: pd.Series,
    resolve: Callable[[str, str, str], tuple[str | None, str]],
) -> None:
    """Store the codes of named places; what was read in spite of its spelling or its time is noted."""
    notes: dict[tuple[str, str], str] = {}

    def rule(text: str) -> tuple[str | None, str]:
        cell, beside, when = text.split(SEPARATOR)
        code, reason = resolve(cell, beside, when)
        if code is None:
            return code, reason
        if plain(cell) and not columns.register.spells(cell, code):
            notes[text, "nama_didekati"] = f"{plain(cell)} = {columns.register.by_code[code].name}"
        if not when:
            return code, reason
        settled = settle(columns.register, code, when)
        if settled.note:
            notes[text, settled.note] = f"{code} → {settled.code}"
        return settled.code, settled.reason

    columns.put(name, each_distinct(places, rule))
    for (text, what), value in notes.items():
        columns.flags.append((name, what, value, columns.count(places == text)))


def _agency(register: Register, cell: str, other: str, when: str) -> tuple[str | None, str]:
    if plain(cell):
        return register.agency(cell, when)
    return (other, "") if other else (None, "instansi_hilang")


def _unit(register: Register, cell: str, agency: str, when: str) -> tuple[str | None, str]:
    if not plain(cell) or not agency:
        return None, ""
    code, reason = register.unit(cell, agency, when)
    if code is None and when:  # the agency stands under its code of that time, the unit under another one
        named = {register.unit(cell, other, when)[0] for other in related(register, agency)} - {None}
        then = {settle(register, str(one), when).code for one in named}
        if len(then) == 1:
            return str(min(map(str, named))), ""
    return code, reason
