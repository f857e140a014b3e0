"""The same question asked in all defensible ways, and with each cluster left out in turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

ESTIMATE_COLUMNS = ("estimate", "std_error", "p_value", "ci_low", "ci_high")


def specification_curve(
    panel: pd.DataFrame,
    spec: ModelSpec,
    *,
    optional: Sequence[str] | None = None,
    outcomes: Sequence[str] = (),
    variants: Iterable[dict[str, Any]] = ({},),
    lang: str = "id",
) -> pd.DataFrame:
    """Estimate the first exposure under each subset of the optional controls, outcome and variant.

    Parameters
    ----------
    optional : sequence of str, optional
        Controls that may be in or out; all of ``spec.controls`` by default. The others always stay.
    outcomes : sequence of str
        Further outcomes to try.
    variants : iterable of dict
        Further changes of the specification, e.g. ``{"cluster": "instansi"}``.

    Returns
    -------
    DataFrame
        Sorted by estimate; columns ``outcome``, ``controls``, ``variant``, estimate columns, ``n`` and
        ``note`` (why a specification could not be fitted; then the numbers are missing).
    """
    choices = tuple(spec.controls) if optional is None else tuple(optional)
    fixed = tuple(control for control in spec.controls if control not in choices)
    rows = []
    for outcome in (spec.outcome, *outcomes):
        for changes in variants:
            for size in range(len(choices) + 1):
                for chosen in combinations(choices, size):
                    asked = spec.replace(outcome=outcome, controls=fixed + chosen, **changes)
                    shown = ", ".join(f"{k}={v}" for k, v in changes.items())
                    rows.append((outcome, ", ".join(fixed + chosen), shown, *_one(panel, asked, lang)))
    columns = ["outcome", "controls", "variant", *ESTIMATE_COLUMNS, "n", "note"]
    return pd.DataFrame(rows, columns=columns).sort_values("estimate", ignore_index=True)


def _one(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> tuple[Any, ...]:
    try:
        result = fit(panel, spec, lang=lang)
    except ModelError as error:
        return (*(np.nan,) * len(ESTIMATE_COLUMNS), 0, error.message)
    row = result.term(first_term(result.terms, spec))
    return (*(float(row[name]) for name in ESTIMATE_COLUMNS), result.numbers["n"], "")


def first_term(terms: Sequence[str], spec: ModelSpec) -> str:
    """The coefficient of the first exposure (its first level, for a category)."""
    name = spec.exposures[0]
    return next(term for term in terms if term == name or term.startswith(f"{name}["))


def leave_one_out(
    panel: pd.DataFrame, spec: ModelSpec, by: str | None = None, lang: str = "id"
) -> pd.DataFrame:
    """Refit without each value of a column (the cluster by default): does one agency carry the result?

    Returns
    -------
    DataFrame
        ``left_out`` (value of the column), estimate columns, ``n``, ``same_sign`` (as the whole sample's
        estimate) and ``note``.
    """
    column = by or next(iter(spec.cluster_columns), None)
    if column is None or column not in panel.columns:
        raise model_error(
            lang,
            "Sebutkan kolom yang ditinggalkan satu per satu (by atau cluster).",
            "Name the column to leave out value by value (by or cluster).",
            ('Misalnya by="instansi".', 'For instance by="instansi".'),
        )
    whole = fit(panel, spec, lang=lang)
    sign = np.sign(whole.term(first_term(whole.terms, spec))["estimate"])
    rows = []
    for value in panel[column].dropna().unique():
        found = _one(panel[panel[column] != value], spec, lang)
        rows.append((value, *found[:-1], bool(np.sign(found[0]) == sign), found[-1]))
    columns = ["left_out", *ESTIMATE_COLUMNS, "n", "same_sign", "note"]
    return pd.DataFrame(rows, columns=columns)
