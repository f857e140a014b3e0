"""Ordered mixed models: exact gradients, agreement with dense sums and quadrature, recovery, bad input."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit
from kinerja_lib.models.ordinal_multilevel_crossed import CrossedRows
from kinerja_lib.models.ordinal_multilevel_rows import link_rows
from kinerja_lib.models.ordinal_multilevel_single import GroupedRows

SPEC = ModelSpec("y", ("x",), ("z",), kind="ordinal_multilevel", groups=("unit",))


def simulate(seed, n, units, raters, sd=(0.9, 0.6), cuts=(-1.5, 0.3, 1.8)):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": rng.normal(size=n), "z": rng.integers(0, 2, n).astype(float)})
    frame["unit"] = rng.integers(0, units, n)
    frame["rater"] = rng.integers(0, raters, n)
    latent = 0.6 * frame["x"] - 0.4 * frame["z"] + sd[0] * rng.normal(size=units)[frame["unit"]]
    latent += sd[1] * rng.normal(size=raters)[frame["rater"]] + rng.logistic(size=n)
    frame["y"] = np.searchsorted(cuts, latent)
    frame["w"] = rng.integers(1, 4, n).astype(float)
    return frame


@pytest.fixture(scope="module")
def frame():
    return simulate(11, 1500, 40, 15)


def slopes_by_differences(data, point):
    out = []
    for j in range(len(point)):
        step = np.zeros(len(point))
        step[j] = 1e-5
        out.append((data.value(point + step).loglik - data.value(point - step).loglik) / 2e-5)
    return np.array(out)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("nodes", [1, 6])
def test_gradient_of_one_factor(frame, link, nodes):
    Z = frame[["x", "z"]].to_numpy()
    data = GroupedRows.build(
        Z,
        frame["y"].to_numpy(),
        frame["unit"].to_numpy(),
        4,
        40,
        link_rows(link),
        nodes,
        frame["w"].to_numpy(),
    )
    point = np.array([-1.2, 0.1, 1.5, 0.4, -0.2, 0.7])
    assert data.value(point).gradient == pytest.approx(slopes_by_differences(data, point), abs=1e-5)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_gradient_and_value_of_crossed_factors(frame, link):
    Z, y = frame[["x", "z"]].to_numpy(), frame["y"].to_numpy()
    third = (frame["unit"].to_numpy() * 7 + frame["rater"].to_numpy()) % 5
    factors = [(frame["rater"].to_numpy(), 15), (third, 5), (frame["unit"].to_numpy(), 40)]
    data = CrossedRows.build(Z, y, factors, 4, link_rows(link), frame["w"].to_numpy())
    point = np.array([-1.2, 0.1, 1.5, 0.4, -0.2, 0.5, 0.3, 0.7])
    value = data.value(point)
    assert value.gradient == pytest.approx(slopes_by_differences(data, point), abs=1e-5)
    data.value(point)
    # the same by a dense matrix: Z, W and H written out
    modes = dict(zip(data.order, data.modes, strict=True))
    sigma = point[-3:]
    columns = np.hstack([s * (c[:, None] == np.arange(g)) for s, (c, g) in zip(sigma, factors, strict=True)])
    b = np.concatenate([modes[k] for k in range(3)])
    bound = link_rows(link).bind(point[:3], Z @ point[3:5] + columns @ b, y)
    terms = bound.terms(link_rows(link).native(np.zeros(len(y))))
    w = frame["w"].to_numpy()
    H = np.eye(60) + columns.T @ (columns * (-terms.d2 * w)[:, None])
    expected = w @ terms.log_p - 0.5 * b @ b - 0.5 * np.linalg.slogdet(H)[1]
    assert value.loglik == pytest.approx(expected, abs=1e-8)
    assert columns.T @ (terms.d1 * w) == pytest.approx(b, abs=1e-8)


def test_many_nodes_are_the_integral():
    frame = simulate(3, 200, 12, 2, sd=(1.2, 0.0))
    spec = SPEC.replace(controls=(), quadrature=30)
    result = fit(frame, spec)
    theta, beta = result.estimate[:3], result.estimate[3]
    sigma = result.variances()["sd"].iloc[0]
    grid = np.linspace(-9, 9, 4001)
    edges = np.r_[-np.inf, theta, np.inf]
    total = 0.0
    for _, rows in frame.groupby("unit"):
        e = beta * rows["x"].to_numpy()[:, None] + sigma * grid[None, :]
        y = rows["y"].to_numpy()
        P = expit(edges[y + 1][:, None] - e) - expit(edges[y][:, None] - e)
        total += np.log(np.trapezoid(P.prod(axis=0) * np.exp(-0.5 * grid**2), grid) / np.sqrt(2 * np.pi))
    assert result.glance()["loglik"] == pytest.approx(total, abs=1e-6)
    assert result.glance()["method"] == "AGQ(30)"


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_recovers_the_truth_of_crossed_factors(link):
    frame = simulate(5, 12_000, 150, 60)
    result = fit(frame, SPEC.replace(groups=("rater", "unit"), link=link))
    unit = 1.0 if link == "logit" else 1.75  # logit slopes in probit units, about
    tidy = result.tidy().set_index("term")
    assert tidy.at["x", "estimate"] * unit == pytest.approx(0.6, abs=0.06)
    assert tidy.at["z", "estimate"] * unit == pytest.approx(-0.4, abs=0.12)
    sd = result.variances().set_index("component")["sd"] * unit
    assert sd["unit"] == pytest.approx(0.9, abs=0.15)
    assert sd["rater"] == pytest.approx(0.6, abs=0.15)
    table = result.random_effects()
    assert table.groupby("group").size().to_dict() == {"rater": 60, "unit": 150}
    assert table["reliability"].between(0.3, 1.0).all()
    assert set(result.diagnostics()["verdict"]) == {"ok"}


def test_crossed_answer_equals_the_single_one_where_the_second_variance_is_zero():
    rng = np.random.default_rng(8)
    frame = simulate(8, 800, 30, 10, sd=(1.0, 0.0))
    frame["rater"] = rng.permutation(np.arange(800) % 10)
    crossed, single = fit(frame, SPEC.replace(groups=("unit", "rater"))), fit(frame, SPEC)
    if crossed.glance()["singular"]:
        assert crossed.glance()["loglik"] == pytest.approx(single.glance()["loglik"], abs=1e-8)
        np.testing.assert_allclose(crossed.estimate, single.estimate, rtol=1e-5, atol=1e-7)
    assert crossed.glance()["loglik"] >= single.glance()["loglik"] - 1e-7


def test_weights_count_rows_of_the_same_group(frame):
    weighted = fit(frame, SPEC.replace(weights="w"))
    repeated = fit(frame.loc[frame.index.repeat(frame["w"].astype(int))], SPEC)
    np.testing.assert_allclose(weighted.estimate, repeated.estimate, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(weighted.cov, repeated.cov, rtol=1e-3, atol=1e-8)


def test_covariance_is_the_inverse_hessian_variance_included(frame):
    from kinerja_lib.models.ordinal_multilevel_search import information

    result = fit(frame, SPEC)
    data = GroupedRows.build(
        frame[["x", "z"]].to_numpy(),
        frame["y"].to_numpy(),
        frame["unit"].to_numpy(),
        4,
        40,
        link_rows("logit"),
        1,
    )
    point = np.r_[result.estimate, result.variances()["sd"].iloc[0]]
    cov = np.linalg.inv(information(data.value, point, np.ones(len(point))))
    np.testing.assert_allclose(result.std_error, np.sqrt(np.diag(cov))[:-1], rtol=1e-4)
    assert result.variances()["std_error"].iloc[0] == pytest.approx(np.sqrt(cov[-1, -1]), rel=1e-4)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_marginal_effects_are_averaged_over_the_random_effects(frame, link):
    result = fit(frame, SPEC.replace(link=link))
    effects = result.effects().set_index(["term", "level"])
    rng = np.random.default_rng(0)
    shift = rng.normal(size=4000) * result.variances()["sd"].iloc[0]
    shift = np.r_[shift, -shift]
    from scipy.special import ndtr

    F = expit if link == "logit" else ndtr
    theta, beta = result.estimate[:3], result.estimate[3:]
    e = frame[["x", "z"]].to_numpy()[::5] @ beta

    def top(change):
        return np.mean([1.0 - F(theta[2] - e - change - s).mean() for s in shift[::8]])

    slope = (top(1e-4) - top(-1e-4)) / 2e-4 * beta[0]
    assert effects.at[("x", "3"), "estimate"] == pytest.approx(slope, rel=0.05)
    total = effects.loc["x"].loc[["0", "1", "2", "3"], "estimate"].sum()
    assert total == pytest.approx(0.0, abs=1e-10)
    assert (effects["std_error"] > 0).all()


def test_result_keeps_its_shape(frame):
    result = fit(frame, SPEC.replace(quadrature=5))
    assert list(result.terms) == ["0|1", "1|2", "2|3", "x", "z"]
    again = FitResult.from_json(result.to_json())
    assert again.to_json() == result.to_json()
    assert pickle.loads(pickle.dumps(result)).tidy().equals(result.tidy())
    predicted = result.predict(frame)
    assert predicted.shape == (1500, 4)
    assert predicted.sum(axis=1).to_numpy() == pytest.approx(np.ones(1500))
    glance = result.glance()
    assert glance["kind"] == "ordinal_multilevel" and glance["n_groups"] == 40
    assert glance["p_variance"] < 1e-6 and glance["loglik"] > glance["loglik_fixed"] > glance["loglik_null"]
    assert 0.05 < glance["icc"] < 0.4
    shuffled = fit(frame.sample(frac=1.0, random_state=1), SPEC.replace(quadrature=5))
    np.testing.assert_allclose(shuffled.estimate, result.estimate, rtol=1e-6, atol=1e-8)


def test_large_fits_start_from_a_sample_and_arrive_at_the_same_place(monkeypatch):
    import kinerja_lib.models.ordinal_multilevel_kernel as kernel

    frame = simulate(21, 40_000, 400, 2, sd=(0.8, 0.0))
    sampled = fit(frame, SPEC)
    monkeypatch.setattr(kernel, "SAMPLED_ROWS", 10**9)
    monkeypatch.setattr(kernel, "ONE_SIDED_ROWS", 10**9)
    whole = fit(frame, SPEC)
    np.testing.assert_allclose(sampled.estimate, whole.estimate, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sampled.std_error, whole.std_error, rtol=1e-4)
    assert sampled.glance()["loglik"] == pytest.approx(whole.glance()["loglik"], abs=1e-6)


@pytest.mark.parametrize("nodes", [1, 5])
@pytest.mark.parametrize("cluster", ["unit", "agency", "rater"])
def test_clustered_errors_are_sums_of_row_scores(frame, nodes, cluster):
    """CR1 by hand: the gradient without one cluster's rows' share, for groups inside clusters and across them."""
    frame = frame.assign(agency=frame["unit"] // 5)
    spec = SPEC.replace(cluster=cluster, errors="CR1", quadrature=nodes)
    result, model = fit(frame, spec), fit(frame, spec.replace(errors="iid", cluster=None))
    np.testing.assert_allclose(result.estimate, model.estimate)
    assert result.glance()["errors"] == "CR1" and result.glance()["n_clusters"] == frame[cluster].nunique()
    assert result.glance()["n_groups"] == frame[cluster].nunique() and result.glance()["n_effects"] == 40
    assert set(result.df) == {frame[cluster].nunique() - 1.0}
    ratio = result.std_error / model.std_error
    assert ((ratio > 0.4) & (ratio < 1.8)).all()
    if cluster == "agency":  # groups inside clusters: a cluster's score is the gradient of its own likelihood
        order = np.argsort(frame["unit"].to_numpy(), kind="stable")
        sorted_frame = frame.iloc[order]
        point = np.r_[model.estimate, model.variances()["sd"].iloc[0]]
        S = []
        for _, own in sorted_frame.groupby("agency"):
            codes = np.unique(own["unit"], return_inverse=True)[1]
            data = GroupedRows.build(
                own[["x", "z"]].to_numpy(),
                own["y"].to_numpy(),
                codes,
                4,
                codes.max() + 1,
                link_rows("logit"),
                nodes,
            )
            S.append(data.value(point).gradient)
        whole = GroupedRows.build(
            frame[["x", "z"]].to_numpy(), frame["y"].to_numpy(), frame["unit"].to_numpy(), 4, 40,
            link_rows("logit"), nodes,
        )  # fmt: skip
        from kinerja_lib.models.ordinal_multilevel_search import information

        C = np.linalg.inv(information(whole.value, point, np.ones(len(point))))
        S = np.array(S)
        expected = C @ S.T @ S @ C * (8 / 7)
        np.testing.assert_allclose(result.cov, expected[:-1, :-1], rtol=2e-3, atol=1e-6)


def test_cr2_is_close_to_cr1_with_many_clusters_and_wider_with_few(frame):
    level = np.random.default_rng(6).normal(size=40)
    frame = frame.assign(u=level[frame["unit"]])
    spec = SPEC.replace(controls=("u",), cluster="unit")
    result, plain = fit(frame, spec), fit(frame, spec.replace(errors="CR1"))
    assert result.glance()["errors"] == "CR2"
    ratio = (result.std_error / plain.std_error)[3:]
    assert ((ratio > 0.95) & (ratio < 1.25)).all()
    df = result.tidy().set_index("term")["df"]
    assert df["u"] < 39 and df["x"] > df["u"]
    assert (result.effects()["df"] > 1).all()
    assert {"clusters", "df"} <= set(result.diagnostics()["name"])
    several = fit(frame, spec.replace(groups=("unit", "rater")))
    assert several.diagnostics().set_index("name").at["errors", "verdict"] == "warning"
    assert several.glance()["errors"] == "Hessian + t"


def test_laplace_is_held_against_quadrature(frame):
    checks = fit(frame, SPEC).diagnostics().set_index("name")
    assert checks.at["laplace", "verdict"] == "ok"
    rng = np.random.default_rng(4)
    small = pd.DataFrame(
        {"unit": np.arange(4000) // 4, "x": rng.normal(size=4000), "z": rng.normal(size=4000)}
    )
    latent = 0.5 * small["x"] + 2.0 * rng.normal(size=1000)[small["unit"]] + rng.logistic(size=4000)
    small["y"] = (latent > 0).astype(int)
    rough, fine = fit(small, SPEC), fit(small, SPEC.replace(quadrature=9))
    check = rough.diagnostics("en").set_index("name").loc["laplace"]
    assert check["verdict"] == "warning" and "quadrature=9" in check["meaning"]
    change = fine.variances()["sd"].iloc[0] / rough.variances()["sd"].iloc[0] - 1.0
    assert check["value"] == pytest.approx(change, abs=0.3 * change)
    assert "laplace" not in set(fine.diagnostics()["name"])


def test_degrees_of_freedom_between_and_within(frame):
    level = np.random.default_rng(5).normal(size=40)
    frame = frame.assign(u=level[frame["unit"]], v=level[frame["rater"]])
    result = fit(frame, SPEC.replace(controls=("u",)))
    df = result.tidy().set_index("term")["df"]
    assert df["x"] == 1500 - 40 - 2
    assert df["u"] == df["0|1"] == 40 - 1 - 1
    effects = result.effects().set_index("term")["df"]
    assert set(effects["u"]) == {38.0} and set(effects["x"]) == {1458.0}
    crossed = (
        fit(frame, SPEC.replace(controls=("u", "v"), groups=("unit", "rater"))).tidy().set_index("term")["df"]
    )
    assert crossed["u"] == 38 and crossed["v"] == 13 and crossed["x"] == 1500 - 55 - 3
    assert crossed["1|2"] == 13


def test_a_zero_variance_is_found_and_said():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(size=600), "z": rng.normal(size=600), "unit": np.arange(600) % 30})
    frame["y"] = np.searchsorted([-1, 1], 0.5 * frame["x"] + rng.logistic(size=600))
    # rows dealt out so that each unit has nearly the same mix: less spread than chance
    frame = frame.sort_values(["y", "x"]).reset_index(drop=True)
    frame["unit"] = np.arange(600) % 30
    result = fit(frame, SPEC)
    assert result.variances()["variance"].iloc[0] == 0.0
    assert np.isnan(result.variances()["std_error"].iloc[0])
    assert result.glance()["singular"] and result.glance()["p_variance"] == 1.0
    plain = fit(frame, SPEC.replace(kind="ordinal", groups=()))
    np.testing.assert_allclose(result.estimate, plain.estimate, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(result.std_error, plain.std_error, rtol=1e-3)
    checks = result.diagnostics().set_index("name")["verdict"]
    assert checks["boundary_variance"] == "warning" and checks["convergence"] == "ok"
    assert result.random_effects()["estimate"].eq(0).all()


def test_few_groups_fail_the_check(frame):
    small = frame[frame["unit"] < 4]
    checks = fit(small, SPEC).diagnostics("en").set_index("name")
    assert checks.at["groups", "verdict"] == "fail"


def refused(frame, spec, *words, lang="id"):
    with pytest.raises(ModelError) as error:
        fit(frame, spec, lang=lang)
    text = f"{error.value} {error.value.action}"
    for word in words:
        assert word in text, text
    return text


def test_what_is_not_fitted_is_refused(frame):
    refused(frame, SPEC.replace(slopes={"unit": ("x",)}), "slopes", 'kind="multilevel"')
    refused(frame, SPEC.replace(effects=("rater",)), "effects")
    refused(frame, SPEC.replace(cluster=("rater", "unit")), "cluster", "CR2", lang="en")
    refused(frame, SPEC.replace(cluster="rater", errors="wild"), "CR1")
    refused(frame.assign(rater=1), SPEC.replace(cluster="rater"), '"rater"')
    refused(frame, SPEC.replace(groups=("unit", "rater"), quadrature=5), "quadrature=1")
    same = frame.assign(bagian="b" + frame["unit"].astype(str))
    refused(same, SPEC.replace(groups=("unit", "bagian")), '"unit"', '"bagian"')


def test_bad_input_names_the_column(frame):
    refused(frame.assign(y=2), SPEC, '"y"')
    refused(frame.assign(unit=1), SPEC, '"unit"', "1 tingkat")
    refused(frame.assign(unit=np.arange(len(frame))), SPEC, '"unit"', "1500 tingkat")
    refused(frame.assign(x=np.nan), SPEC, "x")
    refused(frame.assign(z=frame["x"] * 2), SPEC, "z")
    refused(frame.assign(x=np.where(frame["y"] >= 2, 1.0, 0.0)), SPEC, "x", "memisahkan")
    refused(frame.assign(y=frame["unit"] // 10), SPEC.replace(controls=()), '"unit"', "tak hingga")
    refused(frame.head(3), SPEC)
    refused(frame.drop(columns="unit"), SPEC, "unit")
    refused(
        frame.assign(y=np.where(frame["y"] > 1, "besar", np.where(frame["y"] > 0, "agak", "kecil"))),
        SPEC,
        "y",
    )


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_column_that_separates_only_one_side_is_named(frame, link):
    rare = (frame["y"] == 0) & (frame["z"] > 0)
    refused(frame.assign(x=rare.astype(float)), SPEC.replace(link=link), "x", "memisahkan")


def test_too_many_levels_hanging_together_are_refused(frame, monkeypatch):
    import kinerja_lib.models.ordinal_multilevel_curvature as curvature

    spec = SPEC.replace(groups=("unit", "rater"))
    monkeypatch.setattr(curvature, "MOST_ENTRIES", 10)
    refused(frame, spec, '"rater"')
    monkeypatch.setattr(curvature, "MOST_ENTRIES", 10**8)
    monkeypatch.setattr(curvature, "MOST_PAIRS", 10)
    refused(frame, spec, '"rater"')


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("kind", ["ordinal", "ordinal_multilevel"])
def test_a_tiny_table_in_which_one_group_never_fails(link, kind):
    y = [1, 1, 1, 1, 1, 1, 1, 1, 0, 0] + [1] * 12
    z = [1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0]
    frame = pd.DataFrame(
        {"y": y, "z": np.array(z, dtype=float), "x": np.sin(np.arange(22.0)), "unit": np.arange(22) % 6}
    )
    groups = ("unit",) if kind == "ordinal_multilevel" else ()
    refused(frame, ModelSpec("y", ("z",), ("x",), kind=kind, groups=groups, link=link), "z", "memisahkan")


def test_a_strong_probit_carries_its_checks():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(size=300), "z": rng.normal(size=300), "unit": np.arange(300) % 30})
    frame.loc[0, "x"] = 12.0
    frame["y"] = np.searchsorted([-2, 2], 3.0 * frame["x"] + rng.normal(size=300))
    result = fit(frame, SPEC.replace(link="probit"))
    assert np.isfinite(result.std_error).all()
    assert {"proportional_odds", "convergence"} <= set(result.diagnostics()["name"])
