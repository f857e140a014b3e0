"""Fairness of rewards: built-in differences are found, performance explains what it should, privacy holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import fairness_analysis


def _staff(n=6000, seed=1, sex=0.0, base=-2.0):
    """Rewards follow performance; women's rating is higher; ``sex`` is a difference at equal performance."""
    rng = np.random.default_rng(seed)
    p = rng.integers(0, 2, n)
    score = np.clip(np.round(3 + 0.4 * p + rng.standard_normal(n) * 0.8), 1, 5)
    age = rng.integers(25, 58, n)
    event = rng.uniform(size=n) < expit(base + 0.8 * (score - 3) + sex * p)
    return pd.DataFrame(
        {
            "penghargaan_12_bulan": np.where(event, rng.integers(1, 3, n), 0), "predikat_skor": score,
            "jenis_kelamin": np.where(p == 1, "P", "L"), "usia": age.astype(float),
            "golongan_kelompok": rng.choice(["II", "III", "IV"], n), "tahun": rng.choice([2024, 2025], n),
            "unit_kerja": rng.choice([f"u{k}" for k in range(40)], n),
        }
    )  # fmt: skip


def _cell(found, model, term="jenis_kelamin[P]"):
    table = found.effects
    return table[(table["model"] == model) & (table["term"] == term)].iloc[0]


def test_performance_explains_a_gap():
    found = fairness_analysis(_staff(12_000), "penghargaan_12_bulan")
    assert _cell(found, "without")["ci_low"] > 0
    assert _cell(found, "with")["ci_low"] < 0 < _cell(found, "with")["ci_high"]
    assert not bool(_cell(found, "with")["rejected"])
    assert found.method == "logit"
    assert found.informative > 5000
    assert "Benjamini" in found.notes()[1]
    assert "unfair" in found.notes("en")[0]


def test_a_difference_at_equal_performance_is_found_everywhere():
    found = fairness_analysis(_staff(12_000, sex=-0.6), "penghargaan_12_bulan")
    row = _cell(found, "with")
    assert row["ci_high"] < 0
    assert bool(row["rejected"])
    assert row["p_adjusted"] >= row["p_value"]
    within = found.within.set_index("term").loc["jenis_kelamin[P]"]
    assert within["ci_low"] < -0.6 < within["ci_high"]
    assert set(found.rates) == {"jenis_kelamin", "golongan_kelompok"}


def test_family_is_the_model_with_performance():
    effects = fairness_analysis(_staff(), "penghargaan_12_bulan").effects
    assert effects.loc[effects["model"] == "without", "p_adjusted"].isna().all()
    own = effects[effects["model"] == "with"]
    assert len(own) == 4
    worst = own["p_value"].max()
    assert own["p_adjusted"].max() == pytest.approx(worst)


def test_rare_sanctions_go_to_firth():
    frame = _staff(3000, base=-5.0)
    frame.loc[frame["golongan_kelompok"] == "IV", "penghargaan_12_bulan"] = 0
    found = fairness_analysis(frame, "penghargaan_12_bulan", strata=())
    assert found.method == "firth"
    assert found.within.empty
    assert len(found.notes()) == 3
    assert np.isfinite(_cell(found, "with")["estimate"])


def test_small_cells_are_suppressed_or_left_out():
    frame = _staff()
    frame.loc[frame.index[:3], "golongan_kelompok"] = "I"
    found = fairness_analysis(frame, "penghargaan_12_bulan")
    assert found.left_out == ("golongan_kelompok[I]",)
    assert found.n == len(frame) - 3
    frame = _staff()
    four = frame.index[frame["golongan_kelompok"] == "IV"]
    frame.loc[four, "penghargaan_12_bulan"] = 0
    frame.loc[four[:3], "penghargaan_12_bulan"] = 1
    row = _cell(fairness_analysis(frame, "penghargaan_12_bulan"), "with", "golongan_kelompok[IV]")
    assert row["suppressed"]
    assert np.isnan(row["estimate"])


def test_never_happens():
    with pytest.raises(ModelError, match="penghargaan_12_bulan"):
        fairness_analysis(_staff().assign(penghargaan_12_bulan=0), "penghargaan_12_bulan")
    with pytest.raises(ModelError, match="kesalahan"):
        fairness_analysis(_staff(), "kesalahan")


def test_the_callers_frame_stays():
    frame = _staff()
    before = frame.copy(deep=True)
    fairness_analysis(frame, "penghargaan_12_bulan")
    pd.testing.assert_frame_equal(frame, before)


def test_a_level_without_events_does_not_end_the_comparison_within_units():
    frame = _staff()
    frame["jenis_jabatan"] = np.where(np.arange(len(frame)) % 50 == 0, "JPT Pratama", "Pelaksana")
    frame.loc[frame["jenis_jabatan"] == "JPT Pratama", "penghargaan_12_bulan"] = 0
    found = fairness_analysis(frame, "penghargaan_12_bulan", controls=("jenis_jabatan",))
    assert "jenis_kelamin[P]" in set(found.within["term"])
    assert found.informative <= (frame["jenis_jabatan"] == "Pelaksana").sum()
    assert found.method == "logit"
    assert found.left_out == ("jenis_jabatan[JPT Pratama]",)
    assert found.rates["jenis_kelamin"]["n"].sum() == len(frame)
