"""Databases: read-only, streamed, and never a password in an error."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from decimal import Decimal
from pathlib import Path

import pytest

from kinerja_lib.config import SourceSection, load_config, parse_config
from kinerja_lib.errors import ConfigError, ReadError
from kinerja_lib.reading import databases, read_export
from kinerja_lib.reading.databases import password_variable, read_database
from kinerja_lib.reading.embedded import of_records

sql = pytest.importorskip("sqlalchemy", reason="needs the extra sql")
duckdb = pytest.importorskip("duckdb", reason="needs the extra sql")

CREATE = (
    'CREATE TABLE rekap ("NIP" TEXT, "Nama Pegawai" TEXT, "Unit Kerja" TEXT, "Tahun" INTEGER, "Periode" TEXT, '
    '"Rating Hasil Kerja" TEXT, "Rating Perilaku Kerja" TEXT, "Predikat Kinerja" TEXT)'
)
ROW = ("198609262015051001", "Contoh Satu", "Sekretariat", 2025, "Triwulan I", "Sesuai", "Sesuai", "Baik")
SECRET = "sangat-rahasia-4711"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "simpeg.sqlite") as base:
        base.execute(CREATE)
        base.executemany("INSERT INTO rekap VALUES (?,?,?,?,?,?,?,?)", [ROW, (*ROW[:7], None)])
    base.close()
    with duckdb.connect(str(tmp_path / "simpeg.duckdb")) as duck:
        duck.execute(CREATE)
        duck.executemany("INSERT INTO rekap VALUES (?,?,?,?,?,?,?,?)", [ROW, (*ROW[:7], None)])
    return tmp_path


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_table_and_a_query_of_a_database_file(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "CHUNK", 1)
    url = f"{kind}:///simpeg.{kind}"
    (table,) = read_database(SourceSection("simpeg", url, table="rekap"), folder)
    assert (table.file, table.sheet, table.layout) == ("sql/simpeg", "rekap", "ekinerja-rekap")
    assert table.frame["nip"].tolist() == [ROW[0], ROW[0]]
    assert table.frame["tahun"].tolist() == ["2025", "2025"]
    assert table.frame["predikat_tercetak"].isna().tolist() == [False, True]
    assert table.rows.tolist() == [2, 3]
    query = "SELECT * FROM rekap WHERE \"Predikat Kinerja\" = 'Baik' AND \"Periode\" <> 'a:b'"
    (part,) = read_database(SourceSection("simpeg", url, query=query), folder)
    assert len(part.frame) == 1
    (same,) = read_export(folder / f"simpeg.{kind}")
    assert same.frame.equals(table.frame)
    assert same.file == f"simpeg.{kind}"


def test_values_of_a_driver_as_text() -> None:
    values = [Decimal("3.125"), Decimal("1E+2"), Decimal("123456789012345678"), Decimal("NaN"), "É".encode(),
              b"\xc9", memoryview(b"abc"), None, True, 0.5, 7]  # fmt: skip
    (column,) = of_records([[value] for value in values], 1).columns
    assert column.to_pylist() == [
        "3.1250",
        "100",
        "123456789012345678",
        "",
        "É",
        "É",
        "abc",
        "",
        "TRUE",
        "0.5000",
        "7",
    ]


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    "query",
    ["DELETE FROM rekap", "SELECT 1; DROP TABLE rekap", "WITH a AS (SELECT 1) DELETE FROM rekap", "SELECT"],
)
def test_nothing_is_ever_written(folder: Path, kind: str, query: str) -> None:
    before = (folder / f"simpeg.{kind}").read_bytes()
    with pytest.raises(ReadError):
        read_database(SourceSection("simpeg", f"{kind}:///simpeg.{kind}", query=query), folder)
    assert (folder / f"simpeg.{kind}").read_bytes() == before


def test_a_duckdb_query_reaches_no_other_file(folder: Path) -> None:
    (folder / "x.csv").write_text("a\n1\n", encoding="utf-8")
    query = f"SELECT * FROM read_csv('{(folder / 'x.csv').as_posix()}')"
    with pytest.raises(ReadError):
        read_database(SourceSection("simpeg", "duckdb:///simpeg.duckdb", query=query), folder)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://pembaca@127.0.0.1:1/simpeg",
        "mysql+pymysql://pembaca@127.0.0.1:1/simpeg",
        "tiadapenggerak://pembaca@127.0.0.1/simpeg",
        "postgresql+psycopg://pembaca@127.0.0.1:satu/simpeg",
        "bukan url",
    ],
)
def test_an_error_never_holds_the_password(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(password_variable("simpeg"), SECRET)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ReadError) as caught:
        read_database(SourceSection("simpeg", url, table="rekap"), tmp_path)
    text = (
        caught.value.text("id") + caught.value.text("en") + "".join(traceback.format_exception(caught.value))
    )
    assert SECRET not in text + caplog.text
    assert "127.0.0.1" not in caught.value.text("id")


def test_the_password_comes_from_the_environment_else_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    monkeypatch.setattr(keyring, "get_password", lambda service, name: f"{service}/{name}")
    assert databases._password("simpeg") == "kinerja/simpeg"
    monkeypatch.setenv("KINERJA_SQL_SIMPEG_PASSWORD", SECRET)
    assert databases._password("simpeg") == SECRET

    def locked(service: str, name: str) -> str:
        raise keyring.errors.KeyringLocked

    monkeypatch.delenv("KINERJA_SQL_SIMPEG_PASSWORD")
    monkeypatch.setattr(keyring, "get_password", locked)
    assert databases._password("simpeg") is None


def test_columns_that_fit_no_form_and_files_that_are_not_there(folder: Path) -> None:
    url = "sqlite:///simpeg.sqlite"
    with pytest.raises(ReadError, match="tidak cocok"):
        read_database(SourceSection("simpeg", url, query="SELECT 1 AS satu"), folder)
    with pytest.raises(ReadError, match="tidak cocok"):
        read_database(SourceSection("simpeg", url, table="rekap", layout="skm"), folder)
    with pytest.raises(ReadError, match="tidak ada"):
        read_database(SourceSection("simpeg", "sqlite:///lain.sqlite", table="rekap"), folder)
    with pytest.raises(ReadError, match="OperationalError SQLITE_ERROR"):
        read_database(SourceSection("simpeg", url, table="tiada"), folder)
    (folder / "rusak.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 500)
    (folder / "rusak.duckdb").write_bytes(b"\0" * 8 + b"DUCK" + b"x" * 500)
    for name in ("rusak.sqlite", "rusak.duckdb"):
        with pytest.raises(ReadError, match="rusak"):
            read_export(folder / name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[sources]]\nname = "a"\nurl = "postgresql://u:kunci@h/d"\ntable = "t"', "kata sandi"),
        ('[[sources]]\nname = "a"\nurl = "mysql://h/d?password=kunci"\ntable = "t"', "kata sandi"),
        ('[[sources]]\nname = "a"\nurl = "sqlite:///a"', "salah satu"),
        ('[[sources]]\nname = "a"\nurl = "sqlite:///a"\ntable = "t"\nquery = "SELECT 1"', "salah satu"),
        ('[[sources]]\nname = "a b"\nurl = "sqlite:///a"\ntable = "t"', "name"),
        ('[[sources]]\nname = "a"\nurl = "sqlite:///a"\ntable = "t"\nkata_sandi = "kunci"', "tidak dikenal"),
        ('sources = "a"', "sources"),
    ],
)
def test_sources_in_the_project_file_are_checked(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "kinerja.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        load_config(tmp_path)
    assert "kunci@" not in caught.value.text("id")
    assert "=kunci" not in caught.value.text("id")


def test_a_source_of_the_project_file() -> None:
    config = parse_config({"sources": [{"name": "a", "url": "sqlite:///a.db", "table": "rekap"}]})
    assert config.sources == (SourceSection("a", "sqlite:///a.db", "rekap"),)
