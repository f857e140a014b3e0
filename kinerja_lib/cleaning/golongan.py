"""Golongan of PNS (I/a … IV/e) and PPPK (I … XVII)."""

from __future__ import annotations

import re

from kinerja_lib.cleaning.codes import folded, spellings
from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.schema.fields import field

_PNS = re.compile(r"(?<![A-Za-z])(IV|I{1,3})\s*[/.\- ]?\s*([A-Ea-e])(?![A-Za-z])")
_BARE = re.compile(r"^(?:gol(?:ongan)?\.?\s*)?([IVX]+)$", re.IGNORECASE)
_RANK = re.compile(
    r"(?:juru|pengatur|penata|pembina)(?: (?:muda|madya|utama))*(?: (?:tk\.?|tingkat) ?\.? ?i\b)?",
    re.IGNORECASE,
)


def golongan(text: str, status: str | None) -> tuple[str | None, str]:
    """The golongan in a cell, which may hold the rank (pangkat) too, or only the rank.

    A bare I–IV needs the status (PNS or PPPK) of the person; a rank that contradicts the golongan beside it is
    refused.
    """
    folded_text, known = plain(text), field("golongan").categories
    if match := _BARE.match(folded_text):
        roman = match[1].upper()
        if roman in known[17:21] and not (status or "").startswith("PPPK"):
            return None, "golongan_ambigu"
        return (roman, "") if roman in known else (None, "golongan_tidak_terbaca")
    if re.fullmatch(r"[1-4][1-5]", folded_text):
        value = f"{('I', 'II', 'III', 'IV')[int(folded_text[0]) - 1]}/{'abcde'[int(folded_text[1]) - 1]}"
        return (value, "") if value in known else (None, "golongan_tidak_terbaca")
    found = {f"{roman}/{letter.lower()}" for roman, letter in _PNS.findall(folded_text)} & set(known)
    rank = _RANK.search(folded_text)
    from_rank = spellings("pangkat").get(folded(rank[0])) if rank else None
    if not found and from_rank and rank and folded(rank[0]) == folded(folded_text):
        return from_rank, ""
    if len(found) != 1:
        return None, "golongan_tidak_terbaca"
    value = found.pop()
    return (value, "") if from_rank in (None, value) else (None, "golongan_bertentangan")
