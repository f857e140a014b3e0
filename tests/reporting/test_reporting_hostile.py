"""What comes from the data is shown and never acts, in any format; and any text gives a decent report."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from docx import Document as read_docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_notebook
from pypdf import PdfReader

from kinerja_lib.reporting.document import Item, KeyFigure, inert
from kinerja_lib.reporting.export import export
from kinerja_lib.reporting.pandoc import plain_text, read_markdown
from kinerja_lib.reporting.typst_blocks import drawable

HOSTILE = [
    "<script>alert(1)</script>",
    "a|b",
    "$x^2$ $",
    "# judul",
    "@tbl-x [@gbr-y]",
    "😀 emoji",
    '=cmd|"/c calc"!A1',
    "+1+1",
    "-2 -- 3...",
    "@SUM(1)",
    "N" * 200,
    "\\frac{1}{2} \\",
    "\"kutip\" 'x'",
    "`kode` ```",
    "</w:t></w:r>",
    "#panic()",
    "{{x}} ${y} $title @@TITLE@@",
    "*b* _i_ ~s~ ^u^",
    "[l](javascript:alert(1))",
    "::: div",
    "漢字",
    "\u202eabc",
    "a\x0bb\x00",
    "  ",
    "& &amp; &#60;",
    "https://contoh.invalid/a_b",
]


@pytest.fixture
def made(notebook, figure, tmp_path):
    nb = notebook("id")
    everything = " ".join(HOSTILE)
    nb.code(
        nb.doc.cover,
        everything,
        subtitle=HOSTILE[0],
        agency=HOSTILE,
        number=HOSTILE[2],
        classification="#x()",
    )
    for text in HOSTILE:
        nb.text(f"## {inert(text)}\n\nKalimat {inert(text)} akhir.")
    nb.code(nb.doc.key_figures, [KeyFigure(text, text, note=text, change=text) for text in HOSTILE])
    frame = pd.DataFrame(dict.fromkeys(HOSTILE[:4], HOSTILE))
    nb.code(nb.doc.table, frame, "h", everything, source=everything, note=HOSTILE[2])
    nb.code(nb.doc.figure, figure, "h", everything, alt=everything, source=HOSTILE[2], data=frame)
    nb.code(nb.doc.findings, [Item(inert(text), note=text) for text in HOSTILE], title="# x")
    nb.code(nb.doc.signature, post=HOSTILE[3], name=HOSTILE[0])
    nb.code(nb.doc.appendix, everything)
    nb.text(
        "<script>alert(2)</script> \\textbf{x} `<b>`{=html} ![a](http://jahat.invalid/x.png) "
        "[z](javascript:alert(3)) @nama <!-- c -->\n\n<div onclick=x>hai</div>\n\n```{=typst}\n#panic()\n```"
    )
    return export(nb.node, tmp_path / "x")


def test_html_stays_inert(made) -> None:
    html = made["html"].read_text(encoding="utf-8")
    assert "<script" not in html.lower() and "jahat.invalid" not in html
    assert not re.search(r'(?:href|src)="(?:javascript|http://jahat)', html)
    assert not re.search(r"<[^>]*\sonclick", html)
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 10


def test_pdf_shows_the_letters(made) -> None:
    text = "".join(page.extract_text() for page in PdfReader(made["pdf"]).pages)
    flat = re.sub(r"[\s\u200b]", "", text)
    for shown in ("<script>alert(1)</script>", "$x^2$$", "#panic()", "-2--3...", "\\frac{1}{2}\\", "N" * 200):
        assert shown in flat, shown


def test_word_is_whole(made) -> None:
    document = read_docx(made["docx"])
    cells = {cell.text.replace("\u200b", "") for cell in document.tables[2].columns[0].cells}
    assert {"<script>alert(1)</script>", "</w:t></w:r>", "😀 emoji", "N" * 200} <= cells
    with zipfile.ZipFile(made["docx"]) as archive:
        assert archive.testzip() is None


def test_workbook_has_no_formula(made) -> None:
    book = openpyxl.load_workbook(made["xlsx"])
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    values = {row[0].value for row in book["Tabel 1"].iter_rows(min_row=6)}
    assert {'=cmd|"/c calc"!A1', "+1+1", "@SUM(1)"} <= values
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert all(link.target is None for link in links)


def test_every_letter_kept_for_the_pdf_can_be_drawn(tmp_path) -> None:
    letters = [chr(code) for code in range(32, 0x3000) if drawable(chr(code)) == chr(code)]
    assert len(letters) > 2_000 and drawable("a😀漢\u202e") == "a□□□"
    cells = [f"{''.join(letters[start : start + 40])}" for start in range(0, len(letters), 40)]
    nb = new_notebook(cells=[new_markdown_cell(f"{inert(text)}\n\n**{inert(text)}**") for text in cells])
    assert export(nb, tmp_path / "x", formats=("pdf",))["pdf"].stat().st_size > 10_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60))
def test_inert_keeps_every_letter(text: str) -> None:
    from kinerja_lib.reporting.blocks import clean

    shown = plain_text(read_markdown("awal " + inert(text) + " akhir"))
    assert " ".join(shown.split()) == " ".join(f"awal {clean(text)} akhir".split())
