"""Bab III, reports when assignments end: how many have one, whether it is whole, how soon it came, by quarter and group.

Assignments are no people: nothing of them is withheld.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.findings import Finding, finding_from_benchmark
from kinerja_lib.indicators import end_report_summary
from kinerja_lib.reporting.annual.bilingual import LABELS, both, integer
from kinerja_lib.reporting.annual.edition import Edition

PROMPT = 0.9  # share of finished assignments whose report came in time: a choice of this project
QUARTERS = 8  # of the course
COLUMNS = ("finished", "without", "share_whole", "share_in_time", "median_days")


def end_reports(edition: Edition) -> None:
    """What share of the finished assignments has a report, a whole one, one in time; by group and by quarter."""
    labels, days = edition.labels, edition.config.thresholds.report_days
    rows = edition.rows("laporan_tugas", edition.year)
    whole = end_report_summary(rows, (), days=days)
    if not len(whole):
        return
    row = whole.iloc[0]
    known = row["dated"] > 0
    edition.say(
        "end_reports.text" if known else "end_reports.undated", finished=labels.integer(row["finished"]),
        without=labels.integer(row["without"]), share=labels.percent(row["share_without"]), whole=labels.percent(row["share_whole"]),
        days=labels.integer(days), dated=labels.integer(row["dated"]), in_time=labels.percent(row["share_in_time"]),
        median=labels.integer(row["median_days"]),
    )  # fmt: skip
    groups = end_report_summary(rows, (edition.group,), days=days)
    groups[edition.group] = [edition.name(code) for code in groups[edition.group]]
    _table(edition, groups, edition.group, "laporan-akhir", "end_reports.table", known)
    course = _course(edition)
    if len(course) > 1:
        _table(edition, course, "periode", "laporan-akhir-triwulan", "end_reports.course", known)


def end_report_findings(edition: Edition) -> list[Finding]:
    """The finished assignments whose report came in time, beside a mark; those without any report count as not."""
    days = edition.config.thresholds.report_days
    found = end_report_summary(edition.rows("laporan_tugas", edition.year), (), days=days)
    if not len(found) or not found["dated"].iloc[0]:
        return []
    row = found.iloc[0]
    n = int(row["dated"] + row["without"])
    made = finding_from_benchmark(
        "laporan_akhir", both("end_reports.prompt", days=integer(days)), int(row["in_time"]), n, PROMPT,
        both("judged.punctual_limit"), census=True, minimum_group=1, labels=LABELS,
    )  # fmt: skip
    details = {
        "days": both("judged.names", names=integer(days)),
        "count": both("judged.names", names=integer(row["without"])),
    }
    return [replace(made, details=details)]


def _course(edition: Edition) -> pd.DataFrame:
    """The quarters up to the report's year in which something was finished."""
    rows = edition.rows("laporan_tugas")
    rows = rows[rows["periode"].str[:4].astype("int64") <= edition.year]
    course = end_report_summary(rows, ("periode",), days=edition.config.thresholds.report_days).tail(QUARTERS)
    return course.assign(periode=[edition.labels.periode(text) for text in course["periode"]])


def _table(edition: Edition, frame: pd.DataFrame, first: str, name: str, caption: str, known: bool) -> None:
    labels = edition.labels
    columns = {first: "text", "finished": "integer", "without": "integer", "share_whole": "percent:1"}
    if known:
        columns |= {"share_in_time": "percent:1", "median_days": "number:0"}
    frame = frame.assign(median_days=frame["median_days"].where(frame["dated"] > 0, np.nan))
    names = {column: f"end_{column}" for column in COLUMNS}
    shown = shown_table(
        frame.rename(columns=names), {names.get(key, key): form for key, form in columns.items()}, labels
    )
    edition.doc.table(
        shown.frame, name, labels.text(caption, year=edition.year), small=True, source=edition.source("laporan_tugas"),
        note=labels.text("end_reports.note", days=labels.integer(edition.config.thresholds.report_days)), **shown.options(),
    )  # fmt: skip
