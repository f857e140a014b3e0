"""What came: rows by table and what became of them, files that could not be read, and why rows were not kept."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.cleaning import reason_advice, reason_label
from kinerja_lib.display import describe_flow, flow_chart, height_for, new_axes
from kinerja_lib.reporting.quality.facts import Quality
from kinerja_lib.workflow.quality import COUNTS


def received(quality: Quality) -> None:
    """The flow of rows by table, and the files that could not be read."""
    edition, labels = quality.edition, quality.edition.labels
    rows = quality.sheets
    sums = rows.groupby("table")[list(COUNTS)].sum().reset_index()
    sums.insert(0, "label", [quality.table_label(name) for name in sums["table"]])
    sums = sums.drop(columns="table").sort_values("read", ascending=False, ignore_index=True)
    total = {name: labels.integer(int(sums[name].sum())) for name in COUNTS}
    edition.say("data.accounting", files=labels.integer(int(rows["file"].nunique())), **total)
    if len(sums):
        ax = new_axes(height_for(len(sums), each=0.3))
        flow_chart(ax, sums, labels)
        heads = {"label": labels.text("quality.table_head"), **{name: labels.column(name) for name in COUNTS}}
        edition.doc.figure(
            ax.figure, "alur-baris", labels.text("data.flow"), alt=describe_flow(sums, labels),
            source=edition.source("ekspor"), note=labels.text("data.flow_note"), data=sums, headers=heads,
            formats=dict.fromkeys(COUNTS, "integer"),
        )  # fmt: skip
    bad = quality.unreadable
    if not len(bad):
        edition.say("quality.no_unread")
        return
    suffix = "_en" if labels.lang == "en" else ""
    frame = pd.DataFrame(
        {
            "file": bad["file"],
            "problem": [
                _after(text, file) for text, file in zip(bad[f"message{suffix}"], bad["file"], strict=True)
            ],
            "advice": bad[f"action{suffix}"],
        }
    )
    edition.say("quality.unread_text", n=labels.integer(len(bad)))
    edition.doc.table(
        frame.reset_index(drop=True), "tak-terbaca", labels.text("quality.unread_table"), small=True, left=3,
        headers={name: labels.text(f"quality.{name}_head") for name in frame}, source=edition.source("ekspor"),
    )  # fmt: skip


def _after(message: str, file: str) -> str:
    """The message without the file's name, which has a column of its own."""
    return str(message).removeprefix(f"{str(file).rpartition('/')[2]}: ")


def reasons(quality: Quality) -> None:
    """Rows rejected and cells left empty by reason, with what to do."""
    edition, labels = quality.edition, quality.edition.labels
    asked = quality.requests
    if asked.empty:
        edition.say("quality.nothing_asked")
        return
    sums = asked.groupby("reason", as_index=False)[["rejected", "emptied"]].sum()
    sums = sums.assign(_all=sums["rejected"] + sums["emptied"]).sort_values(
        ["_all", "reason"], ascending=[False, True]
    )
    frame = pd.DataFrame(
        {
            "reason": [reason_label(code, labels.lang) for code in sums["reason"]],
            "rejected": sums["rejected"].to_numpy(),
            "emptied": sums["emptied"].to_numpy(),
            "advice": [reason_advice(code, labels.lang) for code in sums["reason"]],
        }
    )
    edition.say(
        "quality.reasons_text", rejected=labels.integer(int(sums["rejected"].sum())),
        emptied=labels.integer(int(sums["emptied"].sum())),
    )  # fmt: skip
    columns = {"reason": "text", "rejected": "integer", "emptied": "integer", "advice": "text"}
    heads = {name: labels.text(f"quality.{name}_head") for name in frame}
    edition.doc.table(
        frame[list(columns)], "alasan", labels.text("quality.reasons_table"), headers=heads, formats=columns,
        small=True, left=["reason", "advice"], source=edition.source("ekspor"),
    )  # fmt: skip
