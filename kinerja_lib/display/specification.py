"""The specification curve: the same question asked in all defensible ways, sorted, and what each way held."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.display.style import BLUE, GREY, INK, ORANGE, number_axis, wrapped
from kinerja_lib.language import Labels


def specification_chart(
    top: Any, bottom: Any, frame: pd.DataFrame, choices: list[str], labels: Labels, *, digits: int = 1,
    axis_text: str = "",
) -> tuple[Any, Any]:  # fmt: skip
    """Estimates with their intervals in rising order, and below each a dot for every choice it was made with.

    Parameters
    ----------
    top, bottom : Axes
        Above each other, with a shared x axis.
    frame : DataFrame
        ``estimate``, ``ci_low``, ``ci_high``, ``main`` (bool: the specification the report speaks of) and one
        boolean column for each of ``choices``.
    choices : list of str
        Columns of ``frame``, named as a reader sees them.
    """
    rows = frame.dropna(subset=["estimate"]).sort_values("estimate").reset_index(drop=True)
    for place, row in rows.iterrows():
        sure = row["ci_low"] > 0 or row["ci_high"] < 0
        color = ORANGE if row["main"] else BLUE if sure else GREY
        top.plot([place, place], [row["ci_low"], row["ci_high"]], color=color, alpha=0.5, lw=1.8)
        top.plot(
            place, row["estimate"], "D" if row["main"] else "o", color=color, ms=6 if row["main"] else 3.6
        )
    top.axhline(0, color=INK, lw=0.9)
    main = rows.index[rows["main"]]
    if len(main):
        place = int(main[0])
        text = labels.text(
            "chart.main_specification", value=labels.number(rows["estimate"][place], digits, signed=True)
        )
        top.annotate(
            text, (place, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            color=ORANGE, fontsize=9, va="bottom", ha="left" if place < len(rows) / 2 else "right",
        )  # fmt: skip
        top.axvline(place, color=ORANGE, lw=0.7, alpha=0.5, zorder=0)
    number_axis(top.yaxis, labels, digits=digits)
    top.set_ylabel(wrapped(axis_text, 28))
    top.grid(axis="y")
    top.margins(y=0.14)
    top.tick_params(axis="x", length=0, labelbottom=False)
    top.spines["bottom"].set_visible(False)
    for level, name in enumerate(choices):
        for place in rows.index:
            held = bool(rows[name][place])
            color = ORANGE if held and rows["main"][place] else INK if held else "#DDDDDD"
            bottom.plot(place, level, "o", color=color, ms=3.4)
    bottom.set_yticks(range(len(choices)), [wrapped(name, 30) for name in choices])
    bottom.set_ylim(len(choices) - 0.4, -0.6)
    bottom.set_xticks([])
    bottom.tick_params(axis="y", length=0)
    for side in ("left", "bottom"):
        bottom.spines[side].set_visible(False)
    bottom.set_xlabel(labels.text("chart.specifications", n=labels.integer(len(rows))))
    return top, bottom


def describe_specifications(frame: pd.DataFrame, labels: Labels, *, digits: int = 1) -> str:
    """How many specifications, how many exclude zero, their range and middle."""
    rows = frame.dropna(subset=["estimate"])
    if not len(rows):
        return labels.text("alt.nothing")
    sure = int(((rows["ci_low"] > 0) | (rows["ci_high"] < 0)).sum())
    numbers = (rows["estimate"].min(), rows["estimate"].median(), rows["estimate"].max())
    low, middle, high = (labels.number(value, digits, signed=True) for value in numbers)
    return labels.text(
        "alt.specifications", n=labels.integer(len(rows)), sure=labels.integer(sure), low=low, middle=middle, high=high
    )  # fmt: skip
