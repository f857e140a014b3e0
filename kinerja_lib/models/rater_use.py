"""How raters use the scale, and whether they can be compared at all: what needs no model of severity.

The full analysis (``rater_analysis``) fits two crossed models; a yearly report needs the spread of each rater, tested
against everybody's, and the graph of who is linked to whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.models.grouping import read_grouping
from kinerja_lib.models.rater_checks import CENTRAL, MARKED
from kinerja_lib.models.rater_graph import rater_graph
from kinerja_lib.models.rater_rows import rated_rows
from kinerja_lib.models.rater_style import spread_table


@dataclass(frozen=True, eq=False)
class RaterUse:
    """Use of the scale.

    Attributes
    ----------
    raters : DataFrame
        rater, ratees, mean, sd, spread_ratio (own spread over everybody's), mode_share, p_spread (adjusted for the number of
        raters), component, central (spreads less than everybody by more than chance): raters with ``minimum`` people or more.
    components : DataFrame
        Groups of raters whom common employees link, the largest first.
    hidden : int
        Raters with fewer people, not shown.
    """

    raters: pd.DataFrame
    components: pd.DataFrame
    hidden: int


def rater_use(
    panel: pd.DataFrame,
    *,
    outcome: str = "predikat",
    ratee: str = "id_pegawai",
    rater: str = "id_penilai",
    minimum: int = 5,
    lang: str = "id",
) -> RaterUse:
    """Spread of each rater's ratings beside everybody's, and the components of the network.

    Parameters
    ----------
    panel : DataFrame
        One row a rating. Rows without outcome, employee or rater are left out.
    minimum : int
        Fewest employees of a rater who is shown.

    Raises
    ------
    ModelError
        A column is missing, or there is no rating.
    """
    frame, codes, levels = rated_rows(panel, outcome, ratee, rater, None, lang)
    who, by = read_grouping(frame, ratee, lang), read_grouping(frame, rater, lang)
    people = np.bincount(np.unique(who.codes * by.size + by.codes) % by.size, minlength=by.size)
    graph = rater_graph(who, by)
    table = spread_table(codes, levels, by, people).assign(component=graph.of_rater)
    table["central"] = (table["p_spread"] < MARKED) & (table["spread_ratio"] < CENTRAL)
    shown = table[table["ratees"] >= minimum].reset_index(drop=True)
    return RaterUse(shown, graph.table, len(table) - len(shown))
