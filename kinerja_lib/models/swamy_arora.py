"""Random effects by feasible GLS (Swamy & Arora 1972) and Hausman's test against fixed effects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.absorb import Absorber, group_means
from kinerja_lib.models.design import build_design
from kinerja_lib.models.inference import infer
from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.linear import assemble
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Hausman:
    """Statistic, degrees of freedom and p-value: small p speaks against random effects.

    ``common_scale``: the two covariances' difference was not positive definite, so that both were scaled by
    the residual variance of the random-effects fit.
    """

    statistic: float
    df: int
    p_value: float
    common_scale: bool = False


def random_effects(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """One-way random effects for the unit ``spec.effects[0]`` (or ``spec.unit``), Swamy–Arora variances.

    The between variance comes from the regression of unit means, the within variance from the within
    regression; unbalanced panels use the harmonic mean of the unit sizes. For maximum likelihood and REML use
    ``kind="multilevel"``.

    Returns
    -------
    FitResult
        ``variances()`` has the unit and residual components.
    """
    unit = spec.effects[0] if spec.effects else spec.unit
    if unit is None:
        raise model_error(
            lang,
            "Efek acak memerlukan kolom unit.",
            "Random effects need a unit column.",
            ("Isi unit atau effects.", "Give unit or effects."),
        )
    asked = spec.replace(kind="linear", effects=(unit,))
    design = build_design(panel, asked, lang=lang)
    group = design.effects[unit]
    N, p, n = group.size, design.X.shape[1], design.n
    within = Absorber([group])(np.column_stack([design.X[:, 1:], design.y]))
    size = np.linalg.norm(design.X[:, 1:], axis=0)
    moving = np.linalg.norm(within[:, :-1], axis=0) > 1e-9 * size
    inner = solve(within[:, :-1][:, moving], within[:, -1], intercept=False)
    residual = inner.rss / (n - N - int(moving.sum()))
    means = group_means(np.column_stack([design.X, design.y]), group.codes, group.size)
    sizes = np.bincount(group.codes, minlength=N).astype(np.float64)
    if p >= N:
        raise model_error(
            lang,
            f"Hanya {N} unit untuk {p} koefisien antarunit.",
            f"Only {N} units for {p} between-unit coefficients.",
            ("Kurangi variabel.", "Use fewer variables."),
        )
    outer = solve(np.asfortranarray(means[:, :-1]), means[:, -1])
    between = max(0.0, outer.rss / (N - p) - residual / (N / float((1 / sizes).sum())))
    theta = 1.0 - np.sqrt(residual / (residual + sizes * between))
    shift = theta[group.codes]
    X = design.X - shift[:, None] * means[:, :-1][group.codes]
    y = design.y - shift * means[:, -1][group.codes]
    ls = solve(np.asfortranarray(X), y, intercept=False)
    found = infer(ls, asked.resolved_errors, design.clusters, lang=lang)
    numbers = {
        "n": n,
        "n_input": design.n_input,
        "n_groups": N,
        "sigma2": residual,
        "scale": ls.rss / (n - p),
        "df": n - p,
        "theta": float(np.median(theta)),
        "converged": True,
        "errors": found.label,
    }
    variances = pd.DataFrame(
        {"component": [unit, "residual"], "variance": [between, residual], "sd": np.sqrt([between, residual])}
    )
    return assemble(design, asked, ls, found, numbers, (), tables={"variances": variances})


def hausman(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> Hausman:
    """Hausman (1978): do fixed and random effects differ by more than chance (plain standard errors)?

    Parameters
    ----------
    spec : ModelSpec
        With ``effects`` (one) or ``unit``.

    Examples
    --------
    Grunfeld's data give 2.3304 on 2 df (the manual of R's ``plm``).
    """
    unit = spec.effects[0] if spec.effects else spec.unit
    plain = replace(spec, effects=() if unit is None else (unit,), cluster=None, errors="iid")
    from kinerja_lib.models.fixed_effects import fit_fixed_effects

    fixed = fit_fixed_effects(panel, plain.replace(kind="fixed_effects"), lang=lang)
    loose = random_effects(panel, plain.replace(kind="linear"), lang=lang)
    at = [loose.terms.index(term) for term in fixed.terms]
    difference = fixed.estimate - loose.estimate[at]
    V = fixed.cov - loose.cov[np.ix_(at, at)]
    common = bool(np.linalg.eigvalsh(V)[0] <= 0)
    if common:
        V = fixed.cov * (loose.numbers["scale"] / fixed.numbers["sigma2"]) - loose.cov[np.ix_(at, at)]
    statistic = float(difference @ np.linalg.pinv(V) @ difference)
    return Hausman(statistic, len(at), float(stats.chi2.sf(statistic, len(at))), common)
