"""Rows of one table against rows of another in time: the latest at or before, and sums over a window.

Groups and times are integers, so that one sorted key ``group × span + time`` answers both questions with a
binary search: n log n, no loop over people or periods.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.schema.periode import Periode

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def quarter_of(day: Any) -> int:
    """Number of the quarter a day lies in: year × 4 + quarter − 1."""
    return int(day.year) * 4 + (int(day.month) - 1) // 3


def first_quarters(periode: pd.Series) -> Integers:
    """Quarter number in which each period starts; −1 where the period is missing."""
    codes, texts = pd.factorize(periode.astype("str"))
    numbers = np.array([quarter_of(Periode(text).start) for text in texts] + [-1], dtype=np.int64)
    return numbers[codes]


def quarterly(periode: pd.Series) -> NDArray[np.bool_]:
    """Whether each period is a quarter."""
    codes, texts = pd.factorize(periode.astype("str"))
    kinds = np.array([Periode(text).kind == "quarter" for text in texts] + [False], dtype=bool)
    return kinds[codes]


def quarters_of_days(days: pd.Series) -> Integers:
    """Quarter number of each date; −1 where it is missing."""
    number = days.dt.year * 4 + (days.dt.month - 1) // 3
    return np.asarray(number.fillna(-1).astype("int64"))


def latest(
    group: Integers, time: Integers, asked_group: Integers, asked_time: Integers, max_age: int
) -> Integers:
    """Position of the latest row of the same group at or before the time asked, not older than ``max_age``.

    Returns
    -------
    ndarray of int
        One position per asked pair into ``group``; −1 where there is none. Among equal times the last row
        wins.
    """
    if not len(group):
        return np.full(len(asked_group), -1, dtype=np.int64)
    span = int(max(time.max(), asked_time.max(initial=0))) + 2
    keys = group * span + time
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys[order], asked_group * span + asked_time, side="right") - 1
    found = order[np.maximum(place, 0)]
    good = (place >= 0) & (asked_group >= 0) & (group[found] == asked_group)
    good &= asked_time - time[found] <= max_age
    return np.where(good, found, -1)


def window_sums(
    group: Integers,
    time: Integers,
    values: Floats,
    asked_group: Integers,
    asked_time: Integers,
    quarters: int = 4,
) -> Floats:
    """Sum of the values of a group over the ``quarters`` quarters that end with the one asked.

    At the end of a quarter, the 12 months before it are exactly four quarters: end − 12 months < day ≤ end.
    """
    known = (group >= 0) & (time >= 0)
    group, time, values = group[known], time[known], np.nan_to_num(values[known])
    if not len(group):
        return np.zeros(len(asked_group))
    first = int(min(time.min(), asked_time.min(initial=time.min()))) - quarters
    span = int(max(time.max(), asked_time.max(initial=0))) - first + 2
    keys = group * span + (time - first)
    order = np.argsort(keys, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(values[order])])
    upper = asked_group * span + (asked_time - first)
    until = np.searchsorted(keys[order], upper, side="right")
    before = np.searchsorted(keys[order], upper - quarters, side="right")
    return np.asarray(np.round(running[until] - running[before], 6))


def codes_of(values: pd.Series, known: pd.Index) -> Integers:
    """Position of each value in ``known``; −1 where it is missing or unknown."""
    return np.asarray(known.get_indexer(pd.Index(values.astype("str"))), dtype=np.int64)
