"""Bab III, clarity of tasks: SKP set in time and cascaded, and how clear staff find their tasks."""

from __future__ import annotations

import numpy as np

from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import (
    mean_by,
    overall,
    share_by,
)
from kinerja_lib.reporting.annual.task_content import skp_people, task_content


def tasks(edition: Edition) -> None:
    """SKP set in time, SKP cascaded from the leader's, and how clear staff find their tasks."""
    labels, now = edition.labels, facts(edition, edition.year)
    people = skp_people(edition)
    in_time = people["on_time"].astype("float64").where(people["due"])
    cascaded = people["cascaded"].astype("Float64").astype("float64")
    due = int(people["due"].sum())
    edition.say(
        "tasks.text" if due else "tasks.no_dates", in_time=labels.percent(edition.of_enough(overall(in_time), due)),
        cascaded=labels.percent(edition.of_enough(overall(cascaded), int(cascaded.notna().sum()))),
        n=labels.integer(due),
    )  # fmt: skip
    known = not np.isnan(now.clarity)
    edition.say("tasks.clarity" if known else "tasks.clarity_unknown", clarity=labels.number(now.clarity))
    frame = share_by(edition, people, in_time)
    frame = frame.assign(
        cascaded=share_by(edition, people, cascaded)
        .set_index("code")["value"]
        .reindex(frame["code"])
        .to_numpy(),
        clarity=mean_by(edition, now.panel, "kejelasan_indeks")
        .set_index("code")["value"]
        .reindex(frame["code"])
        .to_numpy(),
    )
    frame.loc[frame["value"].isna(), ["cascaded", "clarity"]] = np.nan
    frame = frame.rename(columns={"value": "in_time", "label": edition.group})
    columns = {
        edition.group: "text",
        "n": "integer",
        "in_time": "percent:1",
        "cascaded": "percent:1",
        "clarity": "number:1",
    }
    if not frame[list(columns)[1:]].notna().any(axis=None):
        frame = frame.iloc[:0]  # a table of dashes tells nothing; its place says why
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "kejelasan", labels.text("tasks.table", year=edition.year), **shown.options(),
        source=edition.source("penilaian", "survei"), note=labels.text("note.small", n=edition.smallest),
    )  # fmt: skip
    task_content(edition)
