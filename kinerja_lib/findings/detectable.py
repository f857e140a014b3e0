"""The smallest difference that the data of a finding could have shown, so that "cannot be concluded" can be read.

Stated for the finding's own test at the level that the adjustment for its family asked of it, the other tests as they
are (``models.multiplicity.rejection_levels``). It follows from the standard error and the degrees of freedom alone,
never from the estimate, which would turn the p-value into a "power" that says nothing more (Hoenig & Heisey 2001, The
American Statistician 55:19).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kinerja_lib.models.power import detectable_errors

if TYPE_CHECKING:
    from kinerja_lib.findings.finding import Formatter

POWER = 0.8
#: gates that fail because the data are too few to tell, not because a rule or a condition is not met
OF_CHANCE = frozenset({"interval", "equivalence", "p", "p_adjusted", "family", "confirmed", "above"})


@dataclass(frozen=True)
class Precision:
    """What a test can see.

    Attributes
    ----------
    errors : tuple of (float, float)
        Standard error and degrees of freedom of each test that a claim needs, all on the same scale.
    kind : (str, str)
        What is spoken of in both languages: a difference, a relation, a change.
    unit : (str, str)
        Unit that follows the number; may be empty.
    factor : float
        Printed number over that of ``errors``: 100 for shares in percentage points.
    sides : int
        Of the test.
    alpha : float
        Level of the test; ``stand_together`` lowers it to what the family asks.
    limit : float
        Largest size there can be; where more would be needed, the sentence says that.
    """

    errors: tuple[tuple[float, float], ...]
    kind: tuple[str, str] = ("perbedaan", "a difference")
    unit: tuple[str, str] = ("", "")
    factor: float = 1.0
    digits: int = 1
    sides: int = 2
    alpha: float = 0.05
    limit: float = math.inf

    @property
    def smallest(self) -> float:
        """Smallest true size that passes every test with a chance of at least ``POWER``; NaN where unknown.

        With k tests each is given the chance 1 - (1 - power) / k (Bonferroni's inequality).

        Examples
        --------
        >>> round(Precision(((1.0, float("inf")),)).smallest, 2)
        2.8
        """
        if not self.errors or any(not (error > 0 and df > 0) for error, df in self.errors):
            return math.nan
        tail = self.alpha / self.sides
        chance = 1 - (1 - POWER) / len(self.errors)
        return max(detectable_errors(df, tail, chance) * error for error, df in self.errors)

    def sentence(self, fmt: Sequence[Formatter], lang: int) -> str:
        """What a reader is told; empty where it is not known."""
        if math.isnan(self.smallest):
            return ""
        if not self.smallest < self.limit:
            return (
                "Dengan data ini, {} sebesar apa pun belum tentu terdeteksi.",
                "These data need not show {}, however large.",
            )[lang].format(self.kind[lang])
        size = f"{fmt[lang].number(self.smallest * self.factor, self.digits)} {self.unit[lang]}".strip()
        chance = fmt[lang].percent(POWER, 0)
        if lang:
            return f"These data could still show {self.kind[1]} of {size} or more (with a chance of at least {chance})."
        return (
            f"Dengan data ini, {self.kind[0]} sebesar {size} atau lebih masih dapat terdeteksi (dengan peluang "
            f"sekurang-kurangnya {chance})."
        )
