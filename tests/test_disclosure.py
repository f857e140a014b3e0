"""No suppressed cell may follow from the printed ones: checked by exact bounds of a linear programme."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from kinerja_lib.disclosure import marker_note, protect, require_group, suppress_counts, suppress_means
from kinerja_lib.errors import DisclosureError


def bounds(values, hidden, cell):
    """Smallest and largest value of a cell, given the printed cells and margins."""
    height, width = values.shape
    rows, right = [], []
    for line in [*((i, slice(None)) for i in range(height)), *((slice(None), j) for j in range(width))]:
        sign = np.zeros(values.shape)
        sign[line] = 1
        last = (line[0], -1) if isinstance(line[0], int) else (-1, line[1])
        sign[last] = -1
        rows.append(np.where(hidden, sign, 0).ravel())
        right.append(-(np.where(hidden, 0, sign) * values).sum())
    goal = np.zeros(values.shape)
    goal[cell] = 1
    found = []
    for way in (1, -1):
        answer = linprog(
            way * goal.ravel(), A_eq=np.array(rows), b_eq=right, bounds=(0, None), method="highs"
        )
        found.append(np.inf if answer.status == 3 else way * answer.fun)
    return found


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.int64,
        st.tuples(st.integers(1, 4), st.integers(1, 5)),
        elements=st.sampled_from([0, 0, 1, 3, 4, 6, 20]),
    )
)
def test_no_suppressed_cell_is_determined(table):
    shown = protect(table)
    small = (shown.values > 0) & (shown.values < 5)
    assert shown.hidden[small].all()
    for cell in np.argwhere(shown.hidden):
        low, high = bounds(shown.values, shown.hidden, tuple(cell))
        assert high - low > 0.99


def test_nothing_is_hidden_where_no_group_is_small():
    shown = protect(np.array([[5, 0], [9, 12]]))
    assert not shown.hidden.any()
    assert shown.values[-1, -1] == 26


def test_one_small_cell_takes_three_others_and_totals_stay():
    shown = protect(np.array([[3, 20], [10, 30]]))
    assert shown.hidden[:2, :2].all() and not shown.hidden[-1].any() and not shown.hidden[:, -1].any()


def test_a_long_frame_loses_shares_with_counts():
    frame = pd.DataFrame(
        {"u": ["a", "a", "b", "b"], "p": ["x", "y"] * 2, "count": [3, 20, 10, 30], "n": [23, 23, 40, 40]}
    )
    frame["share"], frame["distance"] = frame["count"] / frame["n"], 0.1
    safe = suppress_counts(frame, ["u"], "p", row_derived=("distance",))
    assert safe["suppressed"].all() and safe[["count", "share", "distance"]].isna().all(axis=None)
    assert safe["n"].tolist() == [23, 23, 40, 40]
    assert frame["count"].tolist() == [3, 20, 10, 30]


def test_a_one_way_table_hides_two():
    safe = suppress_counts(pd.DataFrame({"u": ["a", "b", "c"], "count": [2, 9, 30]}), ["u"], total=None)
    assert safe["suppressed"].tolist() == [True, True, False]


def test_means_hide_a_second_group_so_that_the_whole_does_not_give_it_away():
    frame = pd.DataFrame({"g": list("aaab"), "n": [2, 8, 40, 9], "mean": [1.0, 2.0, 3.0, 4.0]})
    assert suppress_means(frame, ["mean"], within=["g"])["suppressed"].tolist() == [True, True, False, False]
    assert suppress_means(frame, ["mean"])["mean"].isna().tolist() == [True, True, False, False]


def test_refusals_and_note():
    with pytest.raises(DisclosureError):
        protect(np.array([[-1]]))
    with pytest.raises(DisclosureError):
        require_group(4)
    require_group(5)
    require_group(0)
    assert "5 orang" in marker_note() and "5 people" in marker_note(lang="en")
