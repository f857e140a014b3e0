"""Design-based errors, intervals of shares, raking."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, SurveyDesign, fit, rake, survey_mean, survey_share
from kinerja_lib.models.survey import clopper_pearson


def _survey(n=600, seed=0):
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, 40, n)
    effect = rng.standard_normal(40)[unit] * 0.6
    return pd.DataFrame(
        {
            "skor": 3 + effect + rng.standard_normal(n), "unit": unit, "stratum": unit % 4,
            "w": rng.uniform(0.5, 2.0, n), "sex": rng.choice(["L", "P"], n, p=[0.7, 0.3]),
            "gol": rng.choice(["II", "III", "IV"], n), "N": 100.0,
        }
    )  # fmt: skip


def test_simple_random_sample_is_the_textbook():
    frame = _survey()
    found = survey_mean(frame, "skor", SurveyDesign())
    assert found.estimate == pytest.approx(frame["skor"].mean())
    assert found.std_error == pytest.approx(frame["skor"].std() / np.sqrt(600))
    assert found.design_effect == pytest.approx(1.0)
    assert found.df == 599


def test_stratified_by_hand():
    """Cochran's formula: sum W_h^2 s_h^2 / n_h (1 - n_h / N_h)."""
    frame = pd.DataFrame({"y": [1.0, 3, 5, 10, 14, 12, 16], "h": list("aaabbbb"), "N": [30] * 3 + [60] * 4})
    frame["w"] = [10] * 3 + [15] * 4
    found = survey_mean(frame, "y", SurveyDesign("w", "h", population="N"))
    a, b = frame["y"][:3], frame["y"][3:]
    assert found.estimate == pytest.approx((30 * 3 + 60 * 13) / 90)
    variance = (1 / 3) ** 2 * a.var() / 3 * 0.9 + (2 / 3) ** 2 * b.var() / 4 * (1 - 4 / 60)
    assert found.std_error == pytest.approx(np.sqrt(variance))
    assert found.df == 5


def test_clusters_equal_the_regression_on_a_constant():
    frame = _survey()
    found = survey_mean(frame, "skor", SurveyDesign("w", cluster="unit"))
    frame["one"] = np.arange(600) % 2 * 1.0
    model = fit(frame, ModelSpec("skor", ("one",), weights="w", cluster="unit", errors="CR1"))
    assert found.clusters == model.glance()["n_groups"] == 40
    assert found.design_effect > 2
    assert found.effective_n == pytest.approx(600 / found.design_effect)


def test_coverage_of_clustered_intervals():
    hits = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        unit = np.repeat(np.arange(20), 15)
        y = rng.standard_normal(20)[unit] * 0.7 + rng.standard_normal(300)
        share = (y > 0).astype(int)
        frame = pd.DataFrame({"y": y, "s": share, "u": unit})
        mean, part = (
            f(frame, v, SurveyDesign(cluster="u")) for f, v in ((survey_mean, "y"), (survey_share, "s"))
        )
        hits.append((mean.ci_low <= 0 <= mean.ci_high, part.ci_low <= 0.5 <= part.ci_high))
    assert np.mean(hits, axis=0).min() > 0.91


def test_shares_and_their_intervals():
    frame = _survey()
    frame["setuju"] = np.where(frame["skor"] > 3, "ya", "tidak")
    found = survey_share(frame, "setuju", SurveyDesign("w", "stratum", "unit"), of=["ya"])
    assert found.ci_low < found.estimate < found.ci_high
    assert found.wilson_low < found.estimate < found.wilson_high
    assert found.clusters == 40
    assert found.df == 36
    none = survey_share(frame.assign(setuju="tidak"), "setuju", SurveyDesign(), of=["ya"])
    assert none.ci_low == 0.0
    assert none.ci_high == pytest.approx(1 - 0.025 ** (1 / 600), rel=1e-3)
    plain = survey_share(pd.DataFrame({"y": [1, 1] + [0] * 8}), "y", SurveyDesign())
    assert plain.design_effect == pytest.approx(1.0)
    assert (plain.ci_low, plain.ci_high) == pytest.approx(clopper_pearson(2, 10))


def test_bad_survey():
    frame = _survey()
    with pytest.raises(ModelError, match="satu klaster"):
        survey_mean(frame.assign(stratum=np.where(frame["unit"] == 3, 9, 1)), "skor",
                    SurveyDesign(strata="stratum", cluster="unit"))  # fmt: skip
    with pytest.raises(ModelError, match='"sex"'):
        survey_mean(frame, "sex", SurveyDesign())
    with pytest.raises(ModelError, match="negatif"):
        survey_mean(frame.assign(w=-1.0), "skor", SurveyDesign("w"))
    with pytest.raises(ModelError, match='"N"'):
        survey_mean(frame.assign(N=2.0), "skor", SurveyDesign(cluster="unit", population="N"))


MARGINS = {"sex": {"L": 450, "P": 550}, "gol": {"II": 200, "III": 500, "IV": 300}}


def test_raking_reaches_its_margins():
    frame = _survey()
    found = rake(frame, MARGINS)
    assert found.margins["reached"].to_numpy() == pytest.approx(found.margins["target"].to_numpy(), abs=1e-7)
    assert found.weights.sum() == pytest.approx(1000)
    assert found.design_effect > 1
    assert found.trimmed == 0
    shares = {name: {k: v / 1000 for k, v in m.items()} for name, m in MARGINS.items()}
    assert rake(frame, shares).weights.to_numpy() * (1000 / 600) == pytest.approx(found.weights.to_numpy())
    raked = frame.assign(w=found.weights)
    plain, own = (
        survey_mean(
            raked.assign(y=(raked["sex"] == "P") * 1.0 + 0.1 * raked["skor"]), "y", SurveyDesign("w", raked=m)
        )
        for m in ((), ("sex", "gol"))
    )
    assert own.std_error < 0.5 * plain.std_error


@given(st.lists(st.integers(1, 50), min_size=4, max_size=4))
def test_one_margin_is_poststratification(counts):
    frame = pd.DataFrame({"g": np.repeat(list("abcd"), counts)})
    found = rake(frame, {"g": {"a": 10, "b": 20, "c": 30, "d": 40}}, limit=1e6)
    expected = np.repeat(np.array([10, 20, 30, 40]) / np.array(counts), counts)
    assert found.weights.to_numpy() == pytest.approx(expected)


def test_trimmed_weights_are_counted():
    frame = pd.DataFrame({"g": ["a"] * 99 + ["b"], "w": 1.0})
    found = rake(frame, {"g": {"a": 50, "b": 50}}, base="w", limit=10.0)
    assert found.trimmed == 1
    assert found.margins.set_index("level").loc["b", "reached"] < 0.2


def test_bad_margins():
    frame = _survey()
    with pytest.raises(ModelError, match="berbeda antarmargin"):
        rake(frame, {**MARGINS, "gol": {"II": 1, "III": 1, "IV": 1}})
    with pytest.raises(ModelError, match="IV"):
        rake(frame, {"gol": {"II": 1, "III": 1}})
    with pytest.raises(ModelError, match="responden"):
        rake(frame, {"gol": {"I": 1, "II": 1, "III": 1, "IV": 1}})
