"""The panel of a project: built from its cleaned tables, and written with its coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd

from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.panel import PanelOptions, build_panel
from kinerja_lib.schema.fields import tables
from kinerja_lib.workflow.comparison import tables_at
from kinerja_lib.workflow.ordering import ordered
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.storage import load_table, write_frames

Tick = Callable[[int, int, str], None]


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
    found = _cleaned_tables(project, progress)
    if "penilaian" not in found:
        raise CleaningError(
            Both("tidak ada tabel penilaian", en="there is no table of appraisals"),
            action=Both(
                "masukkan ekspor penilaian (rekap e-Kinerja) ke folder mentah, lalu `kinerja run`",
                en="put an appraisal export (e-Kinerja recap) into the raw folder, then `kinerja run`",
            ),
        )
    result = build_panel(found, options=_panel_options(project))
    panel = result.panel
    if panel.empty:
        raise CleaningError(
            Both(
                "panel kosong: tidak ada penilaian triwulanan",
                en="the panel is empty: no quarterly appraisal",
            ),
            action=Both(
                "periksa periode pada ekspor penilaian", en="check the period of the appraisal exports"
            ),
        )
    write_frames(project.folder("processed"), {"panel": ordered(panel)})
    last = str(panel["periode"].max())
    lineage = tables_at(project, {"panel": panel}, last).changes
    write_frames(project.folder("interim"), {"coverage": result.coverage, "lineage": lineage.astype("str")})
    if progress is not None:
        progress(len(tables()), len(tables()), "panel")
    return {
        "rows": len(panel),
        "people": int(panel["id_pegawai"].nunique()),
        "instansi": sorted(map(str, panel["instansi"].dropna().unique())),
        "first": str(panel["periode"].min()),
        "last": last,
        "coverage": result.coverage.to_dict("records"),
        "lineage": lineage.to_dict("records"),
    }


def _cleaned_tables(project: Project, progress: Tick | None) -> dict[str, pd.DataFrame]:
    """The cleaned tables that there are; each counts as a step, and the panel as the last one."""
    found = {}
    for number, name in enumerate((name for name in tables() if name != "panel"), start=1):
        if (project.folder("processed") / f"{name}.parquet").exists():
            found[name] = load_table(project, name)
        if progress is not None:
            progress(number, len(tables()), name)
    return found


def _panel_options(project: Project) -> PanelOptions:
    config = project.config
    return PanelOptions(
        minimum_group=config.privacy.minimum_group,
        weights=asdict(config.facility_weights),
        leadership_weights=asdict(config.leadership_weights),
    )
