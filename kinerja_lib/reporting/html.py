"""The report as one HTML file: no script, no request, readable on a phone, in the dark, on paper."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from string import Template

from kinerja_lib.reporting.blocks import Block, inline_svg
from kinerja_lib.reporting.collect import Picture
from kinerja_lib.reporting.color import mix, readable
from kinerja_lib.reporting.exporter import ReportExporter
from kinerja_lib.reporting.html_blocks import (
    cover_html,
    figure_html,
    image_html,
    key_figures_html,
    signature_html,
    table_html,
)
from kinerja_lib.reporting.numbering import Heading, Numbered, captions
from kinerja_lib.reporting.pandoc import Node, para, raw, string, walk, write_blocks
from kinerja_lib.reporting.words import ASSETS, asset, words

_LARGEST_SVG = 120_000


def render_html(numbered: Numbered) -> str:
    """The whole page as text.

    Figures stand in it as SVG; a content security policy forbids scripts and requests.
    """
    report, known = numbered.report, words(numbered.lang)
    tree = walk(numbered.tree, lambda node: _node(node, numbered))
    body = write_blocks(tree, "html5", "--mathml", "--email-obfuscation=none", "--section-divs").decode()
    cover = report.cover
    logo_alt = cover["agency"][0] if cover["agency"] else ""
    mark = f'<p class="mark">{known["synthetic_text"]}</p>' if cover["synthetic"] else ""
    return Template(asset("report.html5")).substitute(
        lang=numbered.lang,
        title=escape(cover["title"]),
        style=f"{_fonts()}\n{asset('report.css')}",
        colors=_colors(cover["color"]),
        skip=known["skip"],
        cover=cover_html(cover, numbered.lang, logo_alt),
        mark=mark,
        contents_title=known["contents"],
        contents=_contents(numbered.headings),
        lists=_lists(numbered),
        body=body,
        foot=escape(" · ".join([*cover["agency"], cover["title"]])),
    )


def _colors(color: str) -> str:
    light, dark = readable(color, "#FFFFFF"), readable(color, "#181D23", 6.0)
    return (
        f":root{{--accent:{light};--band:{light};--tint:{mix(light, '#FFFFFF', 0.93)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--band:{mix(light, '#000000', 0.35)};"
        f"--tint:{mix('#181D23', dark, 0.09)}}}}}"
        f"@media print{{:root{{--accent:{light};--band:{light};--tint:{mix(light, '#FFFFFF', 0.93)}}}}}"
    )


def _contents(headings: tuple[Heading, ...]) -> str:
    """Chapters with their sections in nested ordered lists."""
    items: list[str] = []
    inner: list[str] = []

    def close() -> None:
        if inner:
            items[-1] += f"<ol>{''.join(inner)}</ol>"
            inner.clear()

    for heading in headings:
        number = f'<span class="no">{escape(heading.number)}</span> ' if heading.number else ""
        link = f'<a href="#{escape(heading.id)}">{number}{escape(heading.text)}</a>'
        if heading.level == 1 or (heading.level == 2 and not items):
            close()
            items.append(f"<li>{link}")
        elif heading.level == 2:
            inner.append(f"<li>{link}</li>")
    close()
    return "<ol>" + "".join(f"{item}</li>" for item in items) + "</ol>" if items else ""


def _lists(numbered: Numbered) -> str:
    known = words(numbered.lang)
    out = []
    for kind, title in (("table", known["tables"]), ("figure", known["figures"])):
        rows = "".join(
            f'<li><a href="#{escape(name)}"><span class="no">{escape(label)}</span> {escape(text)}</a></li>'
            for name, label, text in captions(numbered, kind)
        )
        if rows:
            out.append(f"<details><summary>{title}</summary><ul>{rows}</ul></details>")
    return "".join(out)


def _node(node: Node, numbered: Numbered) -> Node | list[Node] | None:
    kind = node["t"]
    if kind == "Block":
        return _block(numbered.report.blocks[node["c"]], numbered)
    if kind == "Ref":
        name = node["c"]
        return {"t": "Link", "c": [["", ["ref"], []], [string(numbered.reference(name))], [f"#{name}", ""]]}
    if kind == "Header":
        level, (name, classes, pairs), inlines = node["c"]
        place = dict(pairs).get("place")
        if place is None:
            return None
        number = numbered.headings[int(place)].number
        span = {"t": "Span", "c": [["", ["no"], []], [string(number)]]}
        content = [span, {"t": "Space"}, *inlines] if number else inlines
        return {"t": "Header", "c": [level + 1, [name, classes, []], content]}
    return None


def _block(block: Block, numbered: Numbered) -> list[Node]:
    lang, label = numbered.lang, numbered.label(block)
    kind = block["kind"]
    if kind == "equation":
        math = {"t": "Math", "c": [{"t": "DisplayMath"}, block["tex"]]}
        number = {"t": "Span", "c": [["", ["eqno"], []], [string(f"({block['number']})")]]}
        return [{"t": "Div", "c": [[block["id"], ["equation"], []], [para(math, number)]]}]
    if kind == "figure":
        picture = numbered.report.pictures.get(block["id"])
        drawn = _drawn(picture, block) if picture else ""
        return [raw("html", figure_html(block, lang, drawn, label))]
    if kind == "table":
        return [raw("html", table_html(block, lang, label))]
    if kind == "key_figures":
        return [raw("html", key_figures_html(block, lang))]
    if kind == "signature":
        return [raw("html", signature_html(block))]
    return []


def _drawn(picture: Picture, block: Block) -> str:
    """The drawing itself; its pixels where it has so many marks that they weigh less."""
    if picture.svg and (len(picture.svg) <= _LARGEST_SVG or not picture.png):
        return inline_svg(picture.svg, block["id"], block["alt"])
    return image_html(picture.png, block["alt"])


@cache
def _fonts() -> str:
    """The shipped typeface in the page, so that charts are set as they were drawn and nothing is fetched."""
    faces = []
    for name, weight in (("Regular", "400"), ("Semibold", "600 700")):
        data = ASSETS.joinpath("fonts", "web", f"KinerjaSans-{name}.woff2").read_bytes()
        uri = "data:font/woff2;base64," + base64.b64encode(data).decode()
        faces.append(f'@font-face{{font-family:"Source Sans Pro";font-weight:{weight};src:url({uri})}}')
    return "\n".join(faces)


class HtmlExporter(ReportExporter):
    """``jupyter nbconvert --to kinerja_html``."""

    export_from_notebook = "Kinerja HTML"
    file_extension_default = ".html"
    output_mimetype = "text/html"

    def render(self, numbered: Numbered) -> str:
        """The page."""
        return render_html(numbered)
