"""What a line of the ledger says beside the reason: the cell, masked where personal, and names that may be meant."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning.cells import origin, shown
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.lineage import trace


def cells_shown(
    columns: Columns, name: str, places: NDArray[np.int64], names: Container[tuple[str, ...]]
) -> list[str]:
    """The cells that made rows unusable, as the ledger may show them."""
    column = origin(name, list(columns.frame.columns))
    if not column:
        return [""] * len(places)
    texts = columns.frame[column].iloc[places].fillna("").astype("str").str.strip()
    masks = {text: shown(column, text, names) if text else "" for text in texts.unique()}
    return [masks[text] for text in texts.tolist()]


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
