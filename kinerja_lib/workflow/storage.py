"""Tables on disk: Parquet, written whole or not at all, partitioned where large."""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.schema.fields import field, fields, table
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.tables import dtype_of
from kinerja_lib.workflow.comparison import tables_at
from kinerja_lib.workflow.project import Project

FILTERED = ("periode", "tahun", "instansi", "unit_kerja")
_SCHEMA = "ARROW:schema"  # where a file says how Arrow should give it back
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
            content.cast(_as_read(content)),
            path,
            format="parquet",
            partitioning=keys,
            partitioning_flavor="hive",
        )
    else:
        write_content(path, content)


def as_arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame as Arrow; a text column that is held as categories becomes a dictionary, which is written as it is."""
    held = [
        name
        for name, kind in frame.dtypes.items()
        if isinstance(kind, pd.CategoricalDtype) and _is_text(str(name))
    ]
    content = pa.Table.from_pandas(frame.drop(columns=held), preserve_index=False)
    columns = dict(zip(content.column_names, content.columns, strict=True)) | {
        name: _dictionary(frame[name]) for name in held
    }
    return pa.table({name: columns[name] for name in frame.columns})


def _dictionary(column: pd.Series) -> pa.DictionaryArray:
    codes = column.cat.codes.to_numpy(dtype=np.int32)
    texts = pa.array(column.cat.categories, pa.large_string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), texts)


def write_content(path: Path, content: pa.Table) -> None:
    """Write a table as one Parquet file.

    Bounds are kept of the columns that readers filter on, for no other; source rows count up, so their differences are
    stored. What is a text stays one for every reader, whether it came as texts or as a dictionary of texts.
    """
    counting = [name for name in ("baris_sumber", "row") if name in content.column_names]
    counting = [name for name in counting if pa.types.is_integer(content.schema.field(name).type)]
    schema = _as_read(content).serialize().to_pybytes()
    with pq.ParquetWriter(
        path,
        content.schema,
        compression="zstd",
        use_dictionary=[name for name in content.column_names if name not in counting],
        column_encoding=dict.fromkeys(counting, "DELTA_BINARY_PACKED"),
        write_statistics=[name for name in FILTERED if name in content.column_names],
        store_schema=False,
    ) as writer:
        writer.write_table(content)
        writer.add_key_value_metadata({_SCHEMA: base64.b64encode(schema).decode()})


def _as_read(content: pa.Table) -> pa.Schema:
    """The schema that a reader sees: no dictionary where the column is a text."""
    return pa.schema(
        [
            one.with_type(pa.large_string())
            if pa.types.is_dictionary(one.type) and _is_text(one.name)
            else one
            for one in content.schema
        ]
    )


def _is_text(name: str) -> bool:
    return name in fields() and dtype_of(field(name)) == "str"


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
