"""Periods, civil servant numbers, the matrix, older bands, pseudonyms."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja_lib.errors import ConfigError, SchemaError
from kinerja_lib.schema.identity import KEY_FILE, KEY_VARIABLE, project_key, pseudonym, pseudonyms
from kinerja_lib.schema.nip import Nip, fault_of
from kinerja_lib.schema.periode import Periode, periode_range
from kinerja_lib.schema.predikat import (
    MATRIX,
    PREDIKAT,
    RATING,
    band_pp30,
    band_pp46,
    predikat_from_matrix,
    scheme_of,
)

PERIODS = st.one_of(
    st.integers(1990, 2100).map(str),
    st.tuples(st.integers(1990, 2100), st.integers(1, 4)).map(lambda p: f"{p[0]}-Q{p[1]}"),
    st.tuples(st.integers(1990, 2100), st.integers(1, 2)).map(lambda p: f"{p[0]}-S{p[1]}"),
    st.tuples(st.integers(1990, 2100), st.integers(1, 12)).map(lambda p: f"{p[0]}-{p[1]:02d}"),
)


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("2025-S2", date(2025, 7, 1), date(2025, 12, 31), "semester"),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "month"),
    ],
)
def test_period_bounds(text: str, start: date, end: date, kind: str) -> None:
    period = Periode(text)
    assert (period.start, period.end, period.kind) == (start, end, kind)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-Q5", "2025-S3", "2025-13", "2025-00", "2025Q1", "2025-Q1 ", "٢٠٢٥x"]
)
def test_no_period(text: str) -> None:
    with pytest.raises(SchemaError):
        Periode(text)


@given(PERIODS)
def test_next_and_previous_are_inverse_and_adjacent(text: str) -> None:
    period = Periode(text)
    assert period.next().previous() == period
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous() < period < period.next()
    assert period.same_last_year().year == period.year - 1


@given(PERIODS)
def test_quarters_tile_the_period(text: str) -> None:
    period = Periode(text)
    quarters = period.quarters()
    if period.kind == "month":
        assert quarters == ()
        return
    assert quarters[0].start == period.start
    assert quarters[-1].end == period.end
    assert all(period.contains(quarter) for quarter in quarters)


def test_order_and_range() -> None:
    assert sorted(map(Periode, ["2025", "2025-Q4", "2024", "2025-Q1"]))[0] == Periode("2024")
    assert Periode("2025-Q4") > Periode("2025")
    assert [str(p) for p in periode_range("2024-Q3:2025-Q2")] == ["2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"]
    assert periode_range("2025") == (Periode("2025"),)
    for wrong in ("2025-Q1:2024-Q1", "2025-Q1:2025", "x:y"):
        with pytest.raises(SchemaError):
            periode_range(wrong)
    with pytest.raises(TypeError):
        _ = Periode("2025") < 3  # type: ignore[operator]


def test_nip_of_the_regulation() -> None:
    nip = Nip("198609262015051001")
    assert (nip.birth, nip.appointment_year, nip.status, nip.sex) == (date(1986, 9, 26), 2015, "PNS", "L")
    pppk = Nip("199001152024212003")
    assert (pppk.status, pppk.sex, pppk.appointment_year) == ("PPPK", "P", 2024)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "digits"),
        ("19860926201505100", "length"),
        ("1986-9262015051001", "digits"),
        ("198613262015051001", "birth"),
        ("198609262015001001", "month"),
        ("198609262015151001", "month"),
        ("198609262015053001", "sex"),
        ("198609262015051000", "sequence"),
        ("198609262015050000", "sequence"),
        ("198609261900051001", "appointment"),
        ("201009262015051001", "age"),
        ("\u0661" * 18, "digits"),
    ],
)
def test_nip_faults(text: str, fault: str) -> None:
    assert fault_of(text) == fault


def test_a_nip_is_never_shown() -> None:
    nip = Nip("198609262015051001")
    assert "1001" not in repr(nip)
    assert str(nip) == "198609262015051001"
    with pytest.raises(SchemaError) as caught:
        Nip("198613262015051001")
    assert "198613262015051001" not in str(caught.value)


@pytest.mark.parametrize(
    ("hasil", "perilaku", "predikat"),
    [
        ("Diatas ekspektasi", "Dibawah ekspektasi", "Kurang/Misconduct"),
        ("Diatas ekspektasi", "Sesuai ekspektasi", "Baik"),
        ("Diatas ekspektasi", "Diatas ekspektasi", "Sangat Baik"),
        ("Sesuai ekspektasi", "Dibawah ekspektasi", "Kurang/Misconduct"),
        ("Sesuai ekspektasi", "Sesuai ekspektasi", "Baik"),
        ("Sesuai ekspektasi", "Diatas ekspektasi", "Baik"),
        ("Dibawah ekspektasi", "Dibawah ekspektasi", "Sangat Kurang"),
        ("Dibawah ekspektasi", "Sesuai ekspektasi", "Butuh Perbaikan"),
        ("Dibawah ekspektasi", "Diatas ekspektasi", "Butuh Perbaikan"),
    ],
)
def test_matrix_of_permenpanrb_6_2022(hasil: str, perilaku: str, predikat: str) -> None:
    assert predikat_from_matrix(hasil, perilaku) == predikat


def test_matrix_is_monotone_and_refuses_other_words() -> None:
    ranks = [[PREDIKAT.index(cell) for cell in row] for row in MATRIX]
    assert all(low <= high for row in ranks for low, high in pairwise(row))
    with pytest.raises(SchemaError):
        predikat_from_matrix("Baik", RATING[0])


@pytest.mark.parametrize(
    ("nilai", "band"),
    [
        (0, "Buruk"),
        (50, "Buruk"),
        (50.01, "Kurang"),
        (60, "Kurang"),
        (75, "Cukup"),
        (76, "Baik"),
        (90.99, "Baik"),
        (91, "Sangat Baik"),
    ],
)
def test_bands_of_pp46(nilai: float, band: str) -> None:
    assert band_pp46(nilai) == band


def test_bands_of_pp30() -> None:
    assert [band_pp30(x) for x in (49.9, 50, 69.9, 70, 89.9, 90, 109.9, 110)] == [
        "Sangat Kurang", "Kurang", "Kurang", "Cukup", "Cukup", "Baik", "Baik", None,
    ]  # fmt: skip
    assert band_pp30(115, new_idea=True) == "Sangat Baik"
    assert band_pp30(115, new_idea=False) == "Baik"
    for wrong in (-1, 121):
        with pytest.raises(SchemaError):
            band_pp30(wrong)
    with pytest.raises(SchemaError):
        band_pp46(101)


def test_scheme_by_date() -> None:
    assert scheme_of(date(2020, 1, 1), date(2020, 12, 31)) == "PP46"
    assert scheme_of(date(2021, 1, 1), date(2021, 6, 30)) == "PP46"
    assert scheme_of(date(2021, 7, 1), date(2021, 12, 31)) == "PP30"
    assert scheme_of(date(2022, 1, 1), date(2022, 3, 31)) == "PermenPANRB6"


@pytest.mark.parametrize("size", [16, 63, 64, 65, 200])  # HMAC hashes a key that is longer than a block
def test_pseudonyms_at_once_are_those_one_by_one(size: int) -> None:
    key = bytes(number % 251 for number in range(size))
    texts = ["196501012015011001", "", "dua", "é" * 100]
    assert pseudonyms(texts, key) == [pseudonym(text, key) for text in texts]
    assert pseudonyms([], key) == []


def test_pseudonyms(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    key = project_key(tmp_path)
    assert key == project_key(tmp_path)
    code = pseudonym("198609262015051001", key)
    assert code == pseudonym("198609262015051001", key)
    assert code != pseudonym("198609262015051001", b"another key of the same kind")
    assert code.startswith("P")
    assert len(code) == 13
    (tmp_path / KEY_FILE).write_text("short\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        project_key(tmp_path)
    monkeypatch.setenv(KEY_VARIABLE, "k" * 20)
    assert project_key(tmp_path / "elsewhere") == b"k" * 20


def test_periods_pickle() -> None:
    assert pickle.loads(pickle.dumps(Periode("2025-Q3"))) == Periode("2025-Q3")
