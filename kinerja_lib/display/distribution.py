"""Charts of the five predicates: a distribution against the organisation's curve, and one bar a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.display.style import INK, PREDIKAT_COLORS, PREDIKAT_INK, note_n, number_axis, wrapped
from kinerja_lib.language import Labels
from kinerja_lib.schema.predikat import PREDIKAT

SMALLEST_LABEL = 0.07


def distribution_chart(
    ax: Any, shares: Mapping[str, float], labels: Labels, *, n: int, curve: Mapping[str, float] | None = None
) -> Any:
    """Bars of the share of each predicate, with the expected curve as marks.

    Parameters
    ----------
    ax : Axes
    shares : mapping of str to float
        Fraction of each predicate; NaN where it is withheld, drawn as ``*``.
    n : int
        Number of appraisals.
    curve : mapping of str to float, optional
        Expected fractions under the organisation's predicate.

    Returns
    -------
    Axes
    """
    given = [float(shares.get(name, 0.0)) for name in PREDIKAT]
    values = [0.0 if np.isnan(value) else value for value in given]
    places = range(len(PREDIKAT))
    ax.bar(places, values, width=0.66, color=[PREDIKAT_COLORS[name] for name in PREDIKAT])
    expected = [float(curve.get(name, 0.0)) for name in PREDIKAT] if curve else []
    for place, value in enumerate(values):
        # above the bar, and above a mark of the curve that would cross the text
        top = value
        if expected and value - 0.005 <= expected[place] <= value + 0.075:
            top = expected[place]
        ax.annotate(
            "*" if np.isnan(given[place]) else labels.percent(value), (place, top), xytext=(0, 5), textcoords="offset points", ha="center",
            va="bottom", color=INK, fontweight="semibold",
        )  # fmt: skip
    if curve:
        ax.plot(
            places,
            expected,
            color=INK,
            lw=1.1,
            ls=(0, (4, 3)),
            marker="D",
            ms=5,
            mfc="white",
            mec=INK,
            zorder=4,
        )
        last = 1 if expected[1] > values[1] else 0
        ax.annotate(
            labels.text("chart.curve"), (last, expected[last]), xytext=(0, 34), textcoords="offset points",
            ha="center", color=INK, fontsize=9.5, arrowprops={"arrowstyle": "-", "color": "#777777", "lw": 0.7},
        )  # fmt: skip
    ax.set_xticks(
        places,
        [wrapped(labels.category(name).replace("/", "/ "), 14).replace("/ ", "/") for name in PREDIKAT],
    )
    ax.set_ylim(0, max([*values, *expected, 0.1]) * 1.2)
    ax.tick_params(axis="x", length=0)
    number_axis(ax.yaxis, labels, percent=True)
    ax.set_ylabel(labels.text("chart.share_of_appraisals"))
    ax.grid(axis="y")
    ax.annotate(
        f"n = {labels.integer(n)}", (0, 1), xycoords="axes fraction", xytext=(4, -2),
        textcoords="offset points", va="top", fontsize=9, color="#666666",
    )  # fmt: skip
    return ax


def stacked_chart(ax: Any, frame: pd.DataFrame, labels: Labels) -> Any:
    """One horizontal bar a group, cut into the five predicates; groups from top to bottom as given.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        ``label``, ``n`` and one column of fractions a predicate; missing fractions are suppressed and drawn
        together as one grey piece, a row without any says so.
    """
    rows = frame.reset_index(drop=True)
    for place, row in rows.iterrows():
        if row[list(PREDIKAT)].isna().all():
            ax.text(
                0.01, place, labels.text("chart.suppressed"), va="center", color="#666666", style="italic"
            )
            continue
        left = 0.0
        for name in PREDIKAT:
            value = float(row[name])
            if np.isnan(value):
                continue
            ax.barh(place, value, left=left, height=0.72, color=PREDIKAT_COLORS[name], ec="white", lw=0.6)
            if value >= SMALLEST_LABEL:
                ax.text(
                    left + value / 2, place, labels.percent(value, 0), ha="center", va="center",
                    color=PREDIKAT_INK[name], fontsize=9,
                )  # fmt: skip
            left += value
        if row[list(PREDIKAT)].isna().any():
            ax.barh(
                place, 1 - left, left=left, height=0.72, color="#e3e3e3", ec="#9a9a9a", lw=0.6, hatch="///"
            )
        ax.text(1.012, place, labels.integer(row["n"]), va="center", fontsize=9, color="#666666")
    ax.text(1.012, -0.85, "n", va="center", fontsize=9, color="#666666")
    ax.set_yticks(range(len(rows)), [wrapped(name, 34) for name in rows["label"]])
    ax.set_ylim(len(rows) - 0.4, -1.2)
    ax.set_xlim(0, 1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    number_axis(ax.xaxis, labels, percent=True)
    from matplotlib.patches import Patch

    ax.legend(
        handles=[Patch(color=PREDIKAT_COLORS[name], label=labels.category(name)) for name in PREDIKAT],
        loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=5, handlelength=0.9, handletextpad=0.4,
        columnspacing=1.1, fontsize=9,
    )  # fmt: skip
    return ax


def trend_chart(ax: Any, frame: pd.DataFrame, labels: Labels, *, digits: int = 0) -> Any:
    """Share over quarters with a Wilson band; the last value is written at the line's end.

    Parameters
    ----------
    frame : DataFrame
        ``periode``, ``value``, ``low``, ``high`` (fractions), ``n``.
    """
    from kinerja_lib.display.style import BLUE

    places = list(range(len(frame)))
    ax.fill_between(places, frame["low"], frame["high"], color=BLUE, alpha=0.16, lw=0)
    ax.plot(places, frame["value"], color=BLUE, marker="o", ms=4)
    for place in (0, len(places) - 1):
        ax.annotate(
            labels.percent(frame["value"].iloc[place], 1), (place, frame["value"].iloc[place]), xytext=(0, 8),
            textcoords="offset points", ha="center", color=BLUE, fontweight="semibold",
        )  # fmt: skip
    ax.set_xticks(
        places, [labels.periode(text, short=True).replace(" 20", "\n20") for text in frame["periode"]]
    )
    low, high = float(frame["low"].min()), float(frame["high"].max())
    margin = max((high - low) * 0.35, 0.02)
    ax.set_ylim(max(low - margin, 0), min(high + margin, 1.0))
    number_axis(ax.yaxis, labels, percent=True, digits=digits)
    ax.grid(axis="y")
    note_n(ax, labels, int(frame["n"].sum()))
    return ax
