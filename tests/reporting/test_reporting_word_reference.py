"""The committed reference document is what its builder makes."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from kinerja_lib.errors import ReportError
from kinerja_lib.reporting.pandoc import plain_text, read_markdown, run_pandoc
from kinerja_lib.reporting.word_reference import build_reference
from kinerja_lib.reporting.word_styles import STYLES, style_id
from kinerja_lib.reporting.words import ASSETS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _styles(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/styles.xml"))
    return {
        style.get(f"{_W}styleId"): etree.tostring(style, method="c14n") for style in root.iter(f"{_W}style")
    }


def test_the_committed_file_has_the_styles_of_its_builder() -> None:
    built, committed = build_reference(), ASSETS.joinpath("reference.docx").read_bytes()
    assert built == build_reference()
    ours = {style_id(name) for name in STYLES} | {
        "KinerjaTable",
        "KinerjaBoxes",
        "Label",
        "Reference",
        "Hint",
    }
    made, kept = _styles(built), _styles(committed)
    assert ours <= set(kept)
    assert {name: made[name] for name in ours} == {name: kept[name] for name in ours}


def test_properties_keep_the_order_of_the_standard() -> None:
    order = [
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
    ]
    for text in _styles(ASSETS.joinpath("reference.docx").read_bytes()).values():
        style = etree.fromstring(text)
        if style.get(f"{_W}styleId") in {style_id(name) for name in STYLES}:
            found = [child.tag.removeprefix(_W) for child in style.find(f"{_W}pPr")]
            assert found == sorted(found, key=order.index)


def test_pandoc_says_why() -> None:
    with pytest.raises(ReportError, match="pandoc") as caught:
        run_pandoc(["-t", "tiada"], b"")
    assert "tiada" in caught.value.text("en")


def test_plain_text_leaves_footnotes_out() -> None:
    blocks = read_markdown("Satu *dua*\n`tiga` $x$[^1] [empat](#e)\n\n[^1]: lima")
    assert plain_text(blocks) == "Satu dua tiga x empat"
