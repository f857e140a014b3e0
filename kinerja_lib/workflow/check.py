"""What each file would give with the project's corrections: layout, columns, rows kept and rejected by reason.

Writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kinerja_lib.cleaning import CleanResult, clean
from kinerja_lib.cleaning.corrections import holds_in
from kinerja_lib.cleaning.evidence import CONFLICT
from kinerja_lib.config import SourceSection
from kinerja_lib.reading import load_layouts
from kinerja_lib.reading.read import export_files, read_files
from kinerja_lib.schema.identity import KEY_FILE, KEY_VARIABLE, project_key
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow.correction_files import corrections_of
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.stages import LAYOUTS, fault_entry, link_of, read_sources, summary_of

LINES = 100  # conflicts shown at most
EVIDENCE = (
    "tanda_desimal",
    "urutan_tanggal",
    "dikosongkan",
    "dikoreksi",
    "dihubungkan",
    "tanggal_ekspor",
)  # decisions that need no notice
CHECK_KEY = b"a key for looking only, never stored"


def check(
    paths: Sequence[Path],
    project: Project,
    *,
    lang: str = "id",
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, Any]:
    """Read and clean files and databases without writing anything.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders of files, and ``sql/NAME`` for a database that ``kinerja.toml`` names. The project's raw folder
        stands for all that ``kinerja clean`` reads, so for its databases too; so does no path at all.
    project : Project
        Its register and layouts are used.
    lang : {"id", "en"}
    progress : callable, optional

    Returns
    -------
    dict
        ``files``: for each file and sheet its layout, columns (header, field, score, how), structure rows by
        kind, context, rows read, kept, rejected and merged, reasons, ``cells`` left empty by field and reason,
        ``unresolved`` agencies and units with the closest names, ``flags`` (what was noted); ``faults``;
        ``total``; ``conflicts`` by kind and the first ``conflict_lines``; ``stale``: corrections that no longer hold.
    """
    layouts = load_layouts(project.folder("reference") / LAYOUTS)
    raw = project.folder("raw").resolve()
    sources = sources_in(paths, project)
    given = [path for path in paths if path.exists()] or ([] if paths or not raw.is_dir() else [raw])
    sheets, faults = read_files(_files(given, raw), layouts=layouts, progress=progress)
    found, refused = read_sources(project, layouts, sources)
    sheets, faults = sheets + found, faults + refused
    if not sheets:
        faults_only = [fault_entry(fault, lang) for fault in faults]
        return {
            "files": [], "faults": faults_only, "total": {}, "conflicts": {}, "conflict_lines": [], "stale": []
        }  # fmt: skip
    key = _key(project)
    mine = [one for one in corrections_of(project) if one.file in {sheet.file for sheet in sheets}]
    holding = [one for one in mine if holds_in(sheets, one, key)]
    result = clean(
        sheets,
        register=project.register(),
        key=key,
        corrections=holding,
        lang=lang,
        faults=faults,
        link=link_of(project),
    )
    summary = summary_of(result, faults, lang)
    counts = {(row["file"], row["sheet"], row["table"]): row for row in summary["files"]}
    reasons = result.ledger.groupby(["file", "sheet", "reason"]).size()
    return {
        "files": [_entry(sheet, counts, reasons) | _decided(sheet, result) for sheet in sheets],
        "faults": summary["faults"],
        "total": summary["total"],
        "conflicts": summary["conflicts"],
        "conflict_lines": result.conflicts.drop(columns="id_pegawai").head(LINES).to_dict("records"),
        "stale": [
            dict(zip(("file", "sheet", "row", "field"), one.place, strict=True))
            for one in mine
            if one not in holding
        ],
    }


def sources_in(paths: Sequence[Path], project: Project) -> tuple[SourceSection, ...]:
    """The databases that these paths ask for: ``sql/NAME``, or all where the raw folder is among them or none is given."""
    everything = not paths or project.folder("raw").resolve() in {path.resolve() for path in paths}
    named = {path.as_posix() for path in paths if not path.exists()}
    return tuple(one for one in project.config.sources if everything or f"sql/{one.name}" in named)


def _key(project: Project) -> bytes:
    """The project's key where it has one already, since the guards of corrections are made with it."""
    folder = project.folder("interim")
    there = (folder / KEY_FILE).is_file() or bool(os.environ.get(KEY_VARIABLE))
    return project_key(folder) if there else CHECK_KEY


def _decided(sheet: RawTable, result: CleanResult) -> dict[str, Any]:
    """What was decided about one sheet: cells left empty, units not found, notes."""
    cells, notes = (
        frame[(frame["file"] == sheet.file) & (frame["sheet"] == sheet.sheet)]
        for frame in (result.cells, result.decisions)
    )
    lost = cells[cells["kept"]].groupby(["field", "reason"]).size().reset_index(name="count")
    units = cells[cells["reason"].isin(("instansi_tidak_dikenal", "unit_tidak_dikenal"))]
    names = units.groupby(["value", "detail"]).size().reset_index(name="count")
    notes = notes[~notes["decision"].isin(EVIDENCE) | (notes["value"] == CONFLICT)]
    return {
        "cells": lost.to_dict("records"),
        "unresolved": names.rename(columns={"detail": "closest"}).to_dict("records"),
        "flags": notes[["field", "decision", "value", "count"]].to_dict("records"),
    }


def _files(paths: Sequence[Path], raw: Path) -> list[tuple[Path, Path]]:
    """Each file with the folder it is named from: the project's raw folder, whose folders name agencies, or its own."""
    found: list[tuple[Path, Path]] = []
    for given in paths:
        path = given.resolve()
        root = raw if raw == path or raw in path.parents else path if path.is_dir() else path.parent
        found += [(root, item) for item in (export_files(path) if path.is_dir() else [path])]
    return found


def _entry(
    sheet: RawTable, counts: dict[tuple[str, str, str], dict[str, Any]], reasons: Any
) -> dict[str, Any]:
    row = counts[(sheet.file, sheet.sheet, sheet.table)]
    kinds: dict[str, int] = {}
    for item in sheet.structure:
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
    here = reasons[
        (reasons.index.get_level_values(0) == sheet.file) & (reasons.index.get_level_values(1) == sheet.sheet)
    ]
    return {
        **{name: row[name] for name in ("file", "sheet", "layout", "table")},
        **{name: int(row[name]) for name in ("read", "kept", "rejected", "merged")},
        "columns": [
            {"header": match.header, "field": match.field, "score": match.score, "how": match.how}
            for match in sheet.headers
            if match.header
        ],
        "structure": kinds,
        "context": dict(sheet.context),
        "reasons": {str(place[2]): int(count) for place, count in here.items()},
        "notes": list(sheet.notes),
    }
