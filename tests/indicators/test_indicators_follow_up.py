"""Follow-up by rule, like cases and waiting times, each worked by hand; boundary values decided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.indicators.follow_up import service_reward
from kinerja_lib.indicators.follow_up_time import quantile_days
from kinerja_lib.schema.tables import typed


def table(name, **columns):
    frame = pd.DataFrame(columns)
    for column in frame:
        if column.startswith("tanggal"):
            frame[column] = pd.to_datetime(frame[column])
    return typed(frame, name)


def appraised(*rows):
    """Rows of (person, period, predicate, unit, day)."""
    people, periods, levels, units, days = zip(*rows, strict=True)
    return table(
        "penilaian", id_pegawai=people, periode=periods, instansi=[u.split(".")[0] for u in units], unit_kerja=units,
        skema=["PermenPANRB6"] * len(rows), predikat=levels, tanggal_penilaian=days,
    )  # fmt: skip


def staff(**appointed):
    n = len(appointed)
    return table(
        "pegawai", id_pegawai=list(appointed), tahun=[2025] * n, instansi=["a"] * n, unit_kerja=["a.u"] * n,
        status_pegawai=["PNS"] * n, jenis_jabatan=["Pelaksana"] * n, tmt_tahun=list(appointed.values()),
    )  # fmt: skip


def rewards(*rows):
    people, kinds, days = zip(*rows, strict=True) if rows else ([], [], [])
    return table("penghargaan", id_pegawai=people, jenis_penghargaan=kinds, tanggal=days)


def sanctions(*rows):
    people, levels, days = zip(*rows, strict=True) if rows else ([], [], [])
    return table("hukuman", id_pegawai=people, tingkat_hukuman=levels, tanggal=days)


def rules_of(found):
    return found.groupby("id_pegawai")["rule"].agg(lambda names: sorted(names)).to_dict()


def test_two_years_in_a_row_and_what_breaks_them():
    best = "Sangat Baik"
    rows = appraised(
        ("P1", "2024", best, "a.u", "2025-01-10"), ("P1", "2025", best, "a.u", "2026-01-10"),
        ("P2", "2024", "Baik", "a.u", "2025-01-10"), ("P2", "2025", best, "a.u", "2026-01-10"),
        # 2024 only by quarter: a year without an annual appraisal breaks the row
        ("P3", "2024-Q4", best, "a.u", "2025-01-10"), ("P3", "2025", best, "a.u", "2026-01-10"),
        # a sanction in the first of the two years
        ("P4", "2024", best, "a.u", "2025-01-10"), ("P4", "2025", best, "a.u", "2026-01-10"),
    )  # fmt: skip
    found = ind.follow_up_rules(
        rows, sanctions(("P4", "Ringan", "2024-12-31")), rewards(), staff(P1=2020, P2=2020), 2025
    )
    assert rules_of(found) == {
        "P1": ["berturut_turut", "penghargaan"], "P2": ["penghargaan"], "P3": ["penghargaan"], "P4": ["penghargaan"],
    }  # fmt: skip
    assert found.loc[found["rule"] == "berturut_turut", "level"].tolist() == [2]


def test_a_sanction_on_31_december_bars_the_year_and_on_1_january_does_not():
    rows = appraised(
        ("P1", "2025", "Sangat Baik", "a.u", "2026-01-10"), ("P2", "2025", "Sangat Baik", "a.u", "2026-01-10")
    )
    barred = sanctions(("P1", "Ringan", "2025-12-31"), ("P2", "Ringan", "2026-01-01"))
    assert rules_of(ind.follow_up_rules(rows, barred, rewards(), staff(), 2025)) == {"P2": ["penghargaan"]}


def test_length_of_service_counts_the_year_of_the_tenth_and_not_the_eleventh():
    rows = appraised(("P1", "2025", "Baik", "a.u", "2026-01-10"))
    people = staff(P1=2015, P2=2014, P3=2005, P4=2015, P5=2015)
    bars = sanctions(("P4", "Sedang", "2019-01-01"), ("P5", "Ringan", "2025-01-01"))
    given = rewards(("P1", "Satyalancana Karya Satya 10 Tahun", "2025-08-17"))
    found = ind.follow_up_rules(rows, bars, given, people, 2025)
    assert rules_of(found) == {"P1": ["masa_kerja"], "P3": ["masa_kerja"], "P5": ["masa_kerja"]}
    assert found["level"].tolist() == [10, 20, 10] and found["given"].tolist() == [True, False, False]
    assert found["given_on"].iloc[0] == pd.Timestamp("2025-08-17")


def test_a_medal_for_service_is_no_reward_for_performance():
    rows = appraised(
        ("P1", "2025", "Sangat Baik", "a.u", "2026-01-10"), ("P2", "2025", "Baik", "a.u", "2026-01-10")
    )
    given = rewards(
        ("P1", "SATYALANCANA Karya Satya X", "2025-08-17"), ("P2", "ASN Berprestasi", "2025-08-17")
    )
    assert service_reward(given["jenis_penghargaan"]).tolist() == [True, False]
    total = ind.follow_up_summary(ind.qualification(rows, sanctions(), given, 2025), ()).iloc[0]
    assert (total["reward"], total["reward_met"], total["unqualified_rewarded"]) == (1, 0, 1)


def test_coaching_and_its_missing_record():
    rows = appraised(
        ("P1", "2025", "Butuh Perbaikan", "a.u", "2026-01-10"),
        ("P2", "2025-Q3", "Kurang/Misconduct", "a.v", "2025-10-10"),
    )
    found = ind.follow_up_rules(rows, sanctions(), rewards(), staff(), 2025)
    assert found["rule"].tolist() == ["pembinaan"] * 2 and found["given"].isna().all()
    assert found["unit_kerja"].tolist() == ["a.u", "a.v"]


def test_after_a_transfer_the_unit_is_that_of_the_appraisal():
    rows = appraised(
        ("P1", "2025-Q2", "Baik", "a.u", "2025-07-10"), ("P1", "2025-Q3", "Butuh Perbaikan", "b.v", "2025-10-10"),
    )  # fmt: skip
    found = ind.follow_up_rules(rows, sanctions(), rewards(), staff(P1=2020), 2025)
    assert found[["instansi", "unit_kerja"]].values.tolist() == [["b", "b.v"]]


SAME = [
    ("2025-Q1", "Baik"), ("2025-Q2", "Baik"), ("2025-Q3", "Sangat Baik"), ("2025-Q4", "Sangat Baik"), ("2025", "Sangat Baik"),
]  # fmt: skip


def like(person, levels=SAME, unit="a.u"):
    return [(person, period, level, unit, "2026-01-10") for period, level in levels]


def test_pairs_of_like_cases_by_hand():
    # four like cases, one rewarded: 6 pairs, 3 unlike; by lot 2·1·3/(4·3) of 6 = 3
    rows = appraised(*like("P1"), *like("P2"), *like("P3"), *like("P4"))
    cases = ind.like_cases(
        rows,
        staff(P1=2020, P2=2020, P3=2020, P4=2020),
        sanctions(),
        rewards(("P1", "ASN Berprestasi", "2025-10-01")),
        2025,
    )
    assert cases["predikat_urut"].unique().tolist() == [
        "Baik · Baik · Sangat Baik · Sangat Baik · Sangat Baik"
    ]
    row = ind.consistency(cases).iloc[0]
    assert (row["n"], row["groups"], row["in_groups"], row["mixed"], row["in_mixed"]) == (4, 1, 4, 1, 4)
    assert (row["pairs"], row["unlike"], row["share"], row["expected"], row["ratio"]) == (6, 3, 0.5, 3, 1)


def test_what_makes_cases_unlike():
    people = staff(P1=2020, P2=2020, P3=2020, P4=2020)
    people.loc[people["id_pegawai"] == "P3", "status_pegawai"] = "PPPK"
    other = [("2025-Q1", "Baik"), *SAME[2:]]  # one quarter without an appraisal
    rows = appraised(*like("P1"), *like("P2"), *like("P3"), *like("P4", other))
    cases = ind.like_cases(rows, people, sanctions(("P2", "Ringan", "2025-03-01")), rewards(), 2025)
    assert cases["hukuman"].tolist() == ["-", "Ringan", "-", "-"]
    found = ind.consistency(cases, within=())
    assert found[["n", "groups", "pairs"]].values.tolist() == [[4, 0, 0]]
    assert np.isnan(found["share"].iloc[0]) and np.isnan(found["ratio"].iloc[0])


def test_two_appraisals_of_a_quarter_of_transfer_count_once():
    rows = appraised(*like("P1"), *like("P2", [*SAME[:4], ("2025", "Sangat Baik")], "b.v"))
    cases = ind.like_cases(rows, staff(P1=2020, P2=2020), sanctions(), rewards(), 2025)
    assert ind.consistency(cases)["groups"].tolist() == [0, 0]  # like cases of two agencies are not compared
    assert ind.consistency(cases, within=())["pairs"].tolist() == [1]


def test_overturned_pairs_by_hand():
    lower = [(period, "Baik") for period, _ in SAME]
    rows = appraised(*like("P1"), *like("P2", lower), *like("P3", lower), *like("P4", unit="a.w"))
    people = staff(P1=2020, P2=2020, P3=2020, P4=2020)
    # P2 (Baik) rewarded, P1 (Sangat Baik) of the same unit not: one pair, overturned; P4 is of another unit
    given = rewards(("P2", "ASN Berprestasi", "2025-10-01"))
    found = ind.overturned(ind.like_cases(rows, people, sanctions(), given, 2025)).iloc[0]
    assert found[["instansi", "n", "rewarded", "pairs", "overturned", "share"]].tolist() == [
        "a",
        4,
        1,
        1,
        1,
        1.0,
    ]
    # ranks in the group of three: P1 -2, P2 and P3 +1; the lot rewards one of three: variance 1·2/(3·2)·6 = 2
    assert found["z"] == pytest.approx(1 / np.sqrt(2)) and found["p_value"] == pytest.approx(0.4795, abs=1e-4)
    right = rewards(("P1", "ASN Berprestasi", "2025-10-01"))
    found = ind.overturned(ind.like_cases(rows, people, sanctions(), right, 2025), ()).iloc[0]
    assert (found["pairs"], found["overturned"], found["z"]) == (2, 0, pytest.approx(-2 / np.sqrt(2)))
    nobody = ind.overturned(ind.like_cases(rows, people, sanctions(), rewards(), 2025)).iloc[0]
    assert nobody["pairs"] == 0 and np.isnan(nobody["share"]) and np.isnan(nobody["z"])


def test_rank_test_against_every_lot():
    """z² of many small groups follows its distribution: the variance is that of all lots, counted."""
    from itertools import combinations

    from kinerja_lib.indicators.like_treatment import _pairs

    levels = [0, 0, 1, 2, 2]
    scores = []
    for chosen in combinations(range(5), 2):
        count = np.zeros((1, 2, 5))
        for person, level in enumerate(levels):
            count[0, int(person in chosen), level] += 1
        found = _pairs(count[:, 0], count[:, 1])
        scores.append(found["score"][0])
        assert found["score"][0] == found["overturned"][0] * 2 - found["pairs"][0]
        variance = found["variance"][0]
    assert np.mean(scores) == 0 and np.var(scores) == pytest.approx(variance)


def test_product_limit_of_the_6_mp_trial():
    # Freireich et al. (1963), as in Kalbfleisch & Prentice: 21 patients, 9 relapses
    days = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = ind.product_limit(pd.Series(days), pd.Series([True] * 9 + [False] * 12))
    assert curve["days"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["open"].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve["std_error"].round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert quantile_days(curve) == 23 and np.isnan(quantile_days(curve, 0.9))
    assert (curve["low"] < curve["open"]).all() and (curve["high"] > curve["open"]).all()


def test_waiting_times_with_those_still_open():
    best = "Sangat Baik"
    rows = appraised(
        ("P1", "2024", best, "a.u", "2025-01-10"), ("P2", "2024", best, "a.u", "2025-01-10"),
        ("P3", "2024", best, "a.u", "2025-02-10"), ("P4", "2024", best, "a.u", None), ("P5", "2024", "Baik", "a.u", "2025-01-10"),
    )  # fmt: skip
    given = rewards(
        ("P1", "ASN Berprestasi", "2025-01-20"), ("P2", "ASN Berprestasi", "2024-12-20"),
        ("P3", "Satyalancana Karya Satya 10 Tahun", "2025-03-01"), ("P5", "ASN Berprestasi", "2025-05-20"),
    )  # fmt: skip
    waiting = ind.waiting_times(rows, sanctions(), given, 2024).set_index("id_pegawai")
    # P4 has no date, P5 does not qualify; the last reward of the data is of 20 May 2025
    assert waiting["event"].to_dict() == {"P1": True, "P2": False, "P3": False}
    assert waiting["days"].to_dict() == {"P1": 10, "P2": 130, "P3": 99}
    total = ind.waiting_summary(waiting)
    assert (total["n"], total["events"], total["open"], total["naive"]) == (3, 1, 2, 10)
    assert (
        total["within_90"] == pytest.approx(1 / 3)
        and np.isnan(total["within_365"])
        and np.isnan(total["median"])
    )
    later = ind.waiting_times(rows, sanctions(), given, 2024, until=pd.Timestamp("2027-01-01"))
    assert later["days"].max() == 365  # the rule's days end the watch
    assert ind.waiting_summary(later.head(0))["n"] == 0
    early = ind.waiting_times(rows, sanctions(), given, 2024, until=pd.Timestamp("2025-01-19")).set_index(
        "id_pegawai"
    )
    assert early["event"].to_dict() == {
        "P1": False,
        "P2": False,
    }  # P1's reward of 20 January is not known yet
    assert early["days"].tolist() == [9, 9]
