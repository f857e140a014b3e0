"""What a line of the ledger says beside the reason: the cell, masked where personal, and names that may be meant."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.cleaning.cells import origin, shown_all
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.lineage import trace
from kinerja_lib.cleaning.units import Register


def cells_shown(
    columns: Columns, name: str, places: NDArray[np.int64], names: Container[tuple[str, ...]]
) -> list[str]:
    """The cells that made rows unusable, as the ledger may show them."""
    column = origin(name, list(columns.frame.columns))
    if not column:
        return [""] * len(places)
    texts = columns.frame[column].iloc[places].fillna("").astype("str").str.strip()
    return shown_all(column, texts, names)


def hints_about(columns: Columns, name: str, places: NDArray[np.int64]) -> list[str]:
    """Names of the register: the closest to an agency or unit that it does not hold, or what a unit was split into."""
    if name not in ("instansi", "unit_kerja"):
        return [""] * len(places)
    source = origin(name, list(columns.frame.columns))
    if source:
        texts = columns.frame[source].iloc[places].fillna("").astype("str").tolist()
    else:
        texts = [str(columns.raw.context.get(name) or "")] * len(places)
    if name == "instansi":
        agencies = [""] * len(places)
    else:
        agencies = columns.values["instansi"].iloc[places].tolist()
    known: dict[tuple[str, str | None], str] = {}
    for pair in zip(texts, agencies, strict=True):
        if pair not in known:
            known[pair] = _hint(columns.register, *pair)
    return [known[pair] for pair in zip(texts, agencies, strict=True)]


def _hint(register: Register, text: str, agency: str | None) -> str:
    """What is said of one name: within an agency, or ``""`` where the name is that of an agency."""
    if not text.strip() or agency is None:
        return ""
    code = register.unit(text, agency)[0] if agency else register.agency(text)[0]
    if code is not None:
        others = trace(register, code, date.max).others
        return " | ".join(register.by_code[other].name for other in others)
    return " | ".join(register.closest(text, agency or None))
