"""Asking: one correction sheet for each unit with cells in its own rows that can't be read or contradict others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.cleaning.corrections import apply_corrections
from kinerja_lib.errors import Both, UsageError
from kinerja_lib.schema.identity import project_key
from kinerja_lib.workflow.correction_cells import by_place, problems
from kinerja_lib.workflow.correction_conflicts import disputed
from kinerja_lib.workflow.correction_files import Tick, corrections_of, exports_of, write_whole
from kinerja_lib.workflow.correction_sheets import correction_workbook
from kinerja_lib.workflow.project import Project

NOBODY = "tanpa-instansi"


def export_corrections(
    project: Project,
    out: Path,
    *,
    unit: str | None = None,
    instansi: str | None = None,
    replace: bool = False,
    lang: str = "id",
    progress: Tick | None = None,
) -> dict[str, Any]:
    """Write one correction sheet for each unit with unreadable or contradicting cells.

    Parameters
    ----------
    project : Project
    out : Path
        Folder; made where it is absent.
    unit, instansi : str, optional
        Code of the only unit, or of the only agency (its own sheet and those of its units).
    replace : bool
        Replace sheets that are there already.
    lang : {"id", "en"}
    progress : callable, optional

    Returns
    -------
    dict
        ``sheets``: file, unit, name, cells, conflicts (cells that contradict others); ``cells``, ``conflicts``: all of
        them.

    Raises
    ------
    UsageError
        No such unit or agency, or a sheet is there already. Nothing is written then.
    CleaningError
        A correction that is already there no longer holds.
    """
    register = project.register()
    for code in (unit, instansi):
        if code is not None and code not in register.by_code:
            raise UsageError(
                Both(f"tidak ada pada register: {code}", en=f"not in the register: {code}"),
                details=list(register.closest(code)),
                action=Both("pakai kode dari units.csv", en="use a code of units.csv"),
            )
    sheets = exports_of(project, progress)
    key, known = project_key(project.folder("interim")), corrections_of(project)
    corrected = apply_corrections(sheets, known, key)
    result = clean(corrected, register=register, key=key, lang=lang)
    groups = by_place(problems(sheets, result, register, key))
    rivals = by_place(disputed(sheets, result, register, key, known))
    wanted = [code for code in sorted({*groups, *rivals}) if _asked(code, unit, instansi, register)]
    files = {code: out / f"koreksi_{code or NOBODY}.xlsx" for code in wanted}
    there = [path.name for path in files.values() if path.exists()]
    if there and not replace:
        raise UsageError(
            Both(f"lembar koreksi sudah ada di {out}", en=f"there are correction sheets in {out} already"),
            details=there[:10],
            action=Both("pilih folder lain, atau --replace", en="choose another folder, or --replace"),
        )
    out.mkdir(parents=True, exist_ok=True)
    lines = []
    for code in wanted:
        name, part, others = _title(code, register, lang), groups.get(code, []), rivals.get(code, [])
        write_whole(files[code], correction_workbook(name, part, lang, disputed=others))
        counts = {"cells": len(part), "conflicts": len(others)}
        lines.append({"file": str(files[code]), "unit": code, "name": name, **counts})
    return {"sheets": lines, **{name: sum(line[name] for line in lines) for name in ("cells", "conflicts")}}


def _asked(code: str, unit: str | None, instansi: str | None, register: Register) -> bool:
    if unit is not None:
        return code == unit
    entry = register.by_code.get(code)
    return instansi is None or (entry is not None and entry.agency == instansi)


def _title(code: str, register: Register, lang: str) -> str:
    entry = register.by_code.get(code)
    if entry is None:
        return "Tanpa instansi" if lang == "id" else "No agency"
    if entry.kind != "unit":
        return str(entry.name)
    return f"{register.by_code[entry.agency].name} – {entry.name}"
