"""Sentences of the catalogue in both languages at once, as findings carry them."""

from __future__ import annotations

from collections.abc import Callable

from kinerja_lib.language import Labels

LABELS = {lang: Labels(lang) for lang in ("id", "en")}
Value = str | Callable[[Labels], str]


def both(key: str, **values: Value) -> tuple[str, str]:
    """A text of the catalogue, Indonesian and English.

    Parameters
    ----------
    key : str
    values : str or callable
        What stands in its braces: the same text for both, or a function that writes it with a language's ``Labels``.
    """
    return _filled("id", key, values), _filled("en", key, values)


def _filled(lang: str, key: str, values: dict[str, Value]) -> str:
    labels = LABELS[lang]
    return labels.text(
        key, **{name: value if isinstance(value, str) else value(labels) for name, value in values.items()}
    )


def percent(value: float, digits: int = 1) -> Value:
    """A fraction as percent."""
    return lambda labels: labels.percent(value, digits)


def number(value: float, digits: int = 1) -> Value:
    """A number with its decimals."""
    return lambda labels: labels.number(value, digits)


def integer(value: float) -> Value:
    """A whole number."""
    return lambda labels: labels.integer(value)


def listing(names: list[str]) -> Value:
    """Names joined by commas and *and*."""
    return lambda labels: labels.listing(names)


def category(name: str) -> Value:
    """A category value in words."""
    return lambda labels: labels.category(name)
