"""A kernel's shell without the kernel: cells run in this process and their outputs are what a notebook would hold.

The shell, its displays and its tracebacks are ipykernel's own classes; only their way out differs: a message goes to
``shell_outputs`` instead of a socket.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.shellapp import InteractiveShellApp
from traitlets.config import Config

from kinerja_lib.reporting.shell_outputs import Outputs, OutputSession
from kinerja_lib.reporting.shell_process import caught_descriptors, no_input, show_figures

#: what a kernel's shell, and pyplot's figures, change of the environment
_ENVIRONMENT = ("TERM", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PAGER", "GIT_PAGER", "MPLBACKEND")


@dataclass(frozen=True)
class CellOutcome:
    """What a cell gave: outputs, its number, whether it failed, and the exception that ended it, if one did."""

    outputs: list[Any]
    execution_count: int | None
    failed: bool
    error: BaseException | None


class OutStream(io.TextIOBase):
    """Standard output or error of a cell; of the name that a kernel's has, which stands in messages."""

    encoding = "UTF-8"
    descriptor: int | None = None  # where it went before the cell, as a kernel answers

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        if self.descriptor is None:
            raise io.UnsupportedOperation("fileno")
        return self.descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.stream(self.name, text)
        return len(text)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """Of this name because pandas, rich and tqdm ask for a kernel's shell by it."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loop: cells run one after the other."""

    def ask_exit(self) -> None:
        """``exit`` in a cell: a report that ends early is no report, so it fails as ``sys.exit()`` does."""
        raise SystemExit

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """IPython would keep a second copy of everything a cell prints, without a bound."""
        yield


class CellShell:
    """A fresh shell with an empty namespace; ``close`` gives the process back as it was."""

    def __init__(self) -> None:
        self._outputs = Outputs()
        self._main = sys.modules["__main__"]  # the shell puts its own in this place
        self._path = list(sys.path)
        InteractiveShellApp().init_path()  # modules beside the project's settings can be imported
        self._environment = {name: os.environ.get(name) for name in _ENVIRONMENT}
        InteractiveShell.clear_instance()
        ZMQInteractiveShell.clear_instance()
        # no file of past commands: reports at work side by side would share it
        settings = Config({"HistoryManager": {"enabled": False}})
        shell = ZMQInteractiveShell.instance(config=settings, compiler_class=XCachingCompiler)
        session = OutputSession(outputs=self._outputs)
        shell.extension_manager.load_extension("IPython.extensions.storemagic")
        shell.display_pub.session = shell.displayhook.session = session
        self._shell = shell
        self._loop = asyncio.new_event_loop()
        self._logging: tuple[list[logging.Handler], int] = [], logging.WARNING
        show_figures(shell)

    def run(self, source: str) -> CellOutcome:
        """Run one cell.

        Parameters
        ----------
        source : str

        Returns
        -------
        CellOutcome
        """
        self._outputs.begin()
        saved = sys.stdout, sys.stderr
        streams = OutStream("stdout", self._outputs), OutStream("stderr", self._outputs)
        sys.stdout, sys.stderr = streams
        try:
            with self._own_logging(), no_input(), caught_descriptors(self._outputs.stream) as before:
                streams[0].descriptor, streams[1].descriptor = before
                result = self._execute(source)
        finally:
            sys.stdout, sys.stderr = saved
            self._outputs.end()
        error = result.error_before_exec or result.error_in_exec
        self._shell.payload_manager.clear_payload()
        return CellOutcome(
            outputs=self._outputs.items,
            execution_count=self._shell.execution_count - 1,
            failed=error is not None or getattr(self._shell, "_last_traceback_during_displayhook", False),
            error=error,
        )

    @contextmanager
    def _own_logging(self) -> Iterator[None]:
        """The cells' root logger: a kernel starts with none configured, while papermill's command has its own."""
        root = logging.getLogger()
        saved = root.handlers, root.level
        root.handlers, level = self._logging
        root.setLevel(level)
        try:
            yield
        finally:
            self._logging = root.handlers, root.level
            root.handlers, level = saved
            root.setLevel(level)

    def _execute(self, source: str) -> Any:
        """Run a cell inside a running event loop, as a kernel does, so that cells find one and tasks last."""
        if asyncio._get_running_loop() is not None:  # of a program that has one itself: loops do not nest
            return self._shell.run_cell(source, store_history=True)
        asyncio.set_event_loop(self._loop)
        return self._loop.run_until_complete(self._in_loop(source))

    async def _in_loop(self, source: str) -> Any:
        shell, problem = self._shell, None
        try:
            code = shell.transform_cell(source)
        except Exception:  # noqa: BLE001 - whatever it is, IPython shows it as the cell's own
            code, problem = source, sys.exc_info()
        facts = {"transformed_cell": code, "preprocessing_exc_tuple": problem}
        if not shell.should_run_async(source, **facts):
            return shell.run_cell(source, store_history=True)
        result = None
        try:
            result = await shell.run_cell_async(source, store_history=True, **facts)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def close(self) -> None:
        """Forget the namespace, the singleton and the loop."""
        self._shell.reset(new_session=False)
        ZMQInteractiveShell.clear_instance()
        sys.modules["__main__"] = self._main
        sys.path[:] = self._path
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        asyncio.set_event_loop(None)
        self._loop.close()
        for name, value in self._environment.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
