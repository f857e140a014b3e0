"""The fixed-effects ordered logit through statsmodels: its ``ConditionalLogit`` on the blown-up rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.buc_report import nothing_changes, require_buc
from kinerja_lib.models.design import build_design
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.statsmodels_result import as_result, lacks

Array = NDArray[np.float64]


def conditional_logit(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    """One copy of the rows for each threshold; errors by person from the persons' scores.

    Raises
    ------
    ModelError
        Several effects or a cluster column; nothing changes inside persons.
    """
    from statsmodels.discrete.conditional_models import ConditionalLogit

    require_buc(spec, lang)
    if len(spec.effects) > 1 or spec.cluster_columns:
        raise lacks(
            "beberapa efek atau kolom cluster pada ConditionalLogit",
            "several effects or a cluster column in ConditionalLogit",
            lang,
        )
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    person = next(iter(design.effects.values()))
    parts = []
    for k in range(1, len(design.levels)):
        y = (design.y >= k).astype(np.float64)
        ones = np.bincount(person.codes, y, person.size)
        varied = (ones > 0) & (ones < np.bincount(person.codes, minlength=person.size))
        rows = np.flatnonzero(varied[person.codes])
        parts.append((y[rows], design.X[rows], person.codes[rows], np.full(len(rows), k)))
    y, X, who, cut = (np.concatenate([part[i] for part in parts]) for i in range(4))
    if not len(y):
        raise nothing_changes(spec, lang)
    stratum = who * len(design.levels) + cut
    model = ConditionalLogit(y, X, groups=stratum)
    fitted = model.fit(method="newton", tol=1e-12, disp=0)
    cov, label, df = np.asarray(fitted.cov_params()), "iid", None
    if spec.errors != "iid":
        scores = _scores(y, X, who, stratum, np.asarray(fitted.params))
        size = len(scores)
        cov, label = cov @ scores.T @ scores @ cov * (size / (size - 1)), "CR1"
        df = np.full(len(cov), size - 1.0)
    numbers = {"loglik": float(fitted.llf), "criterion": float(-2 * fitted.llf)}
    return as_result(spec, design, design.names, fitted.params, cov, label, numbers, df)


def _scores(y: Array, X: Array, who: NDArray[np.int64], stratum: NDArray[np.int64], beta: Array) -> Array:
    """Score of each person, shape (persons, p)."""
    from statsmodels.discrete.conditional_models import ConditionalLogit

    out = []
    for person in np.unique(who):
        own = who == person
        out.append(ConditionalLogit(y[own], X[own], groups=stratum[own]).score(beta))
    return np.array(out)
