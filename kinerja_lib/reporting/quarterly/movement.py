"""What moved since last quarter: by group as slopes and as a table, and the last two years as a line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.display import (
    describe_slope,
    describe_trend,
    new_axes,
    shown_table,
    slope_chart,
    trend_chart,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import is_good
from kinerja_lib.reporting.annual.measures import share_by, wilson
from kinerja_lib.reporting.quarterly.coverage import hidden_note
from kinerja_lib.reporting.quarterly.facts import now_and_before, quarter

SHOWN_QUARTERS = 8


def movement(edition: Edition) -> None:
    """Slopes between the two quarters, the table behind them, and the line of the last quarters."""
    labels = edition.labels
    frame = moved(edition)
    ends = [labels.periode(str(p), short=True) for p in (edition.periode.previous(), edition.periode)]
    known = frame.dropna(subset=["before", "after"])
    if len(known) >= 2:
        edition.say(
            "quarter.moved", up=labels.integer(int((known["change"] > 0).sum())),
            down=labels.integer(int((known["change"] < 0).sum())), groups=labels.text(f"word.{edition.group}_many"),
            before=ends[0], after=ends[1],
        )  # fmt: skip
    else:
        edition.say("quarter.moved_nothing", n=labels.integer(edition.smallest))
    _slopes(edition, known, ends)
    _table(edition, frame, ends)
    _trend(edition)


def moved(edition: Edition) -> pd.DataFrame:
    """Share of Baik or better by group in both quarters; small groups are missing.

    Returns
    -------
    DataFrame
        ``code``, ``label``, ``n``, ``before``, ``after``, ``change`` (fractions).
    """
    now, before = now_and_before(edition)
    after = share_by(edition, now.rows, is_good(now.rows)).set_index("code")
    ago = share_by(edition, before.rows, is_good(before.rows)).set_index("code")["value"]
    frame = pd.DataFrame(
        {
            "label": after["label"],
            "n": after["n"],
            "before": ago.reindex(after.index).astype("float64"),
            "after": after["value"].astype("float64"),
        }
    )
    frame["change"] = frame["after"] - frame["before"]
    return frame.rename_axis("code").reset_index().sort_values("change", ascending=False, ignore_index=True)


def _slopes(edition: Edition, known: pd.DataFrame, ends: list[str]) -> None:
    labels = edition.labels
    title = labels.text("quarter.slope", before=ends[0], after=ends[1])
    options: dict[str, Any] = {"source": edition.source("penilaian"), "width": 0.9}
    if len(known) < 2:
        reason = labels.text("note.all_withheld", n=labels.integer(edition.smallest))
        edition.doc.figure(None, "lereng", title, alt=reason, note=reason, source=options["source"])
        return
    ax = new_axes(3.2)
    slope_chart(ax, known, labels, before=ends[0], after=ends[1])
    heads = {"label": labels.column(edition.group), "before": ends[0], "after": ends[1],
             "change": labels.column("change"), "n": labels.column("n")}  # fmt: skip
    edition.doc.figure(
        ax.figure, "lereng", title, alt=describe_slope(known, labels), data=known.drop(columns="code"), headers=heads,
        formats={"before": "percent:1", "after": "percent:1", "change": "signed_percent:1", "n": "integer"},
        note=labels.text("quarter.slope_note", n=labels.integer(int(known["n"].sum()))), **options,
    )  # fmt: skip


def _table(edition: Edition, frame: pd.DataFrame, ends: list[str]) -> None:
    labels = edition.labels
    now, before = now_and_before(edition)
    whole = {"label": labels.text("word.total"), "n": float(len(now.rows)), "before": before.good, "after": now.good,
             "change": now.good - before.good}  # fmt: skip
    if len(now.rows) < edition.smallest:
        whole.update(dict.fromkeys(("n", "before", "after", "change"), np.nan))
    if len(before.rows) < edition.smallest:
        whole.update(dict.fromkeys(("before", "change"), np.nan))
    shown_rows = frame[frame["after"].notna() | frame["before"].notna()]  # a column of dashes tells nothing
    rows = pd.concat([shown_rows.drop(columns="code"), pd.DataFrame([whole])], ignore_index=True)
    rows["change"] *= 100
    columns = {
        "label": "text",
        "n": "integer",
        "before": "percent:1",
        "after": "percent:1",
        "change": "signed:1",
    }
    shown = shown_table(rows, columns, labels)
    headers = {**shown.headers, "label": labels.column(edition.group), "before": ends[0], "after": ends[1],
               "change": labels.text("quarter.change_points")}  # fmt: skip
    edition.doc.table(
        shown.frame, "perubahan", labels.text("quarter.moved_table"), headers=headers, formats=shown.formats, bold=[-1],
        source=edition.source("penilaian"), note=hidden_note(edition, len(frame) - len(shown_rows)) or labels.text("note.small", n=edition.smallest),
    )  # fmt: skip


def _trend(edition: Edition) -> None:
    labels = edition.labels
    first = edition.periode.shift(1 - SHOWN_QUARTERS)
    rows = []
    for step in range(SHOWN_QUARTERS):
        periode = str(first.shift(step))
        part = quarter(edition, periode).rows
        if len(part) >= edition.smallest:
            hits, n = float(is_good(part).sum()), len(part)
            rows.append((periode, hits / n, *wilson(hits, n), n))
    frame = pd.DataFrame(rows, columns=["periode", "value", "low", "high", "n"])
    title = labels.text("quarter.trend", body=edition.body)
    if len(frame) < 2:
        reason = labels.text("quarter.trend_nothing")
        edition.doc.figure(None, "tren", title, alt=reason, note=reason, source=edition.source("penilaian"))
        return
    ax = new_axes(2.6)
    trend_chart(ax, frame, labels)
    heads = {name: labels.column(name) for name in ("periode", "value", "low", "high", "n")}
    edition.doc.figure(
        ax.figure, "tren", title, alt=describe_trend(frame, labels), source=edition.source("penilaian"),
        note=labels.text("note.band"), headers=heads, data=frame,
        formats=dict.fromkeys(("value", "low", "high"), "percent:1"),
    )  # fmt: skip
