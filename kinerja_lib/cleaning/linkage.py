"""Rows without a usable NIP linked to a person by name, date of birth and unit, with a stated probability.

Off by default. The weights are those of Fellegi & Sunter (1969, JASA 64, 1183–1210): for each comparison
log2(m/u), where m is how often the values agree on the same person and u how often on two people picked at random.
u is counted in the data (a common name weighs less than a rare one). m is fixed:

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
someone known with prior λ = 0.9 (an assumption of this project) and to one person at most, is
``(λ/N)·R_j / ((1 − λ) + Σ_k (λ/N)·R_k)`` with the likelihood ratio R: two namesakes share it, and neither
reaches the threshold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kinerja_lib.cleaning.persons import likeness, name_words

PRIOR = 0.9
ALIKE = 90.0
COMMON = 0.02  # a word of a name that more people than this share does not make candidates
M_NAME = {"equal": 0.85, "alike": 0.12, "other": 0.03}
M_BORN = 0.95
M_UNIT = 0.90
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

    def link(self, row: Person) -> tuple[str, float]:
        """The most probable person and the probability; ``("", 0.0)`` where nobody is near.

        People who share neither the date of birth nor an uncommon word of the name count as not matching.
        """
        near = self._near(row)
        alike = {place: likeness(row.name, self.people[place].name) for place in sorted(near)}
        close = {self.people[place].code for place, score in alike.items() if score >= ALIKE}
        ratios: dict[str, float] = {}
        for place, score in alike.items():
            one = self.people[place]
            ratios[one.code] = max(self._ratio(row, one, score, len(close)), ratios.get(one.code, 0.0))
        if not ratios or not row.name:
            return "", 0.0
        share = PRIOR / self.size
        total = (1 - PRIOR) + share * sum(ratios.values())
        code = max(sorted(ratios), key=lambda one: ratios[one])
        return code, share * ratios[code] / total

    def _near(self, row: Person) -> set[int]:
        """Candidates: the same date of birth, or a word of the name that is not everybody's."""
        near = set(self._by_born.get(row.born, ())) if row.born is not None else set()
        groups = sorted((self._by_name.get(word, set()) for word in row.name), key=len)
        for place, group in enumerate(groups):
            if place == 0 or len(group) <= COMMON * len(self.people):
                near |= group
        return near

    def _ratio(self, row: Person, person: Person, alike: float, close: int) -> float:
        """Likelihood ratio of what the row and the person say; ``close`` people have a name like the row's."""
        frequency = max(self._names[person.name], 1) / self.size
        if row.name == person.name:
            ratio = M_NAME["equal"] / frequency
        elif alike >= ALIKE:
            ratio = M_NAME["alike"] * self.size / max(close, 2)
        else:
            ratio = M_NAME["other"] / (1 - frequency if frequency < 1 else 1.0)
        if row.born is not None and person.born is not None:
            chance = max(len(self._by_born[person.born]), 1) / self.size
            ratio *= M_BORN / chance if row.born == person.born else (1 - M_BORN) / max(1 - chance, 0.5)
        if row.unit and person.unit:
            chance = self._units[person.unit] / self.size
            ratio *= M_UNIT / chance if row.unit == person.unit else (1 - M_UNIT) / max(1 - chance, 0.05)
        return ratio


def person(name: str, born: date | None, unit: str | None, code: str = "") -> Person:
    """A person as the comparison wants it."""
    return Person(name_words(name), born, unit or None, code)
