"""Likelihood models by statsmodels: ordered, mixed and multinomial."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.statsmodels_result import as_result, lacks

Array = NDArray[np.float64]

#: most levels of crossed random effects, which MixedLM takes as dense columns
_MOST_CROSSED = 200


def ordinal(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    """``OrderedModel`` by BFGS, its threshold increments turned back into thresholds."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    if spec.effects:
        from kinerja_lib.models.buc_statsmodels import conditional_logit

        return conditional_logit(panel, spec, lang)
    if spec.weights or len(spec.cluster_columns) > 1:
        raise lacks(
            "bobot atau klaster dua arah pada OrderedModel",
            "weights or two clusters in OrderedModel",
            lang,
        )
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    model = OrderedModel(design.y, design.X, distr=spec.link)
    kind, options, factor, label = _score_covariance(spec, design, design.X.shape[1] + len(design.levels) - 1)
    fitted = model.fit(method="bfgs", gtol=1e-8, maxiter=2000, disp=False, cov_type=kind, cov_kwds=options)
    p, K = design.X.shape[1], len(design.levels)
    raw = np.asarray(fitted.params)
    thresholds = model.transform_threshold_params(raw)[1:-1]
    J = np.eye(len(raw))
    J[p:, p:] = np.tril(np.r_[1.0, np.exp(raw[p + 1 :])][None, :].repeat(K - 1, axis=0))
    cov = factor * J @ np.asarray(fitted.cov_params()) @ J.T
    order = np.r_[p : p + K - 1, 0:p]
    names = tuple(f"{a}|{b}" for a, b in zip(design.levels[:-1], design.levels[1:], strict=True))
    estimate = np.r_[raw[:p], thresholds][order]
    numbers = {"loglik": float(fitted.llf), "criterion": float(-2 * fitted.llf)}
    df = np.full(len(order), _n_clusters(design) - 1.0) if label == "CR1" else None
    return as_result(
        spec, design, (*names, *design.names), estimate, cov[np.ix_(order, order)], label, numbers, df
    )


def _n_clusters(design: Design) -> int:
    """Number of clusters of the (single) cluster column."""
    return next(iter(design.clusters.values())).size


def _score_covariance(
    spec: ModelSpec, design: Design, m: int
) -> tuple[str, dict[str, Any] | None, float, str]:
    """Sandwiches of scores without statsmodels' own factor; the factor is that of the kernels."""
    errors, n = spec.resolved_errors, design.n
    if errors == "iid":
        return "nonrobust", None, 1.0, "iid"
    if errors == "HC1":
        return "HC0", None, n / (n - m), "HC1"
    G = _n_clusters(design)
    groups = next(iter(design.clusters.values())).codes
    return "cluster", {"groups": groups, "use_correction": False}, G / (G - 1), "CR1"


def multilevel(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    """``MixedLM``: one factor with slopes, or crossed intercepts."""
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    if spec.weights or (spec.slopes and len(spec.all_groups) > 1):
        raise lacks(
            "bobot, atau kemiringan dengan beberapa faktor, pada MixedLM",
            "weights, or slopes with several factors, in MixedLM",
            lang,
        )
    design = build_design(panel, spec, lang=lang)
    groups = list(design.groups.values())
    if len(groups) == 1:
        group = groups[0]
        slopes = spec.slopes.get(group.name, ())
        columns = [np.ones(design.n), *(design.X[:, design.names.index(name)] for name in slopes)]
        model = MixedLM(design.y, design.X, group.codes, exog_re=np.column_stack(columns))
        names = [group.name, *(f"{group.name}: {slope}" for slope in slopes), "residual"]
    else:
        if sum(group.size for group in groups) > _MOST_CROSSED:
            raise lacks(
                f"efek acak bersilang dengan lebih dari {_MOST_CROSSED} tingkat",
                f"crossed effects of more than {_MOST_CROSSED} levels",
                lang,
            )
        parts = [(group.codes[:, None] == np.arange(group.size)).astype(np.float64) for group in groups]
        labels = [[str(k) for k in range(group.size)] for group in groups]
        own = VCSpec([group.name for group in groups], [[v] for v in labels], [[m] for m in parts])
        model = MixedLM(design.y, design.X, np.zeros(design.n), exog_vc=own)
        names = [*(group.name for group in groups), "residual"]
    fitted = model.fit(reml=spec.reml, method=["bfgs", "powell"], gtol=1e-8)
    p = len(design.names)
    components = np.diag(np.atleast_2d(fitted.cov_re)) if len(groups) == 1 else np.asarray(fitted.vcomp)
    variances = np.r_[components, fitted.scale]
    table = pd.DataFrame({"component": names, "variance": variances, "sd": np.sqrt(variances)})
    cov = np.asarray(fitted.cov_params())[:p, :p]
    sizes = {group.name: group.size for group in groups}
    numbers = {
        "n_groups": groups[0].size if len(groups) == 1 else sizes,
        "loglik": float(fitted.llf),
        "criterion": float(-2 * fitted.llf),
        "sigma2": float(fitted.scale),
        "converged": bool(fitted.converged),
    }
    estimate = np.asarray(fitted.fe_params)
    return as_result(spec, design, design.names, estimate, cov, "model", numbers, tables={"variances": table})


def multinomial(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    """``MNLogit`` against the first level."""
    from statsmodels.discrete.discrete_model import MNLogit

    if spec.weights or len(spec.cluster_columns) > 1:
        raise lacks("bobot atau klaster dua arah pada MNLogit", "weights or two clusters in MNLogit", lang)
    design = build_design(panel, spec, outcome="levels", lang=lang)
    m = len(design.names) * (len(design.levels) - 1)
    kind, options, factor, label = _score_covariance(spec, design, m)
    fitted = MNLogit(design.y, design.X).fit(
        method="newton", disp=False, maxiter=200, cov_type=kind, cov_kwds=options
    )
    names = tuple(f"{level}: {name}" for level in design.levels[1:] for name in design.names)
    numbers = {"loglik": float(fitted.llf), "criterion": float(-2 * fitted.llf)}
    estimate = np.asarray(fitted.params).T.reshape(-1)
    df = np.full(m, _n_clusters(design) - 1.0) if label == "CR1" else None
    return as_result(
        spec, design, names, estimate, factor * np.asarray(fitted.cov_params()), label, numbers, df
    )
