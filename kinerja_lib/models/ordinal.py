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
from kinerja_lib.models.cumulative_fit import CumulativeFit, fit_blocks
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import cluster_checks, heaping_checks, verdict
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.ordinal_effects import marginal_effects
from kinerja_lib.models.ordinal_inference import covariance_and_df, robust_covariance, row_scores
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

__all__ = ["fit_ordinal", "predict_ordinal", "robust_covariance", "row_scores", "threshold_names"]

#: fewest rows of a level below which its threshold is called thin
THIN_LEVEL = 5
#: slope for one standard deviation beyond which an uncertain estimate is on its way to infinity
RUNAWAY = 8.0


def fit_ordinal(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit a cumulative-link model by maximum likelihood (Newton, analytic derivatives; weights count).

    Raises
    ------
    ModelError
        A column separates the levels (its estimate is infinite), one level only, or a text without an order.
    """
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    for name, group in design.clusters.items():
        if group.size < 2:
            raise model_error(
                lang,
                f'Kolom klaster "{name}" hanya mempunyai satu nilai.',
                f'The cluster column "{name}" has one value only.',
                (
                    "Pilih kolom klaster lain atau hapus cluster.",
                    "Choose another column or drop the cluster.",
                ),
            )
    link: Link = "probit" if spec.link == "probit" else "logit"
    with single_threaded():
        blocks = CategoryBlocks.from_arrays(
            design.X, design.y.astype(np.intp), len(design.levels), design.weights
        )
        found = fit_blocks(blocks, link)
    runaway = runaway_columns(found, design)
    if runaway:
        raise _separated(runaway, lang)
    terms = (*threshold_names(design.levels), *design.names)
    inference, contrast_df = covariance_and_df(found, design, spec, link)
    numbers = _numbers(found, design, inference)
    checks = [*cluster_checks(inference, terms, spec), *_checks(found, design)]
    checks += heaping_checks(panel, spec, design.rows)
    odds, cuts = brant_checks(design, spec)
    checks += odds
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


def _numbers(found: CumulativeFit, design: Design, inference: Inference) -> dict[str, Any]:
    m = len(found.parameters)
    return {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": inference.n_clusters,
        "n_levels": len(design.levels),
        "loglik": found.loglik,
        "loglik_null": found.loglik_null,
        "criterion": -2.0 * found.loglik,
        "aic": 2.0 * m - 2.0 * found.loglik,
        "pseudo_r2": 1.0 - found.loglik / found.loglik_null,
        "df": m,
        "iterations": found.iterations,
        "converged": found.converged,
        "errors": inference.label,
    }


def _checks(found: CumulativeFit, design: Design) -> list[Check]:
    counts = np.bincount(design.y, minlength=len(design.levels))
    fewest = float(counts.min())
    thin = fewest < THIN_LEVEL
    checks = [
        Check(
            "convergence", found.gradient, 1e-3 * max(1.0, np.sqrt(design.n)),
            "ok" if found.converged else "fail",
            "Penaksiran konvergen." if found.converged else "Penaksiran tidak konvergen; jangan dipakai.",
            "The fit converged." if found.converged else "The fit did not converge; do not use it.",
        ),
        Check(
            "thin_level", fewest, float(THIN_LEVEL),
            verdict(fewest, THIN_LEVEL, above_is_bad=False),
            "Ada kategori dengan sangat sedikit baris." if thin else "Setiap kategori cukup terisi.",
            "A level has very few rows." if thin else "Each level has enough rows.",
        ),
    ]  # fmt: skip
    for flag in design.flags:
        what = flag.split(": ", 1)[1]
        checks.append(
            Check(
                "unused_levels", float(what.count(",") + 1), 0.0, "warning",
                f"Kategori tanpa baris tidak ikut dimodelkan: {what}.",
                f"Levels without a row are not modelled: {what}.",
            )
        )  # fmt: skip
    return checks


def runaway_columns(found: CumulativeFit, design: Design) -> list[str]:
    """Columns whose estimate runs off to infinity: along the separating direction, or beyond any odds."""
    slopes = np.abs(found.beta) * design.X.std(axis=0)
    if found.separation is not None:
        weight = np.abs(found.separation[len(found.theta) :])
    elif len(slopes) and slopes.max() > RUNAWAY and _uncertain(found, int(slopes.argmax())):
        weight = slopes
    else:
        return []
    return [name for name, w in zip(design.names, weight, strict=True) if w > 0.1 * weight.max()]


def _uncertain(found: CumulativeFit, column: int) -> bool:
    """Whether a large slope is smaller than twice its standard error, the mark of an infinite one.

    A large slope that is finite is also precise; one on its way to infinity flattens the likelihood (Hauck and
    Donner 1977).
    """
    place = len(found.theta) + column
    variance = float(found.covariance[place, place])
    return variance <= 1e-12 or abs(float(found.beta[column])) < 2 * variance**0.5


def _separated(names: list[str], lang: str) -> Exception:
    shown = ", ".join(names)
    return model_error(
        lang,
        f"Kolom memisahkan kategori keluaran secara sempurna: {shown}; penaksirnya tak hingga.",
        f"Columns separate the outcome's levels perfectly: {shown}; the estimate is infinite.",
        (
            "Gabungkan kategori yang jarang, hapus kolom itu, atau pakai fit_firth (dua kategori keluaran).",
            "Merge rare levels, leave the column out, or use fit_firth (for two outcome levels).",
        ),
    )
