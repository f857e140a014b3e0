"""Posts: the kind from its own column or the echelon, the level of a functional post from its name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kinerja_lib.cleaning.codes import category_rule, folded, spellings
from kinerja_lib.cleaning.distinct import plain

_STRUCTURAL = frozenset({"struktural", "jabatanstruktural"})
_AT_END = re.compile(
    r"\b(ahli (?:pertama|muda|madya|utama)|pelaksana (?:pemula|lanjutan)|pemula|terampil|mahir|penyelia)\s*$",
    re.IGNORECASE,
)


def kind_of_post(kind: str, echelon: str, *, own: Mapping[str, str] | None = None) -> tuple[str | None, str]:
    """``jenis_jabatan`` of a row; ``Struktural`` needs the echelon, and the two may not contradict."""
    from_echelon = spellings("eselon").get(folded(echelon)) if plain(echelon) not in ("", "-") else None
    if not plain(kind) or folded(kind) in _STRUCTURAL:
        if from_echelon is not None:
            return from_echelon, ""
        return None, "eselon_hilang" if plain(kind) else ""
    value, reason = category_rule("jenis_jabatan", own=own)(kind)
    if value is not None and from_echelon not in (None, value):
        return None, "jabatan_bertentangan"
    return value, reason


def level_of_post(level: str, name: str, *, own: Mapping[str, str] | None = None) -> tuple[str | None, str]:
    """``jenjang_jabatan`` from its own column, else from the end of the post's name."""
    if plain(level) and plain(level) != "-":
        return category_rule("jenjang_jabatan", own=own)(level)
    match = _AT_END.search(plain(name))
    return (spellings("jenjang_jabatan").get(folded(match[1])), "") if match else (None, "")
