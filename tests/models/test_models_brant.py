"""Proportional odds: tested, decided upon, and relaxed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, brant_test, fit_partial_odds
from kinerja_lib.models.brant import brant_checks, thinned
from kinerja_lib.models.design import build_design
from kinerja_lib.models.partial_odds import _Model

SPEC = ModelSpec("y", ("x",), ("z",), kind="ordinal")


def _frame(n: int = 4000, gamma: float = 0.0, seed: int = 3) -> pd.DataFrame:
    """Outcome of three levels; ``gamma`` is added to the slope of x at the second threshold."""
    rng = np.random.default_rng(seed)
    x, z, u = rng.uniform(0, 1, n), rng.standard_normal(n), rng.uniform(0, 1, n)
    above1 = expit(0.8 * x + 0.5 * z + 0.5)
    above2 = expit((0.8 + gamma) * x + 0.5 * z - 1.5)
    y = (u < above1).astype(int) + (u < np.minimum(above1, above2))
    return pd.DataFrame({"y": y, "x": x, "z": z, "unit": rng.integers(0, 40, n)})


def _checks(frame, spec=SPEC):
    design = build_design(frame, spec, intercept=False, outcome="levels")
    found, cuts = brant_checks(design, spec)
    return {check.name: check for check in found}, cuts


def test_verdicts():
    assert _checks(_frame())[0]["proportional_odds"].verdict == "ok"
    uneven = _checks(_frame(gamma=0.7, n=20_000))[0]
    assert uneven["proportional_odds: x"].verdict == "warning"
    assert "rata-rata" in uneven["proportional_odds: x"].meaning_id
    turned, cuts = _checks(_frame(gamma=-2.0, n=20_000))
    assert turned["proportional_odds"].verdict == "fail"
    assert "turns its sign" in turned["proportional_odds: x"].meaning_en
    assert cuts["cut"].tolist() == ["0|1", "0|1", "1|2", "1|2"]


def test_size_under_proportional_odds():
    p = [brant_test(_frame(800, seed=seed), SPEC).table["p_value"][0] for seed in range(200)]
    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.09


def test_probit_cuts():
    rng = np.random.default_rng(7)
    p_values = []
    for _ in range(100):
        x, z = rng.standard_normal((2, 600))
        latent = 0.6 * x + 0.3 * z + rng.standard_normal(600)
        frame = pd.DataFrame({"y": np.digitize(latent, [-0.8, 0.2, 1.2]), "x": x, "z": z})
        p_values.append(brant_test(frame, SPEC.replace(link="probit")).table["p_value"][0])
    assert 0.01 <= np.mean(np.array(p_values) < 0.05) <= 0.11
    assert "proportional_odds: x" in _checks(frame, SPEC.replace(link="probit"))[0]


def test_clusters_use_summed_scores():
    plain = brant_test(_frame(), SPEC)
    own = brant_test(_frame(), SPEC.replace(cluster="unit"))
    assert own.table["chi2"].to_numpy() == pytest.approx(plain.table["chi2"].to_numpy(), rel=0.9)
    assert (own.cuts["estimate"] == plain.cuts["estimate"]).all()
    few = _frame()
    few["unit"] = few["unit"] % 2
    assert np.isnan(brant_test(few, SPEC.replace(cluster="unit")).table["p_value"][0])


def test_weights_count_as_rows():
    frame = _frame(300)
    frame["w"] = np.arange(300) % 3 + 1.0
    repeated = frame.loc[np.repeat(frame.index, frame["w"].astype(int))]
    one = brant_test(frame, SPEC.replace(weights="w")).table
    assert one["chi2"].to_numpy() == pytest.approx(brant_test(repeated, SPEC).table["chi2"].to_numpy())
    a, b = fit_partial_odds(frame, SPEC.replace(weights="w")), fit_partial_odds(repeated, SPEC)
    assert a.chi2 == pytest.approx(b.chi2, abs=1e-6)


def test_rare_level_is_left_out_and_named():
    frame = _frame()
    frame.loc[frame.index[:3], "y"] = 3
    assert brant_test(frame, SPEC).omitted == ("2|3",)


def test_bad_input():
    binary = _frame().assign(y=lambda f: (f["y"] > 0).astype(int))
    with pytest.raises(ModelError, match="tiga kategori"):
        brant_test(binary, SPEC)
    with pytest.raises(ModelError, match="three outcome levels"):
        fit_partial_odds(binary, SPEC, lang="en")
    with pytest.raises(ModelError, match="logit"):
        fit_partial_odds(_frame(), SPEC.replace(link="probit"))
    thin = pd.DataFrame(
        {"y": [0] * 50 + [1] * 2 + [2] * 2, "x": np.arange(54.0) % 7, "z": np.arange(54.0) % 5}
    )
    with pytest.raises(ModelError, match="Kurang dari dua ambang"):
        brant_test(thin, SPEC)
    assert _checks(thin)[0]["proportional_odds"].verdict == "warning"
    assert _checks(binary)[0] == {}


def test_thinned_keeps_levels_in_step():
    design = build_design(_frame(1000), SPEC.replace(cluster="unit"), intercept=False, outcome="levels")
    small = thinned(design, 100)
    assert small.n == 100
    assert len(np.unique(small.rows)) == 100
    # no period of a sorted panel is met alone
    assert np.bincount(small.rows % 4).min() > 10
    assert small.clusters["unit"].codes.max() + 1 == small.clusters["unit"].size


def test_partial_odds_recovers_the_free_slope():
    found = fit_partial_odds(_frame(40_000, gamma=-1.5), SPEC)
    slope = found.by_cut.set_index(["cut", "term"])["estimate"]
    assert slope["0|1", "x"] == pytest.approx(0.8, abs=0.12)
    assert slope["1|2", "x"] == pytest.approx(-0.7, abs=0.12)
    assert slope["0|1", "z"] == slope["1|2", "z"] == pytest.approx(0.5, abs=0.05)
    assert found.converged
    assert found.p_value < 1e-10
    effect = found.effects.set_index(["cut", "term"])
    assert effect.loc[("0|1", "x"), "effect"] > 0 > effect.loc[("1|2", "x"), "effect"]
    assert effect.loc[("0|1", "x"), "ci_low"] < effect.loc[("0|1", "x"), "effect"]


def test_partial_odds_derivatives():
    design = build_design(_frame(200), SPEC, intercept=False, outcome="levels")
    model = _Model.of(design, [0])
    at = np.array([-0.5, 1.4, 0.7, 0.4, 0.3])
    gradient, information = model.derivatives(at)
    assert gradient == pytest.approx(approx_fprime(at, model.loglik, 1e-6), abs=1e-2)
    assert model.scores(at).sum(axis=0) == pytest.approx(gradient)
    numeric = np.array([approx_fprime(at, lambda p, i=i: model.derivatives(p)[0][i], 1e-6) for i in range(5)])
    assert -information == pytest.approx(numeric, abs=1e-2)


def test_partial_odds_under_proportional_odds_and_with_clusters():
    found = fit_partial_odds(_frame(), SPEC)
    assert found.p_value > 0.01
    assert found.df == 1
    effect = found.effects
    assert effect["effect"].to_numpy() == pytest.approx(effect["proportional"].to_numpy(), abs=0.05)
    own = fit_partial_odds(_frame(), SPEC.replace(cluster="unit"), free=("x", "z"))
    assert np.isnan(own.p_value)
    assert own.df == 2
    assert own.by_cut["std_error"].gt(0).all()
