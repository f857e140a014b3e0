"""An executed notebook to one report: its text, its blocks, its pictures, in one language."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.anchors import cited
from kinerja_lib.reporting.blocks import MIME, Block
from kinerja_lib.reporting.document import findings_markdown, require_alt
from kinerja_lib.reporting.words import words

PLACE = "kinerja-block"
_LANGUAGE_TAG = "lang-"


@dataclass(frozen=True)
class Picture:
    """A figure as drawn: the SVG text and the PNG bytes."""

    svg: str
    png: bytes


@dataclass(frozen=True)
class Report:
    """What a notebook says: Markdown with numbered places, and the blocks that stand there.

    ``cited`` are the chapters that code refers to, and not the template's own text.
    """

    lang: str
    cover: Block
    markdown: str
    blocks: tuple[Block, ...]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    cited: frozenset[str] = frozenset()

    def of_kind(self, kind: str) -> list[Block]:
        """All blocks of a kind, in order."""
        return [block for block in self.blocks if block["kind"] == kind]


def collect(nb: Any, lang: str | None = None, title: str = "") -> Report:
    """Read the outputs of an executed notebook.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        An executed notebook.
    lang : {"id", "en"}, optional
        Language of the report; else the cover's, else ``nb.metadata.kinerja.lang``, else ``id``.
    title : str
        Used where the notebook shows no cover.

    Raises
    ------
    ReportError
        A cell ended in an error, a picture has no alternative text, an id occurs twice.
    """
    _refuse_errors(nb)
    lang = lang or _language(nb)
    text: list[str] = []
    blocks: list[Block] = []
    pictures: dict[str, Picture] = {}
    cover = empty_cover(lang, title)
    by_code: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    for block, data in _parts(nb, lang):
        if block["kind"] == "cover":
            cover = {**block, "lang": lang}
        elif block["kind"] == "text":
            text.append(block["markdown"])
            by_code, by_hand = (
                (by_code | cited(text[-1]), by_hand) if data else (by_code, by_hand | cited(text[-1]))
            )
        elif block["kind"] == "findings":
            text.append(f"::: {{.findings}}\n\n{findings_markdown(block, lang)}\n:::")
            by_code |= cited(text[-1])
            blocks.append(block)
            text.append(_place(len(blocks) - 1))
        else:
            if block["kind"] == "figure" and not block["empty"]:
                require_alt(block)
                pictures[block["id"]] = _picture(data)
            blocks.append(block)
            text.append(_place(len(blocks) - 1))
    _refuse_doubles(blocks)
    return Report(lang, cover, "\n\n".join(text), tuple(blocks), pictures, by_code - by_hand)


def empty_cover(lang: str, title: str = "") -> Block:
    """The cover of a notebook that shows none."""
    keys = ("subtitle", "number", "place_date", "date", "classification", "logo", "version")
    return {
        "kind": "cover",
        "lang": lang,
        "title": title or words(lang)["untitled"],
        "agency": [],
        "synthetic": False,
        "color": "#1F4E79",
        **dict.fromkeys(keys, ""),
    }


def _place(number: int) -> str:
    return f"``` {{.{PLACE}}}\n{number}\n```"


def _parts(nb: Any, lang: str) -> Iterator[tuple[Block, Mapping[str, Any]]]:
    for number, cell in enumerate(nb.cells):
        tags = cell.get("metadata", {}).get("tags", [])
        languages = [tag for tag in tags if tag.startswith(_LANGUAGE_TAG)]
        if "hide" in tags or (languages and _LANGUAGE_TAG + lang not in languages):
            continue
        if cell["cell_type"] == "markdown":
            yield {"kind": "text", "markdown": cell["source"]}, {}
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                yield from _output(output, number)


def _output(output: Any, number: int) -> Iterator[tuple[Block, Mapping[str, Any]]]:
    data = output.get("data", {})
    if MIME in data:
        yield dict(data[MIME]), data
    elif any(mime.startswith("image/") for mime in data):
        raise ReportError(
            Both(
                f"gambar di sel {number} tanpa teks alternatif",
                en=f"cell {number} shows a figure without alt",
            ),
            action=Both("tampilkan dengan Document.figure", en="show it with Document.figure"),
        )
    elif "text/markdown" in data:
        yield {"kind": "text", "markdown": _joined(data["text/markdown"])}, data


def _language(nb: Any) -> str:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(MIME)
            if block and block["kind"] == "cover":
                return str(block["lang"])
    return str(nb.get("metadata", {}).get("kinerja", {}).get("lang", "id"))


def _picture(data: Mapping[str, Any]) -> Picture:
    png = base64.b64decode(_joined(data.get("image/png", "")))
    return Picture(_joined(data.get("image/svg+xml", "")), png)


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _refuse_errors(nb: Any) -> None:
    for number, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                name = output.get("ename", "")
                raise ReportError(
                    Both(f"sel {number} berakhir dengan galat ({name})", en=f"cell {number} ended in {name}"),
                    action=Both("perbaiki dan jalankan ulang notebook", en="mend and run the notebook again"),
                )


def _refuse_doubles(blocks: list[Block]) -> None:
    names = [block["id"] for block in blocks if block.get("id")]
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        listed = ", ".join(doubles)
        raise ReportError(Both(f"id dipakai dua kali: {listed}", en=f"id used twice: {listed}"))
