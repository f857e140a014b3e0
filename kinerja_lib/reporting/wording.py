"""Names of the program in the words of a reader: checks, columns, levels."""

from __future__ import annotations

import re

from kinerja_lib.language import Labels
from kinerja_lib.language.labels import catalogue

_COLUMN = re.compile(r"\b([a-z]+(?:_[a-z0-9]+)+|pendidikan|periode)\b(\[[^\]]*\])?")


def lower_first(text: str) -> str:
    """``Indeks fasilitas`` inside a sentence: only its first letter is lowered, and no abbreviation's.

    Examples
    --------
    >>> lower_first("Pelatihan (JP)"), lower_first("IT access index")
    ('pelatihan (JP)', 'IT access index')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def in_words(text: str, labels: Labels) -> str:
    """A text with the names of columns replaced by what a reader calls them; unknown ones stay.

    Examples
    --------
    >>> in_words("Variabel jp_10 cukup terpisah.", Labels("id"))
    'Variabel “Pelatihan (JP)” cukup terpisah.'
    """
    known = catalogue(labels.lang)

    def named(found: re.Match[str]) -> str:
        name = known.get(f"choice.{found[1]}")
        if name is None:
            return found[0]
        return f"“{name}: {found[2][1:-1]}”" if found[2] else f"“{name}”"

    return _COLUMN.sub(named, text)


def check_name(name: str, labels: Labels) -> str:
    """The name of a diagnostic, ``vif: jp_10``, in words."""
    kind, _, about = name.partition(":")
    kind = re.sub(r"^heaping_\d+$", "heaping", kind.strip())
    shown = catalogue(labels.lang).get(f"check.{kind}", kind.replace("_", " "))
    return f"{shown}: {in_words(about.strip(), labels)}" if about else shown


def shown_p(value: float, labels: Labels) -> float | str:
    """A p-value for a table: ``<0,001`` instead of a zero that it is not.

    Examples
    --------
    >>> shown_p(0.0002, Labels("id")), shown_p(0.25, Labels("id"))
    ('<0,001', 0.25)
    """
    return f"<{labels.number(0.001, 3)}" if value < 0.0005 else value


def p_text(value: float, labels: Labels) -> str:
    """A p-value inside a sentence."""
    shown = shown_p(value, labels)
    return shown if isinstance(shown, str) else labels.number(shown, 3)
