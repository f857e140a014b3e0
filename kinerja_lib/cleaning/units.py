"""The unit register, and names of agencies and units resolved by it: exact, alias, then fuzzy, at the row's time.

A name may belong to one unit until a reorganisation and to another one after it, so a name is looked up with
the row's period where the register has units that begin or end.

Long because a register is read, checked and asked in one place: what a name means depends on every other name.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.cleaning.vocabulary import Vocabulary, load_vocabulary
from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.schema.periode import Periode

if TYPE_CHECKING:
    from kinerja_lib.cleaning.lineage import Step

THRESHOLD, MARGIN = (
    90.0,
    5.0,
)  # a fuzzy name is taken from this score on, and only this far from the next best
SPELLINGS = "spellings.toml"
_SHORT = {"bid": "bidang", "sekr": "sekretariat", "subbag": "subbagian", "kec": "kecamatan"}


def name_key(text: str) -> str:
    """Words in lower case, abbreviations written out."""
    words = re.findall(r"[a-z0-9]+", plain(text).casefold())
    return " ".join(_SHORT.get(word, word) for word in words)


@dataclass(frozen=True)
class Entry:
    """An agency or a unit: its names, when it existed, and which units it came from and went into."""

    code: str
    name: str
    kind: str
    agency: str
    names: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()

    def during(self, start: date, end: date) -> bool:
        """Whether it existed on some day of a span."""
        return (self.valid_from or start) <= end and start <= (self.valid_to or end)


class Register:
    """Agencies and units by name.

    Parameters
    ----------
    entries : sequence of Entry
    words : Vocabulary, optional
        The project's own spellings, which lie beside its register.
    """

    def __init__(self, entries: tuple[Entry, ...], words: Vocabulary | None = None) -> None:
        self.entries = entries
        self.words = words or Vocabulary()
        self.by_code = {entry.code: entry for entry in entries}
        self.dated = any(entry.valid_to or entry.predecessors or entry.successors for entry in entries)
        self._keys: dict[str, dict[str, set[str]]] = {}
        self._names: dict[str | None, list[tuple[str, str]]] = {}
        self._closest: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for entry in entries:
            keys = self._keys.setdefault(entry.agency if entry.kind == "unit" else "", {})
            for name in (entry.code, entry.name, *entry.names):
                keys.setdefault(name_key(name), set()).add(entry.code)

    @classmethod
    def load(cls, path: Path) -> Register:
        """Read ``units.csv``, and ``spellings.toml`` where it lies beside it.

        Raises
        ------
        CleaningError
            There is no such file, a column is missing, or an entry contradicts another: a code twice, an agency,
            predecessor or successor that is not there, an end before the start. All faults are listed.
        """
        try:
            entries = tuple(_entry(row) for row in _rows(path.read_bytes()) if any(row.values()))
        except (OSError, KeyError, ValueError) as error:
            raise CleaningError(
                Both(
                    f"register unit tidak terbaca: {path.name}",
                    en=f"cannot read the unit register: {path.name}",
                ),
                action=Both(
                    "periksa kolom kode, nama, jenis, induk, dan tanggal berlaku (2024-12-31)",
                    en="check its columns kode, nama, jenis, induk and its dates (2024-12-31)",
                ),
            ) from error
        if faults := _faults(entries):
            raise CleaningError(
                Both(
                    f"{path.name}: {len(faults)} isian bertentangan",
                    en=f"{path.name}: {len(faults)} entries contradict",
                ),
                details=faults[:40],
                action=Both(f"perbaiki {path.name}", en=f"mend {path.name}"),
            )
        return cls(entries, load_vocabulary(path.with_name(SPELLINGS)))

    def at(self, periode: str | Periode) -> Register:
        """The register of what existed in a period."""
        span = Periode(str(periode))
        then = tuple(entry for entry in self.entries if entry.during(span.start, span.end))
        return Register(then, self.words)

    def agency(self, text: str, periode: str = "") -> tuple[str | None, str]:
        """Code of the agency of this name, or None and the reason."""
        return self._resolve(self._keys.get("", {}), text, "instansi_tidak_dikenal", periode)

    def unit(self, text: str, agency: str, periode: str = "") -> tuple[str | None, str]:
        """Code of the unit of this name in an agency, or None and the reason.

        Where a period is given, of several units of the name the one that existed then is taken.
        """
        return self._resolve(self._keys.get(agency, {}), text, "unit_tidak_dikenal", periode)

    def spells(self, text: str, code: str) -> bool:
        """Whether a text is a name, an alias, an abbreviation or the code of this entry, letter by letter."""
        entry = self.by_code[code]
        keys = self._keys.get(entry.agency if entry.kind == "unit" else "", {})
        return code in keys.get(name_key(text), ())

    def lineage(self, code: str, to: str | Periode) -> Step:
        """What a unit is at the end of a period; see ``lineage.trace``."""
        from kinerja_lib.cleaning.lineage import trace

        return trace(self, code, Periode(str(to)).end)

    def closest(self, text: str, agency: str | None = None) -> tuple[str, ...]:
        """The three names nearest to a text: of units in an agency, or of agencies."""
        from rapidfuzz import fuzz, process

        if (text, agency) in self._closest:
            return self._closest[text, agency]
        known = self._known(agency)
        scores = process.cdist(
            [name_key(text)], [key for _, key in known], scorer=fuzz.ratio, dtype=np.float64
        )
        best: dict[str, float] = {}
        for (name, _), score in zip(known, scores[0].tolist(), strict=True):
            best[name] = max(score, best.get(name, 0.0))
        found = tuple(sorted(best, key=lambda name: (-best[name], name))[:3])
        self._closest[text, agency] = found
        return found

    def _known(self, agency: str | None) -> list[tuple[str, str]]:
        """Each name and its keys: of units in an agency, or of agencies."""
        if agency not in self._names:
            self._names[agency] = [
                (entry.name, name_key(name))
                for entry in self.entries
                if (
                    entry.kind != "unit"
                    if agency is None
                    else entry.kind == "unit" and entry.agency == agency
                )
                for name in (entry.name, *entry.names)
            ]
        return self._names[agency]

    def _then(self, codes: Iterable[str], periode: str) -> set[str]:
        """Of several codes those that existed in the period; all where none did, or no period is given."""
        found = set(codes)
        if len(found) < 2 or not periode:
            return found
        span = Periode(periode)
        then = {code for code in found if self.by_code[code].during(span.start, span.end)}
        if len(then) > 1:  # both on some day of the period: the one at its end
            then = {code for code in then if self.by_code[code].during(span.end, span.end)} or then
        return then or found

    def _resolve(
        self, keys: dict[str, set[str]], text: str, reason: str, periode: str
    ) -> tuple[str | None, str]:
        from rapidfuzz import fuzz, process

        key = name_key(text)
        if key in keys:
            codes = self._then(keys[key], periode)
            return (next(iter(codes)), "") if len(codes) == 1 else (None, "nama_ganda")
        best: dict[str, float] = {}
        for name, score, _ in process.extract(
            key, keys.keys(), scorer=fuzz.ratio, limit=10, score_cutoff=THRESHOLD - MARGIN
        ):
            if re.findall(r"\d+|\b[ivx]+\b", name) == re.findall(r"\d+|\b[ivx]+\b", key):
                for code in self._then(keys[name], periode):
                    best[code] = max(score, best.get(code, 0.0))
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if (
            ranked
            and ranked[0][1] >= THRESHOLD
            and (len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= MARGIN)
        ):
            return ranked[0][0], ""
        return None, reason


def _rows(content: bytes) -> list[dict[str, str]]:
    """Lines of a CSV file as Excel saves it in either language: commas or semicolons, UTF-8 or cp1252."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    head = text.split("\n", 1)[0]
    return list(
        csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    )


def _entry(row: dict[str, str]) -> Entry:
    names = [row.get("singkatan") or "", *(row.get("alias") or "").split(";")]
    agency = row["induk"] if row["jenis"] == "unit" else row["kode"]
    start, end = (row.get("berlaku_dari") or "").strip(), (row.get("berlaku_sampai") or "").strip()
    return Entry(
        row["kode"],
        row["nama"],
        row["jenis"],
        agency,
        tuple(name for name in names if name.strip()),
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
        _codes(row.get("pendahulu")),
        _codes(row.get("penerus")),
    )


def _faults(entries: Iterable[Entry]) -> list[str]:
    """What the entries of a register contradict each other in."""
    known = list(entries)
    counts = Counter(entry.code for entry in known)
    found: list[str] = [
        Both(f"{code}: kode {count} kali", en=f"{code}: {count} times")
        for code, count in counts.items()
        if count > 1
    ]
    for entry in known:
        for name, codes in (
            ("induk", (entry.agency,)),
            ("pendahulu", entry.predecessors),
            ("penerus", entry.successors),
        ):
            found += [
                Both(
                    f"{entry.code}: {name} tidak ada: {code or '-'}",
                    en=f"{entry.code}: no such {name}: {code or '-'}",
                )
                for code in codes
                if code not in counts
            ]
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            found.append(
                Both(f"{entry.code}: berakhir sebelum berlaku", en=f"{entry.code}: ends before it starts")
            )
    return found


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(code.strip() for code in (text or "").split(";") if code.strip())
