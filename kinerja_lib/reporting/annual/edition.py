"""What one annual report rests on: the project's tables, the agency and year it speaks of, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kinerja_lib.config import Config
from kinerja_lib.errors import Both, ReportError, UsageError
from kinerja_lib.indicators import on_duty
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.tables import TABLES, table_of
from kinerja_lib.reporting.annual.unit_names import from_code
from kinerja_lib.reporting.document import Document, inert
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow import find_project, tables_at

WHOLE = "all"


@dataclass(frozen=True, eq=False)
class Edition:
    """One report: where it is, whom and when it speaks of, and the tables of the whole government.

    Attributes
    ----------
    root : Path
        The project's folder.
    instansi : str
        Agency code, or ``all`` for the whole government.
    periode : Periode
        The year.
    tables : mapping of str to DataFrame
        The cleaned tables of all agencies; one that was not delivered is empty. ``pegawai`` holds those on duty.
    away : DataFrame
        The rows of ``pegawai`` that the duties of the year do not hold (``indicators.on_duty``).
    names : mapping of str to str
        Names of agencies and units by code.
    """

    root: Path
    config: Config
    instansi: str
    periode: Periode
    lang: str
    tables: Mapping[str, pd.DataFrame]
    names: Mapping[str, str]
    accounting: pd.DataFrame = field(default_factory=pd.DataFrame)
    ledger: pd.DataFrame = field(default_factory=pd.DataFrame)
    coverage: pd.DataFrame = field(default_factory=pd.DataFrame)
    away: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def labels(self) -> Labels:
        """Words and numbers in the report's language."""
        return Labels(self.lang)

    @cached_property
    def doc(self) -> Document:
        """Where the blocks go."""
        return Document(self.lang)

    @cached_property
    def _rows(self) -> dict[tuple[str, int | None, bool], pd.DataFrame]:
        """Rows that were asked for once: the chapters ask for the same ones again and again."""
        return {}

    @property
    def whole(self) -> bool:
        """Whether it speaks of the whole government."""
        return self.instansi == WHOLE

    @property
    def group(self) -> str:
        """Column whose groups are compared: agencies of the government, units of an agency."""
        return "instansi" if self.whole else "unit_kerja"

    @property
    def year(self) -> int:
        """The year."""
        return self.periode.year

    @property
    def smallest(self) -> int:
        """Groups with fewer people are not shown."""
        return self.config.privacy.minimum_group

    @property
    def body(self) -> str:
        """Name of the agency, or of the government."""
        return self.government if self.whole else self.name(self.instansi)

    @property
    def government(self) -> str:
        """Name of the government."""
        return self.config.letterhead.government or self.config.project.name

    @property
    def synthetic(self) -> bool:
        """Whether the people are invented."""
        return self.config.project.synthetic

    def name(self, code: Any) -> str:
        """Name of an agency or a unit; its code in words where the register does not know it."""
        return self.names.get(str(code)) or from_code(str(code))

    def rows(self, table: str, year: int | None = None, *, everyone: bool = False) -> pd.DataFrame:
        """Rows of a table in the report's scope, of one year where ``year`` is given.

        The year is that of ``tahun``, else of ``periode``, else of the date the event ended or was decided.
        """
        all_agencies = self.whole or everyone
        if (table, year, all_agencies) not in self._rows:
            frame = self.tables[table] if year is None else self.rows(table, everyone=everyone)
            if year is not None:
                frame = frame[_years(frame) == year]
            elif not all_agencies and "instansi" in frame:
                frame = frame[frame["instansi"].astype("str") == self.instansi]
            self._rows[table, year, all_agencies] = frame
        return self._rows[table, year, all_agencies].copy(deep=False)

    def say(self, key: str, **values: Any) -> None:
        """Show a sentence of the catalogue; texts from the data must be ``inert``."""
        self.doc.text(self.labels.text(key, **values))

    def source(self, *tables: str) -> str:
        """The line under a figure or table: where the numbers come from."""
        names = self.labels.listing(self.labels.text(f"source.{name}") for name in tables)
        return self.labels.text("source.line", names=names)

    def of_enough(self, value: float, people: int) -> float:
        """A share or mean of so many people; NaN where they are fewer than may be shown."""
        return value if people >= self.smallest else float("nan")

    def moved(self, change: float, digits: int = 1, *, share: bool = False) -> str:
        """A change in words: ``naik 2,2 poin``, ``turun 0,4 poin persen``, ``tidak berubah``; a dash for none known."""
        value = change * 100 if share else change
        if value != value:
            return self.labels.number(None)
        shown = self.labels.number(abs(value), digits)
        if shown == self.labels.number(0.0, digits):
            return self.labels.text("word.unchanged")
        unit = self.labels.text("word.percent_points" if share else "word.points")
        return self.labels.text("word.rose" if value > 0 else "word.fell", value=shown, unit=unit)

    def safe(self, code: Any) -> str:
        """A name of the register as Markdown."""
        return inert(self.name(code))


def _years(frame: pd.DataFrame) -> pd.Series:
    if "tahun" in frame:
        return frame["tahun"].astype("float64")
    if "periode" in frame:
        return frame["periode"].str[:4].astype("float64")
    return pd.to_datetime(frame["tanggal"]).dt.year.astype("float64")


def open_edition(
    instansi: str,
    periode: str,
    lang: str,
    project: str | Path,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Edition:
    """Read what a report needs.

    Parameters
    ----------
    instansi, periode, lang : str
    project : str or Path
    tables : mapping, optional
        The cleaned tables, where they are not those that lie in the project.

    Raises
    ------
    ReportError
        The project has no panel yet.
    UsageError
        No such agency, or nothing in that year.
    """
    found = find_project(Path(project))
    root, config = found.root, found.config
    folder, interim = root / config.folders.processed, root / config.folders.interim
    tables = {name: table_of(folder, name) for name in TABLES} if tables is None else tables
    year = Periode(periode)
    tables = tables_at(found, tables, year).tables  # earlier years with the agencies and units of this one
    panel = tables["panel"]
    if not len(panel):
        raise ReportError(
            Both(f"belum ada panel di {folder.name}", en=f"there is no panel in {folder.name} yet"),
            action="kinerja clean && kinerja panel",
        )
    known = sorted(panel["instansi"].astype("str").unique())
    if instansi != WHOLE and instansi not in known:
        raise UsageError(
            Both(f"instansi tidak ada pada data: {instansi}", en=f"no such agency in the data: {instansi}"),
            details=known,
            action="kinerja status",
        )
    if not (panel["tahun"] == year.year).any():
        raise UsageError(
            Both(f"tidak ada data untuk periode {periode}", en=f"no data for the period {periode}"),
            action="kinerja status",
        )
    frames = {name: table_of(interim, name) for name in ("accounting", "ledger", "coverage")}
    bound = on_duty(tables["pegawai"])
    away = tables["pegawai"][~bound]
    if len(away):
        tables = {**tables, "pegawai": tables["pegawai"][bound]}
    return Edition(root, config, instansi, year, lang, tables, _names(root, config), **frames, away=away)


def _names(root: Path, config: Config) -> dict[str, str]:
    path = root / config.folders.reference / "units.csv"
    if not path.is_file():
        return {}
    register = pd.read_csv(path, dtype="str", encoding="utf-8")
    return dict(zip(register["kode"], register["nama"], strict=True))
