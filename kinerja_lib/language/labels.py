"""One catalogue of phrases a language (``id.toml``, ``en.toml``), and the numbers that stand in them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kinerja_lib.errors import Both, ConfigError
from kinerja_lib.language import numerals

LANGUAGES = ("id", "en")


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All phrases of a language by dotted key (``section.name``).

    Raises
    ------
    ConfigError
        The language is neither ``id`` nor ``en``.
    """
    if lang not in LANGUAGES:
        raise ConfigError(
            Both(f"bahasa tidak dikenal: {lang!r}", en=f"unknown language: {lang!r}"),
            action=Both("pakai id atau en", en="use id or en"),
        )
    text = files("kinerja_lib.language").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: Mapping[str, Any], lead: str) -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{lead}{key}.")
        else:
            yield lead + key, " ".join(str(value).split())


class Labels:
    """Phrases and numbers in one language.

    Parameters
    ----------
    lang : {"id", "en"}

    Examples
    --------
    >>> label = Labels("id")
    >>> label.number(1234.5, 1), label.percent(0.123), label.periode("2025-Q3")
    ('1.234,5', '12,3%', 'Triwulan III Tahun 2025')
    """

    def __init__(self, lang: str = "id") -> None:
        self._phrases = catalogue(lang)
        self.lang = lang

    def text(self, key: str, **values: Any) -> str:
        """The phrase of a key with its values filled in.

        Raises
        ------
        KeyError
            No such phrase, or a value that the phrase needs was not given: a fault of the program.
        """
        if key not in self._phrases:
            raise KeyError(f"no phrase {key!r} in {self.lang}.toml")
        return self._phrases[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self._phrases

    def section(self, name: str) -> dict[str, str]:
        """All phrases of a section, by their names in it."""
        lead = f"{name}."
        return {key.removeprefix(lead): text for key, text in self._phrases.items() if key.startswith(lead)}

    def category(self, value: Any) -> str:
        """What a reader sees for a category of the data; a value without a phrase is shown as it is."""
        return self._phrases.get(f"category.{value}", str(value))

    def column(self, name: str) -> str:
        """Heading of a column: the catalogue's, else the data dictionary's is the caller's matter."""
        return self.text(f"column.{name}")

    def number(self, value: Any, digits: int = 1, *, signed: bool = False) -> str:
        """A number: ``1.234,5``."""
        return numerals.number(value, digits, self.lang, signed=signed)

    def integer(self, value: Any, *, signed: bool = False) -> str:
        """A whole number: ``1.234``."""
        return numerals.integer(value, self.lang, signed=signed)

    def percent(self, fraction: Any, digits: int = 1, *, signed: bool = False) -> str:
        """A fraction as a percentage: ``12,3%``."""
        return numerals.percent(fraction, digits, self.lang, signed=signed)

    def points(self, fraction: Any, digits: int = 1) -> str:
        """A difference of two fractions in percentage points: ``+1,2 poin persentase``."""
        shown = numerals.number(
            None if numerals.is_missing(fraction) else float(fraction) * 100, digits, self.lang, signed=True
        )
        return self.text("number.points", value=shown)

    def interval(self, low: str, high: str) -> str:
        """Two printed bounds: ``1,2 s.d. 3,4``."""
        return numerals.interval(low, high, self.lang)

    def date(self, value: dt.date | str) -> str:
        """``31 Desember 2025``."""
        return numerals.date(value, self.lang)

    def periode(self, value: Any, *, short: bool = False) -> str:
        """``Triwulan III Tahun 2025``."""
        return numerals.periode(value, self.lang, short=short)

    def listing(self, items: Iterable[str]) -> str:
        """``a, b, dan c`` or ``a, b and c``."""
        parts = list(items)
        if len(parts) < 2:
            return "".join(parts)
        return self.text(
            "number.listing" if len(parts) > 2 else "number.pair", most=", ".join(parts[:-1]), last=parts[-1]
        )
