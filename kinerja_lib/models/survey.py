"""Means and shares of a survey with the errors of its design: weights, strata, clusters, finite population.

Errors are linearised at the level of the clusters within strata (Binder 1983); shares get Wilson's and Korn
and Graubard's intervals, which stay within 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.factors import as_numbers, column, is_categorical, text_in_numbers
from kinerja_lib.models.terms import encode_factor
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SurveyDesign:
    """How the respondents came to be: columns of the survey's frame.

    Parameters
    ----------
    weights : str, optional
        Weights; equal without.
    strata : str, optional
    cluster : str, optional
        First-stage units, nested in strata; each row its own without.
    population : str, optional
        Clusters (rows, without ``cluster``) in the population of the row's stratum, for the finite population
        correction 1 - n/N.
    raked : sequence of str
        Margins the weights were raked to; errors are then those of the residuals from them.
    """

    weights: str | None = None
    strata: str | None = None
    cluster: str | None = None
    population: str | None = None
    raked: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyEstimate:
    """A mean with its design-based error.

    ``design_effect`` is the variance over that of a simple random sample of as many respondents;
    ``effective_n`` the respondents over it. For shares ``ci_low``/``ci_high`` are Korn and Graubard's and
    ``wilson_low``/``wilson_high`` Wilson's on the effective number; NaN otherwise.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    df: float
    n: int
    clusters: int
    design_effect: float
    effective_n: float
    wilson_low: float = float("nan")
    wilson_high: float = float("nan")


def survey_mean(
    panel: pd.DataFrame, values: str, design: SurveyDesign, *, level: float = 0.95, lang: str = "id"
) -> SurveyEstimate:
    """Weighted mean of a column of numbers; rows without a value or a weight do not count.

    Raises
    ------
    ModelError
        Text values, negative weights, or a stratum with a single cluster.
    """
    series = column(panel, values, lang)
    if is_categorical(series, values, lang) and not pd.api.types.is_bool_dtype(series.dtype):
        raise text_in_numbers(values, lang)
    y = as_numbers(series)
    mean, error, df, rows, parts = _linearised(panel, y, design, lang)
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    n = len(rows)
    effect = _design_effect(error, y[rows], parts[0], mean)
    return SurveyEstimate(mean, error, mean - half, mean + half, df, n, parts[1], effect, n / effect)


def survey_share(
    panel: pd.DataFrame,
    values: str,
    design: SurveyDesign,
    *,
    of: Sequence[object] = (True, 1),
    level: float = 0.95,
    lang: str = "id",
) -> SurveyEstimate:
    """Weighted share of the rows whose value is one of ``of``, with intervals that hold near 0 and 1.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24:193-201: Clopper-Pearson on the effective number
    n* = p (1 - p) / var x (t_(n-1) / t_df)^2; Wilson (1927), JASA 22:209.
    """
    series = column(panel, values, lang)
    y = np.where(series.isna(), np.nan, series.isin(list(of)).to_numpy(dtype=np.float64))
    p, error, df, rows, parts = _linearised(panel, y, design, lang)
    n = len(rows)
    effect = _design_effect(error, y[rows], parts[0], p)
    tail = 0.5 + level / 2
    effective = n / effect
    with np.errstate(invalid="ignore"):
        star = min(float(n), effective * float((stats.t.ppf(tail, n - 1) / stats.t.ppf(tail, df)) ** 2))
    low, high = clopper_pearson(p * star, star, level)
    wilson = _wilson(p, star, float(stats.norm.ppf(tail)))
    return SurveyEstimate(p, error, low, high, df, n, parts[1], effect, effective, *wilson)


def clopper_pearson(count: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval; counts need not be whole.

    Examples
    --------
    >>> tuple(round(end, 4) for end in clopper_pearson(2, 10))
    (0.0252, 0.5561)
    """
    tail = 0.5 - level / 2
    low = float(stats.beta.ppf(tail, count, n - count + 1)) if count > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, count + 1, n - count)) if count < n else 1.0
    return low, high


def _wilson(p: float, n: float, z: float) -> tuple[float, float]:
    shrink = 1 + z * z / n
    middle = (p + z * z / (2 * n)) / shrink
    half = z * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / shrink
    return middle - half, middle + half


def _linearised(
    panel: pd.DataFrame, y: Array, design: SurveyDesign, lang: str
) -> tuple[float, float, float, NDArray[np.int64], tuple[Array, int]]:
    """Mean, error, df, rows used, and (weights, clusters)."""
    w = np.ones(len(panel)) if design.weights is None else as_numbers(column(panel, design.weights, lang))
    rows = np.flatnonzero(np.isfinite(y) & np.isfinite(w) & (w != 0))
    if len(rows) < 2 or bool((w[rows] < 0).any()):
        raise model_error(
            lang, f"Survei tidak dapat dihitung: {len(rows)} jawaban dengan bobot, atau bobot negatif.",
            f"The survey can't be computed: {len(rows)} weighted answers, or negative weights.",
            ("Periksa kolom jawaban dan bobotnya.", "Check the answers and their weights."),
        )  # fmt: skip
    w, y = w[rows], y[rows]
    mean = float(w @ y / w.sum())
    residual = y - mean
    if design.raked:
        residual = _off_margins(panel.iloc[rows], design.raked, y, w, lang)
    score = w * residual / w.sum()
    stratum = _codes(panel, design.strata, rows, lang)
    cluster = _codes(panel, design.cluster, rows, lang) if design.cluster else np.arange(len(rows))
    keys, place = np.unique(np.column_stack([stratum, cluster]), axis=0, return_inverse=True)
    totals = np.bincount(place, score)
    own = keys[:, 0]
    size = np.bincount(own)
    if bool((size == 1).any()):
        raise model_error(
            lang, "Ada strata dengan satu klaster; ragamnya tidak dapat ditaksir.",
            "A stratum has a single cluster; its variance can't be estimated.",
            ("Gabungkan dengan strata yang serupa.", "Merge it with a similar stratum."),
        )  # fmt: skip
    centre = np.bincount(own, totals) / size
    spread = np.bincount(own, (totals - centre[own]) ** 2) * size / (size - 1)
    variance = float(spread @ _correction(panel, design, rows, stratum, size, lang))
    return mean, float(np.sqrt(variance)), float(len(keys) - len(size)), rows, (w, len(keys))


def _correction(
    panel: pd.DataFrame,
    design: SurveyDesign,
    rows: NDArray[np.int64],
    stratum: NDArray[np.int64],
    size: NDArray[np.int64],
    lang: str,
) -> Array:
    """1 - n/N of each stratum."""
    if design.population is None:
        return np.ones(len(size))
    N = as_numbers(column(panel, design.population, lang))[rows]
    whole = np.array([N[stratum == h].max() for h in range(len(size))])
    if bool((whole < size).any()):
        raise model_error(
            lang, f'"{design.population}" lebih kecil daripada banyaknya klaster dalam sampel.',
            f'"{design.population}" is smaller than the clusters in the sample.',
            ("Isi dengan banyaknya klaster dalam populasi strata.", "Give the stratum's clusters in the population."),
        )  # fmt: skip
    return np.asarray(1 - size / whole)


def _off_margins(frame: pd.DataFrame, margins: Sequence[str], y: Array, w: Array, lang: str) -> Array:
    """Residuals from the margins that the weights were raked to (Deville & Sarndal 1992)."""
    columns = [np.ones(len(frame))]
    for name in margins:
        codes = encode_factor(frame.assign(**{name: frame[name].astype("category")}), name, lang)
        columns += [x for _, x in codes.columns()]
    X = np.column_stack(columns)
    root = np.sqrt(w)
    beta = np.linalg.lstsq(root[:, None] * X, root * y, rcond=None)[0]
    return np.asarray(y - X @ beta)


def _codes(panel: pd.DataFrame, name: str | None, rows: NDArray[np.int64], lang: str) -> NDArray[np.int64]:
    if name is None:
        return np.zeros(len(rows), dtype=np.int64)
    codes, _ = pd.factorize(column(panel, name, lang).iloc[rows], use_na_sentinel=False)
    return codes.astype(np.int64)


def _design_effect(error: float, y: Array, w: Array, mean: float) -> float:
    """Variance over that of a simple random sample with replacement of as many rows."""
    n = len(y)
    simple = float(w @ (y - mean) ** 2 / w.sum()) / (n - 1)
    return error**2 / simple if simple > 0 and error > 0 else 1.0
