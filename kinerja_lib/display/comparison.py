"""Charts that compare groups: dots with intervals, a heatmap, a slope between two years."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kinerja_lib.display.style import BLUE, GREY, INK, ORANGE, number_axis, wrapped
from kinerja_lib.language import Labels


def dots_chart(
    ax: Any,
    frame: pd.DataFrame,
    labels: Labels,
    *,
    percent: bool = False,
    digits: int = 1,
    reference: float | None = None,
    reference_text: str = "",
    axis_text: str = "",
) -> Any:
    """A dot and its 95% interval for each group, best at the top; suppressed groups say so.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        ``label``, ``value``, ``low``, ``high``, ``n``; ``value`` is missing where the group is suppressed.
    reference : float, optional
        A vertical line: the whole, or an obligation.
    """
    shown = frame.sort_values("value", ascending=False, na_position="last").reset_index(drop=True)
    show = labels.percent if percent else labels.number
    finite = shown[["low", "high", "value"]].to_numpy(dtype=float)
    everything = [float(v) for v in finite[~pd.isna(finite)]] + ([reference] if reference is not None else [])
    low, high = (min(everything), max(everything)) if everything else (0.0, 1.0)
    margin = (high - low) * 0.08 or 0.05
    most = max(1.0 + margin * 0.5, high) if percent and high <= 1 else math.inf  # no tick beyond 100 %
    ax.set_xlim(max(low - margin, 0.0) if low >= 0 else low - margin, min(high + margin * 2.6, most))
    for place, row in shown.iterrows():
        if pd.isna(row["value"]):
            ax.text(
                0.01, place, labels.text("chart.suppressed"), va="center", color="#666666", style="italic",
                transform=ax.get_yaxis_transform(),
            )  # fmt: skip
            continue
        if pd.notna(row["low"]):
            ax.plot([row["low"], row["high"]], [place, place], color=BLUE, alpha=0.45, lw=2.4)
        ax.plot(row["value"], place, "o", color=BLUE, ms=5.5)
        ax.text(
            1.01, place, f"{show(row['value'], digits)}   ({labels.integer(row['n'])})", va="center", fontsize=9,
            color=INK, transform=ax.get_yaxis_transform(),
        )  # fmt: skip
    ax.text(
        1.01, -0.85, f"{labels.text('chart.value')}   (n)", va="center", fontsize=9, color="#666666",
        transform=ax.get_yaxis_transform(),
    )  # fmt: skip
    if reference is not None:
        ax.axvline(reference, color=ORANGE, lw=1.1, ls=(0, (5, 3)), zorder=0)
        ax.annotate(
            reference_text, (reference, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", color=ORANGE, fontsize=9,
        )  # fmt: skip
    ax.set_yticks(range(len(shown)), [wrapped(name, 34) for name in shown["label"]])
    ax.set_ylim(len(shown) - 0.4, -1.2)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    number_axis(ax.xaxis, labels, percent=percent)
    ax.set_xlabel(axis_text)
    return ax


def heatmap_chart(
    ax: Any, frame: pd.DataFrame, labels: Labels, *, low: float = 0, high: float = 100, digits: int = 0
) -> Any:
    """Groups × aspects, each cell with its number; pale is low, dark is high. Empty cells are hatched.

    Parameters
    ----------
    frame : DataFrame
        Index: names of the groups; columns: names of the aspects; values on one scale.
    """
    from matplotlib.colors import LinearSegmentedColormap

    paint = LinearSegmentedColormap.from_list("kinerja", ["#FBE3CF", "#F7F7F7", "#A9C7E3", BLUE])
    values = frame.to_numpy(dtype=float)
    ax.pcolormesh(values, cmap=paint, vmin=low, vmax=high, edgecolors="white", linewidth=1.5)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            value = values[row, column]
            dark = not pd.isna(value) and (value - low) / (high - low) > 0.78
            ax.text(
                column + 0.5, row + 0.5, labels.number(None if pd.isna(value) else value, digits),
                ha="center", va="center", fontsize=9.5, color="white" if dark else INK,
            )  # fmt: skip
    ax.set_xticks(
        [place + 0.5 for place in range(values.shape[1])],
        [wrapped(str(c), max(7, 60 // max(values.shape[1], 1))) for c in frame.columns],
    )
    ax.set_yticks(
        [place + 0.5 for place in range(values.shape[0])], [wrapped(str(r), 34) for r in frame.index]
    )
    ax.xaxis.tick_top()
    ax.invert_yaxis()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def slope_chart(
    ax: Any, frame: pd.DataFrame, labels: Labels, *, before: str, after: str, percent: bool = True
) -> Any:
    """Two years joined by a line for each group; the largest rise and fall are named, the rest is grey.

    Parameters
    ----------
    frame : DataFrame
        ``label``, ``before``, ``after``; rows with a missing end are left out.
    before, after : str
        Names of the two ends.
    """
    rows = frame.dropna(subset=["before", "after"]).reset_index(drop=True)
    show = labels.percent if percent else labels.number
    change = rows["after"] - rows["before"]
    named = {int(change.idxmax()): BLUE, int(change.idxmin()): ORANGE} if len(rows) else {}
    for place, row in rows.iterrows():
        color = named.get(int(place), GREY)
        ends = [row["before"], row["after"]]
        ax.plot(
            [0, 1],
            ends,
            color=color,
            marker="o",
            ms=4,
            lw=2 if place in named else 1,
            zorder=2 + (place in named),
        )
    spread = _spread({place: float(rows["after"][place]) for place in named}, rows)
    for place, color in named.items():
        ax.text(
            1.04, spread[place], f"{wrapped(rows['label'][place], 30)}\n{show(rows['before'][place], 1)} → "
            f"{show(rows['after'][place], 1)}", va="center", color=color, fontsize=9.5, linespacing=1.15,
        )  # fmt: skip
    ax.set_xlim(-0.12, 1.9)
    ax.set_xticks([0, 1], [before, after])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    ax.grid(axis="y")
    number_axis(ax.yaxis, labels, percent=percent)
    return ax


def _spread(places: dict[int, float], rows: pd.DataFrame) -> dict[int, float]:
    """Keep two labels apart: at least a fifth of the range between them."""
    if len(places) < 2:
        return places
    span = (
        float(rows[["before", "after"]].to_numpy().max() - rows[["before", "after"]].to_numpy().min()) or 1.0
    )
    low, high = sorted(places, key=lambda place: places[place])
    gap = 0.2 * span - (places[high] - places[low])
    if gap > 0:
        return {low: places[low] - gap / 2, high: places[high] + gap / 2}
    return places
