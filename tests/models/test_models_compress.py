"""Chunks give what the whole table gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, fit_chunks
from kinerja_lib.models.compress import chunk_sums, fit_sums


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(2)
    n = 3000
    table = pd.DataFrame({"u": rng.integers(0, 40, n), "x": rng.normal(2000, 3, n), "z": rng.normal(size=n)})
    table["kota"] = rng.choice(["A", "B", "C"], n)
    table["y"] = 0.3 * table["x"] + table["z"] + table["u"] / 10 + rng.normal(size=n)
    table.loc[5, "z"] = np.nan
    return table


@pytest.mark.parametrize("errors", ["CR1", "CR2"])
@pytest.mark.parametrize(
    "fields", [{}, {"kind": "fixed_effects", "effects": ("u",)}], ids=["linear", "fixed_effects"]
)
def test_chunks_add_up_to_the_whole(frame, errors, fields):
    spec = ModelSpec("y", ("x",), ("z", "kota"), cluster="u", errors=errors, **fields)
    whole = fit(frame, spec)
    parts = fit_chunks([frame.iloc[k : k + 450] for k in range(0, 3000, 450)], spec)
    assert parts.terms == whole.terms
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-9)
    np.testing.assert_allclose(parts.cov, whole.cov, rtol=1e-7, atol=1e-12 * np.abs(whole.cov).max())
    np.testing.assert_allclose(parts.df, whole.df, rtol=1e-8)
    for key in ("n", "n_input", "n_groups", "df", "errors", "n_dropped"):
        assert parts.glance()[key] == whole.glance()[key]
    assert parts.glance()["sigma2"] == pytest.approx(whole.glance()["sigma2"])
    pd.testing.assert_series_equal(parts.predict(frame), whole.predict(frame))


def test_addition_does_not_depend_on_the_order(frame):
    spec = ModelSpec("y", ("x", "z"), cluster="u")
    a = chunk_sums(frame.iloc[:1000], spec)
    b, c = (chunk_sums(frame.iloc[k : k + 1000], spec, a) for k in (1000, 2000))
    left, right = fit_sums((a + b) + c, spec), fit_sums(c + (b + a), spec)
    np.testing.assert_allclose(left.estimate, right.estimate, rtol=1e-11)
    np.testing.assert_allclose(left.cov, right.cov, rtol=1e-9)


def test_refusals(frame):
    spec = ModelSpec("y", ("kota",), cluster="u")
    with pytest.raises(ModelError, match="kota"):
        fit_chunks([frame[frame["kota"] != "C"], frame], spec)
    with pytest.raises(ModelError, match="cluster"):
        fit_chunks([frame], ModelSpec("y", ("x",)))
    with pytest.raises(ModelError, match="chunk"):
        fit_chunks([], spec, lang="en")
    with pytest.raises(ModelError, match="z"):
        fit_chunks([frame.assign(w=frame["z"] * 2)], ModelSpec("y", ("z", "w"), cluster="u"))
