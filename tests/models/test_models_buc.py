"""Ordered logit with fixed effects: conditional likelihood by enumeration, statsmodels, recovery, bad input."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, cross_check, fit
from kinerja_lib.models.conditional_logit import ConditionalData, fit_conditional

SPEC = ModelSpec("y", ("x",), ("z",), kind="ordinal", effects=("id",))


def panel(seed=1, people=1500, periods=6, slope=0.3, selection=1.0, cuts=(-1.0, 1.0, 2.5)):
    """Training goes to those who would do well anyway: x is correlated with the person's own level."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"id": np.repeat(np.arange(people), periods), "t": np.tile(np.arange(periods), people)}
    )
    level = rng.normal(size=people)[frame["id"]]
    frame["x"] = rng.normal(size=len(frame)) + selection * level
    frame["z"] = rng.normal(size=len(frame))
    frame["sex"] = (frame["id"] % 2).astype(float)
    frame["unit"] = frame["id"] // 30
    latent = slope * frame["x"] - 0.2 * frame["z"] + 1.2 * level + rng.logistic(size=len(frame))
    frame["y"] = np.searchsorted(cuts, latent)
    return frame


def test_the_likelihood_by_enumeration():
    rng = np.random.default_rng(0)
    X, beta = rng.normal(size=(17, 2)), np.array([0.7, -0.4])
    codes = np.array([0] * 5 + [1] * 4 + [2] * 8)
    y = np.array([1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1], dtype=bool)
    data = ConditionalData.of(X, [y], codes, 3)
    expected = 0.0
    for g in range(3):
        e, d = X[codes == g] @ beta, y[codes == g]
        sets = [sum(e[list(s)]) for s in combinations(range(len(e)), int(d.sum()))]
        expected += e[d].sum() - np.log(np.exp(sets).sum())
    sums = data.sums(beta)
    assert sums.loglik == pytest.approx(expected, rel=1e-12)
    h = 1e-5
    for j in range(2):
        step = np.eye(2)[j] * h
        up, down = data.sums(beta + step), data.sums(beta - step)
        assert sums.gradient[j] == pytest.approx((up.loglik - down.loglik) / (2 * h), rel=1e-6)
        assert sums.hessian[j] == pytest.approx((up.gradient - down.gradient) / (2 * h), rel=1e-6)
    scores = data.sums(beta, scores=True).scores
    assert scores.sum(axis=0) == pytest.approx(sums.gradient)


@pytest.mark.filterwarnings("ignore")
def test_conditional_logit_is_that_of_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    frame = panel(people=300)
    frame["y"] = (frame["y"] >= 2).astype(int)
    result = fit(frame, SPEC.replace(errors="iid"))
    theirs = ConditionalLogit(frame["y"], frame[["x", "z"]], groups=frame["id"]).fit(
        method="newton", tol=1e-12, disp=0
    )
    np.testing.assert_allclose(result.estimate, theirs.params, rtol=1e-6)
    np.testing.assert_allclose(result.std_error, theirs.bse, rtol=1e-6)
    assert result.glance()["loglik"] == pytest.approx(theirs.llf, abs=1e-7)
    assert result.glance()["method"] == "conditional logit" and result.glance()["errors"] == "iid"


@pytest.mark.filterwarnings("ignore")
def test_blown_up_by_hand():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    frame = panel(people=200)
    result = fit(frame, SPEC)
    blown = pd.concat(
        [frame.assign(d=(frame["y"] >= k).astype(int), g=frame["id"] * 10 + k) for k in (1, 2, 3)]
    )
    theirs = ConditionalLogit(blown["d"], blown[["x", "z"]], groups=blown["g"]).fit(
        method="newton", tol=1e-12, disp=0
    )
    np.testing.assert_allclose(result.estimate, theirs.params, rtol=1e-6)
    # errors clustered by person: scores by differences of each person's likelihood
    inverse = np.asarray(theirs.cov_params())
    scores = []
    for _, rows in blown.groupby("id"):
        varied = rows.groupby("g")["d"].transform("nunique") > 1
        if not varied.any():
            continue
        own = ConditionalLogit(
            rows.loc[varied, "d"], rows.loc[varied, ["x", "z"]], groups=rows.loc[varied, "g"]
        )
        scores.append(np.asarray(own.score(np.asarray(theirs.params))))
    S, size = np.array(scores), len(scores)
    expected = inverse @ S.T @ S @ inverse * size / (size - 1)
    np.testing.assert_allclose(result.cov, expected, rtol=1e-5)
    glance = result.glance()
    assert glance["errors"] == "CR1 (id)" and glance["method"] == "BUC"
    assert glance["n_groups"] == glance["n_informative"] == size
    assert result.df.tolist() == [size - 1.0] * 2


def test_removes_the_selection_that_the_pooled_model_shows():
    frame = panel(seed=7, people=6000, periods=5)
    within = fit(frame, SPEC).term("x")
    pooled = fit(frame, SPEC.replace(effects=(), cluster="id", errors="CR1")).term("x")
    assert within["estimate"] == pytest.approx(0.30, abs=0.04)
    assert within["ci_low"] < 0.30 < within["ci_high"]
    assert 0.5 < pooled["estimate"] < 0.8


def test_the_sample_that_leads_large_fits_changes_nothing(monkeypatch):
    import kinerja_lib.models.conditional_logit as kernel
    import kinerja_lib.models.conditional_strata as sums

    frame = panel(people=800)
    direct = fit(frame, SPEC)
    monkeypatch.setattr(kernel, "_MANY", 200)
    monkeypatch.setattr(sums, "_PIECE", 500)
    led = fit(frame, SPEC)
    np.testing.assert_allclose(led.estimate, direct.estimate, rtol=1e-9)
    np.testing.assert_allclose(led.cov, direct.cov, rtol=1e-8)


def test_large_strata_keep_their_magnitude():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(1500, 1))
    codes = np.repeat([0, 1], [1200, 300])
    y = expit(0.8 * X[:, 0] - 0.5 * codes) > rng.random(1500)
    data = ConditionalData.of(X, [y], codes, 2)
    found = fit_conditional(data, data.within_spread())
    assert found.converged and found.beta[0] == pytest.approx(0.8, abs=0.2)
    # with large strata the conditional estimate is nearly that with indicators
    plain = fit(
        pd.DataFrame({"y": y.astype(int), "x": X[:, 0], "g": codes}),
        ModelSpec("y", ("x", "g"), kind="ordinal"),
    )
    assert found.beta[0] == pytest.approx(plain.estimate[1], rel=0.01)


def test_periods_as_second_effect_equal_indicators():
    frame = panel(people=400)
    both = fit(frame, SPEC.replace(effects=("id", "t")))
    written = fit(frame, SPEC.replace(controls=("z", "C(t)")))
    assert both.terms == ("x", "z")
    np.testing.assert_allclose(both.estimate, written.estimate[:2], rtol=1e-8)
    np.testing.assert_allclose(both.cov, written.cov[:2, :2], rtol=1e-7)


def test_what_the_periods_determine_is_left_out_and_named():
    frame = panel(people=300)
    frame["age"] = 30.0 + frame["id"] % 20 + frame["t"]  # older by one each period: the periods say it
    spec = SPEC.replace(controls=("z", "age"), effects=("id", "t"))
    result = fit(frame, spec)
    assert result.terms == ("x", "z")
    assert "age" in result.diagnostics().set_index("name").at["absorbed", "meaning"]
    with pytest.raises(ModelError, match='"age"'):
        fit(frame, spec.replace(exposures=("age",), controls=("x",)))


def test_result_says_odds_ratios_and_who_took_part():
    frame = panel(people=400)
    result = fit(frame, SPEC.replace(controls=("z", "sex")))
    effects = result.effects().set_index("term")
    assert effects.at["x", "estimate"] == pytest.approx(np.exp(result.term("x")["estimate"]))
    assert effects.at["x", "ci_low"] < effects.at["x", "estimate"] < effects.at["x", "ci_high"]
    checks = result.diagnostics().set_index("name")
    assert "sex" in checks.at["absorbed", "meaning"] and checks.at["convergence", "verdict"] == "ok"
    assert FitResult.from_json(result.to_json()).to_json() == result.to_json()
    clustered = fit(frame, SPEC.replace(cluster="unit"))
    assert clustered.glance()["errors"] == "CR1 (unit)" and clustered.glance()["n_groups"] <= 14
    assert clustered.diagnostics().set_index("name").at["clusters", "verdict"] == "warning"
    with pytest.raises(ModelError):
        result.predict(frame)


def test_rare_change_is_said():
    frame = panel(people=300)
    frame["y"] = np.where(frame["id"] < 30, frame["y"], 2)
    checks = fit(frame, SPEC).diagnostics("en").set_index("name")
    assert checks.at["informative_share", "verdict"] == "warning"


def refused(frame, spec, *words, lang="id"):
    with pytest.raises(ModelError) as error:
        fit(frame, spec, lang=lang)
    text = f"{error.value} {error.value.action}"
    for word in words:
        assert word in text, text


def test_what_cannot_be_answered_is_refused():
    frame = panel(people=300)
    refused(frame, SPEC.replace(link="probit"), "logit")
    refused(frame.assign(w=1.0), SPEC.replace(weights="w"), "bobot")
    refused(frame, SPEC.replace(cluster="id", errors="CR2"), "CR1", lang="en")
    refused(frame, SPEC.replace(cluster="t"), '"id"', '"t"')
    refused(frame, SPEC.replace(exposures=("sex",)), '"sex"')
    refused(frame, SPEC.replace(exposures=(), controls=()), "exposures")
    refused(frame.assign(y=frame["id"] % 3), SPEC, '"y"', "id")
    refused(frame.assign(y=1), SPEC, '"y"')
    refused(frame.assign(x2=frame["x"] + frame["id"]), SPEC.replace(controls=("x2",)), "x2")
    refused(frame.assign(x=np.where(frame["y"] >= 2, 1.0, 0.0)), SPEC, "x", "memisahkan")
    refused(frame.assign(other=np.arange(len(frame)) % 400), SPEC.replace(effects=("id", "other")), '"id"')
    refused(frame.assign(x=np.nan), SPEC, "x")
    refused(frame.head(3), SPEC)
    top = (frame["y"] == 3) & (frame["z"] > 0)
    refused(frame.assign(x=top.astype(float)), SPEC, "x", "memisahkan")
    refused(frame.assign(id=1), SPEC, '"id"', "satu tingkat")


def test_few_clusters_carry_no_claim():
    frame = panel(people=5, periods=40)
    assert fit(frame, SPEC).diagnostics().set_index("name").at["clusters", "verdict"] == "fail"


def test_units_of_a_column_do_not_matter():
    frame = panel(people=300)
    plain = fit(frame, SPEC)
    for shift, factor in ((1e12, 1e8), (0.0, 1e-9)):
        moved = fit(frame.assign(x=frame["x"] * factor + shift), SPEC)
        np.testing.assert_allclose(moved.estimate * [factor, 1.0], plain.estimate, rtol=1e-3)
        np.testing.assert_allclose(moved.std_error * [factor, 1.0], plain.std_error, rtol=1e-3)
        assert FitResult.from_json(moved.to_json()).terms == moved.terms


@pytest.mark.filterwarnings("ignore")
def test_the_second_engine_agrees():
    frame = panel(people=120)
    table = cross_check(SPEC, frame)
    assert table["difference"].abs().max() < 1e-7
    assert table["se_relative"].max() < 1e-5
    binary = frame.assign(y=(frame["y"] >= 2).astype(int))
    assert cross_check(SPEC.replace(errors="iid"), binary)["se_relative"].max() < 1e-6
    with pytest.raises(ModelError, match="ConditionalLogit"):
        fit(frame, SPEC.replace(effects=("id", "t")), engine="statsmodels")
    with pytest.raises(ModelError, match="tidak berubah"):
        fit(frame.assign(y=frame["id"] % 3), SPEC, engine="statsmodels")


def test_an_odds_ratio_beyond_numbers_is_said():
    frame = panel(people=200)
    found = fit(frame.assign(x=frame["x"] * 1e-6), SPEC)
    check = found.diagnostics().set_index("name").loc["column_unit"]
    assert check["verdict"] == "warning" and "x" in check["meaning"]
