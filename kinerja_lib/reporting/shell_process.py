"""What a cell does to its process, caught as a kernel catches it: bytes written past Python, pyplot's figures."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

INLINE = "module://matplotlib_inline.backend_inline"
_READ = 65_536
_WAIT = 0.5  # seconds for a process that a cell left running and that still holds the pipe


@contextmanager
def caught_descriptors(write: Callable[[str, str], None]) -> Iterator[None]:
    """Give what is written to file descriptors 1 and 2 (by ``!``, ``subprocess``, compiled code) to ``write``.

    ``write(name, text)`` is called in this thread, after the block: a kernel's order of the two kinds of output
    depends on its timing as well. How much is kept is the caller's to bound; here a part at most is held.
    """
    readers = [_Reader(number, name) for number, name in ((1, "stdout"), (2, "stderr"))]
    try:
        yield
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
        self._saved = os.dup(number)
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
        os.dup2(self._saved, self._number)  # the last writing end here: the reader comes to the end
        os.close(self._saved)
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
