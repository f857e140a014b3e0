"""Linking the rows of raw tables that have no usable NIP; see ``linkage`` for the probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.linkage import Population, person
from kinerja_lib.cleaning.linkage_em import Estimated, estimate
from kinerja_lib.schema.nip import Nip

Facts = tuple[str, date | None, str | None]
NOT_LINKED = frozenset({"nip_non_asn"})  # a number that says the row is of nobody we know


def link_rows(sheets: Sequence[Columns], threshold: float) -> list[tuple[Any, ...]]:
    """Fill ``id_pegawai`` where one person is at least so probable; a line for the decisions for each row.

    Parameters
    ----------
    sheets : sequence of Columns
        Changed in place: codes of linked rows are filled in and their reasons cleared.
    threshold : float
        Least probability, 0–1.
    """
    usable = [one for one in sheets if "id_pegawai" in one.values and one.cells("nama") is not None]
    population = Population(
        [
            person(name, Nip(nip).birth, unit, code)
            for name, nip, unit, code in sorted({row for one in usable for row in _known(one)}, key=str)
        ]
    )
    wanted = {number: _open(one) for number, one in enumerate(usable)}
    counts = Counter(facts for rows in wanted.values() for facts in rows.values())
    people = {facts: person(*facts) for facts in counts}
    beside = [population.comparisons(people[facts]) for facts in counts]
    dated = [facts[1] is not None for facts in counts]
    found = estimate(beside, list(counts.values()), dated, population.size)
    seen = {facts: population.link(people[facts], found.weights) for facts in counts}
    lines: list[tuple[Any, ...]] = [_noted(found, counts.total())] if counts else []
    for number, rows in wanted.items():
        one = usable[number]
        codes, reasons = one.values["id_pegawai"].copy(), one.reasons["id_pegawai"].copy()
        for row, facts in rows.items():
            code, chance = seen[facts]
            if code and chance >= threshold:
                codes[row], reasons[row] = code, ""
                where = (one.raw.file, one.raw.sheet, one.raw.table, "id_pegawai", "dihubungkan")
                lines.append((*where, f"{int(one.raw.rows[row])}: {chance:.4f}", 1))
        one.put("id_pegawai", (codes, reasons))
    return lines


def _open(one: Columns) -> dict[Any, Facts]:
    """Name, date of birth and unit of the rows that have a name and no usable NIP, by row."""
    codes, reasons, names = one.values["id_pegawai"], one.reasons["id_pegawai"], one.cells("nama")
    if names is None:
        return {}
    units = one.values.get("unit_kerja")
    rows = codes.index[codes.isna() & ~reasons.isin(NOT_LINKED) & names.notna()]
    return {
        row: (
            str(names[row]),
            _born(one, row),
            None if units is None or pd.isna(units[row]) else str(units[row]),
        )
        for row in rows
    }


def _noted(found: Estimated, rows: int) -> tuple[Any, ...]:
    """The line of the decisions that says which weights were taken, and why where they are the fixed ones."""
    one = found.weights
    words = (
        f"m nama {one.name[0]:.3f}/{one.name[2]:.3f}/{one.name[1]:.3f}, lahir {one.born:.3f}, unit {one.unit:.3f}; "
        f"prior {one.prior:.3f}; {found.rows} baris"
    )
    how = f"bobot_tetap ({found.why})" if found.why else "bobot_taksiran"
    return ("", "", "", "id_pegawai", "bobot_penghubung", f"{how}: {words}", rows)


def _known(one: Columns) -> list[tuple[Any, ...]]:
    """Name, NIP, unit and code of the rows that have a NIP."""
    names, units = one.cells("nama"), one.values.get("unit_kerja")
    frame = pd.DataFrame({"name": names, "nip": one.nip, "code": one.values["id_pegawai"]}, dtype="object")
    frame["unit"] = None if units is None else units
    frame = frame[frame["name"].notna() & frame["code"].notna()].drop_duplicates()
    units_or_none = [None if pd.isna(unit) else unit for unit in frame["unit"]]
    return list(zip(frame["name"], frame["nip"], units_or_none, frame["code"], strict=True))


def _born(one: Columns, row: Any) -> date | None:
    """Date of birth of a row: its own, else the front of a NIP whose end is lost."""
    born = one.births[row]
    if born is not None and not pd.isna(born):
        return born if isinstance(born, date) else None
    numbers = one.cells("nip")
    digits = "".join(filter(str.isdigit, str(numbers[row]))) if numbers is not None else ""
    if len(digits) != 18 or not digits.endswith("000"):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
