"""What is read all at once is what the rules read one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kinerja_lib.cleaning import dates, distinct, numbers
from kinerja_lib.cleaning.distinct import each_distinct, plain
from kinerja_lib.cleaning.nip_repair import repair_nip
from kinerja_lib.cleaning.plain_cells import Texts, nips, texts_as_they_are
from kinerja_lib.schema.identity import pseudonym, pseudonyms
from kinerja_lib.schema.nip import fault_of

NUMBER = st.one_of(
    st.text(alphabet="0123456789.,", max_size=17),
    st.from_regex(r"\A[0-9]{1,13}[.,][0-9]{0,4}\Z"),
    st.sampled_from(
        ["-", "n/a", "Rp 1.250.000,-", "1 234,5", "85 %", "-3,5", "1e3", "1.5E+3", "", "٣", "0.1"]
    ),
)
DIGITS = st.one_of(
    st.from_regex(r"\A(19[5-9]\d|20[01]\d|0000|1900)(0[0-9]|1[0-3])([0-2]\d|3[0-2])(19[4-9]\d|20\d\d)"
                  r"(0\d|1[0-3]|2[01])[0-3](000|\d{3})\Z"),
    st.text(alphabet="0123456789 '.", max_size=20),
    st.sampled_from(["NIP 198609262015051001", "19860926 201505 1 001", "٣98609262015051001", "-"]),
)  # fmt: skip
MARKS = st.sampled_from(["", ".", ","])


def _same(one: tuple[pd.Series, pd.Series], other: tuple[pd.Series, pd.Series]) -> None:
    for ours, theirs in zip(one, other, strict=True):
        assert ours.tolist() == theirs.tolist()
        assert [type(cell) for cell in ours] == [type(cell) for cell in theirs]


@pytest.fixture(autouse=True)
def few_texts_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "FROM_TEXTS", 0)
    monkeypatch.setattr(numbers, "FROM_TEXTS", 0)
    monkeypatch.setattr(dates, "FROM_TEXTS", 0)


ANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY
@given(texts=st.lists(NUMBER, min_size=1, max_size=30), mark=MARKS, currency=st.booleans(),
       low=st.sampled_from([None, 0.0, 50.0]), high=st.sampled_from([None, 120.0]))  # fmt: skip
@example(["1.595", "1,595", "0.595", "1234.567", "12.", "007", "85,25"], "", False, None, None)
def test_numbers(texts: list[str], mark: str, currency: bool, low: float | None, high: float | None) -> None:
    cells = pd.Series([*texts, None], dtype="str")
    rule = numbers.number_rule(mark, low, high, currency)
    _same(
        numbers.numbers(cells, mark, low=low, high=high, currency=currency),
        each_distinct(cells, rule),
    )


@ANY
@given(texts=st.lists(NUMBER, max_size=3))
@example(["123,4567"])
@example(["123.4567"])
def test_marks(texts: list[str]) -> None:
    cells = pd.Series(texts, dtype="str")
    found = numbers.marks_seen(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "FROM_TEXTS", 1_000)
        assert numbers.marks_seen(cells) == found


DAY = st.one_of(
    st.from_regex(r"\A([0-3][0-9][-/][0-3][0-9][-/](0000|19[0-9]{2}|2[0-9]{3})|(0000|19[0-9]{2}|20[0-9]{2})-[01][0-9]-[0-3][0-9])"
                  r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?Z?)?\Z"),
    st.sampled_from(["31 Desember 2024", "1 s.d. 3 Mei 2024", "45292", "01-01-1900", "1900-01-01", "00-00-0000",
                     "00/00/0000", "0000-00-00", "29-02-2023", "2024-12-31T08:15:33+07:00", "5/6/2024", "-"]),
)  # fmt: skip


@ANY
@given(texts=st.lists(DAY, min_size=1, max_size=20), order=st.sampled_from(["", "dmy", "mdy"]))
def test_dates(texts: list[str], order: str) -> None:
    cells = pd.Series([*texts, None], dtype="str")
    _same(dates.dates(cells, order), each_distinct(cells, dates.date_rule(order)))
    found = dates.orders_seen(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "FROM_TEXTS", 1_000)
        assert dates.orders_seen(cells) == found


@ANY
@given(texts=st.lists(DIGITS, min_size=1, max_size=30))
def test_nips(texts: list[str]) -> None:
    cells = pd.Series([*texts, None], dtype="str")
    _same(each_distinct(cells, repair_nip, nips), each_distinct(cells, repair_nip))


@pytest.mark.parametrize(
    ("text", "good"),
    [("198609262015051001", True), ("198602292015051001", False), ("198802292015051001", True),
     ("190002292015051001", False), ("198609262015211001", True), ("198609262015131001", False),
     ("198609262015053001", False), ("198609262015051000", False), ("198609262080051001", False),
     ("198613262015051001", False), ("00000926201505100١", False), ("198609262001051001", False),
     ("198609262003051001", True)],
)  # fmt: skip
def test_a_nip_is_one_where_no_fault_is_found(text: str, good: bool) -> None:
    assert bool(nips(Texts(np.array([text], dtype=object))).done[0]) is good is (fault_of(text) == "")


@ANY
@given(texts=st.lists(st.text(alphabet="aB- \t\u00a0é/1", max_size=14), min_size=1, max_size=20))
def test_texts(texts: list[str]) -> None:
    cells = pd.Series([*texts, None, "00-00-0000", "Contoh Sintetis Satu"], dtype="str")

    def rule(text: str) -> tuple[str, str]:
        return plain(text), ""

    _same(each_distinct(cells, rule, texts_as_they_are), each_distinct(cells, rule))


def test_pseudonyms_are_those_of_each_text() -> None:
    texts = ["198609262015051001", "199001152024212003", "x"]
    key = b"a key of sixteen bytes"
    assert pseudonyms(texts, key) == [pseudonym(text, key) for text in texts]
    assert pseudonyms([], key) == []
