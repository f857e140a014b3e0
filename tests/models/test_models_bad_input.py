"""Odd input gives an error that names the column and the remedy, whole and by chunks; results survive storage."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit, fit_chunks

LEVELS = ["Sangat Kurang", "Butuh Perbaikan", "Baik", "Sangat Baik"]


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(6)
    n = 900
    table = pd.DataFrame({"orang": np.repeat(np.arange(n // 3), 3), "t": np.tile([1, 2, 3], n // 3)})
    table["unit"] = "u" + (table["orang"] % 20).astype(str)
    table["x"], table["z"], table["alat"] = rng.normal(size=n), rng.normal(size=n), rng.normal(size=n)
    table["x"] += table["alat"]
    table["y"] = 0.5 * table["x"] + rng.normal(size=20)[table["orang"] % 20] + rng.normal(size=n)
    band = np.searchsorted([-2, -0.8, 1.2], table["y"])
    table["predikat"] = pd.Categorical.from_codes(band, LEVELS, ordered=True)
    table["mulai"] = np.where(table["orang"] % 20 < 7, 2, np.where(table["orang"] % 20 < 10, 3, 0))
    return table


XZ = {"exposures": ("x",), "controls": ("z",)}
KINDS = {
    "linear": ModelSpec("y", **XZ, cluster="unit"),
    "fixed_effects": ModelSpec("y", **XZ, kind="fixed_effects", effects=("unit",), cluster="unit"),
    "multilevel": ModelSpec("y", **XZ, kind="multilevel", groups=("unit",)),
    "random slope": ModelSpec("y", **XZ, kind="multilevel", slopes={"unit": ("x",)}, cluster="unit"),
    "ordinal": ModelSpec("predikat", **XZ, kind="ordinal", cluster="unit"),
    "first_difference": ModelSpec("y", **XZ, kind="first_difference", unit="orang", time="t", cluster="unit"),
    "iv": ModelSpec("y", **XZ, kind="iv", instruments=("alat",), cluster="unit"),
    "multinomial": ModelSpec("predikat", **XZ, kind="multinomial"),
    "ordinal_multilevel": ModelSpec("predikat", **XZ, kind="ordinal_multilevel", groups=("unit",)),
    "event_study": ModelSpec(
        "y", kind="event_study", unit="orang", time="t", treated_from="mulai", cluster="unit"
    ),
}
CHUNKED = ("linear", "fixed_effects", "multilevel", "ordinal")
#: what is done to the table, and a word of the column that the message must name
HARM = {
    "exposure without a value": (lambda t: t.assign(x=np.nan), "x"),
    "constant exposure": (lambda t: t.assign(x=3.0), "x"),
    "double column": (lambda t: t.assign(z=t["x"] * 2 - 1), "z"),
    "text in a number column": (
        lambda t: t.assign(x=t["x"].round(2).astype(str).where(t.index != 4, "tidak ada")),
        "x",
    ),
    "column twice": (lambda t: pd.concat([t, t[["x"]]], axis=1), "x"),
    "column absent": (lambda t: t.drop(columns="z"), "z"),
    "infinite exposure": (lambda t: t.assign(x=np.inf), "x"),
}


def pieces(frame):
    return [frame.iloc[k : k + 250] for k in range(0, len(frame), 250)]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "event_study"])
def test_the_message_names_the_column_and_a_remedy(frame, kind, harm, lang):
    change, word = HARM[harm]
    with pytest.raises(ModelError, match=rf"\b{word}\b") as caught:
        fit(change(frame), KINDS[kind], lang=lang)
    assert caught.value.action


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("kind", CHUNKED)
def test_chunks_refuse_what_the_whole_refuses(frame, kind, harm):
    change, word = HARM[harm]
    with pytest.raises(ModelError, match=rf"\b{word}\b|No complete row"):
        fit_chunks(pieces(change(frame)), KINDS[kind], lang="en")


@pytest.mark.parametrize("kind", CHUNKED)
def test_chunks_of_one_unit_three_rows_or_a_constant_outcome(frame, kind):
    spec = KINDS[kind]
    constant = frame.assign(**{spec.outcome: "Baik" if kind == "ordinal" else 1.0})
    for table in (constant, frame.assign(unit="a"), frame.head(3), frame.head(0)):
        with pytest.raises(ModelError):
            fit_chunks([table.head(2), table.iloc[2:]], spec)


@pytest.mark.parametrize("kind", KINDS)
def test_every_result_survives_json_and_pickle(frame, kind):
    result = fit(frame, KINDS[kind])
    for copy in (FitResult.from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
        assert copy.spec == result.spec
        pd.testing.assert_frame_equal(copy.tidy(), result.tidy())
        pd.testing.assert_frame_equal(copy.effects(), result.effects())
        pd.testing.assert_frame_equal(copy.diagnostics(), result.diagnostics())
        pd.testing.assert_frame_equal(copy.variances(), result.variances())
        pd.testing.assert_frame_equal(copy.random_effects(), result.random_effects())
        assert set(copy.tables) == set(result.tables)
        assert copy.glance().keys() == result.glance().keys()
    assert ModelSpec(**result.spec.to_dict()) == result.spec


def test_the_frame_is_not_changed(frame):
    before = frame.copy()
    for spec in KINDS.values():
        fit(frame, spec)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("formula", "options", "kind"),
    [
        ("y ~ x * z + (1 + x | unit)", {}, "multilevel"),
        ("y ~ x + (1 | unit/orang)", {}, "multilevel"),
        ("y ~ x + z | unit + t", {"cluster": "unit"}, "fixed_effects"),
        ("predikat ~ x * z", {"cluster": "unit"}, "ordinal"),
        ("predikat ~ x + (1 | unit)", {}, "ordinal_multilevel"),
        ("y ~ z | x ~ alat", {}, "iv"),
    ],
)
def test_formulas_fit(frame, formula, options, kind):
    spec = ModelSpec.from_formula(formula, **options)
    assert spec.kind == kind
    result = fit(frame, spec)
    assert np.isfinite(result.estimate).all()
    assert (result.std_error > 0).all()
    if "1 + x" in formula:
        same = ModelSpec("y", ("x", "z", "x:z"), kind="multilevel", groups=("unit",), slopes={"unit": ("x",)})
        np.testing.assert_allclose(result.term("x")["estimate"], fit(frame, same).term("x")["estimate"])
