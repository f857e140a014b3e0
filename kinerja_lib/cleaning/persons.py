"""People: their names, only ever compared (without titles, without order, never kept), and their pseudonyms."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from kinerja_lib.cleaning.codes import spellings
from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.schema.identity import pseudonyms


def name_words(text: str) -> tuple[str, ...]:
    """Words of a name in small letters and in order of the alphabet, titles left out.

    Examples
    --------
    >>> name_words("Dr. CONTOH, Budi, S.Pd., M.Si.")
    ('budi', 'contoh')
    """
    titles = spellings("gelar")
    joined = re.sub(r"(?<=\b[A-Za-z])\.\s*(?=[A-Za-z]{1,4}\b)", "", plain(text))  # S.Pd -> SPd
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", joined.casefold())
    return tuple(sorted(word for word in words if word not in titles))


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two names are, 0–100; an initial counts as the word it may stand for."""
    from rapidfuzz import fuzz

    if not one or not other:
        return 100.0
    short, long = sorted((one, other), key=len)
    rest = [word for word in long if word not in short]
    open_ = [word for word in short if word not in long]
    for word in list(open_):
        match = next((w for w in rest if w[0] == word[0] and 1 in (len(w), len(word))), None)
        if match is not None:
            open_.remove(word)
            rest.remove(match)
    if not open_ and len(short) - len(open_) >= 1:
        return 100.0
    return float(fuzz.token_sort_ratio(" ".join(one), " ".join(other)))


def codes_of(nips: pd.Series, key: bytes) -> pd.Series:
    """The pseudonym of each NIP; None where it is missing."""
    places, distinct = pd.factorize(nips)
    codes = np.array([*pseudonyms(distinct, key), None], dtype=object)
    return pd.Series(codes[places], index=nips.index, dtype="object")
