"""The rows that an analysis of raters reads: those with a rating, an employee and a rater."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.factors import column
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.wording import model_error


def rated_rows(
    panel: pd.DataFrame, outcome: str, ratee: str, rater: str, unit: str | None, lang: str
) -> tuple[pd.DataFrame, NDArray[np.int64], int]:
    """Rows with outcome, employee and rater; codes of the levels that occur."""
    for name in (outcome, ratee, rater):
        column(panel, name, lang)
    answer = read_outcome(panel, outcome, "levels", lang)
    needed = [ratee, rater, *([unit] if unit is not None and unit in panel.columns else [])]
    kept = ~answer.missing & panel[needed].notna().all(axis=1).to_numpy()
    rows = np.flatnonzero(kept).astype(np.int64)
    if not len(rows):
        raise model_error(
            lang,
            "Tidak ada baris dengan keluaran, pegawai, dan penilai.",
            "No row has an outcome, an employee and a rater.",
            ("Periksa saringan dan kolomnya.", "Check the filters and the columns."),
        )
    codes, levels, _ = answer.kept(rows, False, lang)
    return panel.iloc[rows].reset_index(drop=True), codes.astype(np.int64), len(levels)
