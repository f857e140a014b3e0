"""What a chart shows, in words, made from the numbers it was drawn from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.language import Labels
from kinerja_lib.schema.predikat import PREDIKAT


def describe_groups(
    frame: pd.DataFrame, labels: Labels, *, kind: str = "dots", percent: bool = False, digits: int = 1
) -> str:
    """Highest, lowest and number of groups of ``label``, ``value``; suppressed groups are counted.

    ``kind`` is a phrase under ``alt.``: ``dots``, ``bars``.
    """
    shown = frame.dropna(subset=["value"])
    start = labels.text(f"alt.{kind}")
    if not len(shown):
        return start + " " + labels.text("alt.nothing")
    show = labels.percent if percent else labels.number
    best, worst = shown.loc[shown["value"].idxmax()], shown.loc[shown["value"].idxmin()]
    text = labels.text(
        "alt.extremes",
        start=start,
        n=labels.integer(len(shown)),
        best=best["label"],
        high=show(best["value"], digits),
        worst=worst["label"],
        low=show(worst["value"], digits),
    )
    hidden = len(frame) - len(shown)
    return text + (" " + labels.text("alt.suppressed", n=labels.integer(hidden)) if hidden else "")


def describe_distribution(shares: Any, labels: Labels, *, curve: Any = None) -> str:
    """The share of each predicate, highest predicate first, and the curve's share beside it."""
    parts = []
    for name in reversed(PREDIKAT):
        share = float(shares.get(name, 0.0))
        part = f"{labels.category(name)} {'*' if share != share else labels.percent(share)}"
        if curve is not None:
            part += f" ({labels.text('alt.curve', value=labels.percent(curve.get(name, 0.0), 0))})"
        parts.append(part)
    return f"{labels.text('alt.bars')} {'; '.join(parts)}."


def describe_trend(frame: pd.DataFrame, labels: Labels, *, percent: bool = True, digits: int = 1) -> str:
    """First and last value of ``periode``, ``value``, and the highest and lowest between."""
    show = labels.percent if percent else labels.number
    first, last = frame.iloc[0], frame.iloc[-1]
    top, bottom = frame.loc[frame["value"].idxmax()], frame.loc[frame["value"].idxmin()]
    return labels.text(
        "alt.trend",
        first=labels.periode(first["periode"]),
        start=show(first["value"], digits),
        last=labels.periode(last["periode"]),
        end=show(last["value"], digits),
        top=labels.periode(top["periode"]),
        high=show(top["value"], digits),
        bottom=labels.periode(bottom["periode"]),
        low=show(bottom["value"], digits),
    )


def describe_slope(frame: pd.DataFrame, labels: Labels, *, percent: bool = True) -> str:
    """How many groups rose and fell between ``before`` and ``after``, and the largest change."""
    rows = frame.dropna(subset=["before", "after"])
    change = rows["after"] - rows["before"]
    if not len(rows):
        return labels.text("alt.nothing")
    show = labels.percent if percent else labels.number
    largest = rows.loc[change.abs().idxmax()]
    return labels.text(
        "alt.slope",
        up=labels.integer(int((change > 0).sum())),
        down=labels.integer(int((change < 0).sum())),
        label=largest["label"],
        before=show(largest["before"], 1),
        after=show(largest["after"], 1),
    )


def describe_heatmap(frame: pd.DataFrame, labels: Labels) -> str:
    """Size of the map, its highest and its lowest cell."""
    cells = frame.stack()
    cells = cells.dropna()
    if not len(cells):
        return labels.text("alt.nothing")
    (best, high), (worst, low) = cells.idxmax(), cells.idxmin()
    return labels.text(
        "alt.heatmap",
        rows=labels.integer(len(frame)),
        columns=labels.integer(frame.shape[1]),
        best=f"{best}, {high}",
        high=labels.number(cells.max(), 0),
        worst=f"{worst}, {low}",
        low=labels.number(cells.min(), 0),
    )


def describe_coefficients(frame: pd.DataFrame, labels: Labels, *, digits: int = 1) -> str:
    """Each estimate with its interval, specification by specification."""
    parts = [
        f"{row.term} ({row.spec}): {labels.number(row.estimate, digits, signed=True)} "
        f"[{labels.interval(labels.number(row.ci_low, digits), labels.number(row.ci_high, digits))}]"
        for row in frame.itertuples()
    ]
    return f"{labels.text('alt.coefficients')} {'; '.join(parts)}."


def describe_flow(frame: pd.DataFrame, labels: Labels) -> str:
    """Rows read, kept, merged and rejected in all."""
    total = {name: int(frame[name].sum()) for name in ("read", "kept", "merged", "rejected")}
    return labels.text("alt.flow", **{name: labels.integer(value) for name, value in total.items()})


def describe_dose(frame: pd.DataFrame, labels: Labels) -> str:
    """First, last and highest value of ``jp``, ``value``."""
    first, last, top = frame.iloc[0], frame.iloc[-1], frame.loc[frame["value"].idxmax()]
    return labels.text(
        "alt.dose",
        start=labels.percent(first["value"]),
        first=labels.integer(first["jp"]),
        end=labels.percent(last["value"]),
        last=labels.integer(last["jp"]),
        high=labels.percent(top["value"]),
        top=labels.integer(top["jp"]),
    )


def describe_severity(frame: pd.DataFrame, labels: Labels) -> str:
    """How many raters lie above and below zero with their whole interval."""
    return labels.text(
        "alt.severity",
        n=labels.integer(len(frame)),
        above=labels.integer(int((frame["low"] > 0).sum())),
        below=labels.integer(int((frame["high"] < 0).sum())),
    )


def describe_curve(frame: pd.DataFrame, labels: Labels, *, obligation: float = 20.0) -> str:
    """The curve's value with its interval at the obligation and at its end."""
    if not len(frame):
        return labels.text("alt.nothing")
    at, last = frame.loc[(frame["dose"] - obligation).abs().idxmin()], frame.iloc[-1]
    parts = {
        f"{name}_{key}": labels.number(row[column], 1, signed=True)
        for name, row in (("due", at), ("end", last))
        for key, column in (("value", "estimate"), ("low", "ci_low"), ("high", "ci_high"))
    }
    return labels.text(
        "alt.curve_fit", due=labels.integer(at["dose"]), end=labels.integer(last["dose"]), **parts
    )
