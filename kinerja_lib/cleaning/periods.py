"""Periods as offices write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kinerja_lib.cleaning.dates import MONTHS
from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.errors import SchemaError
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.raw import RawTable

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
          "pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4}  # fmt: skip
_PART = re.compile(
    r"\b(triwulan|tw|tri wulan|q|semester|smt)[\s.\-]*(?:ke[\s\-]?)?"
    r"(iv|i{1,3}|[1-4]|pertama|kesatu|kedua|ketiga|keempat)\b",
    re.IGNORECASE,
)


_KIND = re.compile(r"\b(triwulan|tw|tri wulan|kuartal|quarter|semester|smt)\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?:ke[\s\-]?)?(iv|i{1,3}|[1-4]|pertama|kesatu|kedua|ketiga|keempat)(?:[.,]0+)?\.?(?=$|[\s/-])",
    re.IGNORECASE,
)


def year_of(context: Mapping[str, str]) -> str:
    """The year that the titles give, else the only one that their period names; an empty text where there is none."""
    years = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", context.get("periode", "")))
    return str(context.get("tahun", "") or (years.pop() if len(years) == 1 else ""))


def heading_of(raw: RawTable) -> str:
    """Heading of the column that names the period."""
    return next((one.header for one in raw.headers if one.field == "periode_nama"), "")


def period_of(text: str, year: str = "", heading: str = "") -> tuple[str | None, str]:
    """``2025-Q3`` from ``Triwulan III`` with its year, in the text or beside it; or None and the reason.

    Under a heading that says what is counted (``Triwulan``, ``Semester``) a bare ``III``, ``3`` or ``ke-3`` is enough.
    """
    folded = plain(text)
    if (counted := _KIND.search(heading)) and (bare := _BARE.match(folded)):
        part = "semester" if counted[1].lower().startswith("s") else "triwulan"
        folded = f"{part} {bare[1]}{folded[bare.end() :]}"
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
    if not months and re.search(r"\d", folded.replace(found, "")):  # a number of something that is not named
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
