"""Mistyped commands: in the user's language, with the nearest word and the next action; help pages whole."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from kinerja_lib import __version__, workflow
from kinerja_lib.cli import run
from kinerja_lib.cli.mistakes import no_access
from kinerja_lib.cli.words import _FRAME


def _call(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = run([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("words", "indonesian", "english"),
    [
        (("chek",), "perintah tidak ada: chek", "no such command: chek"),
        (("chek",), "mungkin maksudnya: check", "did you mean: check"),
        (("layout", "nw"), "mungkin maksudnya: new", "did you mean: new"),
        (("check", "--langg"), "opsi tidak ada: --langg", "no such option: --langg"),
        (("compare", "2024"), "argumen belum diberikan: BARU", "missing argument: LATER"),
        (("compare", "1", "2", "3"), "kelebihan kata: 3", "too many words: 3"),
        (("corrections", "export"), "opsi wajib belum diberikan: --out", "missing option: --out"),
        (("report", "--period"), "opsi --period perlu sebuah nilai", "option --period needs a value"),
        (("status", "--quiet=3"), "opsi --quiet tidak memakai nilai", "option --quiet takes no value"),
        (("sample", "x", "--seed", "abc"), "nilai untuk --seed harus bilangan", "the value of --seed must be a number"),
        (("sample", "x", "--instansi", "0"), "nilai untuk --instansi paling kecil 1", "--instansi must be at least 1"),
        (("sample", "x", "--damage", "3"), "nilai untuk --damage paling besar 0.6", "--damage must be at most 0.6"),
    ],
)  # fmt: skip
def test_a_mistyped_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...],
    indonesian: str, english: str,
) -> None:  # fmt: skip
    for lang, said in (("id", indonesian), ("en", english)):
        monkeypatch.setenv("KINERJA_LANG", lang)
        code, out, error = _call(capsys, *words)
        assert code == 2
        assert said in error
        assert "--help" in error.splitlines()[-1]
        assert not out


def test_a_mistyped_command_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _call(capsys, "status", "--json", "--folow")
    assert code == 2
    assert json.loads(out)["error"]["message"] == "opsi tidak ada: --folow"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _call(capsys, "--version")
    assert code == 0
    assert out.startswith(f"kinerja {__version__} ")


def test_common_options_may_stand_before_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = _call(capsys, "--project", tmp_path, "--lang=en", "--json", "status")
    assert code == 2
    assert json.loads(out)["error"]["message"].startswith("not a project folder")


def test_errors_speak_the_language_of_the_project(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_bytes(b'\xef\xbb\xbf[project]\r\nlang = "en"\r\n')
    code, _, error = _call(capsys, "clean", "--project", tmp_path)
    assert code == 6
    assert "there is no export" in error
    _, _, error = _call(capsys, "clean", "--project", tmp_path, "--lang", "id")
    assert "tidak ada ekspor" in error


def test_help_pages_hold_whole_sentences_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    _, first, _ = _call(capsys, "--help")
    assert "..." not in first.replace("[ARGUMEN]...", "")
    _, page, _ = _call(capsys, "layout", "new", "--help")
    for text in (first, page):
        assert "Pemakaian: kinerja" in text
        assert not any(
            word in text for word in ("Usage", "Options:", "Commands:", "[required]", "[default", "Show ")
        )
        assert "<" not in text.replace("<=", "")
    _, english, _ = _call(capsys, "compare", "--help", "--lang", "en")
    assert "kinerja compare [OPTIONS] EARLIER LATER" in english
    assert "KODE" not in english
    assert not any(put in english for _, put in _FRAME if "\\" not in put)


def test_next_steps_of_a_new_project_can_be_typed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "Laporan Jänuari 2025"
    _, out, _ = _call(capsys, "new", folder)
    assert f'kinerja run --project "{folder}"' in out


def test_a_file_in_the_place_of_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _call(capsys, "new", tmp_path / "p")
    _call(
        capsys, "sample", tmp_path / "s", "--instansi", "1", "--pegawai", "40", "--periode", "2025-Q1:2025-Q2"
    )
    (tmp_path / "p" / "data" / "raw").rmdir()
    (tmp_path / "s").rename(tmp_path / "p" / "data" / "raw")
    (tmp_path / "p" / "data" / "processed").rmdir()
    (tmp_path / "p" / "data" / "processed").write_text("", encoding="utf-8")
    code, _, error = _call(capsys, "clean", "--project", tmp_path / "p")
    assert code == 4
    assert "processed" in error
    assert "sudah ada berkas" in error
    assert "->" in error


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "Excel"), (errno.ENOSPC, "penuh"), (errno.EROFS, "dapat dibaca"), (5, "fault")],
)
def test_what_the_system_refuses(number: int, said: str) -> None:
    error = no_access(OSError(number, "fault", "laporan.xlsx"))
    assert said in error.text("id")
    assert error.text("id").startswith("laporan.xlsx: ")
    assert error.action
    assert error.exit_code == 4


def test_an_interrupted_command_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workflow, "run_clean", stopped)
    _call(capsys, "new", tmp_path / "p")
    code, out, error = _call(capsys, "clean", "--project", tmp_path / "p")
    assert code == 130
    assert "jalankan lagi perintah yang sama" in error
    assert not out.strip()


def test_check_finds_the_project_that_the_file_lies_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _call(capsys, "new", tmp_path / "p")
    (tmp_path / "p" / "data" / "raw" / "scan.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.chdir(tmp_path)
    code, out, _ = _call(capsys, "check", Path("p") / "data" / "raw")
    assert code == 4
    assert "PDF" in out
