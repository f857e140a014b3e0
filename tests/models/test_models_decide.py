"""Diagnostics that decide: every kind of model carries them, and bad input names the column and the remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit

LEVELS = ["Kurang", "Cukup", "Baik", "Sangat Baik"]


def _frame(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"id": np.repeat(np.arange(n // 4), 4), "t": np.tile(np.arange(4), n // 4)})
    frame["unit"] = frame["id"] % 30
    frame["jp"] = rng.gamma(1.0, 20.0, n).round()
    frame["c"] = rng.standard_normal(n)
    frame["z"] = frame["jp"] + 10 * rng.standard_normal(n)
    frame["y"] = 0.02 * frame["jp"] + 0.3 * frame["c"] + rng.standard_normal(n)
    frame["p"] = pd.cut(frame["y"], [-np.inf, -0.5, 0.4, 1.3, np.inf], labels=LEVELS)
    frame["start"] = np.where(frame["unit"] < 10, 2, np.where(frame["unit"] < 15, 3, 0))
    return frame


COMMON = {"exposures": ("jp",), "controls": ("c",)}
SPECS = {
    "linear": ModelSpec("y", **COMMON, cluster="unit"),
    "fixed_effects": ModelSpec("y", **COMMON, kind="fixed_effects", effects=("id", "t"), cluster="unit"),
    "first_difference": ModelSpec("y", **COMMON, kind="first_difference", unit="id", time="t", cluster="unit"),
    "ordinal": ModelSpec("p", **COMMON, kind="ordinal", cluster="unit"),
    "ordinal_effects": ModelSpec("p", **COMMON, kind="ordinal", effects=("id",)),
    "multilevel": ModelSpec("y", **COMMON, kind="multilevel", groups=("unit",)),
    "ordinal_multilevel": ModelSpec("p", **COMMON, kind="ordinal_multilevel", groups=("unit",)),
    "iv": ModelSpec("y", **COMMON, kind="iv", instruments=("z",), cluster="unit"),
    "event_study": ModelSpec("y", kind="event_study", unit="id", time="t", treated_from="start", cluster="unit"),
    "multinomial": ModelSpec("p", **COMMON, kind="multinomial"),
}  # fmt: skip
COLUMNS = {"vif", "leverage", "heaping_20"}
NEEDED = {
    "linear": {*COLUMNS, "clusters", "df", "cluster_leverage"},
    "fixed_effects": {*COLUMNS, "clusters", "df", "cluster_leverage"},
    "first_difference": {*COLUMNS, "clusters", "df", "cluster_leverage"},
    "ordinal": {*COLUMNS, "clusters", "df", "proportional_odds", "separation", "cluster_leverage"},
    "ordinal_effects": {*COLUMNS, "clusters"},
    "multilevel": {*COLUMNS, "boundary_variance", "groups"},
    "ordinal_multilevel": {*COLUMNS, "boundary_variance", "proportional_odds"},
    "iv": {*COLUMNS, "weak_instrument", "clusters"},
    "event_study": {"pre_trends", "treated_units"},
    "multinomial": {*COLUMNS, "separation", "thin_level"},
}


@pytest.mark.parametrize("name", SPECS)
def test_every_kind_carries_its_checks(name):
    result = fit(_frame(), SPECS[name])
    for lang in ("id", "en"):
        table = result.diagnostics(lang)
        found = set(table["name"].str.split(":").str[0])
        assert NEEDED[name] <= found
        assert set(table["verdict"]) <= {"ok", "warning", "fail"}
        assert table["meaning"].str.endswith(".").all()
        assert table[["value", "threshold"]].notna().all().all()
    assert (result.diagnostics("id")["meaning"] != result.diagnostics("en")["meaning"]).all()


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("rows", [[0, 1, 2], [0, 5, 10]])
def test_three_rows(name, rows):
    with pytest.raises(ModelError, match="Terlalu sedikit baris"):
        fit(_frame().iloc[rows], SPECS[name])


def test_three_complete_rows():
    frame = _frame()
    frame.loc[frame.index[3:], "c"] = np.nan
    with pytest.raises(ModelError, match="c -> 597"):
        fit(frame, SPECS["linear"])


@pytest.mark.parametrize("name", SPECS)
def test_constant_outcome_names_it(name):
    same = pd.Categorical(["Baik"] * 600, LEVELS, ordered=True)
    with pytest.raises(ModelError, match=r'"[yp]".*satu nilai'):
        fit(_frame().assign(y=1.0, p=same), SPECS[name])


@pytest.mark.parametrize("name", [name for name in SPECS if name != "event_study"])
@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda f: f.assign(jp=np.nan, z=np.nan), "jp"),
        (lambda f: f.assign(jp=7.0), "jp"),
        (lambda f: f.assign(c=2 * f["jp"] + 1), "kelipatan"),
        (lambda f: f.assign(jp=f["jp"].astype(object).where(f.index > 4, "dua puluh")), "teks"),
    ],
)
def test_bad_exposure_names_it(name, change, word):
    with pytest.raises(ModelError, match=word):
        fit(change(_frame()), SPECS[name])


@pytest.mark.parametrize(
    "name", ["linear", "fixed_effects", "first_difference", "ordinal", "iv", "event_study"]
)
def test_one_cluster_names_it(name):
    with pytest.raises(ModelError, match='"unit"'):
        fit(_frame().assign(unit=1), SPECS[name])


@pytest.mark.parametrize("name", ["ordinal", "ordinal_multilevel", "multinomial", "ordinal_effects"])
def test_separation_names_it(name):
    frame = _frame()
    with pytest.raises(ModelError, match="sempurna: jp"):
        fit(frame.assign(jp=np.where(frame["y"] > 0.4, 5.0, 0.0)), SPECS[name])


def test_an_exposure_that_controls_decide_does_not_overlap():
    frame = _frame()
    rng = np.random.default_rng(3)
    frame["d"] = (frame["c"] + 0.15 * rng.standard_normal(600) > 0).astype(int)
    spec = SPECS["linear"].replace(exposures=("d",))
    for kind in ("linear", "ordinal"):
        own = spec.replace(kind=kind, outcome="p" if kind == "ordinal" else "y")
        checks = fit(frame, own).diagnostics().set_index("name")
        assert checks.loc["overlap: d", "verdict"] == "fail"
    frame["d"] = rng.integers(0, 2, 600)
    assert fit(frame, spec).diagnostics().set_index("name").loc["overlap: d", "verdict"] == "ok"
    # a rare exposure has low propensities everywhere, which is no lack of overlap
    frame["d"] = (rng.uniform(size=600) < 0.04).astype(int)
    assert fit(frame, spec).diagnostics().set_index("name").loc["overlap: d", "verdict"] == "ok"
