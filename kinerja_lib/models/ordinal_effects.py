"""Average marginal effects of ordered models on the probability of each level, with delta-method errors.

A number's effect is the average derivative, an indicator's the average change from its base level (the other
indicators of the same factor at zero). A product moves with its parts and has no effect of its own. Large
data are averaged over an even sample of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, ndtr

from kinerja_lib.models.factors import Level

Array = NDArray[np.float64]
Curve = Callable[[Array], tuple[Array, Array, Array]]

_ROWS = 16_384


def logit_curve(u: Array) -> tuple[Array, Array, Array]:
    """F, f and f' of the logistic distribution."""
    F = expit(u)
    f = F * (1.0 - F)
    return F, f, f * (1.0 - 2.0 * F)


def probit_curve(u: Array) -> tuple[Array, Array, Array]:
    """F, f and f' of the normal distribution."""
    f = np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi)
    return ndtr(u), f, -u * f


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


@dataclass(frozen=True, eq=False)
class EffectSums:
    """Sums over rows, shape (p + 1, K - 1) and (p + 1, K - 1, m); those of several chunks can be added.

    The last entry belongs to all plain numeric columns together: the sum of the densities and its gradient.
    """

    values: Array
    gradient: Array
    weight: float

    def __add__(self, other: EffectSums) -> EffectSums:
        return EffectSums(
            self.values + other.values, self.gradient + other.gradient, self.weight + other.weight
        )


def effect_sums(
    theta: Array, beta: Array, X: Array, weights: Array | None, names: tuple[str, ...], link: str | Curve
) -> EffectSums:
    """What the averages need of these rows, a block at a time; ``link`` is a name or the curve itself."""
    k, p = len(theta), len(names)
    values, gradient = np.zeros((p + 1, k)), np.zeros((p + 1, k, k + p))
    curve = link if callable(link) else probit_curve if link == "probit" else logit_curve
    kinds = [_kind(name, names) for name in names]
    for start in range(0, len(X), _ROWS):
        x = X[start : start + _ROWS]
        w = np.ones(len(x)) if weights is None else weights[start : start + _ROWS]
        for j, kind in enumerate(kinds):
            if kind == "level":
                one, slope = _discrete(theta, beta, x, w, names, j, curve)
            elif kind == "crossed":
                one, slope = _derivative(theta, beta, x, w, _moves(x, names, j), curve)
            else:
                continue
            values[j] += one
            gradient[j] += slope
        if "plain" in kinds:
            density, slope = _slope_parts(theta, beta, x, w, curve)
            values[p] += density
            gradient[p] += slope
    return EffectSums(values, gradient, float(len(X)) if weights is None else float(weights.sum()))


def _kind(name: str, names: tuple[str, ...]) -> str:
    if ":" in name:
        return "product"
    if name.endswith("]"):
        return "level"
    crossed = any(name in other.split(":") for other in names if ":" in other)
    return "crossed" if crossed else "plain"


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
        kind = _kind(name, names)
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


def _slope_parts(theta: Array, beta: Array, X: Array, w: Array, curve: Curve) -> tuple[Array, Array]:
    """Sum of f(theta_k - e), and its gradient by (theta, beta), for each threshold."""
    e = X @ beta
    k = len(theta)
    density, gradient = [], np.zeros((k, k + len(beta)))
    for i, t in enumerate(theta):
        _, f, df = curve(t - e)
        density.append(float(w @ f))
        gradient[i, i] = float(w @ df)
        gradient[i, k:] = -(w * df) @ X
    return np.array(density), gradient


def _from_shared(shared: tuple[Array, Array], beta: Array, j: int, k: int) -> tuple[Array, Array]:
    density, slope = shared
    values = -beta[j] * density
    gradient = -beta[j] * slope
    gradient[:, k + j] -= density
    return values, gradient


def _moves(X: Array, names: tuple[str, ...], j: int) -> Array:
    """Derivative of each column by the variable of column j, shape (n, p)."""
    D = np.zeros_like(X)
    D[:, j] = 1.0
    for i, other in enumerate(names):
        parts = other.split(":")
        if len(parts) > 1 and names[j] in parts:
            rest = [part for part in parts if part != names[j]]
            D[:, i] = float(len(parts) - len(rest)) if not rest else 1.0
            for part in rest:
                D[:, i] *= X[:, names.index(part)] if part in names else 0.0
            if not rest:
                D[:, i] *= X[:, j] ** (len(parts) - 1)
    return D


def _derivative(theta: Array, beta: Array, X: Array, w: Array, D: Array, curve: Curve) -> tuple[Array, Array]:
    """Derivative of mean F(theta_k - e) where the columns move by D, and its gradient."""
    e, s, k = X @ beta, D @ beta, len(theta)
    values, gradient = np.empty(k), np.zeros((k, k + len(beta)))
    for i, t in enumerate(theta):
        _, f, df = curve(t - e)
        values[i] = -float(w @ (f * s))
        gradient[i, i] = -float(w @ (df * s))
        gradient[i, k:] = (w * df * s) @ X - (w * f) @ D
    return values, gradient


def _discrete(
    theta: Array, beta: Array, X: Array, w: Array, names: tuple[str, ...], j: int, curve: Curve
) -> tuple[Array, Array]:
    """Change of mean F(theta_k - e) from the base level of the factor to level j."""
    base = X.copy()
    factor = names[j].rsplit("[", 1)[0]
    own = [i for i, name in enumerate(names) if any(p.startswith(f"{factor}[") for p in name.split(":"))]
    base[:, own] = 0.0
    high = base.copy()
    high[:, j] = 1.0
    for i in own:
        parts = names[i].split(":")
        if len(parts) > 1 and names[j] in parts:
            high[:, i] = 1.0
            for part in parts:
                if part != names[j]:
                    high[:, i] *= X[:, names.index(part)] if part in names else 0.0
    k = len(theta)
    values, gradient = np.empty(k), np.zeros((k, k + len(beta)))
    for i, t in enumerate(theta):
        F1, f1, _ = curve(t - high @ beta)
        F0, f0, _ = curve(t - base @ beta)
        values[i] = float(w @ (F1 - F0))
        gradient[i, i] = float(w @ (f1 - f0))
        gradient[i, k:] = -(w * f1) @ high + (w * f0) @ base
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
