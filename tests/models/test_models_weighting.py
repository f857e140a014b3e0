"""Weighting, standardisation, AIPW: errors against resampling, double robustness, limits, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, adjusted_difference, compare_adjustments, fit

SPEC = ModelSpec("y", ("d",), ("x", "g"))


def _frame(n: int = 1500, seed: int = 0, effect: float = 2.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, g = rng.standard_normal(n), rng.choice(["a", "b", "c"], n)
    d = (rng.uniform(size=n) < expit(0.6 * x + 0.5 * (g == "b") - 0.3)).astype(int)
    y = 1 + effect * d + 1.5 * x + (g == "c") + rng.standard_normal(n) * 1.5
    return pd.DataFrame({"y": y, "d": d, "x": x, "g": g, "unit": rng.integers(0, 30, n)})


@pytest.mark.parametrize("estimand", ["ATE", "ATT"])
def test_methods_agree_where_models_are_right(estimand):
    table = compare_adjustments(_frame(20_000), SPEC, estimand=estimand).set_index("method")
    assert table["estimate"].drop("unadjusted").to_numpy() == pytest.approx(2.0, abs=0.1)
    assert table.loc["unadjusted", "estimate"] > 2.4
    assert (table["ci_low"].drop("unadjusted") < 2.0).all()


@pytest.mark.parametrize("method", ["ipw", "standardisation", "aipw"])
@pytest.mark.parametrize("estimand", ["ATE", "ATT"])
def test_standard_error_is_the_spread_of_the_estimates(method, estimand):
    found = [adjusted_difference(_frame(400, seed), SPEC, method, estimand=estimand) for seed in range(250)]
    spread = np.std([one.estimate for one in found])
    assert np.mean([one.std_error for one in found]) == pytest.approx(spread, rel=0.13)
    covered = np.mean([one.ci_low <= 2.0 <= one.ci_high for one in found])
    assert 0.91 <= covered <= 0.985


def test_known_weights_are_the_sandwich_of_weighted_least_squares():
    frame = _frame()
    known = adjusted_difference(frame, SPEC, "ipw", known_weights=True)
    plain = adjusted_difference(frame, SPEC, "ipw")
    assert known.estimate == plain.estimate
    assert known.std_error > plain.std_error
    raw = adjusted_difference(frame, SPEC, "unadjusted")
    hc1 = fit(frame, ModelSpec("y", ("d",), errors="HC1"))
    assert raw.estimate == pytest.approx(hc1.term("d")["estimate"])
    assert raw.std_error == pytest.approx(hc1.term("d")["std_error"] * np.sqrt(1498 / 1500))


def test_standardisation_without_products_is_the_regression_coefficient():
    frame = _frame()
    found = adjusted_difference(frame, SPEC, "standardisation")
    assert found.estimate == pytest.approx(fit(frame, SPEC).term("d")["estimate"])


def test_aipw_survives_a_wrong_outcome_model_or_a_wrong_propensity():
    rng = np.random.default_rng(5)
    x = rng.exponential(size=40_000)
    noise, u = rng.standard_normal(40_000), rng.uniform(size=40_000)
    spec = ModelSpec("y", ("d",), ("x",))
    curved = pd.DataFrame({"x": x, "d": (u < expit(x - 1)).astype(int)})
    curved["y"] = curved["d"] + x**2 + noise
    # a linear outcome model is wrong here, and so is standardisation
    assert abs(adjusted_difference(curved, spec, "standardisation").estimate - 1.0) > 0.1
    assert adjusted_difference(curved, spec, "aipw").estimate == pytest.approx(1.0, abs=0.1)
    odd = pd.DataFrame({"x": x, "d": (u < 0.2 + 0.6 * (x > 1.5)).astype(int)})
    odd["y"] = odd["d"] + 3 * x + noise
    assert abs(adjusted_difference(odd, spec, "ipw").estimate - 1.0) > 0.1
    assert adjusted_difference(odd, spec, "aipw").estimate == pytest.approx(1.0, abs=0.05)


def test_clusters_and_weights():
    frame = _frame()
    found = adjusted_difference(frame, SPEC.replace(cluster="unit"), "aipw")
    assert found.n_groups == 30
    assert "CR1" in found.errors
    assert found.std_error == pytest.approx(adjusted_difference(frame, SPEC, "aipw").std_error, rel=0.5)
    frame["w"] = np.arange(len(frame)) % 3 + 1.0
    repeated = frame.loc[np.repeat(frame.index, frame["w"].astype(int))]
    for method in ("unadjusted", "ipw", "standardisation", "aipw"):
        for estimand in ("ATE", "ATT"):
            a = adjusted_difference(frame, SPEC.replace(weights="w"), method, estimand=estimand)
            b = adjusted_difference(repeated, SPEC, method, estimand=estimand)
            assert a.estimate == pytest.approx(b.estimate, abs=1e-8)
    whole = repeated.assign(one=repeated.index)
    c = adjusted_difference(whole, SPEC.replace(cluster="one"), "ipw")
    d = adjusted_difference(frame, SPEC.replace(weights="w"), "ipw")
    assert c.std_error == pytest.approx(d.std_error * np.sqrt(1500 / 1499), rel=1e-6)


def test_text_treatment_and_missing_rows():
    frame = _frame()
    frame["program"] = pd.Categorical(np.where(frame["d"] == 1, "ya", "belum"), ["belum", "ya"])
    frame.loc[frame.index[:7], "y"] = np.nan
    found = adjusted_difference(
        frame, ModelSpec("y", ("program", "program:x"), ("x", "g")), "standardisation"
    )
    assert found.dropped == {"y": 7}
    assert found.n == 1493
    assert found.estimate == pytest.approx(2.0, abs=0.25)


def test_no_overlap_is_said():
    frame = _frame()
    rng = np.random.default_rng(3)
    frame["d"] = (rng.uniform(size=len(frame)) < expit(6 * frame["x"])).astype(int)
    checks = adjusted_difference(frame, SPEC, "ipw").diagnostics("en").set_index("name")
    assert checks.loc["overlap", "verdict"] == "fail"
    assert "do not overlap" in checks.loc["overlap", "meaning"]
    with pytest.raises(ModelError, match="memisahkan"):
        adjusted_difference(frame.assign(d=(frame["x"] > 0).astype(int)), SPEC, "aipw")


def test_bad_input():
    with pytest.raises(ModelError, match="dua nilai"):
        adjusted_difference(_frame(), ModelSpec("y", ("x",), ("g",)))
    with pytest.raises(ModelError, match="not known"):
        adjusted_difference(_frame(), SPEC, "matching", lang="en")
    with pytest.raises(ModelError, match="dua nilai"):
        adjusted_difference(_frame(), ModelSpec("y", (), ("x",)))


def test_without_covariates_all_methods_are_the_difference_of_means():
    table = compare_adjustments(_frame(), ModelSpec("y", ("d",)))
    assert table["estimate"].nunique() == 1 or np.ptp(table["estimate"]) < 1e-10
