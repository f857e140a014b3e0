"""Clear tasks: targets (SKP) set by the end of January, agreed, cascaded, and with indicators in four aspects.

PermenPANRB 6/2022 asks for the SKP at the start of the year, set after a dialogue between employee and rater, with
indicators of quantity, quality, time or cost as they fit the task. Set on 31 January is on time, on 1 February is
late; who was appointed within the year is held to no day, as only the year of appointment is known. Dates come from
the appraisals and from the form on the setting of SKP, whichever is earlier; agreement and aspects from the form
alone, and where it was not sent they are unknown, never zero. So are the dates of an agency that gave not one: its
exports have no such column, which is no delay.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

ASPECTS = ("kuantitas", "kualitas", "waktu", "biaya")


def skp_of_year(
    penilaian: pd.DataFrame, pegawai: pd.DataFrame, tahun: int, skp: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row an employee of the year's profile, never for print.

    The SKP date is the earliest in the year's appraisals and in ``skp``; ``cascaded`` is true where any of them
    says so.

    Parameters
    ----------
    skp : DataFrame, optional
        Table ``skp``.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``set_on``, ``dated`` (the agency gave a date of anybody),
        ``has_skp``, ``due`` (False for those appointed within the year, and where nothing is dated), ``on_time``,
        ``cascaded``, ``agreed`` and one column for each of ``ASPECTS`` (NA where unknown), ``all_aspects``.
    """
    people = pegawai[pegawai["tahun"] == tahun].drop_duplicates("id_pegawai").reset_index(drop=True)
    appointed = people["tmt_tahun"] if "tmt_tahun" in people else pd.Series(pd.NA, index=people.index)
    due = ~(appointed == tahun).fillna(False).astype("bool")
    people = people[["id_pegawai", "instansi", "unit_kerja"]]
    rows = penilaian[penilaian["periode"].str[:4] == str(tahun)]
    form = rows.iloc[:0] if skp is None else skp[skp["tahun"] == tahun].drop_duplicates("id_pegawai")
    who = people["id_pegawai"]
    days = pd.concat([source[["id_pegawai", "tanggal_penetapan_skp"]] for source in (rows, form)])
    people["set_on"] = who.map(days.groupby("id_pegawai")["tanggal_penetapan_skp"].min())
    people["has_skp"] = people["set_on"].notna()
    people["dated"] = people["instansi"].isin(people.loc[people["has_skp"], "instansi"].unique())
    people["due"] = due & people["dated"]
    people["on_time"] = people["has_skp"] & (people["set_on"] < pd.Timestamp(tahun, 2, 1))
    cascades = pd.concat([source[["id_pegawai", "skp_berjenjang"]] for source in (rows, form)])
    cascaded = cascades["skp_berjenjang"].astype("Float64").groupby(cascades["id_pegawai"]).max()
    people["cascaded"] = who.map(cascaded).astype("boolean")
    own = form.set_index("id_pegawai")
    for name, column in (("agreed", "skp_disepakati"), *((name, f"indikator_{name}") for name in ASPECTS)):
        found = own[column] if column in own else pd.Series(dtype="boolean")
        found = found if name == "agreed" else (found.astype("Int64") > 0)
        people[name] = who.map(found.astype("object")).astype("boolean")
    people["all_aspects"] = people[list(ASPECTS)].all(axis=1, skipna=False).astype("boolean")
    return people


def skp_summary(skp: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """SKP on time, cascaded and absent, by group.

    Returns
    -------
    DataFrame
        ``by`` …, ``n``, ``undated`` (staff of agencies that gave no date at all: of them nothing is known), ``due``,
        ``on_time`` (of the due), ``without``, ``cascaded``, ``known`` (who is known to
        have a cascaded SKP or not), ``share_on_time`` (of the due), ``share_without`` (of the staff but the undated),
        ``share_cascaded`` (of the known).
    """
    keys = _keys(skp, by)
    frame = pd.DataFrame(
        {
            "undated": (~skp["dated"]).astype("int64"),
            "due": skp["due"].astype("int64"),
            "on_time": (skp["on_time"] & skp["due"]).astype("int64"),
            "without": (~skp["has_skp"] & skp["dated"]).astype("int64"),
            "cascaded": skp["cascaded"].fillna(False).astype("int64"),
            "known": skp["cascaded"].notna().astype("int64"),
        }
    )
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum()
    result.insert(0, "n", grouped.size())
    result["share_on_time"] = result["on_time"] / result["due"].where(result["due"] > 0)
    told = result["n"] - result["undated"]
    result["share_without"] = result["without"] / told.where(told > 0)
    result["share_cascaded"] = result["cascaded"] / result["known"].where(result["known"] > 0)
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def skp_content(skp: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """What the form on the setting of SKP says: agreed, and aspects with at least one indicator.

    Returns
    -------
    DataFrame
        ``by`` …, then for ``agreed``, each of ``ASPECTS`` and ``all_aspects``: the share of those about whom the form
        says it (NaN where it says nothing), and ``known_<name>``.
    """
    names = ("agreed", *ASPECTS, "all_aspects")
    values = skp[list(names)].astype("Float64").astype("float64")
    grouped = values.groupby(_keys(skp, by), sort=True)
    result = grouped.mean().join(grouped.count().add_prefix("known_")).reset_index()
    return result if by else result.drop(columns="all")


def _keys(frame: pd.DataFrame, by: Sequence[str]) -> list[pd.Series]:
    return [frame[name].astype("object") for name in by] or [pd.Series("", index=frame.index, name="all")]
