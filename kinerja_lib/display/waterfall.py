"""From one edition's figure to the next: a step for each part of the change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kinerja_lib.display.style import BLUE, GREY, INK, ORANGE, number_axis, wrapped
from kinerja_lib.language import Labels


def waterfall_chart(
    ax: Any, first: float, parts: Sequence[tuple[str, float]], last: float, labels: Labels,
    *, before: str, after: str, digits: int = 1,
) -> Any:  # fmt: skip
    """Two grey ends and between them the parts that lead from one to the other.

    Parameters
    ----------
    ax : Axes
    first, last : float
        The figure in the two editions.
    parts : sequence of (name, value)
        In order; their sum leads from ``first`` to ``last``. Unknown parts are left out by the caller.
    before, after : str
        Names of the ends.
    """
    names = [before, *(wrapped(name, 16) for name, _ in parts), after]
    level, marks = first, [first, last]
    ax.bar(0, first, color=GREY, width=0.6)
    for place, (_, value) in enumerate(parts, start=1):
        ax.bar(place, value, bottom=level, color=BLUE if value >= 0 else ORANGE, width=0.6)
        ax.plot([place - 0.7, place + 0.3], [level, level], color=GREY, lw=0.8)
        marks += [level, level + value]
        level += value
        ax.text(
            place, max(level, level - value), labels.number(value, digits, signed=True),
            ha="center", va="bottom", fontsize=9.5, color=INK,
        )  # fmt: skip
    ax.bar(len(names) - 1, last, color=GREY, width=0.6)
    for place, value in ((0, first), (len(names) - 1, last)):
        ax.text(place, value, labels.number(value, digits), ha="center", va="bottom", fontsize=9.5, color=INK)
    span = max(marks) - min(marks) or abs(last) * 0.1 or 1.0
    # bars of the ends are cut, so that small steps can be seen; the axis says where it starts
    ax.set_ylim(min(marks) - 0.6 * span, max(marks) + 0.35 * span)
    ax.set_xticks(range(len(names)), names)
    ax.tick_params(axis="x", length=0)
    ax.grid(axis="y")
    number_axis(ax.yaxis, labels, digits=digits)
    return ax


def describe_waterfall(
    first: float, parts: Sequence[tuple[str, float]], last: float, labels: Labels,
    *, before: str, after: str, digits: int = 1,
) -> str:  # fmt: skip
    """Both ends and each step in words."""
    steps = labels.listing(f"{name} {labels.number(value, digits, signed=True)}" for name, value in parts)
    return labels.text(
        "alt.waterfall", before=before, first=labels.number(first, digits), after=after,
        last=labels.number(last, digits), steps=steps,
    )  # fmt: skip
