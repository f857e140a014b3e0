"""An IPython shell whose outputs become notebook outputs, as a kernel would give them.

Streams are merged while they follow each other, displays keep their ``display_id`` and can be updated, the
value of the last expression is an ``execute_result``, an exception is an ``error`` with its traceback.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, from_dict
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

from kinerja_lib.reporting.shell_process import caught_descriptors, show_figures

LONGEST_STREAM = 8_000_000  # characters that one cell may print; more is counted, not kept


@dataclass(frozen=True)
class CellOutcome:
    """What a cell gave: its notebook outputs, its number, and the exception that ended it, if one did."""

    outputs: list[Any]
    execution_count: int | None
    error: BaseException | None


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self._name, self._outputs = name, outputs

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        self._outputs.stream(self._name, text)
        return len(text)


class _Outputs:
    """Outputs of the running cell, and where each ``display_id`` stands, for later updates."""

    def __init__(self) -> None:
        self.begin()
        self._displays: dict[str, list[Any]] = {}

    def begin(self) -> None:
        """Start a cell with no outputs."""
        self.items: list[Any] = []
        self._parts: list[str] = []
        self._room = LONGEST_STREAM
        self._left_out = 0

    def stream(self, name: str, text: str) -> None:
        """Append a text to the running stream, as long as there is room; what is left out is counted."""
        if not text:
            return
        self._left_out += max(len(text) - self._room, 0)
        text = text[: self._room]
        self._room -= len(text)
        if not text:
            return
        last = self.items[-1] if self.items else None
        if last is None or last.output_type != "stream" or last.name != name:
            self._join()
            self.items.append(_output("stream", name=name, text=""))
        self._parts.append(text)

    def _join(self) -> None:
        """Put the parts of the last stream together, once: adding each to a long text would take long."""
        if self._parts:
            self.items[-1].text += "".join(self._parts)
            self._parts = []

    def end(self) -> None:
        """End the cell: streams are whole, and one that was too long says so."""
        self._join()
        if self._left_out:
            text = f"\n[+{self._left_out} karakter tidak disimpan / characters not kept]\n"
            self.items.append(_output("stream", name="stderr", text=text))

    def add(self, output: Any) -> None:
        """Append an output that is no stream."""
        self._join()
        self.items.append(output)

    def display(
        self, data: dict[str, Any], metadata: dict[str, Any], transient: dict[str, Any], update: bool
    ) -> None:
        display_id = transient.get("display_id")
        if update:
            for output in self._displays.get(display_id or "", []):
                output.data, output.metadata = data, metadata
            return
        output = _output("display_data", data=data, metadata=metadata)
        if display_id:
            self._displays.setdefault(display_id, []).append(output)
        self.add(output)

    def clear(self) -> None:
        self.items.clear()
        self._parts = []


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    outputs = AnyTrait()

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        self.outputs.display(_jsonable(data), metadata or {}, transient or {}, update)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    outputs = AnyTrait()

    def write_output_prompt(self) -> None:
        """No prompt: the number stands in the output."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        result = _output(
            "execute_result",
            data=_jsonable(format_dict),
            metadata=md_dict or {},
            execution_count=self.shell.execution_count,
        )
        self.outputs.add(result)

    def finish_displayhook(self) -> None:
        """Nothing is printed, so nothing is to be ended."""


class _Shell(InteractiveShell):  # type: ignore[misc]
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    outputs = AnyTrait()

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loop: cells run one after the other."""

    def ask_exit(self) -> None:
        """``exit`` in a cell: a report that ends early is no report, so it fails as ``sys.exit()`` does."""
        raise SystemExit

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """IPython would keep a second copy of everything a cell prints, without a bound."""
        yield

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add(_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))


class CellShell:
    """A fresh shell with an empty namespace; ``close`` gives the process back as it was."""

    def __init__(self) -> None:
        self._outputs = _Outputs()
        self._main = sys.modules["__main__"]  # the shell puts its own in this place
        InteractiveShell.clear_instance()
        _Shell.clear_instance()
        # no file of past commands: reports at work side by side would share it
        settings = Config({"HistoryManager": {"enabled": False}})
        shell = _Shell.instance(outputs=self._outputs, config=settings)
        shell.display_pub.outputs = self._outputs
        shell.displayhook.outputs = self._outputs
        shell.set_hook("show_in_pager", lambda *_, **__: None)  # help is for a reader at the screen
        self._shell = shell
        self._backend = os.environ.get("MPLBACKEND")
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
        sys.stdout, sys.stderr = _Stream("stdout", self._outputs), _Stream("stderr", self._outputs)
        try:
            with caught_descriptors(self._outputs.stream):
                result = self._shell.run_cell(source, store_history=True)
        finally:
            sys.stdout, sys.stderr = saved
            self._outputs.end()
        for output in self._outputs.items:
            if output.output_type == "execute_result":
                output.execution_count = result.execution_count
        return CellOutcome(
            outputs=self._outputs.items,
            execution_count=result.execution_count,
            error=result.error_before_exec or result.error_in_exec,
        )

    def close(self) -> None:
        """Forget the namespace and the singleton."""
        self._shell.reset(new_session=False)
        _Shell.clear_instance()
        sys.modules["__main__"] = self._main
        os.environ.pop("MPLBACKEND", None)
        if self._backend is not None:
            os.environ["MPLBACKEND"] = self._backend


def _output(output_type: str, **fields: Any) -> NotebookNode:
    """An output of a notebook; not validated, since validating a large drawing takes longer than making it."""
    return from_dict({"output_type": output_type, **fields})


def _jsonable(data: dict[str, Any]) -> dict[str, Any]:
    """Bytes of a picture as base64 text, as a kernel sends them."""
    import base64

    return {
        mime: base64.encodebytes(value).decode("ascii") if isinstance(value, bytes) else value
        for mime, value in data.items()
    }
