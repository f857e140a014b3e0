"""What every export writer needs: the tables, NIPs and names by pseudonym, names of units, the scribe."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja_lib.samples.books import Sheet
from kinerja_lib.samples.organisation import short_name
from kinerja_lib.samples.scribe import Account, Place, Scribe
from kinerja_lib.samples.tables import Synthetic

GOVERNMENT = "PEMERINTAH RANGKUI"


@dataclass
class Source:
    """A synthetic government on its way to files below ``folder``."""

    sample: Synthetic
    folder: Path
    scribe: Scribe
    account: Account
    nip: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    agency: dict[str, tuple[str, str]] = field(default_factory=dict)
    unit: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = self.sample.people
        self.nip = dict(zip(people["id_pegawai"], people["nip"], strict=True))
        self.name = dict(zip(people["id_pegawai"], people["nama"], strict=True))
        self.agency = {code: (name, short) for code, name, short in self.sample.organisation.agencies}
        self.unit = {unit.code: unit.name for unit in self.sample.organisation.units}

    def home(self, agency: str) -> str:
        """Folder of an agency: ``01_Dinas_Pendidikan``."""
        number = list(self.agency).index(agency) + 1
        return f"{number:02d}_{self.agency[agency][0].replace(' ', '_').replace(',', '')}"

    def agency_cell(self, place: Place, code: str) -> str:
        """Name of an agency, now and then abbreviated or in capitals."""
        name, short = self.agency[code]
        return str(
            self.scribe.spelled(
                place, "instansi", name, (name.upper(), short, f"{short} Rangkui", f"{name} ")
            )
        )

    def unit_cell(self, place: Place, code: str) -> str:
        """Name of a unit, now and then abbreviated or in capitals."""
        name = self.unit[code]
        return str(
            self.scribe.spelled(
                place, "unit_kerja", name, tuple(dict.fromkeys((name.upper(), short_name(name), f" {name} ")))
            )
        )

    def name_cell(self, place: Place, person: str) -> str:
        """``Pegawai Contoh 0001``, now and then ``CONTOH, PEGAWAI 0001``."""
        name = self.name[person]
        first, last, number = name.split(" ")
        return str(
            self.scribe.spelled(
                place, "nama", name, (f"{last.upper()}, {first.upper()} {number}", name.upper())
            )
        )

    def letterhead(self, sheet: Sheet, agency: str, title: str, *more: str) -> None:
        """Rows 1–3 of a letterhead, a title, further lines."""
        for text in (
            GOVERNMENT,
            self.agency[agency][0].upper(),
            "Jalan Contoh Nomor 1, Rangkui",
            "",
            title,
            *more,
        ):
            sheet.add(text)

    def signature(self, sheet: Sheet, agency: str, where: str, column: int) -> None:
        """The block under a table: place and date, office, name and NIP of the head."""
        position = list(self.agency).index(agency)
        people = self.sample.people
        chief = people.iloc[int(self.sample.population.chief_of[position])]
        pad: list[Any] = [""] * column
        sheet.add("")
        for text in (
            where,
            "Mengetahui,",
            f"Pimpinan {self.agency[agency][0]}",
            "",
            chief["nama"],
            f"NIP. {chief['nip']}",
        ):
            sheet.add(*pad, text)
