"""Staggered rollouts: effects that were built in, comparison groups, aggregation, and the decomposition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, goodman_bacon
from kinerja_lib.models.event_study import fit_event_study
from kinerja_lib.models.pre_trends import small_sample_p, small_sample_slope

SPEC = ModelSpec("y", kind="event_study", unit="u", time="t", treated_from="mulai")


def _panel(noise=0.0, seed=0, units=60, never=True):
    rng = np.random.default_rng(seed)
    starts = np.repeat([2020.0, 2022.0, np.inf if never else 2023.0], units // 3)
    rows = [
        (
            u,
            t,
            g,
            u / 7 + (t - 2018) * 0.5 + (t >= g) * (1.0 + 0.25 * (t - min(g, 9999))) + noise * rng.normal(),
        )
        for u, g in enumerate(starts)
        for t in range(2018, 2024)
    ]
    return pd.DataFrame(rows, columns=["u", "t", "mulai", "y"]).assign(kab=lambda f: f["u"] % 8)


def test_built_in_effects_are_found_exactly_without_noise():
    result = fit(_panel(), SPEC)
    table = result.table("group_time")
    expected = np.where(table["post"], 1.0 + 0.25 * (table["time"] - table["group"]), 0.0)
    np.testing.assert_allclose(table["estimate"], expected, atol=1e-12)
    assert result.terms[0] == "ATT(2020,2019)"
    effects = result.effects().set_index(["type", "at"])["estimate"]
    assert effects["dynamic", "0"] == pytest.approx(1.0)
    assert effects["dynamic", "3"] == pytest.approx(1.75)
    assert effects["dynamic", "overall"] == pytest.approx(np.mean([1.0, 1.25, 1.5, 1.75]))
    assert effects["group", "2022"] == pytest.approx(1.125)
    assert effects["calendar", "2022"] == pytest.approx((1.5 + 1.0) / 2)


@pytest.mark.parametrize("never", [0.0, np.nan, np.inf])
def test_never_treated_may_be_zero_missing_or_infinite(never):
    panel = _panel()
    panel["mulai"] = panel["mulai"].replace(np.inf, never)
    assert fit(panel, SPEC).glance()["n_treated"] == 40


def test_not_yet_treated_units_serve_when_nobody_is_never_treated():
    panel = _panel(never=False)
    result = fit(panel, SPEC)
    assert result.glance()["control_group"] == "not_yet"
    np.testing.assert_allclose(
        result.table("group_time").query("post")["estimate"].to_numpy()[:3], [1.0, 1.25, 1.5], atol=1e-12
    )
    with pytest.raises(ModelError, match="never"):
        fit_event_study(panel, SPEC, control_group="never", lang="en")
    both = fit_event_study(_panel(), SPEC, control_group="not_yet")
    assert both.glance()["att_simple"] == pytest.approx(fit(_panel(), SPEC).glance()["att_simple"])


def test_text_periods_categories_and_weights():
    panel = _panel(noise=0.3).assign(bobot=lambda f: 1.0 + f["u"] % 2)
    text = panel.assign(
        t=panel["t"].map(lambda t: f"{t}-S1"),
        mulai=panel["mulai"].map(lambda g: None if np.isinf(g) else f"{g:.0f}-S1"),
    )
    a, b = fit(panel, SPEC), fit(text, SPEC)
    np.testing.assert_allclose(a.estimate, b.estimate)
    ordered = text.assign(t=pd.Categorical(text["t"], sorted(text["t"].unique()), ordered=True))
    np.testing.assert_allclose(fit(ordered, SPEC).estimate, b.estimate)
    weighted = fit(panel, SPEC.replace(weights="bobot"))
    doubled = pd.concat([panel, panel[panel["u"] % 2 == 1].assign(u=lambda f: f["u"] + 1000)])
    np.testing.assert_allclose(weighted.estimate, fit(doubled, SPEC).estimate, rtol=1e-9)


def test_incomplete_units_and_units_treated_at_once_are_dropped_and_counted():
    panel = _panel(noise=0.1)
    panel = panel[~((panel["u"] == 3) & (panel["t"] == 2020))]
    panel.loc[panel["u"] == 4, "mulai"] = 2018.0
    result = fit(panel, SPEC)
    assert result.dropped == {"unit: unbalanced": 1, "unit: treated from the first period": 1}
    assert result.glance()["n_units"] == 58


def test_clustered_errors_and_the_band():
    panel = _panel(noise=1.0)
    plain, clustered = fit(panel, SPEC), fit(panel, SPEC.replace(cluster="kab"))
    np.testing.assert_allclose(plain.estimate, clustered.estimate)
    assert clustered.glance()["n_groups"] == 8
    assert set(clustered.df) == {7.0}
    effects = plain.effects()
    single = effects["at"] != "overall"
    assert (effects.loc[single, "band_high"] >= effects.loc[single, "ci_high"]).all()
    each = fit(panel, SPEC.replace(cluster="u"))
    np.testing.assert_allclose(each.std_error, plain.std_error * np.sqrt(20 / 19), rtol=1e-9)


def test_a_covariate_that_drives_trends_is_adjusted_for():
    rng = np.random.default_rng(4)
    panel = _panel()
    x = rng.normal(size=60) + np.repeat([0.8, 0.4, 0.0], 20)
    panel["x"] = x[panel["u"]]
    panel["y"] += panel["x"] * (panel["t"] - 2018)
    raw = fit(panel, SPEC).glance()["att_simple"]
    adjusted = fit(panel, SPEC.replace(controls=("x",)))
    assert adjusted.glance()["att_simple"] == pytest.approx(
        fit(_panel(), SPEC).glance()["att_simple"], abs=1e-6
    )
    assert abs(raw - adjusted.glance()["att_simple"]) > 0.2


def test_pre_trends_are_tested_with_their_power():
    panel = _panel(noise=0.2)
    good = fit(panel, SPEC).diagnostics("en").set_index("name")
    assert good.at["pre_trends", "verdict"] == "ok"
    assert good.at["pre_trend_power", "value"] > 0
    drifting = panel.assign(y=panel["y"] + (panel["mulai"] < 2100) * (panel["t"] - 2018) * 0.8)
    bad = fit(drifting, SPEC).diagnostics().set_index("name")
    assert bad.at["pre_trends", "verdict"] == "fail"
    late = panel[panel["t"] >= 2021].assign(mulai=panel["mulai"].where(panel["mulai"] != 2020, 2022))
    assert fit(late, SPEC).diagnostics().set_index("name").at["pre_trends", "verdict"] == "warning"
    few = panel[(panel["u"] < 2) | (panel["u"] > 40)]
    assert fit(few, SPEC).diagnostics().set_index("name").at["treated_units", "verdict"] == "fail"


def test_refusals():
    panel = _panel()
    with pytest.raises(ModelError, match="more than once"):
        fit(pd.concat([panel, panel.head(1)]), SPEC, lang="en")
    with pytest.raises(ModelError, match="changes over time"):
        fit(panel.assign(mulai=np.where(panel["t"] > 2020, 2021, 2022)), SPEC, lang="en")
    with pytest.raises(ModelError, match="No unit starts"):
        fit(panel.assign(mulai=0), SPEC, lang="en")
    with pytest.raises(ModelError, match="complete"):
        fit(panel.sort_values("u").iloc[::2].iloc[1::2], SPEC, lang="en")
    with pytest.raises(ModelError, match="comparison"):
        fit_event_study(panel[panel["u"] < 20], SPEC, control_group="not_yet", lang="en")


@pytest.mark.parametrize("always", [False, True])
def test_goodman_bacon_adds_up_to_two_way_fixed_effects(always):
    panel = _panel(noise=0.5, seed=2)
    if always:
        panel.loc[panel["u"].isin(range(40, 46)), "mulai"] = 2018.0
    panel["d"] = (panel["t"] >= panel["mulai"]).astype(float)
    parts = goodman_bacon(panel, SPEC)
    twfe = fit(panel, ModelSpec("y", ("d",), kind="fixed_effects", effects=("u", "t")))
    assert parts["weight"].sum() == pytest.approx(1.0)
    assert (parts["weight"] * parts["estimate"]).sum() == pytest.approx(twfe.term("d")["estimate"], rel=1e-9)
    assert set(parts["type"]) == {"treated vs never", "earlier vs later", "later vs earlier"} | (
        {"later vs always"} if always else set()
    )


def test_few_treated_clusters_decide_the_degrees_of_freedom():
    """200 clusters, of which 5 and 10 are treated: df near the treated, and a test that keeps its size."""
    rejected, fewest = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        start = np.where(np.arange(200) < 5, 3, np.where(np.arange(200) < 15, 4, 0))
        panel = pd.DataFrame({"u": np.repeat(np.arange(400), 6), "t": np.tile(np.arange(6), 400)})
        panel["kab"] = panel["u"] % 200
        panel["mulai"] = start[panel["kab"]]
        shock = 0.5 * rng.standard_normal((200, 6))[panel["kab"], panel["t"]]
        panel["y"] = rng.standard_normal(len(panel)) + shock
        spec = ModelSpec("y", kind="event_study", unit="u", time="t", treated_from="mulai", cluster="kab")
        result = fit(panel, spec)
        row = result.effects().iloc[0]
        rejected.append(not row["ci_low"] <= 0 <= row["ci_high"])
        fewest.append(result.df.min())
        trends = result.diagnostics().set_index("name").at["pre_trends", "value"]
        assert 0 <= trends <= 1
    assert 3.9 < min(fewest) < 6
    assert np.mean(rejected) <= 0.1


@pytest.mark.parametrize(("m", "q"), [(20, 4), (60, 3), (6, 8)])
def test_the_slope_named_is_found_by_the_test_that_was_made(m, q):
    rng = np.random.default_rng(5)
    time, alpha = np.arange(-q, 0, dtype=np.float64), 0.05 / 3
    true = (0.5 + 0.5 * np.eye(q)) / m
    root = np.linalg.cholesky(true * m)
    slopes = []
    for _ in range(400):
        sample = rng.standard_normal((m, q)) @ root.T
        slopes.append(small_sample_slope(time, np.cov(sample.T) / m, m, alpha))
    slope, found = float(np.median(slopes)), 0
    for _ in range(400):
        sample = slope * time + rng.standard_normal((m, q)) @ root.T
        found += small_sample_p(sample.mean(axis=0), np.cov(sample.T) / m, m) < alpha
    assert 0.72 < found / 400 < 0.9


def test_no_slope_can_be_named_without_clusters():
    assert small_sample_slope(np.array([-2.0, -1.0]), np.eye(2), 1, 0.05) == float("inf")
