"""Linear mixed models: random intercepts (nested or crossed) and correlated random slopes, by REML or ML.

The fixed effects and the residual variance are profiled out (Bates et al. 2015, J. Statistical Software
67:1), so that only the relative covariance factor is searched. One factor: everything follows from
cross-products by group. Several intercepts: the largest factor is eliminated group by group, the rest is one
dense Cholesky factor. ``criterion`` is the REML or ML deviance; tests and intervals use t with Satterthwaite
degrees of freedom. A zero variance is said, not hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import heaping_checks
from kinerja_lib.models.mixed_df import satterthwaite
from kinerja_lib.models.mixed_kernels import Profile, crossed_profile, group_sums, single_profile
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


#: most levels of a factor whose predicted effects are kept in the result
MOST_LEVELS = 50_000


@dataclass(frozen=True, eq=False)
class _Scaled:
    """Design with centred and scaled columns; beta = T gamma."""

    Z: Array
    T: Array
    scale: Array
    shift: Array


def fit_multilevel(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit a linear mixed model.

    Returns
    -------
    FitResult
        ``variances()`` has one row a component (``group``, ``group: slope``, ``residual``) with variance, sd
        and the correlation of a slope with its intercept; ``glance()`` adds ``icc`` (random intercepts only).
        ``random_effects()`` has the predicted effect of each level of each factor, its conditional standard
        error and its reliability; factors of more than ``MOST_LEVELS`` levels are left out.

    Raises
    ------
    ModelError
        Weights; slopes together with several factors; a factor with one level, or one level a row.
    """
    design = build_design(panel, spec, lang=lang)
    slopes = _require(design, spec, lang)
    scaled = _standardise(design.X)
    y = design.y - design.y.mean()
    with single_threaded():
        if len(design.groups) == 1:
            group = next(iter(design.groups.values()))
            own = np.column_stack([np.ones(design.n), *(design.X[:, j] for j in slopes)])
            sums = group_sums(scaled.Z, y, own, group.codes, group.size)
            profile = single_profile(sums, spec.reml)
        else:
            factors = [(group.codes, group.size) for group in design.groups.values()]
            profile = crossed_profile(scaled.Z, y, factors, spec.reml)
        df = satterthwaite(profile, scaled.T)
    beta = scaled.T @ profile.gamma
    beta[0] += design.y.mean()
    cov = scaled.T @ profile.cov @ scaled.T.T
    variances = _variances(profile, design, slopes)
    # the columns were divided by their scales, which the REML determinant must not feel
    jacobian = 2.0 * float(np.log(scaled.scale).sum()) if spec.reml else 0.0
    numbers = _numbers(profile, design, profile.criterion + jacobian, variances, spec)
    return FitResult(
        spec=spec,
        terms=design.names,
        estimate=beta,
        cov=cov,
        df=df,
        numbers=numbers,
        checks=(*_checks(profile, variances, design), *heaping_checks(panel, spec, design.rows)),
        tables={"variances": variances, "random_effects": _random_effects(profile, design, slopes)},
        encoding=design.encoding,
        dropped=design.dropped,
    )


def _require(design: Design, spec: ModelSpec, lang: str) -> list[int]:
    """Positions of the slope columns; errors for what is not fitted."""
    names = [name for columns in spec.slopes.values() for name in columns]
    if spec.weights or (names and len(design.groups) > 1):
        raise model_error(
            lang,
            "Model bertingkat tidak menerima bobot, atau kemiringan acak bersama beberapa faktor.",
            "A multilevel model takes no weights, and random slopes only with a single factor.",
            ("Hapus weights, atau gunakan satu faktor.", "Leave weights out, or use one factor."),
        )
    for name, group in design.groups.items():
        if group.size < 2 or group.size == design.n:
            raise model_error(
                lang,
                f'Faktor "{name}" mempunyai {group.size} tingkat untuk {design.n} baris.',
                f'Factor "{name}" has {group.size} levels for {design.n} rows.',
                (
                    "Diperlukan dua tingkat atau lebih, dan beberapa baris per tingkat.",
                    "It needs two levels or more, and several rows a level.",
                ),
            )
    missing = [name for name in names if name not in design.names]
    if missing:
        raise model_error(
            lang,
            f"Kemiringan acak harus juga menjadi variabel penjelas: {', '.join(missing)}.",
            f"A random slope must be an explanatory variable too: {', '.join(missing)}.",
            ("Tambahkan ke exposures atau controls.", "Add it to exposures or controls."),
        )
    return [design.names.index(name) for name in names]


def _standardise(X: Array) -> _Scaled:
    shift, scale = X.mean(axis=0), X.std(axis=0)
    shift[0], scale[0] = 0.0, 1.0
    T = np.diag(1.0 / scale)
    T[0, 1:] = -shift[1:] / scale[1:]
    return _Scaled((X - shift) / scale, T, scale, shift)


def _variances(profile: Profile, design: Design, slopes: list[int]) -> pd.DataFrame:
    rows: list[tuple[str, float, float, float]] = []
    nan = float("nan")
    if len(design.groups) == 1:
        name = next(iter(design.groups))
        D = profile.covariance
        rows.append((name, D[0, 0], np.sqrt(D[0, 0]), nan))
        for k, j in enumerate(slopes, start=1):
            product = np.sqrt(D[0, 0] * D[k, k])
            corr = D[0, k] / product if product > 0 else nan
            rows.append((f"{name}: {design.names[j]}", D[k, k], np.sqrt(D[k, k]), corr))
    else:
        for name, value in zip(design.groups, np.diag(profile.covariance), strict=True):
            rows.append((name, value, np.sqrt(value), nan))
    rows.append(("residual", profile.sigma2, np.sqrt(profile.sigma2), nan))
    return pd.DataFrame(rows, columns=["component", "variance", "sd", "corr"])


def _random_effects(profile: Profile, design: Design, slopes: list[int]) -> pd.DataFrame:
    """Predicted effects (BLUPs): group, level, component, estimate, std_error, reliability."""
    parts = []
    diagonal = np.diag(profile.covariance)
    for k, ((name, group), effects) in enumerate(zip(design.groups.items(), profile.effects, strict=True)):
        if group.size > MOST_LEVELS:
            continue
        components = ["Intercept", *(design.names[j] for j in slopes)]
        for c, component in enumerate(components):
            variance = float(diagonal[c if len(design.groups) == 1 else k])
            se = effects.std_error[:, c]
            reliability = 1.0 - se**2 / variance if variance > 0 else np.full(len(se), np.nan)
            parts.append(
                pd.DataFrame(
                    {
                        "group": name,
                        "level": [str(label) for label in group.labels],
                        "component": component,
                        "estimate": effects.estimate[:, c],
                        "std_error": se,
                        "reliability": reliability,
                    }
                )
            )
    columns = ["group", "level", "component", "estimate", "std_error", "reliability"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _numbers(
    profile: Profile, design: Design, criterion: float, variances: pd.DataFrame, spec: ModelSpec
) -> dict[str, Any]:
    sizes = {name: group.size for name, group in design.groups.items()}
    total = float(variances["variance"].sum())
    return {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": next(iter(sizes.values())) if len(sizes) == 1 else sizes,
        "loglik": -0.5 * criterion,
        "criterion": criterion,
        "sigma2": profile.sigma2,
        "icc": float("nan") if spec.slopes else 1.0 - profile.sigma2 / total,
        "df": design.n - len(design.names),
        "method": "REML" if spec.reml else "ML",
        "singular": profile.singular,
        "converged": profile.converged,
        "errors": f"{'REML' if spec.reml else 'ML'} + Satterthwaite",
    }


def _checks(profile: Profile, variances: pd.DataFrame, design: Design) -> list[Check]:
    fewest = float(min(group.size for group in design.groups.values()))
    few = fewest < 6
    smallest = float(variances["variance"].iloc[:-1].min())
    return [
        Check(
            "boundary_variance", smallest, 0.0, "warning" if profile.singular else "ok",
            "Salah satu komponen ragam ditaksir nol (atau korelasi di batas)." if profile.singular
            else "Semua komponen ragam lebih besar dari nol.",
            "A variance component is estimated as zero (or a correlation at its bound)." if profile.singular
            else "All variance components are above zero.",
        ),
        Check(
            "groups", fewest, 6.0, "fail" if few else "ok",
            "Tingkat faktor terlalu sedikit." if few else "Jumlah tingkat faktor memadai.",
            "A factor has too few levels." if few else "Enough levels in each factor.",
        ),
    ]  # fmt: skip
