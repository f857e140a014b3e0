"""What a command shows: lines, one JSON object, progress with the time left, errors."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from kinerja_lib.errors import Both, KinerjaError, in_language

Tick = Callable[..., None]  # tick(done, total, text, seconds left or nothing)
SECONDS_BETWEEN_LINES = 2.0


class Screen:
    """Output of one command, in one language.

    Parameters
    ----------
    lang : {"id", "en"}
    as_json : bool
        Print one JSON object on standard output and nothing else there.
    quiet : bool
        Print errors only.
    """

    def __init__(self, lang: str = "id", *, as_json: bool = False, quiet: bool = False) -> None:
        self.lang, self.as_json, self.quiet = lang, as_json, quiet
        self._out = Console(highlight=False, soft_wrap=True, markup=False)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

    def line(self, text: str = "", style: str | None = None) -> None:
        """A line for people."""
        if not self.as_json and not self.quiet:
            self._out.print(in_language(text, self.lang), style=style)

    def table(
        self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
    ) -> None:
        """A table for people; columns in ``right`` are aligned to the right."""
        if self.as_json or self.quiet:
            return
        table = Table(box=None, pad_edge=False)
        for number, header in enumerate(headers):
            align = "right" if number in right else "left"
            table.add_column(in_language(header, self.lang), justify=align, overflow="fold")  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*(in_language(cell, self.lang) for cell in row))
        self._out.print(table)

    def result(self, content: Mapping[str, Any]) -> None:
        """The JSON object, where it was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")
            sys.stdout.flush()

    def error(self, error: KinerjaError) -> None:
        """An error a user can mend: on standard error, and as JSON where asked for."""
        if self.as_json:
            self.result(
                {
                    "error": {
                        "type": type(error).__name__,
                        "message": in_language(error.message, self.lang),
                        "details": [in_language(text, self.lang) for text in error.details],
                        "action": in_language(error.action, self.lang),
                        "exit_code": error.exit_code,
                    }
                }
            )
        self._err.print(error.text(self.lang), style="red" if self._err.is_terminal else None)

    def hint(self, text: str) -> None:
        """A line on standard error."""
        self._err.print(in_language(text, self.lang))

    @contextmanager
    def progress(self, title: str) -> Iterator[Tick]:
        """A function ``tick(done, total, text, left)`` that shows how far a long step is, and the time left.

        Where ``left`` (seconds) is not given, it is what the steps so far suggest.
        A bar on a terminal; elsewhere a line every two seconds; nothing with ``--json`` or ``--quiet``.
        """
        title = in_language(title, self.lang)
        if self.as_json or self.quiet:
            yield lambda *_: None
        elif self._err.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            rest = (TextColumn("{task.fields[left]}"), TextColumn("{task.fields[text]}"))
            started = time.monotonic()
            with Progress(*columns, *rest, console=self._err, transient=True) as bar:
                task = bar.add_task(title, total=None, text="", left="")

                def tick(done: int, total: int, text: str, left: float | None = None) -> None:
                    shown = self._left(started, done, total, left)
                    bar.update(task, completed=done, total=total, text=text[:40], left=shown)

                yield tick
        else:
            yield self._lines(title)

    def _lines(self, title: str) -> Tick:
        started = last = time.monotonic()

        def tick(done: int, total: int, text: str, left: float | None = None) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < SECONDS_BETWEEN_LINES:
                return
            last = now
            shown = self._left(started, done, total, left)
            self._err.print(f"{title}: {done}/{total}{', ' if shown else ''}{shown}")

        return tick

    def _left(self, started: float, done: int, total: int, left: float | None) -> str:
        """The time left in words; empty where nothing is known yet, or nothing is left."""
        if left is None and done:
            left = (time.monotonic() - started) / done * (total - done)
        return in_language(about(left), self.lang) if left and done < total else ""


def about(seconds: float) -> Both:
    """A time left, as exact as it is known: ``sisa sekitar 40 detik``, ``sisa sekitar 12 menit``."""
    if seconds < 90:
        near = max(5, round(seconds / 5) * 5)
        return Both(f"sisa sekitar {near} detik", en=f"about {near} s left")
    minutes = round(seconds / 60)
    if minutes < 90:
        return Both(f"sisa sekitar {minutes} menit", en=f"about {minutes} min left")
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    more, more_en = (f" {rest} menit", f" {rest} min") if rest else ("", "")
    return Both(f"sisa sekitar {hours} jam{more}", en=f"about {hours} h{more_en} left")
