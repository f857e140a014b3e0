"""Rows without a usable NIP linked to a person by name, date of birth and unit, with a stated probability.

Off by default. The weights are those of Fellegi & Sunter (1969, JASA 64, 1183–1210): for each comparison
log2(m/u), where m is how often the values agree on the same person and u how often on two people picked at random.
u is counted in the data (a common name weighs less than a rare one). m and the prior λ are estimated from the rows by
``linkage_em`` where there are enough of them; else these are taken, which also begin the estimation:

====================  =====  ==============================================================
agreement             m      why
====================  =====  ==============================================================
name, all words       0.85   titles, order and initials aside; typing errors are the rest
name, ≥ 90 % alike    0.12   one or two letters
name, other           0.03
date of birth, equal  0.95   typed from the same documents; a swapped day or month is the rest
date of birth, other  0.05
unit, equal           0.90   people move
unit, other           0.10
====================  =====  ==============================================================

A missing value weighs nothing. The probability that a row is person j of N known people, where the row belongs to
someone known with prior λ (0.9 where it is not estimated) and to one person at most, is
``(λ/N)·R_j / ((1 − λ) + Σ_k (λ/N)·R_k)`` with the likelihood ratio R: two namesakes share it, and neither
reaches the threshold. People who are not near count with the ratio of another name and another date of birth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kinerja_lib.cleaning.persons import likeness, name_words

ALIKE = 90.0
COMMON = 0.02  # a word of a name that more people than this share does not make candidates
EQUAL, OTHER, NEAR, MISSING = 0, 1, 2, -1  # levels of agreement; a name may also be near


@dataclass(frozen=True)
class Weights:
    """How often values agree on the same person, and how often a row is of somebody known.

    ``name`` is for equal, other and near names (in the order of the levels), ``born`` and ``unit`` for equal values.
    """

    name: tuple[float, float, float] = (0.85, 0.03, 0.12)
    born: float = 0.95
    unit: float = 0.90
    prior: float = 0.9

    def ratio(self, one: Comparison) -> float:
        """Likelihood ratio m/u of a comparison."""
        ratio = self.name[one.name] / one.chance
        for level, share in ((one.born, self.born), (one.unit, self.unit)):
            if level != MISSING:
                ratio *= share if level == EQUAL else 1 - share
        return ratio

    def far(self, dated: bool) -> float:
        """The same of a person who is not near: another name, and another date of birth where the row has one."""
        return self.name[OTHER] * (1 - self.born if dated else 1.0)


FIXED = Weights()


@dataclass(frozen=True)
class Comparison:
    """A row beside a person: level of agreement of name, birth and unit, and the chance of such a pair of strangers."""

    code: str
    name: int
    born: int
    unit: int
    chance: float


NAMES = tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """What is known of a person, or what a row without a NIP says."""

    name: NAMES
    born: date | None
    unit: str | None
    code: str = ""


@dataclass
class Population:
    """Known people, ready to be searched.

    Parameters
    ----------
    people : sequence of Person
        One a person and unit; ``code`` is the pseudonym.
    """

    people: Sequence[Person]
    _by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set), init=False)
    _by_born: dict[date, set[int]] = field(default_factory=lambda: defaultdict(set), init=False)

    def __post_init__(self) -> None:
        for place, person in enumerate(self.people):
            for word in person.name:
                self._by_name[word].add(place)
            if person.born is not None:
                self._by_born[person.born].add(place)
        codes = {person.code for person in self.people}
        self.size = max(len(codes), 1)
        self._names = Counter(name for _, name in {(person.code, person.name) for person in self.people})
        self._units = Counter(unit for _, unit in {(person.code, person.unit) for person in self.people})

    def link(self, row: Person, weights: Weights = FIXED) -> tuple[str, float]:
        """The most probable person and the probability; ``("", 0.0)`` where nobody is near.

        People who share neither the date of birth nor an uncommon word of the name count as not matching.
        """
        ratios = {one.code: weights.ratio(one) for one in self.comparisons(row, weights)}
        if not ratios:
            return "", 0.0
        share = weights.prior / self.size
        far = share * (self.size - len(ratios)) * weights.far(row.born is not None)
        total = (1 - weights.prior) + share * sum(ratios.values()) + far
        code = max(sorted(ratios), key=lambda one: ratios[one])
        return code, share * ratios[code] / total

    def comparisons(self, row: Person, weights: Weights = FIXED) -> list[Comparison]:
        """The row beside each person who is near; of a person known in several units or names the likeliest."""
        if not row.name:
            return []
        near = self._near(row)
        alike = {place: likeness(row.name, self.people[place].name) for place in sorted(near)}
        close = {self.people[place].code for place, score in alike.items() if score >= ALIKE}
        best: dict[str, tuple[float, Comparison]] = {}
        for place, score in alike.items():
            one = self._compared(row, self.people[place], score, len(close))
            ratio = weights.ratio(one)
            if one.code not in best or ratio > best[one.code][0]:
                best[one.code] = ratio, one
        return [one for _, one in best.values()]

    def _near(self, row: Person) -> set[int]:
        """Candidates: the same date of birth, or a word of the name that is not everybody's."""
        near = set(self._by_born.get(row.born, ())) if row.born is not None else set()
        groups = sorted((self._by_name[word] for word in row.name if word in self._by_name), key=len)
        for place, group in enumerate(groups):
            if place == 0 or len(group) <= COMMON * len(self.people):
                near |= group
        return near

    def _compared(self, row: Person, person: Person, alike: float, close: int) -> Comparison:
        """What the row and the person agree on; ``close`` people have a name like the row's."""
        frequency = max(self._names[person.name], 1) / self.size
        if row.name == person.name:
            name, chance = EQUAL, frequency
        elif alike >= ALIKE:
            name, chance = NEAR, max(close, 2) / self.size
        else:
            name, chance = OTHER, 1 - frequency if frequency < 1 else 1.0
        born = unit = MISSING
        if row.born is not None and person.born is not None:
            born = EQUAL if row.born == person.born else OTHER
            share = max(len(self._by_born[person.born]), 1) / self.size
            chance *= share if born == EQUAL else max(1 - share, 0.5)
        if row.unit and person.unit:
            unit = EQUAL if row.unit == person.unit else OTHER
            share = self._units[person.unit] / self.size
            chance *= share if unit == EQUAL else max(1 - share, 0.05)
        return Comparison(person.code, name, born, unit, chance)


def person(name: str, born: date | None, unit: str | None, code: str = "") -> Person:
    """A person as the comparison wants it."""
    return Person(name_words(name), born, unit or None, code)
