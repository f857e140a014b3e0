"""Numbers, percents, dates and periods as each language writes them.

Indonesian follows the official spelling (EYD edisi V): ``1.234,5``, ``12,3%`` without a space, ``31 Desember
2025``. Rounding is half up on the number's decimal text, so that 2.675 is ``2,68`` wherever it is printed. The
minus is the minus sign, never a hyphen. A missing value is an en dash.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LOCALES = {"id": "id_ID", "en": "en_GB"}
MINUS = "\u2212"
MISSING = "–"
ROMAN = ("I", "II", "III", "IV")
_PERIODS = {
    "id": {"year": "Tahun {y}", "semester": "Semester {r} Tahun {y}", "quarter": "Triwulan {r} Tahun {y}"},
    "en": {"year": "{y}", "semester": "{y}, semester {n}", "quarter": "{y}, quarter {n}"},
}
_SHORT = {"id": {"quarter": "TW {r} {y}"}, "en": {"quarter": "Q{n} {y}"}}


def is_missing(value: Any) -> bool:
    """Whether there is nothing to print: None, NaN, NA, NaT, or an infinite number."""
    if value is None or str(value) in ("<NA>", "NaT"):
        return True
    return isinstance(value, float) and not math.isfinite(value)


def number(value: Any, digits: int = 1, lang: str = "id", *, signed: bool = False) -> str:
    """A number with ``digits`` decimals, rounded half up.

    Examples
    --------
    >>> number(1234.55, 1), number(2.675, 2), number(-0.04, 1), number(3, 1, signed=True)
    ('1.234,6', '2,68', '0,0', '+3,0')
    """
    if is_missing(value):
        return MISSING
    exact = _rounded(value, digits)
    return _signed(exact, _decimal(exact, digits, lang), signed)


def integer(value: Any, lang: str = "id", *, signed: bool = False) -> str:
    """A whole number with its thousands marks: ``1.234``."""
    return number(value, 0, lang, signed=signed)


def percent(fraction: Any, digits: int = 1, lang: str = "id", *, signed: bool = False) -> str:
    """A fraction as a percentage: 0.1234 is ``12,3%``."""
    if is_missing(fraction):
        return MISSING
    exact = _rounded(Decimal(repr(float(fraction))) * 100, digits)
    return _signed(exact, _decimal(exact, digits, lang) + "%", signed)


def interval(low: str, high: str, lang: str = "id") -> str:
    """Two printed bounds joined: ``1,2 s.d. 3,4`` or ``1.2 to 3.4``."""
    return f"{low} s.d. {high}" if lang == "id" else f"{low} to {high}"


def date(value: dt.date | str, lang: str = "id") -> str:
    """``31 Desember 2025`` or ``31 December 2025``; ISO text is read."""
    from babel.dates import format_date

    if is_missing(value):
        return MISSING
    day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(day, "d MMMM y", locale=LOCALES[lang]))


def periode(value: Any, lang: str = "id", *, short: bool = False) -> str:
    """A period in words: ``Triwulan III Tahun 2025``; short ``TW III 2025``.

    Parameters
    ----------
    value : Periode or str
        ``2025``, ``2025-S1``, ``2025-Q3`` or ``2025-07``.
    """
    year, _, part = str(value).partition("-")
    kind = "year" if not part else {"Q": "quarter", "S": "semester"}.get(part[0], "month")
    if kind == "month":
        from babel.dates import format_date

        return str(format_date(dt.date(int(year), int(part), 1), "MMMM y", locale=LOCALES[lang]))
    if short and kind == "year":
        return year
    pattern = (_SHORT[lang] if short else {}).get(kind) or _PERIODS[lang][kind]
    place = int(part[1:]) if part else 1
    return pattern.format(y=year, n=place, r=ROMAN[place - 1])


def _rounded(value: Any, digits: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _decimal(exact: Decimal, digits: int, lang: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(exact, pattern, locale=LOCALES[lang])).replace("-", MINUS)


def _signed(exact: Decimal, text: str, signed: bool) -> str:
    return f"+{text}" if signed and exact > 0 else text
