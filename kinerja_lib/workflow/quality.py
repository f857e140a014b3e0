"""Quality of a delivery of exports, file by file: complete, valid, timely, free of repeats.

All of it is computed from what cleaning wrote; nothing rests on the date of a file or of today, so that the same
exports give the same figures (see ``receipts`` for when a sheet was exported). Cells are counted in the columns that some file of the same form fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import Register
from kinerja_lib.cleaning.pipeline import DECISION_COLUMNS
from kinerja_lib.schema.fields import tables
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.sheet_facts import (
    DAYS_ALLOWED,
    FACTS,
    SEVERAL,
    UNKNOWN,
    lateness,
    periods_of,
    sheet_facts,
)
from kinerja_lib.workflow.storage import load_interim, load_table

COUNTS = ("read", "kept", "rejected", "merged")
BLANK_REASONS = frozenset({"nip_kosong", "kolom_wajib_kosong", "instansi_hilang", "tahun_hilang"})


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
    decisions : DataFrame
        What was decided of columns and sheets, days of export among it.
    """

    accounting: pd.DataFrame
    ledger: pd.DataFrame
    cells: pd.DataFrame
    faults: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    register: Register
    decisions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DECISION_COLUMNS)))

    @cached_property
    def sheets(self) -> pd.DataFrame:
        """One row a file, sheet and table.

        Columns: ``file``, ``sheet``, ``layout``, ``table``, ``instansi`` (empty where unknown, ``SEVERAL`` in a
        file of several), ``periode`` (the last one in it, empty where unknown), ``read``, ``kept``, ``rejected``, ``merged``, ``expected`` and
        ``filled`` (cells of kept rows), ``unread`` (cells with a text that could not be read), ``dated``,
        ``late`` (appraisals that bear a date, and those later than ``DAYS_ALLOWED``), ``differing`` (printed
        predicate against the matrix).
        """
        frame = self.accounting.copy()
        frame["source"] = frame["file"].astype("str") + "#" + frame["sheet"].astype("str")
        found = [sheet_facts(name, part) for name, part in self.tables.items() if len(part)]
        facts = pd.concat(found) if found else pd.DataFrame(columns=FACTS)
        frame = frame.merge(facts.reset_index(), how="left", on=["source", "table"])
        frame = _expected(frame)
        unread = self._unread()
        places = zip(frame["file"], frame["sheet"], frame["table"], strict=True)
        frame["unread"] = [unread.get(key, 0) for key in places]
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

    def within(self, period: Periode) -> Delivery:
        """The part of it that speaks of a period: sheets whose last period lies in it or holds it, or is unknown."""
        texts = self.sheets["periode"]
        speaks = {text: not text or _overlap(Periode(text), period) for text in texts.unique()}
        chosen = self.sheets[texts.map(speaks)]
        keys = set(zip(chosen["file"], chosen["sheet"], strict=True))
        frames = {}
        for name, frame in {
            "accounting": self.accounting,
            "ledger": self.ledger,
            "cells": self.cells,
        }.items():
            inside = [key in keys for key in zip(frame["file"], frame["sheet"], strict=True)]
            frames[name] = frame[np.array(inside, dtype=bool)]
        return replace(self, **frames)

    def _unread(self) -> dict[tuple[str, str, str], int]:
        cells = self.cells[~self.cells["reason"].isin(BLANK_REASONS)]
        counts = cells.groupby(["file", "sheet", "table"]).size()
        return {(str(file), str(sheet), str(name)): int(n) for (file, sheet, name), n in counts.items()}

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


def _overlap(one: Periode, other: Periode) -> bool:
    return one.start <= other.end and other.start <= one.end


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


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts as the four shares a reader compares; missing where there is nothing to divide by.

    Columns ``kept_share`` (of the rows that repeat no other: a copy of a file takes nothing away), ``complete``, ``valid``,
    ``on_time`` (of the appraisals that bear a date) and ``repeated`` (rows merged).
    """
    found = frame.copy()
    found["kept_share"] = _ratio(found["kept"], found["read"] - found["merged"])
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
    found = {
        name: load_interim(project, name) for name in ("accounting", "ledger", "cells", "faults", "decisions")
    }
    folder = project.folder("processed")
    cleaned = {
        name: load_table(project, name)
        for name in tables()
        if name != "panel" and (folder / f"{name}.parquet").exists()
    }
    for name in ("accounting", "ledger", "cells", "decisions"):
        texts = [one for one in ("file", "sheet", "table") if one in found[name]]
        found[name] = found[name].assign(**{one: found[name][one].fillna("").astype("str") for one in texts})
    return Delivery(**found, tables=cleaned, register=project.register())


__all__ = [
    "BLANK_REASONS",
    "COUNTS",
    "DAYS_ALLOWED",
    "SEVERAL",
    "UNKNOWN",
    "Delivery",
    "by_group",
    "lateness",
    "load_delivery",
    "periods_of",
    "shares",
]
