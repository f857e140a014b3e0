"""Damaged NIPs: what can be undone is undone, the rest is named by a reason."""

from __future__ import annotations

import re
from datetime import date

from kinerja_lib.cleaning.distinct import MISSING, plain
from kinerja_lib.schema.nip import fault_of

_AROUND = "'’‘`´\"“”;,#:* "
_FLOATING = re.compile(r"\d[.,]\d+E\+?17|\d{18}[.,]0+", re.IGNORECASE)
_PREFIX = re.compile(r"^NIP\s*[.:]?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.'\-]")
_BY_LENGTH = {0: "nip_kosong", 9: "nip_lama", 11: "nip_non_asn", 16: "nip_nik", 17: "nip_angka_hilang"}


def split_name_nip(text: str) -> tuple[str, str]:
    """Name and NIP of one cell, split at a line break or a slash, or by the digits at its end."""
    parts = [part.strip() for part in re.split(r"[\r\n/|]+", text) if part.strip()]
    if len(parts) == 2:
        count = [sum(letter.isdigit() for letter in part) for part in parts]
        return (parts[0], parts[1]) if count[1] >= count[0] else (parts[1], parts[0])
    match = re.search(r"(?:NIP\.?\s*)?((?:\d[\s.]*){18})$", text)
    return (text[: match.start()].strip(), match[1]) if match else (text.strip(), "")


def repair_nip(text: str, born: date | None = None) -> tuple[str | None, str]:
    """The NIP in a cell, or None and the reason.

    A lost birth digit is rebuilt only where ``born`` is known and fits.
    """
    if len(text) == 18 and text.isascii() and text.isdigit() and not fault_of(text):
        return text, ""
    folded = plain(text).strip(_AROUND)
    if folded.casefold() in MISSING:
        return None, "nip_kosong"
    # 18 digits with ".0" were a floating-point number once: their last two or three are made up.
    if _FLOATING.fullmatch(folded):
        return None, "nip_presisi"
    digits = _BETWEEN.sub("", _PREFIX.sub("", folded))
    if not digits.isascii() or not digits.isdigit():
        return None, "nip_tidak_terbaca"
    fault = fault_of(digits)
    if not fault:
        return digits, ""
    if len(digits) == 17 and born is not None:
        birth = f"{born:%Y%m%d}"
        rebuilt = birth + digits[7:]
        shorter = {birth[:place] + birth[place + 1 :] for place in range(8)}
        if digits[:7] in shorter and not fault_of(rebuilt):
            return rebuilt, ""
    if fault == "length":
        return None, _BY_LENGTH.get(len(digits), "nip_panjang")
    return None, "nip_presisi" if fault == "sequence" else "nip_tidak_sah"
