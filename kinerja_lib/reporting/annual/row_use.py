"""Which of the models that a report quotes use a row of the panel, and which of its columns keep it out of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kinerja_lib.reporting.annual.estimates import SPECS

# columns of ``estimates.model_frame`` that have another name in the panel
_PANEL = {
    "baik_persen": "predikat",
    "jp_10": "jp_12_bulan",
    "fasilitas_10": "fasilitas_indeks",
    "kepemimpinan_10": "kepemimpinan_indeks",
}


def columns_needed() -> dict[str, tuple[str, ...]]:
    """Columns of the panel that each model needs, by the model's name."""
    needed = {}
    for name, spec in SPECS.items():
        clusters = (spec.cluster,) if isinstance(spec.cluster, str) else tuple(spec.cluster or ())
        used = dict.fromkeys((spec.outcome, *spec.exposures, *spec.controls, *spec.effects, *clusters))
        needed[name] = tuple(_PANEL.get(column, column) for column in used)
    return needed


def missing_for_models(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Columns that are empty in a row of the panel, by model; none where the model uses the row.

    Parameters
    ----------
    row : mapping
        Column to value.
    """
    return {
        name: tuple(column for column in needed if pd.isna(row[column]))
        for name, needed in columns_needed().items()
    }
