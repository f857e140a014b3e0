"""Cells that are written plainly, read all at once: NIPs, numbers, dates and texts of which a column holds a million.

A rule looks at one text after the other and knows every way of writing; that is fast enough where a column holds a few
thousand texts. Here a whole column is looked at byte by byte, and only what is beyond doubt is read: 18 digits that
make a NIP, digits with at most one mark, a day in ten letters, a text of single blanks. Everything else is left to the rule, so that the
result is the rule's, cell for cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kinerja_lib.schema.nip import AGE_AT_APPOINTMENT, LENGTH

FROM_TEXTS = 200  # fewer are read one by one as fast
_PLAIN_NUMBER = r"^[0-9]+[.,]?[0-9]*$"
_MISSING_AT_MOST = 10  # letters of the longest placeholder
_SINGLE_BLANKS = r"^[!-~]+(?: [!-~]+)*$"
_TIME = r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?Z?)?"
_DAY = (
    r"^(?:[12][0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[12][0-9]{3}|[0-9]{2}/[0-9]{2}/[12][0-9]{3})"
    + _TIME
    + "$"
)
_MONTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


class Read(NamedTuple):
    """Which of the texts were read, and of these the values and the reasons."""

    done: NDArray[np.bool_]
    values: NDArray[Any]
    reasons: NDArray[Any] | str = ""


AtOnce = Callable[["Texts"], Read]


class Texts:
    """Texts as the bytes of their UTF-8.

    Parameters
    ----------
    texts : array of str, shape (n,)
    """

    def __init__(self, texts: Any) -> None:
        arrow = pa.array(texts, pa.large_string())
        self.arrow = arrow.combine_chunks() if isinstance(arrow, pa.ChunkedArray) else arrow
        self.starts = np.frombuffer(self.arrow.buffers()[1], dtype=np.int64)
        self.starts = self.starts[self.arrow.offset : self.arrow.offset + len(self.arrow) + 1]
        data = self.arrow.buffers()[2]
        self.data = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
        self.lengths = np.diff(self.starts)

    def letters(self, rows: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
        """Bytes of texts that are all so long, shape (rows, width)."""
        return self.data[self.starts[rows][:, None] + np.arange(width)]

    def objects(self, rows: NDArray[np.bool_]) -> NDArray[Any]:
        """These texts as Python texts."""
        found: NDArray[Any] = self.arrow.filter(pa.array(rows)).to_numpy(zero_copy_only=False)
        return found


def texts_as_they_are(texts: Texts) -> Read:
    """Texts that are folded already: ASCII, one blank between words, too long for a placeholder."""
    done = texts.lengths > _MISSING_AT_MOST
    done &= pc.match_substring_regex(texts.arrow, _SINGLE_BLANKS).to_numpy(zero_copy_only=False)
    return Read(done, texts.objects(done))


def nips(texts: Texts) -> Read:
    """Texts of 18 digits in which ``schema.nip.fault_of`` finds no fault."""
    done = texts.lengths == LENGTH
    rows = np.flatnonzero(done)
    digits = texts.letters(rows, LENGTH).astype(np.int64) - 48
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    year, month, day = (_number(digits, *span) for span in ((0, 4), (4, 6), (6, 8)))
    appointed, later, last = (_number(digits, *span) for span in ((8, 12), (12, 14), (15, 18)))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = _MONTHS[np.clip(month, 0, 12)] + (leap & (month == 2))
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    good &= (appointed >= 1945) & (appointed <= 2100) & (later >= 1) & ((later <= 12) | (later >= 21))
    good &= ((digits[:, 14] == 1) | (digits[:, 14] == 2)) & (last > 0)
    age = appointed - year
    good &= (age >= AGE_AT_APPOINTMENT[0]) & (age <= AGE_AT_APPOINTMENT[1])
    done[rows] = good
    return Read(done, texts.objects(done))


def _number(digits: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    result = np.zeros(len(digits), dtype=np.int64)
    for place in range(start, end):
        result = result * 10 + digits[:, place]
    return result


class Shape(NamedTuple):
    """Digits with one mark at most: which texts are such, and of these the value if the mark is a decimal one, the
    mark ("" where there is none), and whether it may as well group thousands."""

    done: NDArray[np.bool_]
    values: NDArray[np.float64]
    mark: NDArray[np.str_]
    after: NDArray[np.int64]  # digits behind the mark
    grouped: NDArray[np.bool_]


def shape_of(texts: Texts) -> Shape:
    """Texts of digits with one point or comma at most, behind the first digit."""
    done = pc.match_substring_regex(texts.arrow, _PLAIN_NUMBER).to_numpy(zero_copy_only=False)
    found = texts.arrow.filter(pa.array(done))
    comma, point = (pc.find_substring(found, mark).to_numpy() for mark in ",.")
    before, length = np.maximum(comma, point), texts.lengths[done]
    after = np.where(before < 0, 0, length - before - 1)
    first = texts.data[texts.starts[:-1][done]] if len(found) else np.zeros(0, dtype=np.uint8)
    return Shape(
        done,
        pc.cast(pc.replace_substring(found, ",", "."), pa.float64()).to_numpy(),
        np.where(comma >= 0, ",", np.where(point >= 0, ".", "")),
        after,
        (before > 0) & (before <= 3) & (after == 3) & (first > ord("0")),
    )


def numbers_at_once(mark: str, low: float | None, high: float | None, currency: bool) -> AtOnce:
    """The rule of ``numbers.number_rule`` for numbers with one mark at most that can be read in one way only."""

    def read(texts: Texts) -> Read:
        shape = shape_of(texts)
        clear = ~shape.grouped | ((shape.mark == mark) & (not currency))
        values = shape.values[clear]
        done = shape.done.copy()
        done[done] = clear
        outside = np.zeros(len(values), dtype=bool)
        if low is not None:
            outside |= values < low
        if high is not None:
            outside |= values > high
        found = values.astype(object)
        found[outside] = None
        return Read(done, found, np.where(outside, "di_luar_batas", "").astype(object))

    return read


def marks_at_once(texts: Texts) -> tuple[NDArray[np.bool_], frozenset[str]]:
    """Of numbers with one mark at most: which texts are such, and the decimal marks that they prove."""
    shape = shape_of(texts)
    proves = (shape.mark != "") & (shape.after != 0) & (shape.after != 3)
    proves &= (shape.mark != ".") | (shape.after <= 3)  # a workbook's own number proves nothing
    return shape.done, frozenset(np.unique(shape.mark[proves]).tolist())


def days_of(texts: Texts) -> tuple[NDArray[np.bool_], list[str], NDArray[np.int64]]:
    """Texts that are a day in ten letters, with a time or without: which, the distinct days, and which of these each
    is. The rule of dates says of a time what it says of its day."""
    done = pc.match_substring_regex(texts.arrow, _DAY).to_numpy(zero_copy_only=False)
    letters = np.ascontiguousarray(texts.letters(np.flatnonzero(done), 10))
    days, of = np.unique(letters.view("S10").ravel(), return_inverse=True)
    return done, [day.decode("ascii") for day in days.tolist()], of


def days_at_once(rule: Callable[[str], tuple[Any, str]]) -> AtOnce:
    """The rule of a column of dates, applied to each distinct day."""

    def read(texts: Texts) -> Read:
        done, days, of = days_of(texts)
        values, reasons = np.empty(len(days), dtype=object), np.empty(len(days), dtype=object)
        for place, day in enumerate(days):
            values[place], reasons[place] = rule(day)
        return Read(done, values[of], reasons[of])

    return read
