"""Counts of people that the government's and every agency's report print: withheld together, since their sum is printed too.

The whole government's tables decide for every report, as for predicates (``measures.annual_predicates``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.disclosure import protect_linked
from kinerja_lib.reporting.annual.edition import Edition

STATUSES = ("pns", "lainnya")


@dataclass(frozen=True)
class Shown:
    """Counts of one report with what of them may be printed, totals at the end of each axis; ``names`` are the rows."""

    names: tuple[str, ...]
    values: NDArray[np.int64]
    hidden: NDArray[np.bool_]


def staff_by_post(edition: Edition) -> Shown:
    """Staff by kind of post (rows) and status (PNS, others) in a report's scope, the largest first.

    Returns
    -------
    Shown
        ``values`` of shape (posts + 1, 3).
    """
    agencies, posts, values, hidden = _staff_cube(edition)
    place = (
        -1 if edition.whole else agencies.index(edition.instansi) if edition.instansi in agencies else None
    )
    if place is None:
        return Shown((), np.zeros((1, 3), dtype=np.int64), np.zeros((1, 3), dtype=bool))
    counts = values[place, :-1, -1]
    order = [number for number in np.argsort(-counts, kind="stable") if counts[number]]
    rows = [*order, len(posts)]
    return Shown(tuple(posts[number] for number in order), values[place][rows], hidden[place][rows])


@lru_cache(maxsize=4)
def _staff_cube(
    edition: Edition,
) -> tuple[list[str], list[str], NDArray[np.int64], NDArray[np.bool_]]:
    staff = edition.rows("pegawai", edition.year, everyone=True).drop_duplicates("id_pegawai")
    agency, post = (staff[name].astype("str") for name in ("instansi", "jenis_jabatan"))
    other = (staff["status_pegawai"].astype("str") != "PNS").astype("int64")
    agencies, posts = sorted(agency.unique()), sorted(post.unique())
    cube = np.zeros((len(agencies), len(posts), len(STATUSES)), dtype=np.int64)
    codes = pd.Categorical(agency, agencies).codes, pd.Categorical(post, posts).codes
    np.add.at(cube, (*codes, other.to_numpy()), 1)
    values, hidden = protect_linked(cube, edition.smallest)
    return agencies, posts, values, hidden
