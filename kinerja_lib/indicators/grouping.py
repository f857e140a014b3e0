"""Counts and shares of the levels of a column, by group, with every level present."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def level_shares(
    frame: pd.DataFrame, column: str, levels: Sequence[str], by: Sequence[str] = ()
) -> pd.DataFrame:
    """Count and share of each level in each group; levels that nobody has count 0.

    Rows without a value are left out of ``n``.

    Returns
    -------
    DataFrame
        ``by`` …, ``column`` (ordered categories), ``count``, ``n``, ``share`` (0–1).
    """
    keys = list(by) or ["all"]
    plain = frame[[*by, column]].dropna(subset=[column])
    plain = pd.DataFrame({name: plain[name].astype("object") for name in plain.columns})
    if not by:
        plain["all"] = ""
    counts = plain.groupby([*keys, column], sort=True).size().unstack(column)
    counts = counts.reindex(columns=list(levels)).fillna(0).astype("int64")
    counts.columns = pd.Index(list(levels), name=column)
    result = counts.stack().rename("count").reset_index()
    result["n"] = result.groupby(keys, sort=False)["count"].transform("sum")
    result["share"] = result["count"] / result["n"]
    result[column] = pd.Categorical(result[column], categories=list(levels), ordered=True)
    return result.drop(columns=[] if by else ["all"])


def first_of_group(frame: pd.DataFrame, by: Sequence[str], column: str) -> pd.Series:
    """The commonest value of a column in each group, indexed by the group;

    Ties go to the first in order.
    """
    plain = frame[[*by, column]].dropna()
    plain = pd.DataFrame({name: plain[name].astype("object") for name in plain.columns})
    sizes = plain.groupby([*by, column], sort=True).size().rename("size").reset_index()
    best = sizes.sort_values("size", ascending=False, kind="stable").drop_duplicates(list(by))
    return best.set_index(list(by))[column]
