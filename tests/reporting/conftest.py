"""A notebook made cell by cell through the real ``Document``, without a kernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kinerja_lib.reporting.document import MIME, Document


class Notebook:
    """Cells as a kernel would leave them: ``doc`` shows into the cell that is being built."""

    def __init__(self, lang: str) -> None:
        self.cells: list[Any] = []
        self.shown: list[Any] = []
        self.doc = Document(lang)

    def display(self, bundle: Any, raw: bool = False, metadata: Any = None) -> None:
        assert raw
        self.shown.append(new_output("display_data", data=bundle, metadata=metadata or {}))

    def text(self, markdown: str, *tags: str) -> None:
        self.cells.append(new_markdown_cell(markdown, metadata={"tags": list(tags)}))

    def code(self, call: Callable[..., None], *args: Any, tags: tuple[str, ...] = (), **named: Any) -> None:
        self.shown = []
        call(*args, **named)
        self.cells.append(new_code_cell("rahasia = 1", outputs=self.shown, metadata={"tags": list(tags)}))

    @property
    def node(self) -> Any:
        return new_notebook(cells=self.cells)


class FakeFigure:
    """Draws what matplotlib would, with ids that differ from run to run."""

    count = 0

    def savefig(self, file: Any, *, format: str, **options: Any) -> None:
        FakeFigure.count += 1
        if format == "png":
            file.write(PNG)
            return
        name = f"p{FakeFigure.count:010x}"
        file.write(
            '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="90pt" '
            'height="45pt" viewBox="0 0 90 45"><metadata>now</metadata><defs>'
            f'<clipPath id="{name}"><path d="M 0 0 L 90 0"/>'
            f'</clipPath></defs><path clip-path="url(#{name})" d="M 1.23456 2.5 L 80.98765 40"/></svg>'
        )


def _png() -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\xff\xff" * 8 for _ in range(4))
    head = struct.pack(">IIBBBBB", 8, 4, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PNG = _png()


@pytest.fixture
def figure() -> FakeFigure:
    return FakeFigure()


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Notebook]:
    """``notebook("id")`` is an empty notebook in a language."""

    def make(lang: str = "id") -> Notebook:
        made = Notebook(lang)
        monkeypatch.setattr("IPython.display.display", made.display)
        return made

    return make


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The blocks that chapter functions show, in order."""
    blocks: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "IPython.display.display", lambda bundle, raw=False, metadata=None: blocks.append(bundle[MIME])
    )
    return blocks


@pytest.fixture
def said_and_shown(shown: list[dict[str, Any]]) -> Callable[..., tuple[str, dict[str, dict[str, Any]]]]:
    """Runs a part of a chapter: its sentences, and its blocks by id; no reference leads out of what is shown."""

    def run(part: Callable[[Any], None], edition: Any) -> tuple[str, dict[str, dict[str, Any]]]:
        shown.clear()
        part(edition)
        text = "\n".join(str(block["markdown"]) for block in shown if block["kind"] == "text")
        for name in re.findall(r"\[@([\w-]+)\]", text):
            assert name in {str(block.get("id")) for block in shown}, f"refers to {name}, which is not shown"
        return text, {str(block["id"]): block for block in shown if "id" in block}

    return run
