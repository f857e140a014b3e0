"""May answers of individuals stand for their unit? Agreement, reliability of unit means, and the verdict.

Before a mean of people's answers is called the unit's leadership, people in a unit must agree (r_wg), units must
differ (ICC(1) and its F test), and the mean of so many people must be reliable (ICC(2)). Where a person's own
answer also enters the outcome, the mean of the others is used instead (leave-one-out).

Sources: James, Demaree & Wolf (1984), J. Applied Psychology 69:85 (r_wg, r_wg(j)); Shrout & Fleiss (1979);
Bliese (2000), in Klein & Kozlowski; LeBreton & Senter (2008), Organizational Research Methods 11:815.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.aggregation_checks import UnitIcc, aggregation_checks
from kinerja_lib.models.factors import as_numbers, column, is_categorical, text_in_numbers
from kinerja_lib.models.grouping import Grouping, read_grouping
from kinerja_lib.models.result import Check
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]
Null = Literal["uniform", "slight", "moderate", "heavy"]

#: variance of answers that agree by chance on a 5-point scale with a skewed null (LeBreton & Senter 2008)
_SKEWED = {"slight": 1.34, "moderate": 0.90, "heavy": 0.44}


@dataclass(frozen=True, eq=False)
class Aggregation:
    """Whether unit means may be used.

    Attributes
    ----------
    units : DataFrame
        unit, n, mean, r_wg: units with ``minimum`` people or more.
    icc : UnitIcc
        Of the scale's mean (all units with two people or more).
    checks : tuple of Check
        ``agreement`` (median r_wg), ``icc1`` (p-value of F), ``icc2``.
    hidden : int
        Units with fewer people, not shown.
    """

    units: pd.DataFrame
    icc: UnitIcc
    checks: tuple[Check, ...]
    hidden: int

    @property
    def verdict(self) -> str:
        """``ok``, ``warning`` (the means are unreliable) or ``fail`` (people do not agree, units do not differ)."""
        found = [check.verdict for check in self.checks]
        return "fail" if "fail" in found else "warning" if "warning" in found else "ok"

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])


def leave_one_out_means(frame: pd.DataFrame, value: str, unit: str, lang: str = "id") -> pd.Series:
    """For each row the mean of ``value`` over the other rows of its unit; missing where there is no other.

    Examples
    --------
    >>> data = pd.DataFrame({"u": ["a", "a", "a", "b"], "x": [1.0, 2.0, 6.0, 5.0]})
    >>> leave_one_out_means(data, "x", "u").tolist()
    [4.0, 3.5, 1.5, nan]
    """
    x = _numbers(frame, value, lang)
    group = read_grouping(frame, unit, lang)
    present = np.isfinite(x) & (group.codes >= 0)
    safe = np.where(present, x, 0.0)
    code = np.maximum(group.codes, 0)
    total = np.bincount(code, safe, group.size)[code] - safe
    others = np.bincount(code, present, group.size)[code] - present
    mean = np.where((others > 0) & (group.codes >= 0), total / np.maximum(others, 1), np.nan)
    return pd.Series(mean, index=frame.index, name=f"{value}_lain")


def within_group_agreement(
    items: Array, codes: NDArray[np.int64], size: int, options: int, null: Null = "uniform", lang: str = "id"
) -> Array:
    """r_wg (one item) or r_wg(j) (several) of each unit, shape (size,); values below 0 are put to 0.

    Parameters
    ----------
    items : ndarray, shape (n, items)
        Complete answers on a scale of ``options`` points.
    null : {"uniform", "slight", "moderate", "heavy"}
        What chance agreement looks like; the skewed ones are known for 5 points.
    """
    expected = _chance_variance(options, null, lang)
    n = np.bincount(codes, minlength=size).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.zeros(size)
        for x in items.T:
            mean = np.bincount(codes, x, size) / n
            variance += np.bincount(codes, (x - mean[codes]) ** 2, size) / (n - 1.0)
        agreement = 1.0 - variance / items.shape[1] / expected
        j = items.shape[1]
        raised = j * agreement / (j * agreement + (1.0 - agreement))
    value = np.where(agreement <= 0.0, 0.0, raised)
    return np.where(n >= 2, value, np.nan)


def unit_icc(values: Array, codes: NDArray[np.int64], size: int) -> UnitIcc:
    """ICC(1) = (MSB - MSW) / (MSB + (k - 1) MSW) and ICC(2) = (MSB - MSW) / MSB, from groups of unequal size.

    k is the size that makes the expected mean square right, (n - sum n_g^2 / n) / (G - 1).
    """
    counts = np.bincount(codes, minlength=size).astype(np.float64)
    several = counts >= 2
    kept = several[codes]
    code, y = codes[kept], values[kept]
    counts = counts[several]
    n, G = len(y), len(counts)
    if G < 2 or n <= G:
        return UnitIcc(float("nan"), float("nan"), float("nan"), float("nan"), G, n)
    mean = (np.bincount(code, y, size)[several]) / counts
    between = float(counts @ (mean - y.mean()) ** 2) / (G - 1)
    inside = float(y @ y - counts @ mean**2) / (n - G)
    inside = max(inside, 1e-300)
    k = (n - float(counts @ counts) / n) / (G - 1)
    F = between / inside
    return UnitIcc(
        (between - inside) / (between + (k - 1.0) * inside),
        (between - inside) / between if between > 0 else float("nan"),
        F,
        float(stats.f.sf(F, G - 1, n - G)),
        G,
        n,
    )


def aggregation_check(
    frame: pd.DataFrame,
    items: str | Sequence[str],
    unit: str,
    *,
    options: int = 5,
    null: Null = "uniform",
    minimum: int = 5,
    lang: str = "id",
) -> Aggregation:
    """Whether the answers to ``items`` may be averaged over ``unit``.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent; rows with a missing answer are left out.
    items : str or sequence of str
        Answers 1..``options``.
    minimum : int
        Fewest people of a unit that is shown.

    Raises
    ------
    ModelError
        Text or values outside the scale in an item; fewer than two units with two people.
    """
    names = [items] if isinstance(items, str) else list(items)
    table = np.column_stack([_numbers(frame, name, lang) for name in names])
    group = read_grouping(frame, unit, lang)
    kept = np.flatnonzero(np.isfinite(table).all(axis=1) & (group.codes >= 0)).astype(np.int64)
    answers, group = table[kept], group.restrict(kept)
    _inside_scale(answers, names, options, lang)
    icc = unit_icc(answers.mean(axis=1), group.codes, group.size)
    if icc.groups < 2:
        raise model_error(
            lang,
            f'Kolom "{unit}" tidak mempunyai dua unit dengan dua jawaban lengkap.',
            f'The column "{unit}" lacks two units with two complete answers.',
            ("Gabungkan unit kecil atau lengkapi surveinya.", "Merge small units, or complete the survey."),
        )
    agreement = within_group_agreement(answers, group.codes, group.size, options, null, lang)
    units = _units(answers, group, agreement)
    shown = units[units["n"] >= minimum].reset_index(drop=True)
    return Aggregation(
        shown, icc, aggregation_checks(float(np.nanmedian(agreement)), icc), len(units) - len(shown)
    )


def _units(answers: Array, group: Grouping, agreement: Array) -> pd.DataFrame:
    n = np.bincount(group.codes, minlength=group.size)
    mean = np.bincount(group.codes, answers.mean(axis=1), group.size) / n
    return pd.DataFrame(
        {"unit": [str(label) for label in group.labels], "n": n, "mean": mean, "r_wg": agreement}
    ).sort_values("unit", ignore_index=True)


def _chance_variance(options: int, null: Null, lang: str) -> float:
    if null == "uniform" and options >= 2:
        return (options**2 - 1) / 12.0
    if null in _SKEWED and options == 5:
        return _SKEWED[null]
    raise model_error(
        lang,
        f'Sebaran acuan "{null}" tidak dikenal untuk skala {options} pilihan.',
        f'The null distribution "{null}" is not known for a scale of {options} points.',
        ('Gunakan null="uniform".', 'Use null="uniform".'),
    )


def _numbers(frame: pd.DataFrame, name: str, lang: str) -> Array:
    series = column(frame, name, lang)
    if is_categorical(series, name, lang):
        raise text_in_numbers(name, lang)
    return as_numbers(series)


def _inside_scale(answers: Array, names: list[str], options: int, lang: str) -> None:
    for name, x in zip(names, answers.T, strict=True):
        if len(x) and (x.min() < 1 or x.max() > options):
            raise model_error(
                lang,
                f'Butir "{name}" memuat nilai di luar 1–{options}.',
                f'Item "{name}" holds values outside 1–{options}.',
                ("Periksa skala atau isi options.", "Check the scale, or give options."),
            )
