"""Rubin's rules against hand-worked numbers; imputation keeps the data's types and repairs what is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, fit_imputed, impute, pool_estimates, pool_results


def test_pooling_by_hand():
    # Q = 10, 12, 11, 9, 13: mean 11, B = 2.5; U = 4: T = 4 + 1.2 * 2.5 = 7
    pooled = pool_estimates([10, 12, 11, 9, 13], [3, 4, 5, 4, 4], 96.0, ["x"])
    row = pooled.tidy().iloc[0]
    assert row["estimate"] == 11.0
    assert row["std_error"] == pytest.approx(np.sqrt(7.0))
    assert row["riv"] == pytest.approx(0.75)
    share = 3.0 / 7.0
    old, observed = 4 / share**2, 97 / 99 * 96 * (1 - share)
    assert row["df"] == pytest.approx(old * observed / (old + observed))
    assert row["df"] == pytest.approx(15.498255, abs=1e-5)
    assert row["fmi"] == pytest.approx((0.75 + 2 / (row["df"] + 3)) / 1.75)
    assert pooled.glance() == {"imputations": 5}


def test_nothing_missing_gives_the_complete_df():
    pooled = pool_estimates([[1.0, 2.0]] * 3, [[1.0, 4.0]] * 3, [20.0, np.inf])
    assert pooled.df == pytest.approx([21 / 23 * 20, np.inf])
    assert pooled.fmi[1] == 0.0
    assert np.diag(pooled.cov).tolist() == [1.0, 4.0]


def test_one_imputation_is_refused():
    with pytest.raises(ModelError, match="dua imputasi"):
        pool_estimates([1.0], [1.0])


def _frame(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.standard_normal(n)
    y = 1 + 2 * x + rng.standard_normal(n)
    z = x + 0.5 * rng.standard_normal(n)
    level = pd.Categorical.from_codes(np.digitize(z, [-1, 1]), ["Kurang", "Cukup", "Baik"], ordered=True)
    frame = pd.DataFrame(
        {"y": y, "x": x, "z": z, "p": level, "jp": np.round(10 + 3 * x).astype(int), "u": "b"}
    )
    frame["u"] = np.where(np.arange(n) % 3 == 0, "a", "b")
    return frame


def _holed(frame: pd.DataFrame) -> pd.DataFrame:
    """x is missing more often where y is high: complete cases are biased, missing at random given y."""
    rng = np.random.default_rng(2)
    holed = frame.copy()
    lost = rng.uniform(size=len(frame)) < 1 / (1 + np.exp(-(frame["y"] - 1.5)))
    holed.loc[lost, "x"] = np.nan
    holed["p"] = holed["p"].where(rng.uniform(size=len(frame)) > 0.1)
    holed["jp"] = holed["jp"].astype("Int64").where(pd.Series(rng.uniform(size=len(frame)) > 0.1))
    return holed


def test_imputation_keeps_types_values_and_the_callers_frame():
    holed = _holed(_frame())
    before = holed.copy(deep=True)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    copies = impute(holed, ["y", "x", "p", "jp", "u"], 2, seed=5)
    again = impute(holed, ["y", "x", "p", "jp", "u"], 2, seed=5)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    pd.testing.assert_frame_equal(holed, before)
    pd.testing.assert_frame_equal(copies[1], again[1])
    for copy in copies:
        assert not copy[["y", "x", "p", "jp"]].isna().any().any()
        assert copy.dtypes.equals(holed.dtypes)
        seen = holed["x"].notna()
        assert (copy.loc[seen, "x"] == holed.loc[seen, "x"]).all()
        assert set(copy["x"]) <= set(holed["x"].dropna())
    assert not copies[0]["x"].equals(copies[1]["x"])


def test_pooled_fit_repairs_the_bias_of_complete_cases():
    frame = _frame()
    spec = ModelSpec("y", ("x",))
    holed = _holed(frame)
    pooled = fit_imputed(holed, spec, 10, seed=3, auxiliary=("z",)).tidy().set_index("term")
    whole, complete = (fit(data, spec).term("Intercept")["estimate"] for data in (frame, holed))
    assert abs(pooled.loc["Intercept", "estimate"] - whole) < 0.5 * abs(complete - whole)
    assert pooled.loc["x", "estimate"] == pytest.approx(2.0, abs=0.15)
    assert 0 < pooled.loc["x", "fmi"] < 0.9
    assert pooled.loc["x", "df"] < 598


def test_ordinal_outcome_and_nothing_missing():
    holed = _holed(_frame())
    pooled = fit_imputed(holed, ModelSpec("p", ("jp",), kind="ordinal"), 3, seed=1, auxiliary=("y",))
    assert pooled.terms == ("Kurang|Cukup", "Cukup|Baik", "jp")
    frame = _frame()
    same = impute(frame, ["y", "x"], 2, seed=1)
    assert same[0].equals(frame)
    one = pool_results([fit(copy, ModelSpec("y", ("x",))) for copy in same])
    assert one.riv.tolist() == [0.0, 0.0]


def test_bad_columns_are_named():
    frame = _frame()
    with pytest.raises(ModelError, match="kosong pada semua baris"):
        impute(frame.assign(x=np.nan), ["y", "x"], 2, seed=1)
    frame["k"] = pd.Categorical(np.resize(["utara", "selatan", "timur", None], len(frame)))
    with pytest.raises(ModelError, match='"k"'):
        impute(frame, ["y", "k"], 2, seed=1)
    with pytest.raises(ModelError, match="berbeda antarimputasi"):
        pool_results([fit(frame, ModelSpec("y", ("x",))), fit(frame, ModelSpec("y", ("z",)))])
