"""What moved since the last quarter: shares of predikat, the number of people, missing values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import protect
from kinerja_lib.display import new_axes, stacked_chart
from kinerja_lib.reporting.quality.facts import Quality
from kinerja_lib.schema.predikat import PREDIKAT
from kinerja_lib.workflow.drift import Drift


def drifting(quality: Quality) -> None:
    """The two quarters side by side, and each group's index against what chance gives."""
    edition, labels, quarter = quality.edition, quality.edition.labels, quality.quarter
    drift = quality.drift
    if quarter is None or drift is None:
        edition.say("quality.no_quarter")
        return
    now, before = labels.periode(str(quarter)), labels.periode(str(quarter.previous()))
    if min(drift.people, drift.people_before) < edition.smallest:
        edition.say("quality.drift_unsaid", before=before)
        return
    frame = _table(quality)
    table = "" if frame.empty else " ([@tbl-pergeseran])"
    edition.say("quality.drift_text", period=now, before=before, table=table)
    _picture(quality)
    if frame.empty:
        edition.say("note.all_withheld", n=labels.integer(edition.smallest))
        return
    columns = {"label": "text", "people": "integer", "people_change": "signed_percent:1", "psi": "number:3",
               "limit": "number:3", "missing": "percent:1", "verdict": "text"}  # fmt: skip
    heads = {name: labels.text(f"quality.{name}_head") for name in columns if name != "label"}
    edition.doc.table(
        frame[list(columns)], "pergeseran", labels.text("quality.drift_table", period=now, before=before),
        headers={"label": labels.column(edition.group), **heads}, formats=columns, small=True, bold=[-1],
        left=["label", "verdict"], source=edition.source("penilaian"),
        note=" ".join([labels.text("quality.drift_note"), labels.text("note.small", n=labels.integer(edition.smallest))]),
    )  # fmt: skip


def _picture(quality: Quality) -> None:
    """Shares of predikat in both quarters; small cells, and those they follow from, are suppressed."""
    edition, labels, quarter = quality.edition, quality.edition.labels, quality.quarter
    assert quarter is not None
    text = quality.appraisals["periode"].astype("str")
    periods = (quarter.previous(), quarter)
    counts = np.array(
        [
            quality.appraisals.loc[text == str(period), "predikat"]
            .astype("str")
            .value_counts()
            .reindex(PREDIKAT, fill_value=0)
            for period in periods
        ]
    )
    safe = protect(counts, edition.smallest)
    rows = []
    for place, period in enumerate(periods):
        n = int(safe.values[place, -1])
        parts = np.where(safe.hidden[place, :-1], np.nan, counts[place] / max(n, 1))
        rows.append({"label": labels.periode(str(period)), "n": n, **dict(zip(PREDIKAT, parts, strict=True))})
    frame = pd.DataFrame(rows)
    ax = new_axes(1.9)
    stacked_chart(ax, frame, labels)
    spoken = [
        f"{row['label']}: "
        + ", ".join(
            f"{labels.category(name)} {labels.percent(row[name]) if row[name] == row[name] else labels.text('chart.suppressed')}"
            for name in PREDIKAT
        )
        for row in rows
    ]
    edition.doc.figure(
        ax.figure, "pergeseran", labels.text("quality.drift_figure", body=edition.body), alt=". ".join(spoken) + ".",
        source=edition.source("penilaian"), data=frame,
        formats={"n": "integer", **dict.fromkeys(PREDIKAT, "percent:1")},
        headers={"label": labels.text("quality.period_head"), "n": labels.column("n"),
                 **{name: labels.category(name) for name in PREDIKAT}},
    )  # fmt: skip


def _table(quality: Quality) -> pd.DataFrame:
    rows = [
        _row(quality, quality.edition.name(code), one)
        for code, one in sorted(quality.group_drifts.items(), key=lambda item: -item[1].psi)
    ]
    if rows and quality.drift is not None:
        rows.append(_row(quality, quality.edition.labels.text("word.total"), quality.drift))
    return pd.DataFrame(rows)


def _row(quality: Quality, label: str, one: Drift) -> dict[str, object]:
    labels = quality.edition.labels
    seen = {"shifted": one.shifted, "blind": one.blind, "people_moved": one.people_moved}
    said = [name for name, yes in seen.items() if yes]
    verdict = "; ".join(labels.text(f"quality.verdict_{name}") for name in said) or labels.text(
        "quality.verdict_steady"
    )
    missing = round(one.missing * one.n / (1 - one.missing)) if one.missing < 1 else 0
    return {
        "label": label,
        "people": one.people,
        "people_change": one.people_change,
        "psi": one.psi,
        "limit": one.limit,
        "missing": None if 0 < missing < quality.edition.smallest else one.missing,
        "verdict": verdict,
    }
