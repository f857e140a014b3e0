"""One specification by the kernels and by statsmodels, wherever it has the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, compare, cross_check, fit


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    n = 600
    table = pd.DataFrame({"orang": np.repeat(np.arange(200), 3), "t": np.tile([1, 2, 3], 200)})
    table["unit"], table["penilai"] = table["orang"] % 15, rng.integers(0, 12, n)
    table["x"], table["z"] = rng.normal(size=n), rng.normal(size=n)
    shock = rng.normal(size=15)[table["unit"]] + rng.normal(size=12)[table["penilai"]]
    table["y"] = 0.5 * table["x"] + shock + rng.normal(size=n)
    table["band"] = np.searchsorted([-1.5, 0, 1.5], table["y"])
    return table


XZ = {"exposures": ("x",), "controls": ("z",)}
SPECS = {
    "linear": (ModelSpec("y", **XZ, cluster="unit"), 1e-9),
    "two-way": (ModelSpec("y", **XZ, cluster=("unit", "t")), 1e-9),
    "fixed_effects": (ModelSpec("y", **XZ, kind="fixed_effects", effects=("orang",), errors="iid"), 1e-9),
    "first_difference": (
        ModelSpec("y", **XZ, kind="first_difference", unit="orang", time="t", cluster="unit"),
        1e-9,
    ),
    "ordinal": (ModelSpec("band", **XZ, kind="ordinal", cluster="unit"), 1e-4),
    "ordinal HC1": (ModelSpec("band", **XZ, kind="ordinal", errors="HC1"), 1e-4),
    "multilevel": (ModelSpec("y", **XZ, kind="multilevel", groups=("unit",), cluster="unit"), 1e-4),
    "slopes": (ModelSpec("y", **XZ, kind="multilevel", slopes={"unit": ("x",)}), 1e-2),
    "crossed": (ModelSpec("y", **XZ, kind="multilevel", groups=("unit", "penilai")), 1e-4),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", SPECS)
def test_both_engines_agree(frame, name):
    spec, tolerance = SPECS[name]
    table = cross_check(spec, frame).set_index("term")
    own = table.drop(index="loglik", errors="ignore")
    scale = own["se_kernel"]
    assert (own["difference"].abs() / scale).max() < tolerance
    assert own["se_relative"].max() < max(tolerance, 1e-7) * 10
    if "loglik" in table.index and name not in ("fixed_effects",):
        assert abs(table.at["loglik", "difference"]) < 1e-3


def test_variances_of_crossed_factors(frame):
    spec = SPECS["crossed"][0]
    own, other = (
        fit(frame, spec, engine=e).variances().set_index("component") for e in ("kernel", "statsmodels")
    )
    np.testing.assert_allclose(own["variance"], other.loc[own.index, "variance"], rtol=1e-3)


def test_clustered_multinomial(frame):
    spec = ModelSpec("band", ("x",), kind="multinomial", cluster="unit")
    result = fit(frame, spec)
    assert result.glance()["errors"].startswith("CR1")
    assert set(result.df) == {14.0}
    plain = fit(frame, spec.replace(cluster=None))
    np.testing.assert_allclose(result.estimate, plain.estimate, rtol=1e-8)
    assert not np.allclose(result.std_error, plain.std_error)


def test_what_statsmodels_lacks_is_said(frame):
    for spec in (
        ModelSpec("y", kind="event_study", unit="orang", time="t", treated_from="unit"),
        ModelSpec("band", **XZ, kind="ordinal", weights="t"),
        ModelSpec("band", **XZ, kind="multinomial", weights="t"),
        ModelSpec("y", **XZ, kind="multilevel", groups=("unit", "orang", "penilai")),
        ModelSpec("y", **XZ, kind="multilevel", groups=("unit", "penilai"), slopes={"unit": ("x",)}),
    ):
        with pytest.raises(ModelError, match="statsmodels"):
            fit(frame, spec, engine="statsmodels")


def test_comparison_of_kinds(frame):
    results = {name: fit(frame, SPECS[name][0]) for name in ("linear", "multilevel", "ordinal")}
    table = compare(results, terms=("x",))
    assert table["kind"].tolist() == ["linear", "multilevel", "ordinal"]
    assert table["errors"].tolist() == ["CR2", "CR2", "CR2"]
