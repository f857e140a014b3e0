"""Average marginal effects of ordered models on the probability of each level, with delta-method errors.

A number's effect is the average derivative, an indicator's the average change from its base level (the other
indicators of the same factor at zero). A product moves with its parts and has no effect of its own. Large
data are averaged over an even sample of rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.factors import Level
from kinerja_lib.models.ordinal_effect_sums import Curve, EffectSums, effect_sums, kind_of, probit_curve

__all__ = ["Curve", "EffectSums", "effect_sums", "effects_table", "marginal_effects", "probit_curve"]

Array = NDArray[np.float64]


def marginal_effects(
    theta: Array,
    beta: Array,
    cov: Array,
    X: Array,
    weights: Array | None,
    names: tuple[str, ...],
    levels: tuple[Level, ...],
    link: str,
    contrast_df: Callable[[Array], Array] | None = None,
) -> pd.DataFrame:
    """Rows (term, level): ``level`` is each outcome level, and ``>=level`` for at least that level.

    Parameters
    ----------
    theta, beta : ndarray, shapes (K-1,) and (p,)
    cov : ndarray, shape (K-1+p, K-1+p)
    X : ndarray, shape (n, p)
    contrast_df : callable, optional
        Degrees of freedom of linear combinations of the parameters, (c, K-1+p) -> (c,); normal without.

    Returns
    -------
    DataFrame
        ``term``, ``level``, ``estimate`` (change of the probability for one unit, or from the base level),
        ``std_error``, ``statistic``, ``p_value``, ``ci_low``, ``ci_high``, ``df``.
    """
    sums = effect_sums(theta, beta, X, weights, names, link)
    return effects_table(beta, cov, names, levels, sums, contrast_df)


def effects_table(
    beta: Array,
    cov: Array,
    names: tuple[str, ...],
    levels: tuple[Level, ...],
    sums: EffectSums,
    contrast_df: Callable[[Array], Array] | None = None,
) -> pd.DataFrame:
    """The table of :func:`marginal_effects` from sums over all rows."""
    labels: list[tuple[str, str]] = []
    values_of: list[Array] = []
    slopes_of: list[Array] = []
    mean, slope = sums.values / sums.weight, sums.gradient / sums.weight
    for j, name in enumerate(names):
        kind = kind_of(name, names)
        if kind == "product":
            continue
        if kind == "plain":
            values, gradient = _from_shared((mean[-1], slope[-1]), beta, j, mean.shape[1])
        else:
            values, gradient = mean[j], slope[j]
        own, estimates, gradients = _by_level(name, values, gradient, levels)
        labels += own
        values_of.append(estimates)
        slopes_of.append(gradients)
    if not labels:
        return _table([], np.empty(0), np.empty((0, len(cov))), cov, contrast_df)
    return _table(labels, np.concatenate(values_of), np.vstack(slopes_of), cov, contrast_df)


def _from_shared(shared: tuple[Array, Array], beta: Array, j: int, k: int) -> tuple[Array, Array]:
    density, slope = shared
    values = -beta[j] * density
    gradient = -beta[j] * slope
    gradient[:, k + j] -= density
    return values, gradient


def _by_level(
    name: str, values: Array, gradient: Array, levels: tuple[Level, ...]
) -> tuple[list[tuple[str, str]], Array, Array]:
    """From changes of P(y <= k) to changes of P(y = k) and P(y >= k)."""
    zero = np.zeros((1, gradient.shape[1]))
    below, slopes = np.r_[0.0, values, 0.0], np.vstack([zero, gradient, zero])
    labels = [(name, str(level)) for level in levels] + [(name, f">={level}") for level in levels[1:]]
    return (
        labels,
        np.r_[np.diff(below), -below[1:-1]],
        np.vstack([np.diff(slopes, axis=0), -slopes[1:-1]]),
    )


def _table(
    labels: list[tuple[str, str]],
    estimate: Array,
    gradient: Array,
    cov: Array,
    contrast_df: Callable[[Array], Array] | None,
) -> pd.DataFrame:
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", gradient, cov, gradient), 0.0))
    df = np.full(len(se), np.inf) if contrast_df is None or not len(se) else contrast_df(gradient)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(se > 0, estimate / se, np.nan)
    half = stats.t.ppf(0.975, df) * se
    return pd.DataFrame(
        {
            "term": [term for term, _ in labels],
            "level": [level for _, level in labels],
            "estimate": estimate,
            "std_error": se,
            "statistic": statistic,
            "p_value": 2.0 * stats.t.sf(np.abs(statistic), df),
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "df": df,
        }
    )
