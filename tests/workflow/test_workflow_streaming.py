"""Files cleaned side by side give what cleaning all of them at once gives."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.cleaning.corrections import Correction
from kinerja_lib.errors import CleaningError
from kinerja_lib.reading import read_folder
from kinerja_lib.workflow import find_project, load_table, run_clean, stages
from kinerja_lib.workflow.hashed_names import HashedNames, hash_of
from kinerja_lib.workflow.storage import load_interim
from kinerja_lib.workflow.streaming import clean_folder

ROOT = Path(__file__).resolve().parents[2]
KEY = b"a key of sixteen bytes"


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.astype("object").where(frame.notna(), None).astype("str")
    return plain.sort_values(list(plain.columns), ignore_index=True)


def _tree(folder: Path) -> Path:
    """Exports of two agencies, the same appraisals twice, a person's name in another file's free text."""
    texts = [path for path in (ROOT / "data/sample").rglob("*.csv") if path.name != "units.csv"]
    always = {min(texts, key=lambda path: path.stat().st_size), ROOT / "data/sample/units.csv"}
    for number, path in enumerate(sorted((ROOT / "data/sample").rglob("*"))):
        if path.is_file() and (number % 9 == 0 or path in always or "akses" in path.name):
            target = folder / path.relative_to(ROOT / "data/sample")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    recap = folder / min(always - {ROOT / "data/sample/units.csv"}).relative_to(ROOT / "data/sample")
    shutil.copy(recap, recap.with_name("ulang_" + recap.name))
    (folder / "rusak.xlsx").write_bytes(b"PK\x03\x04")
    return folder


def test_the_same_tables_ledger_cells_and_accounting(tmp_path: Path) -> None:
    raw = _tree(tmp_path / "raw")
    register = Register.load(ROOT / "data/sample/units.csv")
    sheets, faults = read_folder(raw)
    whole = clean(sheets, register=register, key=KEY)
    seen: list[tuple[int, int]] = []
    done = clean_folder(
        raw, tmp_path / "p", tmp_path / "i", register=register, key=KEY, workers=2,
        progress=lambda number, total, file: seen.append((number, total)),
    )  # fmt: skip
    assert [fault.file for fault in done.faults] == [fault.file for fault in faults] == ["rusak.xlsx"]
    assert load_interim(tmp_path / "i", "faults")["file"].tolist() == ["rusak.xlsx"]
    assert seen[-1][0] == seen[-1][1]
    assert done.tables == {name: len(frame) for name, frame in whole.tables.items()}
    assert whole.accounting["merged"].sum() > 0
    for name, frame in whole.tables.items():
        assert_frame_equal(_sorted(load_table(tmp_path / "p", name)), _sorted(frame))
    for name in ("ledger", "cells", "decisions", "accounting", "conflicts"):
        assert_frame_equal(_sorted(load_interim(tmp_path / "i", name)), _sorted(getattr(whole, name)))
    assert not list((tmp_path / "i").glob(".tmp-*"))


def test_databases_are_files_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite and DuckDB beside exports, one of them gone: cleaned file by file as cleaned at once."""
    duckdb = pytest.importorskip("duckdb", reason="needs the extra sql")
    head = ["nip", "nama", "unit_kerja", "tahun", "periode", "rating_hasil_kerja", "rating_perilaku_kerja",
            "predikat_kinerja"]  # fmt: skip
    rows = [
        (f"19860926201505{1 + n % 2}{n:03d}", f"Contoh {n}", "Sekretariat", "2025", f"Triwulan {1 + n % 4}",
         "Sesuai", "Sesuai" if n % 3 else "??", "Baik")
        for n in range(1, 90)
    ]  # fmt: skip
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    texts = [";".join(row) for row in [("DINAS PENDIDIKAN",), head, *rows[:40], ("1", "x")]]
    (raw / "a.csv").write_text("\n".join(texts), encoding="utf-8")
    names = ", ".join(f"{name} TEXT" for name in [*head, "opd"])
    every = [(*row, "Dinas Pendidikan") for row in rows]
    with closing(sqlite3.connect(tmp_path / "s.db")) as base:
        base.execute(f"CREATE TABLE skp ({names})")
        base.executemany(f"INSERT INTO skp VALUES ({', '.join('?' * 9)})", every[20:70])
        base.commit()
    with duckdb.connect(str(tmp_path / "d.duckdb")) as base:
        base.execute(f"CREATE TABLE skp ({names})")
        base.executemany(f"INSERT INTO skp VALUES ({', '.join('?' * 9)})", [list(row) for row in every[50:]])
    sources = [("simpeg", "sqlite:///s.db"), ("gudang", "duckdb:///d.duckdb"), ("hilang", "sqlite:///x.db")]
    (tmp_path / "kinerja.toml").write_text(
        '[project]\nname = "Uji"\n'
        + "".join(f'[[sources]]\nname = "{name}"\nurl = "{url}"\ntable = "skp"\n' for name, url in sources),
        encoding="utf-8",
    )
    (tmp_path / "data" / "reference").mkdir()
    shutil.copy(ROOT / "data/sample/units.csv", tmp_path / "data/reference/units.csv")
    project = find_project(tmp_path)
    whole = run_clean(project)
    books = ("ledger", "cells", "decisions", "accounting", "conflicts", "faults")
    table, found = load_table(project, "penilaian"), {name: load_interim(project, name) for name in books}
    monkeypatch.setattr(stages, "LARGE", (raw / "a.csv").stat().st_size)
    assert stages.is_large(project)  # by the size of the databases
    assert run_clean(project) == whole
    assert {one["file"] for one in whole["files"]} == {"a.csv", "sql/simpeg", "sql/gudang"}
    assert [one["file"] for one in whole["faults"]] == ["sql/hilang"]
    assert whole["total"] == {"read": 130, "kept": 89, "rejected": 1, "merged": 40}
    assert_frame_equal(_sorted(load_table(project, "penilaian")), _sorted(table))
    for name in books:
        assert_frame_equal(_sorted(load_interim(project, name)), _sorted(found[name]))


def test_a_correction_of_no_file_stops_before_anything_is_written(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.csv").write_text("NIP;Nama\n1;2\n", encoding="utf-8")
    register = Register.load(ROOT / "data/sample/units.csv")
    gone = Correction("tiada.csv", "", 2, "nip", "1", "2", "salah ketik", "Penguji", "2025-01-31")
    with pytest.raises(CleaningError):
        clean_folder(raw, tmp_path / "p", tmp_path / "i", register=register, key=KEY, corrections=[gone])
    assert not (tmp_path / "p").exists()


def test_hashed_names_hold_what_was_put_in() -> None:
    names = [("contoh", "satu"), ("contoh", "dua")]
    hashed = HashedNames(np.unique(np.array([hash_of(name) for name in names], dtype=np.uint64)))
    assert all(name in hashed for name in names)
    assert ("contoh", "tiga") not in hashed
    assert "contoh satu" not in hashed
    assert names[0] not in HashedNames(np.zeros(0, dtype=np.uint64))


def test_a_large_project_is_streamed_with_the_same_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "data" / "raw"
    for name in ("a.csv", "b.csv", "kosong.csv"):
        raw.mkdir(parents=True, exist_ok=True)
        head = "DINAS PENDIDIKAN\nNIP;Nama;Unit Kerja;Tahun;Periode;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja\n"
        row = "198609262015051001;Contoh Satu;Sekretariat;2025;Triwulan I;Sesuai;Sesuai;Baik\n1;x;;;;;;\n"
        (raw / name).write_text(head + row, encoding="utf-8")
    (tmp_path / "kinerja.toml").write_text('[project]\nname = "Uji"\n', encoding="utf-8")
    (tmp_path / "data" / "reference").mkdir()
    shutil.copy(ROOT / "data/sample/units.csv", tmp_path / "data/reference/units.csv")
    project = find_project(tmp_path)
    assert not stages.is_large(project)
    whole = run_clean(project)
    table = load_table(project, "penilaian")
    monkeypatch.setattr(stages, "LARGE", 0)
    assert stages.is_large(project)
    streamed = run_clean(project)
    assert streamed == whole
    assert whole["total"]["merged"] == 2
    assert_frame_equal(_sorted(load_table(project, "penilaian")), _sorted(table))
    for path in raw.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("1986", "xx"), encoding="utf-8")
    with pytest.raises(CleaningError, match="tidak ada baris"):
        run_clean(project)
    assert len(load_table(project, "penilaian")) == 1
