"""Run a stage on a project: clean its exports, build its panel."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import CleanResult, clean, load_corrections
from kinerja_lib.cleaning.tables import coded
from kinerja_lib.config import SourceSection
from kinerja_lib.errors import Both, CleaningError, in_language
from kinerja_lib.panel import PanelOptions, build_panel
from kinerja_lib.reading import FileFault, Layout, load_layouts, read_folder
from kinerja_lib.reading.read import export_files
from kinerja_lib.schema.fields import tables
from kinerja_lib.schema.identity import project_key
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow.books import write_texts
from kinerja_lib.workflow.comparison import tables_at
from kinerja_lib.workflow.origins import Database, read_origin
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.storage import load_interim, load_table, write_frames
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
        {name: _ordered(frame) for name, frame in made.items()},
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


def run_panel(project: Project, *, lang: str = "id", progress: Tick | None = None) -> dict[str, Any]:
    """Build the panel of a project from its cleaned tables and write it with its coverage.

    Returns
    -------
    dict
        ``rows``, ``people``, ``instansi``, ``first``, ``last``, ``coverage`` (records), ``lineage``: agencies and
        units of the panel that are others at its end, and those that can't be compared over time.

    Raises
    ------
    CleaningError
        There is no appraisal to build on.
    """
    names = [name for name in tables() if name != "panel"]
    found: dict[str, pd.DataFrame] = {}
    folder = project.folder("processed")
    for number, name in enumerate(names, start=1):
        if (folder / f"{name}.parquet").exists():
            found[name] = load_table(project, name)
        if progress is not None:
            progress(number, len(names) + 1, name)
    if "penilaian" not in found:
        raise CleaningError(
            Both("tidak ada tabel penilaian", en="there is no table of appraisals"),
            action=Both(
                "masukkan ekspor penilaian (rekap e-Kinerja) ke folder mentah, lalu `kinerja run`",
                en="put an appraisal export (e-Kinerja recap) into the raw folder, then `kinerja run`",
            ),
        )
    config = project.config
    options = PanelOptions(
        minimum_group=config.privacy.minimum_group,
        weights=asdict(config.facility_weights),
        leadership_weights=asdict(config.leadership_weights),
    )
    result = build_panel(found, options=options)
    if result.panel.empty:
        raise CleaningError(
            Both(
                "panel kosong: tidak ada penilaian triwulanan",
                en="the panel is empty: no quarterly appraisal",
            ),
            action=Both(
                "periksa periode pada ekspor penilaian", en="check the period of the appraisal exports"
            ),
        )
    write_frames(folder, {"panel": _ordered(result.panel)})
    last = str(result.panel["periode"].max())
    lineage = tables_at(project, {"panel": result.panel}, last).changes
    write_frames(project.folder("interim"), {"coverage": result.coverage, "lineage": lineage.astype("str")})
    if progress is not None:
        progress(len(names) + 1, len(names) + 1, "panel")
    panel = result.panel
    return {
        "rows": len(panel),
        "people": int(panel["id_pegawai"].nunique()),
        "instansi": sorted(map(str, panel["instansi"].dropna().unique())),
        "first": str(panel["periode"].min()),
        "last": last,
        "coverage": result.coverage.to_dict("records"),
        "lineage": lineage.to_dict("records"),
    }


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of where they came from, so that the same exports give the same bytes."""
    if "sumber" not in frame.columns:
        return frame.sort_values(["periode", "instansi", "id_pegawai"], kind="stable", ignore_index=True)
    source = frame["sumber"].astype("category").cat
    rank = np.argsort(np.argsort(source.categories.to_numpy(dtype=object)))
    order = np.lexsort((frame["baris_sumber"].to_numpy(dtype=np.int64), rank[source.codes.to_numpy()]))
    if (order[1:] > order[:-1]).all():
        return frame
    return frame.iloc[order].reset_index(drop=True)


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
