"""Oaxaca-Blinder: how much of a gap between two groups goes with what they bring, and how much does not.

The part that is left is no proof of unfair treatment: it holds everything the columns do not measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.clustered import cluster_sums
from kinerja_lib.models.design import build_design
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.weighting import treatment_column
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A gap in two parts.

    Attributes
    ----------
    parts : DataFrame
        part (gap, explained, unexplained), estimate, std_error, ci_low, ci_high, p_value, share of the gap.
    detail : DataFrame
        term, estimate, std_error, ci_low, ci_high: what each column adds to the explained part.
    groups : tuple
        (higher level, base level): the gap is the first group's mean minus the second's.
    n : tuple of int
        Rows of each group, in that order.
    """

    parts: pd.DataFrame
    detail: pd.DataFrame
    groups: tuple[Any, Any]
    n: tuple[int, int]


def oaxaca_blinder(
    panel: pd.DataFrame,
    outcome: str,
    group: str,
    terms: Sequence[str],
    *,
    cluster: str | None = None,
    lang: str = "id",
) -> Decomposition:
    """Two-fold decomposition with the pooled coefficients (Jann 2008: the group indicator is in the pool).

    Parameters
    ----------
    panel : DataFrame
    outcome : str
        Numbers, or 0/1 (linear probability).
    group : str
        0/1 or two categories; the gap is that of the second level over the first.
    terms : sequence of str
        What the groups may bring; categories as indicators. A category's detail depends on its base level,
        so read its sum.
    cluster : str, optional
        Errors by influence functions, summed within clusters (G/(G-1), t with G-1 df).

    Returns
    -------
    Decomposition
        Point estimates equal those of ``statsmodels.stats.oaxaca`` (two_fold, pooled).

    References
    ----------
    Oaxaca (1973), International Economic Review 14:693; Blinder (1973), J. Human Resources 8:436; Jann
    (2008), Stata Journal 8:453-479.
    """
    spec = ModelSpec(outcome, (group,), tuple(terms), cluster=cluster)
    design = build_design(panel, spec, lang=lang)
    d = treatment_column(design, spec, lang)
    place = next(j for j, name in enumerate(design.names) if j > 0 and name.startswith(group))
    own = [j for j in range(design.X.shape[1]) if j not in (0, place)]
    if not own:
        raise model_error(
            lang, "Penguraian memerlukan sedikitnya satu variabel penjelas.",
            "A decomposition needs an explanatory column.", ("Isi terms.", "Give terms."),
        )  # fmt: skip
    Q, R = np.linalg.qr(design.X)
    beta = np.linalg.solve(R, Q.T @ design.y)
    toward = (design.y - design.X @ beta)[:, None] * np.linalg.solve(R, Q.T).T
    X, b = design.X[:, own], beta[own]
    one, zero = d / d.sum(), (1 - d) / (1 - d).sum()
    m1, m0 = one @ X, zero @ X
    moved = one[:, None] * (X - m1) - zero[:, None] * (X - m0)
    detail = (m1 - m0) * b
    detail_influence = moved * b + toward[:, own] * (m1 - m0)
    gap = float(one @ design.y - zero @ design.y)
    gap_influence = one * (design.y - one @ design.y) - zero * (design.y - zero @ design.y)
    explained, influence = float(detail.sum()), detail_influence.sum(axis=1)
    grouping = next(iter(design.clusters.values()), None)
    df = np.inf if grouping is None else grouping.size - 1.0
    values = np.array([gap, explained, gap - explained])
    every = np.column_stack([gap_influence, influence, gap_influence - influence, detail_influence])
    if grouping is None:
        se = np.sqrt((every**2).sum(axis=0))
    else:
        sums = cluster_sums(every, grouping.codes, grouping.size)
        se = np.sqrt(grouping.size / (grouping.size - 1) * (sums**2).sum(axis=0))
    parts = _table("part", ["gap", "explained", "unexplained"], values, se[:3], df)
    parts["share"] = values / gap if gap else np.nan
    levels = design.encoding.levels.get(group, (0, 1))
    return Decomposition(
        parts,
        _table("term", [design.names[j] for j in own], detail, se[3:], df).drop(columns="p_value"),
        (levels[1], levels[0]),
        (int(d.sum()), int((1 - d).sum())),
    )


def _table(first: str, names: list[str], values: Array, se: Array, df: float) -> pd.DataFrame:
    half = float(stats.t.ppf(0.975, df)) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(values / se), df)
    return pd.DataFrame(
        {
            first: names, "estimate": values, "std_error": se, "ci_low": values - half,
            "ci_high": values + half, "p_value": p,
        }
    )  # fmt: skip
