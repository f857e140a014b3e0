"""What a kernel's messages make of a cell's outputs, as nbclient, papermill's own client, makes it.

Streams are merged while they follow each other; a display that has an id is changed wherever it stands when its id
is used again; ``clear_output(wait=True)`` clears once something follows.
"""

from __future__ import annotations

import threading
from typing import Any

from jupyter_client.session import Session
from nbformat import NotebookNode, from_dict
from traitlets import Any as AnyTrait

LONGEST_STREAM = 8_000_000  # characters that one cell may print; more is counted, not kept
_KEPT = {
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}


class Outputs:
    """Outputs of the running cell, and where each ``display_id`` stands, for later updates."""

    def __init__(self) -> None:
        self._displays: dict[str, list[Any]] = {}
        self._lock = threading.RLock()  # a cell's threads print as well
        self.begin()

    def begin(self) -> None:
        """Start a cell with no outputs."""
        self.items: list[Any] = []
        self._parts: list[str] = []
        self._room = LONGEST_STREAM
        self._left_out = 0
        self._clear_next = False

    def stream(self, name: str, text: str) -> None:
        """Append a text to the running stream, as long as there is room; what is left out is counted."""
        if not text:
            return
        with self._lock:
            self._clear_if_due()
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

    def end(self) -> None:
        """End the cell: streams are whole, and one that was too long says so."""
        with self._lock:
            self._join()
            if self._left_out:
                text = f"\n[+{self._left_out} karakter tidak disimpan / characters not kept]\n"
                self.items.append(_output("stream", name="stderr", text=text))

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """A kernel's message to whoever watches; a message of another kind (a widget's) makes no output."""
        with self._lock:
            display_id = (content.get("transient") or {}).get("display_id")
            if display_id:
                for shown in self._displays.get(display_id, []):
                    shown.data, shown.metadata = from_dict(content["data"]), from_dict(content["metadata"])
            if kind == "clear_output":
                self._clear_next = bool(content.get("wait")) or self._clear_next
                if not content.get("wait"):
                    self._clear()
            elif kind in _KEPT:
                self._clear_if_due()
                self._join()
                output = _output(kind, **{name: content[name] for name in _KEPT[kind]})
                self.items.append(output)
                if display_id:
                    self._displays.setdefault(display_id, []).append(output)

    def _join(self) -> None:
        """Put the parts of the last stream together, once: adding each to a long text would take long."""
        if self._parts:
            # half a character (a lone surrogate) cannot be written to a file
            self.items[-1].text += "".join(self._parts).encode("utf-8", "replace").decode("utf-8")
            self._parts = []

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self._clear()

    def _clear(self) -> None:
        gone = {id(item) for item in self.items}
        for name, shown in self._displays.items():
            self._displays[name] = [output for output in shown if id(output) not in gone]
        self.items.clear()
        self._parts = []


class OutputSession(Session):
    """A kernel's session whose messages become outputs; values pass through JSON, as on the wire."""

    outputs = AnyTrait()

    def send(
        self, stream: Any, msg_or_type: Any, content: dict[str, Any] | None = None, *_: Any, **__: Any
    ) -> None:
        """Take a message: a whole one, or its type and content."""
        if not isinstance(msg_or_type, str):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        self.outputs.take(msg_or_type, self.unpack(self.pack(content)))


def _output(output_type: str, **fields: Any) -> NotebookNode:
    """An output of a notebook; not validated, since validating a large drawing takes longer than making it."""
    return from_dict({"output_type": output_type, **fields})
