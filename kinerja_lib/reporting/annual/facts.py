"""The measures of one year that several chapters quote; each is computed once an edition and year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.indicators import ikm_value, training_recorded
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import overall

GOOD = ("Baik", "Sangat Baik")
LATE = "Selesai terlambat"
UNSUR = tuple(f"unsur_{number}" for number in range(1, 10))


@dataclass(frozen=True, eq=False)
class Facts:
    """One year of an edition.

    Attributes
    ----------
    staff : DataFrame
        ``pegawai`` of the year, one row a person, with ``jp`` (hours of trainings that ended in the year; missing without a record) and
        ``dinilai`` (has an annual predicate).
    annual : DataFrame
        Annual appraisals with a predicate.
    panel : DataFrame
        Quarterly rows of the year.
    """

    staff: pd.DataFrame
    annual: pd.DataFrame
    panel: pd.DataFrame
    good: float
    jp_mean: float
    jp_share: float
    facilities: float
    leadership: float
    clarity: float
    awareness: float
    ikm: float
    on_time: float
    ip_asn: float


def is_good(frame: pd.DataFrame) -> pd.Series:
    """1 where the predicate is Baik or better, missing where there is none."""
    flag = frame["predikat"].isin(GOOD).astype("float64")
    return flag.mask(frame["predikat"].isna())


def hours_of(edition: Edition, staff: pd.DataFrame, hours: pd.Series) -> pd.Series:
    """Hours of each employee: 0 without a training, missing where the agency keeps no record of any."""
    found = staff["id_pegawai"].map(hours).fillna(0.0).astype("float64")
    return found.where(training_recorded(staff, edition.tables["pelatihan"]))


def meets_jp(edition: Edition, staff: pd.DataFrame) -> pd.Series:
    """1 where a PNS reached the hours due; missing for others, whom the obligation does not bind."""
    flag = (staff["jp"] >= edition.config.thresholds.jp_pns).astype("float64")
    return flag.mask((staff["status_pegawai"].astype("str") != "PNS") | staff["jp"].isna())


@lru_cache(maxsize=8)
def facts(edition: Edition, year: int) -> Facts:
    """All measures of a year; those without data are NaN."""
    staff = edition.rows("pegawai", year).drop_duplicates("id_pegawai")
    trained = edition.rows("pelatihan", everyone=True)
    trained = trained[pd.to_datetime(trained["tanggal_selesai"]).dt.year == year]
    hours = trained.groupby("id_pegawai")["jp"].sum()
    appraised = edition.rows("penilaian")
    annual = appraised[(appraised["periode"] == str(year)) & appraised["predikat"].notna()]
    panel = edition.rows("panel", year)
    if not len(annual):
        annual = panel.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    staff = staff.assign(
        jp=hours_of(edition, staff, hours),
        dinilai=staff["id_pegawai"].isin(annual["id_pegawai"]).astype("float64"),
    )
    due = meets_jp(edition, staff)
    return Facts(
        staff=staff,
        annual=annual,
        panel=panel,
        good=edition.of_enough(overall(is_good(annual)), len(annual)),
        jp_mean=edition.of_enough(float(staff["jp"].mean()) if len(staff) else np.nan, len(staff)),
        jp_share=edition.of_enough(overall(due), int(due.notna().sum())),
        facilities=_unit_mean(panel, "fasilitas_indeks"),
        leadership=_unit_mean(panel, "kepemimpinan_indeks"),
        clarity=_unit_mean(panel, "kejelasan_indeks"),
        awareness=_unit_mean(panel, "kesadaran_indeks"),
        ikm=ikm_value(edition.rows("layanan", year)),
        on_time=_on_time(edition.rows("laporan_tugas", year)),
        ip_asn=_ip_asn(edition, year),
    )


def _unit_mean(panel: pd.DataFrame, column: str) -> float:
    return float(panel[column].astype("float64").mean()) if panel[column].notna().any() else np.nan


def _on_time(reports: pd.DataFrame) -> float:
    done = reports[reports["status_tugas"].astype("str").isin(["Selesai", LATE])]
    return overall((done["status_tugas"].astype("str") == "Selesai").astype("float64"))


def _ip_asn(edition: Edition, year: int) -> float:
    from kinerja_lib.reporting.annual.professionalism import scores

    found = scores(edition, year)
    return edition.of_enough(float(found["ip_asn"].mean()), len(found)) if len(found) else np.nan
