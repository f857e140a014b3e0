"""A figure's change between two editions, split into revision of data, method, population and real change.

With the figure :math:`Y(t; D, M)` of year :math:`t` on the data :math:`D` by the method :math:`M`, the earlier
edition printed :math:`Y(t_0; D_0, M_0)` and the later one :math:`Y(t_1; D_1, M_1)`. The change is the sum of

- method: :math:`Y(t_0; D_0, M_1) - Y(t_0; D_0, M_0)` — today's program and settings on the data of then;
- revision: :math:`Y(t_0; D_1, M_1) - Y(t_0; D_0, M_1)` — today's data on the year of then;
- population: what is left of :math:`Y(t_1; D_1, M_1) - Y(t_0; D_1, M_1)` after the
- real change: the mean change of those present in both years, weighted by their mean share of the two totals
  (Kitagawa, E. M. (1955). Components of a difference between two rates. *JASA* 50, 1168–1194).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kinerja_lib.reporting.comparison.figures import figure

NAN = float("nan")
TOLERANCE = 1e-9  # below it two values differ by the rounding of a computer
PARTS = ("method", "revision", "population", "real")


@dataclass(frozen=True)
class Change:
    """One figure of one agency in two editions; a part that can't be told is NaN.

    Attributes
    ----------
    name, instansi : str
    published : float
        As the earlier edition printed it; as recomputed where no earlier edition is kept.
    before, after : float
        The earlier and the later year by today's method and data.
    method, revision, population, real : float
        Sum to ``after - published`` where all are known.
    stayed, left, joined : int
        Persons or units in both years, only in the earlier, only in the later one.
    revised : int
        Persons or units whose data of the earlier year are others now than in the earlier edition.
    """

    name: str
    instansi: str
    published: float
    before: float
    after: float
    method: float
    revision: float
    population: float
    real: float
    stayed: int
    left: int
    joined: int
    revised: int = 0

    @property
    def total(self) -> float:
        """The whole change."""
        return self.after - self.published


def split_change(
    name: str,
    instansi: str | None,
    earlier: pd.DataFrame,
    later: pd.DataFrame,
    *,
    published: float | None = None,
    then: pd.DataFrame | None = None,
) -> Change:
    """Split one figure's change.

    Parameters
    ----------
    name : str
        The figure.
    instansi : str or None
        Agency code; None for the whole government.
    earlier, later : DataFrame
        ``figures.values`` of the two years on today's data.
    published : float, optional
        What the earlier edition printed.
    then : DataFrame, optional
        The earlier year on the data that the earlier edition was made from.

    Returns
    -------
    Change
        With nothing withheld; see ``guard``.
    """
    before, after = figure(earlier, instansi), figure(later, instansi)
    old, new = _of(earlier, instansi), _of(later, instansi)
    both = old.index.intersection(new.index)
    left, joined = len(old) - len(both), len(new) - len(both)
    real = _real(old, new, both)
    population = after - before - real
    method = revision = NAN
    revised = 0
    if published is not None and then is not None:
        middle = figure(then, instansi)
        method, revision = middle - published, before - middle
        revised = _revised(_of(then, instansi), old)
    published = before if published is None else published
    return Change(
        name=name,
        instansi=instansi or "all",
        published=published,
        before=before,
        after=after,
        method=method,
        revision=revision,
        population=population,
        real=real,
        stayed=len(both),
        left=left,
        joined=joined,
        revised=revised,
    )


def _of(frame: pd.DataFrame, instansi: str | None) -> pd.DataFrame:
    part = frame if instansi is None else frame[frame["instansi"] == instansi]
    product = part.assign(product=part["value"] * part["weight"])
    summed = product.groupby("entity")[["product", "weight"]].sum()
    summed["value"] = summed["product"] / summed["weight"]
    return summed


def _revised(then: pd.DataFrame, now: pd.DataFrame) -> int:
    """Entities of only one of two states of the data, or with another value or weight."""
    same = then.index.intersection(now.index)
    gap = (then.loc[same, ["value", "weight"]] - now.loc[same, ["value", "weight"]]).abs().max(axis=1)
    return int((gap > TOLERANCE).sum()) + len(then) + len(now) - 2 * len(same)


def _real(old: pd.DataFrame, new: pd.DataFrame, both: pd.Index) -> float:
    if not len(both):
        return NAN
    share = old.loc[both, "weight"] / old["weight"].sum() + new.loc[both, "weight"] / new["weight"].sum()
    change = new.loc[both, "value"] - old.loc[both, "value"]
    return float((share * change).sum() / share.sum())


def rows(changes: Mapping[str, Change]) -> pd.DataFrame:
    """Changes as a table, one row a figure, in the order given."""
    columns = ["name", "published", *PARTS, "after", "total", "stayed", "left", "joined"]
    return pd.DataFrame(
        [[getattr(change, column) for column in columns] for change in changes.values()], columns=columns
    )
