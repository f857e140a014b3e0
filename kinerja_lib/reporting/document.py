"""What a notebook cell calls to show things; the same block goes to HTML, PDF, Word and the workbook.

Usage in a notebook::

    from kinerja_lib.reporting.document import Document, Item, KeyFigure, inert

    doc = Document(lang="id")                      # "id" or "en"; decides words, numbers, dates
    doc.cover("Laporan Tahunan …", subtitle="Tahun 2025", agency=["Dinas Pendidikan", "Pemerintah Rangkui"],
              number="800/12/2026", place="Rangkui", date="2026-02-27", classification="Terbatas",
              logo="logo.png", synthetic=True, color="#1F4E79", version="Edisi 1")
    doc.text("Rata-rata naik, lihat [@gbr-tren] dan [@tbl-unit].")
    doc.key_figures([KeyFigure("Pegawai dinilai", 2310, "integer", note="dari 2.400", change=0.031,
                               change_format="signed_percent:1", change_note="dari 2024")])
    doc.figure(fig, "tren", "Judul gambar", alt="Apa yang terlihat, dari datanya", source="e-Kinerja, diolah",
               data=frame, formats={"nilai": "number:1"})
    doc.table(frame, "unit", "Judul tabel", formats={"jp": "number:1", "bagian": "percent:1"},
              headers={"jp": "JP per pegawai"}, source="…", note="…", landscape=False, small=False, left=1,
              bold=[-1])
    doc.findings([Item("Kalimat, boleh [@tbl-unit].", note="dasar"), Item("…", "alasannya", kind="unsaid")])
    doc.equation(r"y_{it} = \\alpha_i + \\beta x_{it}", "model", alt="y sama dengan …")
    doc.signature(post="Kepala Dinas", name="…", place="Rangkui", date="2026-02-27")
    doc.appendix("Data lengkap", "data")           # from here on: Lampiran A, B, …
    doc.page("landscape"); doc.page("portrait")    # pages in between lie across

Text in markdown cells is pandoc Markdown: ``# Pendahuluan`` is Bab I, ``## …`` 1.1, ``# Ikhtisar {-}`` has
no number. ``[@gbr-x]``, ``[@tbl-x]``, ``[@pers-x]``, ``[@lamp-x]`` and ``[@bab-x]`` (of
``# Hasil {#bab-x}``) are cross references; an unknown one fails the export. Footnotes, lists, ``$math$`` and
bold work; raw HTML and raw TeX do not, they are printed as text.
A value from the data inside a sentence goes through ``inert``.

Ids may be given with or without their prefix (``gbr-``, ``tbl-``, ``pers-``, ``lamp-``). Formats are those of
``kinerja_lib.reporting.values``: ``text integer number:2 signed:1 percent:1 signed_percent:1 date``;
percents take a **fraction**. Frames are never changed; they are shown without their index. A cell
tagged ``hide`` is not printed, one tagged ``lang-id`` or ``lang-en`` only in that language; code never is.

Long because it is the one class that a notebook talks to, a method a block.
"""

from __future__ import annotations

import base64
import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.blocks import (
    MIME,
    Block,
    Item,
    KeyFigure,
    clean,
    figure_images,
    grid,
    identifier,
    image_uri,
    key_figure,
    table_block,
)
from kinerja_lib.reporting.html_blocks import (
    cover_html,
    figure_html,
    image_html,
    key_figures_html,
    nothing_html,
    signature_html,
    table_html,
)
from kinerja_lib.reporting.values import show_date
from kinerja_lib.reporting.words import words

__all__ = ["MIME", "Document", "Item", "KeyFigure", "inert"]

_MARKS = set("\\`*_{}[]()<>#+-.!|$@^~&\"'=:;/%")


def inert(text: Any) -> str:
    """A value from the data as Markdown that shows exactly these characters, whatever they are.

    Examples
    --------
    >>> inert("<b> [@x]")
    '\\\\<b\\\\> \\\\[\\\\@x\\\\]'
    """
    return "".join("\\" + mark if mark in _MARKS else mark for mark in clean(text))


class Document:
    """A report in one language. Each method shows one block; see the module for all of them.

    Parameters
    ----------
    lang : {"id", "en"}
        Language of the fixed words, the numbers and the dates.
    """

    def __init__(self, lang: str = "id") -> None:
        words(lang)
        self.lang = lang

    def cover(
        self,
        title: str,
        *,
        subtitle: str = "",
        agency: str | Sequence[str] = (),
        number: str = "",
        place: str = "",
        date: str | dt.date | None = None,
        classification: str = "",
        logo: str | Path | None = None,
        synthetic: bool = False,
        color: str = "#1F4E79",
        version: str = "",
    ) -> None:
        """The title page. ``date`` is the only date of the report; empty means none."""
        block: Block = {
            "kind": "cover",
            "lang": self.lang,
            "title": clean(title),
            "subtitle": clean(subtitle),
            "agency": [clean(line) for line in ([agency] if isinstance(agency, str) else agency) if line],
            "number": clean(number),
            "place_date": self._place_date(place, date),
            "date": clean(date or ""),
            "classification": clean(classification),
            "logo": image_uri(logo) if logo else "",
            "synthetic": bool(synthetic),
            "color": color if _is_color(color) else "#1F4E79",
            "version": clean(version),
        }
        _emit(block, cover_html(block, self.lang))

    def text(self, markdown: str) -> None:
        """Pandoc Markdown, with cross references."""
        _show(
            {MIME: {"kind": "text", "markdown": markdown}, "text/markdown": markdown, "text/plain": markdown}
        )

    def key_figures(self, items: Iterable[KeyFigure]) -> None:
        """A row of boxes, two to four beside each other."""
        block: Block = {"kind": "key_figures", "items": [key_figure(item, self.lang) for item in items]}
        if block["items"]:
            _emit(block, key_figures_html(block, self.lang))

    def figure(
        self,
        fig: Any,
        id: str,
        caption: str,
        *,
        alt: str,
        source: str = "",
        note: str = "",
        data: Any = None,
        formats: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        width: float = 1.0,
    ) -> None:
        """A figure with an alternative text; ``data`` are the numbers behind it.

        ``fig`` is anything with matplotlib's ``savefig``, or None where there is nothing to draw. ``width``
        is a part of the text's width.

        Raises
        ------
        ReportError
            The alternative text is empty.
        """
        block: Block = {
            "kind": "figure",
            "id": identifier("figure", id),
            "caption": clean(caption),
            "alt": clean(alt),
            "source": clean(source),
            "note": clean(note),
            "width": min(max(float(width), 0.2), 1.0),
            "data": None if data is None else grid(data, self.lang, formats=formats, headers=headers),
            "empty": fig is None or (data is not None and len(data) == 0),
        }
        if block["empty"]:
            _emit(block, nothing_html(block, self.lang))
            return
        require_alt(block)
        svg, png = figure_images(fig)
        _close(fig)
        more = {"image/svg+xml": svg, "image/png": base64.b64encode(png).decode()}
        alone = {mime: {"alt": block["alt"]} for mime in more}
        _emit(block, figure_html(block, self.lang, image_html(png, block["alt"])), more, alone)

    def table(
        self,
        frame: Any,
        id: str,
        caption: str,
        *,
        formats: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "",
        note: str = "",
        landscape: bool = False,
        small: bool = False,
        left: int | Sequence[str] = 1,
        bold: Iterable[int] = (),
    ) -> None:
        """A data frame as a table.

        ``headers`` names columns for the reader; ``left`` is the number of leading columns (or the names of
        columns) flush left, texts always are; ``bold`` are row numbers, -1 the last. An empty frame gives a
        line that says so.
        """
        more = {"source": clean(source), "note": clean(note), "landscape": landscape, "small": small}
        block = table_block(
            frame, id, caption, self.lang, formats=formats, headers=headers, left=left, bold=bold, **more
        )
        _emit(block, table_html(block, self.lang))

    def findings(self, items: Iterable[Item | str], *, title: str = "", numbered: bool = True) -> None:
        """A list of findings, of things that cannot be said with their reason, or of recommendations."""
        listed = [Item(item) if isinstance(item, str) else item for item in items]
        rows = [{"text": item.text, "note": item.note, "kind": item.kind} for item in listed]
        block: Block = {"kind": "findings", "title": clean(title), "items": rows, "numbered": numbered}
        markdown = findings_markdown(block, self.lang)
        _show({MIME: block, "text/markdown": markdown, "text/plain": markdown})

    def equation(self, tex: str, id: str = "", *, alt: str) -> None:
        """A numbered equation in TeX; ``alt`` is how one would read it aloud."""
        if not clean(alt):
            raise ReportError(
                Both(f"persamaan {id} tanpa teks alternatif", en=f"equation {id} has no alternative text")
            )
        name = identifier("equation", id) if id else ""
        block: Block = {"kind": "equation", "id": name, "tex": tex.strip(), "alt": clean(alt)}
        _show({MIME: block, "text/markdown": f"$${tex.strip()}$$", "text/plain": clean(alt)})

    def appendix(self, title: str, id: str = "") -> None:
        """Begin an appendix: Lampiran A, B, …, each on a new page."""
        name = identifier("appendix", id) if id else ""
        block: Block = {"kind": "appendix", "id": name, "title": clean(title)}
        _emit(block, f"<h1>{words(self.lang)['appendix']}: {escape(block['title'])}</h1>")

    def signature(
        self,
        *,
        post: str,
        name: str = "",
        place: str = "",
        date: str | dt.date | None = None,
        lines: Sequence[str] = (),
    ) -> None:
        """Where the head of the agency signs."""
        block: Block = {
            "kind": "signature",
            "place_date": self._place_date(place, date),
            "post": clean(post),
            "name": clean(name),
            "lines": [clean(line) for line in lines],
        }
        _emit(block, signature_html(block))

    def page(self, orientation: str) -> None:
        """Turn the pages from here on: ``landscape`` or ``portrait``."""
        if orientation not in ("landscape", "portrait"):
            raise ReportError(Both(f"arah halaman: {orientation!r}", en=f"page orientation: {orientation!r}"))
        _emit({"kind": "page", "orientation": orientation}, "")

    def _place_date(self, place: str, date: str | dt.date | None) -> str:
        shown = show_date(date, self.lang) if date else ""
        return ", ".join(clean(part) for part in (place, shown) if part)


def require_alt(block: Block) -> None:
    """Refuse a figure that a reader who cannot see would miss.

    Raises
    ------
    ReportError
        The figure has no alternative text; its id is named.
    """
    if not block.get("alt"):
        name = block.get("id", "")
        raise ReportError(
            Both(f"gambar {name} tanpa teks alternatif", en=f"figure {name} has no alternative text"),
            action=Both("isi alt dari datanya", en="give alt, made from the data"),
        )


def findings_markdown(block: Block, lang: str) -> str:
    """The list as Markdown: each item's text, and its basis or reason beneath."""
    lines = [f"**{inert(block['title'])}**", ""] if block["title"] else []
    for place, item in enumerate(block["items"], 1):
        mark = f"{place}." if block["numbered"] else "-"
        lead = f"**{words(lang)['unsaid']}.** " if item["kind"] == "unsaid" else ""
        lines.append(f"{mark} {lead}{' '.join(item['text'].split())}")
        if item["note"]:
            lines.append(f"\n    *{inert(item['note'])}*\n")
    return "\n".join(lines) + "\n"


def _close(fig: Any) -> None:
    """Keep Jupyter from showing the figure a second time, bare, when the cell ends."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and hasattr(fig, "canvas"):
        pyplot.close(fig)


def _is_color(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(mark in "0123456789abcdefABCDEF" for mark in text[1:])


def _emit(
    block: Block, html: str, more: Mapping[str, Any] | None = None, metadata: Mapping[str, Any] | None = None
) -> None:
    plain = " ".join(
        filter(None, (block["kind"], block.get("id"), block.get("caption") or block.get("title")))
    )
    _show({MIME: block, "text/html": html, "text/plain": plain, **(more or {})}, metadata)


def _show(bundle: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> None:
    from IPython.display import display

    display(dict(bundle), raw=True, metadata=dict(metadata or {}))
