"""Missingness, response weights, tipping point, Lee's bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, lee_bounds, missingness, response_weights, tipping_point
from kinerja_lib.models.selection_bounds import imbens_manski, trimmed_mean


def _frame(n: int = 3000, seed: int = 0) -> pd.DataFrame:
    """The older are missing more often, and have higher outcomes."""
    rng = np.random.default_rng(seed)
    age = rng.standard_normal(n)
    d = rng.integers(0, 2, n)
    y = 50 + d + 3 * age + rng.standard_normal(n)
    unit = rng.choice([f"u{k}" for k in range(20)], n)
    frame = pd.DataFrame({"y": y, "d": d, "age": age, "unit": unit, "full": y})
    frame.loc[rng.uniform(size=n) < expit(age - 1), "y"] = np.nan
    return frame


def test_who_is_missing():
    report = missingness(_frame(), "y", ["age", "d"], by=["unit"], cluster="unit")
    assert report.missing == int(_frame()["y"].isna().sum())
    assert report.model.term("age")["estimate"] == pytest.approx(1.0, abs=0.15)
    assert report.test.p_value < 1e-6
    table = report.by["unit"]
    assert table["n"].sum() == 3000
    assert table["missing"].sum() == report.missing
    assert not table["suppressed"].any()


def test_small_groups_are_suppressed():
    frame = pd.DataFrame({"unit": ["a"] * 40 + ["b"] * 40 + ["c"] * 40, "y": 1.0})
    frame.loc[[0, 1, 41, 42, 43, 44, 45, 46, 81, 82, 83, 84, 85], "y"] = np.nan
    table = missingness(frame, "y", [], by=["unit"]).by["unit"].set_index("unit")
    assert np.isnan(table.loc["a", "missing"])
    assert table["suppressed"].sum() >= 2
    assert np.isnan(table.loc["a", "share"])


def test_never_and_always_missing():
    report = missingness(_frame(), "full", ["age"])
    assert (report.missing, report.model, report.test) == (0, None, None)
    assert (response_weights(_frame(), "full", ["age"]) == 1.0).all()
    with pytest.raises(ModelError, match="semua baris"):
        missingness(_frame().assign(y=np.nan), "y", ["age"])


def test_one_missing_value_goes_to_firth():
    frame = _frame(200).assign(y=lambda f: f["full"], g=lambda f: f["unit"].str[-1])
    frame.loc[3, "y"] = np.nan
    report = missingness(frame, "y", ["age", "g"], cluster="unit")
    assert report.missing == 1
    assert report.model.glance()["errors"] == "profile"
    assert np.isfinite(report.model.estimate).all()
    bounds = lee_bounds(frame.assign(d=frame["d"].astype("Int64").mask(frame.index == 5)), "y", "d")
    assert bounds.n == 199


def test_weights_repair_the_mean():
    frame = _frame(20_000)
    weights = response_weights(frame, "y", ["age"])
    assert weights.isna().equals(frame["y"].isna())
    assert weights.mean() == pytest.approx(1.0, abs=0.02)
    repaired = np.average(frame["y"].dropna(), weights=weights.dropna())
    assert abs(repaired - frame["full"].mean()) < 0.1
    assert abs(frame["y"].mean() - frame["full"].mean()) > 0.4
    same = fit(frame.assign(w=weights), ModelSpec("y", ("d",), weights="w", errors="HC1"))
    assert same.glance()["n"] == frame["y"].notna().sum()


def test_heavy_weights_are_refused():
    frame = _frame()
    frame["y"] = frame["full"].where(np.random.default_rng(1).uniform(size=3000) > expit(4 * frame["age"]))
    with pytest.raises(ModelError, match="imputasi ganda"):
        response_weights(frame, "y", ["age"])


def test_tipping_point():
    frame = _frame(800)
    spec = ModelSpec("y", ("d",), ("age",))
    found = tipping_point(frame, spec, "d", [-6, -4, -2, 2], seed=4, m=5, shift=frame["d"].eq(1))
    table = found.table.set_index("delta")
    assert table.loc[0, "estimate"] == pytest.approx(1.0, abs=0.25)
    assert table["estimate"].is_monotonic_increasing
    # the treated miss a share s of outcomes: the estimate falls by about s for each unit of delta
    share = float(frame.loc[frame["d"] == 1, "y"].isna().mean())
    assert table.loc[0, "estimate"] - table.loc[-2, "estimate"] == pytest.approx(2 * share, abs=0.15)
    assert -6 < found.delta < -1
    none = tipping_point(frame, spec, "d", [0.1], seed=4, m=3)
    assert np.isinf(none.delta)
    weak = tipping_point(
        frame.assign(z=np.arange(800) % 2), spec.replace(exposures=("z",)), "z", [1], seed=4, m=3
    )
    assert np.isnan(weak.delta)


def test_trimming_takes_the_exact_share_from_ties():
    assert trimmed_mean(np.array([1.0, 2.0, 2.0, 2.0]), 0.5) == 1.5
    assert trimmed_mean(np.array([1.0, 1.0, 3.0]), 0.0) == pytest.approx(5 / 3)


def test_bounds_by_hand():
    # treated: 8 of 10 seen, untreated: 6 of 10; a quarter of the 8 is trimmed: two values
    treated = [1, 2, 3, 4, 5, 6, 7, 8, np.nan, np.nan]
    untreated = [2, 2, 3, 3, 4, 4, np.nan, np.nan, np.nan, np.nan]
    frame = pd.DataFrame({"y": treated + untreated, "d": [1] * 10 + [0] * 10})
    found = lee_bounds(frame, "y", "d")
    assert found.trimmed == pytest.approx(0.25)
    assert (found.lower, found.upper) == pytest.approx((3.5 - 3.0, 5.5 - 3.0))
    assert found.ci_low < found.lower < found.upper < found.ci_high
    turned = lee_bounds(frame.assign(d=1 - frame["d"]), "y", "d")
    assert (turned.lower, turned.upper) == pytest.approx((-2.5, -0.5))
    assert (turned.se_lower, turned.se_upper) == pytest.approx((found.se_upper, found.se_lower))


def test_bounds_hold_the_effect_and_tighten_within_cells():
    rng = np.random.default_rng(3)
    n = 4000
    d, g = rng.integers(0, 2, n), rng.integers(0, 3, n)
    y = 10 + d + 4 * g + rng.standard_normal(n)
    seen = rng.uniform(size=n) < 0.6 + 0.15 * d
    frame = pd.DataFrame({"y": np.where(seen, y, np.nan), "d": d, "g": g})
    wide, tight = lee_bounds(frame, "y", "d"), lee_bounds(frame, "y", "d", by="g")
    for found in (wide, tight):
        assert found.ci_low < 1.0 < found.ci_high
    assert tight.upper - tight.lower < wide.upper - wide.lower


def test_standard_errors_of_the_bounds():
    rng = np.random.default_rng(8)
    draws = []
    for _ in range(300):
        d = rng.integers(0, 2, 600)
        y = rng.standard_normal(600) + d
        frame = pd.DataFrame({"y": np.where(rng.uniform(size=600) < 0.7 + 0.2 * d, y, np.nan), "d": d})
        draws.append(lee_bounds(frame, "y", "d"))
    for side in ("lower", "upper"):
        spread = np.std([getattr(one, side) for one in draws])
        assert np.mean([getattr(one, f"se_{side}") for one in draws]) == pytest.approx(spread, rel=0.12)


def test_no_selection_gives_a_point():
    frame = pd.DataFrame({"y": [1.0, 2, 3, 5, 6, 7], "d": [0, 0, 0, 1, 1, 1]})
    found = lee_bounds(frame, "y", "d")
    assert found.lower == found.upper == 4.0
    assert imbens_manski(0.0, 1.0) == pytest.approx(1.959964, abs=1e-5)
    assert imbens_manski(50.0, 1.0) == pytest.approx(1.644854, abs=1e-5)
    assert imbens_manski(1.0, 0.0) == 0.0


def test_bounds_bad_input():
    frame = pd.DataFrame({"y": [1.0, 2, np.nan, np.nan], "d": [1, 1, 0, 0]})
    with pytest.raises(ModelError, match="teramati"):
        lee_bounds(frame, "y", "d")
    rows = [("a", 1, 1.0), ("a", 1, 2.0), ("a", 0, 1.0), ("a", 0, np.nan)]
    rows += [("b", 1, 1.0), ("b", 1, np.nan), ("b", 0, 1.0), ("b", 0, 2.0)]
    mixed = pd.DataFrame(rows * 3, columns=["g", "d", "y"])
    with pytest.raises(ModelError, match="monotonik"):
        lee_bounds(mixed, "y", "d", by="g")
