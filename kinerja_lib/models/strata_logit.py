"""Conditional logit: who in the same unit and year has the event, whatever the unit's own rate.

The likelihood of those who have the event, given how many of their stratum do (Chamberlain 1980, Review of
Economic Studies 47:225); computed exactly by :mod:`kinerja_lib.models.conditional_logit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from kinerja_lib.models.conditional_logit import ConditionalData, fit_conditional
from kinerja_lib.models.design import build_design
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

#: standardised slope beyond which the estimate is taken to be infinite
_RUNAWAY = 6.0


@dataclass(frozen=True, eq=False)
class WithinStrata:
    """Log odds ratios inside strata.

    Attributes
    ----------
    table : DataFrame
        term, estimate, std_error, ci_low, ci_high, p_value.
    strata, n : int
        Strata that hold both those with and without the event, and their rows; the others say nothing.
    loglik : float
    """

    table: pd.DataFrame
    strata: int
    n: int
    loglik: float


def within_strata(
    panel: pd.DataFrame, outcome: str, terms: Sequence[str], strata: Sequence[str], *, lang: str = "id"
) -> WithinStrata:
    """Conditional maximum likelihood of a 0/1 outcome.

    Parameters
    ----------
    panel : DataFrame
    outcome : str
        0/1 or boolean.
    terms : sequence of str
        Columns; one that does not vary inside any stratum is refused as collinear with it.
    strata : sequence of str

    Raises
    ------
    ModelError
        No stratum with both outcomes, or a column that separates them perfectly.
    """
    spec = ModelSpec(outcome, tuple(terms), effects=tuple(strata))
    design = build_design(panel, spec, lang=lang)
    code = np.zeros(design.n, dtype=np.int64)
    for grouping in design.effects.values():
        code = code * grouping.size + grouping.codes
    _, code = np.unique(code, return_inverse=True)
    size, events = np.bincount(code), np.bincount(code, design.y)
    both = (events > 0) & (events < size)
    if not both.any() or not bool(np.isin(design.y, (0.0, 1.0)).all()):
        raise model_error(
            lang, f'Tidak ada strata yang memuat "{outcome}" dan bukan "{outcome}" sekaligus (0/1).',
            f'No stratum holds both values (0/1) of "{outcome}".',
            ("Gunakan strata yang lebih lebar.", "Use wider strata."),
        )  # fmt: skip
    rows = both[code]
    y, X, names = design.y[rows], design.X[rows, 1:], design.names[1:]
    code = (np.cumsum(both) - 1)[code[rows]].astype(np.int64)
    data = ConditionalData.of(X, [y == 1.0], code, int(both.sum()))
    scale = data.within_spread()
    flat = [name for name, s in zip(names, scale, strict=True) if s < 1e-10]
    if flat:
        raise model_error(
            lang, f"Kolom tidak bervariasi di dalam strata: {', '.join(flat)}.",
            f"Columns do not vary inside the strata: {', '.join(flat)}.",
            ("Hapus dari model.", "Leave them out of the model."),
        )  # fmt: skip
    with single_threaded():
        found = fit_conditional(data, scale)
    error = np.sqrt(np.diag(np.linalg.pinv(found.information, hermitian=True)))
    # on its way to infinity: far out, and the likelihood flat there (Hauck & Donner 1977)
    slopes = zip(names, found.beta * scale, error * scale, strict=True)
    runaway = [name for name, b, se in slopes if abs(b) > _RUNAWAY and (abs(b) < 2 * se or se < 1e-6)]
    if runaway or not found.converged:
        raise model_error(
            lang, f"Kolom memisahkan kejadian di dalam strata secara sempurna: {', '.join(runaway or names)}.",
            f"Columns separate the events inside the strata perfectly: {', '.join(runaway or names)}.",
            ("Gabungkan kategori yang jarang.", "Merge rare categories."),
        )  # fmt: skip
    estimate, half = found.beta, stats.norm.ppf(0.975) * error
    table = pd.DataFrame(
        {
            "term": names, "estimate": estimate, "std_error": error, "ci_low": estimate - half,
            "ci_high": estimate + half, "p_value": 2 * stats.norm.sf(np.abs(estimate / error)),
        }
    )  # fmt: skip
    return WithinStrata(table, int(both.sum()), len(y), found.loglik)
