"""Free texts without people: names that occur in the data, NIP, NIK, telephone numbers and addresses of e-mail."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cached_property

from kinerja_lib.schema.raw import RawTable

COLUMNS = ("judul_tugas", "capaian", "kendala", "judul_inovasi", "kompetensi")
NAME_MARK = "[nama dihapus]"
NUMBER_MARK = "[nomor dihapus]"
LONGEST_NAME = 7
MAIL_MARK = "[surel dihapus]"
_NUMBER = re.compile(
    r"(?<!\d)\d(?:[ .\u00a0-]{0,3}\d){14,17}(?!\d)"  # NIP, NIK, however they are grouped
    r"|(?<![\d.,])(?:\+62[ .-]?|62|0)8\d(?:[ .-]?\d){7,10}(?!\d)"  # telephone
)
_NAMED = re.compile(
    r"\b(nip|nrp|nik)([ .:]{0,3})\d(?:[ .-]?\d){5,}(?!\d)", re.IGNORECASE
)  # shorter, but named
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
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
    text = _NUMBER.sub(NUMBER_MARK, _MAIL.sub(MAIL_MARK, text))
    text = _NAMED.sub(rf"\1\2{NUMBER_MARK}", text)
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
