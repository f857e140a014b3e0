"""Golongan of PNS (I/a … IV/e) and PPPK (I … XVII)."""

from __future__ import annotations

import re

from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.schema.fields import field

_PNS = re.compile(r"(?<![A-Za-z])(IV|I{1,3})\s*[/.\- ]?\s*([A-Ea-e])(?![A-Za-z])")
_BARE = re.compile(r"^(?:gol(?:ongan)?\.?\s*)?([IVX]+)$", re.IGNORECASE)


def golongan(text: str, status: str | None) -> tuple[str | None, str]:
    """The golongan in a cell; a bare I–IV needs the status (PNS or PPPK) of the person."""
    folded, known = plain(text), field("golongan").categories
    if match := _BARE.match(folded):
        roman = match[1].upper()
        if roman in known[17:21] and not (status or "").startswith("PPPK"):
            return None, "golongan_ambigu"
        return (roman, "") if roman in known else (None, "golongan_tidak_terbaca")
    if re.fullmatch(r"[1-4][1-5]", folded):
        value = f"{('I', 'II', 'III', 'IV')[int(folded[0]) - 1]}/{'abcde'[int(folded[1]) - 1]}"
        return (value, "") if value in known else (None, "golongan_tidak_terbaca")
    found = {f"{roman}/{letter.lower()}" for roman, letter in _PNS.findall(folded)} & set(known)
    return (found.pop(), "") if len(found) == 1 else (None, "golongan_tidak_terbaca")
