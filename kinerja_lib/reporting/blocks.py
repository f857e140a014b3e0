"""The blocks of a report as plain data: what a notebook cell hands to the exporters.

A block is a dict that JSON can hold, with ``kind`` and the fields of that kind. Every text in it is plain
text and is escaped by each output for itself; only ``markdown`` fields are pandoc Markdown.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.values import column_formats, parse_format, plain, show

MIME = "application/vnd.kinerja.block+json"
PREFIXES = {"figure": "gbr", "table": "tbl", "equation": "pers", "appendix": "lamp"}
Block = dict[str, Any]

_ID = re.compile(r"[a-z][a-z0-9-]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RANDOM_ID = re.compile(r'\bid="([a-zA-Z]?[0-9a-f]{8,})"')
_PATH = re.compile(r'(?<= )d="([^"]*)"')
_LONG = re.compile(r"(\d+\.\d\d)\d+")
_NAMED = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'(?:url\(#|href="#)([^)"]*)')
_SHEET = re.compile(r"<defs><style[^>]*>[^<]*</style></defs>")
_MOVED = re.compile(r'(?<= transform=")[^"]*')


@dataclass(frozen=True)
class KeyFigure:
    """One box: a label, its value, a line beneath, and the change on the last edition.

    ``value`` is a number with a ``format`` (see ``values``) or a text. ``change`` likewise, with
    ``change_format``; an arrow is drawn by its sign. ``unit`` follows the value ("JP", "dari 4").
    """

    label: str
    value: Any
    format: str = "number:2"
    unit: str = ""
    note: str = ""
    change: Any = None
    change_format: str = "signed:1"
    change_note: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a findings list: Markdown text, what it rests on, and ``kind``.

    ``kind`` is ``finding``, ``unsaid`` (cannot be concluded; the note is the reason) or ``recommendation``.
    """

    text: str
    note: str = ""
    kind: str = "finding"


def clean(text: Any) -> str:
    """A text without the control characters that XML and typst refuse, and with single spaces."""
    return " ".join(_CONTROL.sub("", str(text if text is not None else "")).split())


def identifier(kind: str, name: str) -> str:
    """``tren`` or ``gbr-tren`` to ``gbr-tren``: lower-case letters, digits and hyphens."""
    prefix = PREFIXES[kind] + "-"
    name = name if name.startswith(prefix) else prefix + name
    if not _ID.fullmatch(name):
        raise ReportError(
            Both(f"id {kind} tidak sah: {name!r}", en=f"bad {kind} id: {name!r}"),
            action=Both(
                "pakai huruf kecil, angka, dan tanda hubung", en="use lower-case letters, digits, hyphens"
            ),
        )
    return name


def table_block(
    frame: Any,
    name: str,
    caption: str,
    lang: str,
    *,
    formats: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    left: int | Sequence[str] = 1,
    bold: Iterable[int] = (),
    **more: Any,
) -> Block:
    """A data frame as a block; ``cells`` are the texts shown, ``values`` what the workbook keeps."""
    return {
        "kind": "table",
        "id": identifier("table", name),
        "caption": clean(caption),
        **grid(frame, lang, formats=formats, headers=headers, left=left),
        "bold": sorted({int(row) % max(len(frame), 1) for row in bold}),
        **more,
    }


def grid(
    frame: Any,
    lang: str,
    *,
    formats: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    left: int | Sequence[str] = 1,
) -> Block:
    """The columns, the alignment, the texts and the values of a data frame."""
    forms = column_formats(frame, formats)
    heads = dict(headers or {})
    titles = [_title(name, heads) for name in frame.columns]
    aligns = []
    for place, name in enumerate(frame.columns):
        forced = place < left if isinstance(left, int) else name in left
        aligns.append("left" if forced or not forms[place].numeric else "right")
    rows = [[plain(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return {
        "columns": titles,
        "formats": [str(form) for form in forms],
        "aligns": aligns,
        "cells": [
            [clean(show(value, form, lang)) for value, form in zip(row, forms, strict=True)] for row in rows
        ],
        "values": [[clean(value) if isinstance(value, str) else value for value in row] for row in rows],
    }


def _title(name: Any, heads: Mapping[Any, str]) -> str:
    if name in heads:
        return clean(heads[name])
    return clean(" – ".join(map(str, name)) if isinstance(name, tuple) else name)


def key_figure(item: KeyFigure, lang: str) -> Block:
    """One key figure as plain data: the texts shown and the values behind them."""
    form = parse_format(item.format)
    block: Block = {key: clean(value) for key, value in asdict(item).items() if isinstance(value, str)}
    block["value"] = plain(item.value)
    block["shown"] = clean(f"{show(item.value, form, lang)} {item.unit}")
    block["change"] = plain(item.change)
    block["change_shown"], block["trend"] = _change(item, lang)
    return block


def _change(item: KeyFigure, lang: str) -> tuple[str, str]:
    value = plain(item.change)
    if value is None or value == "":
        return clean(item.change_note), ""
    form = parse_format(item.change_format)
    text = clean(f"{show(value, form, lang)} {item.change_note}")
    if isinstance(value, str | bool):
        return text, ""
    rounded = show(abs(value), form, lang) != show(0.0, form, lang)
    return text, ("up" if value > 0 else "down") if rounded else "flat"


_FAST_PNG = {"compress_level": 1}  # charts come out as small as with the default, a seventh faster


def figure_images(fig: Any) -> tuple[str, bytes]:
    """The SVG text and the PNG bytes of anything with matplotlib's ``savefig``, free of dates and chance.

    A figure is laid out and measured once, and drawn once a format; both show the same layout.
    """
    from kinerja_lib.display.style import laid_out

    svg, png = StringIO(), BytesIO()
    with laid_out(fig) if hasattr(fig, "get_layout_engine") else nullcontext("tight") as box:
        fig.savefig(svg, format="svg", bbox_inches=box, metadata={"Date": None, "Creator": None})
        fig.savefig(
            png, format="png", dpi=160, bbox_inches=box, metadata={"Software": None}, pil_kwargs=_FAST_PNG
        )
    return tidy_svg(svg.getvalue()), png.getvalue()


def tidy_svg(svg: str) -> str:
    """The same drawing with stable ids, two decimals, and without prolog, metadata and ids that nothing uses.

    matplotlib names clip paths and markers by chance, so two runs would differ in bytes.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    names = {name: f"i{count}" for count, name in enumerate(dict.fromkeys(_RANDOM_ID.findall(svg)))}
    if names:
        svg = re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], svg)
    used = set(_USED.findall(svg))
    svg = _NAMED.sub(lambda found: found[0] if found[1] in used else "", svg)
    svg = _MOVED.sub(lambda found: _LONG.sub(r"\1", found[0]), svg)
    return re.sub(r">\s+<", "><", _PATH.sub(_short_path, svg))


def _short_path(found: re.Match[str]) -> str:
    drawn = _LONG.sub(r"\1", " ".join(found[1].split()))
    return f'd="{drawn}"'


def inline_svg(svg: str, name: str, alt: str) -> str:
    """The drawing as an element of a page: ids made its own by ``name``, spoken as one image with ``alt``.

    Its style sheet is dropped, as it would reach the whole page; ``report.css`` says the same of figures.
    """
    for old in sorted(set(_NAMED.findall(svg)), key=len, reverse=True):
        for before, after in (('id="', '"'), ('href="#', '"'), ("url(#", ")")):
            svg = svg.replace(f"{before}{old}{after}", f"{before}{name}-{old}{after}")
    svg = _SHEET.sub("", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    spoken = f'<svg role="img" aria-label="{escape(alt, quote=True)}" '
    return svg.replace("<svg ", spoken, 1)


def image_uri(path: str | Path) -> str:
    """A PNG, JPEG or SVG file as a data URI.

    Raises
    ------
    ReportError
        There is no such file, or it is none of the three.
    """
    path = Path(path)
    kinds = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
    if path.suffix.lower() not in kinds or not path.is_file():
        raise ReportError(
            Both(f"logo tidak terbaca: {path.name}", en=f"cannot read the logo: {path.name}"),
            action=Both("pakai berkas PNG, JPEG, atau SVG", en="use a PNG, JPEG or SVG file"),
        )
    return f"data:{kinds[path.suffix.lower()]};base64,{base64.b64encode(path.read_bytes()).decode()}"
