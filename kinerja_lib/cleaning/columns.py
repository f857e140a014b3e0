"""One raw table to typed columns: each column by its own rule, what could not be read with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning.codes import boolean, category_rule
from kinerja_lib.cleaning.conflicts import Identity, identity
from kinerja_lib.cleaning.dates import FIRST, FIRST_1904, date_range, dates
from kinerja_lib.cleaning.distinct import Rule, each_distinct, plain
from kinerja_lib.cleaning.evidence import Evidence
from kinerja_lib.cleaning.golongan import golongan
from kinerja_lib.cleaning.nip_repair import repair_nip, split_name_nip
from kinerja_lib.cleaning.numbers import CURRENCY, numbers
from kinerja_lib.cleaning.periods import heading_of, period_of, year_of
from kinerja_lib.cleaning.persons import codes_of
from kinerja_lib.cleaning.places import SEPARATOR, place
from kinerja_lib.cleaning.plain_cells import nips, texts_as_they_are
from kinerja_lib.cleaning.posts import kind_of_post, level_of_post
from kinerja_lib.cleaning.units import Register
from kinerja_lib.schema.fields import field, table
from kinerja_lib.schema.nip import Nip
from kinerja_lib.schema.raw import RawTable


class Columns:
    """The cleaned columns of a raw table; ``values`` by name, ``reasons`` by name, ``decisions`` in words.

    ``weights`` says how many rows each row stands for, where the table holds distinct rows only; ``holds`` what it
    is a part for (``repeats.Part``): people, or one column, are all that is read then.
    """

    def __init__(
        self,
        raw: RawTable,
        register: Register,
        key: bytes,
        evidence: Evidence,
        weights: NDArray[np.int64] | None = None,
        holds: str = "all",
    ) -> None:
        self.raw, self.register, self.key, self.evidence = raw, register, key, evidence
        self.weights = np.ones(len(raw.frame), dtype=np.int64) if weights is None else weights
        self.frame = raw.frame
        self.first_day = FIRST_1904 if raw.context.get("hari_dari") == "1904" else FIRST
        self.values: dict[str, pd.Series] = {}
        self.reasons: dict[str, pd.Series] = {}
        self.decisions: list[tuple[str, str, str]] = []
        self.flags: list[tuple[str, str, str, int]] = []
        if holds not in ("all", "facts", "people"):
            self._column(holds, self.frame[holds])
            return
        self._people()
        if holds == "people":
            return
        self._period()
        place(self)
        if raw.table == "pegawai":
            self._posts()
        for name in table(raw.table).columns:
            if name not in self.values and (cells := self.cells(name)) is not None:
                self._column(name, cells)

    def cells(self, *names: str) -> pd.Series | None:
        """The first of these columns that the file has."""
        return next((self.frame[name] for name in names if name in self.frame.columns), None)

    def count(self, rows: pd.Series) -> int:
        """How many rows of the file these are."""
        return int(self.weights[rows.to_numpy(dtype=bool)].sum())

    def put(self, name: str, found: tuple[pd.Series, pd.Series]) -> None:
        """Store a column."""
        self.values[name], self.reasons[name] = found

    def rule(self, name: str, near: dict[str, str] | None = None) -> Rule:
        """The rule of a column with categories, with the project's own spellings."""
        return category_rule(name, near, self.register.words.of(name))

    def category(self, name: str, cells: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Store a column with categories; what was read in spite of a wrong letter is noted."""
        near: dict[str, str] = {}
        self.put(name, each_distinct(cells, self.rule(name, near)))
        for text, value in near.items():
            self.flags.append((name, "ejaan_didekati", f"{plain(text)} = {value}", self.count(cells == text)))
        return self.values[name], self.reasons[name]

    def joined(self, *columns: pd.Series | str) -> pd.Series:
        """Several columns, or texts for all rows, as one text a row."""
        parts = [
            column.fillna("").astype("str")
            if isinstance(column, pd.Series)
            else pd.Series(column, index=self.frame.index, dtype="str")
            for column in columns
        ]
        result = parts[0]
        for part in parts[1:]:
            result = result + SEPARATOR + part
        return result

    def _people(self) -> None:
        known = {
            name: self.frame[name] for name in ("nip", "nip_penilai", "tanggal_lahir") if name in self.frame
        }
        if "nip" not in known and "nip_nama" in self.frame:
            known["nip"] = each_distinct(self.frame["nip_nama"], lambda text: (split_name_nip(text)[1], ""))[
                0
            ]
        days = self.births = self._births()
        for source, target in (("nip", "id_pegawai"), ("nip_penilai", "id_penilai")):
            if source not in known:
                continue
            texts = known[source].fillna("").astype("str")
            who, reasons = each_distinct(texts, repair_nip, nips)
            if source == "nip":
                for row in reasons.index[(reasons == "nip_angka_hilang") & days.notna()]:
                    who[row], reasons[row] = repair_nip(texts[row], days[row])
                reasons = reasons.mask(who.isna() & (reasons == ""), "nip_kosong")
                self.nip = who
                self._from_nip(who)
            self.put(target, (codes_of(who, self.key), reasons))

    def identity(self) -> Identity | None:
        """Who stands in this sheet under which name and date of birth; None where it holds neither."""
        names = self.cells("nama")
        if "id_pegawai" not in self.values or (names is None and self.births.isna().all()):
            return None
        dated = self.nip.where(self.births.notna(), None)
        own = each_distinct(dated, lambda text: (Nip(text).birth, ""))[0]
        place = f"{self.raw.file}#{self.raw.sheet}"
        codes = self.values["id_pegawai"]
        return identity(place, self.raw.table, self.raw.rows, codes, names, self.births, own)

    def _births(self) -> pd.Series:
        """Dates of birth, for the NIP only."""
        for name in ("tempat_tanggal_lahir", "tanggal_lahir"):
            if name in self.frame:
                return dates(self.frame[name], self._proved(name, "urutan_tanggal"), self.first_day)[0]
        return pd.Series(None, index=self.frame.index, dtype="object")

    def _proved(self, column: str, decision: str) -> str:
        """What the file proves about a column, noted among the decisions."""
        self.decisions.append((column, decision, self.evidence.word(self.raw.file, column)))
        return self.evidence.of(self.raw.file, column)

    def _from_nip(self, who: pd.Series) -> None:
        if self.raw.table != "pegawai":
            return
        facts: dict[str, Callable[[Nip], Any]] = {
            "tahun_lahir": lambda nip: nip.birth.year,
            "tmt_tahun": lambda nip: nip.appointment_year,
            "jenis_kelamin": lambda nip: nip.sex,
            "status_pegawai": lambda nip: nip.status,
        }
        for name, fact in facts.items():
            own = each_distinct(who, partial(_fact, fact))
            cells = self.cells(name)
            if name in ("tahun_lahir", "tmt_tahun") or cells is None:
                self.put(name, own)
            else:
                self._against_nip(name, self.category(name, cells)[0], own[0])
        if (cells := self.cells("golongan", "pangkat_golongan")) is not None:
            from_nip = each_distinct(who, lambda text: (Nip(text).status, ""))[0]
            status = self.values["status_pegawai"]
            self._grades(cells, status.where(status.notna(), from_nip))

    def _against_nip(self, name: str, read: pd.Series, own: pd.Series) -> None:
        """Note where a cell says another sex or status than the NIP; the cell's is kept."""
        pairs = read.astype("str") + " ≠ " + own.astype("str")
        kind = read.astype("str").str.contains("PPPK") != own.astype("str").str.contains("PPPK")
        differ = read.notna() & own.notna() & (kind if name == "status_pegawai" else read != own)
        for pair in sorted(pairs[differ].unique()):
            self.flags.append((name, "berbeda_dari_nip", pair, self.count(differ & (pairs == pair))))

    def _grades(self, cells: pd.Series, status: pd.Series) -> None:
        def rule(text: str) -> tuple[str | None, str]:
            cell, known = text.split(SEPARATOR)
            return golongan(cell, known) if plain(cell) else (None, "")

        self.put("golongan", each_distinct(self.joined(cells, status.astype("object")), rule))

    def _posts(self) -> None:
        kind, echelon = self.cells("jenis_jabatan"), self.cells("eselon")
        words = self.register.words
        level, title = self.cells("jenjang_jabatan"), self.cells("jabatan_nama")
        for name, rule, one, other in (
            ("jenis_jabatan", partial(kind_of_post, own=words.of("jenis_jabatan")), kind, echelon),
            ("jenjang_jabatan", partial(level_of_post, own=words.of("jenjang_jabatan")), level, title),
        ):
            if one is not None or other is not None:
                cells = self.joined("" if one is None else one, "" if other is None else other)
                self.put(name, each_distinct(cells, partial(_apart, rule)))

    def _period(self) -> None:
        wanted, context = table(self.raw.table).columns, self.raw.context
        years = self.cells("tahun")
        if "periode" in wanted:
            periods = self.cells("periode_nama", "periode")
            said = context.get("periode", "") if periods is None else periods
            cells = self.joined(said, year_of(context) if years is None else years, heading_of(self.raw))
            self.put("periode", each_distinct(cells, lambda text: period_of(*text.split(SEPARATOR))))
        if "tanggal_selesai" in wanted and "tanggal_pelatihan" in self.frame:
            order = self._proved("tanggal_pelatihan", "urutan_tanggal")
            span, reasons = each_distinct(
                self.frame["tanggal_pelatihan"],
                lambda t: ((found := date_range(t, order, self.first_day))[:2], found[2]),
            )
            for place, name in enumerate(("tanggal_mulai", "tanggal_selesai")):
                self.put(
                    name,
                    (
                        span.map(lambda pair, place=place: pair[place] if pair else None).astype("object"),
                        reasons,
                    ),
                )
        if self.raw.table == "pegawai" and years is None and context.get("tahun"):
            self.put("tahun", each_distinct(self.joined(str(context["tahun"])), lambda text: (int(text), "")))

    def _column(self, name: str, cells: pd.Series) -> None:
        declared = field(name)
        if declared.categories:
            self.category(name, cells)
        elif declared.type in ("integer", "number"):
            mark = self._proved(name, "tanda_desimal")
            low, high = declared.minimum, declared.maximum
            values, reasons = numbers(cells, mark, low=low, high=high, currency=name in CURRENCY)
            if declared.type == "integer":
                broken = values.map(lambda value: value is not None and value != int(value)).astype("bool")
                values, reasons = values.mask(broken, None), reasons.mask(broken, "bukan_bilangan_bulat")
            self.put(name, (values, reasons))
        elif declared.type == "date":
            self.put(name, dates(cells, self._proved(name, "urutan_tanggal"), self.first_day))
        elif declared.type == "boolean":
            self.put(name, each_distinct(cells, boolean))
        else:
            self.put(name, each_distinct(cells, lambda text: (plain(text), ""), texts_as_they_are))


def _fact(fact: Callable[[Nip], Any], text: str) -> tuple[Any, str]:
    return fact(Nip(text)), ""


def _apart(rule: Callable[[str, str], tuple[str | None, str]], text: str) -> tuple[str | None, str]:
    return rule(*text.split(SEPARATOR))
