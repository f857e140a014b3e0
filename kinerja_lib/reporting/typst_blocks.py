"""Blocks as calls of the functions in ``assets/report.typ``; every text is a quoted string and inert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.widths import column_shares

_LONG_WORD = re.compile(r"\S{32,}")
# What the shipped fonts and typst's own can draw; PDF/A refuses a letter without a glyph.
_UNDRAWN = re.compile(
    "[^\n\t\u0020-\u007e\u00a0-\u024f\u0259\u02b0-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u04ff\u1e00-\u1eff\u2000-\u200b\u2010-\u2027\u202f-\u2040\u2044-\u205f\u2070\u2071\u2074-\u208e"
    "\u2090-\u209c\u20a0-\u20bf\u2100-\u211e\u2120\u2122\u2124\u2126-\u2184\u2190-\u23ff\u2500-\u2606\u2609-\u262f"
    "\u2713\u2714\u2717]"
)


def breakable(text: str) -> str:
    """The text with a place to break after each letter of a word too long for a line."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(found[0]), text)


def quoted(text: str) -> str:
    """A typst string literal; words too long for a line may break anywhere."""
    escaped = breakable(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def drawable(source: str) -> str:
    """The source with ``□`` for each letter that no font can draw (an emoji in a name)."""
    return _UNDRAWN.sub("□", source)


def array(parts: Iterable[str]) -> str:
    """A typst array."""
    return "(" + "".join(f"{part}, " for part in parts) + ")"


def strings(texts: Sequence[str]) -> str:
    """A typst array of strings."""
    return array(map(quoted, texts))


def call(name: str, *parts: str, **named: str) -> str:
    """A typst call as markup."""
    return f"#{name}({', '.join([*parts, *(f'{key}: {value}' for key, value in named.items())])})"


def boolean(value: object) -> str:
    """``true`` or ``false``."""
    return "true" if value else "false"


def table_typst(block: Block, label: str) -> str:
    """A table, a box that says there is nothing, or a table on pages that lie across."""
    if not block["cells"]:
        return nothing_typst(block, label)
    wide = bool(block.get("landscape"))
    shares = column_shares(block, (148 if wide else 96) * (1.15 if block.get("small") else 1))
    text = call(
        "report-table",
        id=quoted(block["id"]),
        number=quoted(label),
        title=quoted(block["caption"]),
        columns=strings(block["columns"]),
        aligns=array(block["aligns"]),
        shares=array(f"{share:.2f}fr" for share in shares),
        rows=array(f"\n{strings(row)}" for row in block["cells"]),
        bold=array(str(row) for row in block["bold"]),
        source=quoted(block["source"]),
        note=quoted(block["note"]),
        small=boolean(block.get("small")),
    )
    return f"#page(flipped: true)[\n{text}\n]" if wide and not block.get("within") else text


def figure_typst(block: Block, label: str, file: str) -> str:
    """A figure with its caption and source as one piece."""
    if block.get("empty"):
        return nothing_typst(block, label)
    return call(
        "report-figure",
        id=quoted(block["id"]),
        number=quoted(label),
        title=quoted(block["caption"]),
        file=quoted(file),
        alt=quoted(block["alt"]),
        source=quoted(block["source"]),
        note=quoted(block["note"]),
        width=f"{block['width'] * 100:.0f}%",
    )


def nothing_typst(block: Block, label: str) -> str:
    """What stands in place of a table or figure without data."""
    return call(
        "report-nothing",
        id=quoted(block["id"]),
        number=quoted(label),
        title=quoted(block["caption"]),
        kind="table" if block["kind"] == "table" else "image",
        source=quoted(block.get("source", "")),
        note=quoted(block.get("note", "")),
    )


def key_figures_typst(block: Block) -> str:
    """Boxes, up to four in a row."""
    items = array(
        f"(label: {quoted(item['label'])}, value: {quoted(item['shown'])}, trend: {quoted(item['trend'])}, "
        f"change: {quoted(item['change_shown'])}, note: {quoted(item['note'])})"
        for item in block["items"]
    )
    return call("key-figures", items)


def signature_typst(block: Block) -> str:
    """The place to sign."""
    return call(
        "signature",
        *(quoted(block[key]) for key in ("place_date", "post", "name")),
        strings(block["lines"]),
    )
