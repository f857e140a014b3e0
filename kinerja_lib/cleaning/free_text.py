"""Free texts without people: names that occur in the data and numbers like a NIP or NIK are taken out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cached_property

from kinerja_lib.schema.raw import RawTable

COLUMNS = ("judul_tugas", "capaian", "kendala", "judul_inovasi")
NAME_MARK = "[nama dihapus]"
NUMBER_MARK = "[nomor dihapus]"
LONGEST_NAME = 7
_NUMBER = re.compile(r"(?<!\d)\d(?:[ .\u00a0-]?\d){14,17}(?!\d)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def known_names(tables: Iterable[RawTable]) -> frozenset[tuple[str, ...]]:
    """Names of employees and raters in raw tables, as words in small letters; names of one word are left out."""
    found: set[tuple[str, ...]] = set()
    for table in tables:
        for column in ("nama", "nama_penilai", "nip_nama"):
            if column in table.frame.columns:
                for text in table.frame[column].dropna().unique():
                    words = _words(str(text).split("\n")[0])
                    found |= {words, (*words[1:], words[0])} if len(words) > 1 else set()
    return frozenset(name for name in found if len(name) > 1)


class LateNames(Container[tuple[str, ...]]):
    """``known_names`` of these tables, collected when the first text is looked at."""

    def __init__(self, tables: Iterable[RawTable]) -> None:
        self._tables = tables

    @cached_property
    def _names(self) -> frozenset[tuple[str, ...]]:
        return known_names(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def without_people(text: str, names: Container[tuple[str, ...]]) -> str:
    """A text with names and long numbers taken out.

    Examples
    --------
    >>> without_people("Budi Contoh (NIP 198609262015051001) menyusun data.", frozenset({("budi", "contoh")}))
    '[nama dihapus] (NIP [nomor dihapus]) menyusun data.'
    """
    text = _NUMBER.sub(NUMBER_MARK, text)
    words = list(_WORD.finditer(text))
    folded = [match.group().lower() for match in words]
    parts, start, place = [], 0, 0
    while place < len(words):
        size = next(
            (
                n
                for n in range(min(LONGEST_NAME, len(words) - place), 1, -1)
                if tuple(folded[place : place + n]) in names
            ),
            0,
        )
        if size:
            parts += [text[start : words[place].start()], NAME_MARK]
            start = words[place + size - 1].end()
        place += size or 1
    return "".join([*parts, text[start:]])


def _words(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    return tuple(match.group().lower() for match in _WORD.finditer(text))
