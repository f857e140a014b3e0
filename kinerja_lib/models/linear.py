"""Linear regression (ordinary or weighted least squares) with honest standard errors.

Default with ``cluster``: CR2 with Satterthwaite degrees of freedom; see ``inference`` and ``clustered``.
Weights are those of R's ``lm`` (``sigma2`` = weighted residual sum of squares / df); with CR2 they are not
taken for inverse variances, as ``clubSandwich`` does by default.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.design_checks import exposure_overlap
from kinerja_lib.models.diagnostics import linear_checks
from kinerja_lib.models.inference import Inference, infer
from kinerja_lib.models.least_squares import LeastSquares, solve
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec


def fit_linear(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit ``outcome ~ exposures + controls`` by least squares.

    Raises
    ------
    ModelError
        See :func:`kinerja_lib.models.design.build_design` and :func:`kinerja_lib.models.inference.infer`.
    """
    design = build_design(panel, spec, lang=lang)
    ls = solve(design.X, design.y, design.weights, moments=design.moments)
    found = infer(ls, spec.resolved_errors, design.clusters, lang=lang)
    numbers = size_and_fit(design, ls, found, design.n - len(design.names))
    checks = (*linear_checks(panel, spec, design, ls, found), *exposure_overlap(design, spec))
    return assemble(design, spec, ls, found, numbers, checks)


def assemble(
    design: Design,
    spec: ModelSpec,
    ls: LeastSquares,
    found: Inference,
    numbers: dict[str, Any],
    checks: tuple[Any, ...],
    **more: Any,
) -> FitResult:
    """A ``FitResult`` of a kind that is linear in the outcome."""
    return FitResult(
        spec=spec,
        terms=more.pop("terms", design.names),
        estimate=ls.beta,
        cov=found.cov,
        df=found.df,
        numbers=numbers,
        checks=checks,
        p_value=found.p_value,
        ci=found.ci,
        encoding=more.pop("encoding", design.encoding),
        dropped=design.dropped,
        **more,
    )


def size_and_fit(design: Design, ls: LeastSquares, found: Inference, residual_df: int) -> dict[str, Any]:
    """What ``glance()`` shows for a linear kind."""
    n, w = design.n, design.weights
    rss = ls.rss
    sigma2 = rss / residual_df
    y = design.y - np.average(design.y, weights=w)
    tss = float(y @ y if w is None else w @ (y * y))
    r2 = 1.0 - rss / tss
    loglik = -0.5 * n * (np.log(2 * np.pi * max(rss, 1e-300) / n) + 1.0) + (
        0.0 if w is None else 0.5 * float(np.log(w).sum())
    )
    return {
        "n": n,
        "n_input": design.n_input,
        "n_groups": found.n_clusters,
        "loglik": float(loglik),
        "criterion": float(-2.0 * loglik),
        "sigma2": float(sigma2),
        "df": residual_df,
        "r2": float(r2),
        "r2_adjusted": float(1.0 - (1.0 - r2) * (n - 1) / residual_df),
        "converged": True,
        "errors": found.label,
    }
