"""Category spellings to the categories of ``fields.toml``; other spellings stand in ``spellings.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from kinerja_lib.cleaning.distinct import Rule, plain
from kinerja_lib.schema.fields import field

_SAME = {"perilaku_kerja": "hasil_kerja", "predikat_tercetak": "predikat"}


def folded(text: str) -> str:
    """Lower case, letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", plain(text).casefold())


@cache
def _table(name: str) -> dict[str, str]:
    document = tomllib.loads(
        files("kinerja_lib.cleaning").joinpath("spellings.toml").read_text(encoding="utf-8")
    )
    found = {folded(category): category for category in field(name).categories}
    for category, spellings in document.get(_SAME.get(name, name), {}).items():
        found |= {folded(text): category for text in spellings}
    return found


def category_rule(name: str) -> Rule:
    """Rule for a column with categories: the category, or the reason ``kategori_tidak_dikenal``."""
    table = _table(name)

    def rule(text: str) -> tuple[str | None, str]:
        value = table.get(folded(text))
        return (value, "") if value is not None else (None, "kategori_tidak_dikenal")

    return rule
