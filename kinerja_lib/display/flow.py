"""The way of the rows: read, then kept, merged, rejected; and who was lost on the way to the panel."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.display.style import BLUE, GREY, INK, ORANGE, number_axis, wrapped
from kinerja_lib.language import Labels

COLORS = {"kept": BLUE, "merged": GREY, "rejected": ORANGE}


def flow_chart(ax: Any, frame: pd.DataFrame, labels: Labels) -> Any:
    """For each table one bar of the rows read, cut into kept, merged and rejected.

    Parameters
    ----------
    frame : DataFrame
        ``label``, ``read``, ``kept``, ``merged``, ``rejected``.
    """
    rows = frame.reset_index(drop=True)
    for place, row in rows.iterrows():
        left = 0.0
        whole = float(row["read"]) or 1.0
        for name, color in COLORS.items():
            width = float(row[name]) / whole
            ax.barh(place, width, left=left, height=0.66, color=color, ec="white", lw=0.6)
            if width >= 0.12:
                ax.text(
                    left + width / 2, place, labels.integer(row[name]), ha="center", va="center", fontsize=9,
                    color="white" if name != "merged" else INK,
                )  # fmt: skip
            left += width
        lost = " · ".join(
            f"{labels.text(f'chart.{name}')} {labels.integer(row[name])}"
            for name in ("merged", "rejected")
            if row[name]
        )
        ax.text(
            1.01,
            place,
            f"{labels.integer(row['read'])}" + (f"  ({lost})" if lost else ""),
            va="center",
            fontsize=8.5,
        )
    ax.set_yticks(range(len(rows)), [wrapped(name, 26) for name in rows["label"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    number_axis(ax.xaxis, labels, percent=True)
    from matplotlib.patches import Patch

    ax.legend(
        handles=[Patch(color=color, label=labels.text(f"chart.{name}")) for name, color in COLORS.items()],
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, handlelength=0.9,
    )  # fmt: skip
    return ax


def bars_chart(
    ax: Any,
    frame: pd.DataFrame,
    labels: Labels,
    *,
    percent: bool = False,
    digits: int = 1,
    axis_text: str = "",
) -> Any:
    """Plain horizontal bars with their values; counts and complete shares, where nothing is estimated.

    Parameters
    ----------
    frame : DataFrame
        ``label``, ``value``.
    """
    rows = frame.reset_index(drop=True)
    show = labels.percent if percent else labels.number
    ax.barh(range(len(rows)), rows["value"], height=0.66, color=BLUE)
    for place, value in enumerate(rows["value"]):
        ax.annotate(
            show(value, digits),
            (value, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
        )
    ax.set_yticks(range(len(rows)), [wrapped(name, 34) for name in rows["label"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, float(rows["value"].max() or 1) * 1.14 if len(rows) else 1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    number_axis(ax.xaxis, labels, percent=percent)
    ax.set_xlabel(axis_text)
    return ax
