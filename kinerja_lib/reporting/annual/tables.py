"""The tables that a report reads, with every column of today."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kinerja_lib.schema.fields import table
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow.shared_tables import read_table

TABLES = (
    "pegawai", "penilaian", "pelatihan", "fasilitas", "kepemimpinan", "penghargaan", "hukuman", "survei",
    "laporan_tugas", "layanan", "organisasi", "kebutuhan_kompetensi", "panel",
    "skp", "penyuluhan", "inovasi", "pembinaan",
)  # fmt: skip


def read_tables(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All tables of a report; those that are not among ``found`` are empty."""
    return {name: found[name] if name in found else _empty(name) for name in TABLES}


def table_of(folder: Path, name: str) -> pd.DataFrame:
    """A cleaned table as it lies in a folder, a file or a folder of parts; one that was not delivered is empty."""
    for path in (folder / f"{name}.parquet", folder / name):
        if path.exists():
            return _with_all_columns(read_table(path), name)
    return _empty(name)


def _with_all_columns(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table cleaned by an earlier version has not every column of today; what it lacks is missing, not a fault."""
    if name not in TABLES:
        return frame
    declared = _empty(name)
    lacking = {
        column: pd.Series(pd.NA, index=frame.index).astype(declared[column].dtype)
        for column in declared.columns
        if column not in frame.columns
    }
    return frame.assign(**lacking) if lacking else frame


def _empty(name: str) -> pd.DataFrame:
    return typed(pd.DataFrame(columns=list(table(name).columns)), name) if name in TABLES else pd.DataFrame()
