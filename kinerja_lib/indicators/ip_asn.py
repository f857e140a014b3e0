"""Indeks Profesionalitas ASN (PermenPANRB 38/2018, Peraturan BKN 8/2019): four dimensions, 100 points.

Kualifikasi 25, kompetensi 40, kinerja 30, disiplin 5. The scoring table is ``ip_asn.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.indicators.regulation_tables import regulation
from kinerja_lib.indicators.training_rights import training_recorded

LEVERS = ("jp", "seminar", "diklat")
DIMENSIONS = ("kualifikasi", "kompetensi", "kinerja", "disiplin")


def ip_category(value: float) -> str:
    """Category of a total; the bands' lower bounds are exclusive, so 80 is Sedang and 80.5 is Tinggi.

    Examples
    --------
    >>> ip_category(80.5), ip_category(80.0), ip_category(91)
    ('Tinggi', 'Sedang', 'Sangat Tinggi')
    """
    return str(next(band["nama"] for band in regulation("ip_asn")["kategori"] if value > band["above"]))


def ip_asn_scores(
    pegawai: pd.DataFrame,
    pelatihan: pd.DataFrame,
    penilaian: pd.DataFrame,
    hukuman: pd.DataFrame,
    tahun: int,
) -> pd.DataFrame:
    """Scores of each employee in a year: one row a person, never for print.

    Training: leadership or functional courses of any year up to ``tahun``; the 20 JP and the seminar within
    the year. Performance: the annual predicate of the year, else the latest quarterly one of it; someone
    without either has no kinerja score and no total (``complete`` False), nor has staff of an agency that keeps no
    record of training a kompetensi score. Discipline: the heaviest sanction
    of the year.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``jenis_jabatan``, the four dimensions, ``total``,
        ``kategori``, ``complete``.
    """
    table = regulation("ip_asn")
    people = pegawai.loc[
        pegawai["tahun"] == tahun, ["id_pegawai", "instansi", "unit_kerja", "jenis_jabatan", "pendidikan"]
    ]
    recorded = training_recorded(pegawai, pelatihan)[people.index]
    people = people.reset_index(drop=True)
    result = people.drop(columns="pendidikan")
    who = people["id_pegawai"]
    result["kualifikasi"] = people["pendidikan"].astype("object").map(table["kualifikasi"]).astype("float64")
    result["kompetensi"] = _competence(people, pelatihan, tahun).where(recorded.to_numpy())
    predicate = who.map(_year_predicate(penilaian, tahun))
    result["kinerja"] = predicate.map(table["kinerja"]).astype("float64")
    heaviest = hukuman[hukuman["tanggal"].dt.year == tahun].copy()
    heaviest["score"] = heaviest["tingkat_hukuman"].astype("object").map(table["disiplin"]).astype("float64")
    result["disiplin"] = who.map(heaviest.groupby("id_pegawai")["score"].min()).astype("float64")
    result["disiplin"] = result["disiplin"].fillna(table["disiplin"][""])
    result["total"] = result[list(DIMENSIONS)].sum(axis=1, skipna=False)
    result["complete"] = result["total"].notna()
    result["kategori"] = [ip_category(value) if value == value else None for value in result["total"]]
    return result


def ip_asn_summary(scores: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Means by group: ``by`` …, ``n``, ``incomplete``, dimensions, ``total``, ``kategori``.

    Means are over complete rows; the category is that of the mean.
    """
    keys = [scores[name].astype("object") for name in by] or [pd.Series("", index=scores.index, name="all")]
    whole = scores[[*DIMENSIONS, "total"]].where(scores["complete"])
    result = whole.groupby(keys, sort=True).mean()
    result.insert(0, "incomplete", (~scores["complete"]).groupby(keys, sort=True).sum())
    result.insert(0, "n", scores["complete"].groupby(keys, sort=True).sum())
    result = result.reset_index()
    result["kategori"] = [ip_category(value) if value == value else None for value in result["total"]]
    return result if by else result.drop(columns="all")


def ip_asn_levers(
    pegawai: pd.DataFrame, pelatihan: pd.DataFrame, tahun: int, by: Sequence[str] = ()
) -> pd.DataFrame:
    """What would raise the index of competence, and how many JP it takes.

    Three levers: the course of the post, at least 20 JP in the year, a seminar. The JP of a lever are what
    employees still lack (20 JP), or the median JP of such a training in ``pelatihan`` (course, seminar; NaN where
    there is none). Levers are counted one by one; a course also brings hours, so their gains can be reached with
    fewer JP than their sum.

    Returns
    -------
    DataFrame
        ``by`` …, ``lever`` (``jp``, ``seminar``, ``diklat``), ``lacking`` (employees without it to whom it gives
        points), ``n`` (all with a kind of post), ``gain`` (points of the group's mean if all of them had it),
        ``jp`` (hours it takes), ``gain_per_100_jp``, ``cost`` (Rp: hours at the median price of an hour, a course or
        seminar at its median price; NaN where no price was ever given), ``gain_per_100_million`` (points for Rp 100
        million); the best for its hours first within a group.
    """
    rows = pegawai[(pegawai["tahun"] == tahun) & training_recorded(pegawai, pelatihan)]
    people = rows.dropna(subset=["jenis_jabatan"]).reset_index(drop=True)
    parts, group = _parts(people, pelatihan, tahun)
    keys = [people[name].astype("object") for name in by] or [pd.Series("", index=people.index, name="all")]
    result = pd.concat(
        [_lever_sums(_lever(lever, parts, group, pelatihan), keys).assign(lever=lever) for lever in LEVERS],
        ignore_index=True,
    )
    result["gain"] = result["points"] / result["n"]
    result["gain_per_100_jp"] = (result["gain"] / result["jp"].where(result["jp"] > 0)) * 100
    result["gain_per_100_million"] = result["gain"] / result["cost"].where(result["cost"] > 0) * 1e8
    result = result.sort_values(
        [*by, "gain_per_100_jp"], ascending=[*(True for _ in by), False], kind="stable"
    )
    columns = ["lever", "lacking", "n", "gain", "jp", "gain_per_100_jp", "cost", "gain_per_100_million"]
    return result[[*by, *columns]].reset_index(drop=True)


def _lever(lever: str, parts: pd.DataFrame, group: pd.Series, pelatihan: pd.DataFrame) -> pd.DataFrame:
    """Per employee: whether he lacks a lever that gives points, the points, and the JP and rupiah it takes."""
    table = regulation("ip_asn")
    posts = table["kompetensi"]
    points = group.map({name: entry[lever] for name, entry in posts.items()}).astype("float64")
    hours, price = pelatihan["jp"].astype("float64"), pelatihan["biaya"].astype("float64")
    if lever == "jp":
        needed = (table["aturan"]["jp"] - parts["hours"]).clip(lower=0)
        cost = needed * (price / hours.where(hours > 0)).median()
    else:
        course = {name: "Seminar" if lever == "seminar" else entry["jenis"] for name, entry in posts.items()}
        kind, named = pelatihan["jenis_pelatihan"].astype("str"), group.map(course)
        needed = named.map(hours.groupby(kind).median()).astype("float64")
        cost = named.map(price.groupby(kind).median()).astype("float64")
    return pd.DataFrame(
        {"lacking": ~parts[lever] & (points > 0), "points": points, "jp": needed, "cost": cost}
    )


def _lever_sums(each: pd.DataFrame, keys: list[pd.Series]) -> pd.DataFrame:
    """Sums over those who lack it; a sum of JP or rupiah is unknown where it is for one of them."""
    lacking = each["lacking"]
    values = each[["points", "jp", "cost"]].where(lacking, 0.0).assign(lacking=lacking.astype("int64"))
    grouped = values.groupby(keys, sort=True)
    found = grouped.sum().assign(n=grouped.size())
    for name in ("jp", "cost"):
        found[name] = found[name].mask((lacking & each[name].isna()).groupby(keys, sort=True).any())
    return found.reset_index()


def _parts(people: pd.DataFrame, pelatihan: pd.DataFrame, tahun: int) -> tuple[pd.DataFrame, pd.Series]:
    """Per employee: JP of the year, and whether the JP, the seminar and the course of the post are there."""
    table = regulation("ip_asn")
    post = people["jenis_jabatan"].astype("object")
    group = post.where(post.isin(["Pelaksana", "Fungsional"]) | post.isna(), "Struktural")
    year, kind = pelatihan["tanggal_selesai"].dt.year, pelatihan["jenis_pelatihan"].astype("str")
    who, own = people["id_pegawai"], year == tahun
    hours = who.map(pelatihan[own].groupby("id_pegawai")["jp"].sum()).fillna(0.0).astype("float64")
    taken = pd.Series(False, index=people.index)
    for name, points in table["kompetensi"].items():
        had = set(pelatihan.loc[(year <= tahun) & (kind == points["jenis"]), "id_pegawai"])
        taken |= (group == name) & who.isin(had)
    parts = pd.DataFrame(
        {
            "hours": hours,
            "jp": hours >= table["aturan"]["jp"] - 1e-9,
            "seminar": who.isin(set(pelatihan.loc[own & (kind == "Seminar"), "id_pegawai"])),
            "diklat": taken,
        }
    )
    return parts, group


def _competence(people: pd.DataFrame, pelatihan: pd.DataFrame, tahun: int) -> pd.Series:
    parts, group = _parts(people, pelatihan, tahun)
    score = pd.Series(np.nan, index=people.index)
    for name, points in regulation("ip_asn")["kompetensi"].items():
        value = sum(points[lever] * parts[lever] for lever in LEVERS)
        score = score.where(group != name, value)
    return score


def _year_predicate(penilaian: pd.DataFrame, tahun: int) -> pd.Series:
    rows = penilaian[penilaian["periode"].str[:4] == str(tahun)]
    frame = pd.DataFrame(
        {
            "id_pegawai": rows["id_pegawai"],
            "periode": rows["periode"],
            "level": rows["predikat"]
            .astype("object")
            .where(rows["predikat"].notna(), rows["predikat_lama"].astype("object")),
        }
    ).dropna(subset=["level"])
    frame["annual"] = frame["periode"] == str(tahun)
    frame = frame.sort_values(["annual", "periode"], kind="stable").drop_duplicates("id_pegawai", keep="last")
    return frame.set_index("id_pegawai")["level"]
