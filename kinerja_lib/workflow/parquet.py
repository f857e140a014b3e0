"""Frames as Parquet: categories of a text column are written as the dictionary that they are, and read as text."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kinerja_lib.schema.fields import field, fields
from kinerja_lib.schema.tables import dtype_of

FILTERED = ("periode", "tahun", "instansi", "unit_kerja")
_SCHEMA = "ARROW:schema"  # where a file says how Arrow should give it back


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
    schema = as_read(content).serialize().to_pybytes()
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


def as_read(content: pa.Table) -> pa.Schema:
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
