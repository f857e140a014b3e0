"""The figure that most chapters share: groups as dots with intervals, its alternative text and its data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.display import describe_groups, dots_chart, height_for, new_axes
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import extremes


def dots_figure(
    edition: Edition,
    frame: pd.DataFrame,
    name: str,
    caption: str,
    sources: tuple[str, ...],
    *,
    percent: bool = False,
    reference: float | None = None,
    interval: bool = True,
    **values: Any,
) -> None:
    """Show groups of ``measures.share_by`` or ``mean_by``; ``caption`` is a key of the catalogue.

    ``<caption>_axis`` names the axis. The reference is the whole's value.
    """
    labels = edition.labels
    title = labels.text(caption, body=edition.body, year=edition.year, **values)
    if not frame["value"].notna().any():
        reason = labels.text("note.all_withheld", n=labels.integer(edition.smallest))
        edition.doc.figure(None, name, title, alt=reason, source=edition.source(*sources), note=reason)
        return
    if not interval:
        frame = frame.assign(low=float("nan"), high=float("nan"))
    ax = new_axes(height_for(len(frame)))
    text = ""
    if reference is not None and reference == reference:
        shown = labels.percent(reference) if percent else labels.number(reference)
        text = labels.text("chart.whole" if edition.whole else "chart.agency", value=shown)
    dots_chart(
        ax, frame, labels, percent=percent, reference=reference if text else None, reference_text=text,
        axis_text=labels.text(f"{caption}_axis"),
    )  # fmt: skip
    form = "percent:1" if percent else "number:1"
    notes = [labels.text("note.interval")] if interval else []
    if frame["value"].isna().any():
        notes.append(labels.text("note.small", n=labels.integer(edition.smallest)))
    heads = {name: labels.column(name) for name in ("n", "value", "low", "high")}
    edition.doc.figure(
        ax.figure, name, title,
        alt=describe_groups(frame, labels, percent=percent), source=edition.source(*sources), note=" ".join(notes),
        data=frame.drop(columns="code"), formats=dict.fromkeys(("value", "low", "high"), form),
        headers={"label": labels.column(edition.group), **heads},
    )  # fmt: skip


def say_extremes(edition: Edition, key: str, frame: pd.DataFrame, *, percent: bool = False) -> None:
    """The groups with the highest and the lowest value in a sentence; nothing where fewer than two are shown."""
    ends = extremes(frame)
    if not ends:
        return
    best, worst = ends
    show = edition.labels.percent if percent else edition.labels.number
    edition.say(
        key, best=edition.safe(best["code"]), high=show(best["value"]), worst=edition.safe(worst["code"]),
        low=show(worst["value"]),
    )  # fmt: skip
