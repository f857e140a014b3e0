"""What a project holds, and how its last run ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from kinerja_lib.reporting.follow import is_alive
from kinerja_lib.reporting.ledger import FINAL, last_ledger, read_ledger
from kinerja_lib.schema.periode import Periode

if TYPE_CHECKING:
    from pathlib import Path

    from kinerja_lib.workflow import Project


def runs_folder(project: Project) -> Path:
    """Where the records of runs lie."""
    return project.root / project.config.folders.interim / "runs"


def project_status(project: Project) -> dict[str, Any]:
    """Exports, rows of each cleaned table, the panel's span and agencies, reports, the last run.

    Returns
    -------
    dict
        Plain values, for a screen or JSON.
    """
    folders = project.config.folders
    raw, processed, reports = (
        project.root / getattr(folders, name) for name in ("raw", "processed", "reports")
    )
    return {
        "project": str(project.root),
        "name": project.config.project.name,
        "exports": _count(raw),
        "tables": _rows(processed),
        "panel": panel_facts(project),
        "reports": sum(
            1 for path in reports.rglob("*") if path.suffix in (".html", ".pdf", ".docx", ".xlsx")
        ),
        "last_run": last_run(runs_folder(project)),
    }


def panel_facts(project: Project) -> dict[str, Any] | None:
    """Rows, first and last period, years and agency codes of the panel; None where there is none."""
    from kinerja_lib.workflow import load_panel

    folder = project.root / project.config.folders.processed
    if not (folder / "panel.parquet").exists() and not (folder / "panel").is_dir():
        return None
    panel = load_panel(folder, columns=["periode", "instansi"])
    periods = sorted(Periode(text) for text in panel["periode"].dropna().unique())
    return {
        "rows": len(panel),
        "first": str(periods[0]) if periods else "",
        "last": str(periods[-1]) if periods else "",
        "years": sorted({period.year for period in periods}),
        "instansi": sorted(str(code) for code in panel["instansi"].dropna().unique()),
    }


def missing_tables(project: Project) -> list[str]:
    """Cleaned tables that the accounting says were made and that are not there any more."""
    from kinerja_lib.workflow import load_accounting

    path = project.folder("interim") / "accounting.parquet"
    if not path.is_file():
        return []
    made = load_accounting(project)
    names = made.loc[made["kept"] > 0, "table"].dropna().unique() if "table" in made.columns else []
    folder = project.folder("processed")
    return sorted(str(name) for name in names if not (folder / f"{name}.parquet").exists())


def last_run(folder: Path) -> dict[str, Any] | None:
    """How the newest run stands: when it began, whether it ended, counts by end, jobs still running."""
    path = last_ledger(folder) if folder.is_dir() else None
    if path is None:
        return None
    begun, ended, stopped, pid = "", False, False, 0
    state: dict[str, str] = {}
    for event in read_ledger(path):
        if event.event == "begun":
            begun = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.at))
            pid = int(event.facts.get("pid", 0))
        elif event.event == "ended":
            ended = True
        elif event.event == "stopped":
            stopped = True
        else:
            state[event.job] = event.event
    return {
        "ledger": path.name,
        "begun": begun,
        "ended": ended,
        "stopped": not ended and (stopped or not is_alive(pid)),
        "left": sum(value not in FINAL for value in state.values()),
        "counts": {name: sum(value == name for value in state.values()) for name in FINAL},
        "running": sorted(job for job, value in state.items() if value == "started"),
        "failed": sorted(job for job, value in state.items() if value in ("failed", "killed", "timed_out")),
    }


def _count(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _rows(folder: Path) -> dict[str, int]:
    rows: dict[str, int] = {}
    for path in sorted(folder.rglob("*.parquet")):
        name = path.relative_to(folder).parts[0].removesuffix(".parquet")
        if name != "panel":
            rows[name] = rows.get(name, 0) + int(pq.read_metadata(path).num_rows)
    return rows
