"""Agreement of raters: Krippendorff's alpha, Fleiss' kappa, intraclass correlations (Shrout & Fleiss).

Ratings are a frame or array of shape (subjects, raters), one row a rated subject, NaN where a rater did not
rate. Reliability of a scale of items (alpha, omega) is in :mod:`kinerja_lib.models.reliability`.

Long because the three families of coefficients share one reading of ratings and its errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from kinerja_lib.models.factors import is_categorical
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def krippendorff_alpha(
    ratings: ArrayLike | pd.DataFrame, level: Level = "ordinal", lang: str = "id"
) -> float:
    """Krippendorff's alpha: 1 minus observed over expected disagreement; missing ratings are allowed.

    Parameters
    ----------
    ratings : (subjects, raters)
        Numbers, or text on a known scale (predikat).  A subject with fewer than two ratings does not count.
    level : {"nominal", "ordinal", "interval", "ratio"}
        The distance between two values.

    Returns
    -------
    float
        1 is perfect, 0 what chance gives; NaN where all values are equal, as nothing can disagree.

    Raises
    ------
    ModelError
        An unknown level, no subject with two ratings, or a negative value at the ratio level.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability: coincidences
    o_ck = sum over subjects of (pairs c-k) / (m_u - 1); alpha = 1 - (n - 1) sum(o d2) / sum(n_c n_k d2).

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 1], [2, 2], [3, 3], [3, 2]], "nominal"), 4)
    0.6667
    """
    if level not in LEVELS:
        raise model_error(
            lang, f'Tingkat ukur "{level}" tidak dikenal.', f'Level "{level}" is not known.',
            (f"Pilih salah satu: {', '.join(LEVELS)}.", f"Choose one of: {', '.join(LEVELS)}."),
        )  # fmt: skip
    values, codes = _coded(ratings, level, lang)
    counts = np.zeros((len(codes), len(values)))
    rows, _ = np.nonzero(codes >= 0)
    np.add.at(counts, (rows, codes[codes >= 0]), 1.0)
    total = counts.sum(axis=1)
    counts, total = counts[total >= 2], total[total >= 2]
    if not len(counts):
        raise _no_pair(lang)
    coincidence = (counts / (total - 1.0)[:, None]).T @ counts
    coincidence -= np.diag((counts / (total - 1.0)[:, None]).sum(axis=0))
    margin = coincidence.sum(axis=1)
    distance = _distances(values, margin, level, lang)
    expected = float((np.outer(margin, margin) * distance).sum())
    if expected == 0.0:
        return float("nan")
    return 1.0 - (float(margin.sum()) - 1.0) * float((coincidence * distance).sum()) / expected


def _distances(values: Array, margin: Array, level: str, lang: str) -> Array:
    """Squared distances between the values, shape (V, V)."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "ordinal":
        middle = np.cumsum(margin) - margin / 2.0
        return np.asarray((middle[:, None] - middle[None, :]) ** 2)
    gap = (values[:, None] - values[None, :]) ** 2
    if level == "interval":
        return np.asarray(gap)
    if bool((values < 0).any()):
        raise model_error(
            lang, "Tingkat rasio tidak mengenal nilai negatif.", "The ratio level knows no negative value.",
            ('Gunakan level="interval".', 'Use level="interval".'),
        )  # fmt: skip
    size = values[:, None] + values[None, :]
    return np.asarray(np.divide(gap, size**2, out=np.zeros_like(gap), where=size > 0))


def _coded(ratings: Any, level: str, lang: str) -> tuple[Array, NDArray[np.int64]]:
    """Values in order and their codes, shape (subjects, raters), -1 where missing."""
    table = pd.DataFrame(ratings)
    stacked = pd.Series([v for place in range(table.shape[1]) for v in table.iloc[:, place]], name="ratings")
    if not stacked.notna().any() or not is_categorical(stacked, "ratings", lang):
        codes, unique = pd.factorize(pd.to_numeric(stacked), sort=True)
        values = np.asarray(unique, dtype=np.float64)
    elif level == "nominal":
        codes, unique = pd.factorize(stacked, sort=True)
        values = np.arange(float(len(unique)))
    else:
        answer = read_outcome(stacked.to_frame(), "ratings", "levels", lang)
        codes, values = answer.values, np.arange(1.0, len(answer.levels) + 1.0)
    return values, np.asarray(codes, dtype=np.int64).reshape(table.shape[1], len(table)).T


@dataclass(frozen=True)
class FleissKappa:
    """Kappa over all categories, its standard error under no agreement, z and p; ``by_category`` each one."""

    kappa: float
    std_error: float
    z: float
    p_value: float
    subjects: int
    raters: int
    by_category: pd.DataFrame


def fleiss_kappa(ratings: ArrayLike | pd.DataFrame, *, counts: bool = False, lang: str = "id") -> FleissKappa:
    """Fleiss' kappa for the same number of ratings of every subject.

    Parameters
    ----------
    ratings : (subjects, raters), or (subjects, categories) where ``counts``
        Categories as numbers or text. Subjects with a missing rating are left out.
    counts : bool
        The table holds how many raters chose each category.

    Raises
    ------
    ModelError
        Fewer than two subjects or raters, or (``counts``) unequal numbers of raters.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76:378; variance of Fleiss, Nee & Landis (1979), 86:974.
    """
    names, table = _category_counts(ratings, counts, lang)
    n, m = len(table), float(table[0].sum()) if len(table) else 0.0
    if n < 2 or m < 2:
        raise _no_pair(lang)
    share = table.sum(axis=0) / (n * m)
    agreement = float(((table**2).sum(axis=1) - m).sum() / (n * m * (m - 1)))
    chance = float(share @ share)
    spread = share * (1 - share)
    kappa = (agreement - chance) / (1 - chance) if chance < 1 else float("nan")
    inside = spread.sum() ** 2 - (spread * (1 - 2 * share)).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        error = float(np.sqrt(2.0 * inside) / (spread.sum() * np.sqrt(n * m * (m - 1))))
        own = 1.0 - (table * (m - table)).sum(axis=0) / (n * m * (m - 1) * spread)
    z = kappa / error if error > 0 else float("nan")
    each = float(np.sqrt(2.0 / (n * m * (m - 1))))
    by_category = pd.DataFrame(
        {"category": names, "share": share, "kappa": own, "z": own / each, "p_value": _two_sided(own / each)}
    )
    return FleissKappa(kappa, error, z, float(_two_sided(z)), n, int(m), by_category)


def _category_counts(ratings: Any, counts: bool, lang: str) -> tuple[list[Any], Array]:
    table = pd.DataFrame(ratings)
    if counts:
        numbers = table.to_numpy(dtype=np.float64)
        if len(numbers) and not np.allclose(numbers.sum(axis=1), numbers[0].sum()):
            raise model_error(
                lang, "Banyaknya penilai berbeda antarsubjek.", "Subjects have unequal numbers of raters.",
                ("Gunakan krippendorff_alpha, yang menerima data kosong.",
                 "Use krippendorff_alpha, which allows missing ratings."),
            )  # fmt: skip
        return list(table.columns), numbers
    complete = table.dropna()
    codes, names = pd.factorize(complete.to_numpy(dtype=object).ravel(), sort=True)
    made = np.zeros((len(complete), len(names)))
    np.add.at(made, (np.repeat(np.arange(len(complete)), complete.shape[1]), codes), 1.0)
    return list(names), made


def icc(ratings: ArrayLike | pd.DataFrame, level: float = 0.95, lang: str = "id") -> pd.DataFrame:
    """The six intraclass correlations of Shrout & Fleiss, with F tests and intervals.

    Parameters
    ----------
    ratings : (subjects, raters)
        Numbers. Subjects with a missing rating are left out.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        One row a form: ``form`` (ICC11, ICC21, ICC31 of one rating; ICC1k, ICC2k, ICC3k of the mean of k),
        ``icc``, ``f``, ``df1``, ``df2``, ``p_value``, ``ci_low``, ``ci_high``.

    Raises
    ------
    ModelError
        Fewer than two complete subjects or two raters.

    References
    ----------
    Shrout & Fleiss (1979), Psychological Bulletin 86:420-428; intervals as there (p. 424-426).
    """
    x = pd.DataFrame(ratings).apply(pd.to_numeric).dropna().to_numpy(dtype=np.float64)
    n, k = x.shape
    if n < 2 or k < 2:
        raise _no_pair(lang)
    grand, subjects, raters = x.mean(), x.mean(axis=1), x.mean(axis=0)
    between = k * float(((subjects - grand) ** 2).sum()) / (n - 1)
    rater = n * float(((raters - grand) ** 2).sum()) / (k - 1)
    within = float(((x - subjects[:, None]) ** 2).sum()) / (n * (k - 1))
    left = x - subjects[:, None] - raters[None, :] + grand
    error = float((left**2).sum()) / ((n - 1) * (k - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _icc_table(np.float64(between), np.float64(rater), within, error, n, k, level)


def _icc_table(
    between: np.float64, rater: np.float64, within: float, error: float, n: int, k: int, level: float
) -> pd.DataFrame:
    df1, tail = n - 1, 0.5 + level / 2
    rows = []
    for kind, noise, df2 in ((1, within, n * (k - 1)), (3, error, (n - 1) * (k - 1))):
        f = between / noise
        low = f / stats.f.ppf(tail, df1, df2)
        high = f * stats.f.ppf(tail, df2, df1)
        p = float(stats.f.sf(f, df1, df2))
        one = (between - noise) / (between + (k - 1) * noise)
        rows.append(
            (f"ICC{kind}1", one, f, df1, df2, p, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1))
        )
        rows.append((f"ICC{kind}k", 1 - 1 / f, f, df1, df2, p, 1 - 1 / low, 1 - 1 / high))
    f, df2, p = rows[-1][2], rows[-1][4], rows[-1][5]
    one = (between - error) / (between + (k - 1) * error + k * (rater - error) / n)
    many = (between - error) / (between + (rater - error) / n)
    low, high = _icc2_interval(float(one), between, rater, error, n, k, tail)
    rows.append(("ICC21", one, f, df1, df2, p, low, high))
    rows.append(
        ("ICC2k", many, f, df1, df2, p, k * low / (1 + (k - 1) * low), k * high / (1 + (k - 1) * high))
    )
    columns = ["form", "icc", "f", "df1", "df2", "p_value", "ci_low", "ci_high"]
    order = ["ICC11", "ICC21", "ICC31", "ICC1k", "ICC2k", "ICC3k"]
    return pd.DataFrame(rows, columns=columns).set_index("form").loc[order].reset_index()


def _icc2_interval(
    one: float, between: np.float64, rater: np.float64, error: float, n: int, k: int, tail: float
) -> tuple[float, float]:
    """Interval of ICC(2,1), with Satterthwaite's df v for the mix of rater and error variance."""
    f = rater / error
    top = (k - 1) * (n - 1) * (k * one * f + n * (1 + (k - 1) * one) - k * one) ** 2
    bottom = (n - 1) * k**2 * one**2 * f**2 + (n * (1 + (k - 1) * one) - k * one) ** 2
    v = top / bottom
    upper, lower = stats.f.ppf(tail, n - 1, v), stats.f.ppf(tail, v, n - 1)
    noise = k * rater + (k * n - k - n) * error
    return (
        float(n * (between - upper * error) / (upper * noise + n * between)),
        float(n * (lower * between - error) / (noise + n * lower * between)),
    )


def _two_sided(z: Any) -> Any:
    return 2.0 * stats.norm.sf(np.abs(z))


def _no_pair(lang: str) -> Exception:
    return model_error(
        lang, "Tidak cukup penilaian: perlu dua subjek dan dua penilai atau lebih.",
        "Too few ratings: two subjects and two raters or more are needed.",
        ("Tambah penilaian atau perlebar datanya.", "Add ratings, or widen the data."),
    )  # fmt: skip
