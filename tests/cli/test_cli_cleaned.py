"""`kinerja check` says which cells, units and people contradict or cannot be read."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kinerja_lib.cli.app import run
from kinerja_lib.config import starter

UNITS = """kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-contoh,Dinas Contoh,instansi,,,,,,,
dinas-contoh.satu,Bidang Satu,unit,dinas-contoh,,,,,,
dinas-contoh.dua,Bidang Dua,unit,dinas-contoh,,,,,,
"""
ROWS = """NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Status;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja
198609262015051001;Contoh Satu;Bidang Satu;2025;Triwulan I;Final;Diatas Ekspektasi;Sesuai;Sangat Baik
198609262015051001;Contoh Satu;Bidang Dua;2025;Triwulan I;Final;Diatas Ekspektasi;Sesuai;Sangat Baik
199001012015052002;Contoh Dua;Bidang Tigo;2025;Triwulan I;Final;Entah;Sesuai Ekspektasy;Baik
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    for place in ("data/raw/01_Dinas_Contoh", "data/reference"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "data/reference/units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def test_check_explains(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(folder / "data/raw"), "--project", str(folder), "--lang", "id"]) == 0
    text = capsys.readouterr().out
    assert "unit “Bidang Tigo” (1 baris); yang terdekat: " in text
    assert "1 sel hasil_kerja dikosongkan: " in text
    assert "Predikat tercetak berbeda dari matriks" in text
    assert "Sesuai Ekspektasy = Sesuai ekspektasi" in text
    assert "Dua unit kerja dalam satu periode" in text
    assert "Contoh Satu" not in text
    assert "198609262015051001" not in text


def test_no_text_of_an_export_becomes_a_formula(folder: Path) -> None:
    path = folder / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv"
    path.write_text(ROWS.replace("Bidang Tigo", "=1+1").replace("Entah", "-5"), encoding="utf-8")
    assert run(["clean", "--project", str(folder), "--quiet"]) == 0
    text = (folder / "data/interim/cells.csv").read_text(encoding="utf-8")
    assert ",'=1+1," in text and ",-5," in text and ",=1" not in text


def test_a_column_that_proves_two_orders_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows = ROWS.splitlines()
    days = ("31/01/2025", "01/31/2025", "02/03/2025")
    lines = [f"{head};Tanggal Penilaian", *(f"{row};{day}" for row, day in zip(rows, days, strict=True))]
    path = folder / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(["check", str(path), "--project", str(folder), "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "tanggal_penilaian: 3 × the column holds both day-month and month-day" in text
    assert "1 cells of tanggal_penilaian left empty" in text


def test_clean_counts_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--project", str(folder), "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "unreadable cells in rows that were kept" in text
    assert "two units in one period" in text
    for name in ("ledger", "cells", "conflicts"):
        assert (folder / f"data/interim/{name}.csv").is_file()
        assert (folder / f"data/interim/{name}.parquet").is_file()


SECRET = "sangat-rahasia-4711"


@pytest.fixture
def with_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a file, a database that can be read, and one whose server is not there."""
    pytest.importorskip("sqlalchemy", reason="needs the extra sql")
    pytest.importorskip("pymysql", reason="needs the extra sql")
    head, *rows = ([*line.split(";"), "Dinas Contoh"] for line in ROWS.splitlines())
    head[-1] = "Instansi"
    with sqlite3.connect(folder / "simpeg.db") as base:
        base.execute("CREATE TABLE rekap (" + ", ".join(f'"{name}" TEXT' for name in head) + ")")
        base.executemany(f"INSERT INTO rekap VALUES ({','.join('?' * len(head))})", rows)
    base.close()
    with (folder / "kinerja.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[sources]]\nname = "simpeg"\nurl = "sqlite:///simpeg.db"\ntable = "rekap"\n'
            '\n[[sources]]\nname = "jauh"\nurl = "mysql+pymysql://pembaca@127.0.0.1:1/simpeg"\ntable = "rekap"\n'
        )
    monkeypatch.setenv("KINERJA_SQL_JAUH_PASSWORD", SECRET)
    return folder


@pytest.mark.parametrize("words", [[], ["data/raw"]])
def test_check_lists_databases_like_files(
    with_database: Path, words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(with_database)
    assert run(["check", *words, "--lang", "id"]) == 4
    text, errors = capsys.readouterr()
    assert "01_Dinas_Contoh/ekinerja_2025.csv" in text
    assert "sql/simpeg · rekap" in text
    assert "bentuk ekinerja-rekap -> tabel penilaian; dibaca 3" in text
    assert "! sql/jauh" in text and "tidak terjangkau" in text and "OperationalError 2003" in text
    assert SECRET not in text + errors and "Contoh Satu" not in text


def test_check_of_one_database(
    with_database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(with_database)
    assert run(["check", "sql/simpeg", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (entry,) = found["files"]
    assert (entry["file"], entry["sheet"], entry["layout"], entry["table"]) == (
        "sql/simpeg", "rekap", "ekinerja-rekap", "penilaian",
    )  # fmt: skip
    assert (entry["read"], entry["kept"] + entry["rejected"] + entry["merged"]) == (3, 3)
    assert found["faults"] == []
    assert run(["check", "data/raw/01_Dinas_Contoh", "--json"]) == 0
    assert [one["file"] for one in json.loads(capsys.readouterr().out)["files"]] == [
        "01_Dinas_Contoh/ekinerja_2025.csv"
    ]
    assert run(["check", "sql/lain", "--lang", "en"]) == 2
    assert "databases: sql/simpeg, sql/jauh" in capsys.readouterr().err


def test_check_says_that_there_is_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv").unlink()
    assert run(["check", "--lang", "id"]) == 0
    assert "tidak ada ekspor di " in capsys.readouterr().out


def test_the_items_of_a_wide_form_are_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "data/raw/01_Dinas_Contoh/survei.csv"
    path.write_text(
        "No Responden;Perangkat Daerah;Unit Kerja;Tahun;Triwulan;K1;T1;P1;F1;Kesan\n"
        "1;Dinas Contoh;Bidang Satu;2025;III;4;4;3;5;baik\n", encoding="utf-8",
    )  # fmt: skip
    assert run(["check", str(path), "--project", str(folder), "--lang", "id"]) == 0
    text = capsys.readouterr().out
    assert "? Kesan: kolom tidak dikenal" in text
    assert "? K1" not in text and "? F1" not in text
    assert "dibaca 4, dipakai 4" in text
