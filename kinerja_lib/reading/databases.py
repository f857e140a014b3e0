"""Databases as sources: read-only, streamed, through SQLAlchemy.

The password comes from the environment or the keyring when the connection is made. It is never part of the
settings, and no text of a driver is ever passed on, since a driver may quote what it was given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kinerja_lib.config import SourceSection
from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.embedded import of_records
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.layouts import Layout, load_layouts
from kinerja_lib.reading.tables import tables_of
from kinerja_lib.reading.workbooks import Sheet
from kinerja_lib.schema.raw import RawTable

CHUNK = 20_000
SERVICE = "kinerja"

_UNCLEAR = (
    Both("basis data menolak atau tidak terjangkau", en="the database refuses or is out of reach"),
    Both(
        "periksa url dan query pada kinerja.toml, dan kata sandi di {variable} atau keyring",
        en="check url and query in kinerja.toml, and the password in {variable} or the keyring",
    ),
)
_FAR = (
    Both("basis data tidak terjangkau", en="the database is out of reach"),
    Both(
        "periksa alamat dan porta pada url, dan jaringannya",
        en="check host and port of the url, and the network",
    ),
)
_LOCKED = (
    Both("nama pengguna atau kata sandi ditolak", en="user name or password refused"),
    Both("isi kata sandi di {variable} atau keyring", en="put the password into {variable} or the keyring"),
)
_FORBIDDEN = (
    Both("akun ini tidak boleh membaca tabel itu", en="this account may not read that table"),
    Both("minta hak SELECT atas tabel itu", en="ask for the right to SELECT from that table"),
)
_ABSENT = (
    Both("basis data, tabel, atau kolom tidak ada", en="no such database, table or column"),
    Both("periksa url, table, atau query pada kinerja.toml", en="check url, table or query in kinerja.toml"),
)
_WRITES = (
    Both(
        "query mengubah data; sumber hanya boleh dibaca", en="the query changes data; a source is only read"
    ),
    Both("tulis query yang hanya membaca", en="write a query that only reads"),
)
# A server's code (SQLSTATE, or MySQL's number where that says more) and what it means to whoever has to mend it.
_MEANING: dict[Any, tuple[Both, Both]] = {
    2003: _FAR, 2002: _FAR, 2005: _FAR, 2013: _FAR,
    1045: _LOCKED, 1698: _LOCKED, "28000": _LOCKED, "28P01": _LOCKED,
    1044: _FORBIDDEN, 1142: _FORBIDDEN, 1143: _FORBIDDEN, "42501": _FORBIDDEN,
    1049: _ABSENT, 1146: _ABSENT, 1054: _ABSENT, "3D000": _ABSENT, "42P01": _ABSENT, "42703": _ABSENT,
    1792: _WRITES, "25006": _WRITES,
}  # fmt: skip


def read_database(
    section: SourceSection, root: Path, *, layouts: Sequence[Layout] | None = None
) -> list[RawTable]:
    """Tables of a database that ``kinerja.toml`` names.

    Parameters
    ----------
    section : SourceSection
        ``url`` of SQLAlchemy; a relative path of a SQLite or DuckDB file starts at ``root``.
    root : Path
        The project's folder.
    layouts : sequence of Layout, optional

    Returns
    -------
    list of RawTable
        ``file`` is ``sql/NAME``; a row's number counts the records from 2, as under a header.

    Raises
    ------
    ReadError
        The driver is not installed, the server refuses, the query fails, or no layout fits.
    """
    known = tuple(layouts) if layouts is not None else load_layouts()
    if section.layout:
        known = tuple(layout for layout in known if layout.name == section.layout)
    file = f"sql/{section.name}"
    grid = Grid.of_parts(_stream(section, root))
    tables = tables_of(Sheet(section.table or "query", grid), file, known)
    if not tables:
        raise ReadError(
            Both(
                f"{file}: kolomnya tidak cocok dengan bentuk ekspor mana pun",
                en=f"{file}: its columns fit no export form",
            ),
            details=[", ".join(grid[0]) if len(grid) else "-"],
            action=Both(
                "beri nama kolom dalam query (AS), atau tulis layout sendiri",
                en="name the columns in the query (AS), or write a layout",
            ),
        )
    return tables


def bytes_of(section: SourceSection, root: Path) -> int:
    """Size of a database that is a file; 0 of a server's, and of one that can't be read."""
    if not section.url.startswith(("sqlite:", "duckdb:")):
        return 0
    file = root / section.url.partition(":///")[2].partition("?")[0]
    return file.stat().st_size if file.is_file() else 0


def password_variable(name: str) -> str:
    """The environment variable that holds a source's password.

    Examples
    --------
    >>> password_variable("simpeg-2025")
    'KINERJA_SQL_SIMPEG_2025_PASSWORD'
    """
    return f"KINERJA_SQL_{re.sub(r'[^A-Z0-9]', '_', name.upper())}_PASSWORD"


def _stream(section: SourceSection, root: Path) -> Iterator[Grid]:
    try:
        import sqlalchemy as sql
    except ImportError as error:
        raise _no_driver(section.name) from error
    engine = _engine(section, root)
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(stream_results=True, yield_per=CHUNK)
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            elif engine.dialect.name in ("mysql", "mariadb"):
                connection.execute(sql.text("SET SESSION TRANSACTION READ ONLY"))
                connection.execute(sql.text("START TRANSACTION READ ONLY"))
            result = connection.execute(sql.text(_query(section, engine)))
            names = list(result.keys())
            yield Grid.of_rows([names])
            for rows in result.partitions(CHUNK):
                yield of_records([tuple(row) for row in rows], len(names))
    except sql.exc.SQLAlchemyError as error:
        raise _refused(section.name, error) from None
    finally:
        engine.dispose()


def _engine(section: SourceSection, root: Path) -> Any:
    import sqlalchemy as sql

    try:
        url = sql.make_url(section.url)
        backend = url.get_backend_name()
        if backend in ("sqlite", "duckdb"):
            file = root / str(url.database or "")
            if not file.is_file():
                raise ReadError(
                    Both(
                        f"sql/{section.name}: berkas basis data tidak ada: {file.name}",
                        en=f"sql/{section.name}: no such database file: {file.name}",
                    ),
                    action=Both("periksa url pada kinerja.toml", en="check the url in kinerja.toml"),
                )
            if backend == "sqlite":
                url = sql.make_url(f"sqlite:///file:{file.resolve().as_posix()}?mode=ro&uri=true")
                return sql.create_engine(url, poolclass=sql.pool.NullPool, hide_parameters=True)
            options = {"read_only": True, "config": {"enable_external_access": "false"}}
            url = url.set(database=str(file.resolve()))
        else:
            url = url.set(password=_password(section.name))
            options = {"connect_timeout": 10}
        return sql.create_engine(url, poolclass=sql.pool.NullPool, hide_parameters=True, connect_args=options)
    except ImportError as error:
        raise _no_driver(section.name) from error
    except sql.exc.NoSuchModuleError:
        raise _no_driver(section.name) from None
    except (sql.exc.ArgumentError, ValueError) as error:
        raise _refused(section.name, error) from None


def _password(name: str) -> str | None:
    """From the environment, else from the keyring where there is one, else none."""
    if text := os.environ.get(password_variable(name)):
        return text
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except KeyringError:
        return None
    return found


def _query(section: SourceSection, engine: Any) -> str:
    """The one SELECT that is sent."""
    if section.table:
        quote = engine.dialect.identifier_preparer.quote_identifier
        return "SELECT * FROM " + ".".join(quote(part) for part in section.table.split("."))
    query = section.query.strip().rstrip(";")
    bare = re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "''", query)
    if not re.match(r"(select|with)\b", query, re.IGNORECASE) or re.search(
        r";|\binto\b", bare, re.IGNORECASE
    ):
        raise ReadError(
            Both(
                f"sql/{section.name}: query harus satu SELECT tanpa INTO",
                en=f"sql/{section.name}: the query must be one SELECT without INTO",
            ),
            action=Both("perbaiki query pada kinerja.toml", en="mend the query in kinerja.toml"),
        )
    return query.replace(":", "\\:")


def _refused(name: str, error: Exception) -> ReadError:
    """The kind of the error and the server's code, never its text."""
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    number = original.args[0] if original.args and isinstance(original.args[0], int) else None
    what, action = _MEANING.get(number or state, _UNCLEAR)
    codes = " ".join(str(code) for code in (type(original).__name__, state, number) if code is not None)
    return ReadError(
        Both(f"sql/{name}: {what}", en=f"sql/{name}: {what.en}"),
        details=[codes],
        action=Both(
            action.format(variable=password_variable(name)),
            en=action.en.format(variable=password_variable(name)),
        ),
    )


def _no_driver(name: str) -> ReadError:
    return ReadError(
        Both(
            f"sql/{name}: penggerak basis data belum terpasang",
            en=f"sql/{name}: the database driver is not installed",
        ),
        action='pip install "kinerja-lib[sql]"',
    )
