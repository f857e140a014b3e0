"""Numbers of chapters, figures, tables, equations and appendices, the same in every output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.anchors import in_words, titles
from kinerja_lib.reporting.blocks import Block
from kinerja_lib.reporting.collect import PLACE, Report
from kinerja_lib.reporting.pandoc import Node, plain_text, read_markdown, string, walk
from kinerja_lib.reporting.words import words

_PREFIXES = ("gbr-", "tbl-", "pers-", "lamp-", "bab-")
_SCHEMES = ("http://", "https://", "mailto:", "#")
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Heading:
    """A heading as every output shows it: its level, ``Bab I`` or ``1.1``, its text and its id."""

    level: int
    number: str
    text: str
    id: str


@dataclass(frozen=True)
class Numbered:
    """A report whose parts have their numbers.

    ``tree`` is pandoc's syntax tree, in which a block of ours is ``{"t": "Block", "c": index}`` and a cross
    reference ``{"t": "Ref", "c": id}``; headings keep their place in ``headings``. ``adrift`` are chapters that code
    refers to and the template does not mark.
    """

    report: Report
    tree: list[Node]
    labels: Mapping[str, str]
    headings: tuple[Heading, ...]
    adrift: tuple[str, ...] = ()

    @property
    def lang(self) -> str:
        """Language of the report."""
        return self.report.lang

    def reference(self, name: str) -> str:
        """``Gambar 3`` for a sentence, never broken at the end of a line."""
        return self.labels[name].replace(" ", "\u00a0")

    def label(self, block: Block) -> str:
        """``Gambar 3`` of a block."""
        return self.labels.get(block.get("id", ""), "")


def roman(number: int) -> str:
    """1 to I, 4 to IV, 14 to XIV."""
    text = ""
    for value, mark in _ROMAN:
        while number >= value:
            text, number = text + mark, number - value
    return text


def number_report(report: Report) -> Numbered:
    """Read the report's Markdown and give each part its number.

    Raises
    ------
    ReportError
        A cross reference to something that is not there (that of code to a chapter is written in words instead), or
        Markdown that swallows a block (a code fence or a division that is never closed).
    """
    tree = walk(read_markdown(report.markdown), _mark_places)
    _refuse_swallowed(tree, report)
    labels: dict[str, str] = {}
    headings: list[Heading] = []
    _number_blocks(report, labels)
    tree = _number_headings(tree, report, labels, headings)
    lost = sorted(report.cited - set(labels))
    found = _by_title(lost, headings, report.lang)
    adrift = {name: in_words(name, report.lang) for name in lost if name not in found}
    tree = walk(tree, lambda node: _tame(node, labels, found, adrift))
    return Numbered(report, tree, labels, tuple(headings), tuple(adrift))


def _by_title(names: list[str], headings: list[Heading], lang: str) -> dict[str, str]:
    """Chapters without the mark that code refers to, found by the title they have in the package's templates."""
    ids = {heading.text: heading.id for heading in headings}
    return {name: ids[title] for name in names if (title := titles(lang).get(name)) in ids}


def _mark_places(node: Node) -> Node | None:
    if node["t"] == "CodeBlock" and node["c"][0][1] == [PLACE]:
        return {"t": "Block", "c": int(node["c"][1])}
    return None


def _refuse_swallowed(tree: list[Node], report: Report) -> None:
    found = [node["c"] for node in tree if node["t"] == "Block"]
    if found != list(range(len(report.blocks))):
        raise ReportError(
            Both("ada blok yang tertelan teks Markdown", en="a block is swallowed by the Markdown around it"),
            action=Both("tutup setiap pagar ``` dan :::", en="close each ``` fence and each ::: division"),
        )


def _number_blocks(report: Report, labels: dict[str, str]) -> None:
    counts = {"figure": 0, "table": 0, "equation": 0}
    for block in report.blocks:
        kind = block["kind"]
        if kind in counts:
            counts[kind] += 1
            block["number"] = counts[kind]
            if block.get("id"):
                labels[block["id"]] = f"{words(report.lang)[kind]} {counts[kind]}"


def _number_headings(
    tree: list[Node], report: Report, labels: dict[str, str], headings: list[Heading]
) -> list[Node]:
    known = words(report.lang)
    counts = [0, 0, 0]
    appendix = False
    out: list[Node] = []
    for node in tree:
        block = report.blocks[node["c"]] if node["t"] == "Block" else {"kind": ""}
        if block["kind"] == "appendix":
            counts = [0 if not appendix else counts[0], 0, 0]
            appendix = True
            name = block["id"] or f"lamp-{counts[0] + 1}"
            node = {"t": "Header", "c": [1, [name, [], []], [string(block["title"])]]}
        if node["t"] != "Header":
            out.append(node)
            continue
        level, (name, classes, _), inlines = node["c"]
        level = min(level, 3)
        number, text = "", plain_text(inlines)
        if not text.strip():
            continue  # PDF/UA knows no empty heading
        if "unnumbered" not in classes:
            counts[level - 1] += 1
            counts[level:] = [0] * (3 - level)
            number = _heading_number(counts, level, appendix, known)
        labels[name] = number if level == 1 and number else f"{known['chapter']} {number}" if number else text
        headings.append(Heading(level, number, text, name))
        out.append({"t": "Header", "c": [level, [name, [], [["place", str(len(headings) - 1)]]], inlines]})
    return out


def _heading_number(counts: list[int], level: int, appendix: bool, known: Mapping[str, str]) -> str:
    if level == 3:
        return ""
    first = chr(64 + min(counts[0], 26)) if appendix else str(counts[0])
    if level == 1:
        return f"{known['appendix']} {first}" if appendix else f"{known['chapter']} {roman(counts[0])}"
    return f"{first}.{counts[1]}" if counts[0] else ""


def _tame(
    node: Node, labels: Mapping[str, str], found: Mapping[str, str], adrift: Mapping[str, str]
) -> Node | list[Node] | None:
    """Cross references become ``Ref``; pictures and links to elsewhere become text."""
    if node["t"] == "Cite":
        names = [citation["citationId"] for citation in node["c"][0]]
        if not all(name.startswith(_PREFIXES) for name in names):
            return list(node["c"][1])
        for name in names:
            if name not in labels and name not in found and name not in adrift:
                raise ReportError(
                    Both(f"rujukan tidak dikenal: {name}", en=f"unknown cross reference: {name}"),
                    action=Both(f"yang ada: {_near(labels)}", en=f"known: {_near(labels)}"),
                )
        refs: list[Node] = []
        for name in names:
            refs += [string(","), {"t": "Space"}] if refs else []
            refs.append(string(adrift[name]) if name in adrift else {"t": "Ref", "c": found.get(name, name)})
        return refs
    if node["t"] == "Image":
        return list(node["c"][1])
    if node["t"] == "Link" and not node["c"][2][0].startswith(_SCHEMES):
        return list(node["c"][1])
    return None


def _near(labels: Mapping[str, Any]) -> str:
    return ", ".join(name for name in labels if name.startswith(_PREFIXES))


def captions(numbered: Numbered, kind: str) -> list[tuple[str, str, str]]:
    """Id, label and caption of each table or figure, for the lists at the front."""
    return [(b["id"], numbered.label(b), b["caption"]) for b in numbered.report.of_kind(kind)]
