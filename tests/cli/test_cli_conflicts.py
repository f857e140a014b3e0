"""Facts that contradict each other are asked about: the unit chooses, the choice is guarded, the conflict is gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kinerja_lib.cleaning.corrections import load_corrections
from kinerja_lib.cli.app import run
from kinerja_lib.config import starter
from kinerja_lib.workflow import load_accounting
from kinerja_lib.workflow.storage import load_interim

UNITS = """kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-contoh,Dinas Contoh,instansi,,,,,,,
dinas-contoh.satu,Bidang Satu,unit,dinas-contoh,,,,,,
dinas-contoh.dua,Bidang Dua,unit,dinas-contoh,,,,,,
"""
HEAD = "NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Status;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja\n"
ONE, TWO, RIGHT = "199001012015052002", "199101012015052003", "199212312016031004"
RECAP = f"""{HEAD}{ONE};Contoh Satu;Bidang Satu;2025;Triwulan I;Final;Sesuai;Sesuai;Baik
{ONE};Contoh Satu;Bidang Dua;2025;Triwulan I;Final;Sesuai;Sesuai;Baik
{TWO};Budi Contoh;Bidang Satu;2025;Triwulan I;Final;Sesuai;Sesuai;Baik
{TWO};Siti Rahma;Bidang Satu;2025;Triwulan II;Final;Sesuai;Sesuai;Baik
{TWO};Siti Rahma;Bidang Satu;2025;Triwulan III;Final;Sesuai;Sesuai;Baik
"""
PROFILE = """NIP BARU;NAMA;TANGGAL LAHIR;JENIS PEGAWAI NAMA;GOLONGAN NAMA;JENIS JABATAN NAMA;TAHUN;UNIT ORGANISASI NAMA
{nip};Contoh Satu;{born};PNS;III/a;Pelaksana;{year};Bidang Satu
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "proyek"
    for part in ("data/raw/01_Dinas_Contoh", "data/reference"):
        (place / part).mkdir(parents=True)
    (place / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    (place / "data/reference/units.csv").write_text(UNITS, encoding="utf-8")
    raw = place / "data/raw/01_Dinas_Contoh"
    (raw / "rekap_2025.csv").write_text(RECAP, encoding="utf-8")
    for year, born in ((2024, "1 Januari 1990"), (2025, "11 Januari 1990")):
        text = PROFILE.format(nip=ONE, born=born, year=year)
        (raw / f"profil_{year}.csv").write_text(text, encoding="utf-8")
    return place


def _run(folder: Path, *words: Any) -> int:
    return run([*map(str, words), "--project", str(folder), "--lang", "id"])


def _page(path: Path) -> list[list[Any]]:
    page = openpyxl.load_workbook(path)["Pertentangan"]
    return [list(row) for row in page.iter_rows(min_row=6, values_only=True)]


def _fill(path: Path, answers: dict[tuple[str, int], str]) -> None:
    """Fill in by file and row; each answer must find its cell."""
    book = openpyxl.load_workbook(path)
    left = dict(answers)
    for row in book["Pertentangan"].iter_rows(min_row=6):
        place = (Path(str(row[1].value)).name, row[3].value)
        if place in left:
            row[10].value = left.pop(place)
            row[11].value, row[12].value = "sesuai SK", "Kepala Subbagian Kepegawaian"
            row[13].value = date(2025, 4, 2)
    assert not left
    book.save(path)


def test_a_unit_chooses_and_the_conflicts_are_gone(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "clean") == 0
    kinds = sorted(load_interim(folder, "conflicts")["kind"])
    assert kinds == ["dua_tanggal_lahir", "dua_unit", "lahir_bukan_nip", "nip_orang_lain"]
    assert _run(folder, "corrections", "export", "--out", out) == 0
    first, second = out / "koreksi_dinas-contoh.satu.xlsx", out / "koreksi_dinas-contoh.dua.xlsx"
    rows = _page(first)
    assert [(Path(str(row[1])).name, row[3], row[4]) for row in rows] == [
        ("rekap_2025.csv", 2, "unit_nama"),
        ("profil_2024.csv", 2, "tanggal_lahir"), ("profil_2025.csv", 2, "tanggal_lahir"),
        ("rekap_2025.csv", 4, "nip"), ("rekap_2025.csv", 5, "nip"), ("rekap_2025.csv", 6, "nip"),
    ]  # fmt: skip
    assert [row[3] for row in _page(second)] == [3]  # only its own row
    assert not any("Siti" in str(cell) for row in _page(second) for cell in row)
    _fill(second, {("rekap_2025.csv", 3): "Bidang Satu"})
    _fill(
        first,
        {
            ("profil_2025.csv", 2): "1 Januari 1990",
            ("rekap_2025.csv", 5): RIGHT,
            ("rekap_2025.csv", 6): RIGHT,
        },
    )
    assert _run(folder, "corrections", "import", out) == 0
    written = load_corrections(folder / "data/reference/corrections.toml")
    assert len(written) == 4  # the other date of birth holds the chosen value already
    assert all(one.guard and not one.before and one.reason == "sesuai SK" for one in written)
    assert _run(folder, "clean") == 0
    assert load_interim(folder, "conflicts").empty
    account = load_accounting(folder)
    assert (account["read"] == account["kept"] + account["rejected"] + account["merged"]).all()
    assert account["merged"].sum() == 1
    again = tmp_path / "lagi"
    assert _run(folder, "corrections", "export", "--out", again) == 0
    assert list(again.iterdir()) == []


def test_one_answer_settles_all_cells_of_a_conflict(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "koreksi"
    raw = folder / "data/raw/01_Dinas_Contoh"
    (raw / "profil_2023.csv").write_text(
        PROFILE.format(nip=ONE, born="11 Januari 1990", year=""), encoding="utf-8"
    )
    assert _run(folder, "corrections", "export", "--out", out) == 0
    _fill(out / "koreksi_dinas-contoh.satu.xlsx", {("profil_2024.csv", 2): "1 Januari 1990"})
    assert _run(folder, "corrections", "import", out) == 0
    written = load_corrections(folder / "data/reference/corrections.toml")
    assert {(Path(one.file).name, one.after) for one in written} == {
        (f"profil_{year}.csv", "1 Januari 1990") for year in (2023, 2024, 2025)
    }
    assert _run(folder, "clean") == 0
    assert set(load_interim(folder, "conflicts")["kind"]) == {"dua_unit", "nip_orang_lain"}


def test_a_choice_whose_cell_changed_stops_the_cleaning(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    _fill(out / "koreksi_dinas-contoh.dua.xlsx", {("rekap_2025.csv", 3): "Bidang Satu"})
    assert _run(folder, "corrections", "import", out) == 0
    path = folder / "data/raw/01_Dinas_Contoh/rekap_2025.csv"
    path.write_text(RECAP.replace("Bidang Dua", "Bidang Tiga"), encoding="utf-8")
    capsys.readouterr()
    assert _run(folder, "clean") == 6
    error = capsys.readouterr().err
    assert "1 koreksi tidak berlaku lagi" in error and "rekap_2025.csv · - · 3 · unit_nama" in error
    assert "isi sel sudah berubah" in error and "kinerja corrections export" in error
    assert ONE not in error


def test_an_unreadable_choice_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "koreksi"
    assert _run(folder, "corrections", "export", "--out", out) == 0
    _fill(out / "koreksi_dinas-contoh.satu.xlsx", {("rekap_2025.csv", 5): "12345"})
    assert _run(folder, "corrections", "import", out) == 6
    assert "koreksi_dinas-contoh.satu.xlsx·Pertentangan:10" in capsys.readouterr().err
    assert not (folder / "data/reference/corrections.toml").exists()
