"""Multinomial logit: categories without an order, or a check on the proportional odds of an ordered one.

statsmodels is the library of record here; terms are ``level: column`` against the first level.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import build_design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import heaping_checks
from kinerja_lib.models.ordinal_report import RUNAWAY, separated, separation_check, thin_level_check
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]


def fit_multinomial(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit by maximum likelihood (``statsmodels.MNLogit``); plain errors, no weights.

    Raises
    ------
    ModelError
        Weights, a column that separates the levels, or what the design refuses.
    """
    from kinerja_lib.models.statsmodels_engine import fit_with_statsmodels

    result = fit_with_statsmodels(panel, spec, lang)
    design = build_design(panel, spec, outcome="levels", lang=lang)
    p, spread = len(design.names), design.X.std(axis=0)
    slopes, errors = (v.reshape(-1, p) * spread for v in (result.estimate, result.std_error))
    # far out, and the likelihood flat there: on its way to infinity (Hauck & Donner 1977)
    endless = ~np.isfinite(errors) | ((np.abs(slopes) > RUNAWAY) & (np.abs(slopes) < 2 * errors))
    if endless.any():
        raise separated(
            [name for name, bad in zip(design.names, endless.any(axis=0), strict=True) if bad], lang
        )
    counts = np.bincount(design.y, minlength=len(design.levels)).astype(np.float64)
    checks = (
        separation_check(slopes),
        thin_level_check(counts),
        *heaping_checks(panel, spec, design.rows),
        *design_checks(design, spec),
    )
    return replace(result, checks=checks)


def predict_multinomial(result: FitResult, X: Array) -> Array:
    """Probability of each level, shape (n, K)."""
    beta = result.estimate.reshape(len(result.levels) - 1, X.shape[1])
    scores = np.column_stack([np.zeros(len(X)), X @ beta.T])
    scores -= scores.max(axis=1, keepdims=True)
    scores[np.isnan(X).any(axis=1)] = np.nan
    odds = np.exp(scores)
    return odds / odds.sum(axis=1, keepdims=True)
