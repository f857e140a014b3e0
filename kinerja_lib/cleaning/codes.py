"""Category spellings to the categories of ``fields.toml``; other spellings stand in ``spellings.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kinerja_lib.cleaning.distinct import Rule, plain
from kinerja_lib.schema.fields import field, fields

# columns whose spellings stand under another one's name
SECTIONS = {"perilaku_kerja": "hasil_kerja", "predikat_tercetak": "predikat"}
SHORTEST = 8  # letters from which one wrong letter is read
APART = 3  # and only where every other category is at least so many letters away

_OTHER = re.compile(r"[^a-z0-9]")
_TRUE, _FALSE = {"ya", "y", "true", "1"}, {"tidak", "t", "false", "0"}


def folded(text: str) -> str:
    """Lower case, letters and digits only."""
    return _OTHER.sub("", plain(text).casefold())


@cache
def spellings(name: str) -> Mapping[str, str]:
    """Category by folded spelling: of a column of ``fields.toml``, or of another section of the file."""
    document = tomllib.loads(
        files("kinerja_lib.cleaning").joinpath("spellings.toml").read_text(encoding="utf-8")
    )
    own = field(name).categories if name in fields() else ()
    found = {folded(category): category for category in own}
    for category, texts in document.get(SECTIONS.get(name, name), {}).items():
        for text in (category, *texts) if own else texts:
            found.setdefault(folded(text), category)
    return found


def nearest(text: str, table: Mapping[str, str]) -> str | None:
    """The category whose spelling differs by one letter, where all others are far; else None."""
    from rapidfuzz.distance import OSA

    key = folded(text)
    if len(key) < SHORTEST or not any(
        abs(len(key) - len(spelling)) < 2 and OSA.distance(key, spelling, score_cutoff=1) == 1
        for spelling in table
    ):
        return None
    apart: dict[str, int] = {}
    for spelling, category in table.items():
        distance = OSA.distance(key, spelling, score_cutoff=APART)
        apart[category] = min(distance, apart.get(category, APART + 1))
    ranked = sorted(apart.items(), key=lambda item: item[1])
    if ranked[0][1] == 1 and (len(ranked) == 1 or ranked[1][1] >= APART):
        return ranked[0][0]
    return None


def category_rule(
    name: str, near: dict[str, str] | None = None, own: Mapping[str, str] | None = None
) -> Rule:
    """Rule for a column with categories: the category, or the reason ``kategori_tidak_dikenal``.

    Texts that were read in spite of a wrong letter are added to ``near``; ``own`` are spellings of the project, which go
    before the package's.
    """
    table = {**spellings(name), **own} if own else spellings(name)

    def rule(text: str) -> tuple[str | None, str]:
        value = table.get(folded(text))
        if value is not None:
            return value, ""
        if (value := nearest(text, table)) is not None:
            if near is not None:
                near[text] = value
            return value, ""
        return None, "kategori_tidak_dikenal"

    return rule


def boolean(text: str) -> tuple[bool | None, str]:
    """Rule of a column of yes and no."""
    key = folded(text)
    return (key in _TRUE, "") if key in _TRUE | _FALSE else (None, "kategori_tidak_dikenal")
