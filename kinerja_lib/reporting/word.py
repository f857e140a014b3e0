"""The report as an editable Word document: real headings, captions, cross references, equations."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.exporter import ReportExporter
from kinerja_lib.reporting.numbering import Numbered
from kinerja_lib.reporting.pandoc import Node, div, para, raw, string, walk, write_blocks
from kinerja_lib.reporting.word_blocks import (
    bookmark,
    caption_xml,
    key_figures_xml,
    marked,
    nothing_xml,
    reference_xml,
    run,
    section_xml,
    signature_xml,
    source_xml,
    table_xml,
)
from kinerja_lib.reporting.word_front import front
from kinerja_lib.reporting.word_package import finish
from kinerja_lib.reporting.words import ASSETS

_TEXT_WIDTH_CM = 16.0
_STYLES = {1: "Heading 1 Unnumbered", 2: "Heading 2 Unnumbered"}


def render_docx(numbered: Numbered) -> bytes:
    """The Word file; Word fills in the page numbers of the contents when it updates fields."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for figure, picture in numbered.report.pictures.items():
            (folder / f"{figure}.png").write_bytes(picture.png)
        (folder / "reference.docx").write_bytes(ASSETS.joinpath("reference.docx").read_bytes())
        tree = [*front(numbered, _logo(numbered, folder)), *_body(numbered)]
        made = write_blocks(tree, "docx", "--reference-doc=reference.docx", "-o", "-", folder=folder)
    return finish(made, numbered)


def _logo(numbered: Numbered, folder: Path) -> str:
    head, _, data = numbered.report.cover["logo"].partition(";base64,")
    if head not in ("data:image/png", "data:image/jpeg"):
        return ""  # Word shows no SVG without a bitmap beside it
    name = f"logo.{'png' if head.endswith('png') else 'jpg'}"
    (folder / name).write_bytes(base64.b64decode(data))
    return name


def _body(numbered: Numbered) -> list[Node]:
    """The text, with sections of pages closed wherever the orientation turns."""
    tree = walk(numbered.tree, lambda node: _node(node, numbered))
    out: list[Node] = []
    lying = False
    for node in tree:
        if node["t"] != "Block":
            out.append(node)
            continue
        block = numbered.report.blocks[node["c"]]
        if block["kind"] == "page":
            if lying != (block["orientation"] == "landscape"):
                out.append(raw("openxml", section_xml(landscape=lying)))
                lying = not lying
            continue
        turn = bool(block.get("landscape")) and not lying and bool(block.get("cells"))
        if turn:
            out.append(raw("openxml", section_xml(landscape=False)))
        out += _block(block, numbered)
        if turn:
            out.append(raw("openxml", section_xml(landscape=True)))
    if lying:
        out.append(raw("openxml", section_xml(landscape=True)))
    return out


def _node(node: Node, numbered: Numbered) -> Node | list[Node] | None:
    kind = node["t"]
    if kind == "Ref":
        name = node["c"]
        if name.startswith(("bab-", "lamp-")):
            return {
                "t": "Link",
                "c": [["", [], []], [string(numbered.reference(name))], [f"#{bookmark(name)}", ""]],
            }
        return raw("openxml", reference_xml(name, numbered.reference(name)), inline=True)
    if kind == "Header":
        return _heading(node, numbered)
    if kind == "Div" and "findings" in node["c"][0][1]:
        return list(walk(node["c"][1], _hint))
    return None


def _hint(node: Node) -> Node | None:
    if node["t"] == "Emph":
        return {"t": "Span", "c": [["", [], [["custom-style", "Hint"]]], node["c"]]}
    return None


def _heading(node: Node, numbered: Numbered) -> Node:
    level, (name, _, pairs), inlines = node["c"]
    place = dict(pairs).get("place")
    if place is None or not name:
        return node
    heading = numbered.headings[int(place)]
    start, end = marked(name, "\0").split("\0")
    content = [raw("openxml", start, inline=True), *inlines, raw("openxml", end, inline=True)]
    appendix = heading.number[:1].isalpha() and heading.id.startswith("lamp-")
    if level == 1 and appendix:
        return div([para(*content)], style="Appendix 1")
    if level == 2 and heading.number[:1].isalpha():
        return div([para(*content)], style="Appendix 2")
    if level in _STYLES and not heading.number:
        return div([para(*content)], style=_STYLES[level])
    return {"t": "Header", "c": [level, ["", [], []], content]}


def _block(block: Block, numbered: Numbered) -> list[Node]:
    kind, lang, label = block["kind"], numbered.lang, numbered.label(block)
    if kind == "table":
        return [raw("openxml", table_xml(block, lang, label))]
    if kind == "figure":
        if block["empty"]:
            return [raw("openxml", nothing_xml(block, lang, label))]
        size = ["", [], [["width", f"{_TEXT_WIDTH_CM * block['width']:.2f}cm"]]]
        image = {"t": "Image", "c": [size, [string(block["alt"])], [f"{block['id']}.png", ""]]}
        below = caption_xml(block, label, keep=bool(block["source"] or block["note"]))
        return [div([para(image)], style="Figure Picture"), raw("openxml", below + source_xml(block, lang))]
    if kind == "key_figures":
        return [raw("openxml", key_figures_xml(block))]
    if kind == "signature":
        return [raw("openxml", signature_xml(block))]
    if kind == "equation":
        math = {"t": "Math", "c": [{"t": "InlineMath"}, r"\displaystyle " + block["tex"]]}
        tab = raw("openxml", "<w:r><w:tab/></w:r>", inline=True)
        number = run(f"({block['number']})")
        end = raw("openxml", marked(block["id"], number) if block["id"] else number, inline=True)
        return [div([para(tab, math, tab, end)], style="Equation")]
    return []


class WordExporter(ReportExporter):
    """``jupyter nbconvert --to kinerja_docx``."""

    export_from_notebook = "Kinerja DOCX"
    file_extension_default = ".docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def render(self, numbered: Numbered) -> bytes:
        """The Word file."""
        return render_docx(numbered)
