"""Sensitivity, power, multiplicity, comparisons, and the second engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

from kinerja_lib.errors import ModelError
from kinerja_lib.models import (
    ModelSpec,
    adjust_p_values,
    adjusted_estimate,
    benchmark_bounds,
    compare,
    compare_wide,
    cross_check,
    design_effect,
    detectable_from_result,
    e_value,
    equivalence_test,
    fit,
    hausman,
    leave_one_out,
    minimum_detectable_effect,
    oster,
    partial_r2,
    random_effects,
    rejection_levels,
    robustness_value,
    specification_curve,
    two_sample_power,
    two_sample_size,
)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(8)
    n = 300
    table = pd.DataFrame({"c": rng.normal(size=n), "hidden": rng.normal(size=n), "u": np.arange(n) // 20})
    table["kota"] = rng.choice(["A", "B", "C"], n)
    table["x"] = 0.5 * table["c"] + 0.5 * table["hidden"] + rng.normal(size=n)
    table["q"] = table["x"] + rng.normal(size=n)
    table["y"] = table["x"] + table["c"] + table["hidden"] + 0.2 * (table["u"] % 5) + rng.normal(size=n)
    table["o"] = pd.qcut(table["y"], 3, labels=False)
    return table


SPEC = ModelSpec("y", ("x",), ("c",))


def test_a_confounder_as_strong_as_the_robustness_value_explains_everything_away(frame):
    row = fit(frame, SPEC).term("x")
    rv = robustness_value(row["statistic"], row["df"])
    assert adjusted_estimate(row["estimate"], row["std_error"], row["df"], rv, rv).estimate == pytest.approx(
        0.0, abs=1e-10
    )
    half = robustness_value(row["statistic"], row["df"], q=0.5)
    left = adjusted_estimate(row["estimate"], row["std_error"], row["df"], half, half).estimate
    assert left == pytest.approx(row["estimate"] / 2)
    assert 0 < robustness_value(row["statistic"], row["df"], alpha=0.05) < rv
    assert robustness_value(1.0, 100, alpha=0.05) == 0.0
    assert 0 < robustness_value(500.0, 20, alpha=0.05) < 1
    assert partial_r2(row["statistic"], row["df"]) < rv


def test_omitting_a_known_confounder_moves_the_estimate_by_the_formula(frame):
    """With its true partial R2 the adjusted estimate is the one that controls for it."""
    short, full = fit(frame, SPEC), fit(frame, SPEC.replace(controls=("c", "hidden")))
    t_y = full.term("hidden")["statistic"]
    exposure = fit(frame, ModelSpec("x", ("hidden",), ("c",))).term("hidden")["statistic"]
    row, df = short.term("x"), short.glance()["df"]
    found = adjusted_estimate(
        row["estimate"], row["std_error"], df, partial_r2(exposure, df - 0.0), partial_r2(t_y, df - 1.0)
    )
    assert found.estimate == pytest.approx(full.term("x")["estimate"], rel=1e-9)
    assert found.std_error == pytest.approx(full.term("x")["std_error"], rel=1e-9)


def test_bounds(frame):
    spec = SPEC.replace(controls=("c", "kota"))
    table = benchmark_bounds(frame, spec, "c", (1.0, 2.0))
    assert table["estimate"].is_monotonic_decreasing
    assert benchmark_bounds(frame, spec, "kota")["r2_exposure"].iloc[0] < table["r2_exposure"].iloc[0]
    with pytest.raises(ModelError, match="benchmark"):
        benchmark_bounds(frame, spec, "hidden", lang="en")
    with pytest.raises(ModelError, match="impossible"):
        benchmark_bounds(frame, spec, "c", (50.0,), lang="en")


def _delta(frame, beta, r2_max):
    """Oster's delta for a hypothetical true effect, from her proposition, in sample moments."""
    y, x, c = (frame[k].to_numpy() - frame[k].mean() for k in ("y", "x", "c"))
    b0 = x @ y / (x @ x)
    X = np.column_stack([x, c])
    coefficients = np.linalg.solve(X.T @ X, X.T @ y)
    b1 = coefficients[0]
    n = len(y)
    syy, sxx = y @ y / n, x @ x / n
    r0 = 1 - ((y - b0 * x) ** 2).sum() / (y @ y)
    r1 = 1 - ((y - X @ coefficients) ** 2).sum() / (y @ y)
    tau = ((x - c * (c @ x) / (c @ c)) ** 2).mean()
    d, m, a, b = b1 - beta, b0 - b1, (r1 - r0) * syy, (r2_max - r1) * syy
    top = d * a * tau + d * sxx * tau * m**2 + 2 * d**2 * tau * m * sxx + d**3 * (tau * sxx - tau**2)
    low = b * m * sxx + d * b * (sxx - tau) + d**2 * tau * m * sxx + d**3 * (tau * sxx - tau**2)
    return top / low


def test_oster(frame):
    found = oster(frame, SPEC, r2_max=0.9)
    assert found.delta == pytest.approx(_delta(frame, 0.0, 0.9), rel=1e-9)
    assert _delta(frame, found.adjusted, 0.9) == pytest.approx(1.0, rel=1e-6)
    assert oster(frame, SPEC).r2_max <= 1.0
    with pytest.raises(ModelError, match="control"):
        oster(frame, SPEC.replace(controls=()), lang="en")


def test_e_values():
    assert e_value(1 / 3.9)[0] == pytest.approx(e_value(3.9)[0])
    assert e_value(2.0, low=0.9) == (pytest.approx(2 + np.sqrt(2)), 1.0)
    assert e_value(0.5, low=0.3, high=0.8)[1] == pytest.approx(1.25 + np.sqrt(1.25 * 0.25))
    assert e_value(0.5, high=1.1)[1] == 1.0
    assert np.isnan(e_value(0.5, low=0.3)[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_agree_with_statsmodels(p):
    for own, other in (("bh", "fdr_bh"), ("holm", "holm"), ("bonferroni", "bonferroni")):
        found = adjust_p_values(p, own)["p_adjusted"]
        np.testing.assert_allclose(found, multipletests(p, method=other)[1], rtol=1e-12, atol=1e-300)


def test_missing_p_values_do_not_count():
    table = adjust_p_values([0.01, np.nan, 0.04])
    assert table["p_adjusted"].tolist()[::2] == pytest.approx([0.02, 0.04])
    assert table["rejected"].tolist() == [True, False, True]
    with pytest.raises(ModelError, match="0"):
        adjust_p_values([1.5])
    with pytest.raises(ModelError, match="known"):
        adjust_p_values([0.5], "magic", lang="en")


@pytest.mark.parametrize(("effect", "ratio"), [(0.2, 1.0), (0.5, 2.0), (1.2, 0.5)])
def test_sample_sizes_agree_with_statsmodels(effect, ratio):
    n = two_sample_size(effect, ratio=ratio)
    assert n == pytest.approx(
        TTestIndPower().solve_power(effect, power=0.8, alpha=0.05, ratio=ratio), rel=1e-6
    )
    assert two_sample_power(effect, n, ratio=ratio) == pytest.approx(0.8)


def test_design_effect_and_detectable_effects():
    assert design_effect([20] * 10, 0.05) == pytest.approx(1 + 19 * 0.05)
    assert design_effect([1] * 10, 0.3) == pytest.approx(1.0)
    equal = minimum_detectable_effect([50] * 40, 0.1)
    # 2.8 standard errors of a difference of two times 20 unit means
    assert equal == pytest.approx((2.0244 + 0.8512) * np.sqrt((0.1 + 0.9 / 50) * 4 / 40), rel=1e-3)
    assert minimum_detectable_effect([10] * 20 + [90] * 20, 0.1) > equal
    assert minimum_detectable_effect([50] * 40, 0.1, r2_unit=0.5) < equal
    assert minimum_detectable_effect([50] * 40, 0.1, sd=2.0) == pytest.approx(2 * equal)


def test_detectable_from_result(frame):
    result = fit(frame, SPEC.replace(cluster="u"))
    assert detectable_from_result(result, "x") == pytest.approx(2.9 * result.term("x")["std_error"], rel=0.1)


def test_equivalence():
    inside = equivalence_test(0.05, 0.1, -0.5, 0.5, df=40)
    assert inside.equivalent
    assert -0.5 < inside.ci_low < inside.ci_high < 0.5
    assert not equivalence_test(0.05, 0.4, -0.5, 0.5).equivalent


def test_specification_curve_and_leave_one_out(frame):
    table = specification_curve(
        frame, SPEC.replace(controls=("c", "hidden"), cluster="u"), outcomes=("o", "kota"),
        variants=({}, {"errors": "CR1"}),
    )  # fmt: skip
    assert len(table) == 3 * 2 * 4
    assert (table.loc[table["outcome"] == "kota", "note"] != "").all()
    fitted = table.dropna(subset="estimate")
    assert fitted["estimate"].is_monotonic_increasing
    assert fitted["n"].eq(300).all()
    some = specification_curve(frame, SPEC.replace(controls=("c", "hidden")), optional=("hidden",))
    assert set(some["controls"]) == {"c", "c, hidden"}
    left = leave_one_out(frame, SPEC.replace(cluster="u"))
    assert len(left) == 15
    assert left["same_sign"].all()
    assert leave_one_out(frame, SPEC, by="kota")["left_out"].nunique() == 3
    with pytest.raises(ModelError, match="by"):
        leave_one_out(frame, SPEC)


def test_random_effects_and_hausman(frame):
    spec = ModelSpec("y", ("x", "c"), unit="u")
    result = random_effects(frame, spec)
    assert result.variances()["component"].tolist() == ["u", "residual"]
    assert 0 < result.glance()["theta"] < 1
    found = hausman(frame, spec)
    assert found.statistic > 0
    assert found.p_value > 0.001
    unbalanced = random_effects(frame[frame.index % 7 != 0], spec.replace(cluster="u"))
    assert unbalanced.glance()["errors"] == "CR2"
    with pytest.raises(ModelError, match="unit"):
        random_effects(frame, SPEC, lang="en")
    with pytest.raises(ModelError, match="units"):
        random_effects(frame[frame["u"] < 3], spec, lang="en")


@pytest.mark.parametrize(
    "spec",
    [
        ModelSpec("y", ("x", "kota"), ("c",)),
        ModelSpec("y", ("x",), ("c",), errors="HC1"),
        ModelSpec("y", ("x",), ("c",), cluster="u", weights="vikt"),
        ModelSpec("y", ("x",), cluster=("u", "kota")),
        ModelSpec("y", ("x",), kind="fixed_effects", effects=("u", "kota")),
        ModelSpec("y", ("x",), ("c",), kind="iv", instruments=("q",)),
    ],
)
def test_the_second_engine_agrees(frame, spec):
    table = cross_check(spec, frame.assign(vikt=1.0 + frame["u"] % 3))
    assert table["relative"].max() < 1e-9
    assert table["se_relative"].max() < 1e-9


def test_what_statsmodels_lacks_is_said(frame):
    for spec in (
        ModelSpec("y", kind="event_study", unit="u", time="c", treated_from="x"),
        ModelSpec("o", ("x",), kind="ordinal", weights="u"),
        ModelSpec("o", ("x",), kind="multinomial", weights="u"),
        ModelSpec("y", ("x",), kind="iv", instruments=("q",), cluster="u"),
    ):
        with pytest.raises(ModelError, match="statsmodels lacks"):
            fit(frame, spec, engine="statsmodels", lang="en")


def test_ordinal_multilevel_and_multinomial_through_statsmodels(frame):
    ordinal = fit(frame, ModelSpec("o", ("x",), ("c",), kind="ordinal"), engine="statsmodels")
    assert ordinal.terms == ("0|1", "1|2", "x", "c")
    assert ordinal.term("1|2")["estimate"] > ordinal.term("0|1")["estimate"]
    mixed = fit(
        frame, ModelSpec("y", ("x",), kind="multilevel", groups=("u",), slopes={"u": ("x",)}),
        engine="statsmodels",
    )  # fmt: skip
    assert mixed.variances()["component"].tolist() == ["u", "u: x", "residual"]
    several = fit(frame, ModelSpec("o", ("x",), kind="multinomial"), engine="statsmodels")
    assert several.terms == ("1: Intercept", "1: x", "2: Intercept", "2: x")


def test_comparisons(frame):
    results = {"polos": fit(frame, ModelSpec("y", ("x",))), "kontrol": fit(frame, SPEC.replace(cluster="u"))}
    long = compare(results)
    assert long.groupby("model", sort=False)["term"].agg(list).to_dict() == {
        "polos": ["Intercept", "x"],
        "kontrol": ["Intercept", "x", "c"],
    }
    assert compare(list(results.values()), terms=("x",))["model"].tolist() == ["(1)", "(2)"]
    wide = compare_wide(results)
    assert np.isnan(wide.at[("c", "estimate"), "polos"])
    assert wide.at[("errors", ""), "kontrol"] == "CR2"
    with pytest.raises(ModelError, match="compare"):
        compare([], lang="en")


def test_rejection_levels_are_where_the_verdict_turns():
    rng = np.random.default_rng(2)
    for _ in range(50):
        p = rng.uniform(0, 0.2, 7) ** 2
        for place, level in enumerate(rejection_levels(p)):
            for value, expected in ((level * 0.999, True), (level * 1.001, False)):
                own = p.copy()
                own[place] = value
                assert adjust_p_values(own)["rejected"].iloc[place] == expected
    assert np.isnan(rejection_levels([0.1, np.nan])).tolist() == [False, True]
    assert rejection_levels([0.2, np.nan])[0] == pytest.approx(0.05)
    assert rejection_levels([]).tolist() == []
