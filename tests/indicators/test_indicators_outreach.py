"""Outreach, stagnation and the content of SKP against hand-computed tables, with their boundaries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.schema.tables import typed


def table(name: str, **columns: list[object]) -> pd.DataFrame:
    return typed(pd.DataFrame(columns), name)


STAFF = table(
    "pegawai",
    id_pegawai=[f"P{i}" for i in range(12)],
    tahun=[2025] * 12,
    instansi=["a"] * 10 + ["b"] * 2,
    unit_kerja=["a.u"] * 4 + ["a.v"] * 6 + ["b.w"] * 2,
    tmt_tahun=[2010] * 11 + [2025],
)
EVENTS = table(
    "penyuluhan",
    instansi=["a", "a", "a", "a"],
    unit_kerja=["a.u", "a.u", "a.v", "a.v"],
    tanggal=["2025-02-01", "2025-05-01", "2025-12-31", "2024-12-31"],
    tema_penyuluhan=["Disiplin dan kode etik", "Pengelolaan kinerja", "Pengelolaan kinerja", "Lainnya"],
    jumlah_peserta=[3, 2, 9, 6],
)


def test_reach_lies_between_the_largest_event_and_all_of_them_and_never_above_the_staff() -> None:
    # a.u: 4 staff, 3 and 2 came: between 3 and min(5, 4). a.v: 6 staff, 9 came: 6. The event of 2024 is not counted.
    found = ind.outreach_summary(EVENTS, STAFF, 2025).set_index("instansi")
    a, b = found.loc["a"], found.loc["b"]
    assert (a["staff"], a["units"], a["units_reached"], a["events"], a["participants"]) == (10, 2, 2, 3, 14)
    assert (a["reach_low"], a["reach_high"], a["capped"]) == (0.9, 1.0, 2)
    assert b["events"] == 0 and np.isnan(b["reach_low"])
    whole = ind.outreach_summary(EVENTS, STAFF, 2025, ()).iloc[0]
    assert (whole["reach_low"], whole["reach_high"]) == (0.75, pytest.approx(10 / 12))
    unit = ind.outreach_summary(EVENTS, STAFF, 2025, ["unit_kerja"]).set_index("unit_kerja")
    assert unit.loc["a.u", ["reach_low", "reach_high"]].tolist() == [0.75, 1.0]


def test_events_without_a_count_have_no_reach() -> None:
    silent = EVENTS.assign(jumlah_peserta=pd.array([None] * 4, dtype="Int64"))
    whole = ind.outreach_summary(silent, STAFF, 2025, ()).iloc[0]
    assert whole["events"] == 3 and np.isnan(whole["reach_high"])


def test_themes_count_events_and_people() -> None:
    found = ind.outreach_themes(EVENTS, 2025).set_index("tema_penyuluhan")
    assert found.loc["Pengelolaan kinerja", ["count", "n", "participants"]].tolist() == [2, 3, 11]
    assert found.loc["Lainnya", "count"] == 0
    by_agency = ind.outreach_themes(EVENTS, 2025, ["instansi"])
    assert by_agency["participants"].sum() == 14


def survey(unit: str, periode: str, scores: list[int]) -> pd.DataFrame:
    return table(
        "survei",
        id_responden=[f"{unit}{periode}{i}" for i in range(len(scores))],
        instansi=["a"] * len(scores), unit_kerja=[unit] * len(scores), periode=[periode] * len(scores),
        instrumen=["kesadaran"] * len(scores), butir=["K1"] * len(scores), skor=scores,
    )  # fmt: skip


def event(unit: str, day: str) -> pd.DataFrame:
    return table("penyuluhan", instansi=["a"], unit_kerja=[unit], tanggal=[day], tema_penyuluhan=["Lainnya"])


def test_changes_of_units_and_when_an_event_counts() -> None:
    rounds = [
        survey(unit, periode, scores)
        for unit, first, second in (
            ("a.u", [3] * 5, [4] * 5),  # 50 -> 75
            ("a.v", [3, 3, 3, 3, 5], [3] * 5),  # 60 -> 50
            ("a.w", [3] * 4, [5] * 5),  # four answered before: no change is said
            ("a.x", [3] * 5, [3] * 5),
        )
        for periode, scores in (("2024-Q3", first), ("2025-Q3", second))
    ]
    events = pd.concat(
        [
            event("a.u", "2024-10-01"),
            event("a.v", "2024-09-30"),
            event("a.v", "2025-10-01"),
            event("a.x", "2025-07-01"),
        ]
    )
    found = ind.outreach_changes(pd.concat(rounds), events, "2024-Q3", "2025-Q3").set_index("unit_kerja")
    assert found["group"].to_dict() == {"a.u": "dengan", "a.v": "tanpa", "a.w": "tanpa", "a.x": "tidak_jelas"}
    assert found.loc[["a.u", "a.v", "a.x"], "change"].tolist() == [25.0, -10.0, 0.0]
    assert np.isnan(found.loc["a.w", "change"])
    last = ind.outreach_changes(pd.concat(rounds), event("a.u", "2025-06-30"), "2024-Q3", "2025-Q3")
    assert last.set_index("unit_kerja").loc["a.u", "group"] == "dengan"


def steady(
    person: str, quarters: int, score: int = 4, jp: float | None = 0.0, agency: str = "a"
) -> pd.DataFrame:
    periods = [f"2025-Q{4 - i}" for i in range(quarters)]
    return pd.DataFrame(
        {
            "id_pegawai": person,
            "periode": periods,
            "instansi": agency,
            "predikat_skor": score,
            "jp_12_bulan": jp,
        }
    )


def test_stagnation_needs_every_quarter_and_ends_with_an_innovation() -> None:
    panel = pd.concat(
        [steady("P1", 3), steady("P2", 2), steady("P3", 3, score=5), steady("P4", 3, jp=6.0), steady("P5", 3, agency="b"),
         steady("P6", 3)]
    )  # fmt: skip
    found = ind.stagnation(panel, (), periods=3)
    # P2 has two unchanged quarters of three: not judged; P3 is steadily Sangat Baik; P4 was trained
    assert found[["n", "count", "innovation_known"]].to_numpy().tolist() == [[5, 3, 0]]
    assert ind.stagnation(panel, (), periods=3, jp=6.0)["count"].tolist() == [4]
    ideas = table(
        "inovasi", id_pegawai=["P1", "P6", "P5"], instansi=["a", "a", None],
        tanggal=["2025-04-01", "2025-03-31", "2025-05-01"], judul_inovasi=["x", "y", "z"],
    )  # fmt: skip
    # P1's lies on the first day of the three quarters, P6's on the day before; agency b sends none
    held = ind.stagnation(panel, ["instansi"], periods=3, inovasi=ideas)
    assert held[["instansi", "n", "count", "innovation_known"]].to_numpy().tolist() == [
        ["a", 4, 1, 4],
        ["b", 1, 1, 0],
    ]


APPRAISED = table(
    "penilaian",
    id_pegawai=["P0", "P1", "P2"], periode=["2025-Q1"] * 3, instansi=["a"] * 3, skema=["PermenPANRB6"] * 3,
    tanggal_penetapan_skp=["2025-02-01", None, "2025-02-10"], skp_berjenjang=[False, None, True],
)  # fmt: skip
FORM = table(
    "skp",
    id_pegawai=["P0", "P1", "P3", "P11"], tahun=[2025] * 4, instansi=["a", "a", "a", "b"],
    tanggal_penetapan_skp=["2025-01-31", "2025-02-01", None, "2025-03-20"],
    skp_disepakati=[True, False, None, True], skp_berjenjang=[True, None, None, True],
    indikator_kuantitas=[2, 1, None, 0], indikator_kualitas=[1, 0, None, 1], indikator_waktu=[1, 1, None, 1],
    indikator_biaya=[1, 0, None, 0],
)  # fmt: skip


def test_the_form_mends_dates_and_says_what_the_appraisals_do_not() -> None:
    skp = ind.skp_of_year(APPRAISED, STAFF, 2025, FORM).set_index("id_pegawai")
    # 31 January in the form beats 1 February in the appraisal; 1 February is late
    assert skp["on_time"].to_dict() == {f"P{i}": i == 0 for i in range(12)}
    # P11 was appointed in 2025 and set the SKP in March: a target, and no delay
    assert not skp.loc["P11", "due"] and skp.loc["P11", "has_skp"]
    assert (
        skp.loc["P0", "cascaded"] and bool(skp.loc["P2", "cascaded"]) and pd.isna(skp.loc["P5", "cascaded"])
    )
    total = ind.skp_summary(skp.reset_index(), ()).iloc[0]
    assert (total["n"], total["due"], total["on_time"], total["without"]) == (12, 11, 1, 8)
    assert total["share_on_time"] == pytest.approx(1 / 11)
    content = ind.skp_content(skp.reset_index(), ["instansi"]).set_index("instansi")
    assert content.loc["a", ["agreed", "kuantitas", "kualitas", "biaya", "all_aspects"]].tolist() == [
        0.5,
        1.0,
        0.5,
        0.5,
        0.5,
    ]
    assert content.loc["a", ["known_agreed", "known_kuantitas"]].tolist() == [2, 2]
    assert content.loc["b", ["kuantitas", "known_agreed"]].tolist() == [0.0, 1]


def test_an_agency_without_any_date_is_unknown_not_late() -> None:
    without_b = FORM[FORM["instansi"] == "a"]
    skp = ind.skp_of_year(APPRAISED, STAFF, 2025, without_b)
    found = ind.skp_summary(skp).set_index("instansi")
    staff = int((STAFF["instansi"].astype("str") == "b").sum())
    assert found.loc["b", ["n", "undated", "due", "without"]].tolist() == [staff, staff, 0, 0]
    assert np.isnan(found.loc["b", "share_on_time"]) and np.isnan(found.loc["b", "share_without"])
    assert found.loc["a", "undated"] == 0 and found.loc["a", "due"] > 0


def test_without_the_form_agreement_and_aspects_are_unknown_not_zero() -> None:
    skp = ind.skp_of_year(APPRAISED, STAFF, 2025)
    content = ind.skp_content(skp, ()).iloc[0]
    assert np.isnan(content["agreed"]) and np.isnan(content["biaya"]) and content["known_waktu"] == 0
