"""Coaching (pembinaan): who was to be coached, how soon it began, and what came of it.

A *case* is an employee and a year: it opens with the first appraisal of the year, by quarter or annual, whose predicate
calls for coaching (``follow_up.toml``), whatever the later ones say. It is answered by a coaching that names a period of
that year, not before the one that opened the case, or, where the form names none, by one that began on or after the
day of that appraisal. Nobody waits less than 0 days. Of agencies without one row in the table nothing is known; their
cases are counted, and count as neither coached nor left.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.indicators.follow_up_time import waiting_summary
from kinerja_lib.indicators.grouping import level_shares
from kinerja_lib.indicators.regulation_tables import regulation
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.periode import Periode

BETTER = "Membaik"


def coaching_cases(
    penilaian: pd.DataFrame, pembinaan: pd.DataFrame, tahun: int, *, until: pd.Timestamp | None = None
) -> pd.DataFrame:
    """One row an employee whose predicate called for coaching in a year, never for print.

    Parameters
    ----------
    penilaian, pembinaan : DataFrame
        Tables of ``fields.toml``; ``pembinaan`` of all agencies, since it tells which of them keep a record.
    until : Timestamp, optional
        Last day that is looked at; a later coaching has not begun yet. Default: the latest day in ``pembinaan``.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``periode`` and ``predikat`` (that opened the case), ``since`` (its
        day), ``known`` (the agency keeps a record), ``jenis_pembinaan``, ``started``, ``finished`` (missing while it goes
        on), ``hasil_pembinaan``, ``event`` (coaching began by ``until``), ``days`` (from ``since`` to its beginning, else
        to ``until`` or the rule's ``watched_days``; NaN without ``since``, or where ``until`` is before it).
    """
    rule = regulation("follow_up")["pembinaan"]
    last = until if until is not None else pembinaan[["tanggal_mulai", "tanggal_selesai"]].max().max()
    cases = _opened(penilaian, tahun, rule["predikat"])
    cases["known"] = _recorded(cases, pembinaan)
    begun = pembinaan if pd.isna(last) else pembinaan[pembinaan["tanggal_mulai"] <= last]
    found = _answers(cases, begun, tahun).reindex(cases.index)
    done = found["tanggal_selesai"]
    cases["jenis_pembinaan"] = found["jenis_pembinaan"].astype("object")
    cases["started"] = found["tanggal_mulai"]
    cases["finished"] = done.mask(done > last)
    cases["hasil_pembinaan"] = (
        found["hasil_pembinaan"].astype("object").where(cases["finished"].notna(), None)
    )
    cases["event"] = cases["started"].notna()
    days = (cases["started"] - cases["since"]).dt.days.clip(lower=0)
    watched = (last - cases["since"]).dt.days
    days = days.where(cases["event"], watched.mask(watched < 0).clip(upper=rule["watched_days"]))
    cases["days"] = days.astype("float64")
    return cases.drop(columns="order")


def coaching_summary(cases: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Cases, coaching begun, in time and finished, by group.

    Returns
    -------
    DataFrame
        ``by`` …, ``cases``, ``known`` (of agencies with a record; the counts that follow are of these), ``coached``,
        ``in_time`` (begun within the rule's ``within_days``), ``due`` (cases for which that can be told: begun, or
        watched for so many days), ``finished``, ``better`` (result *Membaik*, of the finished), ``share_coached``,
        ``share_in_time`` (of the due), ``share_better`` (of the finished with a result), ``median`` (days until coaching
        began, the ones still waiting included; NaN where not half had begun).
    """
    within = regulation("follow_up")["pembinaan"]["within_days"]
    known = cases[cases["known"]]
    timed = known["days"].notna()
    frame = pd.DataFrame(
        {
            "coached": known["event"],
            "in_time": known["event"] & (known["days"] <= within),
            "due": timed & (known["event"] | (known["days"] >= within)),
            "finished": known["finished"].notna(),
            "better": known["hasil_pembinaan"] == BETTER,
            "told": known["hasil_pembinaan"].notna(),
        }
    ).astype("int64")
    every, own = _keys(cases, by), _keys(known, by)
    result = cases.groupby(every, sort=True).size().rename("cases").to_frame()
    sums = frame.assign(known=1).groupby(own, sort=True).sum()
    names = ["known", *frame.columns]
    result = result.join(sums[names]).fillna(0).astype("int64")
    for name, part, base in (
        ("share_coached", "coached", "known"), ("share_in_time", "in_time", "due"), ("share_better", "better", "told"),
    ):  # fmt: skip
        result[name] = result[part] / result[base].where(result[base] > 0)
    waits = known.loc[timed, ["days", "event"]].groupby([key[timed] for key in own], sort=True)
    medians = {group if len(own) > 1 else group[0]: waiting_summary(part)["median"] for group, part in waits}
    result["median"] = pd.Series(medians, dtype="float64").reindex(result.index)
    result = result.drop(columns="told").reset_index()
    return result if by else result.drop(columns="all")


def coaching_kinds(pembinaan: pd.DataFrame, tahun: int, by: Sequence[str] = ()) -> pd.DataFrame:
    """Coachings that began in a year by kind; the columns of ``level_shares``."""
    own = pembinaan[pembinaan["tanggal_mulai"].dt.year == tahun]
    return level_shares(own, "jenis_pembinaan", field("jenis_pembinaan").categories, by)


def _opened(penilaian: pd.DataFrame, tahun: int, levels: Sequence[str]) -> pd.DataFrame:
    """The first appraisal of each employee in the year that called for coaching; a quarter before the year it ends."""
    rows = penilaian[(penilaian["periode"].str[:4] == str(tahun)) & penilaian["predikat"].isin(levels)]
    order = {text: _order(text) for text in rows["periode"].unique()}
    rows = rows.assign(_order=rows["periode"].map(order)).sort_values("_order", kind="stable")
    rows = rows.drop_duplicates("id_pegawai").reset_index(drop=True)
    columns = ["id_pegawai", "instansi", "unit_kerja", "periode", "predikat"]
    return rows[columns].assign(since=rows["tanggal_penilaian"], order=rows["_order"])


def _order(text: str) -> int:
    """Place of a period by its last day; a part of a year before the year."""
    found = Periode(text)
    return found.end.toordinal() * 2 + (found.kind == "year")


def _recorded(cases: pd.DataFrame, pembinaan: pd.DataFrame) -> pd.Series:
    """Which cases are of an agency that keeps a record: it sent a row, or one is about somebody of it."""
    own = cases["instansi"].astype("object")
    sent = set(pembinaan["instansi"].dropna().astype("object"))
    sent |= set(own[cases["id_pegawai"].isin(set(pembinaan["id_pegawai"]))].dropna())
    return own.isin(sent).astype("bool")


def _answers(cases: pd.DataFrame, pembinaan: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """The first coaching of each case, by the row of ``cases``."""
    opened = cases[["id_pegawai", "since", "order"]].assign(row=cases.index)
    pairs = opened.merge(pembinaan, how="inner", on="id_pegawai")
    named = pairs["periode"].notna()
    orders = {text: _order(text) for text in pairs["periode"].dropna().unique()}
    same = (
        named
        & (pairs["periode"].str[:4] == str(tahun))
        & (pairs["periode"].map(orders).astype("float64") >= pairs["order"])
    )
    within = regulation("follow_up")["pembinaan"]["watched_days"]
    waited = (pairs["tanggal_mulai"] - pairs["since"]).dt.days
    after = ~named & (waited >= 0) & (waited <= within)
    first = pairs[same.fillna(False) | after].sort_values("tanggal_mulai", kind="stable")
    return first.drop_duplicates("row").set_index("row")


def _keys(frame: pd.DataFrame, by: Sequence[str]) -> list[pd.Series]:
    return [frame[name].astype("object") for name in by] or [pd.Series("", index=frame.index, name="all")]
