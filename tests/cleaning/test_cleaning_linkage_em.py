"""Weights of linkage by EM: near the truth, probabilities that come true as often as they say, fixed where rows are few."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from kinerja_lib.cleaning.linkage import EQUAL, FIXED, MISSING, OTHER, Comparison, Person, Population, Weights
from kinerja_lib.cleaning.linkage_em import STEPS, estimate

PEOPLE, UNITS = 600, 12
TRUE = Weights(name=(0.89, 0.07, 0.04), born=0.85, unit=0.72, prior=0.75)
FIRST = [
    "budi",
    "siti",
    "tono",
    "wati",
    "agus",
    "dewi",
    "eko",
    "rina",
    "joko",
    "lina",
    "hadi",
    "maya",
    "rudi",
    "sari",
]
LAST = [f"{start}{end}" for start in ("san", "hart", "wid", "pur", "kus", "mul", "nug", "sur") for end in
        ("oso", "ono", "anto", "awan", "adi", "ati", "iyah", "ana")]  # fmt: skip


@dataclass(frozen=True)
class Truth:
    population: Population
    rows: list[Person]
    codes: list[str]


def _name(rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(sorted((str(rng.choice(FIRST)), str(rng.choice(LAST)), str(rng.choice(LAST)))))


def _person(rng: np.random.Generator, code: str) -> Person:
    born = date(1965, 1, 1) + timedelta(days=40 * int(rng.integers(0, 300)))
    return Person(_name(rng), born, f"u{rng.integers(0, UNITS)}", code)


def _typed(name: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """One letter of the longest word wrong."""
    words = list(name)
    place = max(range(len(words)), key=lambda n: len(words[n]))
    letter = int(rng.integers(1, len(words[place])))
    words[place] = words[place][:letter] + "q" + words[place][letter + 1 :]
    return tuple(sorted(words))


def _truth(rows: int, seed: int, weights: Weights = TRUE) -> Truth:
    """Rows as the model has them: what strangers say is drawn from what the known people say, each fact apart."""
    rng = np.random.default_rng(seed)
    people = [_person(rng, f"p{number}") for number in range(PEOPLE)]
    found, codes = [], []

    def any_of(fact: str) -> Any:
        return getattr(people[int(rng.integers(0, PEOPLE))], fact)

    for _ in range(rows):
        known = rng.random() < weights.prior
        one = people[int(rng.integers(0, PEOPLE))]
        how = rng.choice(3, p=weights.name) if known else OTHER
        name = one.name if how == EQUAL else any_of("name") if how == OTHER else _typed(one.name, rng)
        born = one.born if known and rng.random() < weights.born else any_of("born")
        unit = one.unit if known and rng.random() < weights.unit else any_of("unit")
        found.append(Person(name, None if rng.random() < 0.2 else born, unit))
        codes.append(one.code if known else "")
    return Truth(Population(people), found, codes)


def _estimated(truth: Truth) -> Any:
    beside = [truth.population.comparisons(row) for row in truth.rows]
    dated = [row.born is not None for row in truth.rows]
    return estimate(beside, [1] * len(beside), dated, truth.population.size)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_weights_that_made_the_rows_are_found(seed: int) -> None:
    found = _estimated(_truth(1_500, seed))
    assert found.why == ""
    one = found.weights
    # A unit or a birth drawn at random is right by chance now and then; a row of which name and birth are both wrong is
    # near nobody and counts as a stranger's.
    assert np.allclose(one.name, TRUE.name, atol=0.06)
    assert abs(one.born - TRUE.born) < 0.05
    assert abs(one.unit - TRUE.unit - (1 - TRUE.unit) / UNITS) < 0.05
    assert abs(one.prior - TRUE.prior) < 0.05
    fixed = sum(abs(a - b) for a, b in zip(FIXED.name, TRUE.name, strict=True))
    assert sum(abs(a - b) for a, b in zip(one.name, TRUE.name, strict=True)) < fixed


def test_the_objective_never_falls() -> None:
    path = _estimated(_truth(400, 5)).path
    assert 2 < len(path) < STEPS
    assert (np.diff(path) >= -1e-9).all()


def test_a_stated_probability_comes_true_as_often() -> None:
    """In bins of the stated probability, the share of links that are right is the mean of what was stated."""
    stated, right = [], []
    for seed in range(10, 16):
        truth = _truth(1_200, seed)
        weights = _estimated(truth).weights
        for row, code in zip(truth.rows, truth.codes, strict=True):
            found, chance = truth.population.link(row, weights)
            if found:
                stated.append(chance)
                right.append(found == code)
    chances, hits = np.array(stated), np.array(right)
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 0.99), (0.99, 1.01)):
        inside = (chances >= low) & (chances < high)
        assert inside.sum() > 40, (low, inside.sum())
        error = np.sqrt(max((chances[inside] * (1 - chances[inside])).sum(), 1.0)) / inside.sum()
        gap = hits[inside].mean() - chances[inside].mean()
        assert abs(gap) < 3 * error + 0.03, (low, hits[inside].mean(), chances[inside].mean())


def test_estimated_weights_link_more_of_the_right_and_no_more_of_the_wrong() -> None:
    truth = _truth(1_500, 21)
    found = _estimated(truth).weights
    scores = {}
    for name, weights in (("fixed", FIXED), ("estimated", found)):
        links = [truth.population.link(row, weights) for row in truth.rows]
        taken = [
            (link, code) for (link, chance), code in zip(links, truth.codes, strict=True) if chance >= 0.99
        ]
        wrong = sum(link != code for link, code in taken)
        scores[name] = len(taken) - wrong, wrong / len(taken)
    assert scores["estimated"][1] <= 0.01
    assert scores["estimated"][0] > 0.4 * len(truth.rows) * TRUE.prior


def test_few_rows_keep_the_fixed_weights_and_say_so() -> None:
    found = _estimated(_truth(40, 1))
    assert (found.weights, found.why) == (FIXED, "sedikit_baris")
    assert estimate([], [], [], 10).why == "sedikit_baris"
    strangers = Weights(prior=0.0)
    found = _estimated(_truth(400, 2, strangers))
    assert found.weights == FIXED and found.why in ("sedikit_baris", "bukan_orang_sama")


def test_rows_that_are_nobody_known_are_not_taken_for_people_with_bad_dates() -> None:
    """Everybody's unit and birth disagree: EM finds a class, but not one of the same people."""
    pair = Comparison("a", EQUAL, OTHER, OTHER, 1e-4)
    found = estimate([[pair]] * 300, [1] * 300, [True] * 300, 100)
    assert (found.weights, found.why) == (FIXED, "bukan_orang_sama")


def test_equal_rows_may_be_counted_instead_of_repeated() -> None:
    truth = _truth(300, 8)
    counts = Counter(truth.rows)
    beside = [truth.population.comparisons(row) for row in counts]
    dated = [row.born is not None for row in counts]
    once = estimate(beside, list(counts.values()), dated, truth.population.size)
    assert once.weights.born == pytest.approx(_estimated(truth).weights.born)
    doubled = estimate(beside, [2 * count for count in counts.values()], dated, truth.population.size)
    assert doubled.rows == 2 * once.rows


def test_a_missing_value_says_nothing() -> None:
    whole = Comparison("a", EQUAL, EQUAL, EQUAL, 1e-6)
    part = Comparison("a", EQUAL, MISSING, EQUAL, 1e-6)
    found = estimate([[whole]] * 200 + [[part]] * 200, [1] * 400, [True] * 200 + [False] * 200, 50).weights
    assert found.born == pytest.approx((200 + 10 * FIXED.born) / 210, abs=0.002)
