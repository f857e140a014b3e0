"""Clear tasks: targets (SKP) set by the end of January, cascaded from the leader's, and nobody without them.

PermenPANRB 6/2022 asks for the SKP at the start of the year. Set on 31 January is on time.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def skp_of_year(penilaian: pd.DataFrame, pegawai: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """One row an employee of the year's profile, never for print.

    The SKP date is the earliest in the year's appraisals; ``cascaded`` is true where any of them says so.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``set_on``, ``has_skp``, ``on_time``, ``cascaded`` (NA
        where unknown).
    """
    people = pegawai.loc[pegawai["tahun"] == tahun, ["id_pegawai", "instansi", "unit_kerja"]].reset_index(
        drop=True
    )
    rows = penilaian[penilaian["periode"].str[:4] == str(tahun)]
    grouped = rows.groupby("id_pegawai")
    people["set_on"] = people["id_pegawai"].map(grouped["tanggal_penetapan_skp"].min())
    people["has_skp"] = people["set_on"].notna()
    people["on_time"] = people["has_skp"] & (people["set_on"] < pd.Timestamp(tahun, 2, 1))
    cascaded = rows["skp_berjenjang"].astype("Float64").groupby(rows["id_pegawai"]).max()
    people["cascaded"] = people["id_pegawai"].map(cascaded).astype("boolean")
    return people


def skp_summary(skp: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """SKP on time, cascaded and absent, by group.

    Returns
    -------
    DataFrame
        ``by`` …, ``n``, ``on_time``, ``without``, ``cascaded``, ``known`` (who is known to have a cascaded
        SKP or not), ``share_on_time`` and ``share_without`` (of all staff), ``share_cascaded`` (of the
        known).
    """
    keys = [skp[name].astype("object") for name in by] or [pd.Series("", index=skp.index, name="all")]
    frame = pd.DataFrame(
        {
            "on_time": skp["on_time"].astype("int64"),
            "without": (~skp["has_skp"]).astype("int64"),
            "cascaded": skp["cascaded"].fillna(False).astype("int64"),
            "known": skp["cascaded"].notna().astype("int64"),
        }
    )
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum()
    result.insert(0, "n", grouped.size())
    for name in ("on_time", "without"):
        result[f"share_{name}"] = result[name] / result["n"]
    result["share_cascaded"] = result["cascaded"] / result["known"].where(result["known"] > 0)
    result = result.reset_index()
    return result if by else result.drop(columns="all")
