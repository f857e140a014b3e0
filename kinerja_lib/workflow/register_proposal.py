"""A unit register proposed from the exports: the agencies and units they name, other spellings as aliases.

A new project has no ``units.csv``, and nothing can be cleaned without one. Names that differ in capitals, signs or
abbreviations of the vocabulary are one; so are names with a slip in a long word; an agency's name whose units are those
of another, or which abbreviates it, is taken for its alias. All of it is shown, and the file is the office's to correct.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.cleaning.units import name_key
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import RawTable

COLUMNS = (
    "kode", "nama", "jenis", "induk", "singkatan", "alias", "berlaku_dari", "berlaku_sampai", "pendahulu", "penerus"
)  # fmt: skip
LONG, ALIKE = 5, 80.0  # letters of a word that may hold a slip, and how alike the two words must be
SAME_UNITS = 0.6  # share of a name's units that must be units of another agency for the name to be its alias
_NUMBER = re.compile(r"\d+|\b[ivx]+\b")
Places = Counter[tuple[str, str]]


@dataclass
class Named:
    """An agency or a unit: the spellings of its name, and rows that each stands in."""

    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The commonest spelling that is not in capitals only; several words in capitals are turned to a title."""
        mixed = [one for one in self.spellings if one != one.upper()]
        best = max(mixed or self.spellings, key=lambda one: (self.spellings[one], len(one)))
        return best if mixed or " " not in best else best.title()

    @property
    def rows(self) -> int:
        """Rows that name it."""
        return sum(self.spellings.values())


@dataclass(frozen=True)
class ProposedAgency:
    """An agency with its units; ``borrowed`` are names that were taken for its aliases by their units alone."""

    named: Named
    units: tuple[Named, ...]
    borrowed: tuple[str, ...] = ()


def propose_register(sheets: Iterable[RawTable]) -> list[ProposedAgency]:
    """Agencies and units that the exports name, by the agency's name.

    Parameters
    ----------
    sheets : iterable of RawTable

    Returns
    -------
    list of ProposedAgency
    """
    places: Places = Counter()
    for sheet in sheets:
        if sheet.table and "instansi" in table(sheet.table).columns and len(sheet.frame):
            places += _places(sheet)
    agencies = _grouped({name: count for name, count in _sums(places, 0).items() if name})
    units: dict[str, dict[str, Named]] = {}
    for key, named in agencies.items():
        own = Counter[str]()
        for (agency, unit), count in places.items():
            if agency in named.spellings and unit and unit not in named.spellings:
                own[unit] += count
        units[key] = _grouped(own)
    borrowed = _other_names(agencies, units)
    found = []
    for key in sorted(set(agencies) - set(borrowed), key=lambda one: agencies[one].name):
        mine, merged = agencies[key], Counter[str]()
        taken = sorted(other for other, owner in borrowed.items() if owner == key)
        for one in (key, *taken):
            mine.spellings.update(agencies[one].spellings if one != key else {})
            for part in units[one].values():
                merged.update(part.spellings)
        names = tuple(agencies[one].name for one in taken)
        own_units = sorted(_grouped(merged).values(), key=lambda one: one.name)
        found.append(ProposedAgency(mine, tuple(own_units), names))
    return found


def register_text(agencies: Iterable[ProposedAgency]) -> str:
    """The proposal as the text of ``units.csv``."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    codes: set[str] = set()
    for agency in agencies:
        code = _code(agency.named.name, codes)
        writer.writerow(
            {"kode": code, "nama": agency.named.name, "jenis": "instansi", "alias": _aliases(agency.named)}
        )
        for unit in agency.units:
            own = _code(f"{code}.{_slug(unit.name)}", codes)
            writer.writerow(
                {"kode": own, "nama": unit.name, "jenis": "unit", "induk": code, "alias": _aliases(unit)}
            )
    return buffer.getvalue()


def _places(sheet: RawTable) -> Places:
    """How often a sheet names each agency with each unit; from titles and folders where no column does."""
    folders = [part.replace("_", " ").lstrip("0123456789 ") for part in sheet.file.split("/")[:-1]]
    agency = plain(sheet.context.get("instansi", "")) or (folders[-1] if folders else "")
    unit = plain(sheet.context.get("unit_kerja", ""))
    columns = []
    for name, fallback in (("instansi_nama", agency), ("unit_nama", unit)):
        if name in sheet.frame.columns:
            columns.append([plain(str(text)) if isinstance(text, str) else "" for text in sheet.frame[name]])
        else:
            columns.append([fallback] * len(sheet.frame))
    return Counter(zip(*columns, strict=True))


def _sums(places: Places, part: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for names, count in places.items():
        found[names[part]] += count
    return found


def _grouped(names: Mapping[str, int]) -> dict[str, Named]:
    """Spellings of one name together: the same key, or nearly the same with no rival as near."""
    by_key: dict[str, Named] = defaultdict(Named)
    for name, count in names.items():
        if name_key(name):
            by_key[name_key(name)].spellings[name] += count
    kept: dict[str, Named] = {}
    for key in sorted(by_key, key=lambda key: (-by_key[key].rows, key)):
        near = [other for other in kept if _misspelt(key, other)]
        if len(near) == 1:
            kept[near[0]].spellings.update(by_key[key].spellings)
        else:
            kept[key] = by_key[key]
    return kept


def _misspelt(key: str, other: str) -> bool:
    """Whether two names differ by slips of the pen in long words only: SMA and SMK are two names."""
    words, others = key.split(), other.split()
    if len(words) != len(others) or _NUMBER.findall(key) != _NUMBER.findall(other):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return all(min(map(len, pair)) >= LONG and fuzz.ratio(*pair) >= ALIKE for pair in differing)


def _other_names(agencies: Mapping[str, Named], units: Mapping[str, Mapping[str, Named]]) -> dict[str, str]:
    """Agency -> the larger agency that it is another name of: its units are that agency's, or it abbreviates its name."""
    found: dict[str, str] = {}
    ranked = sorted(agencies, key=lambda key: (-len(units[key]), -agencies[key].rows, key))
    for place, key in enumerate(ranked):
        own = set(units[key])
        larger = [other for other in ranked[:place] if other not in found]
        shares = sorted(
            ((len(own & set(units[other])) / len(own), other) for other in larger if own), reverse=True
        )
        clear = all(first[0] > second[0] for first, second in pairwise(shares[:2]))
        if shares and shares[0][0] >= SAME_UNITS and len(own) > 1 and clear:
            found[key] = shares[0][1]
            continue
        longer = [other for other in larger if _abbreviates(key, other)]
        if len(longer) == 1:
            found[key] = longer[0]
    return found


def _abbreviates(key: str, other: str) -> bool:
    """Whether the first word of a short name (Kesbangpol, Disdik Rangkui) takes its letters, in order, from a long one."""
    words = key.split()
    if (
        len(words) > 2
        or len(other.split()) < 2
        or not any(one.startswith(words[0][0]) for one in other.split())
    ):
        return False
    letters = iter(other.replace(" ", ""))
    return words[0] not in other.split() and all(letter in letters for letter in words[0])


def _aliases(named: Named) -> str:
    return ";".join(sorted(one.replace(";", ",") for one in named.spellings if one != named.name))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "unit"


def _code(name: str, taken: set[str]) -> str:
    """A code of small letters, digits, hyphens and points that no other entry has."""
    base = ".".join(_slug(part) for part in name.split(".")) if "." in name else _slug(name)
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    taken.add(code)
    return code
