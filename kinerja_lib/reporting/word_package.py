"""The Word file after pandoc: headers, colours and language filled in, and no trace of when it was made."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape

from kinerja_lib.reporting.color import mix, readable
from kinerja_lib.reporting.numbering import Numbered
from kinerja_lib.reporting.values import UNDATED, is_iso_date
from kinerja_lib.reporting.words import words

ACCENT, TINT = "1F4E79", "F2F5F8"
# What may follow updateFields in the settings, whose order is fixed.
_BEFORE = re.compile(
    r"<w:(?:hdrShapeDefaults|footnotePr|endnotePr|compat|docVars|rsids)\b|<m:mathPr\b|</w:settings>"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEADER_LETTERS = 70
_FOOTER_LETTERS = 46  # beside the mark in the middle
_LIST_INDENT = 'w:left="400" w:hanging="360"'
_PAGE_ONE = '<w:pgNumType w:fmt="decimal" w:start="1"/>'


def finish(data: bytes, numbered: Numbered) -> bytes:
    """pandoc's file with our parts filled in, as the same bytes each time."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        if name.endswith(".xml"):
            parts[name] = _part(name, part.decode("utf-8"), numbered).encode("utf-8")
    return pack(parts)


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip in a fixed order with a fixed date; the content types come first."""
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, parts[name])
    return out.getvalue()


def _part(name: str, text: str, numbered: Numbered) -> str:
    cover, known = numbered.report.cover, words(numbered.lang)
    if name == "word/document.xml":
        return _sections(text)
    if name == "docProps/core.xml":
        return _core(numbered)
    if name == "word/numbering.xml":
        text = text.replace(
            'w:left="720" w:hanging="360"', _LIST_INDENT
        )  # lists as near the edge as in the PDF
        return text.replace("Bab %1", f"{known['chapter']} %1").replace(
            "Lampiran %1", f"{known['appendix']} %1"
        )
    if name == "word/settings.xml" and "<w:updateFields" not in text:
        return _BEFORE.sub(r'<w:updateFields w:val="true"/>\g<0>', text, count=1)
    if name in ("word/styles.xml", "word/footnotes.xml"):
        accent = readable(cover["color"], "#FFFFFF")
        text = text.replace(TINT, mix(accent, "#FFFFFF", 0.94)[1:]).replace(ACCENT, accent[1:])
        return text.replace("id-ID", f"{numbered.lang}-{known['region']}")
    if name.startswith(("word/header", "word/footer")):
        marks = [known["synthetic"] if cover["synthetic"] else "", cover["classification"]]
        filled = {
            "@@TITLE@@": _clip(cover["title"]),
            "@@AGENCY@@": _agency(cover["agency"]),
            "@@MARK@@": _clip(" · ".join(filter(None, marks))),
            "@@PAGE@@": known["page"],
        }
        for token, value in filled.items():
            text = text.replace(token, escape(value))
    return text


def _agency(lines: list[str]) -> str:
    """The agency and its government, the agency alone where both do not fit on a line."""
    whole = ", ".join(lines)
    return whole if len(whole) <= _FOOTER_LETTERS else _clip("".join(lines[:1]), _FOOTER_LETTERS)


def _clip(text: str, most: int = _HEADER_LETTERS) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _sections(text: str) -> str:
    """Give each section the header and footer of the last, which pandoc takes from the reference."""
    last = text.rfind("<w:sectPr")
    found = re.findall(r"<w:(header|footer)Reference [^>]*/>", text[last:])
    head = "".join(re.findall(r"<w:headerReference [^>]*/>", text[last:])) if "header" in found else ""
    foot = "".join(re.findall(r"<w:footerReference [^>]*/>", text[last:])) if "footer" in found else ""
    body, tail = text[:last], text[last:]
    first = True

    def fill(match: re.Match[str]) -> str:
        # Page 1 is where the text begins: the first section that has a header.
        nonlocal first
        inner = match[0].replace("@@HEAD@@", head).replace("@@FOOT@@", foot)
        if first and "@@HEAD@@" in match[0]:
            first = False
            inner = inner.replace("</w:sectPr>", f"{_PAGE_ONE}</w:sectPr>")
        return inner

    body = re.sub(r"<w:sectPr>.*?</w:sectPr>", fill, body, flags=re.DOTALL)
    if first:
        tail = re.sub(r"<w:pgMar [^>]*/>", rf"\g<0>{_PAGE_ONE}", tail, count=1)
    return body + tail


def _core(numbered: Numbered) -> str:
    cover, known = numbered.report.cover, words(numbered.lang)
    date = cover["date"] if is_iso_date(cover["date"]) else UNDATED
    stamp = f"{date}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(cover['title'])}</dc:title><dc:subject>{escape(cover['subtitle'])}</dc:subject>"
        f"<dc:creator>{escape(', '.join(cover['agency']))}</dc:creator>"
        f"<dc:language>{numbered.lang}-{known['region']}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )
