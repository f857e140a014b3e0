"""An agency beside its peers: hand-computed where it can be, and its size where agencies merely differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models.standing import COLUMNS, standing


def _panel(
    means: list[float], *, units: int = 4, people: int = 5, noise: float = 0.0, seed: int = 1
) -> pd.DataFrame:
    rng, rows = np.random.default_rng(seed), []
    for place, mean in enumerate(means):
        for unit in range(units):
            shift = noise * rng.normal() / 2
            for person in range(people):
                value = mean + shift + noise * rng.normal()
                rows.append((f"i{place}", f"i{place}.u{unit}", f"p{place}-{unit}-{person}", value))
    return pd.DataFrame(rows, columns=["instansi", "unit_kerja", "id_pegawai", "predikat_skor"])


def test_six_agencies_by_hand() -> None:
    """Without noise inside agencies only the peers' own spread counts: five means 0, 1, 2, 3, 4 and one of 10."""
    found = standing(_panel([0.0, 1.0, 2.0, 3.0, 4.0, 10.0]), controls=()).set_index("group")
    assert list(found.reset_index().columns) == list(COLUMNS)
    row = found.loc["i5"]
    assert row["difference"] == pytest.approx(8.0)  # 10 - mean of 0…4
    assert row["error"] == pytest.approx(
        np.sqrt(2.5 + 2.5 / 5), rel=1e-6
    )  # their variance, and that of their mean
    assert row["df"] == 4 and row["n"] == 20 and row["units"] == 4
    assert row["ci_low"] == pytest.approx(8.0 - 2.7764451 * np.sqrt(3.0), rel=1e-5)
    assert row["p_value"] == pytest.approx(0.00989, abs=2e-4)


def test_controls_are_taken_from_inside_agencies() -> None:
    panel = _panel([0.0] * 6, noise=0.1)
    better = panel["instansi"] == "i2"
    post = np.where(np.arange(len(panel)) % 5 < np.where(better, 4, 1), "Fungsional", "Pelaksana")
    panel = panel.assign(
        jenis_jabatan=post, predikat_skor=panel["predikat_skor"] + 2.0 * (post == "Fungsional")
    )
    plain = standing(panel, controls=()).set_index("group").loc["i2", "difference"]
    fair = standing(panel).set_index("group").loc["i2", "difference"]
    assert plain > 1.0 and abs(fair) < 0.1


def test_repeated_ratings_are_no_new_people() -> None:
    panel = _panel([0.0] * 7, noise=0.5)
    once = standing(panel, controls=())
    again = standing(pd.concat([panel] * 4, ignore_index=True), controls=())
    pd.testing.assert_frame_equal(once, again, check_exact=False)


def test_agencies_that_merely_differ_are_not_told_apart() -> None:
    rng, rejected, n = np.random.default_rng(5), 0, 0
    for seed in range(60):
        found = standing(_panel(list(rng.normal(0, 0.3, 12)), noise=0.5, seed=seed), controls=())
        rejected += int((found["p_value"] < 0.05).sum())
        n += len(found)
    assert 0.02 < rejected / n < 0.08


def test_few_agencies_are_refused() -> None:
    with pytest.raises(ModelError):
        standing(_panel([0.0, 1.0, 2.0]), controls=())
    with pytest.raises(ModelError):
        standing(_panel([0.0, 1.0, 2.0]).iloc[:0])
