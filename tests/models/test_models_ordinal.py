"""Ordered models: estimates, robust errors, marginal effects by finite differences, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, ndtr

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, cross_check, fit
from kinerja_lib.models.cumulative import CategoryBlocks, combine
from kinerja_lib.models.cumulative_fit import fit_blocks, fit_sums
from kinerja_lib.models.design import build_design
from kinerja_lib.models.ordinal import row_scores


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(4)
    n = 1500
    table = pd.DataFrame({"x": rng.normal(size=n), "z": rng.normal(size=n), "unit": rng.integers(0, 25, n)})
    table["kota"] = rng.choice(["A", "B", "C"], n)
    table["w"] = rng.integers(1, 4, n).astype(float)
    latent = 0.8 * table["x"] + 0.4 * table["x"] * table["z"] + 0.5 * (table["kota"] == "B")
    latent += rng.logistic(size=n)
    levels = np.array(["Butuh Perbaikan", "Baik", "Sangat Baik"])
    table["predikat"] = levels[np.searchsorted([-1.0, 1.5], latent)]
    return table


SPEC = ModelSpec("predikat", ("x", "kota"), ("z", "x:z"), kind="ordinal")


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_second_engine_agrees(frame, link):
    table = cross_check(SPEC.replace(link=link), frame)
    assert table["difference"].abs().max() < 1e-6
    assert table["se_relative"].max() < 1e-4


def test_weights_count_rows(frame):
    weighted = fit(frame, SPEC.replace(weights="w"))
    repeated = fit(frame.loc[frame.index.repeat(frame["w"].astype(int))], SPEC)
    np.testing.assert_allclose(weighted.estimate, repeated.estimate, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(weighted.cov, repeated.cov, rtol=1e-6, atol=1e-10)
    spec = SPEC.replace(cluster="unit")
    weighted = fit(frame, spec.replace(weights="w"))
    repeated = fit(frame.loc[frame.index.repeat(frame["w"].astype(int))], spec)
    assert weighted.glance()["errors"] == "CR2"
    np.testing.assert_allclose(weighted.std_error, repeated.std_error, rtol=1e-6)
    np.testing.assert_allclose(weighted.df, repeated.df, rtol=1e-6)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_row_scores_add_up_to_nothing_and_match_differences(frame, link):
    design = build_design(frame, SPEC, intercept=False, outcome="levels")
    found = fit_blocks(CategoryBlocks.from_arrays(design.X, design.y, 3), link)
    scores = row_scores(found, design, link)
    assert np.abs(scores.sum(axis=0)).max() < 1e-5
    clustered = fit(frame, SPEC.replace(cluster="unit", errors="CR1", link=link))
    S = pd.DataFrame(scores).groupby(frame["unit"]).sum().to_numpy()
    expected = 25 / 24 * found.covariance @ S.T @ S @ found.covariance
    np.testing.assert_allclose(clustered.cov, expected, rtol=1e-8)
    assert set(clustered.df) == {24.0}
    assert fit(frame, SPEC.replace(errors="HC1", link=link)).glance()["errors"] == "HC1"
    two_way = fit(frame, SPEC.replace(cluster=("unit", "kota"), link=link))
    assert two_way.glance()["n_groups"] == 3


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_marginal_effects_are_derivatives_of_average_predictions(frame, link):
    result = fit(frame, SPEC.replace(link=link))
    effects = result.effects().set_index(["term", "level"])
    h = 1e-5
    for name in ("x", "z"):
        high, low = (result.predict(frame.assign(**{name: frame[name] + s * h})).mean() for s in (1, -1))
        for level in result.levels:
            expected = (high[level] - low[level]) / (2 * h)
            assert effects.at[(name, level), "estimate"] == pytest.approx(expected, rel=1e-5, abs=1e-9)
    change = result.predict(frame.assign(kota="B")).mean() - result.predict(frame.assign(kota="A")).mean()
    for level in result.levels:
        assert effects.at[("kota[B]", level), "estimate"] == pytest.approx(change[level], abs=1e-9)
    at_least = effects.at[("x", ">=Baik"), "estimate"]
    assert at_least == pytest.approx(-effects.at[("x", "Butuh Perbaikan"), "estimate"])


def test_delta_method_errors_by_numerical_gradient(frame):
    result = fit(frame, SPEC)
    effects = result.effects().set_index(["term", "level"])

    def average(parameters):
        moved = FitResult(
            spec=result.spec, terms=result.terms, estimate=parameters, cov=result.cov, numbers={},
            encoding=result.encoding, levels=result.levels,
        )  # fmt: skip
        return (
            moved.predict(frame.assign(kota="B"))["Baik"].mean()
            - moved.predict(frame.assign(kota="A"))["Baik"].mean()
        )

    eye = np.eye(len(result.estimate)) * 1e-5
    g = np.array([(average(result.estimate + d) - average(result.estimate - d)) / 2e-5 for d in eye])
    assert effects.at[("kota[B]", "Baik"), "std_error"] == pytest.approx(
        np.sqrt(g @ result.cov @ g), rel=1e-4
    )


def test_probabilities_and_json(frame):
    result = fit(frame, SPEC)
    predicted = result.predict(frame)
    np.testing.assert_allclose(predicted.sum(axis=1), 1.0)
    assert predicted.mean().to_numpy() == pytest.approx(
        frame["predikat"].value_counts(normalize=True)[list(result.levels)].to_numpy(), abs=0.005
    )
    copy = FitResult.from_json(result.to_json())
    pd.testing.assert_frame_equal(copy.predict(frame), predicted)
    pd.testing.assert_frame_equal(copy.effects(), result.effects())
    assert result.predict(frame.head(1).assign(x=np.nan)).isna().all(axis=None)


def test_chunks_of_rows_add_up(frame):
    design = build_design(frame, SPEC, intercept=False, outcome="levels")
    whole = CategoryBlocks.from_arrays(design.X, design.y, 3)
    parts = [
        CategoryBlocks.from_arrays(design.X[k::4], design.y[k::4], 3, center=whole.center, scale=whole.scale)
        for k in range(4)
    ]
    found = fit_sums(
        lambda t, b: combine([p.sums(t, b) for p in parts]), whole.counts, whole.center, whole.scale
    )
    np.testing.assert_allclose(found.parameters, fit_blocks(whole).parameters, rtol=1e-9)
    once = CategoryBlocks.from_chunks(
        [(design.X[:700], design.y[:700], None), (design.X[700:], design.y[700:], None)], 3
    )
    np.testing.assert_allclose(fit_blocks(once).parameters, found.parameters, rtol=1e-7)
    with pytest.raises(ValueError, match="chunk"):
        CategoryBlocks.from_chunks([], 3)


def test_a_large_fit_starts_from_a_sample_of_itself():
    rng = np.random.default_rng(1)
    n = 320_000
    table = pd.DataFrame({"x": rng.normal(size=n)})
    table["o"] = np.searchsorted([-1.0, 1.0], 0.5 * table["x"] + rng.logistic(size=n))
    result = fit(table, ModelSpec("o", ("x",), kind="ordinal"))
    assert result.term("x")["estimate"] == pytest.approx(0.5, abs=0.02)
    assert result.glance()["converged"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_perfect_separation_names_the_column(frame, lang):
    table = frame.assign(jelas=(frame["predikat"] == "Sangat Baik") * 1.0)
    with pytest.raises(ModelError, match="jelas"):
        fit(table, SPEC.replace(controls=("jelas",)), lang=lang)
    table = frame.assign(
        jelas=frame["predikat"].map({"Butuh Perbaikan": 0.0, "Baik": 1.0, "Sangat Baik": 2.0})
    )
    with pytest.raises(ModelError, match="jelas"):
        fit(table, SPEC.replace(controls=("jelas",)), lang=lang)


def test_unused_and_thin_levels_are_flagged(frame):
    checks = fit(frame, SPEC).diagnostics("en").set_index("name")
    assert checks.at["unused_levels", "verdict"] == "warning"
    assert "Sangat Kurang" in checks.at["unused_levels", "meaning"]
    rare = frame.assign(predikat=frame["predikat"].where(frame.index > 2, "Sangat Kurang"))
    assert fit(rare, SPEC).diagnostics().set_index("name").at["thin_level", "verdict"] == "warning"
    with pytest.raises(ModelError, match="predikat"):
        fit(frame.assign(predikat="Baik"), SPEC)


def test_one_cluster_and_a_kind_that_is_absent_are_errors_that_say_what_to_do() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=300)
    frame = pd.DataFrame({"x": x, "y": np.digitize(x + rng.logistic(size=300), [-1, 1]), "g": "a"})
    with pytest.raises(ModelError, match="satu nilai"):
        fit(frame, ModelSpec(outcome="y", exposures=("x",), kind="ordinal", cluster="g"))


def test_a_steep_slope_is_no_separation() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=3000)
    y = np.digitize(10 * x + rng.logistic(size=3000), [-6, 6])
    result = fit(pd.DataFrame({"x": x, "y": y}), ModelSpec(outcome="y", exposures=("x",), kind="ordinal"))
    low, high = result.term("x")[["ci_low", "ci_high"]]
    assert low < 10 < high


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_cr2_of_scores_is_the_dense_formula(frame, link):
    """Bell-McCaffrey with working weights, written out with the K - 1 indicators of each row."""
    table = frame.iloc[:240].assign(unit=frame["unit"].iloc[:240] % 6)
    spec = ModelSpec("predikat", ("x", "z"), kind="ordinal", cluster="unit", link=link)
    result = fit(table, spec)
    assert result.glance()["errors"] == "CR2"
    design = build_design(table, spec, intercept=False, outcome="levels")
    found = fit_blocks(CategoryBlocks.from_arrays(design.X, design.y, 3), link)
    F = expit if link == "logit" else ndtr
    blocks, residuals = [], []
    for x, y in zip(design.X, design.y, strict=True):

        def below(parameters, x=x):
            return F(parameters[:2] - x @ parameters[2:])

        h = 1e-6 * np.eye(4)
        D = np.column_stack([(below(found.parameters + d) - below(found.parameters - d)) / 2e-6 for d in h])
        g = below(found.parameters)
        V = np.minimum.outer(g, g) - np.outer(g, g)  # of the cumulative indicators 1{y <= k}
        root = np.linalg.inv(np.linalg.cholesky(V))
        blocks.append(root @ D)
        residuals.append(root @ ((y <= np.arange(2)) - g))
    D, e = np.vstack(blocks), np.concatenate(residuals)
    units = np.repeat(table["unit"].to_numpy(), 2)
    H = D @ np.linalg.solve(D.T @ D, D.T)
    meat, pieces = np.zeros((4, 4)), []
    for u in range(6):
        own = np.flatnonzero(units == u)
        values, vectors = np.linalg.eigh(np.eye(len(own)) - H[np.ix_(own, own)])
        A = (vectors / np.sqrt(values)) @ vectors.T
        s = D[own].T @ A @ e[own]
        meat += np.outer(s, s)
        pieces.append((np.eye(len(e)) - H)[:, own] @ A @ D[own] @ found.covariance)
    np.testing.assert_allclose(result.cov, found.covariance @ meat @ found.covariance, rtol=1e-5)
    for j in range(4):
        P = np.column_stack([piece[:, j] for piece in pieces])
        values = np.linalg.eigvalsh(P.T @ P)
        assert result.df[j] == pytest.approx(values.sum() ** 2 / (values**2).sum(), rel=1e-5)
    effects = result.effects().set_index(["term", "level"])
    assert effects.at[("x", ">=Baik"), "df"] < 5


def test_separation_in_which_several_directions_are_flat(frame):
    """A column that equals the top level leaves its slope and the top threshold free to run off together."""
    table = frame.assign(jelas=(frame["predikat"] == "Sangat Baik") * 1.0)
    for kept in (300, 900, 1500):
        with pytest.raises(ModelError, match="jelas"):
            fit(table.iloc[:kept], ModelSpec("predikat", ("x",), ("jelas",), kind="ordinal"))
