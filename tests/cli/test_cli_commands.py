"""The command line as its user types it: results, errors with the next action, exit codes, both languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kinerja_lib.cli import run
from kinerja_lib.config import starter
from kinerja_lib.workflow import Project


def _call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    "command", ["new", "check", "clean", "panel", "report", "run", "sample", "status", "lab"]
)
def test_every_command_explains_itself_in_both_languages(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, indonesian, _ = _call(capsys, command, "--help")
    assert code == 0
    assert "Contoh:" in indonesian
    assert f"kinerja {command}" in indonesian
    code, english, _ = _call(capsys, command, "--lang", "en", "--help")
    assert code == 0
    assert "Examples:" in english
    assert english != indonesian


def test_the_first_page_lists_commands_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = _call(capsys, "--help")
    assert "Kode keluar:" in text
    for command in ("new", "check", "clean", "panel", "report", "run", "sample", "status", "lab"):
        assert f"\n  {command} " in text


def test_new_makes_a_project_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "laporan"
    code, text, _ = _call(capsys, "new", folder, "--name", "Kabupaten Contoh")
    assert code == 0
    assert "kinerja run --project" in text
    assert 'name = "Kabupaten Contoh"' in (folder / "kinerja.toml").read_text(encoding="utf-8")
    code, _, error = _call(capsys, "new", folder)
    assert code == 2
    assert "sudah ada" in error


def test_outside_a_project(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, error = _call(capsys, "run", "--project", tmp_path)
    assert code == 2
    assert "kinerja new" in error
    code, _, error = _call(capsys, "status", "--project", tmp_path, "--lang", "en")
    assert code == 2
    assert "not a project folder" in error


def test_an_empty_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _call(capsys, "new", tmp_path / "p")
    code, _, error = _call(capsys, "run", "--project", tmp_path / "p")
    assert code == 6
    assert "tidak ada ekspor" in error
    assert "salin ekspor" in error
    assert not list((tmp_path / "p" / "data" / "processed").iterdir())


def test_files_that_are_no_exports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _call(capsys, "new", tmp_path / "p")
    raw = tmp_path / "p" / "data" / "raw"
    (raw / "laporan.xlsx").write_bytes(b"%PDF-1.7 not a workbook")
    (raw / "rusak.xlsx").write_bytes(b"PK\x03\x04 cut")
    code, _, error = _call(capsys, "clean", "--project", tmp_path / "p")
    assert code == 6
    assert "PDF" in error
    code, text, _ = _call(capsys, "check", raw, "--project", tmp_path / "p")
    assert code == 4
    assert "laporan.xlsx" in text
    assert "rusak.xlsx" in text
    assert not list((tmp_path / "p" / "data" / "processed").iterdir())
    code, _, error = _call(capsys, "check", raw / "tiada.xlsx", "--project", tmp_path / "p")
    assert code == 2
    assert "tidak ada" in error


def test_a_wrong_project_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text("[report]\nformat = ['pdf']\n", encoding="utf-8")
    code, _, error = _call(capsys, "status", "--project", tmp_path)
    assert code == 3
    assert "formats" in error


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("report", "--instansi", "dinas-khayal"), 2, "yang terdekat"),
        (("report", "--period", "2025-Q9"), 5, "2025-Q3"),
        (("report", "--period", "1999"), 2, "data mencakup"),
        (("report", "--template", "laporan_tahuna"), 8, "laporan_tahunan"),
        (("report", "--format", "doc"), 2, "html, pdf, docx, xlsx"),
        (("report", "--set", "instans=x", "--dry-run"), 8, "instansi"),
        (("report", "--set", "x"), 2, "nama=nilai"),
        (("report", "--plan", "tiada"), 2, "[plans.tiada]"),
        (("report", "--only", "tidak-ada-yang-cocok"), 2, "--only"),
        (("report", "--engine", "lain", "--instansi", "pemerintah"), 2, "nbclient"),
        (("report", "--lang", "fr"), 2, "--lang id"),
    ],
)
def test_wrong_requests_name_the_next_action(
    capsys: pytest.CaptureFixture[str], project: Project, words: tuple[str, ...], code: int, said: str
) -> None:
    given, _, error = _call(capsys, *words, "--project", str(project.root))
    assert given == code
    assert said in error
    assert "->" in error


def test_an_unknown_option(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = _call(capsys, "status", "--warna")
    assert code == 2
    assert "opsi tidak ada: --warna" in error
    assert "kinerja status --help" in error


def test_errors_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, text, _ = _call(capsys, "status", "--json", "--project", tmp_path)
    assert json.loads(text)["error"]["exit_code"] == code == 2


def test_clean_check_and_panel(capsys: pytest.CaptureFixture[str], project: Project, tmp_path: Path) -> None:
    copy = tmp_path / "salinan"
    copy.mkdir()
    shutil.copy(project.root / "kinerja.toml", copy)
    shutil.copytree(project.root / "data" / "reference", copy / "data" / "reference")
    shutil.copytree(project.folder("raw"), copy / "data" / "raw")
    code, text, _ = _call(capsys, "clean", "--json", "--project", copy)
    assert code == 0
    found = json.loads(text)
    assert set(found["files"][0]) == {
        "file",
        "sheet",
        "layout",
        "table",
        "read",
        "kept",
        "rejected",
        "merged",
    }
    assert all(row["read"] == row["kept"] + row["rejected"] + row["merged"] for row in found["files"])
    code, text, _ = _call(capsys, "clean", "--project", copy)
    assert code == 0
    assert "penilaian" in text
    code, text, _ = _call(capsys, "panel", "--project", copy)
    assert code == 0
    assert "Panel:" in text
    before = sorted(path.name for path in (copy / "data").rglob("*"))
    workbook = next((copy / "data" / "raw").glob("*/Rekap Penilaian*2025.xlsx"))
    code, text, _ = _call(capsys, "check", workbook, "--project", copy)
    assert code == 0
    assert "ekinerja-rekap -> tabel penilaian" in text
    assert before == sorted(path.name for path in (copy / "data").rglob("*"))
    code, text, _ = _call(capsys, "panel", "--json", "--project", copy)
    assert json.loads(text)["rows"] > 0
    code, text, _ = _call(capsys, "run", "--dry-run", "--project", copy)
    assert code == 0
    assert "akan dibuat" in text


def test_report_plan_then_make_then_skip(capsys: pytest.CaptureFixture[str], project: Project) -> None:
    place = ("--project", str(project.root), "--template", "laporan_tahunan", "--instansi", "pemerintah")
    code, text, _ = _call(capsys, "report", *place, "--format", "xlsx", "--dry-run")
    assert code == 0
    assert "akan dibuat" in text
    code, text, _ = _call(capsys, "report", *place, "--format", "xlsx", "--workers", "1")
    assert code == 0, text
    assert "1 laporan dibuat" in text
    assert "index.html" in text
    code, text, _ = _call(capsys, "report", *place, "--format", "xlsx", "--json")
    assert code == 0
    assert json.loads(text)["reports"][0]["status"] == "skipped"
    code, text, _ = _call(capsys, "status", "--project", project.root)
    assert code == 0
    assert "Panel" in text
    page = (project.folder("reports") / "2025" / "index.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert "Pemerintah Rangkui" in page


def test_status_of_a_new_project(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    code, text, _ = _call(capsys, "status", "--project", tmp_path, "--lang", "en")
    assert code == 0
    assert "none yet" in text


def test_sample(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("--instansi", "1", "--pegawai", "60", "--periode", "2025-Q1:2025-Q4", "--seed", "3")
    code, text, _ = _call(capsys, "sample", tmp_path / "contoh", *words)
    assert code == 0
    assert "truth.json" in text
    code, _, error = _call(capsys, "sample", tmp_path / "contoh", *words)
    assert code == 2
    assert "sudah berisi" in error


def test_lab_says_what_it_starts(capsys: pytest.CaptureFixture[str], project: Project) -> None:
    code, text, _ = _call(capsys, "lab", "--dry-run", "--no-browser", "--project", project.root)
    assert code == 0
    assert "jupyterlab" in text
    assert "127.0.0.1" in text
    assert "--no-browser" in text
