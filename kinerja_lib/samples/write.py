"""Writes the exports of Pemerintah Rangkui, as messy as real ones, with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.samples import (
    exports_annual,
    exports_appraisal,
    exports_outreach,
    exports_people,
    exports_units,
)
from kinerja_lib.samples.readme import README
from kinerja_lib.samples.scribe import Account, Scribe
from kinerja_lib.samples.source import Source
from kinerja_lib.samples.tables import Synthetic, synthetic_tables

Progress = Callable[[int, int, str], None]
DAMAGED_COLUMNS = ("row", "field", "kind", "true", "recoverable")
REPEATED_COLUMNS = ("file", "sheet", "row", "table", "kind", "kept_file", "kept_sheet", "kept_row")


def write_sample(
    folder: Path | str,
    agencies: int = 12,
    employees: int = 2400,
    periods: str = "2023-Q1:2025-Q4",
    seed: int = 7,
    *,
    damage: float = 0.02,
    weak: Sequence[str] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the exports, ``units.csv``, ``truth.json`` and ``README.md`` below a folder.

    Parameters
    ----------
    folder : Path
        Made where it is absent; files of the same names are replaced.
    agencies, employees, periods, seed
        As for :func:`synthetic_tables`.
    damage : float
        Share of the cells that are damaged, 0–1.
    weak : sequence of str
        Codes of agencies with built-in weaknesses, as for :func:`synthetic_tables`; ``truth.json`` states them.
    progress : callable, optional
        Called with (done, total, text) after each step.

    Returns
    -------
    dict
        ``files``, ``rows`` (data rows in them), ``damaged`` (cells), ``unrecoverable``, ``repeated``.

    Raises
    ------
    UsageError
        The damage lies outside 0–1, or the sizes are impossible.
    """
    if not 0 <= damage <= 1:
        raise UsageError(
            Both("bagian kerusakan harus antara 0 dan 1", en="the share of damage must lie between 0 and 1"),
            action=Both("misalnya 0.02", en="for example 0.02"),
        )
    sample = synthetic_tables(seed, agencies, employees, periods, weak=weak)
    account = Account()
    source = Source(sample, Path(folder), Scribe(seed, damage, account), account)
    steps = _steps(source)
    for done, (text, step) in enumerate(steps, 1):
        step()
        if progress is not None:
            progress(done, len(steps), text)
    return {
        "files": len({entry["file"] for entry in account.sheets}),
        "rows": sum(entry["rows"] for entry in account.sheets),
        "damaged": len(account.damaged),
        "unrecoverable": sum(1 for entry in account.damaged if not entry[-1]),
        "repeated": len(account.repeated),
    }


def _steps(source: Source) -> list[tuple[str, Callable[[], None]]]:
    years = source.sample.population.years
    steps: list[tuple[str, Callable[[], None]]] = []

    def add(text: str, function: Callable[..., None], *arguments: Any) -> None:
        steps.append((text, lambda: function(*arguments)))

    for year in years:
        add(f"SIASN {year}", exports_people.write_profiles, source, year)
        add(f"SIASN {year}", exports_annual.write_annual, source, year)
        add(f"SKM {year}", exports_units.write_service, source, year)
        add(f"Survei {year}", exports_units.write_survey, source, year)
    for agency, (name, _) in source.agency.items():
        for year in years:
            add(f"{name} {year}", exports_appraisal.write_quarters, source, agency, year)
            add(f"{name} {year}", exports_units.write_assets, source, agency, year)
        add(name, exports_units.write_forms, source, agency)
    add("Diklat", exports_people.write_training, source)
    add("SIASN", exports_people.write_rewards, source)
    add("SKP 2020", exports_annual.write_old, source)
    add("Organisasi", exports_units.write_results, source)
    add("Kebutuhan Kompetensi", exports_units.write_needs, source)
    add("IP ASN", exports_units.write_unused, source)
    forms = exports_outreach.with_own_damage(source)
    add("Penyuluhan", exports_outreach.write_outreach, forms)
    add("Inovasi", exports_outreach.write_innovations, forms)
    for agency, (name, _) in source.agency.items():
        add(name, exports_outreach.write_targets, forms, agency)
    coaching = exports_outreach.with_own_damage(source, "damage of coaching")
    add("Pembinaan", exports_outreach.write_coaching, coaching)
    add("truth.json", _write_truth, source)
    return steps


def _write_truth(source: Source) -> None:
    sample, account = source.sample, source.account
    source.folder.mkdir(parents=True, exist_ok=True)
    (source.folder / "truth.json").write_bytes((_truth_text(sample, account) + "\n").encode("utf-8"))
    register = sample.register.to_csv(index=False, lineterminator="\n")
    (source.folder / "units.csv").write_bytes(register.encode("utf-8"))
    (source.folder / "README.md").write_bytes(README.encode("utf-8"))


def _truth_text(sample: Synthetic, account: Account) -> str:
    """The truth as JSON: short lists stand in one line each, so that it can be read and compared."""
    head: dict[str, Any] = {
        "synthetic": "Pemerintah Rangkui does not exist; every person and number here is made up.",
        "seed": sample.seed,
        "agencies": len(sample.organisation.agencies),
        "employees": len(sample.people),
        "periods": [sample.periods[0], sample.periods[-1]],
        "rows": {name: len(frame) for name, frame in sample.tables.items()},
        **sample.truth,
    }
    groups: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for file, sheet, row, _, *cell in account.damaged:
        groups.setdefault((file, sheet), []).append((row, *cell))
    sheets = [
        entry | {"damaged": groups.get((entry["file"], entry["sheet"]), [])} for entry in account.sheets
    ]
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    text += f',\n "damaged_columns": {json.dumps(DAMAGED_COLUMNS)}'
    text += f',\n "repeated_columns": {json.dumps(REPEATED_COLUMNS)}'
    for name, rows in (("sheets", sheets), ("repeated", account.repeated)):
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        text += f',\n "{name}": [\n{lines}\n ]'
    return text + "\n}"
