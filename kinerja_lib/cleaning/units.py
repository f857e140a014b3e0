"""The unit register, and names of agencies and units resolved by it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.errors import Both, CleaningError

THRESHOLD, MARGIN = (
    90.0,
    5.0,
)  # a fuzzy name is taken from this score on, and only this far from the next best
_SHORT = {"bid": "bidang", "sekr": "sekretariat", "subbag": "subbagian", "kec": "kecamatan"}


def name_key(text: str) -> str:
    """Words in lower case, abbreviations written out."""
    words = re.findall(r"[a-z0-9]+", plain(text).casefold())
    return " ".join(_SHORT.get(word, word) for word in words)


@dataclass(frozen=True)
class Entry:
    """An agency or a unit."""

    code: str
    name: str
    kind: str
    agency: str
    names: tuple[str, ...]


class Register:
    """Agencies and units by name.

    Parameters
    ----------
    entries : sequence of Entry
    """

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._keys: dict[str, dict[str, set[str]]] = {}
        self._closest: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for entry in entries:
            keys = self._keys.setdefault(entry.agency if entry.kind == "unit" else "", {})
            for name in (entry.code, entry.name, *entry.names):
                keys.setdefault(name_key(name), set()).add(entry.code)

    @classmethod
    def load(cls, path: Path) -> Register:
        """Read ``units.csv``.

        Raises
        ------
        CleaningError
            There is no such file, or a column is missing.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            return cls(tuple(_entry(row) for row in rows))
        except (OSError, KeyError) as error:
            raise CleaningError(
                Both(
                    f"register unit tidak terbaca: {path.name}",
                    en=f"cannot read the unit register: {path.name}",
                ),
                action=Both(
                    "periksa kolom kode, nama, jenis, induk", en="check its columns kode, nama, jenis, induk"
                ),
            ) from error

    def agency(self, text: str) -> tuple[str | None, str]:
        """Code of the agency of this name, or None and the reason."""
        return self._resolve(self._keys.get("", {}), text, "instansi_tidak_dikenal")

    def unit(self, text: str, agency: str) -> tuple[str | None, str]:
        """Code of the unit of this name in an agency, or None and the reason."""
        return self._resolve(self._keys.get(agency, {}), text, "unit_tidak_dikenal")

    def closest(self, text: str, agency: str | None = None) -> tuple[str, ...]:
        """The three names nearest to a text: of units in an agency, or of agencies."""
        from rapidfuzz import fuzz

        if (text, agency) in self._closest:
            return self._closest[text, agency]
        known = [entry for entry in self.entries if entry.kind != "unit"]
        if agency is not None:
            known = [entry for entry in self.entries if entry.kind == "unit" and entry.agency == agency]
        key = name_key(text)
        best = {
            entry.name: max(fuzz.ratio(key, name_key(name)) for name in (entry.name, *entry.names))
            for entry in known
        }
        found = tuple(sorted(best, key=lambda name: (-best[name], name))[:3])
        self._closest[text, agency] = found
        return found

    def _resolve(self, keys: dict[str, set[str]], text: str, reason: str) -> tuple[str | None, str]:
        from rapidfuzz import fuzz, process

        key = name_key(text)
        codes = keys.get(key)
        if codes is not None:
            return (next(iter(codes)), "") if len(codes) == 1 else (None, "nama_ganda")
        best: dict[str, float] = {}
        for name, score, _ in process.extract(key, list(keys), scorer=fuzz.ratio, limit=10):
            if re.findall(r"\d+|\b[ivx]+\b", name) == re.findall(r"\d+|\b[ivx]+\b", key):
                for code in keys[name]:
                    best[code] = max(score, best.get(code, 0.0))
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if (
            ranked
            and ranked[0][1] >= THRESHOLD
            and (len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= MARGIN)
        ):
            return ranked[0][0], ""
        return None, reason


def _entry(row: dict[str, str]) -> Entry:
    names = [row.get("singkatan") or "", *(row.get("alias") or "").split(";")]
    agency = row["induk"] if row["jenis"] == "unit" else row["kode"]
    return Entry(
        row["kode"], row["nama"], row["jenis"], agency, tuple(name for name in names if name.strip())
    )
