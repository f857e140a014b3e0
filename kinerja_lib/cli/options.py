"""Options that every command takes, and what they give it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import say
from kinerja_lib.config import LANGUAGES
from kinerja_lib.errors import Both, UsageError

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

ProjectFolder = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="FOLDER",
        help=say(
            "Folder proyek (yang memuat kinerja.toml). Bawaan: folder ini atau induk terdekat.",
            "Project folder (the one with kinerja.toml). Default: this folder or "
            "the nearest parent that has one.",
        ),
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="id|en", help=say("Bahasa pesan: id atau en.", "Language of messages: id or en.")
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help=say("Cetak satu objek JSON, untuk program lain.", "Print one JSON object, for machines."),
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=say("Tampilkan galat saja.", "Show errors only."))]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=say("Tampilkan rencana; tidak menulis apa pun.", "Show the plan; write nothing."),
    ),
]


@dataclass(frozen=True)
class Context:
    """A command's screen and, where it works on one, its project."""

    screen: Screen
    folder: Path | None

    @property
    def lang(self) -> str:
        """Language of messages."""
        return self.screen.lang

    def project(self, near: Path | None = None) -> Project:
        """The project that was asked for; where none was, that of a path which was given, else that of this folder."""
        from kinerja_lib.config import FILE_NAME
        from kinerja_lib.workflow import find_project

        if self.folder is not None:
            return find_project(self.folder, exact=True)
        start = Path.cwd() if near is None else near.resolve()
        inside = any((place / FILE_NAME).is_file() for place in (start, *start.parents))
        return find_project(start if inside else Path.cwd())


def context(folder: Path | None, lang: str | None, as_json: bool, quiet: bool) -> Context:
    """What the common options give a command.

    The language is the option's, else that of the environment variable ``KINERJA_LANG``, else that of the
    project file, else Indonesian.
    """
    import os

    if lang is not None and lang not in LANGUAGES:
        raise UsageError(
            Both(f"bahasa tidak dikenal: {lang}", en=f"unknown language: {lang}"),
            action=Both("pilih --lang id atau --lang en", en="choose --lang id or --lang en"),
        )
    chosen = lang or os.environ.get("KINERJA_LANG") or project_language(folder)
    return Context(Screen(chosen if chosen in LANGUAGES else "id", as_json=as_json, quiet=quiet), folder)


def project_language(folder: Path | None) -> str:
    """Language of messages that a project asks for; Indonesian outside a project."""
    from kinerja_lib.config import FILE_NAME, load_config

    start = folder if folder is not None else Path.cwd()
    places = (start,) if folder is not None else (start, *start.parents)
    for place in places:
        if (place / FILE_NAME).is_file():
            return load_config(place).project.lang
    return "id"


def split_list(text: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """``a,b`` as a tuple; the default where nothing was given."""
    if text is None:
        return default
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parameter_list(given: list[str] | None) -> dict[str, Any]:
    """``name=value`` pairs of ``--set`` as a dictionary."""
    values: dict[str, Any] = {}
    for pair in given or []:
        name, mark, value = pair.partition("=")
        if not mark or not name.strip():
            raise UsageError(
                Both(f"bukan nama=nilai: {pair}", en=f"not name=value: {pair}"),
                action="--set nama=nilai",
            )
        values[name.strip()] = value
    return values
