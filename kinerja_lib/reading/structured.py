"""Files that say themselves what their columns are: Parquet, JSON and JSON lines."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.coded import TEXT
from kinerja_lib.reading.encoding import decode
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.sources import Source
from kinerja_lib.reading.workbooks import cell_text

_BLOCK = 50_000


def read_parquet(source: Source) -> Grid:
    """Cells of a Parquet file, its column names as the first row."""
    import pyarrow.parquet as pq

    try:
        with source.open() as stream, pq.ParquetFile(stream) as file:
            names = list(file.schema_arrow.names)
            parts = [Grid.of_rows([names])]
            parts += [of_batch(batch) for batch in file.iter_batches(_BLOCK)]
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            Both(f"{source.name}: berkas Parquet rusak", en=f"{source.name}: the Parquet file is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    return Grid.of_parts(parts)


def of_batch(batch: Any) -> Grid:
    """An Arrow batch as text: texts as they are, other values as a cell of a workbook would be."""
    columns = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            texts = column.cast(TEXT).fill_null("")
        else:
            texts = pa.array([cell_text(_plain(value)) for value in column.to_pylist()], TEXT)
        columns.append(pa.chunked_array([texts]))
    return Grid(columns, batch.num_rows)


def read_json(source: Source) -> Grid:
    """Cells of a list of objects, or of one object a line; a name that comes later is a column too."""
    text = decode(source.read(), source.name).removeprefix("\ufeff")
    names: dict[str, None] = {}
    rows: list[list[str]] = []
    try:
        for record in _records(text):
            if not isinstance(record, dict):
                raise ReadError(
                    Both(
                        f"{source.name}: JSON harus berupa daftar objek",
                        en=f"{source.name}: the JSON must be a list of objects",
                    ),
                    action=Both("minta ekspor Excel atau CSV", en="ask for an Excel or CSV export"),
                )
            names.update(dict.fromkeys(record))
            rows.append([cell_text(_plain(record.get(name))) for name in names])
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReadError(
            Both(f"{source.name}: JSON rusak", en=f"{source.name}: damaged JSON"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    return Grid.of_rows([list(names), *rows])


def _records(text: str) -> Iterator[Any]:
    if text.lstrip().startswith("["):
        yield from json.loads(text)
    elif (wrapped := _wrapped(text)) is not None:
        yield from wrapped
    else:
        for line in io.StringIO(text):
            if line.strip():
                yield json.loads(line)


def _wrapped(text: str) -> list[Any] | None:
    """The one list of objects inside an object (``{"data": [...]}``), as web services answer."""
    start = text.lstrip()
    try:
        whole, end = json.JSONDecoder().raw_decode(start)
    except json.JSONDecodeError:
        return None
    if start[end:].strip() or not isinstance(whole, dict):
        return None
    lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return lists[0] if len(lists) == 1 else None


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
