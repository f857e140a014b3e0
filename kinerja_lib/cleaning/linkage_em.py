"""The weights of linkage estimated from the rows themselves by EM (Winkler 1988), with the chance of agreement given.

Two classes, fields independent within each. A row is of one of the N known people with prior λ, else of somebody unknown;
u is counted in the data and stays. Each step takes the probability that row i is of person j under the present weights,

    P_ij = (λ/N)·R_ij / ((1 − λ) + Σ_k (λ/N)·R_ik)

and then m of a level as the share of that level among pairs so weighted, λ as the mean of Σ_j P_ij. Some pairs that agree as
the fixed weights say are added (``WEIGHT`` of them), so that no m becomes 0 or 1 and few rows hardly move anything: what is
maximised is the likelihood with this prior, and it never falls from one step to the next.

The fixed weights are kept, and the reason said, where rows are few, where EM does not settle, or where it finds classes
that are no "same person": people do not agree on their own date of birth in half the cases.

Winkler, W. E. (1988). Using the EM algorithm for weight computation in the Fellegi–Sunter model of record linkage. Proceedings
of the Section on Survey Research Methods, American Statistical Association, 667–671.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.cleaning.linkage import EQUAL, FIXED, MISSING, NEAR, OTHER, Comparison, Weights

FEWEST = 60  # rows near somebody, and matches expected among them
WEIGHT = 10.0  # pairs that the fixed weights count for
STEPS = 500
SETTLED = 1e-6
LOWEST = {"name": 0.5, "born": 0.5, "unit": 0.2}  # m of equal (or near) values below this is another class


@dataclass(frozen=True)
class Estimated:
    """Weights, and how they came about.

    ``why`` is empty where they are estimated, else ``sedikit_baris``, ``tidak_konvergen`` or ``bukan_orang_sama``;
    ``rows`` is the number of rows that were near somebody, ``matches`` how many of them are expected to be known people,
    ``path`` the objective at each step.
    """

    weights: Weights
    why: str
    rows: int
    matches: float
    path: tuple[float, ...] = ()


def estimate(
    rows: Sequence[Sequence[Comparison]], counts: Sequence[int], dated: Sequence[bool], size: int
) -> Estimated:
    """Weights from rows without a NIP, each beside the people near it.

    Parameters
    ----------
    rows : sequence of sequence of Comparison
        Of each distinct row; an empty one is near nobody, which speaks for strangers.
    counts : sequence of int
        How many rows say the same.
    dated : sequence of bool
        Whether the row has a date of birth: the people who are not near it have another one.
    size : int
        N, the number of known people.
    """
    pairs = _Pairs.of(rows, counts, dated, size)
    near = int(sum(count for row, count in zip(rows, counts, strict=True) if row))
    if near < FEWEST:
        return Estimated(FIXED, "sedikit_baris", near, 0.0)
    weights, path = FIXED, list[float]()
    for _ in range(STEPS):
        chance, far, objective = pairs.posterior(weights)
        path.append(objective)
        again = pairs.weights(chance, far)
        change = max(abs(one - other) for one, other in zip(_flat(weights), _flat(again), strict=True))
        weights = again
        if change < SETTLED:
            break
    else:
        return Estimated(FIXED, "tidak_konvergen", near, float(chance.sum()), tuple(path))
    matches = float(pairs.posterior(weights)[0].sum())
    why = ""
    if matches < FEWEST:
        why = "sedikit_baris"
    elif (
        weights.name[EQUAL] + weights.name[NEAR] < LOWEST["name"]
        or weights.born < LOWEST["born"]
        or weights.unit < LOWEST["unit"]
    ):
        why = "bukan_orang_sama"
    return Estimated(FIXED if why else weights, why, near, matches, tuple(path))


def _flat(one: Weights) -> tuple[float, ...]:
    return (*one.name, one.born, one.unit, one.prior)


@dataclass(frozen=True)
class _Pairs:
    """All pairs of a row and a person near it, as columns; ``row`` says which row each belongs to."""

    row: NDArray[np.int64]
    name: NDArray[np.int64]
    born: NDArray[np.int64]
    unit: NDArray[np.int64]
    chance: NDArray[np.float64]
    counts: NDArray[np.float64]
    dated: NDArray[np.bool_]
    size: int

    @classmethod
    def of(
        cls, rows: Sequence[Sequence[Comparison]], counts: Sequence[int], dated: Sequence[bool], size: int
    ) -> _Pairs:
        places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        flat = [one for row in rows for one in row]
        levels = np.array([(one.name, one.born, one.unit) for one in flat], dtype=np.int64).reshape(-1, 3)
        chance = np.array([one.chance for one in flat], dtype=np.float64)
        known = np.asarray(dated, dtype=np.bool_)
        name, born, unit = levels.T
        return cls(places, name, born, unit, chance, np.asarray(counts, dtype=np.float64), known, size)

    def posterior(self, weights: Weights) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Probability of each pair, and of each row that it is of a person not near, times the number of its rows; the
        log likelihood with the prior."""
        ratio = np.asarray(weights.name)[self.name] / self.chance
        for level, share in ((self.born, weights.born), (self.unit, weights.unit)):
            ratio *= np.select([level == MISSING, level == EQUAL], [1.0, share], 1 - share)
        known = weights.prior / self.size * ratio
        others = 1 - np.bincount(self.row, minlength=len(self.counts)) / self.size
        far = weights.prior * others * np.where(self.dated, weights.far(True), weights.far(False))
        total = (1 - weights.prior) + np.bincount(self.row, known, minlength=len(self.counts)) + far
        objective = float(self.counts @ np.log(total)) + _prior(weights)
        return known / total[self.row] * self.counts[self.row], far / total * self.counts, objective

    def weights(self, chance: NDArray[np.float64], far: NDArray[np.float64]) -> Weights:
        """The weights that these probabilities make likeliest."""
        names = np.bincount(self.name, chance, minlength=3) + WEIGHT * np.asarray(FIXED.name)
        names[OTHER] += far.sum()
        equal, other, near = (names / names.sum()).tolist()
        born, unit = (
            self._equal(level, chance, fixed, lost)
            for level, fixed, lost in (
                (self.born, FIXED.born, float(far[self.dated].sum())),
                (self.unit, FIXED.unit, 0.0),
            )
        )
        prior = (chance.sum() + far.sum() + WEIGHT * FIXED.prior) / (self.counts.sum() + WEIGHT)
        return Weights((equal, other, near), born, unit, float(prior))

    @staticmethod
    def _equal(level: NDArray[np.int64], chance: NDArray[np.float64], fixed: float, lost: float) -> float:
        compared = float(chance[level != MISSING].sum()) + lost
        return (float(chance[level == EQUAL].sum()) + WEIGHT * fixed) / (compared + WEIGHT)


def _prior(one: Weights) -> float:
    """Log density of the fixed weights' pairs, up to a constant."""
    shares = [
        *zip(one.name, FIXED.name, strict=True),
        (one.born, FIXED.born), (1 - one.born, 1 - FIXED.born),
        (one.unit, FIXED.unit), (1 - one.unit, 1 - FIXED.unit),
        (one.prior, FIXED.prior), (1 - one.prior, 1 - FIXED.prior),
    ]  # fmt: skip
    return float(sum(WEIGHT * fixed * np.log(found) for found, fixed in shares))
