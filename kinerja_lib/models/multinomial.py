"""Multinomial logit: categories without an order, or a check on the proportional odds of an ordered one.

statsmodels is the library of record here; terms are ``level: column`` against the first level.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]


def fit_multinomial(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit by maximum likelihood (``statsmodels.MNLogit``); plain errors, no weights.

    Raises
    ------
    ModelError
        Weights, or what the design refuses.
    """
    from kinerja_lib.models.statsmodels_engine import fit_with_statsmodels

    return fit_with_statsmodels(panel, spec, lang)


def predict_multinomial(result: FitResult, X: Array) -> Array:
    """Probability of each level, shape (n, K)."""
    beta = result.estimate.reshape(len(result.levels) - 1, X.shape[1])
    scores = np.column_stack([np.zeros(len(X)), X @ beta.T])
    scores -= scores.max(axis=1, keepdims=True)
    scores[np.isnan(X).any(axis=1)] = np.nan
    odds = np.exp(scores)
    return odds / odds.sum(axis=1, keepdims=True)
