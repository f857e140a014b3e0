"""What is asked of each agency and unit, and the appendix of every file."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.cleaning import reason_advice, reason_label
from kinerja_lib.reporting.quality.facts import Quality, floored
from kinerja_lib.reporting.quality.opening import missing_people
from kinerja_lib.workflow.quality import by_group

MOST = 60  # lines of a table that anyone reads


def requested(quality: Quality) -> None:
    """A line for each unit, table and reason: how many rows, and what to do."""
    edition, labels = quality.edition, quality.edition.labels
    asked = quality.requests
    fewer = missing_people(quality)
    if fewer:
        edition.doc.text(f"{fewer} {labels.text('quality.fewer_asked')}")
    if asked.empty:
        edition.say("quality.nothing_asked")
        return
    edition.say("quality.requested_text")
    lines = asked.assign(rows=asked["rejected"] + asked["emptied"])
    if edition.whole:
        lines = lines.groupby(["instansi", "table", "reason"], as_index=False)[["rows"]].sum()
    lines = lines.sort_values(["rows", "instansi", "reason"], ascending=[False, True, True])
    left_out = max(len(lines) - MOST, 0)
    lines = lines.head(MOST)
    who = [quality.agency_label(code) for code in lines["instansi"]] if edition.whole else [
        edition.name(code) if code else labels.text("quality.no_unit") for code in lines["unit_kerja"]
    ]  # fmt: skip
    frame = pd.DataFrame(
        {
            "who": who,
            "table": [quality.table_label(name) for name in lines["table"]],
            "reason": [reason_label(code, labels.lang) for code in lines["reason"]],
            "rows": lines["rows"].to_numpy(),
            "advice": [reason_advice(code, labels.lang) for code in lines["reason"]],
        }
    ).sort_values(["who", "rows"], ascending=[True, False], kind="stable", ignore_index=True)
    heads = {name: labels.text(f"quality.{name}_head") for name in ("table", "reason", "advice")}
    notes = [labels.text("quality.requested_note", n=labels.integer(edition.smallest))]
    if left_out:
        notes.append(labels.text("quality.left_out", n=labels.integer(left_out)))
    edition.doc.table(
        frame, "perbaikan", labels.text("quality.requested_table"), small=True, left=["who", "table", "reason", "advice"],
        headers={"who": labels.text("quality.sender_head" if edition.whole else "quality.unit_head"),
                 "rows": labels.text("quality.rows_head"), **heads},
        formats={"rows": "integer"}, source=edition.source("ekspor"), note=" ".join(notes),
    )  # fmt: skip


def every_file(quality: Quality) -> None:
    """The appendix: each file with its rows and shares, the least usable first."""
    edition, labels = quality.edition, quality.edition.labels
    frame = floored(by_group(quality.sheets, "file", "table"))
    if frame.empty:
        return
    edition.doc.appendix(labels.text("quality.files_appendix"), "berkas")
    frame["table"] = [quality.table_label(name) for name in frame["table"]]
    frame = frame.sort_values(["kept_share", "complete", "valid", "file"], na_position="last")
    columns = {"file": "text", "table": "text", "read": "integer", "kept_share": "percent:1", "complete": "percent:1",
               "valid": "percent:1", "on_time": "percent:1", "repeated": "percent:1"}  # fmt: skip
    heads = {name: labels.text(f"quality.{name}_head") for name in columns if name != "read"}
    edition.doc.table(
        frame[list(columns)], "berkas", labels.text("quality.files_table"), headers={**heads, "read": labels.column("read")},
        formats=columns, small=True, left=2, source=edition.source("ekspor"),
        note=labels.text("quality.files_note"),
    )  # fmt: skip
