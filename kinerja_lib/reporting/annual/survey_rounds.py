"""Two rounds of the staff survey side by side: the change of a scale in each unit, and its events between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from kinerja_lib.indicators import outreach_changes
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.survey_response import last_round


@dataclass(frozen=True, eq=False)
class Rounds:
    """The two rounds of the survey that are compared, the change of each unit between them, and the latter's answers."""

    before: str
    now: str
    changes: pd.DataFrame
    people: int

    def of(self, group: str) -> pd.Series:
        """Changes of the units of a group that have one."""
        return self.changes.loc[self.changes["group"] == group, "change"].dropna()


@lru_cache(maxsize=8)
def rounds(edition: Edition, instrumen: str = "kesadaran") -> Rounds | None:
    """The year's last round and the last one before that year; None where there are not two."""
    now = last_round(edition, instrumen)
    every = edition.rows("survei")
    earlier = (
        every.loc[every["periode"].str[:4].astype("int64") < edition.year, "periode"].max()
        if len(every)
        else None
    )
    if not len(now) or not isinstance(earlier, str):
        return None
    periode = str(now["periode"].iloc[0])
    found = outreach_changes(
        every,
        edition.rows("penyuluhan"),
        earlier,
        periode,
        instrumen=instrumen,
        minimum_group=edition.smallest,
    )
    return Rounds(earlier, periode, found, int(found["n_now"].sum()))
