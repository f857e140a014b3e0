"""Expected appraisals, and one coefficient under different accounts of the missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, compare_missing, expected_appraisals, impute


def _tables():
    pegawai = pd.DataFrame(
        {"id_pegawai": ["A", "B", "C", "A"], "tahun": pd.array([2024, 2024, 2024, 2025], dtype="Int64"),
         "kedudukan_hukum": ["Aktif", "Aktif", "Pensiun", "Aktif"], "golongan": ["III/a", "II/c", "IV/a", "III/b"],
         "tahun_lahir": [1990, 1980, 1965, 1990], "instansi": "dinas-a"}
    )  # fmt: skip
    penilaian = pd.DataFrame(
        {"id_pegawai": ["A", "A", "B", "A", "A"], "periode": ["2024-Q1", "2024-Q2", "2024-Q1", "2025-Q1", "2024"],
         "predikat": ["Baik", None, "Sangat Baik", "Butuh Perbaikan", "Baik"]}
    )  # fmt: skip
    return pegawai, penilaian


def test_expected_grid_by_hand():
    grid = expected_appraisals(*_tables()).set_index(["id_pegawai", "periode"]).sort_index()
    # A and B in two quarters of 2024, A in one of 2025; C is no longer active; the annual row is no quarter
    assert list(grid.index) == [
        ("A", "2024-Q1"), ("A", "2024-Q2"), ("A", "2025-Q1"), ("B", "2024-Q1"), ("B", "2024-Q2"),
    ]  # fmt: skip
    assert grid["predikat"].isna().tolist() == [False, True, False, False, True]
    assert grid.loc[("A", "2025-Q1"), "golongan"] == "III/b"
    assert grid.loc[("B", "2024-Q1"), "usia"] == 44
    assert grid.loc[("A", "2025-Q1"), "predikat_skor"] < grid.loc[("A", "2024-Q1"), "predikat_skor"]
    assert len(expected_appraisals(*_tables(), periods=["2024-Q4"])) == 2


def _frame(n=1500):
    rng = np.random.default_rng(2)
    age = rng.standard_normal(n)
    d = (rng.uniform(size=n) < expit(age)).astype(int)
    y = 3 + 0.5 * d + 0.8 * age * (1 + 0.5 * d) + rng.standard_normal(n)
    frame = pd.DataFrame({"y": y, "d": d, "age": age, "g": rng.choice(["a", "b", "c"], n)})
    frame["y"] = frame["y"].where(rng.uniform(size=n) > expit(1.2 * age - 1))
    return frame


def test_three_accounts_of_the_missing():
    found = compare_missing(
        _frame(), ModelSpec("y", ("d",)), "d", ["age", "g"], seed=3, m=5, by=["g"], deltas=[-3, -1.5, 1]
    )
    table = found.table.set_index("method")
    assert list(table.index) == ["complete", "weighted", "imputed"]
    assert found.not_fitted == {}
    assert table.loc["imputed", "n"] == 1500
    assert table.loc["complete", "n"] == table.loc["weighted", "n"] < 1500
    # the old, who have more of d, are missing more: complete cases see too small a gap
    assert table.loc["weighted", "estimate"] > table.loc["complete", "estimate"]
    assert found.report.by["g"]["missing"].sum() == found.report.missing
    assert found.tipping is not None
    assert len(found.tipping.table) == 4


def test_what_cannot_be_done_is_said():
    frame = _frame().assign(g=lambda f: f["g"].where(f.index > 40))
    found = compare_missing(frame, ModelSpec("y", ("d",)), "d", ["age", "g"], seed=3, m=2, deltas=[1])
    assert set(found.not_fitted) == {"imputed", "tipping"}
    assert "g" in found.not_fitted["imputed"]
    with pytest.raises(ModelError, match='"skor"'):
        compare_missing(frame, ModelSpec("skor", ("d",)), "d", ["age"], seed=1)


def test_columns_that_follow_from_others_do_not_disturb_the_chain():
    frame = _frame(300)
    frame["h"] = np.where(frame["g"] == "a", "x", "y")
    copies = impute(frame, ["y", "g", "h", "age"], 2, seed=1)
    assert not copies[0]["y"].isna().any()
    assert copies[0]["h"].equals(frame["h"])
