"""How good the data are: usable, complete, valid, on time, without repeats; by agency or by table."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import describe_heatmap, heatmap_chart, height_for, new_axes
from kinerja_lib.reporting.quality.facts import SHARES, Quality
from kinerja_lib.reporting.quality.receipt import receipt
from kinerja_lib.workflow.quality import COUNTS, DAYS_ALLOWED


def dimensions(quality: Quality) -> None:
    """A map of the four shares, and the counts behind them."""
    edition, labels = quality.edition, quality.edition.labels
    frame = quality.groups
    if frame.empty:
        edition.say("word.no_data")
        return
    what = labels.text("quality.agencies" if edition.whole else "quality.tables")
    edition.say("quality.dimensions_text", what=what)
    picture = pd.DataFrame(
        {labels.text(f"quality.key_{name}"): frame[name].to_numpy() * 100 for name in SHARES},
        index=frame["label"],
    )
    ax = new_axes(height_for(len(picture), each=0.34))
    low = min(90.0, float(picture.min(skipna=True).min()))
    heatmap_chart(ax, picture, labels, low=low, high=100.0, digits=1)
    head = labels.text("quality.sender_head" if edition.whole else "quality.table_head")
    edition.doc.figure(
        ax.figure, "mutu", labels.text("quality.dimensions_figure", what=what), alt=describe_heatmap(picture, labels),
        source=edition.source("ekspor"), note=labels.text("quality.dimensions_note"),
        data=picture.reset_index(names="label"), headers={"label": head},
        formats=dict.fromkeys(picture.columns, "number:1"),
    )  # fmt: skip
    columns = {"label": "text", "files": "integer", "read": "integer", "kept": "integer", "rejected": "integer",
               "merged": "integer", "unread": "integer", "complete": "percent:1", "valid": "percent:1"}  # fmt: skip
    heads = {
        **{name: labels.column(name) for name in COUNTS},
        "label": head,
        **{name: labels.text(f"quality.{name}_head") for name in ("files", "unread", "complete", "valid")},
    }
    edition.doc.table(
        frame[list(columns)], "mutu", labels.text("quality.dimensions_table", what=what), headers=heads, formats=columns,
        small=True, source=edition.source("ekspor"),
    )  # fmt: skip


def timeliness(quality: Quality) -> None:
    """Appraisals by their own date, then sheets of every table by the date that they bear."""
    _appraised(quality)
    receipt(quality)


def _appraised(quality: Quality) -> None:
    """Appraisals that bear a date, and those made too long after their period."""
    edition, labels = quality.edition, quality.edition.labels
    rows = quality.sheets[quality.sheets["table"] == "penilaian"]
    days = labels.integer(DAYS_ALLOWED)
    if rows.empty or not rows["dated"].sum():
        edition.say("quality.timeliness_unknown", days=days)
        return
    dated, late, kept = (int(rows[name].sum()) for name in ("dated", "late", "kept"))
    edition.say(
        "quality.timeliness_text", days=days, share=labels.percent((dated - late) / dated), dated=labels.integer(dated),
        late=labels.integer(late),
    )  # fmt: skip
    if kept > dated:
        edition.say("quality.timeliness_undated", undated=labels.integer(kept - dated))
