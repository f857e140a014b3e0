"""Firth's logit against closed forms and a penalised likelihood written out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, fit_firth

SPEC = ModelSpec("y", ("x",), kind="ordinal")


def _table(a: int, b: int, c: int, d: int) -> pd.DataFrame:
    return pd.DataFrame({"x": [1, 1, 0, 0], "y": [1, 0, 1, 0], "w": [a, b, c, d]})


@pytest.mark.parametrize("cells", [(3, 7, 2, 18), (5, 0, 2, 8), (0, 6, 3, 9)])
def test_two_by_two_is_half_a_count_in_each_cell(cells):
    frame = _table(*cells)
    a, b, c, d = (cell + 0.5 for cell in cells)
    frame = frame.loc[np.repeat(frame.index, frame["w"])]
    row = fit_firth(frame, SPEC).term("x")
    assert row["estimate"] == pytest.approx(np.log(a * d / (b * c)), abs=1e-7)
    assert fit_firth(frame, SPEC).term("0|1")["estimate"] == pytest.approx(-np.log(c / d), abs=1e-7)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def _hand(beta, X, y):
    p = expit(X @ beta)
    info = X.T @ ((p * (1 - p))[:, None] * X)
    return -(y @ log_expit(X @ beta) + (1 - y) @ log_expit(-X @ beta) + 0.5 * np.linalg.slogdet(info)[1])


def _separated(n=40):
    rng = np.random.default_rng(11)
    x, z = rng.standard_normal(n) * 4 + 30, rng.standard_normal(n)
    y = (x + 0.3 * z > 30.5).astype(int)
    return pd.DataFrame({"y": y, "x": x, "z": z})


def test_separated_data_against_a_hand_written_likelihood():
    frame = _separated()
    spec = ModelSpec("y", ("x", "z"), kind="ordinal")
    with pytest.raises(ModelError, match="fit_firth"):
        fit(frame, spec)
    found = fit_firth(frame, spec)
    X = np.column_stack([np.ones(len(frame)), frame["x"] - 30, frame["z"]])
    y = frame["y"].to_numpy(float)
    best = minimize(_hand, np.zeros(3), (X, y), method="BFGS", options={"gtol": 1e-8})
    assert found.estimate[1:] == pytest.approx(best.x[1:], rel=1e-4)
    assert -found.estimate[0] == pytest.approx(best.x[0] - 30 * best.x[1], rel=1e-4)

    def profile(value):
        inner = minimize(lambda b: _hand(np.array([b[0], value, b[1]]), X, y), best.x[[0, 2]], method="BFGS")
        return 2 * (inner.fun - best.fun) - 3.841458821

    row = found.term("x")
    assert row["ci_low"] == pytest.approx(brentq(profile, 0.0, best.x[1]), rel=1e-3)
    assert row["ci_high"] == pytest.approx(brentq(profile, best.x[1], 8.0), rel=1e-3)
    assert row["p_value"] < 0.001
    assert found.diagnostics().set_index("name").loc["events_per_term", "verdict"] == "warning"


def test_large_data_agree_with_maximum_likelihood():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.standard_normal(20_000)})
    frame["y"] = (rng.uniform(size=20_000) < expit(0.5 * frame["x"] - 1)).astype(int)
    ml, penalised = fit(frame, SPEC), fit_firth(frame, SPEC)
    assert penalised.estimate == pytest.approx(ml.estimate, abs=1e-3)
    assert penalised.tidy()["ci_low"].to_numpy() == pytest.approx(ml.tidy()["ci_low"].to_numpy(), abs=2e-3)
    effects = penalised.effects()
    assert effects["estimate"].to_numpy() == pytest.approx(ml.effects()["estimate"].to_numpy(), abs=1e-3)


def test_weights_count_as_rows_and_events_keep_their_total():
    frame = _table(4, 9, 1, 30)
    whole = frame.loc[np.repeat(frame.index, frame["w"])]
    one, two = (
        fit_firth(frame.loc[[0, 0, 1, 2, 3]].assign(w=[2, 2, 9, 1, 30]), SPEC.replace(weights="w")),
        fit_firth(whole, SPEC),
    )
    assert one.term("x")["estimate"] == pytest.approx(two.term("x")["estimate"], abs=1e-8)
    assert one.term("x")["ci_high"] == pytest.approx(two.term("x")["ci_high"], abs=1e-6)
    assert two.glance()["events"] == 5.0
    assert two.predict(whole).shape == (44, 2)


def test_bad_input():
    frame = _separated()
    with pytest.raises(ModelError, match="dua kategori"):
        fit_firth(frame.assign(y=np.arange(40) % 3), SPEC)
    with pytest.raises(ModelError, match="tanpa cluster"):
        fit_firth(frame, SPEC.replace(cluster="z"))
    with pytest.raises(ModelError, match="satu nilai"):
        fit_firth(frame.assign(y=1), SPEC)
