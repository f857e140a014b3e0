"""``kinerja sample --weak``: the agency is named in the truth, an unknown one is refused with those there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kinerja_lib.cli import run

SIZE = ("--instansi", "3", "--pegawai", "150", "--periode", "2025-Q1:2025-Q4")


def test_a_weak_agency_is_stated(tmp_path: Path) -> None:
    folder = tmp_path / "contoh"
    assert run(["sample", str(folder), *SIZE, "--weak", "dinas-kesehatan"]) == 0
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["structural"]["weak_agencies"]["codes"] == ["dinas-kesehatan"]


def test_an_unknown_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sample", str(tmp_path / "contoh"), *SIZE, "--weak", "dinas-khayal"]) == 2
    error = capsys.readouterr().err
    assert "dinas-khayal" in error and "dinas-kesehatan" in error
