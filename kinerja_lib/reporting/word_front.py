"""The front of the Word document: title page, contents, lists of tables and figures."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kinerja_lib.reporting.color import readable
from kinerja_lib.reporting.numbering import Numbered, captions
from kinerja_lib.reporting.pandoc import Node, div, para, raw, string
from kinerja_lib.reporting.word_blocks import bookmark, paragraph, run, section_properties, text_xml
from kinerja_lib.reporting.words import words


def front(numbered: Numbered, logo: str) -> list[Node]:
    """Everything before the text; ``logo`` is the name of a picture file, or empty."""
    return [*_cover(numbered, logo), raw("openxml", _contents(numbered))]


def _cover(numbered: Numbered, logo: str) -> list[Node]:
    cover, known = numbered.report.cover, words(numbered.lang)
    fill = readable(cover["color"], "#FFFFFF")[1:]
    start = (
        '<w:tbl><w:tblPr><w:tblW w:w="11906" w:type="dxa"/><w:tblInd w:w="-1417" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblGrid><w:gridCol w:w="11906"/></w:tblGrid>'
        '<w:tr><w:trPr><w:trHeight w:val="8800" w:hRule="exact"/></w:trPr><w:tc><w:tcPr>'
        f'<w:tcW w:w="11906" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
        '<w:vAlign w:val="center"/></w:tcPr>'
    )
    agency = "".join(paragraph("CoverAgency", run(line)) for line in cover["agency"])
    title = paragraph("Title", run(cover["title"]))
    subtitle = paragraph("Subtitle", run(cover["subtitle"])) if cover["subtitle"] else ""
    mark = paragraph("CoverMark", run(known["synthetic"])) if cover["synthetic"] else ""
    number = f"{known['number']}: {cover['number']}" if cover["number"] else ""
    facts = [number, cover["place_date"], cover["version"], cover["classification"]]
    lines = "".join(paragraph("CoverFact", run(fact)) for fact in facts if fact)
    end = f"{agency}{title}{subtitle}{mark}</w:tc></w:tr></w:tbl>{paragraph('Subtitle')}{lines}"
    section = section_properties(references="")
    picture: list[Node] = []
    if logo:
        alt = cover["agency"][0] if cover["agency"] else cover["title"]
        size = ["", [], [["height", "1.9cm"]]]
        picture = [div([para({"t": "Image", "c": [size, [string(alt)], [logo, ""]]})], style="Cover Agency")]
    closing = f'<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{section}</w:pPr></w:p>'
    return [raw("openxml", start), *picture, raw("openxml", end + closing)]


def _contents(numbered: Numbered) -> str:
    known = words(numbered.lang)
    entries = [
        (f"TOC{heading.level}", heading.id, f"{heading.number} {heading.text}".strip())
        for heading in numbered.headings
        if heading.level <= 2
    ]
    out = _list('TOC \\o "1-2" \\h \\z \\u', known["contents"], entries)
    for kind, title in (("table", known["tables"]), ("figure", known["figures"])):
        rows = [
            ("TableofFigures", name, f"{label}. {text}") for name, label, text in captions(numbered, kind)
        ]
        if rows:
            out += _list(f'TOC \\h \\z \\c "{known[kind]}"', title, rows)
    numbers = '<w:pgNumType w:fmt="lowerRoman" w:start="1"/>'
    section = section_properties(references="@@FOOT@@", more=numbers)
    return f'{out}<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{section}</w:pPr></w:p>'


def _list(code: str, title: str, entries: Iterable[tuple[str, str, str]]) -> str:
    """A contents field, filled with its entries; Word adds the page numbers when it updates fields."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>{_code(code)}</w:r>{_MIDDLE}'
    rows = list(entries)
    out = paragraph("TOCHeading", run(title), keep=True)
    for place, (style, name, text) in enumerate(rows):
        link = (
            f'<w:hyperlink w:anchor="{bookmark(name)}"><w:r><w:t xml:space="preserve">{text_xml(text)}</w:t>'
            f"</w:r><w:r><w:tab/></w:r>{_page_of(name)}</w:hyperlink>"
        )
        out += paragraph(style, begin if place == 0 else "", link, _END if place == len(rows) - 1 else "")
    return out if rows else ""


_MIDDLE = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _page_of(name: str) -> str:
    code = _code(f"PAGEREF {bookmark(name)} \\h")
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return f'{begin}<w:r>{code}</w:r>{_MIDDLE}<w:r><w:t xml:space="preserve"> </w:t></w:r>{_END}'


def _code(text: str) -> str:
    return f'<w:instrText xml:space="preserve"> {escape(text)} </w:instrText>'
