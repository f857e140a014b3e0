"""Errors in both languages; they survive a pipe between processes."""

from __future__ import annotations

import pickle

import pytest

from kinerja_lib import errors
from kinerja_lib.errors import Both, KinerjaError, UsageError, in_language


def test_both_reads_as_indonesian_and_holds_english() -> None:
    text = Both("berkas kosong", en="the file is empty")
    assert text == "berkas kosong"
    assert in_language(text, "en") == "the file is empty"
    assert in_language(text, "id") == "berkas kosong"
    assert in_language("teks", "en") == "teks"


def test_an_error_says_what_where_and_what_next() -> None:
    error = UsageError(
        Both("tidak ada", en="absent"),
        details=[Both("rinci", en="detail")],
        action=Both("buat", en="make it"),
    )
    assert str(error) == "tidak ada\n  rinci\n  -> buat"
    assert error.text("en") == "absent\n  detail\n  -> make it"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.text("en")) == (UsageError, error.text("en"))


def test_exit_codes_are_distinct() -> None:
    kinds = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, KinerjaError)
    ]
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert min(codes) == 1


def test_an_error_without_more() -> None:
    with pytest.raises(KinerjaError, match="saja"):
        raise KinerjaError("saja")
