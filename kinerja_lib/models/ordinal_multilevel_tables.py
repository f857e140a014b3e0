"""Tables of an ordered mixed model: variances of the intercepts, and the predicted intercepts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design
from kinerja_lib.models.multilevel_result import MOST_LEVELS
from kinerja_lib.models.ordinal_multilevel_kernel import MixedFit
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]


def variance_table(found: MixedFit, design: Design, spec: ModelSpec) -> pd.DataFrame:
    """component, variance, sd, std_error (of the sd; none at the boundary), icc (share of latent variance)."""
    total = float(found.sigma @ found.sigma) + latent_residual(spec)
    se = np.sqrt(np.maximum(np.diag(found.cov)[-len(found.sigma) :], 0.0))
    return pd.DataFrame(
        {
            "component": list(design.groups),
            "variance": found.sigma**2,
            "sd": found.sigma,
            "std_error": np.where(found.sigma > 0, se, np.nan),
            "icc": found.sigma**2 / total,
        }
    )


def predicted(found: MixedFit, effects: list[tuple[Array, Array]], design: Design) -> pd.DataFrame:
    """Conditional modes: group, level, component, estimate, std_error, reliability."""
    columns = ["group", "level", "component", "estimate", "std_error", "reliability"]
    parts = []
    for (name, group), sigma, (estimate, error) in zip(
        design.groups.items(), found.sigma, effects, strict=True
    ):
        if group.size > MOST_LEVELS:
            continue
        reliability = 1.0 - (error / sigma) ** 2 if sigma > 0 else np.full(group.size, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "group": name,
                    "level": [str(label) for label in group.labels],
                    "component": "Intercept",
                    "estimate": estimate,
                    "std_error": error,
                    "reliability": reliability,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def latent_residual(spec: ModelSpec) -> float:
    """Latent residual variance: pi^2/3 of the logistic, 1 of the normal."""
    return 1.0 if spec.link == "probit" else float(np.pi**2 / 3.0)
