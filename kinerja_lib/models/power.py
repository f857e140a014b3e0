"""How small an effect could be seen, how many people are needed, and when "no relation" may be said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq

from kinerja_lib.models.result import FitResult


def design_effect(sizes: ArrayLike, icc: float) -> float:
    """Variance inflation of a mean or of a cluster-level contrast: 1 + ((cv^2 + 1) m - 1) icc.

    Parameters
    ----------
    sizes : array-like of int
        Cluster sizes; they may differ (Eldridge, Ashby & Kerry 2006, Int. J. Epidemiology 35:1292).
    icc : float
        Intraclass correlation of the outcome.
    """
    n = np.asarray(sizes, dtype=np.float64)
    return float(1.0 + ((n**2).sum() / n.sum() - 1.0) * icc)


def minimum_detectable_effect(
    sizes: ArrayLike,
    icc: float,
    *,
    share_treated: float = 0.5,
    sd: float = 1.0,
    r2_unit: float = 0.0,
    r2_individual: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """Smallest difference between treated and untreated units that is found with the given power.

    Parameters
    ----------
    sizes : array-like of int
        Staff in each unit.
    icc : float
        Intraclass correlation.
    share_treated : float
        Share of units treated.
    sd : float
        Standard deviation of the outcome; the answer is in its unit.
    r2_unit, r2_individual : float
        Share of the variance between and within units that controls explain.
    alpha, power : float

    Notes
    -----
    Unequal sizes enter through the precision weights sum n_j / (1 + (n_j - 1) icc); the reference is t with
    (units - 2) df (Bloom 1995; Murray 1998).
    """
    n = np.asarray(sizes, dtype=np.float64)
    between, within = icc * (1 - r2_unit), (1 - icc) * (1 - r2_individual)
    information = float((1.0 / (between + within / n)).sum())
    se = sd / np.sqrt(information * share_treated * (1 - share_treated))
    df = len(n) - 2.0
    multiplier = float(stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(power, df))
    return float(multiplier * se)


def detectable_from_result(result: FitResult, term: str, alpha: float = 0.05, power: float = 0.8) -> float:
    """Smallest effect of a fitted term that its own standard error and df would have found."""
    row = result.term(term)
    return detectable_errors(float(row["df"]), alpha / 2, power) * float(row["std_error"])


def detectable_errors(df: float, tail: float, power: float = 0.8) -> float:
    """Size, in standard errors, that a t test with ``tail`` in its one tail finds with the given power.

    Noncentral t, as the error is estimated too; with few degrees of freedom it is more than the sum of two quantiles
    of t. Normal beyond 1,000 degrees of freedom.

    Examples
    --------
    >>> round(detectable_errors(float("inf"), 0.025), 4), round(detectable_errors(5.0, 0.025), 2)
    (2.8016, 3.51)
    """
    critical = float(stats.t.isf(tail, df))
    if df > 1000:
        return critical + float(stats.norm.ppf(power))
    return float(brentq(lambda shift: stats.nct.sf(critical, df, shift) - power, 0.0, 10 * critical + 10))


def two_sample_size(effect: float, *, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> float:
    """People in the first group for a two-sided t test of a standardised difference, unrounded.

    Parameters
    ----------
    effect : float
        Difference in standard deviations (Cohen's d).
    ratio : float
        Size of the second group over that of the first.

    Examples
    --------
    >>> round(two_sample_size(0.5), 2)
    63.77
    """
    z = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    normal = (1 + 1 / ratio) * (z / effect) ** 2
    upper = 2 * normal + 20
    return float(brentq(lambda n: two_sample_power(effect, n, alpha=alpha, ratio=ratio) - power, 1.5, upper))


def two_sample_power(effect: float, n: float, *, alpha: float = 0.05, ratio: float = 1.0) -> float:
    """Power of the two-sided t test with ``n`` people in the first group (noncentral t)."""
    df = n * (1 + ratio) - 2
    shift = abs(effect) * np.sqrt(n * ratio / (1 + ratio))
    critical = stats.t.ppf(1 - alpha / 2, df)
    return float(stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift))


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests: the larger p-value, the 1 - 2 alpha interval, whether it lies in the margin."""

    p_value: float
    ci_low: float
    ci_high: float
    equivalent: bool


def equivalence_test(
    estimate: float,
    std_error: float,
    low: float,
    high: float,
    *,
    df: float = np.inf,
    alpha: float = 0.05,
) -> Equivalence:
    """Two one-sided tests (Schuirmann 1987): is the effect smaller than anything that matters?

    Parameters
    ----------
    low, high : float
        The margin: effects between them do not matter.

    Notes
    -----
    "No relation" may be said only if ``equivalent``; a test that merely fails to reject says nothing.
    """
    above = float(stats.t.sf((estimate - low) / std_error, df))
    below = float(stats.t.cdf((estimate - high) / std_error, df))
    half = float(stats.t.ppf(1 - alpha, df)) * std_error
    p = max(above, below)
    return Equivalence(p, estimate - half, estimate + half, p < alpha)
