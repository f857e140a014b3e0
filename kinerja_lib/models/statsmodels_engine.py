"""The same specification through statsmodels, where it has the model: a second opinion, term by term.

What it lacks is said, not imitated: CR2 and the wild bootstrap become CR1, errors of mixed models are the
model's, weights of ordinal models are refused (``OrderedModel`` ignores them silently).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.statsmodels_likelihood import multilevel, multinomial, ordinal
from kinerja_lib.models.statsmodels_result import as_result, lacks

Array = NDArray[np.float64]

#: most dummy columns that fixed effects are written out in
_MOST_DUMMIES = 2000


def fit_with_statsmodels(panel: pd.DataFrame, spec: ModelSpec, lang: str = "id") -> FitResult:
    """Fit by statsmodels; terms bear the same names as those of the kernels.

    Raises
    ------
    ModelError
        statsmodels lacks this kind or option.
    """
    kinds = {
        "linear": _linear,
        "fixed_effects": _linear,
        "first_difference": _first_difference,
        "iv": _iv,
        "ordinal": ordinal,
        "multilevel": multilevel,
        "multinomial": multinomial,
    }
    if spec.kind not in kinds:
        raise lacks(f'kind="{spec.kind}"', f'kind="{spec.kind}"', lang)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kinds[spec.kind](panel, spec, lang)


def _linear(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    fixed = spec.kind == "fixed_effects"
    design = build_design(panel, spec, intercept=not fixed, rank=not fixed, lang=lang)
    X = design.X
    if fixed:
        if sum(effect.size for effect in design.effects.values()) > _MOST_DUMMIES:
            raise lacks(
                f"efek tetap dengan lebih dari {_MOST_DUMMIES} tingkat",
                f"fixed effects of more than {_MOST_DUMMIES} levels",
                lang,
            )
        dummies = [
            (effect.codes[:, None] == np.arange(1 if k else 0, effect.size)).astype(np.float64)
            for k, effect in enumerate(design.effects.values())
        ]
        X = np.hstack([X, *dummies])
    return _least_squares(spec, design, X)


def _first_difference(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    from kinerja_lib.models.first_difference import differenced_design

    design = differenced_design(panel, spec, lang)[0]
    return _least_squares(spec, design, design.X)


def _least_squares(spec: ModelSpec, design: Design, X: Array) -> FitResult:
    import statsmodels.api as sm

    weights = np.ones(design.n) if design.weights is None else design.weights
    kind, options, label = _covariance(spec, design)
    fitted = sm.WLS(design.y, X, weights=weights).fit(cov_type=kind, cov_kwds=options, use_t=True)
    p = len(design.names)
    df = np.full(p, float(fitted.df_resid_inference if kind == "cluster" else fitted.df_resid))
    numbers = {
        "loglik": float(fitted.llf),
        "criterion": float(-2 * fitted.llf),
        "sigma2": float(fitted.scale),
        "df": int(fitted.df_resid),
        "r2": float(fitted.rsquared),
    }
    return as_result(
        spec, design, design.names, fitted.params[:p], fitted.cov_params()[:p, :p], label, numbers, df
    )


def _covariance(spec: ModelSpec, design: Design) -> tuple[str, dict[str, Any] | None, str]:
    errors = spec.resolved_errors
    if errors == "iid":
        return "nonrobust", None, "iid"
    if errors == "HC1":
        return "HC1", None, "HC1"
    codes = np.column_stack([group.codes for group in design.clusters.values()])
    groups = codes[:, 0] if codes.shape[1] == 1 else codes
    return "cluster", {"groups": groups, "use_correction": True}, "CR1"


def _iv(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    from statsmodels.sandbox.regression.gmm import IV2SLS

    if spec.effects or spec.weights or spec.resolved_errors != "iid":
        raise lacks(
            "IV2SLS dengan efek tetap, bobot, atau galat terklaster",
            "IV2SLS with effects, weights or clusters",
            lang,
        )
    design = build_design(panel, spec, lang=lang)
    j = next(k for k, name in enumerate(design.names) if name.split("[")[0] == spec.exposures[0])
    tools = np.column_stack([np.delete(design.X, j, axis=1), design.Z])
    fitted = IV2SLS(design.y, design.X, tools).fit()
    df = design.n - len(design.names)
    numbers = {"sigma2": float(fitted.scale), "df": df}
    return as_result(
        spec,
        design,
        design.names,
        fitted.params,
        fitted.cov_params(),
        "iid",
        numbers,
        np.full(len(design.names), float(df)),
    )
