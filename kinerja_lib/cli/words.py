"""Texts of the command line in both languages, and the help pages in the one that was asked for."""

from __future__ import annotations

import re
from typing import Any

from kinerja_lib.errors import Both

_ENGLISH: dict[str, str] = {}

# The frame of a help page, which typer writes in English.
_COMPLETION = {
    "install_completion": "Pasang pelengkapan perintah pada shell ini.",
    "show_completion": "Tampilkan naskah pelengkapan, untuk disalin atau diubah.",
    "help": "Tampilkan halaman ini.",
}
_FRAME = (
    (r"(?m)^Usage: ", "Pemakaian: "),
    (r"(?m)^Options:$", "Opsi:"),
    (r"(?m)^Arguments:$", "Argumen:"),
    (r"(?m)^Commands:$", "Perintah:"),
    (r"\[OPTIONS\]", "[OPSI]"),
    (r"COMMAND \[ARGS\]\.\.\.", "PERINTAH [ARGUMEN]..."),
    (r"Show this message and exit\.", _COMPLETION["help"]),
    (r"\[required\]", "[wajib]"),
    (r"\[default:(\s)", r"[bawaan:\1"),
    (r"; required\]", "; wajib]"),
)
_BARE = (  # marks of typer's around the names of arguments
    (r"\{(\S+)\}", r"\1"),
    (r"\[\[(.+?)\]\]\.\.\.", r"[\1]"),
)
_NAMES = {
    "KODE": "CODE",
    "BERKAS": "FILE",
    "PERIODE": "PERIOD",
    "NAMA": "NAME",
    "TEKS": "TEXT",
    "LAPORAN": "REPORT",
    "ATURAN": "RULE",
    "TEMPAT": "PLACE",
    "TAHUN": "YEAR",
    "nama": "name",
    "nilai": "value",
}


def say(text: str, en: str) -> Both:
    """A text in both languages, known to ``translate_help``."""
    _ENGLISH[text.strip()] = en.strip()
    return Both(text, en=en)


def translate_help(command: Any, lang: str) -> None:
    """Turn the help pages of a click command and all its subcommands to a language, and show summaries whole."""
    if lang == "en":
        for name in ("help", "short_help", "epilog"):
            text = getattr(command, name, None)
            if text:
                setattr(command, name, _ENGLISH.get(text.strip(), text))
    for parameter in command.params:
        text = getattr(parameter, "help", None)
        if text and lang == "en":
            parameter.help = _ENGLISH.get(text.strip(), text)
        elif lang != "en" and parameter.name in _COMPLETION:
            parameter.help = _COMPLETION[parameter.name]
        metavar = getattr(parameter, "metavar", None)
        if metavar and lang == "en":
            parameter.metavar = _ENGLISH.get(metavar, re.sub(r"\w+", _english_name, metavar))
        parameter.get_help_record = _typeless(parameter.get_help_record)
    command.get_short_help_str = lambda limit=0, command=command: command.short_help or command.help or ""
    frame = _BARE if lang == "en" else (*_BARE, *_FRAME)
    for name in ("get_help", "get_usage"):
        setattr(command, name, _framed(getattr(command, name), frame))
    for subcommand in getattr(command, "commands", {}).values():
        translate_help(subcommand, lang)


def _english_name(found: re.Match[str]) -> str:
    return _NAMES.get(found[0], found[0])


def _typeless(original: Any) -> Any:
    """The entry of an option or argument without typer's name of its type."""

    def entry(context: Any) -> tuple[str, str] | None:
        found = original(context)
        return found and (re.sub(r" +<[^>]+>", "", found[0]), found[1])

    return entry


def _framed(original: Any, frame: tuple[tuple[str, str], ...]) -> Any:
    def page(context: Any) -> str:
        text = str(original(context))
        for found, put in frame:
            text = re.sub(found, put, text)
        return text

    return page


def examples(*lines: str) -> Both:
    """Examples under a help page, one command a line."""
    body = "\n".join(f"  {line}" for line in lines)
    return say(f"\b\nContoh:\n{body}", f"\b\nExamples:\n{body}")
