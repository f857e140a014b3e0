"""How far the staff of a unit agree on their leader: r_wg(j), ICC(1), ICC(2) of the survey on leadership."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import mean_by
from kinerja_lib.reporting.annual.pictures import dots_figure

POINTS = 5
ENOUGH = 0.70


class Agreement(NamedTuple):
    """Agreement within units: ``by_unit`` (unit_kerja, instansi, n, r_wg), and the two correlations of all."""

    by_unit: pd.DataFrame
    icc1: float
    icc2: float
    items: int
    respondents: int


def agreement(edition: Edition, *, everyone: bool = False) -> Agreement:
    """Agreement of the respondents of the latest survey year, units with enough respondents only."""
    rows = edition.rows("survei", edition.year, everyone=everyone)
    rows = rows[rows["instrumen"].astype("str") == "kepemimpinan"]
    wide = rows.pivot_table(
        index=["unit_kerja", "id_responden"], columns="butir", values="skor", observed=True
    )
    wide = wide.dropna()
    units = pd.Series(wide.index.get_level_values(0).astype("str"), index=wide.index)
    sizes = units.groupby(units).transform("size")
    wide, units = wide[sizes.to_numpy() >= edition.smallest], units[sizes.to_numpy() >= edition.smallest]
    found = [
        (str(code), len(part), within_group_agreement(part.to_numpy(dtype="float64")))
        for code, part in wide.groupby(units.to_numpy())
    ]
    table = pd.DataFrame(found, columns=["unit_kerja", "n", "r_wg"])
    table["instansi"] = table["unit_kerja"].str.split(".").str[0]
    first, second = group_correlations(wide.mean(axis=1).to_numpy(dtype="float64"), units.to_numpy())
    return Agreement(table, first, second, wide.shape[1], len(wide))


def within_group_agreement(scores: np.ndarray, points: int = POINTS) -> float:
    """r_wg(j) against a uniform null (James, Demaree & Wolf 1984, J. Applied Psychology 69:85).

    Parameters
    ----------
    scores : ndarray, shape (respondents, items)
    points : int
        Steps of the answer scale; the variance of random answers is (points² − 1) / 12.

    Returns
    -------
    float
        From 0 to 1; values below zero (more variance than random answers) count as 0; NaN below two respondents.

    Examples
    --------
    >>> round(within_group_agreement(np.array([[4.0, 4.0], [4.0, 5.0], [5.0, 4.0]])), 3)
    0.909
    """
    if len(scores) < 2:
        return float("nan")
    items = scores.shape[1]
    ratio = float(scores.var(axis=0, ddof=1).mean()) / ((points**2 - 1) / 12)
    if ratio >= 1:
        return 0.0
    return items * (1 - ratio) / (items * (1 - ratio) + ratio)


def group_correlations(scores: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """ICC(1) and ICC(2) of a one-way analysis of variance with unequal groups (Bliese 2000).

    Returns
    -------
    tuple of float
        The share of variance between groups, and the reliability of a group's mean; NaN below two groups.

    Examples
    --------
    >>> first, second = group_correlations(np.array([1.0, 2, 4, 5]), np.array(["a", "a", "b", "b"]))
    >>> round(first, 4), round(second, 4)
    (0.8947, 0.9444)
    """
    table = pd.DataFrame({"score": scores, "group": groups})
    parts = table.groupby("group")["score"].agg(["mean", "size", "var"])
    k, n = len(parts), len(table)
    if k < 2 or n <= k:
        return float("nan"), float("nan")
    between = float((parts["size"] * (parts["mean"] - table["score"].mean()) ** 2).sum()) / (k - 1)
    within = float(((parts["size"] - 1) * parts["var"].fillna(0.0)).sum()) / (n - k)
    size = (n - float((parts["size"] ** 2).sum()) / n) / (k - 1)
    if between == 0:
        return 0.0, 0.0
    return (between - within) / (between + (size - 1) * within), (between - within) / between


def climate(edition: Edition) -> None:
    """Agreement by agency and in all, and what it means for using the mean of a unit."""
    labels = edition.labels
    found = agreement(edition)
    if not len(found.by_unit):
        edition.say("word.no_data")
        return
    known = found.by_unit["r_wg"].dropna()
    edition.say(
        "leadership_effect.agreement", units=labels.integer(len(known)), n=labels.integer(found.respondents),
        median=labels.number(float(known.median()), 2), enough=labels.percent(float((known >= ENOUGH).mean())),
        icc1=labels.number(found.icc1, 2), icc2=labels.number(found.icc2, 2),
    )  # fmt: skip
    verdict = "yes" if known.median() >= ENOUGH and found.icc2 >= ENOUGH else "no"
    edition.say(f"leadership_effect.aggregate_{verdict}")
    groups = [*found.by_unit.groupby("instansi"), (None, found.by_unit)]
    rows = [
        (labels.text("word.total") if code is None else edition.name(code), len(part), int(part["n"].sum()),
         float(part["r_wg"].median()), float((part["r_wg"] >= ENOUGH).mean()))
        for code, part in (groups if edition.whole else groups[-1:])
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["label", "units", "respondents", "r_wg", "agreed"])
    columns = {
        "label": "text",
        "units": "integer",
        "respondents": "integer",
        "r_wg": "number:2",
        "agreed": "percent:1",
    }
    shown = shown_table(table, columns, labels)
    headers = {**shown.headers, "label": labels.column("instansi")}
    edition.doc.table(
        shown.frame, "kesepakatan", labels.text("leadership_effect.agreement_table", year=edition.year),
        headers=headers, formats=shown.formats, source=edition.source("survei"), bold=[-1],
        note=labels.text("leadership_effect.agreement_note", n=labels.integer(edition.smallest)),
    )  # fmt: skip


def activities(edition: Edition) -> None:
    """The index of what leaders do, by group."""
    panel = edition.rows("panel", edition.year)
    if not panel["kepemimpinan_indeks"].notna().any():
        edition.say("word.no_data")
        return
    whole = float(panel["kepemimpinan_indeks"].astype("float64").mean())
    dots_figure(
        edition, mean_by(edition, panel, "kepemimpinan_indeks"), "indeks-kepemimpinan", "leadership.index",
        ("kepemimpinan",), reference=whole, interval=False,
    )  # fmt: skip
