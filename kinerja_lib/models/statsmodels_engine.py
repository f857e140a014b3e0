"""The same specification through statsmodels, where it has the model: a second opinion, term by term.

What it lacks is said, not imitated: CR2 and the wild bootstrap become CR1, weights of ordinal models are
refused (``OrderedModel`` ignores them silently), several grouping factors are refused.
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
from kinerja_lib.models.wording import model_error

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
        "iv": _iv,
        "ordinal": _ordinal,
        "multilevel": _multilevel,
        "multinomial": _multinomial,
    }
    if spec.kind not in kinds:
        raise _lacks(f'kind="{spec.kind}"', lang)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kinds[spec.kind](panel, spec, lang)


def _lacks(what: str, lang: str) -> Exception:
    return model_error(
        lang,
        f"statsmodels tidak mempunyai {what}.",
        f"statsmodels lacks {what}.",
        ('Gunakan engine="kernel".', 'Use engine="kernel".'),
    )


def _linear(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    import statsmodels.api as sm

    fixed = spec.kind == "fixed_effects"
    design = build_design(panel, spec, intercept=not fixed, rank=not fixed, lang=lang)
    X = design.X
    if fixed:
        if sum(effect.size for effect in design.effects.values()) > _MOST_DUMMIES:
            raise _lacks(f"efek tetap dengan lebih dari {_MOST_DUMMIES} tingkat / so many effects", lang)
        dummies = [
            (effect.codes[:, None] == np.arange(1 if k else 0, effect.size)).astype(np.float64)
            for k, effect in enumerate(design.effects.values())
        ]
        X = np.hstack([X, *dummies])
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
    return _result(
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
        raise _lacks(
            "IV2SLS dengan efek tetap, bobot, atau galat terklaster / with effects or clusters", lang
        )
    design = build_design(panel, spec, lang=lang)
    j = next(k for k, name in enumerate(design.names) if name.split("[")[0] == spec.exposures[0])
    tools = np.column_stack([np.delete(design.X, j, axis=1), design.Z])
    fitted = IV2SLS(design.y, design.X, tools).fit()
    df = design.n - len(design.names)
    numbers = {"sigma2": float(fitted.scale), "df": df}
    return _result(
        spec,
        design,
        design.names,
        fitted.params,
        fitted.cov_params(),
        "iid",
        numbers,
        np.full(len(design.names), float(df)),
    )


def _ordinal(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    if spec.weights:
        raise _lacks("bobot pada OrderedModel / weights in OrderedModel", lang)
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    model = OrderedModel(design.y, design.X, distr=spec.link)
    fitted = model.fit(method="bfgs", gtol=1e-8, maxiter=2000, disp=False)
    p, K = design.X.shape[1], len(design.levels)
    raw = np.asarray(fitted.params)
    thresholds = model.transform_threshold_params(raw)[1:-1]
    J = np.eye(len(raw))
    J[p:, p:] = np.tril(np.r_[1.0, np.exp(raw[p + 1 :])][None, :].repeat(K - 1, axis=0))
    cov = J @ np.asarray(fitted.cov_params()) @ J.T
    order = np.r_[p : p + K - 1, 0:p]
    names = tuple(f"{a}|{b}" for a, b in zip(design.levels[:-1], design.levels[1:], strict=True))
    estimate = np.r_[raw[:p], thresholds][order]
    numbers = {"loglik": float(fitted.llf), "criterion": float(-2 * fitted.llf)}
    return _result(spec, design, (*names, *design.names), estimate, cov[np.ix_(order, order)], "iid", numbers)


def _multilevel(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    from statsmodels.regression.mixed_linear_model import MixedLM

    if len(spec.all_groups) != 1 or spec.weights:
        raise _lacks("beberapa faktor kelompok atau bobot / several groups or weights in MixedLM", lang)
    design = build_design(panel, spec, lang=lang)
    group = spec.all_groups[0]
    slopes = spec.slopes.get(group, ())
    columns = [np.ones(design.n), *(design.X[:, design.names.index(name)] for name in slopes)]
    model = MixedLM(design.y, design.X, design.groups[group].codes, exog_re=np.column_stack(columns))
    fitted = model.fit(reml=spec.reml, method=["bfgs", "powell"], gtol=1e-8)
    p = len(design.names)
    variances = np.r_[np.diag(np.atleast_2d(fitted.cov_re)), fitted.scale]
    names = [group, *(f"{group}: {slope}" for slope in slopes), "residual"]
    table = pd.DataFrame({"component": names, "variance": variances, "sd": np.sqrt(variances)})
    cov = np.asarray(fitted.cov_params())[:p, :p]
    numbers = {
        "n_groups": design.groups[group].size,
        "loglik": float(fitted.llf),
        "criterion": float(-2 * fitted.llf),
        "sigma2": float(fitted.scale),
        "converged": bool(fitted.converged),
    }
    return _result(
        spec,
        design,
        design.names,
        np.asarray(fitted.fe_params),
        cov,
        "iid",
        numbers,
        tables={"variances": table},
    )


def _multinomial(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    from statsmodels.discrete.discrete_model import MNLogit

    if spec.weights:
        raise _lacks("bobot pada MNLogit / weights in MNLogit", lang)
    design = build_design(panel, spec, outcome="levels", lang=lang)
    fitted = MNLogit(design.y, design.X).fit(method="newton", disp=False, maxiter=200)
    names = tuple(f"{level}: {name}" for level in design.levels[1:] for name in design.names)
    numbers = {"loglik": float(fitted.llf), "criterion": float(-2 * fitted.llf)}
    estimate = np.asarray(fitted.params).T.reshape(-1)
    return _result(spec, design, names, estimate, np.asarray(fitted.cov_params()), "iid", numbers)


def _result(
    spec: ModelSpec,
    design: Design,
    terms: tuple[str, ...],
    estimate: Array,
    cov: Array,
    label: str,
    numbers: dict[str, Any],
    df: Array | None = None,
    tables: dict[str, pd.DataFrame] | None = None,
) -> FitResult:
    clusters = next((group.size for group in design.clusters.values()), None)
    base = {"n": design.n, "n_input": design.n_input, "n_groups": clusters, "converged": True}
    return FitResult(
        spec=spec,
        terms=terms,
        estimate=np.asarray(estimate, dtype=np.float64),
        cov=np.asarray(cov, dtype=np.float64),
        df=df,
        numbers={**base, **numbers, "errors": f"{label} (statsmodels)"},
        encoding=design.encoding,
        levels=design.levels,
        dropped=design.dropped,
        tables=tables or {},
    )
