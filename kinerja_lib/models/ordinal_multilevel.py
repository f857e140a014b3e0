"""Ordered logit and probit with random intercepts (cumulative-link mixed model), by maximum likelihood.

P(y <= k | b) = F(theta_k - x'beta - b), b normal with one variance a factor. One factor: Laplace
approximation (``quadrature=1``) or adaptive Gauss-Hermite quadrature; several crossed or nested factors:
Laplace. Coefficients are conditional on the random effects and have the sign of R's ``clmm``. Standard errors
come from the full Hessian, variances included; tests use t with degrees of freedom between and within groups. With
``cluster`` and one factor they are CR2 (or CR1); groups may lie in several clusters.
``effects()`` has average marginal effects on the probability of each level, averaged over rows and random
effects; ``predict`` holds the random effects at zero.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.brant import brant_checks
from kinerja_lib.models.cumulative import CategoryBlocks, Link
from kinerja_lib.models.cumulative_fit import CumulativeFit, fit_blocks
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import cluster_checks, heaping_checks
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.ordinal import predict_ordinal, threshold_names
from kinerja_lib.models.ordinal_multilevel_crossed import CrossedRows
from kinerja_lib.models.ordinal_multilevel_df import degrees_of_freedom
from kinerja_lib.models.ordinal_multilevel_effects import mixed_effects
from kinerja_lib.models.ordinal_multilevel_kernel import MixedFit, fit_mixed
from kinerja_lib.models.ordinal_multilevel_result import (
    factor_separates,
    mixed_checks,
    numbers_of,
    require,
    require_different,
    too_many_levels,
    unused_cluster,
)
from kinerja_lib.models.ordinal_multilevel_robust import robust_fit
from kinerja_lib.models.ordinal_multilevel_rows import link_rows
from kinerja_lib.models.ordinal_multilevel_single import GroupedRows
from kinerja_lib.models.ordinal_multilevel_tables import predicted, variance_table
from kinerja_lib.models.ordinal_report import fit_checks, runaway_columns, separated
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded

Array = NDArray[np.float64]
Effects = list[tuple[Array, Array]]

#: standard deviation of an intercept beyond which the factor determines the outcome
MOST_SIGMA = 20.0
#: standard error of a slope (a standard deviation of its column) beyond which the likelihood is flat
MOST_VAGUE = 50.0


def fit_ordinal_multilevel(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit a cumulative-link model with random intercepts.

    Returns
    -------
    FitResult
        ``variances()``: component, variance, sd, std_error of the sd, ``icc`` (share of the latent variance).
        ``random_effects()``: predicted intercepts (conditional modes), their errors and reliability.
        ``glance()``: ``loglik``, ``loglik_fixed`` (without random effects), ``aic``, ``icc``; with one factor
        ``p_variance``, the likelihood-ratio test of a zero variance (mixture of chi-squares 0 and 1).
        ``n_groups`` are the factor's levels, or the clusters where errors are robust (``n_effects`` the levels).
        ``weights`` count rows: a weight of 2 is the row twice, in the same group.

    Raises
    ------
    ModelError
        Random slopes or fixed effects; two cluster columns; quadrature with several factors; a factor with
        one level or one level a row; a column or a factor that separates the levels.
    """
    require(spec, lang)
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    require(spec, lang, design)
    require_different(design.groups, lang)
    for name, cluster in design.clusters.items():
        if cluster.size < 2:
            raise one_cluster(name, lang)
    link = _link(spec)
    with single_threaded():
        blocks = CategoryBlocks.from_arrays(
            design.X, design.y.astype(np.intp), len(design.levels), design.weights
        )
        fixed = fit_blocks(blocks, link)
        center, scale = blocks.center, blocks.scale
        del blocks
        runaway = runaway_columns(fixed, design.names, design.X.std(axis=0))
        if runaway:
            raise separated(runaway, lang)
        try:
            found, effects, robust = _fit(design, spec, fixed, center, scale)
        except MemoryError as error:
            raise too_many_levels(list(design.groups), lang) from error
        if found.sigma.max() > MOST_SIGMA or not np.isfinite(found.loglik):
            raise factor_separates(list(design.groups)[int(found.sigma.argmax())], lang)
        flat = _flat_columns(found, design)
        if flat:
            raise separated(flat, lang)
        df = degrees_of_freedom(design, len(found.theta)) if robust is None else robust.df
        table = mixed_effects(
            found.theta, found.beta, found.sigma, found.cov, design.X, design.weights,
            design.names, design.levels, link, df[len(found.theta) :],
        )  # fmt: skip
    variances = variance_table(found, design, spec)
    counts = np.bincount(design.y, minlength=len(design.levels)).astype(np.float64)
    checks = [
        *fit_checks(fixed, counts, design.flags)[1:],
        *mixed_checks(found, design, variances),
        *heaping_checks(panel, spec, design.rows),
        *design_checks(design, spec),
        *brant_checks(replace(design, clusters=dict(list(design.groups.items())[:1])), spec)[0],
    ]
    terms = (*threshold_names(design.levels), *design.names)
    if robust is not None:
        checks += cluster_checks(robust, terms, spec)
    elif design.clusters:
        checks.append(unused_cluster(spec))
    m = len(terms)
    return FitResult(
        spec=spec,
        terms=terms,
        estimate=np.concatenate([found.theta, found.beta]),
        cov=found.cov[:m, :m],
        df=df,
        numbers=numbers_of(found, fixed, design, spec, robust),
        checks=tuple(checks),
        tables={
            "effects": table,
            "variances": variances,
            "random_effects": predicted(found, effects, design),
        },
        encoding=design.encoding,
        levels=design.levels,
        dropped=design.dropped,
    )


def _flat_columns(found: MixedFit, design: Design) -> list[str]:
    """Columns about which the likelihood says nothing: their estimate is on its way to infinity."""
    k = len(found.theta)
    error = np.sqrt(np.maximum(np.diag(found.cov)[k : k + len(found.beta)], 0.0)) * design.X.std(axis=0)
    return [name for name, e in zip(design.names, error, strict=True) if e > MOST_VAGUE]


def _link(spec: ModelSpec) -> Link:
    return "probit" if spec.link == "probit" else "logit"


def predict_ordinal_multilevel(result: FitResult, X: Array) -> Array:
    """Probability of each level with the random effects at zero, shape (n, K)."""
    return predict_ordinal(result, X)


def _fit(
    design: Design, spec: ModelSpec, fixed: CumulativeFit, center: Array, scale: Array
) -> tuple[MixedFit, Effects, Inference | None]:
    """The fit, modes and standard errors of each factor's intercepts, and robust errors where asked for."""
    Z = np.ascontiguousarray((design.X - center) / scale)
    factors = list(design.groups.values())
    rows, k = link_rows(spec.link), len(design.levels)
    if len(factors) == 1:
        data = GroupedRows.build(
            Z, design.y, factors[0].codes, k, factors[0].size, rows, spec.quadrature, design.weights
        )
        found = fit_mixed(data, fixed, center, scale, 1)
        mode, precision = data.modes()
        effects = [(found.sigma[0] * mode, found.sigma[0] / np.sqrt(precision))]
        if spec.resolved_errors == "iid":
            return found, effects, None
        cluster, link = next(iter(design.clusters.values())), _link(spec)
        robust = robust_fit(data, cluster, found, center, scale, link, spec.resolved_errors)
        return found._replace(cov=robust.cov), effects, robust.inference
    crossed = CrossedRows.build(Z, design.y, [(f.codes, f.size) for f in factors], k, rows, design.weights)
    found = fit_mixed(crossed, fixed, center, scale, len(factors))
    return found, crossed.effects(found.sigma), None
