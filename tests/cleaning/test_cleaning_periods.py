"""Periods under a heading that says what is counted."""

from __future__ import annotations

import pytest

from kinerja_lib.cleaning.periods import period_of, year_of


@pytest.mark.parametrize(
    ("text", "heading", "expected"),
    [
        ("I", "Triwulan", "2025-Q1"),
        ("IV", "Periode / Triwulan", "2025-Q4"),
        ("3", "TW", "2025-Q3"),
        ("3.0000", "Triwulan", "2025-Q3"),
        ("ke-2", "Triwulan", "2025-Q2"),
        ("ketiga", "Triwulan", "2025-Q3"),
        ("II/2025", "Triwulan", "2025-Q2"),
        ("2", "Semester", "2025-S2"),
        ("TW I", "Triwulan", "2025-Q1"),
        ("Triwulan ke-2", "Periode", "2025-Q2"),
        ("Q3", "Triwulan", "2025-Q3"),
    ],
)
def test_a_bare_number_under_its_heading(text: str, heading: str, expected: str) -> None:
    assert period_of(text, "2025", heading) == (expected, "")


@pytest.mark.parametrize(
    ("text", "heading"),
    [("I", "Periode"), ("3", "Periode"), ("5", "Triwulan"), ("3", "Semester"), ("V", "Triwulan")],
)
def test_what_no_heading_explains_is_refused(text: str, heading: str) -> None:
    assert period_of(text, "2025", heading) == (None, "periode_tidak_terbaca")


def test_the_year_of_the_titles() -> None:
    assert year_of({"tahun": "2024", "periode": "TAHUN 2025"}) == "2024"
    assert year_of({"periode": "REKAP PENILAIAN TAHUN 2025"}) == "2025"
    assert year_of({"periode": "2024/2025"}) == ""
    assert period_of("III", year_of({}), "Triwulan") == (None, "tahun_hilang")
