"""One way in: a frame and a specification give a result. The kind's module is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Literal

import pandas as pd

from kinerja_lib.models.design import FEWEST_ROWS, too_few
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error


def fit(
    panel: pd.DataFrame,
    spec: ModelSpec,
    engine: Literal["kernel", "statsmodels"] = "kernel",
    lang: str = "id",
) -> FitResult:
    """Fit the model that ``spec`` describes to any frame that has its columns.

    Parameters
    ----------
    panel : DataFrame
        One row an observation. Not changed.
    spec : ModelSpec
        What to estimate. ``spec.kind`` chooses ``models/<kind>.py: fit_<kind>(panel, spec, lang)``.
    engine : {"kernel", "statsmodels"}
        ``statsmodels`` runs the same specification through statsmodels where it has the model.
    lang : str
        Language of error messages.

    Raises
    ------
    ModelError
        The data cannot answer the question; names the column and the remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [1.0, 2.0, 4.0, 5.0], "x": [0.0, 1.0, 2.0, 4.0]})
    >>> fit(frame, ModelSpec(outcome="y", exposures=("x",))).tidy()["estimate"].round(4).tolist()
    [1.2, 1.0286]
    """
    if engine == "statsmodels":
        from kinerja_lib.models.statsmodels_engine import fit_with_statsmodels

        return fit_with_statsmodels(panel, spec, lang)
    if engine != "kernel":
        raise model_error(
            lang,
            f'Mesin "{engine}" tidak dikenal.',
            f'Engine "{engine}" is not known.',
            ("Pilih kernel atau statsmodels.", "Choose kernel or statsmodels."),
        )
    if 0 < len(panel) < FEWEST_ROWS:
        raise too_few(len(panel), len(spec.terms), {}, lang)
    module = f"kinerja_lib.models.{spec.kind}"
    if find_spec(module) is None:
        raise model_error(
            lang,
            f'Model "{spec.kind}" belum tersedia.',
            f'The model "{spec.kind}" is not available yet.',
            ("Pilih ordinal atau multilevel.", "Choose ordinal or multilevel."),
        )
    estimator = getattr(import_module(module), f"fit_{spec.kind}")
    result: FitResult = estimator(panel, spec, lang=lang)
    return result
