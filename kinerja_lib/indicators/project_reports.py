"""Reports of assignments: finished on time, how far, and what stood in the way."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.indicators.grouping import level_shares
from kinerja_lib.schema.fields import field

FINISHED = ("Selesai", "Selesai terlambat")


def project_summary(laporan_tugas: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """By group:

    ``n``, ``finished``, ``on_time``, ``share_on_time`` (of the finished), ``stopped``, ``mean_percent``.
    """
    keys = [laporan_tugas[name].astype("object") for name in by]
    keys = keys or [pd.Series("", index=laporan_tugas.index, name="all")]
    state = laporan_tugas["status_tugas"].astype("str")
    frame = pd.DataFrame(
        {
            "finished": state.isin(FINISHED).astype("int64"),
            "on_time": (state == "Selesai").astype("int64"),
            "stopped": (state == "Dihentikan").astype("int64"),
        }
    )
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum()
    result.insert(0, "n", grouped.size())
    result["share_on_time"] = result["on_time"] / result["finished"].where(result["finished"] > 0)
    result["mean_percent"] = laporan_tugas["persen_capaian"].astype("float64").groupby(keys, sort=True).mean()
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def obstacles(laporan_tugas: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Share of each class of obstacle among reports that name one.

    Returns
    -------
    DataFrame
        ``by`` …, ``kelas_kendala``, ``count``, ``n`` (reports with an obstacle), ``share``, commonest
        first.
    """
    classes = [name for name in field("kelas_kendala").categories if name != "Tidak ada"]
    named = laporan_tugas[laporan_tugas["kelas_kendala"].astype("str").isin(classes)]
    result = level_shares(named, "kelas_kendala", classes, by)
    order = [*by, "count", "kelas_kendala"]
    return result.sort_values(order, ascending=[True] * len(by) + [False, True], ignore_index=True)
