"""Differences between groups of people, such as men and women, at equal performance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinerja_lib.findings.detectable import Precision
from kinerja_lib.findings.finding import Finding, Formatter, Gate, formatters, unsaid


@dataclass(frozen=True)
class Difference:
    """An average marginal effect of a group beside its reference, in words of both languages.

    ``estimate``, ``ci_low`` and ``ci_high`` are differences of probabilities; ``p_adjusted`` is adjusted for
    all comparisons of the family; ``events`` counts how often the outcome happened. ``p`` is the p-value as it is,
    for a family declared later (``stand_together``), ``n`` the people compared. ``confirmed`` says whether a second
    method, on other assumptions, found the same; None where none was asked. ``errors`` are standard error and degrees
    of freedom of each method on the scale of ``estimate``, for the smallest difference that could have been seen, and
    ``level`` the largest ``p`` with which it would have stood out among the comparisons (``rejection_levels``).
    """

    topic: str
    group: tuple[str, str]
    reference: tuple[str, str]
    outcome: tuple[str, str]
    estimate: float
    ci_low: float
    ci_high: float
    p_adjusted: float
    events: int
    p: float = math.nan
    n: int = 0
    confirmed: bool | None = None
    errors: tuple[tuple[float, float], ...] = ()
    level: float = math.nan


def finding_from_difference(
    difference: Difference, *, alpha: float = 0.05, minimum_events: int = 30, margin: float = 0.02,
    labels: Mapping[str, Formatter] | None = None,
) -> Finding:  # fmt: skip
    """Whether a group has the outcome more or less often than its reference at equal performance.

    Gates: enough events, an adjusted p-value below ``alpha``. Where the interval lies inside ±``margin`` the
    difference is said to be too small to matter; what is neither is unsaid, and so is what a second method did not
    confirm. A confirmed one is ``moderate``: everybody was counted, and two methods agree. Never a causal verb, and
    never "fair": equal rates at equal ratings do not show that the ratings are fair.
    """
    fmt, own = formatters(labels), difference
    about = (
        f"apakah {own.outcome[0]} pada kelompok {own.group[0]} berbeda dari {own.reference[0]}",
        f"whether {own.outcome[1]} differ between {own.group[1]} and {own.reference[1]}",
    )
    few = _possible(own, minimum_events, fmt)
    if not all(gate.passed for gate in few):
        return unsaid(own.topic, *about, few, {})
    evidence = {
        "estimate": own.estimate, "ci_low": own.ci_low, "ci_high": own.ci_high, "n": float(own.n or own.events),
        "events": float(own.events),
    }  # fmt: skip
    if not math.isnan(own.p):
        evidence["p"] = own.p
    gates = [*few[:1], *_tests(own, alpha)]
    if max(abs(own.ci_low), abs(own.ci_high)) < margin:
        return Finding(own.topic, *_small(own, margin, fmt), "none", "equal", evidence, (gates[0],))
    if not all(gate.passed for gate in gates):
        points = ("poin persentase", "percentage points")
        level = alpha if math.isnan(own.level) else own.level
        precision = Precision(own.errors, unit=points, factor=100, alpha=level, limit=1.0)
        return replace(unsaid(own.topic, *about, gates, evidence), design="groups", precision=precision)
    return Finding(
        own.topic, *_differs(own, fmt), "moderate" if own.confirmed else "weak", "above" if own.estimate > 0 else "below",
        {**evidence, "grounds": 2.0 if own.confirmed else 1.0}, tuple(gates),
        design="groups", details={"about": about, "group": own.group, "reference": own.reference},
    )  # fmt: skip


def _possible(own: Difference, least: int, fmt: tuple[Formatter, Formatter]) -> list[Gate]:
    """Enough events, and an estimate that may be shown."""
    return [
        Gate(
            "events", own.events >= least, float(own.events), float(least),
            f"kejadiannya hanya {fmt[0].integer(own.events)} (paling sedikit {fmt[0].integer(least)})",
            f"there are only {fmt[1].integer(own.events)} events (at least {fmt[1].integer(least)} needed)",
        ),
        Gate(
            "shown", own.events < least or not math.isnan(own.estimate), 0.0, 1.0,
            "kelompoknya terlalu kecil", "the group is too small",
        ),
    ]  # fmt: skip


def _tests(own: Difference, alpha: float) -> list[Gate]:
    gates = [
        Gate(
            "p_adjusted", own.p_adjusted < alpha, own.p_adjusted, alpha,
            "perbedaannya masih dapat terjadi karena kebetulan", "the difference could still be due to chance",
        )
    ]  # fmt: skip
    if own.confirmed is None:
        return gates
    return [
        *gates,
        Gate(
            "confirmed", own.confirmed, float(own.confirmed), 1.0,
            "perbandingan di dalam unit kerja dan tahun yang sama tidak menguatkannya",
            "the comparison within the same unit and year does not confirm it",
        ),
    ]  # fmt: skip


def _small(own: Difference, margin: float, fmt: tuple[Formatter, Formatter]) -> tuple[str, str]:
    size = [one.number(margin * 100, 2) for one in fmt]
    return (
        f"Pada kinerja yang sama, {own.outcome[0]} pada kelompok {own.group[0]} tidak berbeda secara berarti dari "
        f"{own.reference[0]}: selisihnya kurang dari {size[0]} poin persentase.",
        f"At equal performance, {own.outcome[1]} do not differ in a way that matters between {own.group[1]} and "
        f"{own.reference[1]}: by less than {size[1]} percentage points.",
    )


def _differs(own: Difference, fmt: tuple[Formatter, Formatter]) -> tuple[str, str]:
    more, size = own.estimate > 0, [one.number(abs(own.estimate) * 100, 1) for one in fmt]
    return (
        f"Pada kinerja yang sama, {own.outcome[0]} pada kelompok {own.group[0]} {'lebih sering' if more else 'lebih jarang'} "
        f"{size[0]} poin persentase daripada {own.reference[0]}.",
        f"At equal performance, {own.outcome[1]} are {'more' if more else 'less'} frequent by {size[1]} percentage "
        f"points among {own.group[1]} than among {own.reference[1]}.",
    )
