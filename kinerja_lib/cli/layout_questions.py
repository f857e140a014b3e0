"""Questions about a proposed layout: a field for each doubtful column, then whether to write it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kinerja_lib.cli.screen import Screen
from kinerja_lib.errors import Both, UsageError, in_language

if TYPE_CHECKING:
    from kinerja_lib.reading.draft import Column, Proposal


def note_known(screen: Screen, file: Path, layouts: Any) -> None:
    """Say so where a layout fits the file already."""
    from kinerja_lib.errors import ReadError
    from kinerja_lib.reading import read_export

    try:
        known = sorted({sheet.layout for sheet in read_export(file, layouts=layouts)})
    except ReadError:
        return
    names = ", ".join(known)
    screen.line(
        Both(f"Sudah terbaca dengan layout: {names}", en=f"This file is read already, by the layout: {names}")
    )


def ask_about(screen: Screen, proposal: Proposal) -> Proposal:
    """Ask about each column without a field, then whether to write."""
    for number, column in enumerate(proposal.columns):
        if column.how == "none":
            answer = _choice(screen, column, proposal)
            if answer != "":
                proposal = proposal.choose(number, answer)
    if _prompt(screen, Both("Tulis layout ini? [y/t]", en="Write this layout? [y/n]"), "y").lower() not in (
        "y",
        "ya",
        "yes",
    ):
        raise typer.Abort
    return proposal


def _choice(screen: Screen, column: Column, proposal: Proposal) -> str | None:
    """A field, None to set the column aside, or an empty text to leave it open."""
    from kinerja_lib.reading.likeness import allowed_fields

    screen.line()
    screen.line(
        Both(f"Kolom mana untuk “{column.header}”?", en=f"Which field is “{column.header}”?"), style="bold"
    )
    for number, (name, score) in enumerate(column.choices, start=1):
        taken = any(other.field == name for other in proposal.columns)
        mark = in_language(Both(" (sudah dipakai)", en=" (taken)"), screen.lang) if taken else ""
        screen.line(f"  {number}  {name}  {score:g}{mark}")
    screen.line(Both("  0  tidak dipakai", en="  0  not used"))
    question = Both(
        "Nomor, nama kolom, atau Enter untuk membiarkannya", en="Number, field, or Enter to leave it open"
    )
    while True:
        answer = _prompt(screen, question, "").strip()
        if answer in ("", "0"):
            return None if answer else ""
        if answer.isdigit() and int(answer) <= len(column.choices):
            return column.choices[int(answer) - 1][0]
        if answer in allowed_fields(proposal.table):
            return answer
        screen.line(Both(f"  bukan pilihan: {answer}", en=f"  not a choice: {answer}"))


def _prompt(screen: Screen, question: str, default: str) -> str:
    try:
        return str(
            typer.prompt(in_language(question, screen.lang), default=default, show_default=bool(default))
        )
    except typer.Abort as error:
        if sys.stdin.isatty():
            raise
        raise UsageError(
            Both("tidak ada yang menjawab pertanyaan", en="there is nobody to answer the questions"),
            action=Both("pakai --accept: yang pasti diterima, sisanya didaftar",
                        en="use --accept: certain columns are taken, the rest is listed"),
        ) from error  # fmt: skip
