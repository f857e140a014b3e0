"""Whom the duties of a year hold: SKP, evaluation and JP are asked of staff who are on duty.

Who is on unpaid leave, on a study assignment, suspended, about to retire or gone by the profile of the year has no
SKP to set and nobody to appraise him, and would count as lacking them. The classes are ``legal_standing.toml``.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from kinerja_lib.indicators.keywords import Keywords
from kinerja_lib.indicators.regulation_tables import regulation


def standing(kedudukan_hukum: pd.Series) -> pd.Series:
    """The class of ``legal_standing.toml`` of each legal standing; an empty text for those on duty.

    Examples
    --------
    >>> standing(pd.Series(["Aktif", "CLTN", "Masa Persiapan Pensiun", None])).tolist()
    ['', 'Cuti di luar tanggungan negara', 'Masa persiapan pensiun', '']
    """
    found = _classes().classes_of(kedudukan_hukum.astype("object"))
    return found.map(lambda classes: classes[0] if classes else "").astype("object")


def on_duty(pegawai: pd.DataFrame) -> pd.Series:
    """Which rows of the profile the duties of their year hold."""
    return (standing(pegawai["kedudukan_hukum"]) == "").astype("bool")


@cache
def _classes() -> Keywords:
    return Keywords(regulation("legal_standing")["kelas"])
