"""Indeks Kepuasan Masyarakat (PermenPANRB 14/2017): nine elements on 1–4, mean × 25, category A–D.

Every report takes its index from here. Each element weighs 1/9: the rounded weight 0,11 that some forms use would lose
a hundredth of the index. Over several units the elements are averaged by respondents, as if all had been asked at one
counter. A row with a missing element has no index, since the weights are for nine; it counts nowhere.

The form holds means, not answers, so the spread of the answers is not known; but answers on 1–4 with mean m have a variance
of at most (m - 1)(4 - m) (Bhatia & Davis 2000, Amer. Math. Monthly 107:353), and so has a respondent's own mean of nine.
``error`` is the standard error from that bound: the true one is smaller, so what lies beyond the interval is no chance of
the draw of respondents, while what lies inside may or may not be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.schema.periode import Periode

ELEMENTS = tuple(f"unsur_{number}" for number in range(1, 10))
Z = 1.959963984540054
# lower bounds of PermenPANRB 14/2017, on the index rounded to two decimals as the regulation prints them
CATEGORIES = ((88.31, "A"), (76.61, "B"), (65.00, "C"), (25.00, "D"))


def ikm_category(value: float) -> str:
    """Category of an index, rounded half up to two decimals first; below 25 is no index.

    Examples
    --------
    >>> ikm_category(88.305), ikm_category(88.30), ikm_category(64.994)
    ('A', 'B', 'D')
    """
    rounded = np.floor(value * 100 + 0.5 + 1e-9) / 100
    return next((name for low, name in CATEGORIES if rounded >= low - 1e-9), "")


def ikm(layanan: pd.DataFrame) -> pd.DataFrame:
    """Index of each service unit and period: the mean of the nine elements × 25 (weight 1/9 each).

    Returns
    -------
    DataFrame
        ``instansi``, ``unit_kerja``, ``periode``, ``jumlah_responden``, ``ikm``, ``kategori``, ``weakest``
        (the lowest element; ties go to the first).
    """
    values = layanan[list(ELEMENTS)].to_numpy(dtype="float64")
    result = layanan[["instansi", "unit_kerja", "periode", "jumlah_responden"]].reset_index(drop=True)
    result["ikm"] = values.sum(axis=1) / 9 * 25
    result["kategori"] = [ikm_category(value) if value == value else None for value in result["ikm"]]
    filled = np.where(np.isnan(values), np.inf, values)
    result["weakest"] = [ELEMENTS[place] for place in filled.argmin(axis=1)] if len(filled) else []
    return result


def ikm_value(layanan: pd.DataFrame) -> float:
    """Index of all rows together; NaN where no row is whole or nobody answered."""
    whole, people, _ = _whole_rows(layanan)
    total = people.sum()
    return float((whole * people[:, None]).sum() / total / 9 * 25) if total else float("nan")


def ikm_summary(layanan: pd.DataFrame, by: Sequence[str] = ("instansi", "periode")) -> pd.DataFrame:
    """Index by group: elements weighted by respondents, then the mean of nine × 25; with each element's mean.

    Returns
    -------
    DataFrame
        ``by`` …, ``units``, ``respondents``, ``unsur_1`` … ``unsur_9``, ``ikm``, ``error`` (widest standard error of
        ``ikm``), ``kategori``.
    """
    values, people, rows = _whole_rows(layanan)
    keys = [rows[name].astype("object") for name in by] or [pd.Series("", index=rows.index, name="all")]
    weighted = pd.DataFrame(values * people[:, None], index=rows.index, columns=list(ELEMENTS))
    weighted.insert(0, "respondents", people)
    own = values.mean(axis=1)
    weighted.insert(0, "spread", people * (own - 1) * (4 - own))
    grouped = weighted.groupby(keys, sort=True).sum()
    total, spread = grouped.pop("respondents"), grouped.pop("spread").clip(lower=0)
    result = grouped.div(total.where(total > 0), axis=0)
    result.insert(0, "respondents", total.astype("int64"))
    result.insert(0, "units", rows.groupby(keys, sort=True)["unit_kerja"].nunique())
    result["ikm"] = result[list(ELEMENTS)].sum(axis=1, skipna=False) / 9 * 25
    result["error"] = 25 * np.sqrt(spread) / total.where(total > 0)
    result = result.reset_index()
    result["kategori"] = [ikm_category(value) if value == value else None for value in result["ikm"]]
    return result if by else result.drop(columns="all")


def ikm_trend(layanan: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """``ikm_summary`` by period, beside the period of the same kind just before it.

    A period whose predecessor is absent has no change.

    Returns
    -------
    DataFrame
        The columns of ``ikm_summary``, ``low`` and ``high`` (widest 95 % interval of the index), ``previous``, ``change``,
        ``change_low``, ``change_high`` (widest 95 % interval of the change; other respondents answer in each period),
        ``moved`` (the interval of the change excludes 0; False where there is none).
    """
    frame = ikm_summary(layanan, [*by, "periode"])
    steps = {text: str(Periode(text).next()) for text in frame["periode"].unique()}
    before = frame[[*by, "periode", "ikm", "error"]].rename(columns={"ikm": "previous", "error": "before"})
    before["periode"] = before["periode"].map(steps)
    result = frame.merge(before, how="left", on=[*by, "periode"])
    result["change"] = result["ikm"] - result["previous"]
    both = np.hypot(result["error"], result.pop("before"))
    for name, side in (("low", -Z), ("high", Z)):
        result[name] = (result["ikm"] + side * result["error"]).clip(25, 100)
        result[f"change_{name}"] = result["change"] + side * both
    result["moved"] = (result["change_low"] > 0) | (result["change_high"] < 0)
    return result


def _whole_rows(layanan: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Elements and respondents of the rows that have all nine and a number of respondents, and these rows."""
    values = layanan[list(ELEMENTS)].to_numpy(dtype="float64")
    people = layanan["jumlah_responden"].to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(values).any(axis=1) & ~np.isnan(people)
    return values[known], people[known], layanan[known]
