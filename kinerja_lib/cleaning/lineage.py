"""Units through time: which unit a unit is at another date, and tables brought to the units of one date.

A renamed unit is its successor. Units that were merged are their successor: their sum is comparable. A unit that was
split has no one successor: what it did before can't be given to one of its parts, so it is reported as
not comparable. Going back in time the same holds the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from kinerja_lib.cleaning.units import Entry, Register
from kinerja_lib.schema.periode import Periode

Kind = Literal["sama", "ganti_nama", "gabung", "pecah", "tanpa_penerus"]
CHANGE_COLUMNS = ("kolom", "kode", "kode_baru", "jenis", "baris")


@dataclass(frozen=True)
class Step:
    """What a unit is at a date: its code then (None where not comparable), and how it became that.

    ``kind``: ``sama`` the same unit, ``ganti_nama`` renamed, ``gabung`` part of a larger unit, ``pecah`` several
    units, ``tanpa_penerus`` nothing. ``others`` are the units where there are several.
    """

    code: str | None
    kind: Kind
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Harmonised:
    """Tables with the units of one date, and what was changed: ``CHANGE_COLUMNS``, one line a code."""

    tables: Mapping[str, pd.DataFrame]
    changes: pd.DataFrame


def trace(register: Register, code: str, day: date) -> Step:
    """The unit that ``code`` is on a day.

    Parameters
    ----------
    register : Register
    code : str
        A code of the register; an unknown one gives ``tanpa_penerus``.
    day : date

    Returns
    -------
    Step
    """
    entry, kind, seen = register.by_code.get(code), "sama", {code}
    if entry is None:
        return Step(None, "tanpa_penerus")
    while not entry.during(day, day):
        later = entry.valid_to is not None and entry.valid_to < day
        codes = _after(register, entry) if later else _before(register, entry)
        codes = tuple(one for one in codes if one not in seen)
        if len(codes) != 1:
            return Step(None, "pecah" if codes else "tanpa_penerus", codes)
        following = register.by_code[codes[0]]
        back = _before(register, following) if later else _after(register, following)
        kind = "gabung" if len(back) > 1 or kind == "gabung" else "ganti_nama"
        seen.add(following.code)
        entry = following
    return Step(entry.code, kind)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Settled:
    """A named unit at a row's period: its code then, the reason where there is none, what to note about it."""

    code: str | None
    reason: str = ""
    note: str = ""
    others: tuple[str, ...] = ()


def settle(register: Register, code: str, periode: str) -> Settled:
    """The unit that a name stands for in a period, where the unit of that name did not exist then.

    An application that goes on printing a dissolved unit's name means its successor; one that prints today's name
    in an old export means the predecessor. Where there are several, the successor of a split is not guessed, and
    a merged unit stays as it was named. All of it is noted.
    """
    entry, span = register.by_code[code], Periode(periode)
    if entry.during(span.start, span.end):
        return Settled(code)
    step = trace(register, code, span.end)
    if entry.valid_to is not None and entry.valid_to < span.start:
        if step.code:
            return Settled(step.code, note="memakai_nama_lama")
        if step.kind == "pecah":
            return Settled(None, "unit_sudah_dipecah", others=step.others)
        return Settled(code, note="sesudah_ditutup")
    return (
        Settled(step.code, note="memakai_nama_baru") if step.code else Settled(code, note="sebelum_berlaku")
    )


def related(register: Register, code: str) -> tuple[str, ...]:
    """The agencies that an agency came from or went into."""
    entry = register.by_code[code]
    return (*_before(register, entry), *_after(register, entry))


def _after(register: Register, entry: Entry) -> tuple[str, ...]:
    """Successors, from its own line or from those that name it as predecessor."""
    named = {other.code for other in register.entries if entry.code in other.predecessors}
    return tuple(sorted((named | set(entry.successors)) & set(register.by_code)))


def _before(register: Register, entry: Entry) -> tuple[str, ...]:
    named = {other.code for other in register.entries if entry.code in other.successors}
    return tuple(sorted((named | set(entry.predecessors)) & set(register.by_code)))


def harmonise(tables: Mapping[str, pd.DataFrame], register: Register, to: str | Periode) -> Harmonised:
    """Tables whose agencies and units are those at the end of a period.

    Codes with one successor are replaced; those without (split, closed) stay as they are and are listed, so that no
    row is lost and none is given to a unit it may not belong to. The frames given are not changed.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables with ``instansi`` and ``unit_kerja`` where they have them.
    register : Register
    to : str or Periode

    Returns
    -------
    Harmonised
    """
    day = Periode(str(to)).end
    changes: list[tuple[str, str, str, str, int]] = []
    found: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        found[name] = frame
        for column in ("unit_kerja", "instansi"):
            if not register.dated or column not in frame.columns:
                continue
            steps = _steps(register, frame[column].dropna().astype("str").unique(), day)
            counts = frame[column].astype("str").value_counts()
            changes += [
                (column, code, step.code or "", step.kind, int(counts[code])) for code, step in steps.items()
            ]
            moved = {code: step.code for code, step in steps.items() if step.code}
            if moved:
                found[name] = _moved(found[name], column, moved, register)
    frame = pd.DataFrame(changes, columns=list(CHANGE_COLUMNS))
    keys = ["kolom", "kode", "kode_baru", "jenis"]
    return Harmonised(found, frame.groupby(keys, as_index=False)["baris"].sum() if len(frame) else frame)


def _steps(register: Register, codes: Iterable[str], day: date) -> dict[str, Step]:
    steps = {code: trace(register, code, day) for code in codes if code in register.by_code}
    return {code: step for code, step in sorted(steps.items()) if step.code != code}


def _moved(frame: pd.DataFrame, column: str, moved: Mapping[str, str], register: Register) -> pd.DataFrame:
    """A copy with other codes; a unit that went to another agency takes its agency along."""
    copy = frame.copy()
    before = copy[column].astype("object")
    copy[column] = before.map(lambda code: moved.get(code, code)).astype(frame[column].dtype)
    if column == "unit_kerja" and "instansi" in copy.columns:
        agency = {code: register.by_code[new].agency for code, new in moved.items()}
        own = before.map(agency)
        copy["instansi"] = (
            copy["instansi"].astype("object").where(own.isna(), own).astype(frame["instansi"].dtype)
        )
    return copy
