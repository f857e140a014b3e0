"""When exports came against the day on which they were due: by table, and the sheets that came late."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from kinerja_lib.reporting.quality.facts import Quality
from kinerja_lib.workflow.quality import DAYS_ALLOWED
from kinerja_lib.workflow.receipts import by_table, receipts

SHOWN = 30  # late sheets in the table; all of them are in `kinerja validate --json`


def receipt(quality: Quality) -> None:
    """Sheets with a date of export by table, those late, and what is known by the disk only."""
    edition, labels = quality.edition, quality.edition.labels
    frame = quality.scope(receipts(quality.delivery))
    if frame.empty:
        return
    counts = by_table(frame)
    dated, late, on_disk = (int(counts[name].sum()) for name in ("dated", "late", "on_disk"))
    if not dated:
        edition.say("quality.receipt_unknown", n=labels.integer(len(frame)))
    else:
        edition.say(
            "quality.receipt_text", days=labels.integer(DAYS_ALLOWED), n=labels.integer(len(frame)),
            dated=labels.integer(dated), late=labels.integer(late), share=labels.percent((dated - late) / dated),
        )  # fmt: skip
    if on_disk:
        edition.say("quality.receipt_on_disk", n=labels.integer(on_disk))
    counts["label"] = [quality.table_label(name) for name in counts["table"]]
    kinds = {"label": "text", "sheets": "integer", "dated": "integer", "late": "integer"}
    heads = {name: labels.text(f"quality.receipt_{name}_head") for name in ("sheets", "dated", "late")}
    edition.doc.table(
        counts.sort_values("label")[list(kinds)], "penerimaan", labels.text("quality.receipt_table"),
        headers={"label": labels.text("quality.table_head"), **heads}, formats=kinds, source=edition.source("ekspor"),
    )  # fmt: skip
    if late:
        _late_sheets(quality, frame[(frame["days_late"] > 0).fillna(False)].head(SHOWN), late)


def _late_sheets(quality: Quality, frame: pd.DataFrame, late: int) -> None:
    edition, labels = quality.edition, quality.edition.labels
    rows = frame.copy()
    rows["place"] = [
        f"{file} · {sheet}" if sheet else file
        for file, sheet in zip(rows["file"], rows["sheet"], strict=True)
    ]
    rows["periode"] = [labels.periode(text) for text in rows["periode"]]
    for name in ("due", "received"):
        rows[name] = [labels.date(dt.date.fromisoformat(text)) for text in rows[name]]
    rows["origin"] = [labels.text(f"quality.origin_{name}") for name in rows["origin"]]
    kinds = {"place": "text", "periode": "text", "due": "text", "received": "text", "origin": "text",
             "days_late": "integer"}  # fmt: skip
    heads = {name: labels.text(f"quality.receipt_{name}_head") for name in kinds}
    edition.doc.table(
        rows[list(kinds)], "terlambat", labels.text("quality.receipt_late_table", n=labels.integer(late)),
        headers=heads, formats=kinds, small=True, source=edition.source("ekspor"),
    )  # fmt: skip
