"""An attacker with every published comparison: linear bounds on what few persons had, from the whole and the others.

Of each agency the unknowns are sums over those who stayed (then, now), left and joined; every figure, part and count that
is published is an equation. The sum over a group of few persons must not follow from them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kinerja_lib.reporting.comparison import figure, split_change
from kinerja_lib.reporting.comparison.guard import guarded
from kinerja_lib.reporting.comparison.split import Change
from kinerja_lib.reporting.headline import points_at_few, withheld_of

SMALLEST = 5
_UNKNOWN = ("stay_old", "stay_new", "left", "joined", "then")
_SIZES = st.tuples(
    st.sampled_from([8, 20, 40, 90]), st.sampled_from([0, 1, 3, 6, 9]), st.sampled_from([0, 1, 2, 7]),
    st.sampled_from([0, 0, 1, 4, 8]),
)  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """Persons of an agency by whether they stayed, left or joined, and how many had their data of then revised."""

    stayed: int
    left: int
    joined: int
    revised: int


def _frames(
    agencies: list[Agency], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The earlier year on the data of then and of now, and the later year: shares near a half, so that none is special."""
    then, old, new = [], [], []
    for number, agency in enumerate(agencies):
        code = f"a{number}"
        for person in range(agency.stayed + agency.left + agency.joined):
            key, before, now = f"{code}-{person}", float(rng.random() < 0.5), float(rng.random() < 0.5)
            if person < agency.stayed + agency.left:
                old.append((key, code, before, 1.0))
                then.append((key, code, 1 - before if person < agency.revised else before, 1.0))
            if not agency.stayed <= person < agency.stayed + agency.left:
                new.append((key, code, now, 1.0))
    columns = ["entity", "instansi", "value", "weight"]
    return tuple(pd.DataFrame(rows, columns=columns) for rows in (then, old, new))  # type: ignore[return-value]


def _published(agencies: list[Agency], seed: int, *, guard: bool = True) -> dict[str, Change]:
    then, old, new = _frames(agencies, np.random.default_rng(seed))
    codes = [None, *(f"a{number}" for number in range(len(agencies)))]
    changes = {
        code or "all": split_change("good", code, old, new, published=figure(then, code), then=then)
        for code in codes
    }
    return guarded("good", changes, SMALLEST) if guard else changes


def _equations(found: dict[str, Change], agencies: list[Agency]) -> tuple[np.ndarray, np.ndarray]:
    """All that is published, as equations of the unknown sums."""
    width, rows, right = len(_UNKNOWN) * len(agencies), [], []

    def add(code: str, terms: dict[str, float], value: float) -> None:
        if math.isnan(value):
            return
        row = np.zeros(width)
        for number in range(len(agencies)):
            if code in ("all", f"a{number}"):
                for name, factor in terms.items():
                    row[number * len(_UNKNOWN) + _UNKNOWN.index(name)] += factor
        rows.append(row)
        right.append(value)

    for code, one in found.items():
        first, last = one.stayed + one.left, one.stayed + one.joined
        add(code, {"then": 1}, one.published * first)  # the method did not change
        add(code, {"stay_new": 1, "joined": 1}, one.after * last)
        add(code, {"stay_old": 1, "left": 1}, one.before * first)
        add(code, {"stay_old": 1, "left": 1, "then": -1}, one.revision * first)
        add(code, {"stay_new": 1, "stay_old": -1}, one.real * one.stayed)
    return np.array(rows).reshape(-1, width), np.array(right)


def _span(goal: np.ndarray, equations: tuple[np.ndarray, np.ndarray], agencies: list[Agency]) -> float:
    """Width of what a linear sum of the unknowns may be."""
    limits = []
    for agency in agencies:
        limits += [(0, agency.stayed)] * 2 + [
            (0, agency.left),
            (0, agency.joined),
            (0, agency.stayed + agency.left),
        ]
    ends = []
    for way in (1, -1):
        answer = linprog(way * goal, A_eq=equations[0], b_eq=equations[1], bounds=limits, method="highs")
        assert answer.status == 0, answer.message
        ends.append(way * answer.fun)
    return ends[1] - ends[0]


def _targets(agencies: list[Agency]) -> list[tuple[str, np.ndarray]]:
    """Sums over few persons: those who left or joined an agency, and what was revised in it."""
    found = []
    for number, agency in enumerate(agencies):
        for name, count in (("left", agency.left), ("joined", agency.joined)):
            if 0 < count < SMALLEST:
                goal = np.zeros(len(_UNKNOWN) * len(agencies))
                goal[number * len(_UNKNOWN) + _UNKNOWN.index(name)] = 1
                found.append((f"a{number} {name}", goal))
        if 0 < agency.revised < SMALLEST:
            goal = np.zeros(len(_UNKNOWN) * len(agencies))
            for name, factor in (("stay_old", 1), ("left", 1), ("then", -1)):
                goal[number * len(_UNKNOWN) + _UNKNOWN.index(name)] = factor
            found.append((f"a{number} revised", goal))
    return found


def _special(found: dict[str, Change], agencies: list[Agency], seed: int) -> bool:
    """A share of none or of all tells of everybody, whatever is withheld; such draws say nothing of the guard."""
    open_ones = _published(agencies, seed, guard=False)
    return any(
        value in (0.0, 1.0) for one in open_ones.values() for value in (one.published, one.before, one.after)
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(_SIZES, min_size=2, max_size=5), st.integers(0, 10_000))
def test_no_few_follow_from_the_whole_and_the_others(
    sizes: list[tuple[int, int, int, int]], seed: int
) -> None:
    agencies = [Agency(*one) for one in sizes]
    found = _published(agencies, seed)
    if _special(found, agencies, seed):
        return
    equations = _equations(found, agencies)
    for name, goal in _targets(agencies):
        assert _span(goal, equations, agencies) > 0.99, name


def test_the_attack_succeeds_where_nothing_is_guarded_or_each_agency_by_itself() -> None:
    agencies = [Agency(40, 0, 1, 0), Agency(90, 9, 7, 8), Agency(40, 0, 0, 1)]
    open_ones = _published(agencies, 3, guard=False)
    alone = {code: guarded("good", {code: one}, SMALLEST)[code] for code, one in open_ones.items()}
    assert math.isnan(alone["a0"].real)
    for found, pinned in ((open_ones, {"a0 joined", "a2 revised"}), (alone, {"a0 joined", "a2 revised"})):
        equations = _equations(found, agencies)
        spans = {name: _span(goal, equations, agencies) for name, goal in _targets(agencies)}
        assert {name for name, span in spans.items() if span < 1e-6} == pinned
    equations = _equations(_published(agencies, 3), agencies)
    assert all(_span(goal, equations, agencies) > 0.99 for _, goal in _targets(agencies))


def test_one_agency_withheld_alone_would_follow_from_the_government() -> None:
    agencies = [Agency(20, 7, 1, 0), Agency(40, 6, 7, 0), Agency(90, 9, 7, 0)]
    _, old, new = _frames(agencies, np.random.default_rng(1))
    found = guarded(
        "good",
        {code or "all": split_change("good", code, old, new) for code in (None, "a0", "a1", "a2")},
        SMALLEST,
    )
    assert [math.isnan(found[code].real) for code in ("all", "a0", "a1", "a2")] == [False, True, True, False]


@given(
    st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=2, max_size=8),
)
def test_what_follows_of_withheld_agencies_together_points_at_no_few(drawn: list[tuple[int, float]]) -> None:
    entries = {f"a{number}": (round(share * n) / n, n) for number, (n, share) in enumerate(drawn)}
    total = sum(n for _, n in entries.values())
    good = sum(round(value * n) for value, n in entries.values())
    entries["all"] = (good / total, total)
    hidden = withheld_of("good", entries, SMALLEST) - {"all"}
    assert len(hidden) != 1 or len(entries) == 2
    if hidden and hidden != set(entries) - {"all"}:
        n = sum(entries[code][1] for code in hidden)
        value = sum(entries[code][0] * entries[code][1] for code in hidden) / n
        assert not points_at_few("good", value, value, n, SMALLEST)
