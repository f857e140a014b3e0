"""Writes the cells of the exports and damages some, keeping the truth of each.

What is damaged beyond recovery is marked: such a row has to be rejected, and a plain value left missing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

import pandas as pd

from kinerja_lib.samples import spellings
from kinerja_lib.samples.stream import Stream

#: damage done to a NIP: share of all NIP damage, whether it can be undone
NIP_DAMAGE: tuple[tuple[str, float, bool], ...] = (
    ("apostrophe", 3, True), ("spaces", 4, True), ("dots", 2, True), ("prefix", 2, True), ("nbsp", 2, True),
    ("precision", 1.5, False), ("scientific", 0.8, False), ("null", 0.5, False), ("blank", 1, False),
    ("nik", 0.8, False), ("lost_digit", 0.8, False), ("non_asn", 0.6, False),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a row stands: file, sheet, row (from 1) and the table it belongs to."""

    file: str
    sheet: str
    row: int
    table: str


@dataclass
class Account:
    """The truth about the files: damaged cells, repeated rows, rows in each sheet."""

    damaged: list[tuple[Any, ...]] = field(default_factory=list)
    repeated: list[tuple[Any, ...]] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)

    def sheet(self, file: str, name: str, layout: str, table: str, rows: int) -> None:
        """Note that a sheet holds so many data rows."""
        self.sheets.append({"file": file, "sheet": name, "layout": layout, "table": table, "rows": rows})


class Scribe:
    """Turns true values into the cells of an export.

    Parameters
    ----------
    seed : int
    share : float
        Share of the cells that are damaged, 0–1.
    account : Account
        Where the truth is kept.
    purpose : str
        Name of the stream the damage is drawn from.
    """

    def __init__(self, seed: int, share: float, account: Account, purpose: str = "damage") -> None:
        self.stream = Stream(seed, purpose)
        self.share = share
        self.account = account
        self._pool: list[float] = []
        self._broken: Place | None = None

    def chance(self) -> float:
        """One number in (0, 1), from a pool, because millions are drawn."""
        if not self._pool:
            self._pool = self.stream.uniform(8192).tolist()
        return self._pool.pop()

    def hit(self, factor: float = 1.0) -> bool:
        """Whether the next cell is damaged."""
        return self.chance() < self.share * factor

    def pick(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return options[int(self.chance() * len(options))]

    def note(self, place: Place, name: str, kind: str, true: object, recoverable: bool = True) -> None:
        """Keep the truth of a damaged cell."""
        value = true.isoformat() if isinstance(true, date) else true
        if not recoverable:
            self._broken = place
        self.account.damaged.append(
            (place.file, place.sheet, place.row, place.table, name, kind, value, int(recoverable))
        )

    def sound(self, place: Place) -> bool:
        """Whether the row written last can be recovered; only such rows are repeated."""
        return self._broken != place

    def spelled(self, place: Place, name: str, true: str, variants: Sequence[Any]) -> Any:
        """The value, or now and then one of its spellings."""
        if not variants or not self.hit():
            return true
        self.note(place, name, "spelling", true)
        return self.pick(variants)

    def predikat(self, place: Place, name: str, true: str) -> Any:
        """A predicate."""
        return self.spelled(place, name, true, spellings.PREDIKAT[true])

    def rating(self, place: Place, name: str, true: str) -> Any:
        """A rating."""
        return self.spelled(place, name, true, spellings.RATING[true])

    def day(self, place: Place, name: str, true: Any) -> Any:
        """A date, mostly ``31-12-2024``; blank where it is missing."""
        if pd.isna(true):
            return ""
        value = pd.Timestamp(true).date()
        if self.hit():
            self.note(place, name, "date_form", value)
            return self.pick(spellings.dates(value))
        return f"{value:%d-%m-%Y}"

    def count(self, place: Place, name: str, true: Any, unit: str = "") -> Any:
        """A whole number, now and then as text with its unit or with a decimal comma."""
        if pd.isna(true):
            return ""
        value = int(true)
        if self.hit():
            self.note(place, name, "number_form", value)
            return self.pick([str(value), f"{value},0", f"{value} {unit}".strip(), f" {value}"])
        return value

    def amount(self, place: Place, name: str, true: Any) -> Any:
        """A number, now and then as text with a decimal comma or point, seldom ambiguous."""
        if pd.isna(true):
            return ""
        value = float(true)
        if self.hit():
            if value >= 100_000 and self.chance() < 0.15:
                self.note(place, name, "ambiguous_number", value, False)
                return spellings.number_text(value) + ",500,00"
            self.note(place, name, "number_form", value)
            return self.pick(spellings.numbers(value))
        return value

    def nip(self, place: Place, name: str, true: str, *, born: bool = False) -> str:
        """A NIP; ``born`` where the date of birth is in the row, so that a lost digit can be rebuilt."""
        if not self.hit():
            return true
        edges = list(accumulate(weight for _, weight, _ in NIP_DAMAGE))
        kind, _, recoverable = NIP_DAMAGE[bisect_right(edges, self.chance() * edges[-1])]
        self.note(place, name, f"nip_{kind}", true, recoverable or (kind == "lost_digit" and born))
        return _damaged_nip(true, kind)


def _damaged_nip(true: str, kind: str) -> str:
    birth, start, sex, number = true[:8], true[8:14], true[14], true[15:]
    return {
        "apostrophe": f"'{true}",
        "spaces": f"{birth} {start} {sex} {number}",
        "dots": f"{birth}.{start}.{sex}.{number}",
        "prefix": f"NIP. {true}",
        "nbsp": f"{birth}\u00a0{start}\u00a0{sex}\u00a0{number}\u00a0",
        "precision": f"{true[:15]}000",
        "scientific": f"{true[0]},{true[1:6]}E+17",
        "null": "null",
        "blank": "",
        "nik": f"99{true[2:8]}{true[4:8]}{number}9",
        "lost_digit": f"{birth[:7]} {start} {sex} {number}",
        "non_asn": f"{true[2:8]}{number}00",
    }[kind]
