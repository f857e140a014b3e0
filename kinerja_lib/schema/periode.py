"""Appraisal periods: a year, a semester, a quarter or a month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from kinerja_lib.errors import Both, SchemaError

_PATTERN = re.compile(r"^(\d{4})(?:-(?:Q([1-4])|S([12])|(0[1-9]|1[0-2])))?$")
_MONTHS = {"year": 12, "semester": 6, "quarter": 3, "month": 1}


@total_ordering
@dataclass(frozen=True)
class Periode:
    """A period such as ``2025``, ``2025-S1``, ``2025-Q3`` or ``2025-07``.

    Periods are ordered by their last day, then by their first: ``2025-Q4 > 2025-Q3`` and ``2025-Q4 > 2025``.

    Raises
    ------
    SchemaError
        The text is none of the four forms.

    Examples
    --------
    >>> Periode("2025-Q3").end
    datetime.date(2025, 9, 30)
    >>> Periode("2025-Q1").previous()
    Periode('2024-Q4')
    >>> [str(q) for q in Periode("2025-S1").quarters()]
    ['2025-Q1', '2025-Q2']
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not _PATTERN.match(self.text):
            raise SchemaError(
                Both(f"bukan periode: {self.text!r}", en=f"not a period: {self.text!r}"),
                action=Both(
                    "tulis sebagai 2025, 2025-S1, 2025-Q3, atau 2025-07",
                    en="write it as 2025, 2025-S1, 2025-Q3 or 2025-07",
                ),
            )

    @property
    def _parts(self) -> tuple[str | None, ...]:
        match = _PATTERN.match(self.text)
        if match is None:
            raise AssertionError(self.text)
        return match.groups()

    @property
    def year(self) -> int:
        """Calendar year."""
        return int(self.text[:4])

    @property
    def kind(self) -> str:
        """``year``, ``semester``, ``quarter`` or ``month``."""
        _, quarter, semester, month = self._parts
        return "quarter" if quarter else "semester" if semester else "month" if month else "year"

    @property
    def number(self) -> int:
        """Number of the period in its year: 1–4 for a quarter, 1 for a year."""
        _, quarter, semester, month = self._parts
        return int(quarter or semester or month or 1)

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        month = self.number * _MONTHS[self.kind]
        return date(self.year, 12, 31) if month == 12 else date(self.year, month + 1, 1) - timedelta(days=1)

    def contains(self, other: Periode) -> bool:
        """Whether the other period lies inside this one."""
        return self.start <= other.start and other.end <= self.end

    def previous(self) -> Periode:
        """The period of the same kind just before this one."""
        return self.shift(-1)

    def next(self) -> Periode:
        """The period of the same kind just after this one."""
        return self.shift(1)

    def shift(self, steps: int) -> Periode:
        """The period of the same kind ``steps`` later (earlier where negative)."""
        per_year = 12 // _MONTHS[self.kind]
        index = self.year * per_year + self.number - 1 + steps
        return _make(index // per_year, self.kind, index % per_year + 1)

    def same_last_year(self) -> Periode:
        """The same period one year earlier."""
        return _make(self.year - 1, self.kind, self.number)

    def quarters(self) -> tuple[Periode, ...]:
        """The quarters inside a year, a semester or a quarter; none for a month."""
        months = _MONTHS[self.kind]
        if months < 3:
            return ()
        first = (self.start.month - 1) // 3 + 1
        return tuple(_make(self.year, "quarter", first + step) for step in range(months // 3))

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Periode):
            return NotImplemented
        return (self.end, self.start) < (other.end, other.start)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Periode({self.text!r})"


def _make(year: int, kind: str, number: int) -> Periode:
    suffix = {"year": "", "semester": f"-S{number}", "quarter": f"-Q{number}", "month": f"-{number:02d}"}[
        kind
    ]
    return Periode(f"{year:04d}{suffix}")


def periode_range(text: str) -> tuple[Periode, ...]:
    """Expand ``2023-Q1:2025-Q4`` to all periods between, both ends included.

    Raises
    ------
    SchemaError
        One end is no period, the kinds differ, or the end lies before the start.
    """
    first_text, _, last_text = text.partition(":")
    first, last = Periode(first_text), Periode(last_text or first_text)
    if first.kind != last.kind or last < first:
        raise SchemaError(
            Both(f"bukan rentang periode: {text!r}", en=f"not a range of periods: {text!r}"),
            action=Both("tulis sebagai 2023-Q1:2025-Q4", en="write it as 2023-Q1:2025-Q4"),
        )
    return tuple(_walk(first, last))


def _walk(first: Periode, last: Periode) -> Iterator[Periode]:
    current = first
    while current <= last:
        yield current
        current = current.next()
