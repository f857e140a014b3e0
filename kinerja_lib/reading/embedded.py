"""SQLite and DuckDB files that lie among the exports, and records of a database as cells of text."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.coded import TEXT
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.sources import Source
from kinerja_lib.reading.workbooks import Sheet, cell_text

CHUNK = 20_000
SQLITE = b"SQLite format 3\x00"


def of_records(rows: Sequence[Sequence[Any]], width: int) -> Grid:
    """Records as cells of text."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    texts = [pa.chunked_array([pa.array([_text(cell) for cell in column], TEXT)]) for column in columns]
    return Grid(texts, len(rows))


def _text(value: Any) -> str:
    """A value of a driver as text: as a workbook's cell, and what only a database knows.

    An exact number is written like any other (``3.125`` as ``3.1250``, never ``1E+2``); bytes, which MySQL gives for
    binary text, are UTF-8 or else cp1252.
    """
    if isinstance(value, Decimal):
        small = not value.is_finite() or abs(value) < 10**15
        return cell_text(float(value)) if small else f"{value:f}"
    if isinstance(value, (bytes, bytearray, memoryview)):
        data = bytes(value)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", errors="replace")
    return cell_text(value)


def read_sqlite(source: Source) -> list[Sheet]:
    """Tables of a SQLite file, each as a sheet; views are not run.

    Raises
    ------
    ReadError
        The file is damaged.
    """
    try:
        with sqlite3.connect(":memory:") as base:
            base.deserialize(source.read())
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA query_only = ON")
            names = base.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            ).fetchall()
            sheets = [Sheet(str(name), _table(base, str(name))) for (name,) in names]
        base.close()
    except (sqlite3.Error, UnicodeError) as error:
        raise ReadError(
            Both(f"{source.name}: basis data SQLite rusak", en=f"{source.name}: the SQLite file is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    return sheets


def _table(base: Any, name: str) -> Grid:
    """All of a table, its column names first; ``base`` is a connection of either kind."""
    quoted = name.replace('"', '""')
    cursor = base.execute(f'SELECT * FROM "{quoted}"')
    names = [str(item[0]) for item in cursor.description]
    parts = [Grid.of_rows([names])]
    while rows := cursor.fetchmany(CHUNK):
        parts.append(of_records(rows, len(names)))
    return Grid.of_parts(parts)


def read_duckdb(source: Source) -> list[Sheet]:
    """Tables of a DuckDB file, each as a sheet; it can reach no other file.

    Raises
    ------
    ReadError
        The file is damaged or in an archive, or the optional package is not installed.
    """
    if source.member >= 0:
        raise ReadError(
            Both(
                f"{source.name}: basis data di dalam arsip", en=f"{source.name}: a database inside an archive"
            ),
            action=Both("keluarkan dari arsip", en="take it out of the archive"),
        )
    try:
        import duckdb
    except ImportError as error:
        raise ReadError(
            Both(f"{source.name}: perlu paket duckdb", en=f"{source.name}: needs the package duckdb"),
            action='pip install "kinerja-lib[sql]"',
        ) from error
    sheets = []
    try:
        with duckdb.connect(
            str(source.path), read_only=True, config={"enable_external_access": "false"}
        ) as base:
            names = base.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
            for (name,) in names:
                sheets.append(Sheet(str(name), _table(base, str(name))))
    except duckdb.Error as error:
        raise ReadError(
            Both(f"{source.name}: basis data DuckDB rusak", en=f"{source.name}: the DuckDB file is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    return sheets
