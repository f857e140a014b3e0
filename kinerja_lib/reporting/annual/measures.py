"""Shares and means by group, with intervals, and with small groups withheld."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.disclosure import protect, suppress_means
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.schema.predikat import PREDIKAT

Z = 1.959963984540054


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Wilson's 95% interval of a share (Wilson 1927); NaN without observations.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if n <= 0:
        return (float("nan"), float("nan"))
    share, square = successes / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * np.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def share_by(
    edition: Edition, frame: pd.DataFrame, flag: pd.Series, group: str | None = None
) -> pd.DataFrame:
    """Share of rows where ``flag`` holds, by group, with Wilson's interval; rows without a flag are left out.

    Returns
    -------
    DataFrame
        ``code``, ``label``, ``n``, ``value``, ``low``, ``high``; all but the first two missing for small groups,
        and for one more group where a small one would follow from the whole.
    """
    column = group or edition.group
    known = flag.notna()
    codes = frame.loc[known, column].astype("str")
    found = flag[known].astype("float64").groupby(codes).agg(["sum", "size"])
    rows = []
    for code, (hits, n) in zip(found.index, found.to_numpy(), strict=True):
        low, high = wilson(hits, n)
        rows.append((code, int(n), hits / n, low, high))
    return _finish(edition, rows)


def mean_by(
    edition: Edition, frame: pd.DataFrame, values: str | pd.Series, group: str | None = None
) -> pd.DataFrame:
    """Mean by group with its 95% t interval; the columns of ``share_by``."""
    from scipy import stats

    column = group or edition.group
    numbers = (frame[values] if isinstance(values, str) else values).astype("float64")
    found = numbers.groupby(frame[column].astype("str")).agg(["mean", "std", "count"])
    rows = []
    for code, (mean, spread, n) in zip(found.index, found.to_numpy(), strict=True):
        if n > 0:
            half = stats.t.ppf(0.975, n - 1) * spread / np.sqrt(n) if n > 1 else np.nan
            rows.append((code, int(n), mean, mean - half, mean + half))
    return _finish(edition, rows)


def _finish(edition: Edition, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code", "n", "value", "low", "high"])
    frame.insert(1, "label", [edition.name(code) for code in frame["code"]])
    safe = suppress_means(frame, ("value", "low", "high"), minimum=edition.smallest)
    return safe.drop(columns="suppressed")


@lru_cache(maxsize=8)
def annual_predicates(edition: Edition, year: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Annual predicates of all agencies, and which cells are withheld.

    The whole government's table decides for every report, so that an agency's own report shows no cell that the
    government's withholds, and nothing follows from the two side by side.

    Returns
    -------
    counts : DataFrame, shape (agencies, 5)
        Indexed by agency code.
    hidden : ndarray of bool, shape (agencies + 1, 6)
        With the totals of rows and columns at the end.
    """
    appraised = edition.rows("penilaian", everyone=True)
    annual = appraised[(appraised["periode"] == str(year)) & appraised["predikat"].notna()]
    if not len(annual):
        panel = edition.rows("panel", year, everyone=True)
        annual = panel.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    counts = pd.crosstab(annual["instansi"].astype("str"), annual["predikat"].astype("str"))
    counts = counts.reindex(columns=list(PREDIKAT), fill_value=0)
    numbers = counts.to_numpy()
    hidden = protect(numbers, edition.smallest).hidden
    # in a row of few people even its zeros would say what they got
    hidden[:-1][numbers.sum(axis=1) < edition.smallest] = True
    return counts, hidden


def predicate_shares(edition: Edition, year: int) -> dict[str, float]:
    """Share of each annual predicate in the report's scope; NaN where it is withheld."""
    counts, hidden = annual_predicates(edition, year)
    if edition.whole:
        row, mask = counts.sum(), hidden[-1]
    else:
        place = counts.index.get_loc(edition.instansi) if edition.instansi in counts.index else None
        if place is None:
            return dict.fromkeys(PREDIKAT, float("nan"))
        row, mask = counts.iloc[place], hidden[place]
    total = float(row.sum())
    return {
        name: float("nan") if mask[number] or not total else float(row[name]) / total
        for number, name in enumerate(PREDIKAT)
    }


def organisation_predicate(edition: Edition, code: str) -> str | None:
    """The year's predicate of an organisation; last year's where this year's is not there yet (SE 3/2023)."""
    table = edition.tables["organisasi"]
    own = table[table["instansi"].astype("str") == code]
    for year in (edition.year, edition.year - 1):
        found = own.loc[own["periode"] == str(year), "predikat_organisasi"].dropna()
        if len(found):
            return str(found.iloc[0])
    return None


def overall(flag: pd.Series) -> float:
    """Share of the rows that have a flag and where it holds; NaN without any."""
    known = flag.dropna().astype("float64")
    return float(known.mean()) if len(known) else float("nan")


def withheld(count: int, smallest: int) -> int | str:
    """A count of people, or ``<5`` where it could point at somebody; zero stays zero."""
    return f"<{smallest}" if 0 < count < smallest else int(count)


def in_words(edition: Edition, count: float) -> str:
    """A count of people inside a sentence: ``1.234``, or ``kurang dari 5`` where it could point at somebody."""
    if 0 < count < edition.smallest:
        return edition.labels.text("word.fewer", n=edition.labels.integer(edition.smallest))
    return edition.labels.integer(count)


def extremes(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """The groups with the highest and the lowest value, or None where fewer than two are shown."""
    shown = frame.dropna(subset=["value"])
    if len(shown) < 2:
        return None
    return shown.loc[shown["value"].idxmax()], shown.loc[shown["value"].idxmin()]
