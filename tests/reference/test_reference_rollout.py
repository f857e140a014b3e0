"""Callaway & Sant'Anna's minimum-wage panel: group-time effects and their summaries as printed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit

SPEC = ModelSpec("lemp", kind="event_study", unit="countyreal", time="year", treated_from="first.treat")


@pytest.fixture(scope="module")
def mpdta():
    package = importlib.util.find_spec("moderndid")
    if package is None or not package.submodule_search_locations:
        pytest.skip("the panel is inside the package moderndid, which is not installed")
    folder = Path(package.submodule_search_locations[0]) / "core" / "datasets"
    return pd.read_pickle(folder / "mpdta_long.pkl.gz")


def test_group_time_effects(mpdta, published):
    table = fit(mpdta, SPEC).table("group_time")
    assert len(table) == 12
    for row in table.itertuples():
        published("mpdta ATT(g,t)", f"({row.group}, {row.time})", row.estimate)


@pytest.mark.parametrize("kind", ["simple", "dynamic", "group", "calendar"])
def test_summaries(mpdta, published, kind):
    result = fit(mpdta, SPEC)
    effects = result.effects()
    overall = effects[(effects["type"] == kind) & (effects["at"] == "overall")]
    published("mpdta aggte", kind, overall["estimate"].item())
    assert result.glance()[f"att_{kind}"] == overall["estimate"].item()


def test_doubly_robust_with_a_covariate(mpdta):
    """The vignette of R's ``did`` prints these for ``xformla = ~lpop``."""
    table = fit(mpdta, SPEC.replace(controls=("lpop",))).table("group_time")
    printed = [-0.0145, -0.0764, -0.1404, -0.1069, -0.0005, -0.0062, 0.0010, -0.0413, 0.0267, -0.0046,
               -0.0284, -0.0288]  # fmt: skip
    errors = [0.0221, 0.0287, 0.0354, 0.0329, 0.0222, 0.0185, 0.0194, 0.0197, 0.0141, 0.0157, 0.0182, 0.0162]
    assert table["estimate"].tolist() == pytest.approx(printed, abs=5.1e-5)
    assert table["std_error"].tolist() == pytest.approx(errors, abs=6e-5)
