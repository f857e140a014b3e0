"""Periods as offices write them."""

from __future__ import annotations

import re

from kinerja_lib.cleaning.dates import MONTHS
from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.errors import SchemaError
from kinerja_lib.schema.periode import Periode

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
          "pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4}  # fmt: skip
_PART = re.compile(
    r"\b(triwulan|tw|tri wulan|q|semester|smt)[\s.\-]*(?:ke[\s\-]?)?"
    r"(iv|i{1,3}|[1-4]|pertama|kesatu|kedua|ketiga|keempat)\b",
    re.IGNORECASE,
)


def period_of(text: str, year: str = "") -> tuple[str | None, str]:
    """``2025-Q3`` from ``Triwulan III`` with its year, in the text or beside it; or None and the reason."""
    folded = plain(text)
    try:
        return str(Periode(folded)), ""
    except SchemaError:
        pass
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", folded)) or set(
        re.findall(r"^(\d{4})(?:\.0)?$", plain(year))
    )
    if len(years) != 1:
        return None, "tahun_hilang" if not years else "periode_tidak_terbaca"
    found = years.pop()
    if match := _PART.search(folded):
        kind, number = ("S" if match[1].lower().startswith("s") else "Q"), _ROMAN[match[2].lower()]
        return (
            (f"{found}-{kind}{number}", "") if kind == "Q" or number <= 2 else (None, "periode_tidak_terbaca")
        )
    words = [
        word
        for word in re.findall(r"[a-z]+", folded.lower())
        if word not in ("tahun", "tahunan", "s", "d", "sd", "jangka", "waktu", "periode", "priode")
    ]
    months = [MONTHS[word] for word in words if word in MONTHS]
    if len(months) != len(words) or len(months) > 2:
        return None, "periode_tidak_terbaca"
    if not months or months == [1, 12]:
        return found, ""
    if len(months) == 1:
        return f"{found}-{months[0]:02d}", ""
    first, last = months
    if last - first == 2 and last % 3 == 0:
        return f"{found}-Q{last // 3}", ""
    return (
        (f"{found}-S{last // 6}", "")
        if last - first == 5 and last % 6 == 0
        else (None, "periode_tidak_terbaca")
    )
