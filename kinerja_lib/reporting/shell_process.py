"""What a cell does to its process, caught as a kernel catches it: bytes written past Python, questions, figures."""

from __future__ import annotations

import builtins
import getpass
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.error import StdinNotImplementedError

INLINE = "module://matplotlib_inline.backend_inline"
_READ = 65_536
_WAIT = 0.5  # seconds for a process that a cell left running and that still holds the pipe


@contextmanager
def no_input() -> Iterator[None]:
    """Nobody answers: ``input`` and ``getpass`` are refused, and standard input is at its end."""
    asked = builtins.input, getpass.getpass, sys.stdin
    builtins.input, getpass.getpass = _refusal("raw_input"), _refusal("getpass")
    saved = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        with Path(os.devnull).open(encoding="utf-8") as sys.stdin:
            yield
    finally:
        builtins.input, getpass.getpass, sys.stdin = asked
        os.dup2(saved, 0)
        os.close(saved)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Interrupt a cell after so many seconds; only where the system has an alarm, and not inside compiled code."""
    if (
        not seconds
        or not hasattr(signal, "SIGALRM")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def ring(*_: object) -> None:
        raise TimeoutError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _refusal(name: str) -> Callable[..., str]:
    def refuse(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return refuse


@contextmanager
def caught_descriptors(write: Callable[[str, str], None]) -> Iterator[list[int]]:
    """Give what is written to file descriptors 1 and 2 (by ``!``, ``subprocess``, compiled code) to ``write``.

    ``write(name, text)`` is called in this thread, after the block: a kernel's order of the two kinds of output
    depends on its timing as well. How much is kept is the caller's to bound; here a part at most is held. Yields
    descriptors of where the two went before.
    """
    readers = [_Reader(number, name) for number, name in ((1, "stdout"), (2, "stderr"))]
    try:
        yield [reader.before for reader in readers]
    finally:
        for reader in readers:
            reader.close()
    for reader in readers:
        if reader.kept:
            write(reader.name, reader.kept.decode("utf-8", "replace"))


class _Reader:
    """Reads a descriptor's bytes in a thread, so that whoever writes never waits; keeps the first megabytes."""

    def __init__(self, number: int, name: str, most: int = 8_000_000) -> None:
        self.name, self._number, self._most = name, number, most
        self.kept = bytearray()
        self.before = os.dup(number)
        self._reading, writing = os.pipe()
        os.dup2(writing, number)
        os.close(writing)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while data := os.read(self._reading, _READ):
            self.kept += data[: max(self._most - len(self.kept), 0)]
        os.close(self._reading)

    def close(self) -> None:
        os.dup2(self.before, self._number)  # the last writing end here: the reader comes to the end
        os.close(self.before)
        self._thread.join(timeout=_WAIT)


def show_figures(shell: Any) -> None:
    """Show pyplot's figures at the end of a cell, as a kernel does, with matplotlib's own settings at the start.

    Costs nothing where pyplot is not used.
    """
    os.environ["MPLBACKEND"] = INLINE
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return
    from kinerja_lib.display.style import forget_style

    forget_style()  # what the warm parent, or an earlier report of this process, has drawn
    matplotlib.use(INLINE)
    if "matplotlib_inline.backend_inline" in sys.modules:
        # an earlier shell of this process loaded it, and what it set up then must be set up for this one
        from IPython.core.pylabtools import select_figure_formats
        from matplotlib_inline.backend_inline import configure_inline_support
        from matplotlib_inline.config import InlineBackend

        configure: Callable[..., None] = configure_inline_support
        configure(shell, INLINE)
        settings = InlineBackend.instance()
        select_figure_formats(shell, settings.figure_formats, **settings.print_figure_kwargs)
        matplotlib.interactive(True)
