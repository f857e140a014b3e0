"""What a cleaned table says of each sheet that its rows came from: filled cells, agency, period, lateness."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.schema.fields import table
from kinerja_lib.schema.periode import Periode

DAYS_ALLOWED = 31  # days after the end of a period for its appraisal; see docs/decisions/0060
UNKNOWN = ""
SEVERAL = "*"  # agency of a file that holds rows of more than one
FACTS = [
    "source",
    "table",
    "instansi",
    "periode",
    "columns",
    "expected",
    "filled",
    "dated",
    "late",
    "differing",
]

# Made by cleaning or empty for good reason: an empty one says nothing about the file.
_NOT_EXPECTED = frozenset(
    {"sumber", "baris_sumber", "skema", "predikat", "predikat_berbeda", "tahun_lahir", "tmt_tahun"}
    | {
        "kelompok_fasilitas",
        "jenjang_jabatan",
        "kendala",
        "kelas_kendala",
        "biaya",
        "predikat_organisasi",
        "berlaku_sampai",
    }
)


def sheet_facts(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Facts of each source of a cleaned table; ``columns`` holds how many cells of each column are filled."""
    source = frame["sumber"].astype("str")
    columns = [one for one in table(name).columns if one in frame and one not in _NOT_EXPECTED]
    filled = frame[columns].notna().groupby(source).sum()
    facts = pd.DataFrame({"columns": filled.to_dict("records")}, index=filled.index)
    facts["instansi"] = _agencies(frame, source)
    facts["periode"] = periods_of(frame).groupby(source).max()
    late, dated = lateness(frame)
    facts["dated"], facts["late"] = dated.groupby(source).sum(), late.groupby(source).sum()
    differing = (
        frame["predikat_berbeda"].fillna(False).astype("bool")
        if "predikat_berbeda" in frame
        else dated & False
    )
    facts["differing"] = differing.groupby(source).sum()
    facts["table"] = name
    return facts.rename_axis("source")


def _agencies(frame: pd.DataFrame, source: pd.Series) -> Any:
    """The agency of each source: its only one, or ``SEVERAL``."""
    if "instansi" not in frame:
        return UNKNOWN
    codes = frame["instansi"].astype("object")
    count, first = codes.groupby(source).nunique(), codes.groupby(source).first()
    return first.where(first.notna(), UNKNOWN).astype("str").where(count <= 1, SEVERAL)


def periods_of(frame: pd.DataFrame) -> pd.Series:
    """Period of each row as text: ``periode``, else the year of ``tahun`` or of a date; empty where unknown."""
    if "periode" in frame:
        return frame["periode"].astype("object").where(frame["periode"].notna(), UNKNOWN).astype("str")
    if "tahun" in frame:
        years = frame["tahun"].astype("Int64")
    else:
        years = pd.to_datetime(frame["tanggal"]).dt.year.astype("Int64")
    return years.astype("object").where(years.notna(), UNKNOWN).astype("str")


def lateness(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Which rows are late, and which bear a date that can show it.

    An appraisal is late where its date lies more than ``DAYS_ALLOWED`` days after the end of its period.
    """
    none = pd.Series(False, index=frame.index)
    if "tanggal_penilaian" not in frame or "periode" not in frame:
        return none, none
    ends = {
        text: pd.Timestamp(Periode(text).end) for text in frame["periode"].dropna().astype("str").unique()
    }
    day, end = pd.to_datetime(frame["tanggal_penilaian"]), frame["periode"].astype("object").map(ends)
    dated = day.notna() & end.notna()
    late = (day - pd.to_datetime(end)).dt.days > DAYS_ALLOWED
    return late.fillna(False) & dated, dated
