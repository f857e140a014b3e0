"""Charts of estimates: coefficients under several specifications, the training dose, rater severity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.display.style import BLUE, INK, ORANGE, SERIES, number_axis, wrapped
from kinerja_lib.language import Labels


def coefficient_chart(
    ax: Any, frame: pd.DataFrame, labels: Labels, *, digits: int = 1, axis_text: str = ""
) -> Any:
    """Estimates with their intervals, one line a term, one colour a specification; zero is drawn.

    Parameters
    ----------
    frame : DataFrame
        ``term`` (as a reader sees it), ``spec``, ``estimate``, ``ci_low``, ``ci_high``.
    """
    terms = list(dict.fromkeys(frame["term"]))
    specs = list(dict.fromkeys(frame["spec"]))
    step = 0.7 / max(len(specs), 1)
    for position, spec in enumerate(specs):
        part = frame[frame["spec"] == spec]
        color = SERIES[position % len(SERIES)]
        for _, row in part.iterrows():
            place = terms.index(row["term"]) + (position - (len(specs) - 1) / 2) * step
            ax.plot([row["ci_low"], row["ci_high"]], [place, place], color=color, alpha=0.6, lw=2.2)
            ax.plot(row["estimate"], place, marker="os^Dv"[position % 5], color=color, ms=5.5)
            ax.text(
                1.01, place, labels.number(row["estimate"], digits, signed=True), va="center", color=color,
                fontsize=9, transform=ax.get_yaxis_transform(),
            )  # fmt: skip
    ax.axvline(0, color=INK, lw=0.9)
    ax.set_yticks(range(len(terms)), [wrapped(term, 32) for term in terms])
    ax.set_ylim(len(terms) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    number_axis(ax.xaxis, labels, digits=digits)
    ax.set_xlabel(axis_text)
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=SERIES[i % len(SERIES)], marker="os^Dv"[i % 5], ms=5.5, label=wrapped(spec, 44))
        for i, spec in enumerate(specs)
    ]
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(len(specs), 2), fontsize=9
    )
    return ax


def dose_chart(
    ax: Any,
    frame: pd.DataFrame,
    labels: Labels,
    *,
    obligation: float = 20.0,
    axis_text: str = "",
    value_text: str = "",
) -> Any:
    """Share by hours of training, in bands, with intervals; the obligation is a line.

    Parameters
    ----------
    frame : DataFrame
        ``jp`` (middle of the band), ``value``, ``low``, ``high`` (fractions), ``n``.
    """
    ax.fill_between(frame["jp"], frame["low"], frame["high"], color=BLUE, alpha=0.16, lw=0)
    ax.plot(frame["jp"], frame["value"], color=BLUE, marker="o", ms=4.5)
    for _, row in frame.iterrows():
        ax.annotate(
            labels.integer(row["n"]), (row["jp"], row["low"]), xytext=(0, -12), textcoords="offset points",
            ha="center", fontsize=8, color="#777777",
        )  # fmt: skip
    ax.axvline(obligation, color=ORANGE, lw=1.1, ls=(0, (5, 3)))
    ax.annotate(
        labels.text("chart.obligation", jp=labels.integer(obligation)), (obligation, 1),
        xycoords=("data", "axes fraction"), xytext=(4, -3), textcoords="offset points", va="top", color=ORANGE,
        fontsize=9.5,
    )  # fmt: skip
    low, high = float(frame["low"].min()), float(frame["high"].max())
    ax.set_ylim(max(low - (high - low) * 0.25 - 0.01, 0), min(high + (high - low) * 0.2 + 0.01, 1.02))
    number_axis(ax.yaxis, labels, percent=True)
    number_axis(ax.xaxis, labels)
    ax.grid(axis="y")
    ax.set_xlabel(axis_text)
    ax.set_ylabel(value_text)
    return ax


def curve_chart(
    ax: Any,
    frame: pd.DataFrame,
    labels: Labels,
    *,
    obligation: float = 20.0,
    axis_text: str = "",
    value_text: str = "",
) -> Any:
    """An estimated curve with its band, zero, and the line of the obligation.

    Parameters
    ----------
    frame : DataFrame
        ``dose``, ``estimate``, ``ci_low``, ``ci_high``, by dose.
    """
    ax.fill_between(frame["dose"], frame["ci_low"], frame["ci_high"], color=BLUE, alpha=0.16, lw=0)
    ax.plot(frame["dose"], frame["estimate"], color=BLUE, lw=1.8)
    ax.axhline(0, color=INK, lw=0.9)
    ax.axvline(obligation, color=ORANGE, lw=1.1, ls=(0, (5, 3)))
    ax.annotate(
        labels.text("chart.obligation", jp=labels.integer(obligation)), (obligation, 1),
        xycoords=("data", "axes fraction"), xytext=(4, -3), textcoords="offset points", va="top", color=ORANGE,
        fontsize=9.5,
    )  # fmt: skip
    last = frame.iloc[-1]
    ax.annotate(
        labels.number(last["estimate"], 1, signed=True), (last["dose"], last["estimate"]), xytext=(4, 0),
        textcoords="offset points", va="center", color=BLUE, fontsize=9.5,
    )  # fmt: skip
    number_axis(ax.yaxis, labels)
    number_axis(ax.xaxis, labels)
    ax.grid(axis="y")
    ax.set_xlabel(axis_text)
    ax.set_ylabel(value_text)
    return ax


def severity_chart(
    ax: Any, frame: pd.DataFrame, labels: Labels, *, comparable: bool, reason: str = "", axis_text: str = ""
) -> Any:
    """Raters in order of severity with intervals; where they cannot be compared, the reason instead.

    Parameters
    ----------
    frame : DataFrame
        ``value``, ``low``, ``high``, one row a rater, no identity.
    comparable : bool
        Whether the ratee–rater graph joins the raters.
    """
    if not comparable or not len(frame):
        text = labels.text("chart.not_comparable") + (f"\n{wrapped(reason, 84)}" if reason else "")
        ax.text(0.5, 0.5, text, ha="center", va="center", color=INK, transform=ax.transAxes)
        ax.set_axis_off()
        return ax
    rows = frame.sort_values("value").reset_index(drop=True)
    ax.vlines(rows.index, rows["low"], rows["high"], color=BLUE, alpha=0.35, lw=1.4)
    ax.plot(rows.index, rows["value"], ".", color=BLUE, ms=4)
    ax.axhline(0, color=INK, lw=0.9)
    ax.set_xticks([])
    number_axis(ax.yaxis, labels, digits=1)
    ax.set_xlabel(labels.text("chart.raters", n=labels.integer(len(rows))))
    ax.set_ylabel(wrapped(axis_text, 34))
    ax.grid(axis="y")
    return ax
