"""A fit by statsmodels as a ``FitResult``, and the error for what statsmodels lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


def lacks(indonesian: str, english: str, lang: str) -> Exception:
    """The error for what statsmodels does not have."""
    return model_error(
        lang,
        f"statsmodels tidak mempunyai {indonesian}.",
        f"statsmodels lacks {english}.",
        ('Gunakan engine="kernel".', 'Use engine="kernel".'),
    )


def as_result(
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
    """The result in the form of the kernels."""
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
