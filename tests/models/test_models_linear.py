"""Linear kinds: covariances against dense formulas, the bootstrap by enumeration, absorbed effects, 2SLS."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    n = 400
    table = pd.DataFrame(
        {
            "f": rng.integers(0, 30, n),
            "t": rng.integers(0, 6, n),
            "x": rng.normal(size=n),
            "z": rng.normal(size=n),
            "w": rng.uniform(0.5, 2, n),
        }
    )
    table["s"] = table["f"] // 3
    table["x"] += table["f"] / 20
    table["q"] = 0.7 * table["x"] + rng.normal(size=n)
    table["q2"] = 0.4 * table["x"] + rng.normal(size=n)
    table["y"] = table["x"] + table["z"] / 2 + table["f"] / 10 + table["t"] / 3 + rng.normal(size=n)
    return table


def _dense(X, y, g, w=None):
    """Coefficients, CR2 covariance and Satterthwaite df from n x n matrices (Pustejovsky & Tipton 2018)."""
    n = len(y)
    W = np.eye(n) if w is None else np.diag(w)
    M = np.linalg.pinv(X.T @ W @ X)
    H = X @ M @ X.T @ W
    residual = np.eye(n) - H
    e = residual @ y
    meat, P = np.zeros((X.shape[1],) * 2), []
    for j in np.unique(g):
        own = g == j
        B = residual[own] @ residual[own].T
        value, U = np.linalg.eigh(B)
        A = (U * np.where(value > 1e-10, 1 / np.sqrt(np.where(value > 1e-10, value, 1)), 0)) @ U.T
        WX = W[np.ix_(own, own)] @ X[own]
        score = WX.T @ A @ e[own]
        meat += np.outer(score, score)
        P.append(residual[own].T @ A @ WX @ M)
    df = []
    for c in range(X.shape[1]):
        G = np.array([block[:, c] for block in P])
        G = G @ G.T
        df.append(np.trace(G) ** 2 / (G**2).sum())
    return M @ X.T @ W @ y, M @ meat @ M, np.array(df)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("by", ["s", "f", "t"])
def test_cr2_and_satterthwaite_against_dense_matrices(frame, weights, by):
    result = fit(frame, ModelSpec("y", ("x", "z"), cluster=by, weights=weights))
    X = np.column_stack([np.ones(len(frame)), frame[["x", "z"]]])
    w = None if weights is None else frame["w"].to_numpy()
    beta, cov, df = _dense(X, frame["y"].to_numpy(), frame[by].to_numpy(), w)
    np.testing.assert_allclose(result.estimate, beta, rtol=1e-9)
    np.testing.assert_allclose(result.cov, cov, rtol=1e-8)
    np.testing.assert_allclose(result.df, df, rtol=1e-8)


@pytest.mark.parametrize(
    ("effects", "by"), [(("f",), "s"), (("f", "t"), "f"), (("f", "t"), "s"), (("t",), "f")]
)
def test_cr2_of_fixed_effects_is_that_of_the_dummies(frame, effects, by):
    result = fit(frame, ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=effects, cluster=by))
    dummies = [pd.get_dummies(frame[name]).to_numpy(float)[:, int(k > 0) :] for k, name in enumerate(effects)]
    X = np.column_stack([frame[["x", "z"]], *dummies])
    beta, cov, df = _dense(X, frame["y"].to_numpy(), frame[by].to_numpy())
    np.testing.assert_allclose(result.estimate, beta[:2], rtol=1e-9)
    np.testing.assert_allclose(result.cov, cov[:2, :2], rtol=1e-7)
    np.testing.assert_allclose(result.df, df[:2], rtol=1e-7)
    assert result.glance()["errors"] == "CR2"


def test_mortality_style_specification_is_the_same_by_dummies_and_absorbed(frame):
    """State and year effects, clustered by state: as columns of a linear model or absorbed."""
    columns = fit(frame, ModelSpec("y", ("x", "z"), ("C(f)", "C(t)"), cluster="f"))
    absorbed = fit(frame, ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=("f", "t"), cluster="f"))
    for name in ("x", "z"):
        a, b = columns.term(name), absorbed.term(name)
        for what in ("estimate", "std_error", "df"):
            assert a[what] == pytest.approx(b[what], rel=1e-7)


def test_hc1_and_cr1_against_their_formulas(frame):
    X = np.column_stack([np.ones(len(frame)), frame["x"]])
    n, p = X.shape
    M = np.linalg.inv(X.T @ X)
    e = frame["y"].to_numpy() - X @ (M @ X.T @ frame["y"].to_numpy())
    white = n / (n - p) * M @ (X.T @ ((e**2)[:, None] * X)) @ M
    np.testing.assert_allclose(fit(frame, ModelSpec("y", ("x",), errors="HC1")).cov, white, rtol=1e-9)
    S = pd.DataFrame(X * e[:, None]).groupby(frame["s"]).sum().to_numpy()
    G = len(S)
    clustered = G / (G - 1) * (n - 1) / (n - p) * M @ S.T @ S @ M
    result = fit(frame, ModelSpec("y", ("x",), cluster="s", errors="CR1"))
    np.testing.assert_allclose(result.cov, clustered, rtol=1e-9)
    assert set(result.df) == {G - 1}


def test_wild_bootstrap_enumerates_all_signs(frame):
    """Against a plain loop over 2^6 sign vectors, the null imposed."""
    result = fit(frame, ModelSpec("y", ("x",), ("z",), cluster="t", errors="wild"))
    X = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])
    y, g = frame["y"].to_numpy() - 0.55 * frame["z"].to_numpy(), frame["t"].to_numpy()
    shifted = fit(frame.assign(y2=y), ModelSpec("y2", ("x",), ("z",), cluster="t", errors="wild"))

    def t_value(outcome):
        M = np.linalg.inv(X.T @ X)
        b = M @ X.T @ outcome
        e = outcome - X @ b
        scores = np.array([X[g == j].T @ e[g == j] for j in range(6)]) @ M[2]
        return b[2] / np.sqrt((scores**2).sum())

    R = X[:, :2]
    fitted = R @ np.linalg.lstsq(R, y, rcond=None)[0]
    draws = [t_value(fitted + (y - fitted) * np.array(s)[g]) for s in itertools.product([-1, 1], repeat=6)]
    p = np.mean(np.abs(draws) >= abs(t_value(y)) - 1e-10)
    assert shifted.term("z")["p_value"] == pytest.approx(p, abs=1e-12)
    assert result.glance()["errors"] == "wild (exact)"
    row = result.term("x")
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_wild_bootstrap_is_simulated_with_a_fixed_seed_beyond_twelve_clusters(frame):
    spec = ModelSpec("y", ("z",), cluster="f", errors="wild", weights="w")
    first, second = fit(frame, spec), fit(frame, spec)
    assert "9999" in first.glance()["errors"]
    pd.testing.assert_frame_equal(first.tidy(), second.tidy())
    normal = fit(frame, spec.replace(errors="CR1")).term("z")
    assert first.term("z")["ci_low"] == pytest.approx(normal["ci_low"], abs=0.3 * normal["std_error"])


def test_an_interval_that_no_sign_vector_can_close_is_infinite():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"y": rng.normal(size=20), "x": rng.normal(size=20), "u": np.arange(20) // 5})
    row = fit(table, ModelSpec("y", ("x",), cluster="u", errors="wild")).term("x")
    assert np.isinf(row["ci_high"])
    assert row["p_value"] >= 2 / 16


def test_two_way_errors_by_inclusion_and_exclusion(frame):
    both = fit(frame, ModelSpec("y", ("x",), cluster=("s", "t"))).cov
    pair = frame.assign(st=frame["s"] * 10 + frame["t"])
    parts = [fit(pair, ModelSpec("y", ("x",), cluster=c, errors="CR1")).cov for c in ("s", "t", "st")]
    np.testing.assert_allclose(both, parts[0] + parts[1] - parts[2], rtol=1e-9)
    with pytest.raises(ModelError, match="CR1"):
        fit(frame, ModelSpec("y", ("x",), cluster=("s", "t"), errors="wild"))
    with pytest.raises(ModelError, match="CR1"):
        spec = ModelSpec("y", ("x",), kind="fixed_effects", effects=("s",), cluster=("s", "t"), errors="CR2")
        fit(frame, spec)
    two = fit(frame, ModelSpec("y", ("x",), cluster=("s", "t"), errors="CR2"))
    ones = [fit(pair, ModelSpec("y", ("x",), cluster=c)) for c in ("s", "t", "st")]
    np.testing.assert_allclose(two.cov, ones[0].cov + ones[1].cov - ones[2].cov, rtol=1e-9)
    np.testing.assert_allclose(two.df, np.minimum(ones[0].df, ones[1].df), rtol=1e-9)


def _dummy_fit(frame, effects, weights=None):
    X = np.column_stack(
        [frame[["x", "z"]], *(pd.get_dummies(frame[name]).to_numpy(float)[:, 1:] for name in effects),
         np.ones(len(frame))]
    )  # fmt: skip
    w = np.sqrt(frame[weights].to_numpy()) if weights else np.ones(len(frame))
    return np.linalg.lstsq(X * w[:, None], frame["y"] * w, rcond=None)[0][:2]


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("effects", [("f",), ("f", "t"), ("f", "t", "s")])
def test_absorbed_effects_equal_dummies(frame, effects, weights):
    result = fit(frame, ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=effects, weights=weights))
    np.testing.assert_allclose(result.estimate, _dummy_fit(frame, effects, weights), rtol=1e-9)


def test_large_second_effects_are_solved_by_conjugate_gradients(frame, monkeypatch):
    from kinerja_lib.models import absorb

    direct = fit(frame, ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=("f", "t")))
    monkeypatch.setattr(absorb, "_DIRECT", 1)
    iterated = fit(frame, ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=("f", "t")))
    np.testing.assert_allclose(iterated.estimate, direct.estimate, rtol=1e-10)


def test_absorbed_degrees_of_freedom_count_components():
    """Two islands that share no period: one dummy more is redundant."""
    table = pd.DataFrame(
        {
            "u": [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
            "t": [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5],
            "x": np.random.default_rng(0).normal(size=12),
        }
    ).assign(y=lambda f: f["x"] + f["u"] + np.random.default_rng(1).normal(size=12))
    result = fit(table, ModelSpec("y", ("x",), kind="fixed_effects", effects=("u", "t")))
    assert result.glance()["df"] == 12 - 1 - (4 + 6 - 2)


def test_absorbed_columns(frame):
    frame = frame.assign(konstan=frame["f"] * 2.0)
    spec = ModelSpec("y", ("x",), ("konstan",), kind="fixed_effects", effects=("f",))
    result = fit(frame, spec)
    assert result.terms == ("x",)
    assert "absorbed: konstan" in set(result.diagnostics()["name"])
    with pytest.raises(ModelError, match="konstan"):
        fit(frame, ModelSpec("y", ("konstan",), kind="fixed_effects", effects=("f",)))


def test_singletons_are_kept_and_reported(frame):
    extra = pd.concat([frame, frame.head(1).assign(f=99)], ignore_index=True)
    spec = ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=("f",))
    a, b = fit(frame, spec), fit(extra, spec)
    assert b.glance()["n_singletons"] == 1
    np.testing.assert_allclose(a.estimate, b.estimate, rtol=1e-10)
    assert a.glance()["sigma2"] == pytest.approx(b.glance()["sigma2"])


def test_cr2_falls_back_when_there_are_too_many_columns_to_write_out(frame):
    table = frame.assign(k=np.arange(len(frame)) % 200, w=1.0)
    spec = ModelSpec("y", ("x",), kind="fixed_effects", effects=("k",), cluster="s", weights="w")
    result = fit(table, spec)
    assert result.glance()["errors"] == "CR1"
    assert result.diagnostics("en").set_index("name").at["errors", "verdict"] == "warning"


def test_no_degrees_of_freedom_left():
    table = pd.DataFrame({"y": [1.0, 2, 4, 3], "x": [0.0, 1, 5, 2], "u": [0, 0, 1, 1], "t": [0, 1, 0, 1]})
    with pytest.raises(ModelError, match="derajat bebas"):
        fit(table, ModelSpec("y", ("x",), kind="fixed_effects", effects=("u", "t")))


def test_first_differences_by_hand():
    table = pd.DataFrame(
        {
            "u": ["a"] * 3 + ["b"] * 3 + ["c"] * 3,
            "t": ["2024-Q1", "2024-Q2", "2024-Q3"] * 3,
            "x": [0.0, 1.0, 1.0, 2.0, 2.0, 5.0, 1.0, 0.0, 4.0],
            "y": [1.0, 2.5, 3.0, 0.0, 0.5, 3.0, 2.0, 2.0, 5.0],
        }
    ).sample(frac=1.0, random_state=0)
    spec = ModelSpec("y", ("x",), kind="first_difference", unit="u", time="t")
    result = fit(table, spec)
    ordered = table.sort_values(["u", "t"])
    change = ordered.groupby("u")[["x", "y"]].diff().dropna()
    slope, constant = np.polyfit(change["x"], change["y"], 1)
    assert result.term("x")["estimate"] == pytest.approx(slope)
    assert result.term("Intercept")["estimate"] == pytest.approx(constant)
    assert result.glance()["n"] == 6
    gap = fit(table[~((table["u"] == "a") & (table["t"] == "2024-Q2"))], spec)
    assert (gap.glance()["n"], gap.glance()["n_gaps"]) == (4, 1)
    with pytest.raises(ModelError, match="lebih dari sekali"):
        fit(pd.concat([table, table.head(1)]), spec)
    with pytest.raises(ModelError, match="berurutan"):
        first = table[table["t"] == "2024-Q1"]
        fit(pd.concat([first, first.assign(u=first["u"] + "2")]), spec)
    with pytest.raises(ModelError, match="kosong"):
        fit(table.assign(t=table["t"].where(table["u"] != "a")), spec)
    with pytest.raises(ModelError, match="prediksi"):
        result.predict(table)


def test_first_differences_weighted_clustered_with_ordered_periods(frame):
    table = frame.drop_duplicates(["f", "t"])
    table = table.assign(t=pd.Categorical(table["t"], range(6), ordered=True))
    spec = ModelSpec("y", ("x",), kind="first_difference", unit="f", time="t", cluster="s", weights="w")
    result = fit(table, spec)
    assert result.glance()["errors"] == "CR2"
    assert result.glance()["n_groups"] <= 10


def test_two_stage_least_squares_by_hand(frame):
    result = fit(frame, ModelSpec("y", ("x",), ("z",), kind="iv", instruments=("q", "q2")))
    X = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])
    Z = np.column_stack([np.ones(len(frame)), frame["z"], frame["q"], frame["q2"]])
    hat = Z @ np.linalg.lstsq(Z, X, rcond=None)[0]
    beta = np.linalg.solve(hat.T @ X, hat.T @ frame["y"])
    np.testing.assert_allclose(result.estimate, beta, rtol=1e-9)
    e = frame["y"] - X @ beta
    cov = (e @ e) / (len(frame) - 3) * np.linalg.inv(hat.T @ hat)
    np.testing.assert_allclose(result.cov, cov, rtol=1e-9)
    u = e - Z @ np.linalg.lstsq(Z, e, rcond=None)[0]
    assert result.glance()["overid_statistic"] == pytest.approx(len(e) * (1 - (u @ u) / (e @ e)))
    assert result.table("first_stage")["term"].tolist() == ["q", "q2"]


def test_anderson_rubin_interval_is_the_set_of_values_not_rejected(frame):
    from scipy import stats

    glance = fit(frame, ModelSpec("y", ("x",), kind="iv", instruments=("q",))).glance()
    for end in (glance["ar_low"], glance["ar_high"]):
        test = fit(frame.assign(r=frame["y"] - end * frame["x"]), ModelSpec("r", ("q",))).term("q")
        assert test["p_value"] == pytest.approx(0.05, rel=1e-6)
    reduced = fit(frame, ModelSpec("y", ("q",))).term("q")
    assert glance["ar_p_value"] == pytest.approx(reduced["p_value"], rel=1e-9)
    assert glance["effective_f"] == pytest.approx(
        fit(frame, ModelSpec("x", ("q",))).term("q")["statistic"] ** 2
    )
    assert glance["effective_f_critical"] == pytest.approx(
        (np.sqrt(10) + stats.norm.ppf(0.95)) ** 2, rel=1e-3
    )


def test_a_useless_instrument_gives_an_unbounded_interval(frame):
    noise = frame.assign(q=np.random.default_rng(5).normal(size=len(frame)))
    result = fit(noise, ModelSpec("y", ("x",), kind="iv", instruments=("q",)))
    assert result.glance()["ar_shape"] in ("unbounded", "two rays")
    assert result.diagnostics().set_index("name").at["weak_instrument", "verdict"] == "fail"


def test_iv_with_effects_equals_iv_with_dummies(frame):
    absorbed = fit(frame, ModelSpec("y", ("x",), ("z",), kind="iv", instruments=("q",), effects=("f",)))
    written = fit(frame, ModelSpec("y", ("x",), ("z", "C(f)"), kind="iv", instruments=("q",)))
    for what in ("estimate", "std_error"):
        assert absorbed.term("x")[what] == pytest.approx(written.term("x")[what], rel=1e-9)
    clustered = fit(
        frame, ModelSpec("y", ("x",), ("z",), kind="iv", instruments=("q",), effects=("f",), cluster="s")
    )
    assert clustered.glance()["errors"] == "CR2"


def test_iv_refuses_what_it_cannot_do(frame):
    table = frame.assign(kota=np.where(frame["t"] < 2, "A", np.where(frame["t"] < 4, "B", "C")))
    with pytest.raises(ModelError, match="endogen"):
        fit(table, ModelSpec("y", ("kota",), kind="iv", instruments=("q",)))
    with pytest.raises(ModelError, match='"z"'):
        fit(table, ModelSpec("y", ("x",), ("z",), kind="iv", instruments=("z",)))


def test_diagnostics_name_value_threshold_verdict_and_sentence(frame):
    rng = np.random.default_rng(0)
    jp = np.where(rng.random(len(frame)) < 0.3, 20, rng.integers(0, 60, len(frame)))
    table = frame.assign(jp=jp, kembar=frame["x"] + 0.01 * rng.normal(size=len(frame)))
    result = fit(table, ModelSpec("y", ("jp", "x"), ("kembar",), cluster="t"))
    for lang, word in (("id", "menumpuk"), ("en", "heap")):
        checks = result.diagnostics(lang).set_index("name")
        assert list(checks) == ["value", "threshold", "verdict", "meaning"]
        assert checks.at["vif: x", "verdict"] == "warning"
        assert checks.at["clusters", "verdict"] == "ok"
        assert checks.at["heaping_20: jp", "verdict"] == "warning"
        assert word in checks.at["heaping_20: jp", "meaning"].lower()
    few = fit(table[table["t"] < 3], ModelSpec("y", ("x",), cluster="t")).diagnostics("en").set_index("name")
    assert few.at["clusters", "verdict"] == "fail"
    assert few.at["df", "verdict"] == "fail"


def test_heaping_has_no_neighbourhood():
    from kinerja_lib.models.diagnostics import heaping

    assert heaping(np.array([20.0, 20.0])) == np.inf
    assert heaping(np.array([100.0])) == 1.0


def test_cr2_with_people_who_moved_is_that_of_all_dummies():
    """200 people, one in six in two of the units; exact: every person's dummy written out."""
    rng = np.random.default_rng(12)
    person = np.repeat(np.arange(200), 6)
    unit = person % 14
    moved = (person % 6 == 0) & (np.tile(np.arange(6), 200) >= 3)
    unit = np.where(moved, (unit + 5) % 14, unit)
    table = pd.DataFrame({"orang": person, "u": unit, "t": np.tile(np.arange(6), 200)})
    table["x"] = rng.normal(size=14)[unit] + rng.normal(size=1200)
    table["y"] = rng.normal(size=200)[person] + rng.normal(size=14)[unit] * table["t"] + rng.normal(size=1200)
    spec = ModelSpec("y", ("x",), kind="fixed_effects", effects=("orang", "t"), cluster="u")
    result = fit(table, spec)
    assert result.glance()["errors"] == "CR2"
    dummies = pd.get_dummies(table["orang"], prefix="o", dtype=float).iloc[:, 1:]
    wide = pd.concat([table, dummies], axis=1)
    exact = fit(wide, ModelSpec("y", ("x",), ("C(t)", *dummies.columns), cluster="u"))
    a, b = result.term("x"), exact.term("x")
    assert a["estimate"] == pytest.approx(b["estimate"], rel=1e-8)
    assert a["std_error"] == pytest.approx(b["std_error"], rel=1e-7)
    assert a["df"] == pytest.approx(b["df"], rel=1e-6)
