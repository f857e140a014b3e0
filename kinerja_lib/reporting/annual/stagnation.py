"""Bab III, awareness: the comfort zone as ``[thresholds]`` defines it, and how many are in it."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from kinerja_lib.indicators import stagnation
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import in_words


@lru_cache(maxsize=16)
def stagnation_of(edition: Edition, year: int, *, everyone: bool = False) -> tuple[int, int]:
    """How many stagnate at the end of a year, and of how many who can be judged; (0, 0) without data."""
    found = _found(edition, year, everyone)
    return (0, 0) if found is None else (int(found["count"]), int(found["n"]))


def _found(edition: Edition, year: int, everyone: bool = False) -> pd.Series | None:
    limits = edition.config.thresholds
    panel = edition.rows("panel", everyone=everyone)
    panel = panel[panel["tahun"] <= year]
    found = stagnation(
        panel,
        (),
        periods=max(2, limits.stagnation_periods),
        jp=limits.stagnation_jp,
        inovasi=edition.tables["inovasi"],
    )
    return found.iloc[0] if len(found) else None


def stagnant(edition: Edition) -> None:
    """The definition, the number and share, last year's, and what of the definition the data cannot tell."""
    labels, limits = edition.labels, edition.config.thresholds
    found = _found(edition, edition.year)
    if found is None or found["n"] < edition.smallest:
        return
    count, n = int(found["count"]), int(found["n"])
    few = 0 < count < edition.smallest
    innovation = int(found["innovation_known"])
    edition.say(
        "stagnation.definition", periods=labels.integer(max(2, limits.stagnation_periods)),
        jp=labels.text("stagnation.no_jp") if limits.stagnation_jp <= 0
        else labels.text("stagnation.few_jp", jp=labels.number(limits.stagnation_jp, 0)),
        innovation=labels.text("stagnation.no_innovation") if innovation else "",
    )  # fmt: skip
    edition.say(
        "stagnation.few" if few else "stagnation.text" if count else "stagnation.nobody", count=in_words(edition, count), n=labels.integer(n),
        share=labels.percent(count / n), before=_before(edition),
    )  # fmt: skip
    if innovation < n:
        edition.say(
            "stagnation.partly" if innovation else "stagnation.unknown", n=labels.integer(n - innovation)
        )


def _before(edition: Edition) -> str:
    """The share a year before, in brackets; empty where it is not known or rests on few."""
    count, n = stagnation_of(edition, edition.year - 1)
    if n < edition.smallest or 0 < count < edition.smallest:
        return ""
    shown = edition.labels.percent(count / n)
    return edition.labels.text("stagnation.before", share=shown, year=edition.year - 1)
