"""Dose-response: bases, kinks, curves, lags and kinds of training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, dose_by_kind, dose_lags, dose_response
from kinerja_lib.models.splines import knots_of, restricted_cubic

SPEC = ModelSpec("y", ("jp",), ("z",), cluster="unit")


def _frame(n=4000, bend=0.0, seed=1):
    rng = np.random.default_rng(seed)
    jp = np.round(rng.gamma(1.2, 20, n))
    jp[rng.uniform(size=n) < 0.3] = 20.0
    jp[rng.uniform(size=n) < 0.15] = 0.0
    z = rng.standard_normal(n)
    y = 0.02 * jp + bend * np.maximum(jp - 20, 0) + 0.5 * z + rng.standard_normal(n)
    return pd.DataFrame({"y": y, "jp": jp, "z": z, "unit": rng.integers(0, 40, n)})


def test_restricted_cubic_by_hand_and_linear_outside():
    knots = (1.0, 2.0, 4.0)
    x = np.array([0.0, 1.5, 3.0, 5.0, 6.0, 7.0])
    basis = restricted_cubic(x, knots)[:, 0]
    # at 3: ((3-1)^3 - (3-2)^3 (4-1)/(4-2)) / 9
    assert basis[2] == pytest.approx((8 - 1.5) / 9)
    assert basis[0] == 0.0
    assert basis[5] - basis[4] == pytest.approx(basis[4] - basis[3])


def test_straight_line_is_called_straight():
    found = dose_response(_frame(), SPEC)
    assert found.linearity.p_value > 0.05
    assert found.slope_below.estimate == pytest.approx(0.02, abs=0.015)
    assert found.slope_change.ci_low < 0 < found.slope_change.ci_high
    assert found.slope_above.estimate == pytest.approx(
        found.slope_below.estimate + found.slope_change.estimate
    )
    checks = found.diagnostics().set_index("name")
    assert checks.loc["linearity: jp", "verdict"] == "ok"
    assert checks.loc["heaping_20: jp", "verdict"] == "warning"
    assert found.heaping > 5
    assert "steered" in found.diagnostics("en").set_index("name").loc["heaping_20: jp", "meaning"]


def test_kink_is_found_by_all_three():
    found = dose_response(_frame(bend=-0.02, n=8000), SPEC)
    assert found.linearity.p_value < 1e-4
    assert found.slope_change.ci_high < 0
    assert found.slope_above.ci_low < 0 < found.slope_above.ci_high
    curve = found.curve.set_index("dose")
    assert curve.loc[0.0, "estimate"] == 0.0
    flat = curve.loc[40:, "estimate"]
    assert np.ptp(flat) < 0.3


def test_ordered_outcome_and_own_grid():
    frame = _frame()
    frame["p"] = pd.cut(frame["y"], [-np.inf, 0, 1, np.inf], labels=["Kurang", "Cukup", "Baik"])
    found = dose_response(frame, SPEC.replace(outcome="p", kind="ordinal"), grid=[0, 10, 30])
    assert found.curve["dose"].tolist() == [0, 10, 30]
    assert found.curve["estimate"].is_monotonic_increasing
    assert found.linear.glance()["n"] == found.curved.glance()["n"] == 4000


def test_heaped_doses_get_fewer_knots():
    x = np.r_[np.zeros(50), np.full(60, 20.0), np.arange(1, 40)]
    assert len(knots_of(x, 5)) < 5
    with pytest.raises(ModelError, match="terlalu sedikit"):
        knots_of(np.r_[np.zeros(50), np.full(60, 20.0)])


def test_bad_dose():
    frame = _frame()
    with pytest.raises(ModelError, match="di bawah dan di atas"):
        dose_response(frame.assign(jp=np.minimum(frame["jp"], 15)), SPEC)
    with pytest.raises(ModelError, match="exposures"):
        dose_response(frame, ModelSpec("y", (), ("z",)))


def _long(n=300, t=8, placebo=0.0):
    rng = np.random.default_rng(6)
    rows = pd.DataFrame({"id": np.repeat(np.arange(n), t), "q": np.tile(np.arange(t), n)})
    rows["jp"] = rng.choice([0.0, 8.0, 20.0], n * t)
    before = rows.groupby("id")["jp"].shift(1).fillna(0)
    after = rows.groupby("id")["jp"].shift(-1).fillna(0)
    rows["y"] = 0.03 * rows["jp"] + 0.01 * before + placebo * after + rng.standard_normal(n * t) * 0.5
    return rows


def test_lags_and_leads():
    spec = ModelSpec(
        "y", ("jp",), kind="fixed_effects", effects=("id", "q"), unit="id", time="q", cluster="id"
    )
    result, placebo = dose_lags(_long(), spec, lags=2)
    assert result.term("jp")["estimate"] == pytest.approx(0.03, abs=0.006)
    assert result.term("jp_lag_1")["estimate"] == pytest.approx(0.01, abs=0.006)
    assert placebo.p_value > 0.01
    assert result.glance()["n"] == 300 * 5
    _, found = dose_lags(_long(placebo=0.02), spec, lags=1)
    assert found.p_value < 1e-4
    gap = _long().query("not (id == 0 and q == 3)")
    assert dose_lags(gap, spec, lags=1)[0].glance()["n"] == 300 * 6 - 3
    with pytest.raises(ModelError, match="ganda"):
        dose_lags(pd.concat([_long(), _long()]), spec)
    with pytest.raises(ModelError, match="unit"):
        dose_lags(_long(), ModelSpec("y", ("jp",)))


def test_kinds_are_one_family():
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(rng.choice([0.0, 10.0, 20.0], (1500, 4)), columns=["a", "b", "c", "d"])
    frame["y"] = 0.05 * frame["a"] + rng.standard_normal(1500)
    table = dose_by_kind(frame, ModelSpec("y"), ["a", "b", "c", "d"]).set_index("term")
    assert bool(table.loc["a", "rejected"])
    assert (table["p_adjusted"] >= table["p_value"]).all()
