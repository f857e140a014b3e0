"""How the quality of the appraisals changed over the periods."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import new_axes, trend_chart
from kinerja_lib.display.alt_text import describe_trend
from kinerja_lib.reporting.annual.measures import wilson
from kinerja_lib.reporting.quality.facts import Quality, floored
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.quality import by_group

LEAST = 2  # periods that make a trend
SHOWN = 12


def trend(quality: Quality) -> None:
    """Share of usable rows over the quarters up to the report's period, and all shares in a table."""
    edition, labels = quality.edition, quality.edition.labels
    every = quality.scope(quality.every.sheets)
    rows = every[(every["table"] == "penilaian") & every["periode"].str.contains("-Q")]
    frame = by_group(rows, "periode")
    frame = frame[[Periode(text).end <= edition.periode.end for text in frame["periode"]]].tail(SHOWN)
    if len(frame) < LEAST:
        edition.say("quality.no_trend")
        return
    edition.say("quality.trend_text", n=labels.integer(len(frame)))
    own = frame["read"] - frame["merged"]  # rows that repeat no other
    bounds = [wilson(int(kept), int(rows)) for kept, rows in zip(frame["kept"], own, strict=True)]
    line = pd.DataFrame(
        {"periode": frame["periode"].to_numpy(), "value": frame["kept_share"].to_numpy(),
         "low": [low for low, _ in bounds], "high": [high for _, high in bounds], "n": own.to_numpy()}
    )  # fmt: skip
    ax = new_axes(2.6)
    trend_chart(ax, line, labels, digits=0)
    forms = dict.fromkeys(("value", "low", "high"), "percent:1")
    edition.doc.figure(
        ax.figure, "tren", labels.text("quality.trend_figure", body=edition.body), alt=describe_trend(line, labels),
        source=edition.source("penilaian"), note=labels.text("note.band"), data=line, formats={**forms, "n": "integer"},
        headers={"periode": labels.text("quality.period_head"),
                 **{name: labels.column(name) for name in ("value", "low", "high", "n")}},
    )  # fmt: skip
    frame = floored(frame).assign(label=[labels.periode(text, short=True) for text in frame["periode"]])
    columns = {"label": "text", "read": "integer", "kept_share": "percent:1", "complete": "percent:1", "valid": "percent:1",
               "on_time": "percent:1", "repeated": "percent:1", "differing": "integer"}  # fmt: skip
    heads = {name: labels.text(f"quality.{name}_head") for name in columns if name not in ("label", "read")}
    edition.doc.table(
        frame[list(columns)], "tren", labels.text("quality.trend_table"), formats=columns, small=True,
        headers={"label": labels.text("quality.period_head"), "read": labels.column("read"), **heads},
        source=edition.source("penilaian"), note=labels.text("quality.trend_note"),
    )  # fmt: skip
