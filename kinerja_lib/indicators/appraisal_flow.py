"""Are appraisals complete, and in time? Counts only: who has none is a matter for the unit, not for a report.

PermenPANRB 6/2022 Ps 24–25: a periodic evaluation follows its period, the annual one by the end of January.
For a quarter this project takes the 30 days after its end (an assumption; pass ``days``).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.schema.periode import Periode


def completeness(
    penilaian: pd.DataFrame, pegawai: pd.DataFrame, periode: str, by: Sequence[str] = ("instansi",)
) -> pd.DataFrame:
    """Staff of the year's profile with and without an appraisal of a period.

    An appraisal counts where it has a predicate or, in an older scheme, a score.

    Returns
    -------
    DataFrame
        ``by`` …, ``staff``, ``appraised``, ``without``, ``share`` (appraised / staff).
    """
    people = pegawai[pegawai["tahun"] == Periode(periode).year]
    rows = penilaian[penilaian["periode"] == periode]
    done = set(rows.loc[rows["predikat"].notna() | rows["nilai"].notna(), "id_pegawai"])
    has = people["id_pegawai"].isin(done)
    keys = [people[name].astype("object") for name in by] or [pd.Series("", index=people.index, name="all")]
    result = has.groupby(keys, sort=True).agg(["size", "sum"])
    result = result.rename(columns={"size": "staff", "sum": "appraised"}).reset_index()
    result["without"] = result["staff"] - result["appraised"]
    result["share"] = result["appraised"] / result["staff"]
    return result if by else result.drop(columns="all")


def completeness_by_quarter(
    penilaian: pd.DataFrame, pegawai: pd.DataFrame, tahun: int, by: Sequence[str] = ("instansi",)
) -> pd.DataFrame:
    """``completeness`` of the four quarters of a year, ``periode`` first."""
    parts = []
    for quarter in Periode(str(tahun)).quarters():
        part = completeness(penilaian, pegawai, str(quarter), by)
        part.insert(0, "periode", str(quarter))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def timeliness(
    penilaian: pd.DataFrame,
    by: Sequence[str] = ("instansi", "periode"),
    *,
    days: int = 30,
    annual_days: int = 31,
) -> pd.DataFrame:
    """How many appraisals were set in time after the end of their period.

    The last day is in time: 31 January for a year, day 30 after the end for a shorter period. Appraisals
    without a date count as ``undated`` and are in no share.

    Returns
    -------
    DataFrame
        ``by`` …, ``n`` (dated), ``in_time``, ``share``, ``median_days`` (from the period's end),
        ``undated``.
    """
    codes, texts = pd.factorize(penilaian["periode"].astype("str"))
    ends = pd.DatetimeIndex([pd.Timestamp(Periode(text).end) for text in texts])[codes]
    allowed = pd.Series([annual_days if Periode(text).kind == "year" else days for text in texts])
    late = (penilaian["tanggal_penilaian"] - pd.Series(ends, index=penilaian.index)).dt.days
    frame = pd.DataFrame({"days": late.astype("float64")})
    frame["in_time"] = (
        (frame["days"] <= allowed.iloc[codes].to_numpy()).where(frame["days"].notna()).astype("float64")
    )
    grouped = frame.groupby([penilaian[name].astype("object") for name in by], sort=True)
    result = grouped.agg(
        n=("days", "count"),
        in_time=("in_time", "sum"),
        share=("in_time", "mean"),
        median_days=("days", "median"),
    )
    result["in_time"] = result["in_time"].astype("int64")
    result["undated"] = grouped.size() - result["n"]
    return result.reset_index()
