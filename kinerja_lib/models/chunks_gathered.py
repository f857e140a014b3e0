"""Models whose sums do not add up over chunks: the columns they name are gathered, and fitted at once.

A mixed ordered model, a conditional likelihood, instruments or a rollout need a whole group, or all rows, at each step.
Chunks then serve the reading only: of each, the columns of the specification are kept and the rest is forgotten, so that
memory grows with the rows but not with the width of the table.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.api.types import union_categoricals

from kinerja_lib.models.fitting import fit
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec


def fit_from(source: Any, spec: ModelSpec, lang: str) -> FitResult:
    """Gather and fit; the result is that of ``fit`` on the whole table."""
    columns = named_columns(spec, source.first())
    return fit(gathered(list(source.map(_take, columns))), spec, lang=lang)


def named_columns(spec: ModelSpec, frame: pd.DataFrame) -> list[str]:
    """Columns of a chunk that a specification names anywhere."""
    said = repr(spec.to_dict())
    return [str(name) for name in frame.columns if str(name) in said]


def gathered(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames beneath each other; a category of all of them stays one, with the categories of each."""
    whole = pd.concat([frame.reset_index(drop=True) for frame in frames], ignore_index=True)
    for name in whole.columns:
        parts = [frame[name] for frame in frames]
        if all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
            ordered = all(part.cat.ordered for part in parts)
            same = all(part.dtype == parts[0].dtype for part in parts)
            if not same and not ordered:
                whole[name] = union_categoricals([part.array for part in parts])
    return whole


def _take(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame[[name for name in columns if name in frame.columns]]
