"""Blocks as semantic HTML, for the report and for JupyterLab alike."""

from __future__ import annotations

import base64
from html import escape

from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.words import words

_BOLD = '<tr class="bold">'
_ARROWS = {"up": "▲", "down": "▼", "flat": "■"}


def label_html(label: str) -> str:
    """``Gambar 3.`` before a caption; nothing where a block has no number yet."""
    return f'<span class="label">{escape(label)}.</span> ' if label else ""


def source_html(block: Block, lang: str) -> str:
    """The lines ``Sumber: …`` and ``Catatan: …``."""
    named = [(key, block.get(key, "")) for key in ("source", "note")]
    return "".join(
        f'<p class="{key}"><span>{words(lang)[key]}:</span> {escape(text)}</p>' for key, text in named if text
    )


def grid_html(block: Block, caption: str = "", table_id: str = "") -> str:
    """The ``<table>`` of a block with scope on each heading."""
    heads = "".join(
        f'<th scope="col" class="{align}">{escape(name)}</th>'
        for name, align in zip(block["columns"], block["aligns"], strict=True)
    )
    bold = set(block.get("bold", ()))
    rows = "".join(
        f"{_BOLD if place in bold else '<tr>'}{_row_html(row, block['aligns'])}</tr>\n"
        for place, row in enumerate(block["cells"])
    )
    name = f' id="{escape(table_id)}"' if table_id else ""
    return f"<table{name}>{caption}<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


def _row_html(row: list[str], aligns: list[str]) -> str:
    first, rest = row[0], zip(row[1:], aligns[1:], strict=True)
    cells = "".join(f'<td class="{align}">{escape(text)}</td>' for text, align in rest)
    return f'<th scope="row" class="{aligns[0]}">{escape(first)}</th>{cells}'


def table_html(block: Block, lang: str, label: str = "") -> str:
    """A table with its caption above, in a container that scrolls and can be focused."""
    if not block["cells"]:
        return nothing_html(block, lang, label)
    classes = " ".join(["table", *(key for key in ("landscape", "small") if block.get(key))])
    caption = f"<caption>{label_html(label)}{escape(block['caption'])}</caption>"
    spoken = escape(f"{block['caption']} ({words(lang)['scroll']})", quote=True)
    return (
        f'<div class="{classes}"><div class="scroll" role="region" tabindex="0" aria-label="{spoken}">'
        f"{grid_html(block, caption, block['id'])}</div>{source_html(block, lang)}</div>"
    )


def nothing_html(block: Block, lang: str, label: str = "") -> str:
    """What stands in place of a table or figure without data."""
    return (
        f'<div class="nothing" id="{escape(block["id"])}"><p class="caption">{label_html(label)}'
        f"{escape(block['caption'])}</p><p>{words(lang)['nothing_text']}</p>{source_html(block, lang)}</div>"
    )


def figure_html(block: Block, lang: str, picture: str, label: str = "") -> str:
    """A figure (``picture`` is an element, see ``image_html``) with caption, source, and its data one click away."""
    if block.get("empty"):
        return nothing_html(block, lang, label)
    data = block.get("data")
    details = ""
    if data and data["cells"]:
        spoken = escape(f"{words(lang)['data']}: {block['caption']}", quote=True)
        details = (
            f"<details><summary>{words(lang)['data']}</summary>"
            f'<div class="scroll" role="region" tabindex="0" aria-label="{spoken}">{grid_html(data)}</div>'
            "</details>"
        )
    return (
        f'<figure id="{escape(block["id"])}">{picture}'
        f"<figcaption>{label_html(label)}{escape(block['caption'])}{source_html(block, lang)}</figcaption>"
        f"{details}</figure>"
    )


def image_html(png: bytes, alt: str) -> str:
    """The drawing as an image in pixels."""
    uri = "data:image/png;base64," + base64.b64encode(png).decode()
    return f'<img src="{uri}" alt="{escape(alt, quote=True)}">'


def key_figures_html(block: Block, lang: str) -> str:
    """Boxes as a description list: label, value, change, note."""
    boxes = []
    for item in block["items"]:
        arrow = ""
        if item["trend"]:
            spoken = words(lang)[item["trend"]]
            arrow = f'<span class="arrow" role="img" aria-label="{spoken}">{_ARROWS[item["trend"]]}</span> '
        change = (
            f'<dd class="change">{arrow}{escape(item["change_shown"])}</dd>' if item["change_shown"] else ""
        )
        note = f'<dd class="hint">{escape(item["note"])}</dd>' if item["note"] else ""
        boxes.append(
            f'<div class="box"><dt>{escape(item["label"])}</dt>'
            f'<dd class="value">{escape(item["shown"])}</dd>{change}{note}</div>'
        )
    return f'<dl class="key-figures">{"".join(boxes)}</dl>'


def signature_html(block: Block) -> str:
    """Place and date, post, room to sign, name."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in block["lines"])
    return (
        f'<div class="signature"><p>{escape(block["place_date"])}</p><p>{escape(block["post"])}</p>'
        f'<p class="name">{escape(block["name"])}</p>{lines}</div>'
    )


def cover_html(block: Block, lang: str, logo_alt: str = "") -> str:
    """The title block; its ``h1`` is the only one of the page."""
    known = words(lang)
    logo = (
        f'<img class="logo" src="{block["logo"]}" alt="{escape(logo_alt, quote=True)}">'
        if block["logo"]
        else ""
    )
    agency = "".join(f"<p>{escape(line)}</p>" for line in block["agency"])
    number = f"{known['number']}: {block['number']}" if block["number"] else ""
    facts = [number, block["place_date"], block["version"], block["classification"]]
    mark = f'<p class="synthetic">{known["synthetic"]}</p>' if block["synthetic"] else ""
    subtitle = f'<p class="subtitle">{escape(block["subtitle"])}</p>' if block["subtitle"] else ""
    listed = "".join(f"<li>{escape(fact)}</li>" for fact in facts if fact)
    facts_html = f'<ul class="facts">{listed}</ul>' if listed else ""
    return (
        f'<header class="cover">{logo}<div class="agency">{agency}</div><h1>{escape(block["title"])}</h1>'
        f"{subtitle}{facts_html}{mark}</header>"
    )
