"""pandoc as a reader of Markdown and a writer of HTML, typst and Word, with its syntax tree in between."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError

Node = dict[str, Any]

# Raw HTML, TeX and raw attributes stay plain text: what comes from data can never become markup.
_READER = (
    "markdown-raw_html-raw_tex-raw_attribute-native_divs-native_spans-implicit_figures"
    "-yaml_metadata_block-pandoc_title_block-latex_macros-markdown_in_html_blocks"
)


@cache
def program() -> str:
    """Where pandoc is; found once a process, since finding it starts it."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def run_pandoc(arguments: list[str], data: bytes, folder: Path | None = None) -> bytes:
    """Run pandoc on bytes.

    Raises
    ------
    ReportError
        pandoc refused the document; its own words are the details.
    """
    done = subprocess.run([program(), *arguments], input=data, capture_output=True, cwd=folder, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[:5]
        raise ReportError(
            Both("pandoc menolak dokumen", en="pandoc refused the document"),
            details=said,
            action=Both("periksa teks Markdown di notebook", en="look at the notebook's Markdown"),
        )
    return done.stdout


def find_pandoc() -> None:
    """Find pandoc and ask its version, once for all processes that are forked from this one."""
    program()
    _api()


def read_markdown(text: str) -> list[Node]:
    """The blocks of a Markdown text, in which no raw markup is possible."""
    return list(json.loads(run_pandoc(["-f", _READER, "-t", "json"], text.encode()))["blocks"])


def write_blocks(blocks: list[Node], to: str, *arguments: str, folder: Path | None = None) -> bytes:
    """Blocks in another format."""
    tree = {"pandoc-api-version": _api(), "meta": {}, "blocks": blocks}
    data = json.dumps(tree, ensure_ascii=False).encode()
    return run_pandoc(["-f", "json", "-t", to, "--wrap=none", *arguments], data, folder)


@cache
def _api() -> list[int]:
    return list(json.loads(run_pandoc(["-t", "json"], b""))["pandoc-api-version"])


Action = Callable[[Node], "Node | list[Node] | None"]


def walk(node: Any, action: Action) -> Any:
    """The tree with each element replaced by what the action gives for it; None keeps it.

    Children come first; what the action returns is not visited again.
    """
    if isinstance(node, list):
        out: list[Any] = []
        for child in node:
            new = walk(child, action)
            if isinstance(child, dict) and "t" in child and isinstance(new, list):
                out.extend(new)
            else:
                out.append(new)
        return out
    if isinstance(node, dict):
        visited = {key: walk(value, action) for key, value in node.items()}
        if "t" in visited:
            new = action(visited)
            return visited if new is None else new
        return visited
    return node


def plain_text(node: Any) -> str:
    """The letters of a tree, without markup and without footnotes."""
    if isinstance(node, list):
        return "".join(map(plain_text, node))
    if not isinstance(node, dict):
        return ""
    kind = node.get("t")
    if kind in ("Str",):
        return str(node["c"])
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math"):
        return str(node["c"][1])
    if kind in ("Note", "RawInline", "RawBlock"):
        return ""
    return plain_text(list(node.get("c", []))) if isinstance(node.get("c"), list) else ""


def raw(form: str, text: str, *, inline: bool = False) -> Node:
    """A piece of the target format."""
    return {"t": "RawInline" if inline else "RawBlock", "c": [form, text]}


def string(text: str) -> Node:
    """Plain text as one element, whatever its characters."""
    return {"t": "Str", "c": text}


def para(*inlines: Node) -> Node:
    """A paragraph."""
    return {"t": "Para", "c": list(inlines)}


def div(blocks: list[Node], *, style: str = "", classes: tuple[str, ...] = ()) -> Node:
    """A division with classes, or with a Word paragraph style."""
    return {"t": "Div", "c": [["", list(classes), [["custom-style", style]] if style else []], blocks]}
