"""The fixed words of a report (Gambar, Tabel, Sumber, …) in the language of the document."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kinerja_lib.errors import Both, ReportError

ASSETS = files("kinerja_lib.reporting").joinpath("assets")


@cache
def words(lang: str) -> Mapping[str, str]:
    """All fixed words in a language, by key; they lie in ``assets/words.toml``.

    Raises
    ------
    ReportError
        The language is neither ``id`` nor ``en``.
    """
    catalogue = tomllib.loads(ASSETS.joinpath("words.toml").read_text(encoding="utf-8"))
    if lang not in catalogue:
        raise ReportError(
            Both(f"bahasa dokumen tidak dikenal: {lang!r}", en=f"unknown document language: {lang!r}"),
            action=Both("pakai id atau en", en="use id or en"),
        )
    return catalogue[lang]


@cache
def asset(name: str) -> str:
    """The text of a file in ``assets``."""
    return ASSETS.joinpath(name).read_text(encoding="utf-8")
