"""The programme of competence development that follows from need minus offer, as a table.

Rules (numbers in ``competences.toml``, section ``rencana``; PP 11/2017 Ps 204: needs and plan are set each year):

1. A competence with unmet need is planned for its unmet people.
2. JP a person: the median of such trainings this year, else the default of its kind.
3. Way: the kind's own; fewer people than ``batas_kelas`` are taught without a class (nonklasikal).
4. Quarter: competences in the order of unmet people × missing levels (one level where none is stated), each
   quarter taking about a fourth of the programme's JP.
5. Cost: JP × the median cost of an hour, of trainings in that competence in the last three years, else of all;
   none where no cost was ever given.
6. A last row is for those short of the hours due: the JP still owed, less what the programme brings them at best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kinerja_lib.indicators.competence_training import trained
from kinerja_lib.indicators.regulation_tables import regulation

HOURS = "Pemenuhan hak JP"  # name of the last row
COST_YEARS = 3


def development_plan(
    gap: pd.DataFrame,
    pelatihan: pd.DataFrame,
    pegawai: pd.DataFrame,
    owed: pd.Series,
    tahun: int,
    *,
    words: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The programme for the year after ``tahun``.

    Parameters
    ----------
    gap : DataFrame
        Of ``competence_gap`` without groups.
    pelatihan, pegawai : DataFrame
    owed : Series
        JP that each employee is short of (``yearly_hours()["owed"]``).
    tahun : int

    Returns
    -------
    DataFrame
        ``jenis_kompetensi``, ``kompetensi``, ``people``, ``jp`` (a person), ``jp_total``, ``way`` (``Klasikal``,
        ``Nonklasikal``), ``quarter`` (1–4; 0 for all four), ``cost`` (Rp; NaN where unknown), ``own_cost`` (the hour's
        price is that competence's own). Rule 6 stands last, where anybody is short.
    """
    rules = regulation("competences")["rencana"]
    rows = gap[gap["unmet"] > 0].reset_index(drop=True)
    kind = rows["jenis_kompetensi"].astype("object")
    plan = pd.DataFrame({"jenis_kompetensi": kind, "kompetensi": rows["kompetensi"], "people": rows["unmet"]})
    plan["jp"] = rows["jp"].where(rows["jp"] > 0, kind.map(rules["jp"]).astype("float64"))
    plan["jp"] = plan["jp"].fillna(float(min(rules["jp"].values())))
    plan["jp_total"] = plan["people"] * plan["jp"]
    way = kind.map(rules["jalur"]).astype("object")
    plan["way"] = way.where(way.notna() & (plan["people"] >= rules["batas_kelas"]), "Nonklasikal")
    plan = plan.assign(urgent=plan["people"] * rows["gap"].where(rows["gap"] > 0, 1.0))
    plan = plan.sort_values(["urgent", "kompetensi"], ascending=[False, True], ignore_index=True)
    plan["quarter"] = _quarters(plan["jp_total"])
    price, overall = _prices(pelatihan, pegawai, tahun, plan["kompetensi"], words)
    own = plan["kompetensi"].map(price).astype("float64")
    plan["cost"], plan["own_cost"] = plan["jp_total"] * own.fillna(overall), own.notna()
    plan = plan.drop(columns="urgent")
    short = owed[owed > 0]
    if len(short):
        rest = max(0.0, float(short.sum()) - float(plan["jp_total"].sum()))
        plan.loc[len(plan)] = [
            "", HOURS, len(short), float(short.mean()), rest, "Nonklasikal", 0, rest * overall, False,
        ]  # fmt: skip
    return plan.astype({"people": "int64", "quarter": "int64", "own_cost": "bool"})


def _quarters(hours: pd.Series) -> pd.Series:
    """Quarter in which the middle of each block of hours falls, in the given order."""
    total = float(hours.sum())
    middle = (hours.cumsum() - hours / 2) / (total or 1.0)
    return pd.Series(np.minimum(np.floor(middle * 4) + 1, 4), index=hours.index).astype("int64")


def _prices(
    pelatihan: pd.DataFrame,
    pegawai: pd.DataFrame,
    tahun: int,
    names: pd.Series,
    words: Mapping[str, Sequence[str]] | None,
) -> tuple[pd.Series, float]:
    """Median cost of an hour by competence over the last years, and over all trainings of these people."""
    years = range(tahun - COST_YEARS + 1, tahun + 1)
    rows = pd.concat([trained(pelatihan, pegawai, year, list(names), words) for year in years])
    each = rows["biaya"] / rows["jp"].where(rows["jp"] > 0)
    return each.groupby(rows["kompetensi"]).median().dropna(), float(each.median())
