"""Who is linked to whom through common employees: connected components of the ratee-rater graph.

Two raters can be compared only through people whom both have rated, or through a chain of such people. Raters
in different components share no scale: a difference between them may be severity or performance.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kinerja_lib.models.grouping import Grouping

Codes = NDArray[np.int64]


class RaterGraph(NamedTuple):
    """Components, numbered from 1 by size.

    ``of_rater`` (raters,) and ``of_ratee`` (ratees,) give the component; ``table`` has a row a component:
    component, raters, ratees, rows, bridges (employees with two raters or more).
    """

    of_rater: Codes
    of_ratee: Codes
    table: pd.DataFrame

    @property
    def connected(self) -> bool:
        """Whether all raters share one scale."""
        return len(self.table) == 1


def rater_graph(ratee: Grouping, rater: Grouping) -> RaterGraph:
    """The components of the graph whose edges are the rows."""
    n1, n2 = ratee.size, rater.size
    edges = (np.ones(len(ratee.codes), dtype=np.int8), (ratee.codes, rater.codes + n1))
    _, label = connected_components(sparse.coo_matrix(edges, shape=(n1 + n2,) * 2), directed=False)
    rows = np.bincount(label[ratee.codes])
    rank = np.empty(len(rows), dtype=np.int64)
    rank[np.argsort(-rows, kind="stable")] = np.arange(1, len(rows) + 1)
    component = rank[label]
    of_ratee, of_rater = component[:n1], component[n1:]
    pairs = np.unique(ratee.codes * n2 + rater.codes)
    bridge = np.bincount(pairs // n2, minlength=n1) > 1
    size = len(rows) + 1
    table = pd.DataFrame(
        {
            "component": np.arange(1, size),
            "raters": np.bincount(of_rater, minlength=size)[1:],
            "ratees": np.bincount(of_ratee, minlength=size)[1:],
            "rows": np.bincount(of_ratee[ratee.codes], minlength=size)[1:],
            "bridges": np.bincount(of_ratee[bridge], minlength=size)[1:],
        }
    )
    return RaterGraph(of_rater, of_ratee, table)
