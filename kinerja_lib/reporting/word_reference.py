"""Make ``assets/reference.docx``: styles, numbering, header and footer of the Word document.

Run ``python -m kinerja_lib.reporting.word_reference`` after a change here, and commit the file. It starts
from pandoc's own reference and is kept, so that a report needs neither this module nor python-docx.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from kinerja_lib.reporting.pandoc import run_pandoc
from kinerja_lib.reporting.word_package import ACCENT, TINT, pack
from kinerja_lib.reporting.word_styles import ORDER, SOFT, STYLES, W, style_xml

FONT = "Calibri"


def build_reference() -> bytes:
    """The bytes of the reference document."""
    from docx import Document

    document = Document(io.BytesIO(run_pandoc(["--print-default-data-file", "reference.docx"], b"")))
    _defaults(document)
    _number(document)
    for name in STYLES:
        _style(document, name)
    _letters(document)
    _tables(document)
    _pages(document)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(text)


def _defaults(document: Any) -> None:
    from docx.oxml.ns import qn

    styles = document.styles.element
    runs = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(runs):
        runs.remove(child)
    fonts = f'<w:rFonts {W} w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
    runs.append(_xml(fonts))
    runs.append(_xml(f'<w:sz {W} w:val="22"/>'))
    runs.append(_xml(f'<w:lang {W} w:val="id-ID" w:eastAsia="id-ID" w:bidi="ar-SA"/>'))


def _style(document: Any, name: str) -> None:
    """Replace a style's whole definition, so that nothing of pandoc's own look remains."""
    from docx.oxml.ns import qn

    styles = document.styles.element
    for old in styles.findall(qn("w:style")):
        if old.find(qn("w:name")).get(qn("w:val")).lower() == name.lower():
            styles.remove(old)
    element = _xml(style_xml(name))
    properties = element.find(qn("w:pPr"))
    for child in sorted(properties, key=lambda child: ORDER.index(child.tag.rpartition("}")[2])):
        properties.append(child)
    styles.append(element)


def _number(document: Any) -> None:
    """Bab I, 1.1 for chapters and Lampiran A, A.1 for appendices, tied to their heading styles."""
    numbering = document.part.numbering_part.element
    for number, first, second, form, text in (
        (77, "Heading1", "Heading2", "upperRoman", "Bab %1"),
        (78, "Appendix1", "Appendix2", "upperLetter", "Lampiran %1"),
    ):
        legal = "<w:isLgl/>" if form == "upperRoman" else ""
        levels = _level(0, form, first, "", text) + _level(1, "decimal", second, legal, "%1.%2")
        kind = '<w:multiLevelType w:val="multilevel"/>'
        opening = f'<w:abstractNum {W} w:abstractNumId="{number}">'
        numbering.insert(0, _xml(f"{opening}{kind}{levels}</w:abstractNum>"))
        numbering.append(_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def _level(level: int, form: str, style: str, legal: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="{style}"/>{legal}'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
    )


def _letters(document: Any) -> None:
    """Character styles: the label of a caption, a cross reference, the basis of a finding."""
    looks = {
        "Label": f'<w:b/><w:color w:val="{ACCENT}"/>',
        "Reference": f'<w:color w:val="{ACCENT}"/>',
        "Hint": f'<w:color w:val="{SOFT}"/><w:sz w:val="19"/>',
    }
    for name, look in looks.items():
        document.styles.element.append(
            _xml(
                f'<w:style {W} w:type="character" w:customStyle="1" w:styleId="{name}">'
                f'<w:name w:val="{name}"/>'
                f"<w:qFormat/><w:rPr>{look}</w:rPr></w:style>"
            )
        )


def _tables(document: Any) -> None:
    """The table of a report, and the boxes of key figures."""
    line = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'
    borders = (
        line.format("top", 12, ACCENT)
        + line.format("bottom", 12, ACCENT)
        + line.format("insideH", 4, "D5DBE1")
    )
    head = (
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{ACCENT}"/></w:rPr>'
        f"<w:tcPr><w:tcBorders>"
        f"{line.format('bottom', 6, ACCENT)}</w:tcBorders>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/></w:tcPr></w:tblStylePr>'
    )
    boxes = (
        line.format("top", 24, ACCENT)
        + line.format("insideH", 48, "FFFFFF")
        + line.format("insideV", 48, "FFFFFF")
    )
    shade = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/></w:tcPr>'
    for name, edges, rest, side in (("KinerjaTable", borders, head, 85), ("KinerjaBoxes", boxes, shade, 142)):
        document.styles.element.append(
            _xml(
                f'<w:style {W} w:type="table" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
                f"<w:qFormat/><w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>"
                f'<w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
                f"</w:tblPr>{rest}</w:style>"
            )
        )


def _pages(document: Any) -> None:
    """A4, a running head with the chapter, a foot with the agency and the page."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Twips

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Twips(1417)
    section.top_margin, section.bottom_margin = Twips(1531), Twips(1304)
    section.header_distance, section.footer_distance = Twips(709), Twips(624)
    for name in ("w:footnotePr", "w:endnotePr"):  # pandoc's start anew in each section
        for old in section._sectPr.findall(qn(name)):
            section._sectPr.remove(old)
    look = f'<w:rPr><w:color w:val="{SOFT}"/><w:sz w:val="17"/></w:rPr>'
    tabs = '<w:tabs><w:tab w:val="clear" w:pos="4680"/><w:tab w:val="clear" w:pos="9360"/>'
    tabs += '<w:tab w:val="right" w:pos="9072"/></w:tabs>'
    edge = '<w:pBdr><w:{0} w:val="single" w:sz="4" w:space="4" w:color="D5DBE1"/></w:pBdr>'
    text = '<w:r>{0}<w:t xml:space="preserve">{1}</w:t></w:r>'
    tab = f"<w:r>{look}<w:tab/></w:r>"
    field = '<w:fldSimple w:instr=" {0} "><w:r>{1}<w:t>{2}</w:t></w:r></w:fldSimple>'
    chapter = field.format('STYLEREF "Heading 1"'.replace('"', "&quot;"), look, "")
    title = text.format(look, "@@TITLE@@")
    head = f"<w:p {W}><w:pPr>{edge.format('bottom')}{tabs}</w:pPr>{title}{tab}{chapter}</w:p>"
    middle = tabs.replace('<w:tab w:val="right"', '<w:tab w:val="center" w:pos="4536"/><w:tab w:val="right"')
    page = field.format("PAGE", look, "1")
    foot = (
        f"<w:p {W}><w:pPr>{edge.format('top')}{middle}</w:pPr>{text.format(look, '@@AGENCY@@')}{tab}"
        f"{text.format(look, '@@MARK@@')}{tab}{text.format(look, '@@PAGE@@ ')}{page}</w:p>"
    )
    for part, content in ((section.header, head), (section.footer, foot)):
        part.is_linked_to_previous = False
        for old in list(part._element):
            part._element.remove(old)
        part._element.append(_xml(content))


if __name__ == "__main__":
    Path(__file__).with_name("assets").joinpath("reference.docx").write_bytes(build_reference())
