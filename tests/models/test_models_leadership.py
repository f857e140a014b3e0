"""Leadership: agreement and reliability of unit means by hand and as published, common source, mediation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models.aggregation import (
    aggregation_check,
    leave_one_out_means,
    unit_icc,
    within_group_agreement,
)
from kinerja_lib.models.leadership import leadership_analysis
from kinerja_lib.models.leadership_mediation import mediation_2_1_1

# Shrout & Fleiss (1979), table 2: six targets, four judges; ICC(1,1) = .17 and ICC(1,4) = .44
TARGETS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_icc_of_shrout_and_fleiss():
    found = unit_icc(TARGETS.ravel().astype(float), np.repeat(np.arange(6), 4), 6)
    assert round(found.icc1, 2) == 0.17 and round(found.icc2, 2) == 0.44
    assert found.f_value == pytest.approx(1.79, abs=0.01)


def test_icc_of_unequal_groups_by_hand():
    y = np.array([1.0, 3.0, 4.0, 6.0, 8.0, 5.0])
    codes = np.array([0, 0, 1, 1, 1, 2])  # the single row of group 2 does not count
    found = unit_icc(y, codes, 3)
    between, inside, k = 2 * (2 - 4.4) ** 2 + 3 * (6 - 4.4) ** 2, (2 + 8) / 3, (5 - 13 / 5) / 1
    assert found.f_value == pytest.approx(between / inside)
    assert found.icc1 == pytest.approx((between - inside) / (between + (k - 1) * inside))
    assert (found.groups, found.n) == (2, 5)
    assert np.isnan(unit_icc(y[:2], codes[:2], 1).icc1)


def test_agreement_by_hand():
    items = np.array([[4.0, 4], [4, 5], [5, 4], [1, 1], [3, 3], [5, 5], [2, 2]])
    codes = np.array([0, 0, 0, 1, 1, 1, 2])
    one = within_group_agreement(items[:, :1], codes, 3, 5)
    assert one[:2] == pytest.approx([1 - (1 / 3) / 2, 0.0]) and np.isnan(one[2])
    both = within_group_agreement(items, codes, 3, 5)
    r = 1 - (1 / 3) / 2
    assert both[0] == pytest.approx(2 * r / (2 * r + 1 - r))
    skewed = within_group_agreement(items[:, :1], codes, 3, 5, "slight")
    assert skewed[0] == pytest.approx(1 - (1 / 3) / 1.34)
    with pytest.raises(ModelError, match="heavy"):
        within_group_agreement(items, codes, 3, 7, "heavy")


def test_leave_one_out_means():
    frame = pd.DataFrame(
        {"u": ["a", "a", "a", "b", None, "c", "c"], "x": [1.0, 2.0, np.nan, 5.0, 3.0, 4.0, 8.0]}
    )
    found = leave_one_out_means(frame, "x", "u")
    np.testing.assert_array_equal(found, [2.0, 1.0, 1.5, np.nan, np.nan, 8.0, 4.0])
    assert found.index.equals(frame.index) and found.name == "x_lain"
    with pytest.raises(ModelError, match="y"):
        leave_one_out_means(frame, "y", "u")


def answers(seed=0, units=40, people=15, spread=0.6, noise=0.5):
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), people)
    climate = spread * rng.normal(size=units)[unit]
    frame = pd.DataFrame({"unit": [f"u{k:02d}" for k in unit]})
    for j in range(4):
        frame[f"P{j + 1}"] = np.clip(np.round(3.2 + climate + noise * rng.normal(size=len(unit))), 1, 5)
    return frame


ITEMS = ["P1", "P2", "P3", "P4"]


def test_means_of_people_who_agree_may_be_used():
    found = aggregation_check(answers(), ITEMS, "unit")
    assert found.verdict == "ok"
    assert found.diagnostics()["name"].tolist() == ["agreement", "icc1", "icc2"]
    assert len(found.units) == 40 and found.hidden == 0
    assert found.units["r_wg"].between(0.7, 1.0).all()


def test_means_of_people_who_do_not_agree_may_not():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"unit": np.arange(600) % 30, "P1": rng.integers(1, 6, 600)})
    found = aggregation_check(frame, "P1", "unit")
    assert found.verdict == "fail"
    checks = found.diagnostics("en").set_index("name")
    assert checks.at["agreement", "verdict"] == "fail" and checks.at["icc1", "verdict"] == "fail"
    assert "do not agree" in checks.at["agreement", "meaning"]


def test_units_that_differ_little_have_unreliable_means():
    found = aggregation_check(answers(spread=0.12, noise=0.6, units=120, people=6), ITEMS, "unit", minimum=7)
    assert found.verdict == "warning"
    assert found.hidden == 120 and found.units.empty


def test_answers_outside_the_scale_are_refused():
    frame = answers()
    for bad, word in (
        (frame.assign(P1=frame["P1"] * 10), "P1"),
        (frame.assign(P1="setuju"), "P1"),
        (frame.drop(columns="P2"), "P2"),
        (frame.assign(unit="satu"), "unit"),
    ):
        with pytest.raises(ModelError, match=word):
            aggregation_check(bad, ITEMS, "unit")


def ratings(seed=3, units=60, people=14, periods=3, slope=0.04, personal=False):
    """Leadership acts on the log-odds; ``personal`` adds each person's mood to perception and rating."""
    rng = np.random.default_rng(seed)
    n = units * people * periods
    person = np.tile(np.arange(units * people), periods)
    unit, period = person // people, np.repeat(np.arange(periods), units * people)
    lasting = 10.0 * rng.normal(size=units)[unit]
    index = 50.0 + lasting + 5.0 * rng.normal(size=(units, periods))[unit, period]
    mood = rng.normal(size=n) if personal else np.zeros(n)
    latent = slope * (index - 50.0) + 1.2 * mood + 0.6 * rng.normal(size=units * people)[person]
    latent += 0.3 * rng.normal(size=units)[unit] + rng.logistic(size=n)
    levels = ["Kurang/Misconduct", "Butuh Perbaikan", "Baik", "Sangat Baik"]
    return pd.DataFrame(
        {
            "id_pegawai": [f"P{k}" for k in person],
            "unit_kerja": [f"u{k}" for k in unit],
            "periode": [f"{2023 + t}-Q4" for t in period],
            "kepemimpinan_indeks": index + (12.0 * mood if personal else 0.0),
            "predikat": pd.Categorical.from_codes(
                np.searchsorted([-3, -1.5, 1], latent), levels, ordered=True
            ),
        }
    )


def survey_of(frame, seed=5):
    rng = np.random.default_rng(seed)
    index = frame.groupby(["unit_kerja", "periode"])["kepemimpinan_indeks"].mean().reset_index()
    rows = []
    for k, row in index.iterrows():
        for person in range(8):
            mark = (row["kepemimpinan_indeks"] - 50) / 12 + 3 + 0.4 * rng.normal()
            for item in ("P1", "P2", "P3"):
                value = int(np.clip(round(mark + 0.3 * rng.normal()), 1, 5))
                rows.append(
                    (f"R{k}-{person}", row["unit_kerja"], row["periode"], "kepemimpinan", item, value)
                )
    return pd.DataFrame(rows, columns=["id_responden", "unit_kerja", "periode", "instrumen", "butir", "skor"])


def test_a_units_measure_is_split_into_lasting_and_changing():
    found = leadership_analysis(ratings())
    assert not found.personal and found.at_least == "Baik"
    table = found.estimates.set_index("measure")
    assert table.index.tolist() == ["between", "within"]
    for name in table.index:
        assert table.at[name, "ci_low"] < 0.04 < table.at[name, "ci_high"]
    assert table.at["between", "units"] == 60
    assert 0.02 < table.at["between", "effect"] < 0.12
    checks = found.diagnostics().set_index("name")
    assert checks.at["same_source", "verdict"] == "warning"
    assert "sumber yang sama" in checks.at["same_source", "meaning"]
    other = leadership_analysis(ratings(), source=("penilai", "lain")).diagnostics("en").set_index("name")
    assert other.at["same_source", "verdict"] == "ok"


def test_the_survey_is_a_second_source():
    frame = ratings()
    found = leadership_analysis(frame, survey=survey_of(frame))
    table = found.estimates.set_index("measure")
    assert table.at["survey", "estimate"] > 0 and table.at["survey", "p_value"] < 0.01
    assert found.aggregation is not None and found.aggregation.verdict == "ok"
    assert {"agreement", "icc1", "icc2"} <= set(found.diagnostics()["name"])
    with pytest.raises(ModelError, match="fasilitas"):
        leadership_analysis(frame, survey=survey_of(frame), instrument="fasilitas")


def test_leaving_oneself_out_removes_the_common_source():
    frame = ratings(personal=True, slope=0.03)
    found = leadership_analysis(frame, source=("pegawai", "pegawai"))
    assert found.personal
    table = found.estimates.set_index("measure")
    assert table.at["own", "estimate"] > 0.055  # inflated by the mood that both share
    assert table.at["leave_one_out", "estimate"] == pytest.approx(0.03, abs=0.02)
    assert "leave_one_out" in found.diagnostics().set_index("name").at["same_source", "meaning"]
    # on a scale of five points the agreement of the unit is looked at too
    small = frame.assign(kepemimpinan_indeks=(frame["kepemimpinan_indeks"] / 20).clip(1, 5))
    assert leadership_analysis(small, source=("pegawai", "lain")).aggregation is not None


def test_leadership_that_cannot_be_related_is_refused():
    frame = ratings(units=6)
    assert leadership_analysis(frame).diagnostics().set_index("name").at["units", "verdict"] == "fail"
    with pytest.raises(ModelError, match="kepemimpinan_indeks"):
        leadership_analysis(frame.drop(columns="kepemimpinan_indeks"))
    with pytest.raises(ModelError, match="kepemimpinan_indeks"):
        leadership_analysis(frame.assign(kepemimpinan_indeks="baik"))
    with pytest.raises(ModelError, match="kepemimpinan"):
        leadership_analysis(frame.assign(kepemimpinan_indeks=np.nan))
    with pytest.raises(ModelError, match=r"kepemimpinan_indeks.*sama"):
        leadership_analysis(frame.assign(kepemimpinan_indeks=50.0))
    once = frame.drop_duplicates("id_pegawai")
    assert leadership_analysis(once, person="id_pegawai", period=None).estimates["measure"].tolist() == [
        "between"
    ]


def test_mediation_finds_the_indirect_path():
    rng = np.random.default_rng(9)
    unit = np.repeat(np.arange(120), 12)
    x = rng.normal(size=120)[unit]
    clarity = 0.5 * x + 0.4 * rng.normal(size=120)[unit] + rng.normal(size=len(unit))
    mean = pd.Series(clarity).groupby(unit).transform("mean").to_numpy()
    y = (
        0.2 * x
        + 0.6 * mean
        + 0.3 * (clarity - mean)
        + 0.2 * rng.normal(size=120)[unit]
        + rng.normal(size=len(unit))
    )
    frame = pd.DataFrame({"x": x, "m": clarity, "y": y, "unit": unit})
    found = mediation_2_1_1(frame, "x", "m", "y", "unit")
    table = found.table.set_index("path")
    for path, truth in (
        ("a", 0.5),
        ("b_between", 0.6),
        ("b_within", 0.3),
        ("direct", 0.2),
        ("indirect", 0.3),
        ("total", 0.5),
    ):
        assert table.at[path, "ci_low"] < truth < table.at[path, "ci_high"], path
    assert table.at["indirect", "estimate"] == pytest.approx(
        table.at["a", "estimate"] * table.at["b_between", "estimate"]
    )
    assert table.at["indirect", "ci_low"] > 0
    assert mediation_2_1_1(frame, "x", "m", "y", "unit").table.equals(found.table)
    with pytest.raises(ModelError, match="m"):
        mediation_2_1_1(frame.assign(m="jelas"), "x", "m", "y", "unit")
