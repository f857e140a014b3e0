"""Run a stage on a project: clean its exports, build its panel."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kinerja_lib.cleaning import CleanResult, clean, load_corrections
from kinerja_lib.cleaning.tables import coded
from kinerja_lib.config import SourceSection
from kinerja_lib.errors import Both, CleaningError, in_language
from kinerja_lib.reading import FileFault, Layout, load_layouts, read_folder
from kinerja_lib.reading.read import export_files
from kinerja_lib.schema.identity import project_key
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow.books import write_texts
from kinerja_lib.workflow.ordering import ordered
from kinerja_lib.workflow.origins import Database, read_origin
from kinerja_lib.workflow.panel_stage import run_panel
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.storage import load_interim, write_frames
from kinerja_lib.workflow.streaming import clean_folder, nothing_kept
from kinerja_lib.workflow.summary import fault_entry, faults_frame, summary_of

Tick = Callable[[int, int, str], None]
LAYOUTS = "layouts"
CORRECTIONS = "corrections.toml"
LARGE = 500 * 2**20  # bytes of exports

__all__ = ["CORRECTIONS", "LARGE", "LAYOUTS", "fault_entry", "is_large", "link_of", "read_sources", "run_clean",
           "run_panel", "summary_of"]  # fmt: skip


def run_clean(project: Project, *, lang: str = "id", progress: Tick | None = None) -> dict[str, Any]:
    """Clean all exports of a project and write the tables, the ledger and the accounting.

    Parameters
    ----------
    project : Project
    lang : {"id", "en"}
        Language of the messages about files that could not be read.
    progress : callable, optional
        ``progress(done, total, text)``.

    Returns
    -------
    dict
        ``files`` (file, sheet, layout, table, read, kept, rejected, merged), ``faults`` (file, message, action),
        ``tables`` (rows by name), ``total``, ``reasons``.

    Raises
    ------
    CleaningError
        There is no export, none could be read, or no row was kept. Nothing is written then.
    """
    raw = project.folder("raw")
    layouts = load_layouts(project.folder("reference") / LAYOUTS)
    if is_large(project):
        return _run_large(project, layouts, lang, progress)
    sheets, faults = read_folder(raw, layouts=layouts, progress=progress) if raw.is_dir() else ([], [])
    found, refused = read_sources(project, layouts)
    sheets, faults = sheets + found, faults + refused
    if not sheets:
        raise _nothing_to_clean(project, faults, lang)
    result = clean(
        sheets,
        register=project.register(),
        key=project_key(project.folder("interim")),
        corrections=load_corrections(project.folder("reference") / CORRECTIONS),
        lang=lang,
        faults=faults,
        link=link_of(project),
    )
    made = coded(result.tables)
    if not any(map(len, made.values())):
        raise nothing_kept()
    write_frames(
        project.folder("interim"),
        {
            "ledger": result.ledger,
            "accounting": result.accounting,
            "decisions": result.decisions.astype("str"),
            "cells": result.cells,
            "conflicts": result.conflicts,
            "faults": faults_frame(faults),
        },
    )
    write_texts(project.folder("interim"), result)
    write_frames(
        project.folder("processed"),
        {name: ordered(frame) for name, frame in made.items()},
        only=True,
    )
    return summary_of(result, faults, lang)


def is_large(project: Project) -> bool:
    """Whether the exports are cleaned file by file in processes, so that memory stays flat.

    Not where rows are linked without a NIP, which needs all people at once. Databases are read like one more
    file.
    """
    raw = project.folder("raw")
    if link_of(project) is not None:
        return False
    files = sum(path.stat().st_size for path in export_files(raw)) if raw.is_dir() else 0
    return files + sum(database.size for database in _databases(project)) > LARGE


def _run_large(
    project: Project, layouts: Sequence[Layout], lang: str, progress: Tick | None
) -> dict[str, Any]:
    interim = project.folder("interim")
    done = clean_folder(
        project.folder("raw"),
        project.folder("processed"),
        interim,
        register=project.register(),
        key=project_key(interim),
        layouts=layouts,
        corrections=load_corrections(project.folder("reference") / CORRECTIONS),
        databases=_databases(project),
        workers=project.config.batch.workers or os.cpu_count() or 1,
        progress=progress,
    )
    counts = {name: pd.DataFrame(index=pd.RangeIndex(rows)) for name, rows in done.tables.items()}
    books = [
        load_interim(project, name) for name in ("ledger", "accounting", "decisions", "cells", "conflicts")
    ]
    result = CleanResult(counts, *books)
    write_texts(project.folder("interim"), result)
    return summary_of(result, done.faults, lang)


def read_sources(
    project: Project, layouts: Sequence[Layout], sources: Sequence[SourceSection] | None = None
) -> tuple[list[RawTable], list[FileFault]]:
    """Tables of the databases that ``kinerja.toml`` names (or of some of them), and those that could not be read."""
    sheets: list[RawTable] = []
    faults: list[FileFault] = []
    for database in _databases(project, sources):
        found, refused = read_origin(database, layouts)
        sheets, faults = sheets + found, faults + refused
    return sheets, faults


def _databases(project: Project, sources: Sequence[SourceSection] | None = None) -> list[Database]:
    chosen = project.config.sources if sources is None else sources
    return [Database(section, project.root) for section in chosen]


def link_of(project: Project) -> float | None:
    """Least probability to link a row without a NIP; None where the project does not ask for it."""
    settings = project.config.cleaning
    return settings.link_threshold if settings.link_without_nip else None


def _nothing_to_clean(project: Project, faults: list[FileFault], lang: str) -> CleaningError:
    raw: Path = project.folder("raw")
    if faults:
        lines = [f"{fault.file}: {in_language(fault.error.message, lang)}" for fault in faults[:10]]
        return CleaningError(
            Both(
                f"tidak satu pun dari {len(faults)} berkas dapat dibaca",
                en=f"none of the {len(faults)} files could be read",
            ),
            details=lines,
            action=f"kinerja check {project.config.folders.raw}",
        )
    return CleaningError(
        Both(f"tidak ada ekspor di {raw}", en=f"there is no export in {raw}"),
        action=Both(
            f"salin ekspor Excel atau CSV ke {project.config.folders.raw}, lalu ulangi",
            en=f"copy Excel or CSV exports to {project.config.folders.raw}, then run again",
        ),
    )
