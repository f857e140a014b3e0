"""What a line of the ledger says beside the reason: the cell, masked where personal, and names that may be meant."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

import pandas as pd

from kinerja_lib.cleaning.cells import origin, shown
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.lineage import trace


def cell_shown(columns: Columns, name: str, row: int, names: Container[tuple[str, ...]]) -> str:
    """The cell that made a row unusable, as the ledger may show it."""
    column = origin(name, list(columns.frame.columns))
    if not column or pd.isna(columns.frame[column].iat[row]):
        return ""
    return shown(column, str(columns.frame[column].iat[row]).strip(), names)


def hint_about(columns: Columns, name: str, row: int) -> str:
    """Names of the register: the closest to an agency or unit that it does not hold, or what a unit was split into."""
    if name not in ("instansi", "unit_kerja"):
        return ""
    source = origin(name, list(columns.frame.columns))
    text = columns.frame[source].iat[row] if source else columns.raw.context.get(name, "")
    if pd.isna(text) or not str(text).strip():
        return ""
    agency, register = ("" if name == "instansi" else columns.values["instansi"].iat[row]), columns.register
    if agency is None:
        return ""
    code = register.unit(str(text), agency)[0] if agency else register.agency(str(text))[0]
    if code is not None:
        others = trace(register, code, date.max).others
        return " | ".join(register.by_code[other].name for other in others)
    return " | ".join(register.closest(str(text), agency or None))
