"""Texts to classes by a table of keywords, each match explainable: which class, by which word.

A keyword matches whole words, one after another, without regard to capitals and marks; ``*`` at the end of a
word lets it go on (``anggar*`` finds *anggaran*). A text may belong to several classes, or to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import pandas as pd

from kinerja_lib.errors import Both, UsageError

_WORD = re.compile(r"[a-z0-9]+")


def folded(text: object) -> str:
    """Small letters and digits, one blank between words and one at each end.

    Examples
    --------
    >>> folded("Bimtek  Pengadaan Barang/Jasa")
    ' bimtek pengadaan barang jasa '
    """
    return f" {' '.join(_WORD.findall(str(text).casefold()))} "


class Keywords:
    """A table of classes and their keywords.

    Parameters
    ----------
    table : mapping of str to sequence of str
        Keywords by class, in the order that classes are named in.

    Raises
    ------
    UsageError
        A class without a keyword, or a keyword without a letter.
    """

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self.classes = tuple(table)
        self._patterns = {name: _pattern(name, tuple(words)) for name, words in table.items()}

    def matches(self, text: object) -> dict[str, str]:
        """The word that matched, by class; empty where nothing did."""
        plain = folded(text)
        found = {name: pattern.search(plain) for name, pattern in self._patterns.items()}
        return {name: hit.group().strip() for name, hit in found.items() if hit}

    def classes_of(self, texts: pd.Series) -> pd.Series:
        """The classes of each text as a tuple; an empty one for a blank or an unclassed text."""
        known = {text: tuple(self.matches(text)) for text in texts.dropna().unique()}
        return pd.Series([known.get(text, ()) for text in texts], index=texts.index, dtype="object")


@cache
def _pattern(name: str, words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [_phrase(word) for word in words]
    if not parts or not all(parts):
        raise UsageError(
            Both(f"kelas tanpa kata kunci: {name}", en=f"a class without a keyword: {name}"),
            action=Both("isi paling sedikit satu kata", en="give at least one word"),
        )
    return re.compile(f"(?<= )(?:{'|'.join(parts)})(?= )")


def _phrase(keyword: str) -> str:
    words: Iterable[str] = keyword.casefold().replace("/", " ").replace("-", " ").split()
    parts = ["".join(_WORD.findall(word)) + ("[a-z0-9]*" if word.endswith("*") else "") for word in words]
    return " ".join(part for part in parts if part != "[a-z0-9]*" and part)
