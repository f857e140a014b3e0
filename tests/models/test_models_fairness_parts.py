"""Oaxaca-Blinder, the four-fifths ratio, Cochran-Mantel-Haenszel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import adverse_impact, oaxaca_blinder, stratified_odds


def test_oaxaca_of_stata():
    """Gap, explained and unexplained as Stata's oaxaca prints for the credit card data of statsmodels."""
    from statsmodels.datasets.ccard.data import load_pandas

    found = load_pandas().data
    result = oaxaca_blinder(found, "AVGEXP", "OWNRENT", ["AGE", "INCOME", "INCOMESQ"])
    part = result.parts.set_index("part")["estimate"]
    assert part["gap"] == pytest.approx(158.7504, abs=5e-4)
    assert part["explained"] == pytest.approx(130.8095, abs=5e-4)
    assert part["unexplained"] == pytest.approx(27.94091, abs=5e-4)
    assert result.detail["estimate"].sum() == pytest.approx(part["explained"])
    assert result.n == (27, 45)


def _gap_frame(n, seed):
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 2, n)
    x = rng.standard_normal(n) + 0.8 * g
    c = rng.choice(["a", "b"], n, p=[0.5, 0.5])
    y = 1 + 0.5 * g + 2 * x + (c == "b") + rng.standard_normal(n)
    return pd.DataFrame(
        {"y": y, "g": np.where(g == 1, "P", "L"), "x": x, "c": c, "u": rng.integers(0, 25, n)}
    )


def test_oaxaca_errors_are_the_spread():
    draws = [oaxaca_blinder(_gap_frame(300, s), "y", "g", ["x", "c"]) for s in range(200)]
    values = np.array([d.parts["estimate"] for d in draws])
    errors = np.array([d.parts["std_error"] for d in draws])
    assert errors.mean(axis=0) == pytest.approx(values.std(axis=0), rel=0.13)
    assert values.mean(axis=0) == pytest.approx([2.1, 1.6, 0.5], abs=0.06)
    assert draws[0].groups == ("P", "L")
    own = oaxaca_blinder(_gap_frame(300, 1), "y", "g", ["x", "c"], cluster="u")
    assert own.parts["std_error"].to_numpy() == pytest.approx(errors[1], rel=0.6)
    with pytest.raises(ModelError, match="sedikitnya satu"):
        oaxaca_blinder(_gap_frame(300, 1), "y", "g", [])


def _people(rows):
    return pd.concat(
        [pd.DataFrame({"g": g, "y": [1] * x + [0] * (n - x), "s": s}) for g, x, n, s in rows],
        ignore_index=True,
    )


def test_four_fifths_by_hand():
    frame = _people([("A", 48, 80, 0), ("B", 12, 40, 0)])
    table = adverse_impact(frame, "y", "g").set_index("group")
    assert table.loc["B", "ratio"] == pytest.approx(0.5)
    half = 1.959964 * np.sqrt(1 / 12 - 1 / 40 + 1 / 48 - 1 / 80)
    assert table.loc["B", "ci_high"] == pytest.approx(0.5 * np.exp(half))
    assert bool(table.loc["B", "below"])
    assert not bool(table.loc["B", "clear"])
    assert table.loc["A", "ratio"] == 1.0
    assert np.isnan(table.loc["A", "p_value"])
    other = adverse_impact(frame, "y", "g", reference="B").set_index("group")
    assert other.loc["A", "ratio"] == pytest.approx(2.0)


def test_small_cells_are_blank():
    frame = _people([("A", 48, 80, 0), ("B", 2, 40, 0), ("C", 20, 60, 0)])
    table = adverse_impact(frame, "y", "g").set_index("group")
    assert table.loc["B", ["count", "rate", "ratio", "p_value"]].isna().all()
    assert table["suppressed"].sum() >= 2
    base = adverse_impact(_people([("A", 48, 80, 0), ("B", 38, 40, 0)]), "y", "g")
    assert base["ratio"].isna().all()
    none = adverse_impact(_people([("A", 40, 80, 0), ("B", 0, 40, 0)]), "y", "g").set_index("group")
    assert none.loc["B", "ratio"] == 0.0
    assert 0 < none.loc["B", "ci_high"] < 0.4


def test_cmh_berkeley():
    """Admissions at Berkeley, six departments (R: mantelhaen.test(UCBAdmissions)): M^2 = 1.4269 with the
    continuity correction, common odds ratio 0.9047."""
    counts = {
        "A": (512, 313, 89, 19), "B": (353, 207, 17, 8), "C": (120, 205, 202, 391),
        "D": (138, 279, 131, 244), "E": (53, 138, 94, 299), "F": (22, 351, 24, 317),
    }  # fmt: skip
    rows = []
    for s, (ma, mr, fa, fr) in counts.items():
        rows += [("Female", fa, fa + fr, s), ("Male", ma, ma + mr, s)]
    frame = _people(rows)
    found = stratified_odds(frame, "y", "g", "s")
    assert found.odds_ratio == pytest.approx(0.9046968, abs=1e-6)
    assert found.statistic == pytest.approx(1.4269, abs=1e-4)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.7719074, 1.0603298), abs=1e-4)
    assert found.p_homogeneity < 0.01
    assert found.strata == 6
    crude = adverse_impact(frame, "y", "g").set_index("group")
    assert bool(crude.loc["Female", "clear"])


def test_bad_input():
    frame = _people([("A", 4, 8, 0), ("B", 3, 8, 1)])
    with pytest.raises(ModelError, match="kedua kelompok"):
        stratified_odds(frame, "y", "g", "s")
    with pytest.raises(ModelError, match="dua kelompok"):
        stratified_odds(frame.assign(g="A"), "y", "g", "s")
    with pytest.raises(ModelError, match="satu kelompok"):
        adverse_impact(frame.assign(g="A"), "y", "g")
    with pytest.raises(ModelError, match='acuan "Z"'):
        adverse_impact(frame, "y", "g", reference="Z")
    with pytest.raises(ModelError, match="0/1"):
        adverse_impact(frame.assign(y="ya"), "y", "g")
