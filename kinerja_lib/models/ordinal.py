"""Ordered logit and probit (proportional odds): P(y <= k) = F(theta_k - x'beta).

Coefficients have the sign of R's ``clm`` and ``polr``: positive moves towards the higher levels. Terms are
the thresholds ``low|high``, then the slopes. Clustered errors are CR2 with Satterthwaite degrees of freedom
(see :mod:`.ordinal_inference`). ``effects()`` has average marginal effects on the probability of each level.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from kinerja_lib.models.brant import brant_checks
from kinerja_lib.models.cumulative import CategoryBlocks, Link
from kinerja_lib.models.cumulative_fit import fit_blocks
from kinerja_lib.models.design import build_design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import cluster_checks, heaping_checks
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.ordinal_effects import marginal_effects
from kinerja_lib.models.ordinal_inference import covariance_and_df, robust_covariance, row_scores
from kinerja_lib.models.ordinal_report import (
    fit_checks,
    runaway_columns,
    separated,
    separation_check,
    size_and_fit,
)
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded

Array = NDArray[np.float64]

__all__ = ["fit_ordinal", "predict_ordinal", "robust_covariance", "row_scores", "threshold_names"]


def fit_ordinal(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit a cumulative-link model by maximum likelihood (Newton, analytic derivatives; weights count).

    With ``effects`` it is the ordered logit with fixed effects (see :mod:`.buc`).

    Raises
    ------
    ModelError
        A column separates the levels (its estimate is infinite), one level only, or a text without an order.
    """
    if spec.effects:
        from kinerja_lib.models.buc import fit_buc

        return fit_buc(panel, spec, lang=lang)
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    for name, group in design.clusters.items():
        if group.size < 2:
            raise one_cluster(name, lang)
    link: Link = "probit" if spec.link == "probit" else "logit"
    with single_threaded():
        blocks = CategoryBlocks.from_arrays(
            design.X, design.y.astype(np.intp), len(design.levels), design.weights
        )
        found = fit_blocks(blocks, link)
    spread = blocks.scale
    runaway = runaway_columns(found, design.names, spread)
    if runaway:
        raise separated(runaway, lang)
    terms = (*threshold_names(design.levels), *design.names)
    inference, contrast_df = covariance_and_df(found, design, spec, link)
    numbers = size_and_fit(found, design.n, design.n_input, len(design.levels), inference)
    counts = np.bincount(design.y, minlength=len(design.levels)).astype(np.float64)
    checks = [*cluster_checks(inference, terms, spec), *fit_checks(found, counts, design.flags)]
    checks += [separation_check(found.beta * spread), *heaping_checks(panel, spec, design.rows)]
    odds, cuts = brant_checks(design, spec)
    checks += [*odds, *design_checks(design, spec)]
    effects = marginal_effects(
        found.theta,
        found.beta,
        inference.cov,
        design.X,
        design.weights,
        design.names,
        design.levels,
        link,
        contrast_df,
    )
    return FitResult(
        spec=spec,
        terms=terms,
        estimate=found.parameters,
        cov=inference.cov,
        df=inference.df,
        numbers=numbers,
        checks=tuple(checks),
        tables={"effects": effects} | ({} if cuts is None else {"cuts": cuts}),
        encoding=design.encoding,
        levels=design.levels,
        dropped=design.dropped,
    )


def threshold_names(levels: tuple[Any, ...]) -> tuple[str, ...]:
    """``low|high`` for each pair of neighbouring levels."""
    return tuple(f"{low}|{high}" for low, high in pairwise(levels))


def predict_ordinal(result: FitResult, X: Array) -> Array:
    """Probability of each level, shape (n, K)."""
    k = len(result.levels) - 1
    F = ndtr if result.spec.link == "probit" else expit
    e = X @ result.estimate[k:]
    below = F(result.estimate[None, :k] - e[:, None])
    edge = np.where(np.isnan(e), np.nan, 0.0)[:, None]
    return np.diff(np.hstack([edge, below, edge + 1.0]), axis=1)
