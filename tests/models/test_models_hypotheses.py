"""Joint tests, linear combinations, and reassigned rollouts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from kinerja_lib.errors import ModelError
from kinerja_lib.models import (
    ModelSpec,
    fit,
    linear_combination,
    randomization_test,
    wald_test,
)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"x": rng.normal(size=200), "kota": rng.choice(["A", "B", "C"], 200)})
    return table.assign(
        y=table["x"] + (table["kota"] == "B") * 0.3 + rng.normal(size=200), u=np.arange(200) // 10
    )


def test_wald_test_of_a_category_agrees_with_statsmodels(frame):
    found = wald_test(fit(frame, ModelSpec("y", ("x", "kota"))), ["kota"])
    other = smf.ols("y ~ x + C(kota)", frame).fit().f_test("C(kota)[T.B] = 0, C(kota)[T.C] = 0")
    assert found.statistic == pytest.approx(float(np.squeeze(other.fvalue)))
    assert found.p_value == pytest.approx(float(other.pvalue))
    assert (found.df, found.df_residual) == (2, 196)
    clustered = wald_test(fit(frame, ModelSpec("y", ("x", "kota"), cluster="u")), ["kota", "kota[B]"])
    assert clustered.df == 2
    assert clustered.df_residual < 20
    with pytest.raises(ModelError, match="kotta"):
        wald_test(fit(frame, ModelSpec("y", ("x",))), ["kotta"])


def test_one_term_is_its_own_t_test(frame):
    result = fit(frame, ModelSpec("y", ("x",), cluster="u"))
    row = result.term("x")
    found = wald_test(result, ["x"])
    assert found.statistic == pytest.approx(row["statistic"] ** 2)
    assert found.p_value == pytest.approx(row["p_value"], rel=1e-6)
    ten = linear_combination(result, {"x": 10})
    assert (ten.estimate, ten.ci_low) == (
        pytest.approx(10 * row["estimate"]),
        pytest.approx(10 * row["ci_low"]),
    )
    assert ten.p_value == pytest.approx(row["p_value"])
    with pytest.raises(ModelError, match="tidak ada"):
        linear_combination(result, {"z": 1})


def _rollout(effect, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        (u, t, 3 if u < 3 else np.inf, rng.normal() + effect * (u < 3 and t >= 3))
        for u in range(18)
        for t in range(6)
    ]
    return pd.DataFrame(rows, columns=["u", "t", "mulai", "y"])


def test_reassigned_rollouts():
    spec = ModelSpec("y", kind="event_study", unit="u", time="t", treated_from="mulai")
    strong = randomization_test(_rollout(6.0), spec, draws=199)
    assert strong.p_value <= 0.02
    assert strong.estimate == pytest.approx(fit(_rollout(6.0), spec).glance()["att_simple"])
    none = randomization_test(_rollout(0.0), spec, draws=199)
    assert none.p_value > 0.05
    again = randomization_test(_rollout(0.0), spec, draws=199)
    np.testing.assert_array_equal(none.draws, again.draws)


def test_exact_relations_are_flagged_or_refused():
    table = pd.DataFrame(
        {
            "y": [1.0, 2, 3, 4, 5, 6],
            "x": [2.0, 4, 6, 8, 10, 12],
            "u": [1, 1, 2, 2, 3, 3],
            "q": [1.0, 0, 1, 0, 1, 2],
        }
    )
    for spec in (ModelSpec("y", ("x",)), ModelSpec("y", ("x",), kind="fixed_effects", effects=("u",))):
        checks = fit(table, spec).diagnostics("en").set_index("name")
        assert checks.at["perfect_fit", "verdict"] == "fail"
    with pytest.raises(ModelError, match="exactly"):
        fit(table.assign(z=table["x"]), ModelSpec("q", ("x",), kind="iv", instruments=("z",)), lang="en")
    with pytest.raises(ModelError, match="does not vary"):
        spec = ModelSpec("y", ("q",), kind="fixed_effects", effects=("u",))
        fit(table.assign(y=table["u"]), spec, lang="en")


def test_a_coefficient_that_rests_on_one_cluster_is_flagged(frame):
    result = fit(frame.assign(satu=(frame["u"] == 0) * 1.0), ModelSpec("y", ("satu",), ("x",), cluster="u"))
    checks = result.diagnostics().set_index("name")
    assert checks.at["cluster_leverage: satu", "verdict"] == "fail"
    assert checks.at["cluster_leverage: satu", "value"] == pytest.approx(0.95, abs=0.02)
    spread = fit(frame, ModelSpec("y", ("x",), cluster="u")).diagnostics("en").set_index("name")
    assert spread.at["cluster_leverage: x", "verdict"] == "ok"
