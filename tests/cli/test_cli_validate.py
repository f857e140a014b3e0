"""One call on a delivery: the report is made, says what is asked, names nobody, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from kinerja_lib.cli import run
from kinerja_lib.workflow import Project, find_project


@pytest.fixture(scope="module")
def place(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("mutu") / "proyek"
    shutil.copytree(project.root, copy, ignore=shutil.ignore_patterns("reports"))
    (copy / "data" / "raw" / "rusak.xlsx").write_bytes(b"%PDF-1.7")
    return copy


def _call(capsys: pytest.CaptureFixture[str], place: Path, *words: object) -> tuple[int, str, str]:
    code = run(["validate", *map(str, words), "--project", str(place)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", "", html, flags=re.S)).split())


def test_one_call_cleans_and_reports(capsys: pytest.CaptureFixture[str], place: Path, tmp_path: Path) -> None:
    out = tmp_path / "hasil" / "kualitas.html"
    code, text, _ = _call(capsys, place, "--out", out)
    assert code == 4  # a file could not be read
    assert "rusak.xlsx" in text
    assert f"Laporan: {out}" in text
    page = out.read_text(encoding="utf-8")
    shown = _text(page)
    for words in ("Laporan Kualitas Data", "Kelengkapan", "Keabsahan", "Ketepatan Waktu", "Pergeseran", "Kecenderungan",
                  "Perbaikan yang Diminta", "Mutu setiap Berkas", "rusak.xlsx", "DATA SINTETIS"):  # fmt: skip
        assert words in shown, words
    assert 'lang="id"' in page
    assert not re.search(r"(?<!\d)\d{18}(?!\d)", page)  # no NIP
    assert (place / "data" / "processed" / "panel.parquet").exists()  # the project is left whole


def test_an_agency_in_english_as_a_pdf(
    capsys: pytest.CaptureFixture[str], place: Path, tmp_path: Path
) -> None:
    agency = sorted(path.name for path in (place / "data" / "raw").iterdir() if path.name.startswith("01"))[0]
    code = agency[3:].replace("_", "-").lower()
    out = tmp_path / "quality.pdf"
    found, text, _ = _call(
        capsys, place, "--no-clean", "--lang", "en", "--instansi", code, "--out", out, "--json"
    )
    summary = json.loads(text)
    assert found == 4
    assert out.read_bytes().startswith(b"%PDF")
    assert summary["report"] == str(out)
    assert code in {row["instansi"] for row in summary["agencies"]}


def test_without_a_panel_there_is_still_a_report(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    (find_project(place, exact=True).folder("processed") / "panel.parquet").unlink(missing_ok=True)
    code, text, _ = _call(capsys, place, "--no-clean", "--period", "2025-Q2", "--lang", "en")
    assert code == 4
    assert "Report:" in text
    made = list((place / "reports" / "2025-Q2").rglob("kualitas_data-*.html"))
    assert len(made) == 1
    assert "Data Quality Report" in made[0].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "kualitas.txt"], "format tidak dikenal"),
        (["--no-clean", "--period", "1999"], "tidak ada data untuk periode 1999"),
        (["--no-clean", "--instansi", "dinas-antah"], "instansi tidak ada pada data"),
        (["--no-clean", "--period", "besok"], "besok"),
    ],
)
def test_what_cannot_be_validated_is_refused(
    capsys: pytest.CaptureFixture[str], place: Path, words: list[str], said: str
) -> None:
    code, _, error = _call(capsys, place, *words)
    assert code in (2, 5)
    assert said in error


def test_it_explains_itself_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--help"]) == 0
    indonesian = capsys.readouterr().out
    assert run(["validate", "--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "Contoh:" in indonesian
    assert "Examples:" in english
