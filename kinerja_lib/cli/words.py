"""Texts of the command line in both languages, and the help pages in the one that was asked for."""

from __future__ import annotations

from typing import Any

from kinerja_lib.errors import Both

_ENGLISH: dict[str, str] = {}


def say(text: str, en: str) -> Both:
    """A text in both languages, known to ``translate_help``."""
    _ENGLISH[text.strip()] = en.strip()
    return Both(text, en=en)


def translate_help(command: Any, lang: str) -> None:
    """Turn the help texts of a click command and all its subcommands to English where asked for."""
    if lang != "en":
        return
    for name in ("help", "short_help", "epilog"):
        text = getattr(command, name, None)
        if text:
            setattr(command, name, _ENGLISH.get(text.strip(), text))
    for parameter in command.params:
        text = getattr(parameter, "help", None)
        if text:
            parameter.help = _ENGLISH.get(text.strip(), text)
    for subcommand in getattr(command, "commands", {}).values():
        translate_help(subcommand, lang)


def examples(*lines: str) -> Both:
    """Examples under a help page, one command a line."""
    body = "\n".join(f"  {line}" for line in lines)
    return say(f"\b\nContoh:\n{body}", f"\b\nExamples:\n{body}")
