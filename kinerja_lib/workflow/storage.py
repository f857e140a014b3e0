"""Tables on disk: Parquet, written whole or not at all, partitioned where large."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.schema.fields import field, table
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.tables import dtype_of
from kinerja_lib.workflow.comparison import tables_at
from kinerja_lib.workflow.parquet import as_arrow, as_read, write_content
from kinerja_lib.workflow.project import Project

PARTITION_ROWS = 2_000_000  # below this one file is written in half the time and read as fast


def write_frames(folder: Path, frames: Mapping[str, pd.DataFrame], *, only: bool = False) -> None:
    """Write frames as ``<name>.parquet`` (a folder of partitions where large); all of them or none.

    Parameters
    ----------
    folder : Path
    frames : mapping
    only : bool
        Remove other tables of the folder, so that none of an earlier run stays behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".tmp-", dir=folder))
    try:
        for name, frame in frames.items():
            _write(staging / f"{name}.parquet", frame)
        if only:
            for path in folder.glob("*.parquet"):
                _remove(path)
        for path in sorted(staging.iterdir()):
            target = folder / path.name
            if target.is_dir() or path.is_dir():
                _remove(target)
            path.replace(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(path: Path, frame: pd.DataFrame) -> None:
    content = as_arrow(frame)
    keys = [name for name in ("periode", "instansi") if name in frame.columns]
    if len(frame) > PARTITION_ROWS and keys:
        ds.write_dataset(
            content.cast(as_read(content)),
            path,
            format="parquet",
            partitioning=keys,
            partitioning_flavor="hive",
        )
    else:
        write_content(path, content)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def load_table(
    project: Project | Path | str, name: str, *, columns: Sequence[str] | None = None, where: object = None
) -> pd.DataFrame:
    """A cleaned table, typed as ``fields.toml`` says.

    Parameters
    ----------
    project : Project or path
        A project, a project's folder, or the folder of cleaned tables itself.
    name : str
        Table name.
    columns : sequence of str, optional
    where : pyarrow expression, optional

    Raises
    ------
    UsageError
        The table has not been made yet.
    """
    declared = table(name)
    frame = _read(_processed(project), name, columns, where)
    for column in frame.columns:
        if column in declared.columns:
            frame[column] = frame[column].astype(dtype_of(field(column)))
    return frame


def load_panel(
    folder: Project | Path | str = "data/processed",
    *,
    instansi: str | Sequence[str] | None = None,
    periode: str | Periode | None = None,
    columns: Sequence[str] | None = None,
    at: str | Periode | None = None,
) -> pd.DataFrame:
    """The panel, or the part of it that belongs to agencies and a period.

    Parameters
    ----------
    folder : Project or path
        A project, its folder, or the folder of cleaned tables.
    instansi : str or sequence of str, optional
        Agency codes.
    periode : str or Periode, optional
        ``2025`` gives all quarters of 2025, ``2025-Q3`` one.
    columns : sequence of str, optional
    at : str or Periode, optional
        Agencies and units are those at the end of this period, so that earlier rows of what has been renamed
        or merged since belong to its successor; else each row has those of its own time.

    Returns
    -------
    DataFrame, shape (employee-quarters, columns)

    Raises
    ------
    UsageError
        There is no panel, or no such agency in it.
    """
    codes = None if instansi is None else [instansi] if isinstance(instansi, str) else list(instansi)
    where = None
    if codes is not None and at is None:
        where = ds.field("instansi").isin(codes)
    if periode is not None:
        quarters = [str(quarter) for quarter in Periode(str(periode)).quarters()]
        inside = ds.field("periode").isin(quarters)
        where = inside if where is None else where & inside
    panel = load_table(folder, "panel", columns=columns, where=where)
    if at is not None:
        panel = tables_at(folder, {"panel": panel}, at).tables["panel"]
        panel = panel if codes is None else panel[panel["instansi"].isin(codes)].reset_index(drop=True)
    if instansi is not None and panel.empty and periode is None:
        raise UsageError(
            Both(f"instansi tidak ada pada panel: {instansi}", en=f"no such agency in the panel: {instansi}"),
            action="kinerja status",
        )
    return panel


def load_ledger(project: Project | Path | str) -> pd.DataFrame:
    """Rows that were not kept, see ``schema.raw.LEDGER_COLUMNS``."""
    return _read(_interim(project), "ledger", None, None)


def load_accounting(project: Project | Path | str) -> pd.DataFrame:
    """Rows read, kept, rejected and merged by file and sheet."""
    return _read(_interim(project), "accounting", None, None)


def load_coverage(project: Project | Path | str) -> pd.DataFrame:
    """Who was lost at each join of the panel."""
    return _read(_interim(project), "coverage", None, None)


def load_interim(project: Project | Path | str, name: str) -> pd.DataFrame:
    """A frame that cleaning wrote beside the tables: ``accounting``, ``ledger``, ``cells``, ``faults`` …"""
    return _read(_interim(project), name, None, None)


def _read(folder: Path, name: str, columns: Sequence[str] | None, where: object) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise UsageError(
            Both(f"tabel belum ada: {name}", en=f"the table has not been made yet: {name}"),
            action="kinerja run",
        )
    content = ds.dataset(path, format="parquet", partitioning="hive" if path.is_dir() else None)
    found = content.to_table(columns=list(columns) if columns else None, filter=where, use_threads=False)
    return found.to_pandas(use_threads=False)


def _processed(place: Project | Path | str) -> Path:
    if isinstance(place, Project):
        return place.folder("processed")
    path = Path(place)
    return path / "data" / "processed" if (path / "kinerja.toml").is_file() else path


def _interim(place: Project | Path | str) -> Path:
    if isinstance(place, Project):
        return place.folder("interim")
    path = Path(place)
    return path / "data" / "interim" if (path / "kinerja.toml").is_file() else path
