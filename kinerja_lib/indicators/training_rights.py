"""The right to training: 20 JP a year for PNS, 24 for PPPK (PP 11/2017, PP 49/2018).

The year's JP are those of trainings that **ended** in the calendar year; exactly the number meets the
right. Everyone in the year's profile counts, also those without any training record, in the unit of that profile,
wherever the hours were taken. Nothing is carried over, and nothing is due in part: the export gives the year of an
appointment, not its day. Those appointed in the year are marked instead (docs/how-to/boundary-values.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kinerja_lib.indicators.regulation_tables import regulation
from kinerja_lib.schema.fields import field


def entitlement(status: pd.Series, rights: Mapping[str, float] | None = None) -> pd.Series:
    """JP a year that each employment status is due; NaN for an unknown status."""
    due = {**regulation("rights")["jp"], **(rights or {})}
    return status.astype("object").map(due).astype("float64")


def training_recorded(pegawai: pd.DataFrame, pelatihan: pd.DataFrame) -> pd.Series:
    """Which rows of the profile are of an agency that keeps a record of training.

    An agency is known by one training, of whatever year, that it sent or that one of its people took. Of the others
    nothing is known: no record is no lack of training.
    """
    own = pegawai["instansi"].astype("object")
    sent = set(pelatihan["instansi"].dropna().astype("object"))
    sent |= set(own[pegawai["id_pegawai"].isin(set(pelatihan["id_pegawai"]))].dropna())
    return own.isin(sent).astype("bool")


def yearly_hours(
    pegawai: pd.DataFrame,
    pelatihan: pd.DataFrame,
    tahun: int,
    *,
    until: str | None = None,
    rights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """JP of each employee in a year beside what is due: one row a person, never for print.

    Parameters
    ----------
    pegawai, pelatihan : DataFrame
        Tables of ``fields.toml``.
    tahun : int
        The profile of this year says who counts.
    until : str, optional
        ISO date; trainings that ended later are left out (for a report within the year).
    rights : mapping, optional
        JP by status, instead of the regulation's.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``status_pegawai``, ``jenis_jabatan``, ``jp``,
        ``due``, ``met``, ``owed`` (JP still due, 0 where met), ``new`` (appointed in the year). Statuses without a
        right are left out, and so is staff of agencies without any record of training (``training_recorded``).
    """
    people = pegawai.loc[
        (pegawai["tahun"] == tahun) & training_recorded(pegawai, pelatihan),
        ["id_pegawai", "instansi", "unit_kerja", "status_pegawai", "jenis_jabatan", "tmt_tahun"],
    ].reset_index(drop=True)
    people["new"] = (people.pop("tmt_tahun") == tahun).fillna(False).astype("bool")
    ended = pelatihan["tanggal_selesai"]
    inside = ended.dt.year == tahun
    if until is not None:
        inside &= ended <= pd.Timestamp(until)
    hours = pelatihan[inside].groupby("id_pegawai")["jp"].sum()
    people["jp"] = people["id_pegawai"].map(hours).astype("float64").fillna(0.0)
    people["due"] = entitlement(people["status_pegawai"], rights)
    people = people.dropna(subset=["due"]).reset_index(drop=True)
    people["met"] = people["jp"] >= people["due"] - 1e-9
    people["owed"] = (people["due"] - people["jp"]).clip(lower=0)
    return people


def rights_met(hours: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Who has had the training that is due, by group (of ``yearly_hours``).

    Returns
    -------
    DataFrame
        ``by`` …, ``n``, ``met``, ``share``, ``none`` (people without any JP), ``mean_jp``, ``median_jp``,
        ``owed`` (JP still due in all), ``unmet_new`` (of those without the hours: appointed in the year).
    """
    keys = [hours[name].astype("object") for name in by] or [pd.Series("", index=hours.index, name="all")]
    frame = hours.assign(none=hours["jp"] <= 0, unmet_new=hours["new"] & ~hours["met"])
    result = (
        frame.groupby(keys, sort=True)
        .agg(
            n=("jp", "size"),
            met=("met", "sum"),
            none=("none", "sum"),
            mean_jp=("jp", "mean"),
            median_jp=("jp", "median"),
            owed=("owed", "sum"),
            unmet_new=("unmet_new", "sum"),
        )
        .reset_index()
    )
    result.insert(result.columns.get_loc("met") + 1, "share", result["met"] / result["n"])
    return result if by else result.drop(columns="all")


def hours_by_kind(
    pelatihan: pd.DataFrame, tahun: int, by: Sequence[str] = (), *, until: str | None = None
) -> pd.DataFrame:
    """JP, trainings, participants and cost per JP by kind of training that ended in a year.

    Returns
    -------
    DataFrame
        ``by`` …, ``jenis_pelatihan``, ``trainings``, ``people``, ``jp``, ``share`` (of the group's JP),
        ``cost_per_jp`` (Rp, over rows with a cost; NaN where none has one).
    """
    inside = pelatihan["tanggal_selesai"].dt.year == tahun
    if until is not None:
        inside &= pelatihan["tanggal_selesai"] <= pd.Timestamp(until)
    rows = pelatihan[inside]
    kinds = list(field("jenis_pelatihan").categories)
    frame = pd.DataFrame(
        {name: rows[name].astype("object") for name in (*by, "jenis_pelatihan", "id_pegawai")}
    )
    frame["jp"], frame["biaya"] = rows["jp"].astype("float64"), rows["biaya"].astype("float64")
    frame["priced"] = frame["jp"].where(frame["biaya"].notna())
    keys = [*by, "jenis_pelatihan"]
    result = frame.groupby(keys, sort=True).agg(
        trainings=("jp", "size"),
        people=("id_pegawai", "nunique"),
        jp=("jp", "sum"),
        cost=("biaya", "sum"),
        priced=("priced", "sum"),
    )
    result = result.reset_index()
    total = result.groupby(list(by))["jp"].transform("sum") if by else result["jp"].sum()
    result["share"] = result["jp"] / total
    result["cost_per_jp"] = (result["cost"] / result["priced"]).where(result["priced"] > 0)
    result["jenis_pelatihan"] = pd.Categorical(result["jenis_pelatihan"], categories=kinds)
    return result.drop(columns=["cost", "priced"]).sort_values(keys, ignore_index=True)
