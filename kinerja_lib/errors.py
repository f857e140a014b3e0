"""Errors a user can mend: what happened, where, and the next action; one exit code each.

Every message is written by the place that raises it, in the language the caller asked for or as ``Both``, and
never holds a name or a NIP. The command line prints ``KinerjaError`` without a traceback.
"""

from __future__ import annotations


class Both(str):
    """A text in both languages: it reads as the Indonesian one, and ``en`` holds the English.

    For messages raised where the reader's language is not known; the command line picks one.

    Examples
    --------
    >>> text = Both("berkas kosong", en="the file is empty")
    >>> text, text.en
    ('berkas kosong', 'the file is empty')
    """

    en: str

    def __new__(cls, text: str, en: str) -> Both:
        self = super().__new__(cls, text)
        self.en = en
        return self

    def text(self, lang: str) -> str:
        """The text in one language."""
        return self.en if lang == "en" else str(self)

    def __reduce__(self) -> tuple[type[Both], tuple[str, str]]:
        return (Both, (str(self), self.en))


def in_language(text: str, lang: str) -> str:
    """The text in a language: the English of a ``Both`` for ``en``, else the text itself."""
    return text.en if lang == "en" and isinstance(text, Both) else str(text)


class KinerjaError(Exception):
    """Base of all errors that a user can mend.

    Parameters
    ----------
    message : str
        What happened, and where.
    action : str, optional
        The next action. Printed on a line of its own.
    details : sequence of str, optional
        Further lines (``label -> value``), each printed indented.
    """

    exit_code = 1

    def __init__(self, message: str, *, action: str = "", details: tuple[str, ...] | list[str] = ()) -> None:
        self.message = message
        self.action = action
        self.details = tuple(details)
        super().__init__(message)

    def text(self, lang: str = "id") -> str:
        """Message, details and next action in a language, one line each."""
        lines = [in_language(self.message, lang)]
        lines += [f"  {in_language(line, lang)}" for line in self.details]
        if self.action:
            lines.append(f"  -> {in_language(self.action, lang)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.action, self.details))


def _rebuild(cls: type[KinerjaError], message: str, action: str, details: tuple[str, ...]) -> KinerjaError:
    return cls(message, action=action, details=details)


class UsageError(KinerjaError):
    """A wrong argument: an unknown agency, a malformed period, an option that does not exist."""

    exit_code = 2


class ConfigError(KinerjaError):
    """``kinerja.toml`` holds an unknown key or a value of the wrong type."""

    exit_code = 3


class ReadError(KinerjaError):
    """A file cannot be read, or none of the known layouts fits it."""

    exit_code = 4


class SchemaError(KinerjaError):
    """A table lacks a column, or a column holds what its description forbids."""

    exit_code = 5


class CleaningError(KinerjaError):
    """The cleaning cannot go on: no usable row, a correction whose guard no longer holds."""

    exit_code = 6


class ModelError(KinerjaError):
    """A model cannot be fitted: names the column and the remedy."""

    exit_code = 7


class TemplateError(KinerjaError):
    """A notebook template or one of its parameters is wrong."""

    exit_code = 8


class ReportError(KinerjaError):
    """A report could not be made: a cell failed, a figure has no alternative text."""

    exit_code = 9


class DisclosureError(KinerjaError):
    """A table would reveal a small group."""

    exit_code = 10
