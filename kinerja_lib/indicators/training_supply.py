"""How soon a need was answered, what an hour costs, and which certificates run out.

Lead time runs from the day a unit proposed a need to the first day of the first fitting training of somebody of
that unit; see docs/decisions/0131. Cost is the participant's (``biaya``), only where it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kinerja_lib.indicators.competence_needs import needs_of
from kinerja_lib.indicators.competence_training import KEYS, trained

SOON = 90  # days within which an answer is called prompt; a choice of this project


def lead_times(
    kebutuhan: pd.DataFrame,
    pelatihan: pd.DataFrame,
    pegawai: pd.DataFrame,
    tahun: int,
    by: Sequence[str] = (),
    *,
    soon: int = SOON,
    until: str | None = None,
    words: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Days from the proposal of a need to the first training that fits it.

    Needs that were not answered by the end stay in the shares; a training that began before the proposal answers
    nothing.

    Parameters
    ----------
    until : str, optional
        ISO date of the end, where it is not the year's: needs proposed and trainings begun later are not known yet.

    Returns
    -------
    DataFrame
        ``by`` …, ``needs`` (with a date), ``answered``, ``share_answered``, ``median_days`` (of the answered),
        ``followed`` (needs at least ``soon`` days old at the end), ``share_soon`` (of those: answered
        within ``soon`` days; the day itself counts), ``undated``.
    """
    end = pd.Timestamp(until) if until else pd.Timestamp(tahun, 12, 31)
    need = needs_of(kebutuhan, tahun, words)
    need = need[~(need["proposed"] > end)]
    offers = trained(pelatihan, pegawai, tahun, list(need["kompetensi"]), words).dropna(
        subset=["kompetensi", "start"]
    )
    offers = offers[offers["start"] <= end]
    pairs = need.merge(offers[[*KEYS, "start"]], how="left", on=KEYS)
    first = (
        pairs[pairs["start"] >= pairs["proposed"]].groupby(KEYS)["start"].min().rename("first").reset_index()
    )
    frame = need.merge(first, how="left", on=KEYS)
    days = (frame["first"] - frame["proposed"]).dt.days.astype("float64")
    dated = frame["proposed"].notna()
    old = dated & ((end - frame["proposed"]).dt.days >= soon)
    counts = pd.DataFrame(
        {
            "needs": dated.astype("int64"),
            "answered": days.notna().astype("int64"),
            "followed": old.astype("int64"),
            "prompt": (old & (days <= soon)).astype("int64"),
            "undated": (~dated).astype("int64"),
        }
    )
    keys = [frame[name] for name in by] or [pd.Series("", index=frame.index, name="all")]
    found = counts.groupby(keys, sort=True).sum()
    found["median_days"] = days.groupby(keys, sort=True).median()
    found["share_answered"] = found["answered"] / found["needs"].where(found["needs"] > 0)
    found["share_soon"] = found["prompt"] / found["followed"].where(found["followed"] > 0)
    columns = ["needs", "answered", "share_answered", "median_days", "followed", "share_soon", "undated"]
    return found.reset_index()[[*by, *columns]]


def training_cost(pelatihan: pd.DataFrame, tahun: int, by: Sequence[str] = ()) -> pd.DataFrame:
    """Cost of the trainings that ended in a year.

    Returns
    -------
    DataFrame
        ``by`` …, ``trainings``, ``priced``, ``share_priced``, ``cost`` (Rp, of the priced), ``cost_per_jp`` (their
        cost over their JP; NaN without any), ``median_per_jp`` (of trainings with JP above 0).
    """
    rows = pelatihan[pelatihan["tanggal_selesai"].dt.year == tahun]
    cost, hours = rows["biaya"].astype("float64"), rows["jp"].astype("float64")
    frame = pd.DataFrame(
        {
            "trainings": 1,
            "priced": cost.notna().astype("int64"),
            "cost": cost,
            "hours": hours.where(cost.notna()),
            "each": cost / hours.where(hours > 0),
        },
        index=rows.index,
    )
    keys = [rows[name].astype("object") for name in by] or [pd.Series("", index=rows.index, name="all")]
    grouped = frame.groupby(keys, sort=True)
    found = grouped[["trainings", "priced", "cost", "hours"]].sum()
    found["share_priced"] = found["priced"] / found["trainings"]
    found["cost_per_jp"] = found["cost"] / found["hours"].where(found["hours"] > 0)
    found["median_per_jp"] = grouped["each"].median()
    columns = ["trainings", "priced", "share_priced", "cost", "cost_per_jp", "median_per_jp"]
    return found.reset_index()[[*by, *columns]]


def certificates(
    pelatihan: pd.DataFrame, pegawai: pd.DataFrame, at: str, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Certificates of the year's staff that ran out or run out soon.

    Of several certificates of one person and training the latest counts (it was renewed). The last day is valid
    still: one that ends on ``at`` has not run out. A last day before the training ended is none.

    Parameters
    ----------
    at : str
        ISO date, as a rule the last day of the period; trainings that ended later are not known yet.

    Returns
    -------
    DataFrame
        ``by`` …, ``stated`` (certificates with a last day), ``expired``, ``within_6``, ``within_12`` (months from
        ``at``, the former part of the latter), ``unstated`` (trainings without a last day).
    """
    day = pd.Timestamp(at)
    people = pegawai.loc[pegawai["tahun"] == day.year].drop_duplicates("id_pegawai").set_index("id_pegawai")
    rows = pelatihan[(pelatihan["tanggal_selesai"] <= day) & pelatihan["id_pegawai"].isin(people.index)]
    rows = rows.assign(
        berlaku_sampai=rows["berlaku_sampai"].where(rows["berlaku_sampai"] >= rows["tanggal_selesai"])
    )
    until = rows["berlaku_sampai"]
    latest = (
        rows[until.notna()]
        .sort_values("berlaku_sampai", kind="stable")
        .drop_duplicates(["id_pegawai", "nama_pelatihan"], keep="last")
    )
    rows = pd.concat([latest, rows[until.isna()]])
    until = rows["berlaku_sampai"]
    left = until >= day
    counts = pd.DataFrame(
        {
            "stated": until.notna(),
            "expired": until.notna() & ~left,
            "within_6": left & (until <= day + pd.DateOffset(months=6)),
            "within_12": left & (until <= day + pd.DateOffset(months=12)),
            "unstated": until.isna(),
        }
    ).astype("int64")
    where = rows[["id_pegawai"]].join(people[["instansi", "unit_kerja"]].astype("object"), on="id_pegawai")
    keys = [where[name] for name in by] or [pd.Series("", index=rows.index, name="all")]
    found = counts.groupby(keys, sort=True).sum().reset_index()
    return found[[*by, *counts.columns]]
