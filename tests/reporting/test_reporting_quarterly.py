"""Measures of the quarterly report, the unit's profile and the research reports, against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.findings import Difference, finding_from_difference
from kinerja_lib.reporting import quarterly, research
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.plan import unit_suffix
from kinerja_lib.reporting.quarterly.coverage import (
    counted,
    coverage_sentence,
    hidden_note,
    only_shown,
    shown_share,
)
from kinerja_lib.reporting.quarterly.facts import hours_to_date, now_and_before, quarter
from kinerja_lib.reporting.quarterly.follow_up import actions
from kinerja_lib.reporting.quarterly.movement import moved, movement
from kinerja_lib.reporting.quarterly.owed import owed_by_group
from kinerja_lib.reporting.research.fits import kept_frame, research_frame, results
from kinerja_lib.reporting.research.opening import family_p_value
from kinerja_lib.reporting.research.questions import QUESTIONS
from kinerja_lib.reporting.research.robustness import curve_frame, left_out, strongest_control
from kinerja_lib.reporting.unit_profile import open_profile
from kinerja_lib.reporting.unit_profile.facts import measures, value
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow import Project

GOOD = ("Baik", "Sangat Baik")


@pytest.fixture(scope="module")
def edition(project: Project) -> Edition:
    return quarterly.open_quarter("all", "2025-Q3", "id", project.root)


@pytest.fixture(scope="module")
def study(project: Project) -> Edition:
    return research.open_research("all", "2025", "en", project.root)


def test_a_year_is_no_quarter(project: Project) -> None:
    with pytest.raises(UsageError, match="triwulan"):
        quarterly.open_quarter("all", "2025", "id", project.root)
    with pytest.raises(UsageError, match="2031"):
        quarterly.open_quarter("all", "2031-Q1", "id", project.root)


def test_the_quarter_counts_its_own_rows(edition: Edition) -> None:
    now, before = now_and_before(edition)
    panel = edition.tables["panel"]
    rows = panel[panel["periode"].astype("str") == "2025-Q3"]
    assert len(now.rows) == len(rows)
    assert now.good == pytest.approx(rows["predikat"].astype("str").isin(GOOD).mean())
    assert set(before.rows["periode"].astype("str")) == {"2025-Q2"}
    assert now.covered == pytest.approx(now.staff["id_pegawai"].isin(rows["id_pegawai"]).mean())


def test_hours_run_from_january_to_the_end_of_the_quarter(edition: Edition) -> None:
    trained = edition.tables["pelatihan"]
    ended = pd.to_datetime(trained["tanggal_selesai"])
    inside = trained[(ended >= "2025-01-01") & (ended <= "2025-09-30")]
    hours = hours_to_date(edition, Periode("2025-Q3"))
    assert hours.sum() == pytest.approx(inside["jp"].sum())
    staff = quarter(edition, "2025-Q3").staff
    pns = staff[staff["status_pegawai"].astype("str") == "PNS"]
    assert (pns["owed"] == (20 - pns["jp"]).clip(lower=0)).all()
    assert staff.loc[staff["status_pegawai"].astype("str") != "PNS", "owed"].isna().all()


def test_counts_by_group_give_no_small_one_away(edition: Edition) -> None:
    people = pd.DataFrame({"instansi": ["a"] * 30 + ["b"] * 20 + ["c"] * 12})
    flag = pd.Series([True] * 27 + [False] * 3 + [True] * 20 + [True] * 6 + [False] * 6)
    frame = counted(edition, people, flag).set_index("label")
    assert set(frame.index) == {"A", "B", "C", "Keseluruhan"}
    assert frame.loc["A", "no"] == "*" and math.isnan(frame.loc["A", "share"])
    assert frame.loc["B", "no"] == 0 and frame.loc["B", "share"] == 1.0
    # 3 must not follow from the total 9 and the 6 of c
    assert "*" in (frame.loc["C", "no"], frame.loc["Keseluruhan", "no"])


def test_owed_hours_are_withheld_with_their_count(edition: Edition) -> None:
    pns = pd.DataFrame({"instansi": ["a"] * 10 + ["b"] * 10, "owed": [0.0] * 2 + [5.0] * 8 + [4.0] * 10})
    frame = owed_by_group(edition, pns).set_index("label")
    assert frame.loc["A", "owing"] == "*" and frame.loc["A", "hours"] == "*"
    assert math.isnan(frame.loc["A", "each"])


def test_change_is_after_minus_before(edition: Edition) -> None:
    frame = moved(edition)
    assert (frame["change"] - (frame["after"] - frame["before"])).abs().max() < 1e-12
    assert frame["change"].is_monotonic_decreasing or frame["change"].isna().any()


def test_actions_name_owner_and_deadline(edition: Edition) -> None:
    frame = actions(edition)
    assert list(frame["number"]) == [str(place + 1) for place in range(len(frame))]
    assert frame["owner"].str.len().gt(3).all() and frame["deadline"].str.contains(r"\d{4}").all()
    assert coverage_sentence(edition)
    share = shown_share(edition)
    assert isinstance(share, str) or 0 <= share <= 1


def test_a_last_quarter_sends_what_is_owed_to_the_next_year(project: Project) -> None:
    last = quarterly.open_quarter("all", "2025-Q4", "id", project.root)
    frame = actions(last).set_index("recommendation")["deadline"]
    (text,) = (text for text in frame.index if "JP" in text)
    assert "rencana pelatihan tahun 2026" in text and frame[text] == "31 Maret 2026"
    assert all(not day.endswith("2025") for day in frame), "a deadline before the report can be written"
    third = actions(quarterly.open_quarter("all", "2025-Q3", "id", project.root)).set_index("recommendation")
    assert set(third.loc[[text for text in third.index if "JP" in text], "deadline"]) == {"31 Desember 2025"}


def test_groups_that_are_all_withheld_leave_the_whole_and_a_note(edition: Edition) -> None:
    frame = pd.DataFrame({"staff": ["*", "*", 9], "no": [0, "*", "*"]})
    shown, hidden = only_shown(frame, "staff")
    assert hidden == 2 and list(shown["staff"]) == [9]
    assert hidden_note(edition, hidden).startswith("Sebanyak 2 instansi tidak ditampilkan")
    some = pd.DataFrame({"staff": ["*", 7, 9]})
    assert only_shown(some, "staff")[1] == 0 and hidden_note(edition, 0) == ""


def test_the_change_of_shares_is_in_points(edition: Edition, shown: list[dict]) -> None:
    movement(edition)
    (table,) = (block for block in shown if block.get("id") == "tbl-perubahan")
    assert table["columns"][-1] == "Perubahan (poin persentase)"
    assert not any("%" in row[-1] for row in table["cells"])


def test_a_profile_sets_the_unit_beside_its_agency(project: Project) -> None:
    edition = open_profile("dinas-pendidikan", "", "2025-Q3", "id", project.root)
    found = measures(edition, "2025-Q3")
    for code in found.people.index:
        own = found.rows[found.rows["unit_kerja"].astype("str") == code]
        shown = value(found, "good", code)
        assert math.isnan(shown) or shown == pytest.approx(own["predikat"].astype("str").isin(GOOD).mean())
        if len(own) < 5:
            assert math.isnan(shown)
    assert math.isnan(value(found, "good", "tidak-ada"))
    with pytest.raises(UsageError, match="tidak ada unit") as caught:
        open_profile("dinas-pendidikan", "dinas-pendidikan.sekertariat", "2025", "id", project.root)
    assert caught.value.details


@pytest.mark.parametrize(
    ("unit", "suffix"),
    [("", ""), ("dinas-a.bidang-sma", "-bidang-sma"), ("../../etc/x y", "-etc-x-y"), (None, "")],
)
def test_a_units_report_has_its_own_file(unit: str | None, suffix: str) -> None:
    assert unit_suffix({"unit": unit}) == suffix


def test_the_frame_of_the_models(study: Edition) -> None:
    frame = research_frame(study)
    panel = study.tables["panel"]
    assert len(frame) == int((panel["tahun"] <= 2025).sum())
    assert set(frame["baik_persen"].dropna().unique()) <= {0.0, 100.0}
    np.testing.assert_allclose(frame["jp_10"] * 10, frame["jp"])


def test_designs_decide_the_claim() -> None:
    asked = QUESTIONS["leadership"]
    assert list(asked.specs()) == ["fixed_effects", "first_difference", "cross_section", "multilevel"]
    assert asked.claim_of("fixed_effects").design == "fixed_effects"
    assert asked.claim_of("multilevel").design == "selection_on_observables"
    assert asked.specs()["cross_section"].exposures[0] == asked.claim.term == "kepemimpinan_10"


def test_fits_are_kept_and_read_again(study: Edition) -> None:
    calls = []

    def make() -> pd.DataFrame:
        calls.append(1)
        return pd.DataFrame({"x": [1.25, None], "t": ["a", "b"]})

    first, second = (kept_frame(study, "coba", "q", make) for _ in range(2))
    assert len(calls) == 1
    pd.testing.assert_frame_equal(first, second)


def test_the_curve_holds_every_specification_and_one_main(study: Edition) -> None:
    frame, choices = curve_frame(study, "training")
    assert len(frame) == 64 + 8 and int(frame["main"].sum()) == 1
    assert len(choices) == 8 and frame[choices].dtypes.eq("bool").all()
    main = frame[frame["main"]].iloc[0]
    exact = results(study, "training")["fixed_effects"].term("jp_10")["estimate"]
    assert main["estimate"] == pytest.approx(exact, rel=1e-6)


def test_each_agency_is_left_out_once(study: Edition) -> None:
    table = left_out(study, "training")
    assert sorted(table["left_out"]) == sorted(study.tables["panel"]["instansi"].astype("str").unique())


def test_family_of_the_exposures(study: Edition) -> None:
    result = results(study, "training")["fixed_effects"]
    tidy = result.tidy().set_index("term")
    p = tidy.loc[list(QUESTIONS["training"].exposures), "p_value"].to_numpy()
    order = np.argsort(p)
    adjusted = np.minimum.accumulate((p[order] * 3 / np.arange(1, 4))[::-1])[::-1]
    expected = min(float(adjusted[list(order).index(0)]), 1.0)
    assert family_p_value(result, QUESTIONS["training"].exposures)[0] == pytest.approx(expected)


def test_strength_of_controls_is_on_the_scale_of_the_robustness_value(study: Edition) -> None:
    found = strongest_control(study, "training")
    assert found is not None
    robustness, strength = found
    assert 0 < robustness < 1 and 0 <= strength < 1


def difference(estimate: float, half: float, p: float, events: int = 100) -> Difference:
    return Difference(
        "keadilan", ("perempuan", "women"), ("laki-laki", "men"), ("penghargaan", "rewards"),
        estimate, estimate - half, estimate + half, p, events,
    )  # fmt: skip


def test_a_difference_is_said_unsaid_or_too_small() -> None:
    said = finding_from_difference(difference(-0.05, 0.02, 0.001))
    assert (
        said.said
        and said.direction == "below"
        and "5,0" in said.sentence("id")
        and "less" in said.sentence("en")
    )
    more = finding_from_difference(difference(0.05, 0.02, 0.001))
    assert more.direction == "above" and "lebih sering" in more.sentence("id")
    chance = finding_from_difference(difference(0.05, 0.08, 0.2))
    assert not chance.said and "kebetulan" in chance.sentence("id")
    few = finding_from_difference(difference(0.05, 0.02, 0.001, events=12))
    assert not few.said and "12" in few.sentence("en")
    small = finding_from_difference(difference(0.001, 0.004, 0.7), margin=0.01)
    assert small.strength == "none" and "1,00" in small.sentence("id")
    hidden = finding_from_difference(difference(math.nan, math.nan, math.nan))
    assert not hidden.said and "terlalu kecil" in hidden.sentence("id")


def test_a_confounder_that_explains_all_of_the_outcome() -> None:
    from kinerja_lib.models import adjusted_estimate

    found = adjusted_estimate(1.0, 0.1, 50.0, 0.2, 1.0)
    assert found.std_error == 0.0 and math.isinf(found.statistic)
