"""Raters: planted severity, central tendency and halo are found; unlinked raters are not ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models.grouping import read_grouping
from kinerja_lib.models.rater_graph import rater_graph
from kinerja_lib.models.rater_scale import rater_facets
from kinerja_lib.models.rater_style import halo_table, spread_table
from kinerja_lib.models.raters import rater_analysis

LEVELS = ["Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan", "Baik", "Sangat Baik"]
THREE = ["Dibawah ekspektasi", "Sesuai ekspektasi", "Diatas ekspektasi"]


def simulate(seed=1, raters=24, people=30, periods=4, movers=0.25, severity=0.8):
    """Rater j rates ``people`` employees; a share of them has the next rater in the second half."""
    rng = np.random.default_rng(seed)
    n_people = raters * people
    own = np.repeat(np.arange(raters), people)
    moves = rng.random(n_people) < movers
    strict = severity * rng.normal(size=raters)
    ability = rng.normal(size=n_people)
    rows = []
    for t in range(periods):
        by = np.where(moves & (t >= periods // 2), (own + 1) % raters, own)
        signal = ability - strict[by]
        common = signal + 0.5 * rng.normal(size=n_people)
        shared = np.where(by == 3, 1.0, 0.0)  # rater 3 writes the same mark twice
        results = common + rng.logistic(size=n_people) * 0.8
        behaviour = np.where(shared > 0, results, common + rng.logistic(size=n_people) * 0.8)
        total = np.where(by == 5, 0.0, signal + rng.logistic(size=n_people))  # rater 5 rates all alike
        rows.append(
            pd.DataFrame(
                {
                    "id_pegawai": [f"P{i:04d}" for i in range(n_people)],
                    "id_penilai": [f"R{j:02d}" for j in by],
                    "unit_kerja": [f"u{j // 3}" for j in own],
                    "periode": f"2025-Q{t + 1}",
                    "predikat": pd.Categorical(
                        [LEVELS[k] for k in np.searchsorted([-4, -2.5, -1, 2], total)], LEVELS, ordered=True
                    ),
                    "hasil_kerja": pd.Categorical(
                        [THREE[k] for k in np.searchsorted([-1.5, 1.5], results)], THREE, ordered=True
                    ),
                    "perilaku_kerja": pd.Categorical(
                        [THREE[k] for k in np.searchsorted([-1.5, 1.5], behaviour)], THREE, ordered=True
                    ),
                }
            )
        )
    return pd.concat(rows, ignore_index=True), strict


@pytest.fixture(scope="module")
def case():
    frame, strict = simulate()
    return frame, strict, rater_analysis(frame)


def test_severity_is_found_on_both_scales(case):
    _, strict, found = case
    assert found.connected and found.hidden == 0
    table = found.league_table()
    assert table["severity_log_odds"].is_monotonic_decreasing
    truth = pd.Series(strict, index=[f"R{j:02d}" for j in range(len(strict))]).drop(["R05"])
    by_rater = table.set_index("rater").loc[truth.index]
    assert np.corrcoef(truth, by_rater["severity_log_odds"])[0, 1] > 0.9
    assert np.corrcoef(truth, by_rater["severity_points"])[0, 1] > 0.85
    error = by_rater["severity_log_odds"] - (truth - truth.mean())
    assert (error.abs() < 3.5 * by_rater["std_error_log_odds"]).all()
    assert by_rater["reliability_log_odds"].between(0.5, 1.0).all()


def test_variance_is_split_between_its_sources(case):
    _, strict, found = case
    shares = found.variances()
    assert shares.groupby("scale")["share"].sum().to_numpy() == pytest.approx([1.0, 1.0])
    log_odds = shares[shares["scale"] == "log_odds"].set_index("component")["variance"]
    assert log_odds["id_pegawai"] == pytest.approx(1.0, abs=0.35)
    assert log_odds["id_penilai"] + log_odds["unit_kerja"] == pytest.approx(strict.var(ddof=1), rel=0.5)


def test_the_rater_who_rates_all_alike_is_marked(case):
    found = case[2].raters.set_index("rater")
    assert found.index[found["central"]].tolist() == ["R05"]
    assert found.at["R05", "entropy"] == 0.0 and found.at["R05", "mode_share"] == 1.0
    assert found["entropy"].drop("R05").gt(0.2).all()


def test_the_rater_with_halo_is_marked(case):
    found = case[2].raters.set_index("rater")
    assert found.index[found["halo_marked"]].tolist() == ["R03"]
    assert found.at["R03", "halo"] == pytest.approx(1.0)
    assert 0.2 < case[2].halo_pooled < 0.8


def test_diagnostics_in_both_languages(case):
    checks = case[2].diagnostics().set_index("name")
    assert checks.index.tolist() == ["connected", "bridges", "reliability", "central_tendency", "halo"]
    assert checks.at["connected", "verdict"] == "ok"
    assert "linked" in case[2].diagnostics("en").set_index("name").at["connected", "meaning"]


def test_unlinked_raters_are_not_ranked():
    frame, _ = simulate(movers=0.0, raters=6, people=20)
    found = rater_analysis(frame)
    assert not found.connected and len(found.components) == 6
    checks = found.diagnostics().set_index("name")["verdict"]
    assert checks["connected"] == "fail" and checks["bridges"] == "warning"
    with pytest.raises(ModelError, match="6 komponen") as error:
        found.league_table()
    assert "lebih dari satu penilai" in error.value.action
    with pytest.raises(ModelError, match="6 components"):
        found.league_table(lang="en")
    with pytest.raises(ModelError):
        found.league_table(component=1)
    with pytest.raises(ModelError, match="99"):
        found.league_table(component=99)


def test_a_component_may_be_ranked_inside():
    first, _ = simulate(seed=2, raters=5, people=20)
    second, _ = simulate(seed=3, raters=4, people=10)
    for name in ("id_pegawai", "id_penilai", "unit_kerja"):
        second[name] = "X" + second[name]
    found = rater_analysis(pd.concat([first, second], ignore_index=True))
    assert found.components["raters"].tolist() == [5, 4]
    assert found.components["rows"].sum() == len(first) + len(second)
    with pytest.raises(ModelError, match="2 komponen") as error:
        found.league_table()
    assert "component=1" in error.value.action
    assert len(found.league_table(component=2)) == 4


def test_small_raters_are_hidden_but_counted():
    frame, _ = simulate(raters=6, people=20)
    few = frame["id_pegawai"].isin(["P0000", "P0001", "P0002"])
    frame.loc[few, "id_penilai"] = "R99"
    found = rater_analysis(frame)
    assert found.hidden == 1 and "R99" not in set(found.raters["rater"])
    assert found.components["raters"].sum() == 7


def test_the_callers_frame_stays_and_columns_may_be_absent():
    frame, _ = simulate(raters=5, people=12)
    slim = frame[["id_pegawai", "id_penilai", "predikat"]].copy()
    slim.loc[:4, "id_penilai"] = None
    before = slim.copy()
    found = rater_analysis(slim)
    pd.testing.assert_frame_equal(slim, before)
    assert "halo" not in found.raters and np.isnan(found.halo_pooled)
    assert found.fits["log_odds"].spec.groups == ("id_pegawai", "id_penilai")
    assert found.fits["log_odds"].glance()["n"] == len(slim) - 5
    same = rater_analysis(frame.assign(unit_kerja=frame["id_penilai"]))
    assert same.fits["points"].spec.groups == ("id_pegawai", "id_penilai")
    once = rater_analysis(frame[frame["periode"] == "2025-Q1"])
    assert once.fits["points"].spec.groups == ("id_penilai", "unit_kerja")


def test_what_cannot_be_analysed_is_refused():
    frame, _ = simulate(raters=4, people=10)
    for bad, word in (
        (frame.drop(columns="id_penilai"), "id_penilai"),
        (frame.assign(id_penilai="R1"), "id_penilai"),
        (frame.assign(predikat="Baik"), "predikat"),
        (frame.assign(id_penilai=None), "penilai"),
    ):
        with pytest.raises(ModelError, match=word):
            rater_analysis(bad)


def test_components_by_hand():
    frame = pd.DataFrame({"p": list("aabbcdde"), "r": list("xyyzwvvu")})
    graph = rater_graph(read_grouping(frame, "p", "id"), read_grouping(frame, "r", "id"))
    assert graph.table[["raters", "ratees", "rows", "bridges"]].to_numpy().tolist() == [
        [3, 2, 4, 2], [1, 1, 2, 0], [1, 1, 1, 0], [1, 1, 1, 0],
    ]  # fmt: skip
    assert not graph.connected


def test_spread_and_halo_by_hand():
    frame = pd.DataFrame({"r": ["a"] * 4 + ["b"] * 4})
    by = read_grouping(frame, "r", "id")
    table = spread_table(np.array([0, 0, 1, 1, 0, 0, 0, 1]), 2, by, np.array([4, 4]))
    assert table["mean"].tolist() == [1.5, 1.25]
    assert table["sd"].to_numpy() == pytest.approx([np.sqrt(1 / 3), 0.5])
    quarter = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) / np.log(2)
    assert table["entropy"].to_numpy() == pytest.approx([1.0, quarter])
    x = np.array([1.0, 2, 3, 4, 1, 2, 3, 4])
    y = np.array([1.0, 2, 3, 4, 4, 3, 2, np.nan])
    halo, pooled = halo_table(x, y, by, np.array([4, 4]))
    assert halo["halo"].to_numpy() == pytest.approx([1.0, -1.0])
    assert pooled == pytest.approx((5.0 - 2.0) / 7.0)


def test_facets_find_severity_and_the_rater_who_does_not_fit(case):
    frame, strict, _ = case
    found = rater_facets(frame)
    table = found.raters.set_index("rater")
    assert table["severity"].is_monotonic_decreasing
    assert table["severity"].sum() == pytest.approx(0.0, abs=1e-9)
    truth = pd.Series(strict, index=[f"R{j:02d}" for j in range(len(strict))]).drop("R05")
    error = table.loc[truth.index, "severity"] - truth
    assert ((error - error.mean()).abs() < 4 * table.loc[truth.index, "std_error"]).all()
    assert table.index[table["marked"]].tolist() == ["R05"] and table.at["R05", "infit"] < 0.1
    assert table.drop("R05")["infit"].between(0.6, 1.4).all()
    # a stricter rater would give a lower mean to the same people
    assert table["fair_average"].is_monotonic_increasing
    assert found.thresholds["estimate"].is_monotonic_increasing
    assert found.hidden == 0


def test_fair_average_is_the_mean_over_the_population(case):
    found = rater_facets(case[0])
    shift = np.random.default_rng(0).normal(size=20_000) * found.fit.variances()["sd"].iloc[0]
    tau, severity = found.thresholds["estimate"].to_numpy(), found.raters["severity"].iloc[0]
    above = 1 / (1 + np.exp(tau[None, :] + severity - shift[:, None]))
    assert found.raters["fair_average"].iloc[0] == pytest.approx(1 + above.sum(axis=1).mean(), abs=0.02)


def test_facets_need_links_and_leave_out_extreme_raters():
    frame, _ = simulate(movers=0.0, raters=5, people=20)
    with pytest.raises(ModelError, match="5 komponen"):
        rater_facets(frame)
    with pytest.raises(ModelError, match="99"):
        rater_facets(frame, component=99)
    with pytest.raises(ModelError, match="ada 1"):
        rater_facets(frame, component=1)
    linked, _ = simulate(raters=6, people=20)
    linked.loc[linked["id_penilai"] == "R02", "predikat"] = "Sangat Baik"
    found = rater_facets(linked)
    assert found.hidden == 1 and "R02" not in set(found.raters["rater"])
