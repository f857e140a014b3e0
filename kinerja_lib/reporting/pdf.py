"""The report as a tagged PDF (PDF/UA-1 and PDF/A-2a), set by typst."""

from __future__ import annotations

import base64
import datetime as dt
import re
import tempfile
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.color import mix, readable
from kinerja_lib.reporting.exporter import ReportExporter
from kinerja_lib.reporting.numbering import Numbered
from kinerja_lib.reporting.pandoc import Node, para, raw, string, walk, write_blocks
from kinerja_lib.reporting.typst_blocks import (
    boolean,
    breakable,
    call,
    drawable,
    figure_typst,
    key_figures_typst,
    quoted,
    signature_typst,
    strings,
    table_typst,
)
from kinerja_lib.reporting.values import UNDATED, is_iso_date
from kinerja_lib.reporting.words import ASSETS, asset, words

STANDARDS = ("ua-1", "a-2a")
_SHORTHAND = re.compile(r"[-~'\"]|\.\.\.")
_LARGEST_SVG = 400_000
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}


def render_pdf(numbered: Numbered) -> bytes:
    """The PDF; its only date is the cover's.

    Raises
    ------
    ReportError
        typst refused the document: an alternative text or a heading level is missing, say.
    """
    import typst

    source, files = typst_source(numbered)
    # Any: the stubs take a standard only as a literal.
    standards: Any = list(STANDARDS)
    try:
        with tempfile.TemporaryDirectory() as name, as_file(ASSETS.joinpath("fonts")) as fonts:
            folder = Path(name)
            for file, data in files.items():
                (folder / file).write_bytes(data)
            (folder / "report.typ").write_text(asset("report.typ"), encoding="utf-8")
            (folder / "main.typ").write_text(source, encoding="utf-8")
            made = typst.compile(
                str(folder / "main.typ"),
                root=str(folder),
                pdf_standards=standards,
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
            )
    except typst.TypstError as error:
        raise ReportError(
            Both("typst menolak dokumen", en="typst refused the document"),
            details=[str(getattr(error, "message", error)), *map(str, getattr(error, "hints", []))][:6],
            action=Both("perbaiki blok yang disebut", en="mend the block it names"),
        ) from error
    return bytes(made)


def typst_source(numbered: Numbered) -> tuple[str, dict[str, bytes]]:
    """The typst document and the pictures beside it."""
    files: dict[str, bytes] = {}
    for name, picture in numbered.report.pictures.items():
        vector = bool(picture.svg) and (len(picture.svg) <= _LARGEST_SVG or not picture.png)
        files[f"{name}.{'svg' if vector else 'png'}"] = (
            drawable(picture.svg).encode() if vector else picture.png
        )
    tree = walk(numbered.tree, lambda node: _node(node, numbered, files))
    body = write_blocks(tree, "typst").decode()
    head = f'#import "report.typ": *\n#show: report.with({_meta(numbered, files)})\n\n'
    return drawable(head + body), files


def _meta(numbered: Numbered, files: dict[str, bytes]) -> str:
    cover, known = numbered.report.cover, words(numbered.lang)
    accent = readable(cover["color"], "#FFFFFF")
    keys = ("title", "subtitle", "number", "place_date", "classification", "version")
    named = {key.replace("_", "-"): quoted(cover[key]) for key in keys}
    named |= {
        "agency": strings(cover["agency"]),
        "logo": quoted(_logo(cover, files)),
        "synthetic": quoted(known["synthetic"] if cover["synthetic"] else ""),
        "accent": f'rgb("{accent}")',
        "tint": f'rgb("{mix(accent, "#FFFFFF", 0.94)}")',
        "lang": quoted(numbered.lang),
        "region": quoted(known["region"]),
        "date": _date(cover["date"]),
        "words": "(" + ", ".join(f"{key}: {quoted(known[key])}" for key in _WORDS) + ")",
        "has-tables": boolean(numbered.report.of_kind("table")),
        "has-figures": boolean(numbered.report.of_kind("figure")),
    }
    return ", ".join(f"{key}: {value}" for key, value in named.items())


_WORDS = (
    "contents",
    "tables",
    "figures",
    "page",
    "source",
    "note",
    "number",
    "nothing_text",
    "up",
    "down",
    "flat",
)


def _logo(cover: Block, files: dict[str, bytes]) -> str:
    if not cover["logo"]:
        return ""
    head, _, data = cover["logo"].partition(";base64,")
    name = f"logo.{_SUFFIXES[head.removeprefix('data:')]}"
    files[name] = base64.b64decode(data)
    return name


def _date(text: str) -> str:
    # PDF/A wants a date; a report without one gets the same placeholder as the Word file and the workbook.
    date = dt.date.fromisoformat(text if is_iso_date(text) else UNDATED)
    return f"datetime(year: {date.year}, month: {date.month}, day: {date.day})"


def _node(node: Node, numbered: Numbered, files: dict[str, bytes]) -> Node | list[Node] | None:
    kind = node["t"]
    if kind == "Block":
        return _block(numbered.report.blocks[node["c"]], numbered, files)
    if kind == "Ref":
        name = node["c"]
        return raw("typst", f"#link(label({quoted(name)}))[#{quoted(numbered.reference(name))}]", inline=True)
    if kind == "Str":
        return _string(node["c"])
    if kind == "Math":
        return _math(node)
    if kind == "Header":
        return _heading(node, numbered)
    if kind == "Table":  # a table typed in Markdown has no caption and no number
        return [raw("typst", "#[#set figure(outlined: false)"), node, raw("typst", "]")]
    if kind == "Div" and "findings" in node["c"][0][1]:
        return [raw("typst", "#findings["), *node["c"][1], raw("typst", "]")]
    return None


def _string(text: str) -> Node:
    """Text as it is: typst would make a minus of ``-2`` and an ellipsis of ``...``."""
    if _SHORTHAND.search(text):
        return raw("typst", f"#{quoted(text)};", inline=True)
    return string(breakable(text))


def _math(node: Node) -> list[Node]:
    shape, tex = node["c"]
    display = boolean(shape["t"] == "DisplayMath")
    inner = {"t": "Math", "c": [{"t": "InlineMath"}, tex]}
    start = f"#math.equation(block: {display}, alt: {quoted(tex)}, "
    return [raw("typst", start, inline=True), inner, raw("typst", ")", inline=True)]


def _heading(node: Node, numbered: Numbered) -> list[Node]:
    level, (name, _, pairs), inlines = node["c"]
    place = dict(pairs).get("place")
    heading = numbered.headings[int(place)] if place is not None else None
    number = heading.number if heading else ""
    numbering = f"(..n) => {quoted(number)}" if number else "none"
    start = f"#heading(level: {level}, numbering: {numbering}, outlined: {boolean(heading is not None)})["
    end = f"]#label({quoted(name)})" if name and heading else "]"
    line = para(raw("typst", start, inline=True), *inlines, raw("typst", end, inline=True))
    return [raw("typst", "#chapter-break()"), line] if level == 1 and heading else [line]


def _block(block: Block, numbered: Numbered, files: dict[str, bytes]) -> list[Node]:
    kind, label = block["kind"], numbered.label(block)
    if kind == "table":
        return [raw("typst", table_typst(block, label))]
    if kind == "figure":
        file = next((name for name in files if name.rpartition(".")[0] == block["id"]), "")
        return [raw("typst", figure_typst(block, label, file))]
    if kind == "key_figures":
        return [raw("typst", key_figures_typst(block))]
    if kind == "signature":
        return [raw("typst", signature_typst(block))]
    if kind == "equation":
        start = call("report-equation", number=quoted(f"({block['number']})"), id=quoted(block["id"]))
        inner = _math({"t": "Math", "c": [{"t": "DisplayMath"}, block["tex"]]})
        inner[0] = raw(
            "typst", f"{start}[#math.equation(block: true, alt: {quoted(block['alt'])}, ", inline=True
        )
        return [para(*inner, raw("typst", "]", inline=True))]
    if kind == "page":
        turned = boolean(block["orientation"] == "landscape")
        return [raw("typst", f"#set page(flipped: {turned})")]
    return []


class PdfExporter(ReportExporter):
    """``jupyter nbconvert --to kinerja_pdf``."""

    export_from_notebook = "Kinerja PDF"
    file_extension_default = ".pdf"
    output_mimetype = "application/pdf"

    def render(self, numbered: Numbered) -> bytes:
        """The PDF."""
        return render_pdf(numbered)
