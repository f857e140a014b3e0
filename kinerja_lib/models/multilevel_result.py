"""The result of a mixed model: variances, predicted random effects, size and fit, checks."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.diagnostics import cluster_checks
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.mixed_df import satterthwaite
from kinerja_lib.models.mixed_kernels import Profile
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]

#: most levels of a factor whose predicted effects are kept in the result
MOST_LEVELS = 50_000


class Sized(Protocol):
    """What a result says of its rows: a ``Design``, or what stands for one when rows were read in chunks."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def n(self) -> int: ...
    @property
    def n_input(self) -> int: ...
    @property
    def groups(self) -> dict[str, Grouping]: ...


def assemble(
    spec: ModelSpec,
    design: Sized,
    profile: Profile,
    T: Array,
    found: Inference,
    middle: float,
    scale: Array,
    slopes: list[int],
    checks: tuple[Check, ...] = (),
    **more: Any,
) -> FitResult:
    """The result on the original scale: beta = T gamma, with ``middle`` (the outcome's mean) added back."""
    beta = T @ profile.gamma
    beta[0] += middle
    variances = _variances(profile, design, slopes)
    # the columns were divided by their scales, which the REML determinant must not feel
    jacobian = 2.0 * float(np.log(scale).sum()) if spec.reml else 0.0
    return FitResult(
        spec=spec,
        terms=design.names,
        estimate=beta,
        cov=found.cov,
        df=found.df,
        numbers=_numbers(profile, design, profile.criterion + jacobian, variances, spec, found.label),
        checks=(*_checks(profile, variances, design), *cluster_checks(found, design.names, spec), *checks),
        tables={"variances": variances, "random_effects": _random_effects(profile, design, slopes)},
        **more,
    )


def model_based(profile: Profile, T: Array, spec: ModelSpec) -> Inference:
    """The model's own covariance, with Satterthwaite degrees of freedom."""
    label = f"{'REML' if spec.reml else 'ML'} + Satterthwaite"
    return Inference(T @ profile.cov @ T.T, satterthwaite(profile, T), label)


def _variances(profile: Profile, design: Sized, slopes: list[int]) -> pd.DataFrame:
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


def _random_effects(profile: Profile, design: Sized, slopes: list[int]) -> pd.DataFrame:
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
    profile: Profile, design: Sized, criterion: float, variances: pd.DataFrame, spec: ModelSpec, label: str
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
        "errors": label,
    }


def _checks(profile: Profile, variances: pd.DataFrame, design: Sized) -> list[Check]:
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
