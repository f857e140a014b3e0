"""The follow-up list: for the authorised user, to a file of the owner only, logged, and never in a report."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from kinerja_lib.cleaning.rejoin import people_behind
from kinerja_lib.cli.app import run
from kinerja_lib.config import starter
from kinerja_lib.schema.identity import KEY_FILE, project_key, pseudonym
from kinerja_lib.workflow.follow_up_access import account, read_log
from kinerja_lib.workflow.project import find_project

UNITS = """kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-contoh,Dinas Contoh,instansi,,,,,,,
dinas-contoh.satu,Bidang Satu,unit,dinas-contoh,,,,,,
dinas-lain,Dinas Lain,instansi,,,,,,,
dinas-lain.dua,Bidang Dua,unit,dinas-lain,,,,,,
"""
BEST, LOW, OTHER = "199001012015052002", "198609262015051007", "199101012015052003"
HEAD = "NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Status;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja\n"
ROWS = f"""{HEAD}{BEST};=HYPERLINK("http://x") Contoh;Bidang Satu;2025;Tahunan;Final;Diatas;Diatas;Sangat Baik
{LOW};Contoh Tiga;Bidang Satu;2025;Tahunan;Final;Dibawah;Sesuai;Butuh Perbaikan
"""
ELSEWHERE = f"{HEAD}{OTHER};Contoh Empat;Bidang Dua;2025;Tahunan;Final;Diatas;Diatas;Sangat Baik\n"
REASON = "Sidang Tim Penilai Kinerja"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "proyek"
    for name, rows in (("01_Dinas_Contoh", ROWS), ("02_Dinas_Lain", ELSEWHERE)):
        (place / "data/raw" / name).mkdir(parents=True)
        (place / "data/raw" / name / "ekinerja_2025.csv").write_text(rows, encoding="utf-8")
    (place / "data/reference").mkdir(parents=True)
    (place / "data/reference/units.csv").write_text(UNITS, encoding="utf-8")
    grant(place, account())
    assert run(["clean", "--project", str(place), "--quiet"]) == 0
    return place


def grant(place: Path, *accounts: str) -> None:
    text = starter("Uji").replace("follow_up_list = [] ", f"follow_up_list = {json.dumps(accounts)} ")
    (place / "kinerja.toml").write_text(text, encoding="utf-8")


def take(folder: Path, to: Path, *words: str, instansi: str = "dinas-contoh", reason: str = REASON) -> int:
    return run(["follow-up", "list", "--project", str(folder), "--lang", "id", "--instansi", instansi, "--period", "2025",
                "--to", str(to), "--reason", reason, *words])  # fmt: skip


def cells(path: Path) -> list[list[Any]]:
    page = openpyxl.load_workbook(path)["Daftar"]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]


def test_codes_by_default_and_only_of_the_agency(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "daftar.xlsx"
    assert take(folder, to) == 0
    heads, *rows = cells(to)
    key = project_key(folder / "data/interim")
    assert "NIP" not in heads and "Nama" not in heads
    assert [(row[0], row[2], row[4]) for row in rows] == [
        (pseudonym(LOW, key), "Bidang Satu", "Pembinaan kinerja"),
        (pseudonym(BEST, key), "Bidang Satu", "Penghargaan kinerja"),
    ]  # fmt: skip
    out = capsys.readouterr().out
    assert pseudonym(LOW, key) not in out and "2 baris" in out


def test_names_come_from_the_exports_and_stay_texts(folder: Path, tmp_path: Path) -> None:
    to = tmp_path / "daftar.xlsx"
    assert take(folder, to, "--names", "--yes") == 0
    heads, *rows = cells(to)
    assert {row[heads.index("NIP")] for row in rows} == {BEST, LOW}
    named = {row[heads.index("NIP")]: row[heads.index("Nama")] for row in rows}
    assert named[LOW] == "Contoh Tiga" and named[BEST].startswith("=HYPERLINK(")
    with zipfile.ZipFile(to) as book:
        inner = "".join(book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name)
    assert "<f>" not in inner and "hyperlink" not in inner.lower()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_the_file_and_the_log_are_the_owners_only(folder: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert take(folder, tmp_path / "daftar.xlsx") == 0
    finally:
        os.umask(before)
    for path in (tmp_path / "daftar.xlsx", folder / "data/interim/access_log.jsonl"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_says_who_when_how_many_and_why_and_names_nobody(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["follow-up", "log", "--project", str(folder), "--lang", "id"]) == 0
    assert "Belum ada" in capsys.readouterr().out
    take(folder, tmp_path / "a.xlsx")
    take(folder, tmp_path / "b.xlsx", "--names", "--yes", "--only", "penghargaan", "--json")
    entries = read_log(find_project(folder))
    assert [(one["account"], one["people"], one["names"], one["reason"]) for one in entries] == [
        (account(), 2, False, REASON), (account(), 1, True, REASON),
    ]  # fmt: skip
    assert entries[1]["rules"] == ["penghargaan"] and entries[0]["time"].endswith("+00:00")
    text = (folder / "data/interim/access_log.jsonl").read_text(encoding="utf-8")
    out = capsys.readouterr().out
    key = project_key(folder / "data/interim")
    for secret in (BEST, LOW, "Contoh Tiga", pseudonym(BEST, key), pseudonym(LOW, key)):
        assert secret not in text and secret not in out
    assert run(["follow-up", "log", "--project", str(folder), "--lang", "en"]) == 0
    assert "Purpose" in capsys.readouterr().out


def test_no_grant_no_list(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for accounts in ((), ("orang-lain",), (f"{account()}:dinas-lain",)):
        grant(folder, *accounts)
        assert take(folder, tmp_path / "daftar.xlsx") == 2
    assert "tidak berwenang" in capsys.readouterr().err
    assert not (tmp_path / "daftar.xlsx").exists() and not read_log(find_project(folder))
    grant(folder, f"{account()}:dinas-contoh")
    assert take(folder, tmp_path / "semua.xlsx", instansi="all") == 2
    assert take(folder, tmp_path / "daftar.xlsx") == 0


def test_dry_run_writes_nothing(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(folder, tmp_path / "daftar.xlsx", "--names", "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["by_rule"] == {"penghargaan": 1, "berturut_turut": 0, "masa_kerja": 0, "pembinaan": 1}
    assert not found["written"] and len(found["notes"]) == 4
    assert not (tmp_path / "daftar.xlsx").exists() and not (folder / "data/interim/access_log.jsonl").exists()


@pytest.mark.parametrize(
    "place", ["daftar.xlsx", "reports/daftar.xlsx", "data/raw/daftar.xlsx", "../proyek/daftar.xlsx"]
)
def test_never_inside_the_project(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "reports").mkdir(exist_ok=True)
    assert take(folder, folder / place) == 2
    assert "folder proyek" in capsys.readouterr().err and not list(folder.rglob("daftar.xlsx"))


def test_never_through_a_link_into_the_project(folder: Path, tmp_path: Path) -> None:
    (folder / "reports").mkdir(exist_ok=True)
    try:
        (tmp_path / "luar").symlink_to(folder / "reports", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert take(folder, tmp_path / "luar/daftar.xlsx") == 2


@pytest.mark.parametrize(
    ("to", "words", "reason"),
    [
        ("daftar.csv", (), REASON),
        ("tidak/ada.xlsx", (), REASON),
        ("daftar.xlsx", (), "perlu"),
        ("daftar.xlsx", (), f"Kasus pegawai {LOW} bulan ini"),
        ("daftar.xlsx", (), "Kasus 19860926 201505 1 007 bulan ini"),
        ("daftar.xlsx", ("--only", "hukuman"), REASON),
        ("daftar.xlsx", ("--period", "2025-Q1"), REASON),
        ("daftar.xlsx", ("--period", "2019"), REASON),
        ("daftar.xlsx", ("--instansi", "dinas-x"), REASON),
        ("daftar.xlsx", ("--names",), REASON),
    ],
)
def test_what_is_refused(folder: Path, tmp_path: Path, to: str, words: tuple[str, ...], reason: str) -> None:
    grant(folder, account())
    assert take(folder, tmp_path / to, *words, reason=reason) == 2
    assert not list(tmp_path.glob("*.xlsx")) and not read_log(find_project(folder))


def test_an_existing_file_is_replaced_only_where_asked(folder: Path, tmp_path: Path) -> None:
    to = tmp_path / "daftar.xlsx"
    assert take(folder, to) == 0 and take(folder, to) == 2
    assert take(folder, to, "--replace") == 0 and len(read_log(find_project(folder))) == 2


def test_another_key_fits_nobody_and_none_is_made(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "data/interim" / KEY_FILE
    path.write_text("0" * 64, encoding="utf-8")
    assert take(folder, tmp_path / "daftar.xlsx", "--names", "--yes") == 2
    assert "tidak cocok" in capsys.readouterr().err
    path.unlink()
    assert take(folder, tmp_path / "daftar.xlsx", "--names", "--yes") == 2
    assert not path.exists() and not read_log(find_project(folder))
    assert take(folder, tmp_path / "daftar.xlsx") == 0  # codes alone need no key


def test_a_list_that_cannot_be_logged_is_not_made(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "data/interim/access_log.jsonl").mkdir()
    assert take(folder, tmp_path / "daftar.xlsx") == 2
    assert "catatan akses" in capsys.readouterr().err and not (tmp_path / "daftar.xlsx").exists()


def test_a_name_is_never_shown_by_repr(folder: Path) -> None:
    from kinerja_lib.reading import read_export

    key = project_key(folder / "data/interim")
    sheets = read_export(folder / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv")
    found = people_behind(sheets, key, {pseudonym(LOW, key)})
    assert list(found) == [pseudonym(LOW, key)] and found[pseudonym(LOW, key)].name == "Contoh Tiga"
    assert "Contoh" not in repr(found) and LOW not in repr(found)


def test_name_and_nip_in_one_cell() -> None:
    from kinerja_lib.schema.raw import RawTable

    frame = pd.DataFrame({"nip_nama": [f"Contoh Satu\n{LOW}", "Contoh Dua / 123", None]}, dtype="str")
    sheet = RawTable("x.xlsx", "1", "uji", "penilaian", frame, pd.Index([1, 2, 3]).to_numpy(), (), (), {})
    unused = RawTable("y.xlsx", "1", "uji", "", frame, pd.Index([1, 2, 3]).to_numpy(), (), (), {})
    key = b"k" * 32
    found = people_behind([unused, sheet], key, {pseudonym(LOW, key)})
    assert [(one.nip, one.name, one.profile) for one in found.values()] == [(LOW, "Contoh Satu", False)]


def test_no_report_can_reach_the_list() -> None:
    """Nothing under ``reporting`` names the modules that hold people, so no chapter can show them."""
    from kinerja_lib import reporting

    for path in Path(reporting.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for module in (
            "follow_up_list",
            "follow_up_names",
            "follow_up_sheet",
            "follow_up_access",
            "rejoin",
            "people_behind",
        ):
            assert module not in text, path.name


def test_names_are_asked_for_on_a_terminal(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter([False, True])
    monkeypatch.setattr("typer.confirm", lambda *_, **__: next(answers))
    assert take(folder, tmp_path / "daftar.xlsx", "--names") == 130
    assert not (tmp_path / "daftar.xlsx").exists()
    assert take(folder, tmp_path / "daftar.xlsx", "--names") == 0


def test_a_damaged_export_and_a_person_who_left_are_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder / "data/raw/01_Dinas_Contoh/ekinerja_2025.csv"
    raw.write_text(
        HEAD + f"{LOW};Contoh Tiga;Bidang Satu;2025;Tahunan;Final;Dibawah;Sesuai;Butuh Perbaikan\n",
        encoding="utf-8",
    )
    (folder / "data/raw/01_Dinas_Contoh/rusak.xlsx").write_bytes(b"not a workbook")
    assert take(folder, tmp_path / "daftar.xlsx", "--names", "--yes") == 0
    assert "1 pegawai tidak ditemukan" in capsys.readouterr().out
    named = [row[1] for row in cells(tmp_path / "daftar.xlsx")[1:]]
    assert sorted(name or "" for name in named) == ["", LOW]


def test_dates_and_years_are_real_ones() -> None:
    import io
    from datetime import datetime

    from kinerja_lib.workflow.follow_up_sheet import follow_up_workbook

    rows = pd.DataFrame(
        {
            "id_pegawai": ["PX", "PY"], "rule": ["masa_kerja", "pembinaan"], "level": pd.array([20, None], dtype="Int64"),
            "given": pd.array([True, None], dtype="boolean"), "given_on": pd.to_datetime(["2025-08-17", None]),
        }
    )  # fmt: skip
    book = openpyxl.load_workbook(
        io.BytesIO(follow_up_workbook("Daftar", ["oleh x"], rows, ["catatan"], "en"))
    )
    first, second = ([cell.value for cell in row] for row in book["List"].iter_rows(min_row=6))
    assert first == ["PX", "Satyalancana Karya Satya (length of service)", 20, "yes", datetime(2025, 8, 17)]
    assert second[:4] == ["PY", "Performance coaching", "", "not recorded"]
    texts = [cell.value for row in book["Rules"].iter_rows() for cell in row]
    assert any("PP 35/2010" in str(text) for text in texts) and "catatan" in texts


def test_the_list_says_who_has_been_coached(folder: Path, tmp_path: Path) -> None:
    """A row of the form on coaching answers the low predicate; without the form it stays unknown."""
    to = tmp_path / "sebelum.xlsx"
    assert take(folder, to, "--only", "pembinaan") == 0
    heads, row = cells(to)
    assert row[heads.index("Sudah diberikan")] == "tidak tercatat"
    head = "NIP;Nama Pegawai;Tahun Penilaian;Periode Penilaian;Jenis Pembinaan;Tanggal Mulai"
    form = f"{head}\n{LOW};Contoh Tiga;2025;Tahunan;Bimbingan kinerja;20 Februari 2026\n"
    (folder / "data/raw/01_Dinas_Contoh/pembinaan.csv").write_text(form, encoding="utf-8")
    assert run(["clean", "--project", str(folder), "--quiet"]) == 0
    to = tmp_path / "sesudah.xlsx"
    assert take(folder, to, "--only", "pembinaan") == 0
    heads, row = cells(to)
    assert row[heads.index("Sudah diberikan")] == "ya"
    assert str(row[heads.index("Tanggal")])[:10] == "2026-02-20"
