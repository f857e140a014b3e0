"""The specification, the formula, the design matrix, the frozen result."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit
from kinerja_lib.models.design import build_design


@pytest.fixture
def frame():
    rng = np.random.default_rng(1)
    n = 60
    return pd.DataFrame(
        {
            "y": rng.normal(size=n),
            "x": rng.normal(size=n),
            "z": rng.normal(size=n) + 5,
            "kelas": pd.Categorical(rng.choice(["rendah", "tinggi"], n), ["tinggi", "rendah"]),
            "kota": rng.choice(["A", "B", "C"], n),
            "aktif": rng.random(n) < 0.5,
            "unit": np.repeat(np.arange(12), 5),
        }
    )


def test_defaults_and_resolved_errors():
    assert ModelSpec("y", "x").exposures == ("x",)
    assert ModelSpec("y", ("x",)).resolved_errors == "iid"
    assert ModelSpec("y", ("x",), cluster="u").resolved_errors == "CR2"
    assert ModelSpec("y", ("x",), cluster=("u", "t")).resolved_errors == "CR1"
    assert ModelSpec("y", ("x",), kind="ordinal", cluster="u").resolved_errors == "CR2"
    assert ModelSpec("y", ("x",), errors="cr1", cluster=["u"]).errors == "CR1"
    assert ModelSpec("y", ("x",), kind="fixed_effects", unit="u").effects == ("u",)
    assert ModelSpec("y", ("x",), kind="multilevel", slopes={"g": "x"}).all_groups == ("g",)


def test_specification_survives_dict_pickle_and_hash():
    spec = ModelSpec("y", ("x",), ("z",), kind="multilevel", groups=("g",), slopes={"g": ("x",)})
    assert ModelSpec(**spec.to_dict()) == spec
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert hash(spec) == hash(spec.replace())


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"kind": "magic"}, "magic"),
        ({"errors": "HC9"}, "HC9"),
        ({"link": "cauchit"}, "cauchit"),
        ({"errors": "CR2"}, "cluster"),
        ({"kind": "iv"}, "instruments"),
        ({"kind": "fixed_effects"}, "effects"),
        ({"kind": "event_study"}, "unit"),
        ({"kind": "multilevel"}, "groups"),
        ({"quadrature": 0}, "quadrature"),
        ({"controls": ("x",)}, "x"),
        ({"controls": ("y",)}, "y"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_a_wrong_specification_is_refused_in_both_languages(fields, word):
    for lang in ("id", "en"):
        with pytest.raises(ModelError, match=word) as caught:
            ModelSpec(**{"outcome": "y", "exposures": ("x",), "lang": lang, **fields})
        assert caught.value.action


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("y ~ a * b", {"exposures": ("a", "b", "a:b"), "kind": "linear"}),
        ("y ~ log(w) + I(z**2) + C(k)", {"exposures": ("log(w)", "z^2", "C(k)")}),
        ("y ~ np.log(w) + `a b`", {"exposures": ("log(w)", "a b")}),
        ("y ~ x | firm + year", {"effects": ("firm", "year"), "kind": "fixed_effects"}),
        ("y ~ z | firm | x ~ t1 + t2", {"exposures": ("x", "z"), "instruments": ("t1", "t2"), "kind": "iv"}),
        ("y ~ z + x | x ~ t1", {"exposures": ("x", "z"), "instruments": ("t1",), "effects": ()}),
        ("y ~ x + (1 + x | g)", {"groups": ("g",), "slopes": {"g": ("x",)}, "kind": "multilevel"}),
        ("y ~ 1 + (1 | a/b)", {"groups": ("a", "a:b"), "exposures": ()}),
        ("predikat ~ jp + (1 | unit)", {"kind": "ordinal_multilevel", "groups": ("unit",)}),
        ("predikat ~ jp", {"kind": "ordinal"}),
    ],
)
def test_formula(formula, expected):
    spec = ModelSpec.from_formula(formula)
    for name, value in expected.items():
        assert getattr(spec, name) == value


def test_formula_options():
    spec = ModelSpec.from_formula("y ~ x + z", controls=("z",), cluster="u")
    assert (spec.exposures, spec.controls, spec.cluster) == (("x",), ("z",), "u")
    spec = ModelSpec.from_formula("y ~ x + (1 | u)", kind="ordinal")
    assert spec.kind == "ordinal_multilevel"


@pytest.mark.parametrize("formula", ["y", "y ~ (", "y ~ x - 1", "y ~ x + (0 + x | g)"])
def test_a_wrong_formula_is_refused(formula):
    with pytest.raises(ModelError, match="Formula") as caught:
        ModelSpec.from_formula(formula, lang="en")
    assert "Example" in caught.value.action


def test_categories_become_indicators_with_the_first_level_as_base(frame):
    design = build_design(frame, ModelSpec("y", ("kelas", "kota", "aktif", "x")))
    assert design.names == ("Intercept", "kelas[rendah]", "kota[B]", "kota[C]", "aktif[True]", "x")
    assert design.X[:, 1].tolist() == (frame["kelas"] == "rendah").astype(float).tolist()


def test_products_functions_and_numbers_as_categories(frame):
    design = build_design(frame, ModelSpec("y", ("x", "kota", "x:kota", "x^2", "log(z)", "C(unit)")))
    assert "x:kota[B]" in design.names
    column = design.X[:, design.names.index("x:kota[C]")]
    np.testing.assert_allclose(column, frame["x"] * (frame["kota"] == "C"))
    np.testing.assert_allclose(design.X[:, design.names.index("x^2")], frame["x"] ** 2)
    np.testing.assert_allclose(design.X[:, design.names.index("log(z)")], np.log(frame["z"]))
    assert sum(name.startswith("C(unit)[") for name in design.names) == 11


def test_missing_rows_are_dropped_counted_once_and_the_frame_is_untouched(frame):
    frame = frame.copy()
    frame.loc[[0, 1], "x"] = np.nan
    frame.loc[[1, 2], "z"] = np.inf
    frame.loc[3, "kota"] = None
    before = frame.copy(deep=True)
    design = build_design(frame, ModelSpec("y", ("x",), ("z", "kota")))
    assert design.dropped == {"x": 2, "z": 1, "kota": 1}
    assert design.n == 56
    assert design.n_input - design.n == sum(design.dropped.values())
    pd.testing.assert_frame_equal(frame, before)


def test_a_base_level_without_rows_is_replaced(frame):
    used = frame[frame["kota"] != "A"].assign(kota=lambda f: pd.Categorical(f["kota"], ["A", "B", "C"]))
    design = build_design(used, ModelSpec("y", ("kota",)))
    assert design.names == ("Intercept", "kota[C]")
    partly = frame.assign(x=frame["x"].where(frame["kota"] != "A"))
    assert build_design(partly, ModelSpec("y", ("x", "kota"))).names == ("Intercept", "x", "kota[C]")


def test_nullable_boolean_and_object_columns(frame):
    frame = frame.assign(
        jp=pd.array([*range(59), None], dtype="Int64"),
        flag=frame["aktif"].astype(object),
        number=pd.Series([1.5, *range(59)], dtype=object),
    )
    design = build_design(frame, ModelSpec("aktif", ("jp", "flag", "number")))
    assert design.dropped == {"jp": 1}
    assert design.names == ("Intercept", "jp", "flag[True]", "number")
    assert set(design.y) == {0.0, 1.0}


def test_pairs_of_columns_are_groups(frame):
    design = build_design(frame, ModelSpec("y", ("x",), kind="multilevel", groups=("kota:unit",)))
    pairs = frame[["kota", "unit"]].drop_duplicates()
    assert design.groups["kota:unit"].size == len(pairs)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"x": 3.0}, '"x"'),
        ({"x": np.nan}, "x"),
        ({"y": 1.0}, '"y"'),
        ({"x": "teks"}, '"x"'),
        ({"y": ["12", "13", "tidak ada"] * 20}, '"y"'),
        ({"x": ["1,5", "2,5", "n/a", "4", "5", "6"] * 10}, '"x"'),
        ({"x": [f"{k},5" for k in range(60)]}, '"x"'),
    ],
)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_bad_columns_are_named_with_a_remedy(frame, change, word, lang):
    with pytest.raises(ModelError, match=word) as caught:
        fit(frame.assign(**change), ModelSpec("y", ("x",), ("z",)), lang=lang)
    assert caught.value.action


def test_collinear_and_double_columns_name_their_sources(frame):
    frame = frame.assign(ganda=frame["x"] * 2 + 1, jumlah=frame["x"] + 3 * frame["z"])
    with pytest.raises(ModelError, match='"ganda" sama dengan "x"'):
        fit(frame, ModelSpec("y", ("x", "ganda")))
    with pytest.raises(ModelError, match=r'"jumlah".*x, z'):
        fit(frame, ModelSpec("y", ("x", "z", "jumlah")))


def test_other_refusals(frame):
    with pytest.raises(ModelError, match="yang terdekat: kota"):
        fit(frame, ModelSpec("y", ("kotta",)))
    with pytest.raises(ModelError, match="only 3"):
        fit(frame.head(3), ModelSpec("y", ("x", "z")), lang="en")
    with pytest.raises(ModelError, match="no row"):
        fit(frame.head(0), ModelSpec("y", ("x",)), lang="en")
    with pytest.raises(ModelError, match="more than once"):
        fit(pd.concat([frame, frame[["x"]]], axis=1), ModelSpec("y", ("x",)), lang="en")
    with pytest.raises(ModelError, match="negative"):
        fit(frame, ModelSpec("y", ("z",), weights="x"), lang="en")
    with pytest.raises(ModelError, match="one value"):
        fit(frame.assign(unit=1), ModelSpec("y", ("x",), cluster="unit"), lang="en")
    with pytest.raises(ModelError, match="kota"):
        fit(frame, ModelSpec("y", ("log(kota)",)))
    with pytest.raises(ModelError, match="kota"):
        fit(frame, ModelSpec("y", ("x",), weights="kota"))
    halves = frame.assign(x=frame["x"].where(frame.index < 30), z=frame["z"].where(frame.index >= 30))
    with pytest.raises(ModelError, match="complete row"):
        fit(halves, ModelSpec("y", ("x", "z")), lang="en")
    with pytest.raises(ModelError, match="Engine"):
        fit(frame, ModelSpec("y", ("x",)), engine="abacus", lang="en")


def test_zero_weights_are_dropped_and_counted(frame):
    frame = frame.assign(w=np.where(frame.index < 6, 0.0, 2.0))
    result = fit(frame, ModelSpec("y", ("x",), weights="w"))
    assert result.dropped == {"w = 0": 6}
    assert result.estimate == pytest.approx(fit(frame.iloc[6:], ModelSpec("y", ("x",))).estimate)


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (["Baik", "Sangat Baik", "Butuh Perbaikan"], ("Butuh Perbaikan", "Baik", "Sangat Baik")),
        (["10", "9", "2"], ("2", "9", "10")),
        (["ya", "tidak", "ya"], ("tidak", "ya")),
        ([3, 1, 2], (1, 2, 3)),
        (pd.Categorical(["b", "a", "c"], ["c", "b", "a"], ordered=True), ("c", "b", "a")),
        (pd.Categorical(["Baik", "Buruk", "Cukup"]), ("Buruk", "Cukup", "Baik")),
    ],
)
def test_ordinal_outcomes_keep_their_order(values, levels):
    table = pd.DataFrame({"o": pd.Series(values), "x": [0.0, 1.0, 3.0]})
    table = pd.concat([table] * 4, ignore_index=True)
    design = build_design(table, ModelSpec("o", ("x",), kind="ordinal"), intercept=False, outcome="levels")
    assert design.levels == levels


def test_ordinal_outcomes_without_an_order_are_refused(frame):
    spec = ModelSpec("kota", ("x",), kind="ordinal")
    with pytest.raises(ModelError, match="order"):
        build_design(frame, spec, outcome="levels", lang="en")
    many = frame.assign(o=np.arange(60) + 0.5, o2=np.arange(60))
    with pytest.raises(ModelError, match="too many"):
        build_design(pd.concat([many, many.assign(o=many["o"] + 100)]), spec.replace(outcome="o"),
                     outcome="levels", lang="en")  # fmt: skip
    one = frame.assign(o="Baik")
    with pytest.raises(ModelError, match="single value"):
        build_design(one, spec.replace(outcome="o"), outcome="levels", lang="en")


def test_unused_levels_are_flagged():
    table = pd.DataFrame({"o": ["Baik", "Sangat Baik"] * 5, "x": np.arange(10.0)})
    design = build_design(table, ModelSpec("o", ("x",), kind="ordinal"), intercept=False, outcome="levels")
    assert design.levels == ("Baik", "Sangat Baik")
    assert "Butuh Perbaikan" in design.flags[0]


def test_result_is_frozen_and_survives_json_and_pickle(frame):
    result = fit(frame, ModelSpec("y", ("x", "kota"), cluster="unit"))
    with pytest.raises(AttributeError):
        result.estimate = 1
    for copy in (FitResult.from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
        pd.testing.assert_frame_equal(copy.tidy(), result.tidy())
        assert copy.glance() == result.glance()
        assert copy.spec == result.spec
        pd.testing.assert_frame_equal(copy.diagnostics("en"), result.diagnostics("en"))
        pd.testing.assert_series_equal(copy.predict(frame), result.predict(frame))


def test_json_keeps_infinities_missing_values_and_tables(frame):
    spec = ModelSpec("y", ("x",), kind="iv", instruments=("z",))
    result = fit(frame, spec)
    copy = FitResult.from_json(result.to_json())
    assert copy.glance() == result.glance() or np.isnan(result.glance()["ar_low"])
    pd.testing.assert_frame_equal(copy.table("first_stage"), result.table("first_stage"))


def test_tidy_term_table_and_predict(frame):
    result = fit(frame, ModelSpec("y", ("x", "kota")))
    assert list(result.tidy()) == [
        "term", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high", "df",
    ]  # fmt: skip
    wide, narrow = result.tidy(0.99), result.tidy(0.9)
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    with pytest.raises(ModelError, match="Intercept, x"):
        result.term("tidak_ada")
    with pytest.raises(ModelError, match="no table"):
        result.table("x", lang="en")
    assert result.variances().empty
    pd.testing.assert_frame_equal(result.effects(), result.tidy())
    new = pd.DataFrame({"x": [0.0, 1.0, np.nan], "kota": ["A", "B", "D"]})
    predicted = result.predict(new)
    assert predicted[0] == pytest.approx(result.term("Intercept")["estimate"])
    expected = sum(result.term(name)["estimate"] for name in ("Intercept", "x", "kota[B]"))
    assert predicted[1] == pytest.approx(expected)
    assert np.isnan(predicted[2])


@settings(max_examples=25, deadline=None)
@given(shift=st.floats(-1e4, 1e4), scale=st.floats(0.01, 100), seed=st.integers(0, 1000))
def test_estimates_follow_a_change_of_units(shift, scale, seed):
    """Moving and stretching a column changes its slope by the factor only, and no p-value."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(40, 3)), columns=["y", "x", "z"]).assign(u=np.arange(40) // 5)
    spec = ModelSpec("y", ("x",), ("z",), cluster="u")
    plain = fit(table, spec).term("x")
    moved = fit(table.assign(x=table["x"] * scale + shift), spec).term("x")
    assert moved["estimate"] * scale == pytest.approx(plain["estimate"], rel=1e-6, abs=1e-9)
    assert moved["p_value"] == pytest.approx(plain["p_value"], rel=1e-5)
