"""Training and facilities: every estimator lined up, selection seen, ceilings and splits of a unit's property."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import facilities_analysis, training_analysis
from kinerja_lib.models.facilities import with_halves


@pytest.fixture(scope="module")
def staff():
    """Able people are sent to training more often; ten hours raise the score by 0.1."""
    rng = np.random.default_rng(12)
    people, periods = 500, 6
    able = rng.standard_normal(people)
    unit = rng.integers(0, 30, people)
    rows = pd.DataFrame(
        {"id_pegawai": np.repeat([f"p{k}" for k in range(people)], periods),
         "periode": np.tile([f"2024-Q{k % 4 + 1}" if k < 4 else f"2025-Q{k - 3}" for k in range(periods)], people)}
    )  # fmt: skip
    a, u = np.repeat(able, periods), np.repeat(unit, periods)
    rows["unit_kerja"] = [f"u{k}" for k in u]
    rows["jp_12_bulan"] = np.round(rng.gamma(1.5, 10, len(rows)) * np.exp(0.4 * a))
    rows["undian"] = rng.integers(0, 2, len(rows))
    rows["jp_12_bulan"] += 15.0 * rows["undian"]
    rows["masa_kerja"] = np.repeat(rng.uniform(1, 30, people), periods)
    rows["jenis_jabatan"] = np.repeat(rng.choice(["Pelaksana", "Fungsional"], people), periods)
    latent = 0.01 * rows["jp_12_bulan"] + 0.6 * a + 0.3 * rng.standard_normal(30)[u]
    rows["predikat_skor"] = 3 + latent + 0.7 * rng.standard_normal(len(rows))
    cuts = [-np.inf, 2.6, 3.4, 4.2, np.inf]
    rows["predikat"] = pd.cut(
        rows["predikat_skor"], cuts, labels=["Kurang", "Butuh Perbaikan", "Baik", "Sangat Baik"]
    )
    return rows


def test_training_lined_up(staff):
    found = training_analysis(staff, instruments=("undian",))
    table = found.table.set_index("method")
    assert found.not_fitted == {}
    assert list(table.index) == [
        "ordinal", "linear", "correlated_effects", "fixed_effects", "unit_period", "fixed_effects_ordinal",
        "lagged_outcome", "placebo_lead", "instrument",
    ]  # fmt: skip
    # selection lifts the plain comparison; the same people over time, and the lottery, give the truth
    assert table.loc["linear", "estimate"] > 0.14
    for method in ("correlated_effects", "fixed_effects", "unit_period", "instrument"):
        row = table.loc[method]
        assert row["ci_low"] < 0.1 < row["ci_high"]
    assert table.loc["placebo_lead", "ci_low"] < 0 < table.loc["placebo_lead", "ci_high"]
    assert table.loc["ordinal", "scale"] == "log_odds"
    assert table.loc["fixed_effects", "design"] == "fixed_effects"
    assert table["n"].gt(0).all()
    assert found.adjusted is not None
    assert found.adjusted.estimate > 0
    assert found.per == 10.0


def test_what_cannot_be_fitted_is_said(staff):
    one = staff[staff["periode"] == "2024-Q1"]
    found = training_analysis(one)
    assert {"ordinal", "linear"} <= set(found.results)
    assert {"fixed_effects", "placebo_lead"} <= set(found.not_fitted)
    assert all(found.not_fitted.values())
    low = training_analysis(staff.assign(jp_12_bulan=np.minimum(staff["jp_12_bulan"], 15)))
    assert low.adjusted is None
    assert "aipw" in low.not_fitted
    with pytest.raises(ModelError, match="jam"):
        training_analysis(staff, dose="jam")


@pytest.fixture(scope="module")
def units():
    rng = np.random.default_rng(4)
    n_unit, size, periods = 60, 12, 4
    place = pd.DataFrame(
        {"unit_kerja": np.repeat([f"u{k}" for k in range(n_unit)], periods),
         "periode": np.tile([f"2025-Q{k + 1}" for k in range(periods)], n_unit)}
    )  # fmt: skip
    good = rng.standard_normal(n_unit)
    place["fasilitas_indeks"] = 50 + 10 * np.repeat(good, periods) + 3 * rng.standard_normal(len(place))
    place["akses_ti_indeks"] = 60 + 8 * rng.standard_normal(len(place))
    place["efek"] = np.repeat(rng.standard_normal(n_unit) * 0.2, periods)
    rows = place.loc[place.index.repeat(size)].reset_index(drop=True)
    rows["jp_12_bulan"] = rng.gamma(1.0, 20.0, len(rows))
    rows["jenis_jabatan"] = rng.choice(["Pelaksana", "Fungsional"], len(rows))
    rows["predikat_skor"] = (
        3 + 0.02 * (rows["fasilitas_indeks"] - 50) + 0.004 * rows["jp_12_bulan"]
        + 0.0006 * (rows["jp_12_bulan"] - 20) * (rows["akses_ti_indeks"] - 60)
        + rows.pop("efek") + rng.standard_normal(len(rows)) * 0.7
    )  # fmt: skip
    return rows


def test_facilities(units):
    found = facilities_analysis(units)
    # between: 0.02^2 * 100 + 0.2^2 = 0.08 of about 0.6
    assert 0.06 < found.ceiling < 0.2
    assert 0.2 < found.explained["fasilitas_indeks"] < 0.8
    assert found.explained["akses_ti_indeks"] < 0.2
    assert found.split.term("fasilitas_indeks_antar")["estimate"] == pytest.approx(0.02, abs=0.008)
    alone = found.apart["fasilitas_indeks"]
    assert not any(term.startswith("akses") for term in alone.terms)
    assert found.contrast["fasilitas_indeks"].estimate == pytest.approx(
        alone.term("fasilitas_indeks_antar")["estimate"] - alone.term("fasilitas_indeks_dalam")["estimate"]
    )
    assert found.contrast["fasilitas_indeks"].ci_low < 0 < found.contrast["fasilitas_indeks"].ci_high
    assert found.clustered.glance()["errors"] == "CR2"
    crossed = found.cross_level.term("jp_12_bulan:akses_ti_indeks")
    assert crossed["ci_low"] < 0.0006 < crossed["ci_high"]
    assert crossed["p_value"] < 0.01
    assert 0.9 < found.reliability["icc2"] < 1
    assert np.isnan(found.reliability["alpha"])
    plain = found.alone["fasilitas_indeks"].term("fasilitas_indeks")["estimate"]
    assert found.attenuated["fasilitas_indeks"] == pytest.approx(plain / found.reliability["icc2"])
    assert "kuota" in found.notes()[0]
    assert "quota" in found.notes("en")[0]


def test_facilities_without_training_or_change(units):
    still = units.drop(columns="jp_12_bulan").copy()
    still["fasilitas_indeks"] = still.groupby("unit_kerja")["fasilitas_indeks"].transform("mean")
    items = pd.DataFrame(
        np.random.default_rng(1).standard_normal((60, 1)) + np.random.default_rng(2).standard_normal((60, 4))
    )
    found = facilities_analysis(still, items=items)
    assert found.cross_level is None
    assert set(found.contrast) == {"akses_ti_indeks"}
    assert 0 < found.reliability["alpha"] < 1
    with pytest.raises(ModelError, match="gedung"):
        facilities_analysis(units, indices=("gedung",))


def test_units_are_compared_within_their_agency(units):
    """An agency of poor facilities and lenient raters turns the sign unless agencies have effects of their own."""
    number = units["unit_kerja"].str[1:].astype(int)
    agency = "a" + (number % 6).astype(str)
    poor = (agency == "a0").to_numpy()
    mixed = units.assign(
        instansi=agency,
        fasilitas_indeks=units["fasilitas_indeks"] - 40 * poor,
        predikat_skor=units["predikat_skor"] + 1.5 * poor,
    )
    within = facilities_analysis(mixed)
    assert within.split.term("fasilitas_indeks_antar")["estimate"] == pytest.approx(0.02, abs=0.008)
    assert within.split.glance()["errors"] == "CR2"
    assert within.contrast["fasilitas_indeks"].p_value > 0.05
    pooled = facilities_analysis(mixed.drop(columns="instansi"))
    assert pooled.split.term("fasilitas_indeks_antar")["ci_high"] < 0
    assert pooled.contrast["fasilitas_indeks"].p_value < 0.01
    assert within.split.term("fasilitas_indeks_dalam")["estimate"] == pytest.approx(
        pooled.split.term("fasilitas_indeks_dalam")["estimate"], abs=1e-3
    )


def test_halves_add_up(units):
    frame, parts = with_halves(units, ["fasilitas_indeks"], "unit_kerja")
    assert parts == ["fasilitas_indeks_antar", "fasilitas_indeks_dalam"]
    assert (frame[parts].sum(axis=1) - units["fasilitas_indeks"]).abs().max() < 1e-9
