"""Ordered logit of the UCLA graduate school survey (R polr, as printed by UCLA's statistical consulting)."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd

from kinerja_lib.models import ModelSpec, fit


def test_ologit(published):
    path = files("statsmodels.miscmodels.tests.results") / "ologit_ucla.csv"
    with path.open(encoding="utf-8") as file:
        survey = pd.read_csv(file)
    order = ["unlikely", "somewhat likely", "very likely"]
    survey["apply"] = pd.Categorical(survey["apply"], order, ordered=True)
    result = fit(survey, ModelSpec("apply", ("pared", "public", "gpa"), kind="ordinal"))
    # polr stops early: the printed digits agree to 1e-3 for the thresholds, 1e-4 otherwise
    for name in ("pared", "public", "gpa"):
        published("UCLA ologit", name, result.term(name)["estimate"], tolerance=1.5e-4)
        published("UCLA ologit", f"se {name}", result.term(name)["std_error"])
    published("UCLA ologit", "cut1", result.term("unlikely|somewhat likely")["estimate"], tolerance=1e-3)
    published("UCLA ologit", "cut2", result.term("somewhat likely|very likely")["estimate"], tolerance=1e-3)
    published("UCLA ologit", "deviance", result.glance()["criterion"])
