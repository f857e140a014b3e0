"""The measures of one quarter that the sections quote; each is computed once an edition and quarter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facts import hours_of, is_good
from kinerja_lib.reporting.annual.measures import overall
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

LOW = PREDIKAT[:3]


@dataclass(frozen=True, eq=False)
class Quarter:
    """One quarter of an edition.

    Attributes
    ----------
    staff : DataFrame
        Employees of the year, one row a person, with ``jp`` (hours of trainings that ended from January to the
        end of the quarter), ``owed`` (hours a PNS still lacks, missing for others) and ``dinilai`` (1 where the
        quarter has a predicate).
    rows : DataFrame
        Appraisals of the quarter.
    good : float
        Share of Baik or better; NaN without appraisals.
    """

    staff: pd.DataFrame
    rows: pd.DataFrame
    good: float

    @property
    def low(self) -> pd.Series:
        """1 where the predicate is Butuh Perbaikan or lower."""
        return self.rows["predikat"].astype("str").isin(LOW).astype("float64")

    @property
    def covered(self) -> float:
        """Share of the staff who have a predicate; NaN without staff."""
        return overall(self.staff["dinilai"])


def open_quarter(instansi: str, periode: str, lang: str, project: str | Path) -> Edition:
    """Read what a quarterly report needs.

    Raises
    ------
    UsageError
        The period is no quarter, or there is nothing in it.
    """
    asked = Periode(periode)
    if asked.kind != "quarter":
        raise UsageError(
            Both(f"{periode} bukan triwulan", en=f"{periode} is not a quarter"),
            action=Both("pakai periode seperti 2025-Q3", en="use a period such as 2025-Q3"),
        )
    edition = open_edition(instansi, periode, lang, project)
    if not (edition.tables["panel"]["periode"].astype("str") == str(asked)).any():
        raise UsageError(
            Both(f"tidak ada penilaian untuk {periode}", en=f"no appraisals for {periode}"),
            action="kinerja status",
        )
    return edition


@lru_cache(maxsize=16)
def quarter(edition: Edition, periode: str) -> Quarter:
    """All measures of a quarter (``2025-Q3``)."""
    asked = Periode(periode)
    panel = edition.rows("panel")
    rows = panel[panel["periode"].astype("str") == periode]
    staff = staff_of(edition, asked.year)
    hours = hours_to_date(edition, asked)
    staff = staff.assign(
        jp=hours_of(edition, staff, hours),
        dinilai=staff["id_pegawai"].isin(rows["id_pegawai"]).astype("float64"),
    )
    due = edition.config.thresholds.jp_pns
    owed = (due - staff["jp"]).clip(lower=0.0).where(staff["status_pegawai"].astype("str") == "PNS")
    return Quarter(staff.assign(owed=owed), rows, overall(is_good(rows)))


def staff_of(edition: Edition, year: int) -> pd.DataFrame:
    """Employees by the snapshot of the year, else of the latest year before it; one row a person."""
    everyone = edition.rows("pegawai")
    years = everyone["tahun"].astype("float64")
    known = years[years <= year]
    newest = known.max() if len(known) else year
    return everyone[years == newest].drop_duplicates("id_pegawai")


def hours_to_date(edition: Edition, until: Periode) -> pd.Series:
    """Hours by person of trainings that ended from January to the end of the period."""
    trained = edition.rows("pelatihan", everyone=True)
    ended = pd.to_datetime(trained["tanggal_selesai"])
    inside = (ended >= pd.Timestamp(until.year, 1, 1)) & (ended <= pd.Timestamp(until.end))
    return trained[inside].groupby("id_pegawai")["jp"].sum()


def now_and_before(edition: Edition) -> tuple[Quarter, Quarter]:
    """The edition's quarter and the one before it (which may be empty)."""
    return quarter(edition, str(edition.periode)), quarter(edition, str(edition.periode.previous()))
