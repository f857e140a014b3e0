"""No suppressed cell may follow from the printed ones: checked by exact bounds of a linear programme."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from kinerja_lib.disclosure import (
    determined,
    marker_note,
    protect,
    protect_linked,
    require_group,
    suppress_counts,
    suppress_means,
)
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


def _cube_bounds(values, hidden):
    """Width of what each suppressed cell of a cube may be, from all printed cells and margins of the three axes."""
    places, rows = np.arange(values.size).reshape(values.shape), []
    for axis in range(3):
        inner = np.moveaxis(places, axis, 0)
        for rest in np.ndindex(inner.shape[1:]):
            row = np.zeros(values.size)
            row[inner[(slice(None, -1), *rest)]], row[inner[(-1, *rest)]] = 1, -1
            rows.append(row)
    limits = [(0, None) if gone else (n, n) for n, gone in zip(values.ravel(), hidden.ravel(), strict=True)]
    widths = []
    for place in np.flatnonzero(hidden.ravel()):
        ends = []
        for way in (1, -1):
            goal = np.zeros(values.size)
            goal[place] = way
            answer = linprog(
                goal, A_eq=np.array(rows), b_eq=np.zeros(len(rows)), bounds=limits, method="highs"
            )
            ends.append(way * np.inf if answer.status == 3 else way * answer.fun)
        widths.append(abs(ends[1] - ends[0]))
    return widths


def test_tables_beside_their_sum_are_protected_together():
    rng = np.random.default_rng(5)
    together, apart = [], []
    for _ in range(60):
        shape = (rng.integers(2, 5), rng.integers(1, 5), rng.integers(1, 4))
        cube = rng.choice([0, 0, 1, 2, 3, 4, 6, 9, 20, 30], size=shape)
        values, hidden = protect_linked(cube)
        assert hidden[(values > 0) & (values < 5)].all()
        together += _cube_bounds(values, hidden)
        alone = np.stack([protect(one).hidden for one in (*cube, cube.sum(axis=0))])
        apart += _cube_bounds(values, alone)
    assert (
        np.mean(np.array(together) < 0.99) < 0.002
    )  # three dimensions at once may still tell one in a thousand
    assert np.mean(np.array(apart) < 0.99) > 0.05  # each table by itself is broken


def test_cells_given_as_suppressed_stay_so_and_are_protected():
    table = np.array([[10, 20, 30], [15, 25, 35]])
    given = np.zeros((3, 4), dtype=bool)
    given[0, 1] = True
    shown = protect(table, given=given)
    assert shown.hidden[0, 1]
    assert not determined(shown.values, shown.hidden).any()
    assert shown.hidden.sum() == 4
