"""The paragraph styles of the Word document, as one table."""

from __future__ import annotations

from kinerja_lib.reporting.word_package import ACCENT

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SOFT = "55606C"

# name: size, bold, colour, space before, space after, base style, further paragraph properties
STYLES: dict[str, tuple[float, bool, str, float, float, str, str]] = {
    "Normal": (11, False, "", 0, 0, "", ""),
    "Body Text": (11, False, "", 0, 7, "Normal", '<w:jc w:val="both"/>'),
    "First Paragraph": (11, False, "", 0, 7, "Body Text", ""),
    "Compact": (11, False, "", 0, 3, "Body Text", ""),
    "Title": (30, True, "FFFFFF", 130, 6, "Normal", "BAND"),
    "Subtitle": (15, False, "FFFFFF", 0, 10, "Normal", "BAND"),
    "Cover Agency": (13, True, "FFFFFF", 0, 0, "Normal", "BAND"),
    "Cover Mark": (10, True, "FFFFFF", 8, 0, "Normal", "BAND"),
    "Cover Fact": (11.5, False, "", 0, 4, "Normal", ""),
    "Heading 1": (20, True, ACCENT, 0, 12, "Normal", "KEEP<w:pageBreakBefore/>RULE"),
    "Heading 2": (14, True, ACCENT, 16, 6, "Normal", "KEEP"),
    "Heading 3": (12, True, ACCENT, 12, 4, "Normal", "KEEP"),
    "Heading 1 Unnumbered": (20, True, ACCENT, 0, 12, "Heading 1", "KEEP<w:pageBreakBefore/>NONUMRULE"),
    "Heading 2 Unnumbered": (14, True, ACCENT, 16, 6, "Heading 2", "KEEPNONUM"),
    "Appendix 1": (20, True, ACCENT, 0, 12, "Heading 1", "KEEP<w:pageBreakBefore/>RULE"),
    "Appendix 2": (14, True, ACCENT, 16, 6, "Heading 2", "KEEP"),
    "TOC Heading": (16, True, ACCENT, 18, 8, "Normal", "KEEP"),
    "toc 1": (11, True, "", 6, 1, "Normal", "LEADER"),
    "toc 2": (11, False, "", 0, 1, "Normal", 'LEADER<w:ind w:left="284"/>'),
    "table of figures": (
        11,
        False,
        "",
        0,
        2,
        "Normal",
        'LEADER<w:ind w:left="1021" w:right="567" w:hanging="1021"/>',
    ),
    "Image Caption": (9.5, False, "", 4, 2, "Normal", ""),
    "Table Caption": (9.5, False, "", 12, 4, "Normal", "KEEP"),
    "Figure Picture": (11, False, "", 12, 0, "Normal", "KEEP"),
    "Source": (8.5, False, SOFT, 2, 0, "Normal", ""),
    "After Block": (6, False, "", 0, 4, "Normal", ""),
    "Section End": (2, False, "", 0, 0, "Normal", ""),
    "Nothing": (10, False, SOFT, 2, 2, "Normal", "BOX"),
    "Table Text": (9.5, False, "", 2, 2, "Normal", '<w:jc w:val="left"/>'),
    "Table Text Small": (8, False, "", 1, 1, "Normal", '<w:jc w:val="left"/>'),
    "Box Label": (9.5, True, "", 4, 2, "Normal", ""),
    "Box Value": (20, True, ACCENT, 0, 0, "Normal", ""),
    "Box Change": (9, True, "", 0, 1, "Normal", ""),
    "Box Note": (8.5, False, SOFT, 0, 4, "Normal", ""),
    "Equation": (11, False, "", 8, 8, "Normal", "MIDDLE"),
    "Signature": (11, False, "", 0, 2, "Normal", '<w:ind w:left="4819"/>'),
    "Signature Name": (11, False, "", 62, 2, "Normal", '<w:ind w:left="4819"/>'),
    "Block Text": (11, False, SOFT, 6, 6, "Normal", ""),
    "Footnote Text": (9, False, "", 0, 2, "Normal", ""),
}
_SHORT = {
    "BAND": '<w:ind w:left="1417" w:right="1417"/>',
    "KEEP": "<w:keepNext/><w:keepLines/>",
    "RULE": f'<w:pBdr><w:bottom w:val="single" w:sz="10" w:space="5" w:color="{ACCENT}"/></w:pBdr>',
    "NONUM": '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>',
    "LEADER": '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9072"/></w:tabs>',
    "MIDDLE": '<w:tabs><w:tab w:val="center" w:pos="4536"/><w:tab w:val="right" w:pos="9072"/></w:tabs>',
    "BOX": "<w:pBdr>"
    + "".join(
        f'<w:{s} w:val="dashed" w:sz="6" w:space="6" w:color="B8C0C8"/>'
        for s in ("top", "left", "bottom", "right")
    )
    + "</w:pBdr>",
}
ORDER = (
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "numPr",
    "pBdr",
    "tabs",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
)
_OUTLINE = {
    "Heading 1": 0,
    "Heading 2": 1,
    "Heading 3": 2,
    "Heading 1 Unnumbered": 0,
    "Heading 2 Unnumbered": 1,
}
_OUTLINE |= {"Appendix 1": 0, "Appendix 2": 1}
_NUMBERED = {"Heading 1": (77, 0), "Heading 2": (77, 1), "Appendix 1": (78, 0), "Appendix 2": (78, 1)}


def style_xml(name: str) -> str:
    """The definition of one of the styles."""
    size, bold, color, before, after, base, extra = STYLES[name]
    for key, value in _SHORT.items():
        extra = extra.replace(key, value)
    if name in _NUMBERED:
        number, level = _NUMBERED[name]
        extra += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    if name in _OUTLINE:
        extra += f'<w:outlineLvl w:val="{_OUTLINE[name]}"/>'
    line = 264 if "Body Text" in (base, name) else 245
    space = f'w:before="{before * 20:.0f}" w:after="{after * 20:.0f}" w:line="{line}"'
    extra += f'<w:spacing {space} w:lineRule="auto"/>'
    based = f'<w:basedOn w:val="{style_id(base)}"/>' if base else ""
    default = ' w:default="1"' if name == "Normal" else ""
    look = "<w:b/>" if bold else ""
    look += f'<w:color w:val="{color}"/>' if color else ""
    look += f'<w:sz w:val="{size * 2:.0f}"/>'
    shown = name.lower() if name in _BUILT_IN else name
    follow = "BodyText" if name in _OUTLINE else style_id(name)
    return (
        f'<w:style {W} w:type="paragraph"{default} w:styleId="{style_id(name)}">'
        f'<w:name w:val="{shown}"/>{based}'
        f'<w:next w:val="{follow}"/><w:qFormat/><w:pPr>{extra}</w:pPr><w:rPr>{look}</w:rPr></w:style>'
    )


def style_id(name: str) -> str:
    """``Heading 1`` to ``Heading1``, ``toc 1`` to ``TOC1``."""
    if name == "table of figures":
        return "TableofFigures"
    return name.replace("toc", "TOC").replace(" ", "")


_BUILT_IN = ("Heading 1", "Heading 2", "Heading 3")
