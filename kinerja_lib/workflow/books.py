"""The books of a cleaning as text files that an office can open: what was left out, emptied and contradicted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kinerja_lib.cleaning import CleanResult


def write_texts(folder: Path, result: CleanResult) -> None:
    """The books as CSV, for the office: no text of an export becomes a formula where a spreadsheet opens them."""
    for name in ("ledger", "cells", "conflicts"):
        frame: pd.DataFrame = getattr(result, name)
        texts = {
            one: _inert(frame[one]) for one in ("file", "sheet", "value", "values", "detail") if one in frame
        }
        path = folder / f"{name}.csv"
        frame.assign(**texts).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _inert(texts: pd.Series) -> pd.Series:
    """Texts with an apostrophe before what a spreadsheet would take for a formula."""
    formula = texts.astype("str").str.match(r"[=+@\t\r]|-(?!\d)", na=False)
    return texts.mask(formula, "'" + texts.astype("str"))
