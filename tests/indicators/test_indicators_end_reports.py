"""Reports when an assignment ends: there, whole, in time; each worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.schema.tables import typed

COLUMNS = (
    "unit_kerja", "periode", "judul_tugas", "status_tugas", "tanggal_selesai", "tanggal_laporan", "persen_capaian", "capaian",
    "kendala",
)  # fmt: skip


def reports(*rows):
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(instansi="a")
    for name in ("tanggal_selesai", "tanggal_laporan"):
        frame[name] = pd.to_datetime(frame[name])
    return typed(frame, "laporan_tugas")


ROWS = reports(
    ("a.u", "2025-Q1", "Satu", "Selesai", "2025-03-01", "2025-03-15", 100, "selesai", "tidak ada"),  # day 14
    ("a.u", "2025-Q2", "satu ", "Selesai", "2025-03-01", "2025-03-15", 100, "selesai", "tidak ada"),  # the same again
    ("a.u", "2025-Q1", "Dua", "Selesai terlambat", "2025-03-01", "2025-03-16", 90, "selesai", None),  # day 15, not whole
    ("a.u", "2025-Q1", "Tiga", "Selesai", "2025-03-01", None, 100, " ", None),  # none
    ("a.v", "2025-Q2", "Satu", "Selesai", "2025-06-10", "2025-06-01", 100, "selesai", "hujan"),  # before the end: day 0
    ("a.v", "2025-Q2", "Dua", "Selesai", None, "2025-06-01", 100, "selesai", "hujan"),  # the end is not known
    ("a.v", "2025-Q2", "Tiga", "Berjalan", None, None, 40, None, None), ("a.v", "2025-Q2", "Empat", "Dihentikan", None, None, 10, None, None),
)  # fmt: skip


def test_by_unit_and_of_all():
    found = ind.end_report_summary(ROWS, ("unit_kerja",)).set_index("unit_kerja")
    columns = ["finished", "reported", "without", "whole", "dated", "in_time"]
    assert found.loc["a.u", columns].tolist() == [3, 2, 1, 1, 2, 1]
    assert found.loc["a.v", columns].tolist() == [2, 2, 0, 1, 1, 1]
    assert (
        found.loc["a.u", "share_without"] == pytest.approx(1 / 3) and found.loc["a.u", "share_in_time"] == 0.5
    )
    assert found.loc["a.u", "median_days"] == 14.5 and found.loc["a.v", "median_days"] == 0
    whole = ind.end_report_summary(ROWS, ()).iloc[0]
    assert (whole["finished"], whole["without"], whole["share_in_time"]) == (5, 1, pytest.approx(2 / 3))
    assert ind.end_report_summary(ROWS, (), days=15).iloc[0]["in_time"] == 3


def test_the_same_title_on_another_day_is_another_assignment():
    again = ROWS.head(2).assign(tanggal_selesai=pd.to_datetime(["2025-03-01", "2025-06-01"]))
    assert ind.end_report_summary(again, ()).iloc[0]["finished"] == 2
    assert ind.end_report_summary(again.assign(tanggal_selesai=pd.NaT), ()).iloc[0]["finished"] == 2


def test_the_course_counts_an_assignment_in_its_first_quarter():
    found = ind.end_report_summary(ROWS, ("periode",)).set_index("periode")
    assert found["finished"].to_dict() == {"2025-Q1": 3, "2025-Q2": 2}


def test_a_form_without_the_day_of_the_report_says_nothing_of_time():
    bare = ROWS.assign(tanggal_laporan=pd.NaT)
    whole = ind.end_report_summary(bare, ()).iloc[0]
    assert (whole["reported"], whole["dated"]) == (4, 0) and np.isnan(whole["share_in_time"])
    assert not len(ind.end_report_summary(ROWS.head(0)))
