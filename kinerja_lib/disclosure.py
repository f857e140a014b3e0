"""Small groups: which cells of a table may not be printed so that nobody's own value can be worked out.

A count of 1 to ``minimum − 1`` is suppressed (primary). Since totals are printed and stay true, further
cells are suppressed (complementary) until no suppressed cell follows from the printed ones. A two-way table
with its margins is a graph: rows and columns, the margins among them, are nodes; suppressed cells are
edges. A suppressed cell is determined exactly where its edge lies on no cycle along which counts could
shift without one falling below zero (Gusfield 1988, SIAM J. Comput. 17(3), 552–571). Everything derived
from a suppressed cell goes with it. Zeros stay.

Long because the protection and the proof that nothing follows from it share one set of flows.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.errors import Both, DisclosureError

MINIMUM_GROUP = 5
MARKER = "*"  # what a printed table shows instead of a suppressed value

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


def marker_note(minimum: int = MINIMUM_GROUP, lang: str = "id") -> str:
    """The note under a table that shows the marker."""
    if lang == "en":
        return f"{MARKER} not shown, to protect groups of fewer than {minimum} people."
    return f"{MARKER} tidak ditampilkan untuk melindungi kelompok yang kurang dari {minimum} orang."


@dataclass(frozen=True)
class Protected:
    """A table of counts with its margins, and what of it may be printed.

    ``values`` has shape (rows + 1, columns + 1), the last row and column being totals; ``hidden`` has the
    same shape.
    """

    values: Counts
    hidden: Mask


def protect(table: Counts, minimum: int = MINIMUM_GROUP, given: Mask | None = None) -> Protected:
    """Choose the suppressed cells of a two-way table of counts, margins included.

    Parameters
    ----------
    table : ndarray of int, shape (rows, columns)
        Counts without margins. A one-way table is one row.
    minimum : int
        Smallest group that may be printed.
    given : ndarray of bool, shape (rows + 1, columns + 1), optional
        Cells that are suppressed already, since another table needs it.

    Raises
    ------
    DisclosureError
        A count is negative.
    """
    cells = np.atleast_2d(np.asarray(table, dtype=np.int64))
    if (cells < 0).any():
        raise DisclosureError(Both("jumlah orang tidak boleh negatif", en="a count of people is negative"))
    values = np.pad(cells, ((0, 1), (0, 1)))
    values[:-1, -1], values[-1, :-1], values[-1, -1] = cells.sum(axis=1), cells.sum(axis=0), cells.sum()
    hidden = (values > 0) & (values < minimum)
    if hidden[-1, -1]:
        return Protected(values, np.ones_like(hidden))
    if given is not None:
        hidden |= given
    for row, column in np.argwhere(determined(values, hidden)).tolist():
        if not _follows(values, hidden, row, column):
            continue  # no longer, since a cell before it was protected; what is hidden besides never follows itself
        path = _cheapest_path(values, hidden, row, column)
        if path is None:
            hidden[:, :] = True
            hidden[-1, -1] = min(cells.shape) == 1 and cells.size == 1
            break
        for place in path:
            hidden[place] = True
    return Protected(values, hidden)


def protect_linked(tables: Counts, minimum: int = MINIMUM_GROUP) -> tuple[Counts, Mask]:
    """Choose the suppressed cells of several tables that are published beside their sum, each with its margins.

    The tables are one cube with its margins. Each of its flat slices is protected, with what the others suppress already
    given, until none needs more: a cell suppressed in one agency's table alone would be the government's less the others.

    Parameters
    ----------
    tables : ndarray of int, shape (groups, rows, columns)
    minimum : int

    Returns
    -------
    values, hidden : ndarray, shape (groups + 1, rows + 1, columns + 1)
        The last of each axis is the total.
    """
    values = np.asarray(tables, dtype=np.int64)
    for axis in range(3):
        values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
    hidden = np.zeros(values.shape, dtype=bool)
    while True:
        before = hidden.copy()
        for axis in range(3):
            flat, masks = np.moveaxis(values, axis, 0), np.moveaxis(hidden, axis, 0)
            for place in range(len(flat)):
                masks[place] |= protect(flat[place][:-1, :-1], minimum, masks[place]).hidden
        if (before == hidden).all():
            return values, hidden


def determined(values: Counts, hidden: Mask) -> Mask:
    """Which suppressed cells follow from the printed ones, given that counts are whole and not negative."""
    result = np.zeros_like(hidden)
    for row, column in np.argwhere(hidden).tolist():
        result[row, column] = _follows(values, hidden, row, column)
    return result


def _follows(values: Counts, hidden: Mask, row: int, column: int) -> bool:
    """Whether one suppressed cell follows from the printed ones."""
    return not (_shift(values, hidden, row, column, up=True) or _shift(values, hidden, row, column, up=False))


def suppress_counts(
    frame: pd.DataFrame,
    rows: Sequence[str],
    column: str | None = None,
    *,
    count: str = "count",
    total: str | None = "n",
    derived: Sequence[str] = ("share",),
    row_derived: Sequence[str] = (),
    minimum: int = MINIMUM_GROUP,
) -> pd.DataFrame:
    """A long frame of counts with its suppressed values blanked, safe beside the table of its totals.

    Parameters
    ----------
    frame : DataFrame
        One row a cell.
    rows : sequence of str
        Columns that name the rows of the table.
    column : str, optional
        Column that names the columns of the table; without it, a one-way table.
    count, total : str
        Counts of people, and the row total (blanked only where it is itself suppressed).
    derived, row_derived : sequence of str
        Columns worked out from a cell, or from a whole row: blanked with the cell, or with any cell of the
        row.

    Returns
    -------
    DataFrame
        A copy with ``suppressed`` (bool) added; blanked values are NaN.
    """
    result = frame.reset_index(drop=True).copy()
    row_codes = pd.factorize(pd.MultiIndex.from_frame(result[list(rows)].astype("object")))[0]
    column_codes = np.zeros(len(result), dtype=np.int64)
    if column is None:
        row_codes, column_codes = column_codes, np.arange(len(result))
    else:
        column_codes = pd.factorize(result[column].astype("object"))[0]
    table = np.zeros((row_codes.max(initial=0) + 1, column_codes.max(initial=0) + 1), dtype=np.int64)
    np.add.at(table, (row_codes, column_codes), result[count].to_numpy(dtype="int64"))
    hidden = protect(table, minimum).hidden
    cell = hidden[row_codes, column_codes]
    result["suppressed"] = cell
    for name in (count, *(name for name in derived if name in result)):
        result[name] = result[name].astype("float64").mask(cell)
    whole = hidden[row_codes, -1]
    if total is not None and total in result:
        result[total] = result[total].astype("float64").mask(whole)
    touched = np.asarray(hidden[:, :-1].any(axis=1))[row_codes]
    for name in row_derived:
        result[name] = result[name].mask(touched)
    return result


def suppress_means(
    frame: pd.DataFrame,
    values: Sequence[str],
    *,
    n: str = "n",
    within: Sequence[str] = (),
    minimum: int = MINIMUM_GROUP,
) -> pd.DataFrame:
    """A frame of group means with those of small groups blanked, safe beside the mean of the whole.

    Where one group alone is too small, its mean would follow from the whole's, so the smallest other group
    is blanked with it. ``values`` and ``n`` are blanked; ``within`` names the columns of the larger groups
    whose mean is printed.

    Returns
    -------
    DataFrame
        A copy with ``suppressed`` (bool) added.
    """
    result = frame.reset_index(drop=True).copy()
    size = result[n].astype("float64").fillna(0)
    hidden = (size > 0) & (size < minimum)
    keys = [result[name].astype("object") for name in within] or [pd.Series(0, index=result.index)]
    code = result.groupby(keys, sort=False, dropna=False).ngroup()
    for group in code.unique():
        places = code.index[code == group]
        if int(hidden[places].sum()) == 1:
            others = size[places][~hidden[places] & (size[places] > 0)]
            if len(others):
                hidden[others.idxmin()] = True
    result["suppressed"] = hidden
    for name in (n, *values):
        result[name] = result[name].mask(hidden)
    return result


def require_group(n: int, minimum: int = MINIMUM_GROUP) -> None:
    """Refuse a table or figure about fewer than ``minimum`` people.

    Raises
    ------
    DisclosureError
    """
    if 0 < n < minimum:
        raise DisclosureError(
            Both(f"kelompok kurang dari {minimum} orang", en=f"a group of fewer than {minimum} people"),
            action=Both("gabungkan dengan kelompok lain", en="merge it with another group"),
        )


def _arcs(values: Counts, hidden: Mask) -> dict[int, list[int]]:
    """Shifts that the suppressed cells allow.

    An arc row → column where the signed cell may rise, back where it may
    fall. Margins carry the opposite sign of the cells they sum, the grand total the same.
    """
    height, width = values.shape
    arcs: dict[int, list[int]] = {}
    for row, column in np.argwhere(hidden):
        margin = (row == height - 1) != (column == width - 1)
        falls = values[row, column] > 0
        if falls or not margin:
            arcs.setdefault(int(row), []).append(height + int(column))
        if falls or margin:
            arcs.setdefault(height + int(column), []).append(int(row))
    return arcs


def _shift(values: Counts, hidden: Mask, row: int, column: int, *, up: bool) -> bool:
    """Whether the signed cell can rise (fall) while all printed cells stay."""
    others = hidden.copy()
    others[row, column] = False
    arcs, height = _arcs(values, others), values.shape[0]
    own = np.zeros_like(hidden)
    own[row, column] = True
    start, goal = (height + column, row) if up else (row, height + column)
    if start not in _arcs(values, own).get(goal, ()):
        return False
    seen, stack = {start}, [start]
    while stack:
        for target in arcs.get(stack.pop(), ()):
            if target == goal:
                return True
            if target not in seen:
                seen.add(target)
                stack.append(target)
    return False


def _cheapest_path(values: Counts, hidden: Mask, row: int, column: int) -> list[tuple[int, int]] | None:
    """Cells that close a cycle through one:

    Positive ones, fewest people, margins last, never the grand total.
    """
    height, width = values.shape
    dear = int(values[-1, -1]) * height * width + 1
    queue: list[tuple[int, int]] = [(0, row)]
    cost, came, goal = {row: 0}, {row: row}, height + column
    while queue:
        spent, node = heapq.heappop(queue)
        if spent > cost[node]:
            continue
        for other in range(width) if node < height else range(height):
            place = (node, other) if node < height else (other, node - height)
            if place in ((row, column), (height - 1, width - 1)) or values[place] == 0:
                continue
            margin = place[0] == height - 1 or place[1] == width - 1
            price = 0 if hidden[place] else int(values[place]) + (dear if margin else 0)
            target = height + other if node < height else other
            if spent + price < cost.get(target, np.inf):
                cost[target], came[target] = spent + price, node
                heapq.heappush(queue, (spent + price, target))
    if goal not in cost:
        return None
    path, node = [], goal
    while node != row:
        before = came[node]
        path.append((before, node - height) if before < height else (node, before - height))
        node = before
    return path
