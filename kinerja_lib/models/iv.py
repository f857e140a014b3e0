"""Two-stage least squares for one endogenous exposure (the first); inference that survives weak instruments.

``glance()`` gives the first-stage F, the effective F of Montiel Olea & Pflueger (2013) with its critical
value (worst-case bias 10 %, 5 % level), Sargan's test where there are more instruments than needed, and the
Anderson–Rubin interval, which holds its level however weak the instruments are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.absorb import Absorber, absorbed_df
from kinerja_lib.models.collinearity import require_full_rank
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import (
    cluster_checks,
    heaping_checks,
    leverage_check,
    verdict,
    vif_checks,
)
from kinerja_lib.models.inference import Inference, infer
from kinerja_lib.models.least_squares import LeastSquares, solve
from kinerja_lib.models.linear import assemble
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.weak_instruments import AndersonRubin, FirstStage, anderson_rubin, first_stage
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Parts:
    """Columns after absorbing effects: outcome, endogenous, exogenous (with constant), instruments."""

    y: Array
    x: Array
    W: Array
    Z: Array
    weights: Array | None
    absorbed: int
    nested: int
    intercept: bool


def fit_iv(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit by 2SLS: the first exposure is instrumented, all other terms are their own instruments.

    ``spec.effects`` are absorbed from all columns first. Standard errors use the small-sample factor n - k.

    Raises
    ------
    ModelError
        The first exposure is a category of more than two levels, or the instruments do not move it.
    """
    design = build_design(panel, spec, intercept=not spec.effects, rank=False, lang=lang)
    j = _endogenous(design, spec, lang)
    parts = _parts(design, spec, j)
    exogenous = tuple(name for k, name in enumerate(design.names) if k != j)
    require_full_rank(np.column_stack([parts.W, parts.Z]), (*exogenous, *design.z_names), lang)
    require_full_rank(np.column_stack([parts.W, parts.x]), (*exogenous, design.names[j]), lang)
    first = first_stage(parts.x, parts.W, parts.Z, spec, design, parts.absorbed, parts.nested, lang)
    X = np.column_stack([parts.W[:, :j], parts.x, parts.W[:, j:]])
    projected = X.copy()
    projected[:, j] = first.fitted
    ls = solve(projected, parts.y, parts.weights, intercept=parts.intercept)
    ls = replace(ls, residuals=parts.y - X @ ls.beta)
    found = infer(
        ls,
        "CR1" if spec.resolved_errors == "wild" else spec.resolved_errors,
        design.clusters,
        absorbed=parts.absorbed,
        absorbed_nested=parts.nested,
        lang=lang,
    )
    ar = anderson_rubin(parts.y, parts.x, parts.W, parts.Z, spec, design, parts.absorbed, parts.nested, lang)
    return _result(panel, spec, design, ls, found, first, ar, parts)


def _endogenous(design: Design, spec: ModelSpec, lang: str) -> int:
    name = spec.exposures[0]
    own = [k for k, found in enumerate(design.names) if found == name or found.startswith(f"{name}[")]
    if len(own) != 1:
        raise model_error(
            lang,
            f'Variabel endogen "{name}" harus angka atau kategori dengan dua nilai.',
            f'The endogenous variable "{name}" must be a number or a category of two values.',
            ("Ubah menjadi indikator 0/1.", "Turn it into a 0/1 indicator."),
        )
    return own[0]


def _parts(design: Design, spec: ModelSpec, j: int) -> _Parts:
    W = np.delete(design.X, j, axis=1)
    columns = np.column_stack([design.y, design.X[:, j], W, design.Z])
    absorbed = nested = 0
    if spec.effects:
        effects = list(design.effects.values())
        columns = Absorber(effects, design.weights)(columns)
        df = absorbed_df(effects, next(iter(design.clusters.values()), None))
        absorbed, nested = df.total, df.nested
    k = 2 + W.shape[1]
    return _Parts(
        columns[:, 0],
        columns[:, 1],
        columns[:, 2:k],
        columns[:, k:],
        design.weights,
        absorbed,
        nested,
        not spec.effects,
    )


def _result(
    panel: pd.DataFrame,
    spec: ModelSpec,
    design: Design,
    ls: LeastSquares,
    found: Inference,
    first: FirstStage,
    ar: AndersonRubin,
    parts: _Parts,
) -> FitResult:
    residual_df = design.n - len(design.names) - parts.absorbed
    y = parts.y - np.average(parts.y, weights=parts.weights)
    tss = float(y @ (y if parts.weights is None else parts.weights * y))
    numbers: dict[str, Any] = {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": found.n_clusters,
        "sigma2": ls.rss / residual_df,
        "df": residual_df,
        "r2": 1.0 - ls.rss / tss,
        "first_stage_f": first.f,
        "effective_f": first.effective_f,
        "effective_f_critical": first.critical,
        "ar_statistic": ar.statistic,
        "ar_p_value": ar.p_value,
        "ar_low": ar.low,
        "ar_high": ar.high,
        "ar_shape": ar.shape,
        "converged": True,
        "errors": found.label,
    }
    if parts.Z.shape[1] > 1:
        numbers["overid_statistic"], numbers["overid_p_value"] = _sargan(ls, parts)
    checks = (
        _weak_check(first, ar),
        *cluster_checks(found, design.names, spec),
        leverage_check(ls),
        *vif_checks(ls, design.names, spec),
        *heaping_checks(panel, spec, design.rows),
    )
    stage = pd.DataFrame({"term": design.z_names, "estimate": first.pi, "std_error": first.se})
    return assemble(design, spec, ls, found, numbers, checks, tables={"first_stage": stage})


def _sargan(ls: LeastSquares, parts: _Parts) -> tuple[float, float]:
    """Sargan's n R2 of the residuals on all instruments, chi-squared with (instruments - 1) df."""
    auxiliary = solve(
        np.column_stack([parts.W, parts.Z]), ls.residuals, parts.weights, intercept=parts.intercept
    )
    statistic = len(ls.residuals) * (1.0 - auxiliary.rss / ls.rss)
    return float(statistic), float(stats.chi2.sf(statistic, parts.Z.shape[1] - 1))


def _weak_check(first: FirstStage, ar: AndersonRubin) -> Check:
    weak = first.effective_f < first.critical
    return Check(
        "weak_instrument",
        first.effective_f,
        first.critical,
        verdict(first.effective_f, first.critical, above_is_bad=False, hard=first.effective_f < 10.0),
        "Instrumen lemah: gunakan selang Anderson–Rubin, bukan selang biasa."
        if weak
        else "Instrumen cukup kuat.",
        "Weak instrument: use the Anderson–Rubin interval, not the usual one."
        if weak
        else "The instrument is strong enough.",
    )
