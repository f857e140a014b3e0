"""What the chapters of the data quality report rest on: the delivery, cut to the agency it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.annual.edition import WHOLE, Edition
from kinerja_lib.reporting.annual.tables import read_tables
from kinerja_lib.schema.fields import table as described
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow import find_project
from kinerja_lib.workflow.drift import Drift, drift_of, drifts, last_period
from kinerja_lib.workflow.quality import SEVERAL, UNKNOWN, Delivery, by_group, load_delivery, shares
from kinerja_lib.workflow.validation import requests

SHARES = ("kept_share", "complete", "valid", "on_time")
TARGET = 0.98  # a share below this is named in the summary; see docs/decisions/0060


@dataclass(frozen=True, eq=False)
class Quality:
    """A delivery and the edition that speaks of it.

    Attributes
    ----------
    edition : Edition
        Words, numbers, letterhead and the scope of the report.
    delivery : Delivery
        The exports that speak of the report's period.
    every : Delivery
        All of the project's exports, for the trend.
    """

    edition: Edition
    delivery: Delivery
    every: Delivery

    @cached_property
    def sheets(self) -> pd.DataFrame:
        """Sheets of the scope: those of the agency alone, or all."""
        return self.scope(self.delivery.sheets)

    def scope(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of the agency that the report speaks of."""
        return frame if self.edition.whole else frame[frame["instansi"] == self.edition.instansi]

    @cached_property
    def unreadable(self) -> pd.DataFrame:
        """Files of the scope that could not be read."""
        return self.scope(self.delivery.unreadable)

    @cached_property
    def total(self) -> pd.Series:
        """Counts and shares of the whole scope, forms that are not used left out."""
        used = self.sheets[self.sheets["table"] != UNKNOWN]
        counts = used[
            [
                "read",
                "kept",
                "rejected",
                "merged",
                "expected",
                "filled",
                "unread",
                "dated",
                "late",
                "differing",
            ]
        ]
        return floored(shares(counts.sum().to_frame().T.astype("float64"))).iloc[0]

    @property
    def files(self) -> int:
        """Files that came, read or not."""
        return int(self.sheets["file"].nunique()) + len(self.unreadable)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Shares by agency for the government (files of several last), by table for an agency; ``label`` names them."""
        key = "instansi" if self.edition.whole else "table"
        frame = floored(by_group(self.sheets, key))
        frame["label"] = [
            self.agency_label(code) if key == "instansi" else self.table_label(code) for code in frame[key]
        ]
        shared = frame[key].isin([SEVERAL, UNKNOWN])
        return (
            frame.assign(_last=shared)
            .sort_values(["_last", "label"])
            .drop(columns="_last")
            .reset_index(drop=True)
        )

    @cached_property
    def appraisals(self) -> pd.DataFrame:
        """Appraisals of the scope."""
        return self.edition.rows("penilaian")

    @cached_property
    def quarter(self) -> Periode | None:
        """The last quarter with appraisals inside the report's period."""
        return last_period(self.appraisals, self.edition.periode)

    @cached_property
    def drift(self) -> Drift | None:
        """Change of the whole scope; None without a quarter."""
        if self.quarter is None:
            return None
        text = self.appraisals["periode"].astype("str")
        now, before = str(self.quarter), str(self.quarter.previous())
        return drift_of(self.appraisals[text == now], self.appraisals[text == before])

    @cached_property
    def group_drifts(self) -> dict[str, Drift]:
        """Change by agency or unit; groups too small in either quarter are left out."""
        if self.quarter is None:
            return {}
        found = drifts(self.appraisals, self.quarter, self.edition.group)
        smallest = self.edition.smallest
        return {name: one for name, one in found.items() if min(one.people, one.people_before) >= smallest}

    @cached_property
    def fewer_people(self) -> dict[str, Drift]:
        """Groups of which more than a tenth of the people have no appraisal of the quarter yet, the largest loss first."""
        if self.quarter is None:
            return {}
        found = drifts(self.appraisals, self.quarter, self.edition.group)
        lost = {
            name: one for name, one in found.items()
            if one.people_before >= self.edition.smallest and one.people_moved and one.people_change < 0
        }  # fmt: skip
        return dict(sorted(lost.items(), key=lambda item: item[1].people - item[1].people_before))

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Rows and cells to mend in the scope."""
        asked = requests(self.delivery, minimum_group=self.edition.smallest)
        return self.scope(asked)

    def agency_label(self, code: str) -> str:
        """Name of an agency, or what a file of several or of none is called."""
        if code in (SEVERAL, UNKNOWN):
            return self.edition.labels.text("quality.several" if code == SEVERAL else "quality.unknown")
        return self.edition.name(code)

    def table_label(self, name: str) -> str:
        """Name of a table for a reader."""
        return described(name).label(self.edition.lang) if name else self.edition.labels.text("data.unused")


def floored(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares cut to a tenth of a percent, so that what is not whole never shows as 100 %."""
    names = [name for name in SHARES if name in frame]
    return frame.assign(**{name: np.floor(frame[name].round(9) * 1000) / 1000 for name in names})


def open_quality(instansi: str, periode: str, lang: str, project: str | Path) -> Quality:
    """Read what the report needs; it needs no panel.

    Parameters
    ----------
    instansi : str
        Agency code, or ``all``.
    periode : str
        A year or a quarter: drift is that of its last quarter with appraisals.
    lang : {"id", "en"}
    project : str or Path

    Raises
    ------
    UsageError
        Nothing has been cleaned, or no file is the agency's.
    """
    found = find_project(Path(project))
    delivery = load_delivery(found)
    edition = Edition(
        found.root, found.config, instansi, Periode(periode), lang, read_tables(delivery.tables),
        {entry.code: entry.name for entry in delivery.register.entries}, delivery.accounting, delivery.ledger,
    )  # fmt: skip
    quality = Quality(edition, delivery.within(edition.periode), delivery)
    if instansi != WHOLE and not quality.files:
        known = sorted(set(delivery.sheets["instansi"]) - {SEVERAL, UNKNOWN})
        raise UsageError(
            Both(f"tidak ada berkas dari instansi: {instansi}", en=f"no file of the agency: {instansi}"),
            details=known,
            action="kinerja status",
        )
    return quality
