"""Sums by cluster: chunks give what the whole table gives, in any order; effects inside the clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, fit_chunks
from kinerja_lib.models.chunks import Source
from kinerja_lib.models.chunks_linear import fit_sums
from kinerja_lib.models.compress import chunk_sums, combine, shared_coding


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(2)
    n = 3000
    table = pd.DataFrame({"u": rng.integers(0, 40, n), "x": rng.normal(2000, 3, n), "z": rng.normal(size=n)})
    table["kota"] = rng.choice(["A", "B", "C"], n)
    table["orang"] = table["u"] * 100 + rng.integers(0, 15, n)
    table["y"] = 0.3 * table["x"] + table["z"] + table["u"] / 10 + rng.normal(size=n)
    table.loc[5, "z"] = np.nan
    return table


def pieces(frame, size=450):
    return [frame.iloc[k : k + size] for k in range(0, len(frame), size)]


@pytest.mark.parametrize("errors", ["CR1", "CR2"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "fixed_effects", "effects": ("u",)},
        {"kind": "fixed_effects", "effects": ("orang",)},
    ],
    ids=["linear", "cluster effects", "effects inside clusters"],
)
def test_chunks_add_up_to_the_whole(frame, errors, fields):
    spec = ModelSpec("y", ("x",), ("z", "kota"), cluster="u", errors=errors, **fields)
    whole = fit(frame, spec)
    parts = fit_chunks(pieces(frame), spec)
    assert parts.terms == whole.terms
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-9)
    np.testing.assert_allclose(parts.cov, whole.cov, rtol=1e-7, atol=1e-12 * np.abs(whole.cov).max())
    np.testing.assert_allclose(parts.df, whole.df, rtol=1e-8)
    for key in ("n", "n_input", "n_groups", "df", "errors", "n_dropped"):
        assert parts.glance()[key] == whole.glance()[key]
    for key in ("sigma2", "r2_within" if fields else "r2"):
        assert parts.glance()[key] == pytest.approx(whole.glance()[key])
    pd.testing.assert_series_equal(parts.predict(frame), whole.predict(frame))


def test_people_who_moved_between_clusters(frame):
    moved = frame.assign(u=np.where(np.arange(3000) % 97 == 0, (frame["u"] + 1) % 40, frame["u"]))
    spec = ModelSpec("y", ("x", "z"), kind="fixed_effects", effects=("orang",), cluster="u", errors="CR1")
    whole, parts = fit(moved, spec), fit_chunks(pieces(moved), spec)
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-9)
    np.testing.assert_allclose(parts.cov, whole.cov, rtol=1e-7)
    checks = fit_chunks(pieces(moved), spec.replace(errors="CR2")).diagnostics("en").set_index("name")
    assert checks.at["nested_effects", "verdict"] == "warning"


def test_addition_does_not_depend_on_the_order(frame):
    spec = ModelSpec("y", ("x", "z"), cluster="u")
    coding, shift = shared_coding(Source(pieces(frame), spec, None, "id"), spec, "id")
    a, b, c = (chunk_sums(part, spec, coding, shift, "u") for part in pieces(frame, 1000))
    left, right = fit_sums((a + b) + c, spec, coding), fit_sums(combine([c, b, a]), spec, coding)
    np.testing.assert_allclose(left.estimate, right.estimate, rtol=1e-11)
    np.testing.assert_allclose(left.cov, right.cov, rtol=1e-9)


def test_a_category_that_the_first_chunk_lacks(frame):
    spec = ModelSpec("y", ("kota",), cluster="u")
    parts = [frame[frame["kota"] != "C"], frame[frame["kota"] == "C"]]
    np.testing.assert_allclose(fit_chunks(parts, spec).estimate, fit(frame, spec).estimate, rtol=1e-9)
    with pytest.raises(ModelError, match="kota"):
        fit_chunks(iter(parts), spec)


def test_a_stream_is_read_once(frame):
    spec = ModelSpec("y", ("x", "z"), cluster="u")
    np.testing.assert_allclose(
        fit_chunks(iter(pieces(frame)), spec).estimate, fit_chunks(pieces(frame), spec).estimate, rtol=1e-12
    )


def test_refusals(frame):
    with pytest.raises(ModelError, match="cluster"):
        fit_chunks([frame], ModelSpec("y", ("x",)))
    for empty in ([], iter([])):
        with pytest.raises(ModelError, match="chunk"):
            fit_chunks(empty, ModelSpec("y", ("x",), cluster="u"), lang="en")
    with pytest.raises(ModelError, match="z"):
        fit_chunks([frame.assign(w=frame["z"] * 2)], ModelSpec("y", ("z", "w"), cluster="u"))
    with pytest.raises(ModelError, match="w"):
        fit_chunks([frame.assign(w=3.0)], ModelSpec("y", ("z", "w"), cluster="u"))
    with pytest.raises(ModelError, match="w"):
        spec = ModelSpec("y", ("z", "w"), kind="fixed_effects", effects=("u",), cluster="u")
        fit_chunks([frame.assign(w=frame["u"] * 1.0)], spec)
    with pytest.raises(ModelError, match="tidak berubah"):
        fit_chunks([frame.assign(y=1.0)], ModelSpec("y", ("z",), cluster="u"))
    with pytest.raises(ModelError, match="satu nilai"):
        fit_chunks([frame.assign(u=1)], ModelSpec("y", ("z",), cluster="u"))
    with pytest.raises(ModelError, match="No complete row"):
        fit_chunks([frame.assign(z=np.nan)], ModelSpec("y", ("z",), cluster="u"), lang="en")
