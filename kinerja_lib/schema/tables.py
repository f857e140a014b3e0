"""A frame against the description of its table: columns, types, categories, ranges, key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import SchemaError
from kinerja_lib.schema.buffers import pool
from kinerja_lib.schema.fields import Field, field, table

_DTYPES = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "periode": "str",
}

_MANY = 50_000  # rows worth a second thread


def dtype_of(column: Field) -> object:
    """pandas dtype of a column: text ``str``, integer ``Int64``, category with the field's own levels."""
    if column.type == "category":
        return (
            pd.CategoricalDtype(list(column.categories), ordered=column.ordered)
            if column.categories
            else "str"
        )
    return _DTYPES[column.type]


def typed(frame: pd.DataFrame, name: str, *, texts: bool = True) -> pd.DataFrame:
    """A copy with exactly the table's columns, in order and typed; absent ones are added empty.

    Parameters
    ----------
    frame : DataFrame
        Any subset of the table's columns.
    name : str
        Table name.
    texts : bool
        Whether a text column that comes as categories becomes text; else it stays as it is.

    Returns
    -------
    DataFrame

    Raises
    ------
    SchemaError
        A column that the table does not know, or a value that its type cannot hold.
    """
    declared = table(name)
    unknown = [column for column in frame.columns if column not in declared.columns]
    if unknown:
        raise SchemaError(f"table {name}: unknown columns: {', '.join(map(str, unknown))}")
    convert = partial(_converted, frame, name, texts)
    if len(frame) < _MANY:
        return pd.DataFrame({column: convert(column) for column in declared.columns}, index=frame.index)
    with ThreadPoolExecutor(2) as pool:  # texts are copied by Arrow, side by side
        columns = dict(zip(declared.columns, pool.map(convert, declared.columns), strict=True))
    return pd.DataFrame(columns, index=frame.index, copy=False)


def _converted(frame: pd.DataFrame, name: str, texts: bool, column: str) -> pd.Series:
    """One column of the table, typed; an absent one is empty."""
    kind = dtype_of(field(column))
    if column not in frame.columns:
        return _empty(kind, frame.index)
    if kind == "str" and not texts and isinstance(frame[column].dtype, pd.CategoricalDtype):
        return frame[column]
    try:
        return _texts(frame[column]) if kind == "str" else frame[column].astype(kind)
    except (TypeError, ValueError) as error:
        raise SchemaError(
            f"table {name}: column {column} does not hold {field(column).type}: {error}"
        ) from error


def _empty(kind: Any, index: pd.Index) -> pd.Series:
    """A column of missing values."""
    return pd.Series(pd.array([None], dtype=kind).take(np.zeros(len(index), dtype=np.intp)), index=index)


def _texts(source: pd.Series) -> pd.Series:
    """A column as text; categories are turned into texts once and then taken."""
    if not isinstance(source.dtype, pd.CategoricalDtype):
        return source.astype("str")
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = source.cat.codes.to_numpy()
    places = pa.array(codes, mask=codes < 0)
    texts = pc.take(pa.array(source.cat.categories, pa.large_string()), places, memory_pool=pool())
    return pd.Series(pd.array(texts, dtype="str"), index=source.index, copy=False)


def faults(frame: pd.DataFrame, name: str) -> list[str]:
    """All that is wrong with a table, one line each; empty where nothing is.

    Checks the columns, what may not be missing, categories, ranges and the key. Collects everything, never
    only the first fault.
    """
    declared = table(name)
    found: list[str] = []
    missing = [column for column in declared.columns if column not in frame.columns]
    if missing:
        found.append(f"{name}: columns missing: {', '.join(missing)}")
    for column in declared.columns:
        if column in frame.columns:
            found.extend(
                f"{name}.{column}: {text}"
                for text in _column_faults(frame[column], field(column), column in declared.required)
            )
    key = [column for column in declared.key if column in frame.columns]
    if key and (count := int(frame.duplicated(subset=key).sum())):
        found.append(f"{name}: {count} rows repeat the key {', '.join(key)}")
    return found


def _column_faults(values: pd.Series, column: Field, required: bool) -> list[str]:
    found = []
    if required and (count := int(values.isna().sum())):
        found.append(f"{count} values missing")
    present = values.dropna()
    if column.categories:
        strange = sorted(set(present.astype("str")) - set(column.categories))
        if strange:
            found.append(f"unknown categories: {', '.join(strange[:5])}")
    if column.type in ("integer", "number") and len(present):
        low, high = float(present.min()), float(present.max())
        if column.minimum is not None and low < column.minimum:
            found.append(f"smallest value {low:g} is below {column.minimum:g}")
        if column.maximum is not None and high > column.maximum:
            found.append(f"largest value {high:g} is above {column.maximum:g}")
    return found
