"""Mixed models: against the dense likelihood, crossed factors, boundaries, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(9)
    n = 400
    table = pd.DataFrame(
        {"unit": rng.integers(0, 20, n), "penilai": rng.integers(0, 15, n), "x": rng.normal(2000, 5, n)}
    )
    table["z"] = rng.normal(size=n)
    table["y"] = 0.2 * table["x"] + rng.normal(size=20)[table["unit"]] + rng.normal(size=n)
    table["y"] += 0.7 * rng.normal(size=15)[table["penilai"]]
    table["y"] += 0.5 * rng.normal(size=20)[table["unit"]] * table["z"]
    return table


SPEC = ModelSpec("y", ("x",), ("z",), kind="multilevel", groups=("unit",))


def _deviance(X, y, V, reml):
    """-2 log-likelihood (REML as lme4 states it) from the dense covariance."""
    inverse = np.linalg.inv(V)
    A = X.T @ inverse @ X
    e = y - X @ np.linalg.solve(A, X.T @ inverse @ y)
    free = len(y) - (X.shape[1] if reml else 0)
    deviance = np.linalg.slogdet(V)[1] + e @ inverse @ e + free * np.log(2 * np.pi)
    return deviance + (np.linalg.slogdet(A)[1] if reml else 0.0)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("design", ["intercept", "slope", "crossed"])
def test_criterion_is_the_dense_deviance_and_the_minimum(frame, reml, design):
    spec = SPEC.replace(reml=reml)
    if design == "slope":
        spec = spec.replace(slopes={"unit": ("z",)})
    if design == "crossed":
        spec = spec.replace(groups=("penilai", "unit"))
    result = fit(frame, spec)
    v = result.variances()["variance"].to_numpy()
    unit = pd.get_dummies(frame["unit"]).to_numpy(float)
    if design == "slope":
        corr = result.variances()["corr"].iloc[1]
        D = np.diag(v[:2]) + np.sqrt(v[0] * v[1]) * corr * np.array([[0, 1], [1, 0]])
        Z = np.stack([unit, unit * frame[["z"]].to_numpy()])
        V = sum(D[a, b] * Z[a] @ Z[b].T for a in range(2) for b in range(2))
    elif design == "crossed":
        rater = pd.get_dummies(frame["penilai"]).to_numpy(float)
        V = v[0] * rater @ rater.T + v[1] * unit @ unit.T
    else:
        V = v[0] * unit @ unit.T
    V = V + v[-1] * np.eye(len(frame))
    X = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])
    y = frame["y"].to_numpy()
    dense = _deviance(X, y, V, reml)
    assert result.glance()["criterion"] == pytest.approx(dense, abs=1e-4)
    for factor in (0.97, 1.03):
        assert _deviance(X, y, V + (factor - 1) * v[-1] * np.eye(len(y)), reml) > dense - 1e-6
    inverse = np.linalg.inv(V)
    cov = np.linalg.inv(X.T @ inverse @ X)
    np.testing.assert_allclose(result.estimate[1:], (cov @ X.T @ inverse @ y)[1:], rtol=1e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(cov)), result.std_error, rtol=1e-4)


def test_glance_json_and_predict(frame):
    result = fit(frame, SPEC)
    glance = result.glance()
    assert glance["n_groups"] == 20
    assert 0 < glance["icc"] < 1
    assert np.isnan(fit(frame, SPEC.replace(slopes={"unit": ("z",)})).glance()["icc"])
    copy = FitResult.from_json(result.to_json())
    pd.testing.assert_frame_equal(copy.variances(), result.variances())
    assert result.predict(frame).mean() == pytest.approx(frame["y"].mean(), abs=0.3)


def test_a_zero_variance_is_said(frame):
    rng = np.random.default_rng(2)
    noise = rng.normal(size=400)
    noise -= pd.Series(noise).groupby(frame["unit"].to_numpy()).transform("mean").to_numpy()
    result = fit(frame.assign(y=noise), SPEC)
    assert result.glance()["singular"]
    checks = result.diagnostics("en").set_index("name")
    assert checks.at["boundary_variance", "verdict"] == "warning"
    assert result.variances()["variance"].iloc[0] == 0.0
    few = fit(frame.assign(unit=frame["unit"] % 3), SPEC).diagnostics().set_index("name")
    assert few.at["groups", "verdict"] == "fail"


def test_refusals(frame):
    with pytest.raises(ModelError, match="weights"):
        fit(frame.assign(w=1.0), SPEC.replace(weights="w"), lang="en")
    with pytest.raises(ModelError, match="levels"):
        fit(frame.assign(unit=1), SPEC, lang="en")
    with pytest.raises(ModelError, match="rows"):
        fit(frame.assign(unit=np.arange(400)), SPEC, lang="en")
    with pytest.raises(ModelError, match="random slope"):
        fit(frame, SPEC.replace(controls=(), slopes={"unit": ("z",)}), lang="en")
