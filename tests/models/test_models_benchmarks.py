"""The benchmarks run, on small tables: their figures are for benchmarks/RESULTS.md, not for a test."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def load(name):
    found = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_country_in_small(tmp_path, monkeypatch, capsys):
    national = load("national")
    for name, value in (("UNITS", 80), ("PARTS", 2), ("UNITS_A_CHUNK", 20)):
        monkeypatch.setattr(national, name, value)
    assert national.main(["--folder", str(tmp_path), "--share", "50", "100"]) == 0
    printed = capsys.readouterr().out
    assert "16,000 rows" in printed
    assert "unit effects, CR2" in printed
    assert len(list(tmp_path.glob("part-*.parquet"))) == 2


@pytest.mark.parametrize("kind", ["linear", "ordinal", "multilevel", "fixed_effects"])
def test_size_counts_rejections(kind):
    size = load("size")
    found = size.rejections(kind, 12, None, 3)
    assert all(0 <= share <= 1 for share in found.values())
    assert size.rejections(kind, 12, 5, 1)["default"] in (0, 1)


def test_peers_agree(capsys):
    models = load("models")
    for name in ("clustered linear, CR1", "random intercept, REML", "ordered logit"):
        own, other = list(models.TASKS[name](2000))[:2]
        np.testing.assert_allclose(own.estimates, other.estimates, rtol=1e-3, atol=1e-5)
    assert models.main(["--rows", "1000", "--only", "unit effects"]) == 0
    assert "kinerja_lib" in capsys.readouterr().out
