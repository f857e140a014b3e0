"""Coaching: which appraisal opens a case, which record answers it, and how long it took; each worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.schema.tables import typed

BP, K = "Butuh Perbaikan", "Kurang/Misconduct"


def appraised(*rows):
    """Rows of (person, period, predicate, agency, day)."""
    people, periods, levels, agencies, days = zip(*rows, strict=True)
    frame = pd.DataFrame({"id_pegawai": people, "periode": periods, "predikat": levels, "instansi": agencies})
    frame["unit_kerja"] = [f"{agency}.u" for agency in agencies]
    return typed(frame.assign(skema="PermenPANRB6", tanggal_penilaian=pd.to_datetime(days)), "penilaian")


def coached(*rows):
    """Rows of (person, agency, period, kind, begun, ended, result)."""
    columns = (
        "id_pegawai", "instansi", "periode", "jenis_pembinaan", "tanggal_mulai", "tanggal_selesai", "hasil_pembinaan",
    )  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    for name in ("tanggal_mulai", "tanggal_selesai"):
        frame[name] = pd.to_datetime(frame[name])
    return typed(frame, "pembinaan")


GUIDANCE = "Bimbingan kinerja"


def test_the_first_low_predicate_of_the_year_opens_one_case():
    rows = appraised(
        ("P1", "2025", "Baik", "a", "2026-01-20"), ("P1", "2025-Q3", K, "a", "2025-10-10"),
        ("P1", "2025-Q1", BP, "a", "2025-04-10"), ("P2", "2025-Q4", BP, "a", "2026-01-10"),
        ("P2", "2025", BP, "a", "2026-01-20"), ("P3", "2025", "Baik", "a", "2026-01-20"),
        ("P4", "2024-Q4", BP, "a", "2025-01-10"),
    )  # fmt: skip
    found = ind.coaching_cases(rows, coached(), 2025).set_index("id_pegawai")
    assert found["periode"].to_dict() == {"P1": "2025-Q1", "P2": "2025-Q4"}, "a quarter comes before its year"
    assert not found["known"].any() and found["days"].isna().all()
    whole = ind.coaching_summary(found, ()).iloc[0]
    assert (whole["cases"], whole["known"], whole["coached"]) == (2, 0, 0)
    assert np.isnan(whole["share_coached"]) and np.isnan(whole["median"])


def test_which_record_answers_a_case():
    days = ("2025-07-10",)
    rows = appraised(*((f"P{n}", "2025-Q2", BP, "a", *days) for n in range(1, 8)))
    record = coached(
        (
            "P1",
            "a",
            "2025-Q2",
            GUIDANCE,
            "2025-07-01",
            None,
            None,
        ),  # named, begun before it was signed: 0 days
        ("P2", "a", "2025-Q1", GUIDANCE, "2025-08-01", None, None),  # names an earlier quarter
        ("P3", "a", "2025", GUIDANCE, "2025-10-08", "2025-12-01", "Membaik"),  # the year's: day 90
        ("P4", "a", None, GUIDANCE, "2025-10-09", None, None),  # names none, after the appraisal: day 91
        ("P5", "a", None, GUIDANCE, "2025-07-09", None, None),  # names none, the day before
        ("P6", "a", "2024-Q2", GUIDANCE, "2025-08-01", None, None),  # last year's
        ("P6", "a", "2025-Q3", GUIDANCE, "2025-12-07", "2025-12-07", "Belum membaik"),
    )
    found = ind.coaching_cases(rows, record, 2025).set_index("id_pegawai")
    assert found["event"].to_dict() == {
        "P1": True, "P2": False, "P3": True, "P4": True, "P5": False, "P6": True, "P7": False,
    }  # fmt: skip
    # the last day of the record is 7 December, 150 days after the appraisals
    assert found["days"].tolist() == [0, 150, 90, 91, 150, 150, 150]
    whole = ind.coaching_summary(found, ()).iloc[0]
    counts = ("cases", "known", "coached", "due", "in_time", "finished", "better")
    assert [whole[name] for name in counts] == [7, 7, 4, 7, 2, 2, 1]
    assert whole["share_in_time"] == pytest.approx(2 / 7) and whole["share_better"] == 0.5
    # product limit: 6/7, 5/7, 4/7, then one of the four at day 150: 3/7
    assert whole["median"] == 150


def test_the_watch_ends_with_the_record_and_an_agency_without_one_is_unknown():
    rows = appraised(
        ("P1", "2025-Q1", BP, "a", "2025-04-10"), ("P2", "2025-Q4", BP, "a", "2026-01-20"), ("P3", "2025-Q1", BP, "b", "2025-04-10"),
        ("P4", "2025-Q1", BP, "a", None),
    )  # fmt: skip
    record = coached(
        ("P1", "a", "2025-Q1", GUIDANCE, "2025-05-10", "2026-02-20", "Membaik"),
        ("P4", "a", "2025-Q1", "Konseling kinerja", "2025-05-10", None, None),
    )
    until = pd.Timestamp("2026-01-31")
    found = ind.coaching_cases(rows, record, 2025, until=until).set_index("id_pegawai")
    assert found["known"].to_dict() == {"P1": True, "P2": True, "P3": False, "P4": True}
    assert found.loc["P1", "days"] == 30 and pd.isna(found.loc["P1", "finished"]), "it ends after the watch"
    assert found.loc["P2", "days"] == 11 and np.isnan(found.loc["P4", "days"]), "no day of appraisal, no wait"
    table = ind.coaching_summary(found).set_index("instansi")
    # P2 was watched for 11 days only: whether it is in time can't be told yet
    assert table.loc["a", ["cases", "known", "coached", "due", "in_time"]].tolist() == [3, 3, 2, 1, 1]
    assert table.loc["b", ["cases", "known"]].tolist() == [1, 0] and np.isnan(table.loc["b", "share_coached"])
    unplaced = ind.coaching_cases(rows, record.assign(instansi=None), 2025, until=until)
    assert unplaced["known"].tolist() == found["known"].tolist(), (
        "a row without its agency is that of its person"
    )
    early = ind.coaching_cases(rows, record, 2025, until=pd.Timestamp("2025-05-09")).set_index("id_pegawai")
    assert early["event"].sum() == 0 and early.loc["P1", "days"] == 29 and np.isnan(early.loc["P2", "days"])
    late = ind.coaching_cases(rows, record, 2025, until=pd.Timestamp("2028-01-01")).set_index("id_pegawai")
    assert late.loc["P2", "days"] == 365, "nobody is waited for any longer"


def test_kinds_of_the_year():
    record = coached(
        ("P1", "a", "2025-Q1", GUIDANCE, "2025-12-31", None, None), ("P2", "a", "2025-Q4", "Konseling kinerja", "2026-01-01", None, None),
        ("P3", "a", None, None, "2025-02-01", None, None),
    )  # fmt: skip
    found = ind.coaching_kinds(record, 2025).set_index("jenis_pembinaan")
    assert found.loc[GUIDANCE, ["count", "n"]].tolist() == [1, 1] and found["count"].sum() == 1


def test_the_list_says_who_was_coached():
    rows = appraised(
        ("P1", "2025", BP, "a", "2026-01-10"), ("P2", "2025", K, "a", "2026-01-10"), ("P3", "2025", K, "b", "2026-01-10")
    )  # fmt: skip
    none = [
        typed(pd.DataFrame(columns=["id_pegawai"]), name) for name in ("hukuman", "penghargaan", "pegawai")
    ]
    record = coached(("P2", "a", "2025", GUIDANCE, "2026-02-01", None, None))
    found = ind.follow_up_rules(rows, *none, 2025, record).set_index("id_pegawai")
    assert found["given"].astype("object").fillna("?").to_dict() == {"P1": False, "P2": True, "P3": "?"}
    assert found.loc["P2", "given_on"] == pd.Timestamp("2026-02-01") and pd.isna(found.loc["P1", "given_on"])
