"""What stood in the way of assignments, classed by the words of the report (``obstacles.toml``).

A text may belong to several classes, so shares may add up to more than 1. The text decides; where it says
nothing that the table knows, the class that the unit chose in the form counts; where there is neither, the report
stays **unclassed**, and their share is stated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from kinerja_lib.indicators.keywords import Keywords, folded
from kinerja_lib.indicators.regulation_tables import regulation

NONE = "Tidak ada"


def classed(laporan_tugas: pd.DataFrame, words: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Each report with the classes of its obstacle; ``words`` are further keywords by class, here and below.

    Returns
    -------
    DataFrame
        Index of the reports; ``obstacle`` (whether there was one), ``classes`` (tuple), ``by_text`` (the words decided),
        ``declared`` (class in the form, missing where none), ``agrees`` (the words' classes hold the declared one;
        missing where one of the two is absent).
    """
    texts, table = laporan_tugas["kendala"], _keywords(words)
    declared = (
        laporan_tugas["kelas_kendala"].astype("object").where(laporan_tugas["kelas_kendala"].notna(), None)
    )
    denied = {text: _says_none(text) for text in texts.dropna().unique()}
    found = table.classes_of(texts)
    rows: list[tuple[Any, ...]] = []
    for text, classes, chosen in zip(texts, found, declared, strict=True):
        written = isinstance(text, str) and bool(folded(text).strip())
        known = chosen if chosen in table.classes else None
        if denied.get(text):
            rows.append((False, (), False, known, None))
        elif classes:
            rows.append((True, classes, True, known, None if known is None else known in classes))
        elif known is not None:
            rows.append((True, (known,), False, known, None))
        else:
            rows.append((written and chosen != NONE, (), False, None, None))
    columns = ["obstacle", "classes", "by_text", "declared", "agrees"]
    return pd.DataFrame(rows, columns=columns, index=laporan_tugas.index).astype({"agrees": "boolean"})


def obstacle_shares(
    laporan_tugas: pd.DataFrame, by: Sequence[str] = (), *, words: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Share of each class among the reports with an obstacle; several classes of one report count each.

    Returns
    -------
    DataFrame
        ``by`` …, ``kelas_kendala`` (``""`` unclassed), ``count``, ``n`` (reports with an obstacle), ``share``; the
        commonest first, the unclassed last.
    """
    found = classed(laporan_tugas, words)
    rows = laporan_tugas.loc[found["obstacle"], list(by)].astype("object")
    rows["kelas_kendala"] = [classes or ("",) for classes in found.loc[found["obstacle"], "classes"]]
    keys = list(by) or ["all"]
    if not by:
        rows["all"] = ""
    total = rows.groupby(keys, sort=True).size().rename("n").reset_index()
    counts = rows.explode("kelas_kendala").groupby([*keys, "kelas_kendala"], sort=True).size()
    result = counts.rename("count").reset_index().merge(total, on=keys)
    result["share"] = result["count"] / result["n"]
    result["last"] = result["kelas_kendala"] == ""
    order = [*by, "last", "count", "kelas_kendala"]
    result = result.sort_values(order, ascending=[*(True for _ in by), True, False, True], ignore_index=True)
    return result[[*by, "kelas_kendala", "count", "n", "share"]]


def obstacle_summary(
    laporan_tugas: pd.DataFrame, by: Sequence[str] = (), *, words: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """How far the classes reach.

    Returns
    -------
    DataFrame
        ``by`` …, ``reports``, ``n`` (with an obstacle), ``unclassed``, ``share_unclassed`` (of ``n``), ``several`` (with
        more than one class), ``compared`` (classed by words, and declared), ``share_agrees`` (of these).
    """
    found = classed(laporan_tugas, words)
    number = found["classes"].map(len)
    counts = pd.DataFrame(
        {
            "reports": 1,
            "n": found["obstacle"].astype("int64"),
            "unclassed": (found["obstacle"] & (number == 0)).astype("int64"),
            "several": (number > 1).astype("int64"),
            "compared": found["agrees"].notna().astype("int64"),
            "agrees": found["agrees"].fillna(False).astype("int64"),
        }
    )
    keys = [laporan_tugas[name].astype("object") for name in by]
    result = (
        counts.groupby(keys or [pd.Series("", index=counts.index, name="all")], sort=True).sum().reset_index()
    )
    result["share_unclassed"] = result["unclassed"] / result["n"].where(result["n"] > 0)
    result["share_agrees"] = result["agrees"] / result["compared"].where(result["compared"] > 0)
    columns = ["reports", "n", "unclassed", "share_unclassed", "several", "compared", "share_agrees"]
    return result[[*by, *columns]]


def _says_none(text: object) -> bool:
    """Whether a text says that there was no obstacle; "tidak ada anggaran" does not."""
    rules, plain = regulation("obstacles")["tidak_ada"], folded(text)
    if plain.strip() in rules["utuh"]:
        return True
    words = set(plain.split())
    return any(f" {part} " in plain for part in rules["kata"]) and not words & set(rules["kecuali"])


def _keywords(words: Mapping[str, Sequence[str]] | None) -> Keywords:
    return _made(tuple((name, tuple(listed)) for name, listed in sorted((words or {}).items())))


@lru_cache(maxsize=16)
def _made(more: tuple[tuple[str, tuple[str, ...]], ...]) -> Keywords:
    table = {name: list(listed) for name, listed in regulation("obstacles")["kelas"].items()}
    for name, listed in more:
        table[name] = [*table.get(name, ()), *listed]
    return Keywords(table)
