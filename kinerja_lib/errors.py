"""Errors a user can mend: what happened, where, and the next action; one exit code each.

Every message is written by the place that raises it, in the language the caller asked for, and never
holds a name or a NIP. The command line prints ``KinerjaError`` without a traceback.
"""

from __future__ import annotations


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

    def __str__(self) -> str:
        lines = [self.message, *(f"  {line}" for line in self.details)]
        if self.action:
            lines.append(f"  -> {self.action}")
        return "\n".join(lines)

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
