"""Reports when an assignment ends: is there one, is it whole, did it come in time.

An assignment that stands as finished in several quarters, on one day, counts once, in the first; one of the same title
that ended on another day is another (many come back each quarter). There is a report where its
achievements are told or the day of the report is given; it is whole with achievements, obstacles (or that there were
none), the percentage and the day the work ended. In time is a report at most so many days after that day, the last day
included; no regulation we read gives the number, so it is a setting. Without both days, timeliness is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.indicators.project_reports import FINISHED

DAYS = 14  # [thresholds] report_days of kinerja.toml
PARTS = ("capaian", "kendala", "persen_capaian", "tanggal_selesai")


def end_report_summary(
    laporan_tugas: pd.DataFrame, by: Sequence[str] = ("instansi",), *, days: int = DAYS
) -> pd.DataFrame:
    """Finished assignments and their reports, by group.

    Parameters
    ----------
    laporan_tugas : DataFrame
        Table of ``fields.toml``.
    by : sequence of str
        ``instansi``, ``unit_kerja`` or ``periode``.
    days : int
        A report within so many days of the end is in time.

    Returns
    -------
    DataFrame
        ``by`` …, ``finished``, ``reported``, ``without``, ``whole``, ``dated`` (reports whose timeliness is known),
        ``in_time``, ``share_without`` (of the finished), ``share_whole`` (of the reported), ``share_in_time`` (of the
        dated), ``median_days`` (from the end to the report; one before the end counts as day 0).
    """
    rows = finished_once(laporan_tugas)
    keys = [rows[name].astype("object") for name in by] or [pd.Series("", index=rows.index, name="all")]
    told = _told(rows, "capaian")
    reported = told | rows["tanggal_laporan"].notna()
    waited = (rows["tanggal_laporan"] - rows["tanggal_selesai"]).dt.days.clip(lower=0).astype("float64")
    whole = reported.copy()
    for name in PARTS:
        whole &= _told(rows, name) if name in ("capaian", "kendala") else rows[name].notna()
    frame = pd.DataFrame(
        {
            "finished": 1, "reported": reported, "without": ~reported, "whole": whole, "dated": waited.notna(),
            "in_time": waited <= days,
        }
    ).astype("int64")  # fmt: skip
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum()
    for name, part, base in (
        ("share_without", "without", "finished"), ("share_whole", "whole", "reported"), ("share_in_time", "in_time", "dated"),
    ):  # fmt: skip
        result[name] = result[part] / result[base].where(result[base] > 0)
    result["median_days"] = waited.groupby(keys, sort=True).median()
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def finished_once(laporan_tugas: pd.DataFrame) -> pd.DataFrame:
    """The first row in which each assignment of a unit stands as finished: one title, one day of its end."""
    rows = laporan_tugas[laporan_tugas["status_tugas"].astype("str").isin(FINISHED)]
    title = rows["judul_tugas"].astype("object").str.casefold().str.split().str.join(" ")
    rows = rows.assign(_title=title).sort_values("periode", kind="stable")
    again = rows["tanggal_selesai"].notna() & rows.duplicated(["unit_kerja", "_title", "tanggal_selesai"])
    return rows[~again].drop(columns="_title").reset_index(drop=True)


def _told(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name].astype("object").fillna("").astype("str").str.strip() != ""
