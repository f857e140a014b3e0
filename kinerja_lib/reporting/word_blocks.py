"""Blocks as WordprocessingML: real tables, SEQ captions, REF cross references."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from html import escape

from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.widths import column_shares
from kinerja_lib.reporting.words import words

PORTRAIT, LANDSCAPE = 9072, 13992  # width of the text in twentieths of a point: 16,0 and 24,7 cm
_WHOLE = 24  # a table of so many rows is kept on one page
_LONG_WORD = re.compile(r"\S{32,}")
_ARROWS = {"up": "▲ ", "down": "▼ ", "flat": "■ "}


def text_xml(text: str) -> str:
    """Text for ``w:t``; a word too long for a line may break."""
    return escape(_LONG_WORD.sub(lambda found: "\u200b".join(re.findall(".{1,12}", found[0])), text))


def bookmark(name: str) -> str:
    """A bookmark's name: 40 letters, digits and underscores at most."""
    safe = "_" + re.sub(r"\W", "_", name, flags=re.ASCII)
    return safe if len(safe) <= 40 else f"{safe[:31]}_{zlib.crc32(name.encode()):08x}"


def bookmark_id(name: str) -> int:
    """A number for a bookmark that depends on its name alone."""
    return 10_000 + zlib.crc32(name.encode()) % 1_000_000_000


def marked(name: str, inner: str) -> str:
    """Runs inside a bookmark."""
    number = bookmark_id(name)
    start = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark(name)}"/>'
    return f'{start}{inner}<w:bookmarkEnd w:id="{number}"/>'


def run(text: str, *, bold: bool = False, style: str = "") -> str:
    """A run of text."""
    inside = (f'<w:rStyle w:val="{style}"/>' if style else "") + ("<w:b/>" if bold else "")
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{text_xml(text)}</w:t></w:r>'


def field(code: str, shown: str, *, style: str = "") -> str:
    """A field with the text it shows until Word computes it anew."""
    return f'<w:fldSimple w:instr=" {escape(code)} ">{run(shown, style=style)}</w:fldSimple>'


def paragraph(style: str, *runs: str, keep: bool = False, extra: str = "") -> str:
    """A paragraph in a style; ``keep`` holds it on the page of the next."""
    inside = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keep else "") + extra
    return f"<w:p><w:pPr>{inside}</w:pPr>{''.join(runs)}</w:p>"


def reference_xml(name: str, label: str) -> str:
    """A cross reference that Word keeps up to date."""
    return field(f"REF {bookmark(name)} \\h", label, style="Reference")


def caption_xml(block: Block, label: str, *, keep: bool) -> str:
    """``Tabel 3. …`` with its number as a SEQ field."""
    kind = "TableCaption" if block["kind"] == "table" else "ImageCaption"
    word, _, number = label.rpartition(" ")
    counted = run(f"{word} ", style="Label") + field(f"SEQ {word} \\* ARABIC", number, style="Label")
    runs = marked(block["id"], counted) + run(". ", style="Label") + run(block["caption"])
    return paragraph(kind, runs, keep=keep)


def source_xml(block: Block, lang: str) -> str:
    """The lines for source and note; the last one leaves room below."""
    known = words(lang)
    lines = [f"{known[key]}: {block[key]}" for key in ("source", "note") if block.get(key)]
    out = [paragraph("Source", run(line), keep=place < len(lines) - 1) for place, line in enumerate(lines)]
    return "".join(out) + paragraph("AfterBlock")


def table_xml(block: Block, lang: str, label: str) -> str:
    """A table with its caption above; rows never break, the heading repeats."""
    if not block["cells"]:
        return nothing_xml(block, lang, label)
    width = LANDSCAPE if block.get("landscape") else PORTRAIT
    return caption_xml(block, label, keep=True) + grid_xml(block, width) + source_xml(block, lang)


def grid_xml(block: Block, width: int) -> str:
    """The table alone."""
    shares = column_shares(block, width / 9072 * (108 if block.get("small") else 90))
    columns = [round(width * share / sum(shares)) for share in shares]
    style = "TableTextSmall" if block.get("small") else "TableText"
    whole, bold = len(block["cells"]) <= _WHOLE, set(block.get("bold", ()))
    aligns, tail = block["aligns"], len(block["cells"]) - 3
    last = len(block["cells"]) - 1 + bool(block.get("source") or block.get("note"))
    head = _row(block["columns"], aligns, columns, style, keep=True, head=True)
    rows = "".join(
        _row(row, aligns, columns, style, keep=place < last and (whole or place > tail), bold=place in bold)
        for place, row in enumerate(block["cells"])
    )
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    spoken = escape(block.get("caption", ""), quote=True)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="KinerjaTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{spoken}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )


def _row(
    texts: Sequence[str],
    aligns: Sequence[str],
    columns: Sequence[int],
    style: str,
    *,
    keep: bool,
    head: bool = False,
    bold: bool = False,
) -> str:
    cells = ""
    for text, align, column in zip(texts, aligns, columns, strict=True):
        side = '<w:jc w:val="right"/>' if align == "right" else ""
        bottom = '<w:vAlign w:val="bottom"/>' if head else ""
        inner = paragraph(style, run(text, bold=bold), keep=keep, extra=side)
        cells += f'<w:tc><w:tcPr><w:tcW w:w="{column}" w:type="dxa"/>{bottom}</w:tcPr>{inner}</w:tc>'
    heading = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{heading}</w:trPr>{cells}</w:tr>"


def nothing_xml(block: Block, lang: str, label: str) -> str:
    """What stands in place of a table or figure without data."""
    said = paragraph("Nothing", run(words(lang)["nothing_text"]), keep=True)
    return caption_xml(block, label, keep=True) + said + source_xml(block, lang)


def key_figures_xml(block: Block) -> str:
    """Boxes as a table of up to four in a row."""
    items = block["items"]
    count = len(items)
    across = count if count <= 4 else 3 if count % 3 == 0 or count == 5 else 4
    width = PORTRAIT // across
    rows = ""
    for start in range(0, count, across):
        cells = "".join(_box(item, width) for item in items[start : start + across])
        empty = '<w:tc><w:tcPr><w:tcBorders><w:top w:val="nil"/></w:tcBorders>'
        empty += '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
        missing = across - len(items[start : start + across])
        cells += f"{empty}</w:tcPr>{paragraph('BoxNote')}</w:tc>" * missing
        rows += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    grid = f'<w:gridCol w:w="{width}"/>' * across
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="KinerjaBoxes"/><w:tblW w:w="{PORTRAIT}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
        + paragraph("AfterBlock")
    )


def _box(item: Block, width: int) -> str:
    lines = [paragraph("BoxLabel", run(item["label"])), paragraph("BoxValue", run(item["shown"]))]
    if item["change_shown"]:
        lines.append(paragraph("BoxChange", run(_ARROWS.get(item["trend"], "") + item["change_shown"])))
    if item["note"]:
        lines.append(paragraph("BoxNote", run(item["note"])))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'


def signature_xml(block: Block) -> str:
    """The place to sign, on one page."""
    lines = [line for line in (block["place_date"], block["post"]) if line]
    out = "".join(paragraph("Signature", run(line), keep=True) for line in lines)
    out += paragraph("SignatureName", run(block["name"], bold=True), keep=bool(block["lines"]))
    return out + "".join(paragraph("Signature", run(line)) for line in block["lines"])


def section_xml(*, landscape: bool) -> str:
    """A paragraph that ends a section of pages."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{section_properties(landscape=landscape)}</w:pPr></w:p>'
    )


def section_properties(
    *, landscape: bool = False, references: str = "@@HEAD@@@@FOOT@@", more: str = ""
) -> str:
    """``w:sectPr`` of A4 pages; the package step fills in the header and the footer."""
    size = 'w:w="16838" w:h="11906" w:orient="landscape"' if landscape else 'w:w="11906" w:h="16838"'
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz {size}/>'
        f'<w:pgMar w:top="1531" w:right="1417" '
        f'w:bottom="1304" w:left="1417" w:header="709" w:footer="624" w:gutter="0"/>{more}</w:sectPr>'
    )
