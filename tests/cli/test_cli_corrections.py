"""The correction loop from the command line: export, fill in, import, clean: the row is kept, the account is true."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from kinerja_lib.cli.app import run
from kinerja_lib.config import starter
from kinerja_lib.workflow import load_accounting, load_ledger, load_table

UNITS = """kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-contoh,Dinas Contoh,instansi,,,,,,,
dinas-contoh.satu,Bidang Satu,unit,dinas-contoh,,,,,,
dinas-contoh.dua,Bidang Dua,unit,dinas-contoh,,,,,,
"""
LOST = "198609262015051000"
RIGHT = "198609262015051007"
ROWS = f"""NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Status;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja
199001012015052002;Contoh Dua;Bidang Satu;2025;Triwulan I;Final;Entah;Sesuai;Baik
{LOST};=Contoh Tiga;Bidang Satu;2025;Triwulan I;Final;Sesuai;Sesuai;Baik
199101012015052003;Contoh Empat;Bidang Dua;2025;Musim hujan;Final;Sesuai;Sesuai;Baik
199201012015052004;Contoh Lima;Bidang Tigo;2025;Triwulan I;Final;Sesuai;Sesuai;Baik
"""
FILE = "data/raw/01_Dinas_Contoh/ekinerja_2025.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "proyek"
    for part in ("data/raw/01_Dinas_Contoh", "data/reference"):
        (place / part).mkdir(parents=True)
    (place / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    (place / "data/reference/units.csv").write_text(UNITS, encoding="utf-8")
    (place / FILE).write_text(ROWS, encoding="utf-8")
    return place


def _run(folder: Path, *words: Any) -> int:
    return run([*map(str, words), "--project", str(folder), "--lang", "id"])


def _fill(path: Path, answers: dict[int, str], **changes: Any) -> None:
    """Fill in rows of a sheet by the number of the source row."""
    book = openpyxl.load_workbook(path)
    page = book["Koreksi"]
    for row in page.iter_rows(min_row=6):
        if row[3].value in answers:
            row[10].value = answers[row[3].value]
            row[11].value = changes.get("reason", "salah salin dari SK")
            row[12].value = changes.get("author", "Kepala Subbagian Kepegawaian")
            row[13].value = changes.get("day", date(2025, 4, 2))
            if "guard" in changes:
                row[0].value = changes["guard"]
    book.save(path)


def test_round_trip(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "clean") == 0
    assert len(load_ledger(folder)) == 2
    assert _run(folder, "corrections", "export", "--out", out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "koreksi_dinas-contoh.dua.xlsx", "koreksi_dinas-contoh.satu.xlsx", "koreksi_dinas-contoh.xlsx",
    ]  # fmt: skip
    _fill(out / "koreksi_dinas-contoh.satu.xlsx", {2: "Diatas ekspektasi", 3: RIGHT})
    _fill(out / "koreksi_dinas-contoh.dua.xlsx", {4: "Triwulan I 2025"})
    _fill(out / "koreksi_dinas-contoh.xlsx", {5: "Bidang Dua"})
    assert _run(folder, "corrections", "import", out, "--dry-run") == 0
    toml = folder / "data/reference/corrections.toml"
    assert not toml.exists()
    assert _run(folder, "corrections", "import", out) == 0
    assert "4 jawaban dari 3 lembar: 4 baru" in capsys.readouterr().out
    text = toml.read_text(encoding="utf-8")
    assert (
        LOST not in text
        and 'author = "Kepala Subbagian Kepegawaian"' in text
        and 'date = "2025-04-02"' in text
    )
    assert _run(folder, "clean") == 0
    account = load_accounting(folder)
    assert account[["read", "kept", "rejected", "merged"]].values.tolist() == [[4, 4, 0, 0]]
    table = load_table(folder, "penilaian").set_index("baris_sumber")
    assert table["hasil_kerja"].tolist()[0] == "Diatas ekspektasi"
    assert table.loc[5, "unit_kerja"] == "dinas-contoh.dua"
    assert table.loc[4, "periode"] == "2025-Q1"
    assert len(pd.read_parquet(folder / "data/interim/cells.parquet")) == 0
    assert _run(folder, "corrections", "import", out) == 0  # once more: nothing new
    assert "0 baru, 0 mengganti, 4 sudah tercatat" in capsys.readouterr().out
    assert toml.read_text(encoding="utf-8") == text
    shutil.rmtree(out)
    assert _run(folder, "corrections", "export", "--out", out) == 0
    assert "Tidak ada sel yang perlu dikoreksi" in capsys.readouterr().out


def test_a_sheet_holds_only_its_own_rows_as_text(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out, "--unit", "dinas-contoh.satu") == 0
    assert [path.name for path in out.iterdir()] == ["koreksi_dinas-contoh.satu.xlsx"]
    page = openpyxl.load_workbook(out / "koreksi_dinas-contoh.satu.xlsx")["Koreksi"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=6)]
    assert [row[3] for row in rows] == [2, 3]
    assert rows[1][4:8] == ["nip", "NIP", "=Contoh Tiga", LOST]
    assert page.cell(7, 7).data_type == "s"  # a text, not a formula
    assert "TERBATAS" in page.cell(2, 2).value
    assert (
        page.protection.sheet and not page.cell(6, 11).protection.locked and page.cell(6, 8).protection.locked
    )
    assert page.cell(7, 11).number_format == "@"  # a NIP stays text
    ranges = {str(one.sqref): one for one in page.data_validations.dataValidation}
    assert ranges["K6"].type == "list" and ranges["N6:N7"].type == "date"


def test_what_is_there_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    assert _run(folder, "corrections", "export", "--out", out) == 2
    assert _run(folder, "corrections", "export", "--out", out, "--replace") == 0
    assert _run(folder, "corrections", "export", "--out", out, "--unit", "tidak-ada") == 2
    sheet = out / "koreksi_dinas-contoh.satu.xlsx"
    _fill(sheet, {3: RIGHT})
    assert _run(folder, "corrections", "import", sheet) == 0
    toml = folder / "data/reference/corrections.toml"
    before = toml.read_text(encoding="utf-8")
    _fill(sheet, {3: "198609262015051008"})
    assert _run(folder, "corrections", "import", sheet) == 6
    assert toml.read_text(encoding="utf-8") == before
    assert _run(folder, "corrections", "import", sheet, "--replace") == 0
    after = toml.read_text(encoding="utf-8")
    assert RIGHT not in after and after.count("[[correction]]") == 1


@pytest.mark.parametrize(
    ("answer", "changes", "words"),
    [
        ("198609262015051000", {}, "nilai baru: NIP kehilangan angka"),
        (RIGHT, {"reason": ""}, "alasan belum diisi"),
        (RIGHT, {"author": "198609262015051001"}, "jabatan pengisi belum diisi"),
        (RIGHT, {"day": None}, "tanggal belum diisi"),
        (RIGHT, {"guard": "x"}, "kolom terkunci berubah"),
        (RIGHT, {"guard": "0" * 20}, "sudah berubah sejak lembar ini dibuat"),
        ("", {}, "nilai yang benar belum diisi"),
    ],
)
def test_answers_that_cannot_be_taken_in(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, changes: Any, words: str
) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    sheet = out / "koreksi_dinas-contoh.satu.xlsx"
    _fill(sheet, {3: answer}, **changes)
    assert _run(folder, "corrections", "import", sheet) == 6
    shown = capsys.readouterr()
    assert words in shown.out + shown.err
    assert not (folder / "data/reference/corrections.toml").exists()


@pytest.mark.parametrize(
    ("faulty", "left_out"),
    [
        ({"answer": RIGHT, "reason": ""}, {"salinan.xlsx"}),
        ({"answer": RIGHT, "guard": "x"}, {"salinan.xlsx"}),
        (
            {"answer": "198609262015051008"},
            {"koreksi_dinas-contoh.satu.xlsx", "salinan.xlsx"},
        ),  # two answers to one question
    ],
)
def test_one_faulty_sheet_holds_up_no_other(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    faulty: dict[str, Any],
    left_out: set[str],
) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    shutil.copy(out / "koreksi_dinas-contoh.satu.xlsx", out / "salinan.xlsx")
    _fill(out / "koreksi_dinas-contoh.satu.xlsx", {3: RIGHT})
    answer = faulty.pop("answer")
    _fill(out / "salinan.xlsx", {3: answer}, **faulty)
    toml = folder / "data/reference/corrections.toml"
    assert _run(folder, "corrections", "import", out) == 6
    assert "--skip-faulty" in capsys.readouterr().err
    assert not toml.exists()
    assert _run(folder, "corrections", "import", out, "--skip-faulty", "--json") == 6
    found = json.loads(capsys.readouterr().out)
    assert set(found["left_out"]) == left_out
    assert all(any(name in fault for name in left_out) for fault in found["faults"])
    taken = len(left_out) == 1
    assert found["new"] == taken and toml.exists() == taken
    if taken:
        assert RIGHT in toml.read_text(encoding="utf-8")
        assert _run(folder, "clean") == 0


def test_a_guard_that_no_longer_holds_stops_the_cleaning(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    _fill(out / "koreksi_dinas-contoh.satu.xlsx", {3: RIGHT})
    assert _run(folder, "corrections", "import", out) == 0
    assert _run(folder, "check", folder / "data/raw") == 0
    shown = capsys.readouterr().out  # the check shows what the next run will give
    assert "dibaca 4, dipakai 3, ditolak 1" in shown and "koreksi tidak berlaku" not in shown
    (folder / FILE).write_text(ROWS.replace(LOST, RIGHT), encoding="utf-8")
    assert _run(folder, "check", folder / "data/raw") == 0
    assert (
        "koreksi tidak berlaku lagi: 01_Dinas_Contoh/ekinerja_2025.csv ·  · 3 · nip"
        in capsys.readouterr().out
    )
    assert _run(folder, "clean") == 6
    shown = capsys.readouterr()
    text = shown.out + shown.err
    assert "01_Dinas_Contoh/ekinerja_2025.csv" in text and "3 · nip" in text and "->" in text
    assert LOST not in text and RIGHT not in text
    (folder / FILE).unlink()
    (folder / FILE).with_name("lain.csv").write_text(ROWS, encoding="utf-8")
    assert _run(folder, "clean") == 6
    shown = capsys.readouterr()
    assert "berkas tidak ada" in shown.out + shown.err


def test_other_files_are_no_sheets(folder: Path, tmp_path: Path) -> None:
    assert _run(folder, "corrections", "import", tmp_path / "kosong") == 2
    openpyxl.Workbook().save(tmp_path / "lain.xlsx")
    assert _run(folder, "corrections", "import", tmp_path / "lain.xlsx") == 6
