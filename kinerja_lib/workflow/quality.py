"""Quality of a delivery of exports, file by file: complete, valid, timely, free of repeats.

All of it is computed from what cleaning wrote; nothing rests on the date of a file or of today, so that the same
exports give the same figures. Cells are counted in the columns that some file of the same form fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import Register
from kinerja_lib.schema.fields import table, tables
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.storage import load_interim, load_table

DAYS_ALLOWED = 31  # days after the end of a period for its appraisal; see docs/decisions/0060
COUNTS = ("read", "kept", "rejected", "merged")
BLANK_REASONS = frozenset({"nip_kosong", "kolom_wajib_kosong", "instansi_hilang", "tahun_hilang"})
UNKNOWN = ""
SEVERAL = "*"  # agency of a file that holds rows of more than one

# Made by cleaning or empty for good reason: an empty one says nothing about the file.
_NOT_EXPECTED = frozenset(
    {"sumber", "baris_sumber", "skema", "predikat", "predikat_berbeda", "tahun_lahir", "tmt_tahun"}
    | {"kelompok_fasilitas", "jenjang_jabatan", "kendala", "kelas_kendala", "biaya", "predikat_organisasi"}
)


@dataclass(frozen=True, eq=False)
class Delivery:
    """What cleaning wrote about a project's exports.

    Attributes
    ----------
    accounting, ledger, cells : DataFrame
        Rows by file and sheet, rows not kept, cells that could not be read.
    faults : DataFrame
        Files that could not be read: ``file``, ``message``, ``message_en``, ``action``, ``action_en``.
    tables : mapping of str to DataFrame
        Cleaned tables, without the panel.
    register : Register
    """

    accounting: pd.DataFrame
    ledger: pd.DataFrame
    cells: pd.DataFrame
    faults: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    register: Register

    @cached_property
    def sheets(self) -> pd.DataFrame:
        """One row a file, sheet and table.

        Columns: ``file``, ``sheet``, ``layout``, ``table``, ``instansi`` (empty where unknown, ``SEVERAL`` in a file of several), ``periode`` (the
        last one in it, empty where unknown), ``read``, ``kept``, ``rejected``, ``merged``, ``expected`` and
        ``filled`` (cells of kept rows), ``unread`` (cells with a text that could not be read), ``dated``,
        ``late`` (appraisals that bear a date, and those later than ``DAYS_ALLOWED``), ``differing`` (printed
        predicate against the matrix).
        """
        frame = self.accounting.copy()
        frame["source"] = frame["file"].astype("str") + "#" + frame["sheet"].astype("str")
        found = [_sheet_facts(name, part) for name, part in self.tables.items() if len(part)]
        facts = pd.concat(found) if found else pd.DataFrame(columns=_FACTS)
        frame = frame.merge(facts.reset_index(), how="left", on=["source", "table"])
        frame = _expected(frame)
        unread = self._unread()
        frame["unread"] = [unread.get(key, 0) for key in zip(frame["file"], frame["sheet"], strict=True)]
        for name in ("dated", "late", "differing", "expected", "filled"):
            frame[name] = frame[name].fillna(0).astype("int64")
        own = frame["instansi"].fillna(UNKNOWN)
        frame["instansi"] = [
            code or self._agency_of(file) for code, file in zip(own, frame["file"], strict=True)
        ]
        frame["periode"] = frame["periode"].fillna(UNKNOWN)
        return frame.drop(columns=["source", "columns"]).sort_values(
            ["file", "sheet", "table"], ignore_index=True
        )

    def _unread(self) -> dict[tuple[str, str], int]:
        cells = self.cells[~self.cells["reason"].isin(BLANK_REASONS)]
        return {
            (str(file), str(sheet)): int(n)
            for (file, sheet), n in cells.groupby(["file", "sheet"]).size().items()
        }

    def _agency_of(self, file: str) -> str:
        """Agency of a file of which no row was kept, by its folders."""
        for part in reversed(str(file).split("/")[:-1]):
            code = self.register.agency(part.replace("_", " ").lstrip("0123456789 "))[0]
            if code:
                return str(code)
        return UNKNOWN

    @cached_property
    def unreadable(self) -> pd.DataFrame:
        """Files that could not be read, with their agency by folder."""
        codes = [self._agency_of(file) for file in self.faults["file"]] if len(self.faults) else []
        return self.faults.assign(instansi=pd.Series(codes, index=self.faults.index, dtype="str"))


_FACTS = [
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


def _sheet_facts(name: str, frame: pd.DataFrame) -> pd.DataFrame:
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


def _expected(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells expected and filled: in the columns that any file of the form fills."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for layout, name, counts in zip(frame["layout"], frame["table"], frame["columns"], strict=True):
        if isinstance(counts, dict):
            wanted.setdefault((layout, name), set()).update(one for one, n in counts.items() if n)
    expected, filled = [], []
    for row in frame.itertuples():
        columns = wanted.get((row.layout, row.table), set())
        counts = row.columns if isinstance(row.columns, dict) else {}
        expected.append(len(columns) * int(row.kept))
        filled.append(sum(int(counts[one]) for one in columns if one in counts))
    return frame.assign(expected=expected, filled=filled)


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


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts as the four shares a reader compares; missing where there is nothing to divide by.

    Columns ``kept_share``, ``complete``, ``valid``, ``on_time`` (of the appraisals that bear a date) and
    ``repeated`` (rows merged).
    """
    found = frame.copy()
    found["kept_share"] = _ratio(found["kept"], found["read"])
    found["complete"] = _ratio(found["filled"], found["expected"])
    found["valid"] = _ratio(found["filled"], found["filled"] + found["unread"])
    found["on_time"] = _ratio(found["dated"] - found["late"], found["dated"])
    found["repeated"] = _ratio(found["merged"], found["read"])
    return found


def by_group(sheets: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Sheets added up by agency, table or period, with their shares; forms that are not used are left out."""
    counts = [*COUNTS, "expected", "filled", "unread", "dated", "late", "differing"]
    used = sheets[sheets["table"] != UNKNOWN]
    sums = used.groupby(list(keys), as_index=False)[counts].sum()
    files = used.groupby(list(keys))["file"].nunique().reset_index(name="files")
    return shares(sums.merge(files, on=list(keys)))


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype("float64")


def load_delivery(project: Project) -> Delivery:
    """What cleaning wrote about the project's exports.

    Raises
    ------
    UsageError
        The project has not been cleaned yet.
    """
    found = {name: load_interim(project, name) for name in ("accounting", "ledger", "cells", "faults")}
    folder = project.folder("processed")
    cleaned = {
        name: load_table(project, name)
        for name in tables()
        if name != "panel" and (folder / f"{name}.parquet").exists()
    }
    for name in ("accounting", "ledger", "cells"):
        texts = [one for one in ("file", "sheet", "table") if one in found[name]]
        found[name] = found[name].assign(**{one: found[name][one].fillna("").astype("str") for one in texts})
    return Delivery(**found, tables=cleaned, register=project.register())


def filled_share(frame: pd.DataFrame, name: str) -> float:
    """Share of rows whose column holds a value; NaN without rows."""
    return float(frame[name].notna().mean()) if len(frame) and name in frame else float(np.nan)
