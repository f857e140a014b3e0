"""Fairness for researchers: two methods on the annual predicate, one family, like cases by agency, small counts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kinerja_lib.config import starter
from kinerja_lib.disclosure import MINIMUM_GROUP
from kinerja_lib.indicators import overturned
from kinerja_lib.panel import build_panel
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.fairness_findings import panel_years, person_years
from kinerja_lib.reporting.annual.rewards import FEWEST, cases_of_years
from kinerja_lib.reporting.research.fairness import OUTCOMES, _findings, level_name
from kinerja_lib.reporting.research.like_treatment import (
    covered,
    like_cases_treated,
    overturned_by_agency,
)
from kinerja_lib.samples import synthetic_tables

WEAK = "dinas-pertanian"


@pytest.fixture(scope="module")
def government(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    root = tmp_path_factory.mktemp("adil")
    (root / "kinerja.toml").write_text(starter("Pemerintah Rangkui", synthetic=True), encoding="utf-8")
    sample = synthetic_tables(seed=7, weak=(WEAK,))
    processed = root / "data" / "processed"
    processed.mkdir(parents=True)
    for name, frame in {**sample.tables, "panel": build_panel(sample.tables).panel}.items():
        frame.to_parquet(processed / f"{name}.parquet", index=False)
    (root / "data" / "reference").mkdir(parents=True)
    sample.register.to_csv(root / "data" / "reference" / "units.csv", index=False, encoding="utf-8")
    return open_edition("all", "2025", "id", root)


def test_performance_is_the_annual_predicate(government: Edition) -> None:
    rows = person_years(government, everyone=True)
    assert len(rows) <= panel_years(government)
    annual = government.tables["penilaian"]
    annual = annual[annual["periode"] == "2025"]
    shares = rows[rows["tahun"] == 2025]["predikat"].value_counts(normalize=True)
    expected = annual["predikat"].astype("str").value_counts(normalize=True)
    quarter = government.tables["panel"].query("periode == '2025-Q4'")["predikat"].astype("str")
    quarter = quarter[quarter != "nan"].value_counts(normalize=True)
    for level in ("Sangat Baik", "Baik"):
        assert abs(shares[level] - expected[level]) < 0.01
    assert abs(quarter["Sangat Baik"] - expected["Sangat Baik"]) > 0.01  # they do differ


def test_all_groups_and_events_are_one_family_of_two_methods(government: Edition) -> None:
    made = [finding for outcome in OUTCOMES for finding in _findings(government, outcome)]
    assert {finding.topic for finding in made} == {"keadilan_reward", "keadilan_sanction"}
    for finding in made:
        assert "confirmed" in {gate.name for gate in finding.gates} or finding.strength == "none"
        if not finding.said and finding.evidence:
            assert finding.precision is not None and len(finding.precision.errors) == 2
            assert "masih dapat terdeteksi" in finding.sentence()


def test_contract_staff_have_no_grade(government: Edition) -> None:
    assert level_name(government.labels, "golongan_kelompok[PPPK]") == "PPPK"
    assert level_name(government.labels, "golongan_kelompok[III]") == "Golongan III"


def test_the_agency_that_rewards_by_sex_is_like_a_lot(government: Edition) -> None:
    found = overturned_by_agency(government).set_index("instansi")
    assert found.loc[WEAK, "share"] > 0.4 and found.loc[WEAK, "p_adjusted"] > 0.5
    assert found.loc["dinas-pendidikan", "share"] < 0.3 and found.loc["dinas-pendidikan", "p_adjusted"] < 0.05
    assert (found[["rewarded", "pairs"]] >= max(FEWEST, MINIMUM_GROUP)).all().all()
    assert (found["p_adjusted"] >= found["p_value"] - 1e-12).all()


def test_error_under_the_lot_is_that_of_the_test(government: Edition) -> None:
    cases = cases_of_years(government)
    assert cases is not None
    row = overturned(cases, ()).iloc[0]
    assert (row["share"] - 0.5) / row["lot_error"] == pytest.approx(row["z"])


def test_a_left_out_agency_does_not_follow_from_the_sum() -> None:
    counts = pd.Series([3, 2, 8, 12, 40])
    assert covered(counts, counts < 5, 5).tolist() == [True, True, False, False, False]
    one = pd.Series([3, 8, 12])
    assert covered(one, one < 5, 5).tolist() == [True, True, False]
    none = pd.Series([6, 8])
    assert not covered(none, none < 5, 5).any()


def test_the_section_shows_sentence_chart_and_tables(
    government: Edition, shown: list[dict[str, Any]]
) -> None:
    like_cases_treated(government)
    assert [block["kind"] for block in shown] == ["text", "findings", "figure", "table", "table"]
    drawn = next(block for block in shown if block["kind"] == "figure")
    assert drawn["id"] == "gbr-kasus-serupa"
