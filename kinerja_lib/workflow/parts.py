"""Tables in parts, one a file: written as they are made, and rows of one key merged across parts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kinerja_lib.cleaning.duplicates import merge_duplicates, stacked
from kinerja_lib.cleaning.ledger import lines
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow.parquet import as_arrow, write_content


def write_part(folder: Path, number: int, frame: pd.DataFrame) -> None:
    """Write the part of a table that one file gave."""
    folder.mkdir(parents=True, exist_ok=True)
    write_content(folder / f"{number:05d}.parquet", as_arrow(_storable(frame)))


def _storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of mixed objects (the ledger's) with one type in every part."""
    objects = {name: "str" for name in frame.columns if frame[name].dtype == object and name != "row"}
    return frame.astype(objects | ({"row": "int64"} if "row" in frame.columns else {}))


def merge_parts(
    staging: Path, name: str, numbers: Sequence[int]
) -> tuple[pd.DataFrame, list[tuple[Any, ...]]]:
    """Rows whose key may stand in several places are read again; those that lose are taken out of their parts."""
    hashes = {number: np.load(staging / f"{name}-{number:05d}.npy") for number in numbers}
    every = np.sort(np.concatenate(list(hashes.values())))
    again = np.unique(every[1:][every[1:] == every[:-1]])
    if not len(again):
        return lines(np.zeros(0, dtype=np.int64)), []
    found, places = [], []
    for number in numbers:
        rows = np.flatnonzero(np.isin(hashes[number], again))
        if len(rows):
            part = pq.read_table(staging / name / f"{number:05d}.parquet").take(pa.array(rows))
            found.append(typed(part.to_pandas(), name))
            places.append(np.column_stack([np.full(len(rows), number), rows]))
    whole, lost, rivals = merge_duplicates(stacked(found), name)
    place = np.concatenate(places)
    gone = place[np.setdiff1d(np.arange(len(place)), whole.index.to_numpy())]
    for number in np.unique(gone[:, 0]):
        path = staging / name / f"{number:05d}.parquet"
        content = pq.read_table(path)
        keep = np.ones(content.num_rows, dtype=bool)
        keep[gone[gone[:, 0] == number, 1]] = False
        write_content(path, content.filter(pa.array(keep)))
    return lost, rivals


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
