"""What each agency's predicates say: the limits they break, and where they stand among the other agencies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.indicators import limits_test
from kinerja_lib.models.multiplicity import adjust_p_values
from kinerja_lib.models.standing import standing
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import annual_predicates, organisation_predicate
from kinerja_lib.schema.predikat import PREDIKAT


@dataclass(frozen=True)
class Verdict:
    """One agency's predicates: its organisation's own, the limits broken, and its standing among its peers.

    ``p_limits`` is the Holm-adjusted least p-value of the broken limits (NaN where none rests on a test); ``above``
    the distance from the peers in levels of predicate, with its interval and the one-sided ``p_above``; ``error`` and
    ``df`` are those of a new agency among its peers.
    """

    code: str
    n: int
    organisation: str | None
    broken: tuple[Any, ...]
    p_limits: float
    above: float
    low: float
    high: float
    p_above: float
    error: float = float("nan")
    df: float = float("nan")

    @property
    def known(self) -> bool:
        """Whether limits and peers are both there."""
        return self.organisation is not None and not np.isnan(self.above)


@lru_cache(maxsize=8)
def verdicts(edition: Edition) -> dict[str, Verdict]:
    """The verdict of each agency of the report with enough appraised people; withheld counts decide nothing."""
    counts, hidden = annual_predicates(edition, edition.year)
    peers = _standing(edition)
    found = {}
    for place, code in enumerate(map(str, counts.index)):
        n = int(counts.iloc[place].sum())
        if n < edition.smallest or not (edition.whole or code == edition.instansi):
            continue
        unseen = {name for number, name in enumerate(PREDIKAT) if hidden[place, number]}
        organisation = organisation_predicate(edition, code)
        broken, p = _broken(edition, counts.iloc[place].to_dict(), organisation, unseen)
        row = peers.loc[code] if code in peers.index else None
        above, low, high, error, df = (
            float("nan") if row is None else float(row[name])
            for name in ("difference", "ci_low", "ci_high", "error", "df")
        )
        found[code] = Verdict(code, n, organisation, broken, p, above, low, high, _one_sided(row), error, df)
    return found


def _standing(edition: Edition) -> pd.DataFrame:
    panel = edition.rows("panel", edition.year, everyone=True)
    try:
        return standing(panel, level=1 - edition.config.thresholds.alpha, lang=edition.lang).set_index(
            "group"
        )
    except ModelError:
        return pd.DataFrame()


def _one_sided(row: Any) -> float:
    """The claim is one of predicates that are too high, so only that side counts."""
    if row is None:
        return float("nan")
    half = float(row["p_value"]) / 2
    return half if row["difference"] > 0 else 1 - half


def _broken(
    edition: Edition, counts: dict[str, int], organisation: str | None, unseen: set[str]
) -> tuple[tuple[Any, ...], float]:
    if organisation is None:
        return (), float("nan")
    table = limits_test(counts, organisation, alpha=edition.config.thresholds.alpha)
    table = table.assign(p_value=adjust_p_values(table["p_value"], method="holm")["p_adjusted"].to_numpy())
    beyond = table[(table["verdict"] == "broken") & ~(table["p_value"] > edition.config.thresholds.alpha)]
    seen = [row for row in beyond.itertuples() if not unseen & set(row.predikat.split(" + "))]
    tested = [float(row.p_value) for row in seen if not np.isnan(row.p_value)]
    return tuple(seen), min(tested, default=float("nan"))


def in_scope(edition: Edition) -> list[Verdict]:
    """Those that the report speaks of."""
    found = verdicts(edition)
    return (
        list(found.values())
        if edition.whole
        else [found[edition.instansi]]
        if edition.instansi in found
        else []
    )
