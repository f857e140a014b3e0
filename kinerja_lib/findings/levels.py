"""A measured level against a level that was set, and the level of one group beside that of its peers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kinerja_lib.findings.finding import Finding, Formatter, Gate, formatters, unsaid


@dataclass(frozen=True)
class Level:
    """A level of something that was measured whole (an index of units, a mean of all respondents).

    ``subject`` and ``target_name`` are noun phrases in both languages; ``value`` and ``target`` are on the same
    scale and printed with ``digits`` (``percent``: fractions, printed as percent); ``n`` counts the people
    concerned. ``more`` is a further sentence in both languages, such as the names of the lowest units.
    """

    topic: str
    subject: tuple[str, str]
    value: float
    target: float
    target_name: tuple[str, str]
    n: int
    digits: int = 1
    percent: bool = False
    more: tuple[str, str] = ("", "")


def finding_from_level(
    level: Level, *, minimum_group: int = 5, labels: Mapping[str, Formatter] | None = None
) -> Finding:
    """Where a level stands against its target: a count of what is there, so the difference itself is the finding.

    Gates: the level is known, and speaks of enough people. Equal to the target is neither above nor below. The
    strength is ``moderate``: everything was counted, and nothing is said about a cause.
    """
    fmt, own = formatters(labels), level
    gates = [
        Gate("known", not math.isnan(own.value), own.value, own.target, "datanya tidak ada", "there are no data"),
        Gate(
            "n", own.n >= minimum_group, float(own.n), float(minimum_group),
            f"kelompoknya kurang dari {fmt[0].integer(minimum_group)} orang",
            f"the group has fewer than {fmt[1].integer(minimum_group)} people",
        ),
    ]  # fmt: skip
    if not all(gate.passed for gate in gates):
        about = (
            f"apakah {own.subject[0]} mencapai {own.target_name[0]}",
            f"whether {own.subject[1]} reaches {own.target_name[1]}",
        )
        return unsaid(own.topic, *about, gates, {})
    if abs(own.value - own.target) < 1e-12:
        direction, words = "equal", ("sama dengan", "equal to")
    elif own.value > own.target:
        direction, words = "above", ("di atas", "above")
    else:
        direction, words = "below", ("di bawah", "below")
    shown = [[_shown(own, value, fmt[i]) for value in (own.value, own.target)] for i in (0, 1)]
    texts = (
        f"{_capital(own.subject[0])} adalah {shown[0][0]}, {words[0]} {own.target_name[0]} {shown[0][1]}.",
        f"{_capital(own.subject[1])} is {shown[1][0]}, {words[1]} {own.target_name[1]} {shown[1][1]}.",
    )
    sentences = [f"{text} {more}".strip() for text, more in zip(texts, own.more, strict=True)]
    return Finding(
        own.topic, sentences[0], sentences[1], "moderate", direction,
        {"estimate": own.value, "target": own.target, "n": float(own.n)}, tuple(gates), design="census",
    )  # fmt: skip


def _shown(level: Level, value: float, fmt: Formatter) -> str:
    return fmt.percent(value, level.digits) if level.percent else fmt.number(value, level.digits)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
