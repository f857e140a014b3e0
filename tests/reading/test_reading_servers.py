"""Real servers: MariaDB or MySQL, and PostgreSQL, started for these tests where their programs are installed."""

from __future__ import annotations

import getpass
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kinerja_lib.cli.app import run
from kinerja_lib.config import SourceSection, starter
from kinerja_lib.errors import ReadError
from kinerja_lib.reading.databases import password_variable, read_database

sql = pytest.importorskip("sqlalchemy", reason="needs the extra sql")
pytest.importorskip("pymysql", reason="needs the extra sql")
pytest.importorskip("psycopg", reason="needs the extra sql")

ROWS = 100_000
READER = "sangat-rahasia-4711"
OWNER = "pemilik-rahasia-0815"
TEN = "(SELECT 0 AS n" + "".join(f" UNION ALL SELECT {digit}" for digit in range(1, 10)) + ")"
NUMBER = "(a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n)"
COLUMNS = {
    "NIP": "varchar(18)", "Nama Pegawai": "varchar(60)", "Perangkat Daerah": "varchar(60)", "Tahun": "int",
    "Periode": "varchar(20)", "Rating Hasil Kerja": "varchar(30)", "Rating Perilaku Kerja": "varchar(30)",
    "Predikat Kinerja": "varchar(30)", "Tanggal Penilaian": "date",
}  # fmt: skip
PLACES = [
    *map(Path, os.environ.get("PATH", "").split(os.pathsep)),
    Path("/usr/sbin"),
    Path("/usr/local/sbin"),
]


def _program(*names: str) -> Path | None:
    """A server's program, where the system has it: Debian keeps PostgreSQL's outside the path."""
    places = [*PLACES, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return next((place / name for name in names for place in places if (place / name).is_file()), None)


@dataclass(frozen=True)
class Server:
    """A running server with a table of a hundred thousand rows, and an account that owns it."""

    kind: str
    reader: str
    owner: Any

    def source(self, **what: str) -> SourceSection:
        """The source as kinerja.toml names it."""
        return SourceSection("simpeg", self.reader, **what)

    def count(self) -> int:
        """Rows that the table holds."""
        with self.owner.connect() as base:
            return int(base.execute(sql.text("SELECT count(*) FROM rekap")).scalar_one())


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _user(folder: Path, wanted: str) -> str | None:
    """The user a server runs as: servers refuse to be started as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    shutil.chown(folder, wanted)
    return wanted


def _start(folder: Path, install: list[str], serve: list[str], user: str | None, url: str) -> tuple[Any, Any]:
    done = subprocess.run(install, user=user, cwd=folder, capture_output=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"the server cannot be set up here: {Path(install[0]).name} gives {done.returncode}")
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(serve, user=user, cwd=folder, stdout=log, stderr=log)
    engine = sql.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sql.pool.NullPool)
    for _ in range(200):
        try:
            engine.connect().close()
            return process, engine
        except sql.exc.OperationalError:
            time.sleep(0.1)
    process.terminate()
    pytest.skip("the server does not come up here")


def _mysql(folder: Path) -> tuple[Any, Any, int]:
    server = _program("mariadbd", "mysqld")
    if server is None:
        pytest.skip("no server program here: mariadbd or mysqld")
    user, port = _user(folder, "mysql"), _free_port()
    data, name = folder / "data", user or getpass.getuser()
    common = ["--no-defaults", f"--datadir={data}", f"--user={name}"]
    installer = _program("mariadb-install-db", "mysql_install_db")
    install = (
        [str(installer), *common, "--auth-root-authentication-method=normal", "--skip-test-db"]
        if installer
        else [str(server), *common, "--initialize-insecure"]
    )
    serve = [str(server), *common, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}",
             "--innodb-buffer-pool-size=32M", f"--secure-file-priv={folder}"]  # fmt: skip
    process, root = _start(folder, install, serve, user, f"mysql+pymysql://root@127.0.0.1:{port}/")
    with root.connect() as base:
        base.execute(sql.text("CREATE DATABASE simpeg"))
        base.execute(sql.text(f"CREATE USER pembaca@'%' IDENTIFIED BY '{READER}'"))
        base.execute(
            sql.text("GRANT ALL ON *.* TO pembaca@'%'")
        )  # the account could write: the session must not
        base.execute(sql.text("CREATE DATABASE tertutup"))
    return process, sql.create_engine(root.url.set(database="simpeg"), isolation_level="AUTOCOMMIT"), port


def _postgres(folder: Path) -> tuple[Any, Any, int]:
    server, installer = _program("postgres"), _program("initdb")
    if server is None or installer is None:
        pytest.skip("no server program here: postgres")
    user, port = _user(folder, "postgres"), _free_port()
    secret = folder / "kunci"
    secret.write_text(OWNER, encoding="utf-8")
    data = str(folder / "data")
    install = [str(installer), "-D", data, "-A", "scram-sha-256", "-U", "pemilik", f"--pwfile={secret}", "-E",
               "UTF8", "--locale=C", "--no-sync"]  # fmt: skip
    serve = [str(server), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    url = f"postgresql+psycopg://pemilik:{OWNER}@127.0.0.1:{port}/postgres"
    process, owner = _start(folder, install, serve, user, url)
    with owner.connect() as base:
        base.execute(sql.text(f"CREATE ROLE pembaca LOGIN SUPERUSER PASSWORD '{READER}'"))
        base.execute(sql.text(f"CREATE ROLE orang_lain LOGIN PASSWORD '{READER}'"))
    return process, owner, port


@pytest.fixture(scope="module", params=["mysql", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One server after the other."""
    with tempfile.TemporaryDirectory(prefix="kinerja-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        process, owner, port = (_mysql if request.param == "mysql" else _postgres)(folder)
        driver, base = (
            ("mysql+pymysql", "simpeg") if request.param == "mysql" else ("postgresql+psycopg", "postgres")
        )
        try:
            _fill(owner)
            yield Server(request.param, f"{driver}://pembaca@127.0.0.1:{port}/{base}", owner)
        finally:
            owner.dispose()
            process.terminate()
            process.wait(60)


def _fill(owner: Any) -> None:
    quote = owner.dialect.identifier_preparer.quote_identifier
    columns = ", ".join(f"{quote(name)} {kind}" for name, kind in COLUMNS.items())
    joined = ", ".join(f"{TEN} {letter}" for letter in "abcde")
    nip = "concat(1960 + e.n, '0', 1 + d.n % 9, 10 + c.n, '201505', '1', '7', b.n, a.n)"
    with owner.connect() as base:
        base.execute(sql.text(f"CREATE TABLE rekap (id int PRIMARY KEY, {columns})"))
        base.execute(
            sql.text(
                f"INSERT INTO rekap SELECT {NUMBER}, {nip}, concat('Contoh ', {NUMBER}), 'Dinas Contoh', 2025, "
                f"'Triwulan I', 'Sesuai', 'Sesuai', 'Baik', '2025-04-10' FROM {joined}"
            )
        )


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(password_variable("simpeg"), READER)


def test_a_hundred_thousand_rows(server: Server, password: None, tmp_path: Path) -> None:
    (table,) = read_database(server.source(table="rekap"), tmp_path)
    assert (table.file, table.sheet, table.layout) == ("sql/simpeg", "rekap", "ekinerja-rekap")
    assert len(table.frame) == ROWS
    assert table.frame["nama"].nunique() == ROWS
    assert set(table.frame["tanggal_penilaian"]) == {"2025-04-10"}
    assert set(table.frame["tahun"]) == {"2025"}


WRITING = {
    "both": [
        "DELETE FROM rekap",
        "SELECT 1; DROP TABLE rekap",
        "SELECT * INTO baru FROM rekap",
        "WITH a AS (SELECT 1) DELETE FROM rekap",
        "SELECT * FROM rekap FOR UPDATE",
    ],
    "mysql": [
        "SELECT * FROM rekap INTO OUTFILE '{folder}/keluar.txt'",
        "SELECT 1 /*! INTO OUTFILE '{folder}/keluar.txt' */",
        "SELECT ubah()",
    ],
    "postgresql": [
        "WITH a AS (DELETE FROM rekap RETURNING *) SELECT * FROM a",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT ubah()",
    ],
}
FUNCTIONS = {
    "mysql": "CREATE FUNCTION ubah() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM rekap; RETURN 1; END",
    "postgresql": "CREATE FUNCTION ubah() RETURNS int LANGUAGE sql AS 'DELETE FROM rekap; SELECT 1'",
}


def test_nothing_is_written_though_the_account_may(server: Server, password: None, tmp_path: Path) -> None:
    with server.owner.connect() as base:
        base.execute(sql.text(FUNCTIONS[server.kind]))
    for query in (*WRITING["both"], *WRITING[server.kind]):
        with pytest.raises(ReadError):
            read_database(server.source(query=query.replace("{folder}", tmp_path.as_posix())), tmp_path)
    with pytest.raises(ReadError, match="hanya boleh dibaca"):
        read_database(server.source(query="SELECT ubah()"), tmp_path)
    assert server.count() == ROWS


def test_the_server_is_told_that_the_session_only_reads(
    server: Server, password: None, tmp_path: Path
) -> None:
    variable = (
        "@@session.tx_read_only" if server.kind == "mysql" else "current_setting('transaction_read_only')"
    )
    tick = "`" if server.kind == "mysql" else '"'
    query = f"SELECT {variable} AS {tick}Predikat Kinerja{tick}, r.* FROM rekap r WHERE id < 3 ORDER BY id"
    query = query.replace(
        "r.*", f"{tick}NIP{tick}, {tick}Tahun{tick}, {tick}Periode{tick}, {tick}Rating Hasil Kerja{tick}"
    )
    (table,) = read_database(server.source(query=query), tmp_path)
    assert set(table.frame["predikat_tercetak"]) <= {"1", "on"}
    assert len(table.frame) == 3


MEASURE = """
import json, resource, sys
from pathlib import Path
from kinerja_lib.config import SourceSection
from kinerja_lib.reading import databases
url, limit = sys.argv[1], int(sys.argv[2])
query = f"SELECT * FROM rekap WHERE id < {limit}"
stream = databases._stream(SourceSection("simpeg", url, query=query), Path("."))
rows = sum(len(part) for part in stream)
scale = 1 if sys.platform == "darwin" else 1024
print(json.dumps([rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read from getrusage")
def test_records_are_streamed(server: Server, password: None) -> None:
    """Twenty thousand rows at a time leave the driver: five times as many take no more memory."""
    peaks = []
    for limit in (20_000, ROWS):
        command = [sys.executable, "-c", MEASURE, server.reader, str(limit)]
        done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120)
        rows, peak = json.loads(done.stdout)
        assert rows == limit + 1
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 12 * 2**20


@pytest.mark.parametrize("fault", ["password", "table", "base", "right"])
def test_what_is_wrong_is_named_without_a_secret(
    server: Server,
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    url, table, secret, said = server.reader, "rekap", READER, "tidak ada"
    if fault == "password":
        secret, said = "salah-sekali-9", "kata sandi"
    elif fault == "table":
        table = "tiada"
    elif fault == "base":
        url, said = (
            url.rpartition("/")[0] + "/tiada",
            "tidak ada" if server.kind == "mysql" else "kinerja.toml",
        )
    elif server.kind == "postgresql":
        url, said = url.replace("pembaca", "orang_lain"), "hak SELECT"
    else:
        pytest.skip("one account here")
    monkeypatch.setenv(password_variable("simpeg"), secret)
    with pytest.raises(ReadError) as caught:
        read_database(SourceSection("simpeg", url, table=table), tmp_path)
    text = caught.value.text("id")
    assert said in text
    everything = (
        text + caught.value.text("en") + "".join(traceback.format_exception(caught.value)) + caplog.text
    )
    assert secret not in everything
    assert "127.0.0.1" not in text and "pembaca" not in text


def test_the_password_may_lie_in_the_keyring(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = pytest.importorskip("keyring")
    monkeypatch.delenv(password_variable("simpeg"), raising=False)
    kept = {("kinerja", "simpeg"): READER}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    (table,) = read_database(server.source(query="SELECT * FROM rekap WHERE id < 10"), tmp_path)
    assert len(table.frame) == 10
    kept.clear()
    with pytest.raises(ReadError):
        read_database(server.source(query="SELECT * FROM rekap WHERE id < 10"), tmp_path)


def test_values_that_only_a_database_has(server: Server, password: None, tmp_path: Path) -> None:
    mysql = server.kind == "mysql"
    tick = "`" if mysql else '"'
    binary = "CAST('Dinas É' AS binary)" if mysql else "convert_to('Dinas É', 'UTF8')"
    query = f"""SELECT {binary} AS {tick}Unit Kerja{tick}, '198609262015051001' AS {tick}NIP{tick},
        NULL AS {tick}Predikat Kinerja{tick},
        CAST(2025 AS decimal(9, 0)) AS {tick}Tahun{tick}, 'a:b;c -- into' AS {tick}Periode{tick},
        'Sesuai' AS {tick}Rating Hasil Kerja{tick}, 'Sesuai' AS {tick}Rating Perilaku Kerja{tick}"""
    (table,) = read_database(server.source(query=query), tmp_path)
    row = table.frame.iloc[0]
    assert row["unit_nama"] == "Dinas É"
    assert row["tahun"] == "2025"
    assert row["periode_nama"] == "a:b;c -- into"
    assert row.isna()["predikat_tercetak"]


def test_a_project_with_a_server(
    server: Server, password: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Clean and validate leave the password nowhere in the project."""
    text = (
        starter("Uji")
        + f'\n[[sources]]\nname = "simpeg"\nurl = "{server.reader}"\nquery = "SELECT * FROM rekap WHERE id < 500 ORDER BY id"\n'
    )
    (tmp_path / "kinerja.toml").write_text(text, encoding="utf-8")
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/reference").mkdir(parents=True)
    (tmp_path / "data/reference/units.csv").write_text(
        "kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus\n"
        "dinas-contoh,Dinas Contoh,instansi,,,,,,,\n", encoding="utf-8",
    )  # fmt: skip
    assert run(["check", "--project", str(tmp_path), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["files"]
    assert (entry["file"], entry["read"]) == ("sql/simpeg", 500)
    assert run(["clean", "--project", str(tmp_path), "--json"]) == 0
    total = json.loads(capsys.readouterr().out)["total"]
    assert total["read"] == total["kept"] + total["rejected"] + total["merged"] == 500
    assert total["kept"] == 500
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or READER.encode() not in path.read_bytes()
