"""Each block: what a notebook shows, and what the exporters collect."""

from __future__ import annotations

import base64

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kinerja_lib.errors import ReportError
from kinerja_lib.reporting.collect import collect
from kinerja_lib.reporting.document import MIME, Document, Item, KeyFigure, inert
from kinerja_lib.reporting.numbering import number_report, roman

FRAME = pd.DataFrame({"unit": ["A", "B"], "jp": [1.5, 20]})


def test_a_figure_is_one_bundle(notebook, figure) -> None:
    nb = notebook("id")
    nb.code(nb.doc.figure, figure, "tren", "Judul", alt="Garis naik", source="e-Kinerja", data=FRAME)
    (output,) = nb.cells[0].outputs
    assert set(output.data) == {MIME, "text/html", "text/plain", "image/svg+xml", "image/png"}
    block = output.data[MIME]
    assert (block["kind"], block["id"], block["alt"]) == ("figure", "gbr-tren", "Garis naik")
    html = output.data["text/html"]
    assert 'alt="Garis naik"' in html and "<details>" in html and "Sumber:" in html and "1,50" in html
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")
    assert output.metadata["image/png"] == {"alt": "Garis naik"}


@pytest.mark.parametrize("alt", ["", "  ", "\n"])
def test_a_figure_without_alt_is_refused_by_name(notebook, figure, alt) -> None:
    nb = notebook()
    with pytest.raises(ReportError, match="gbr-tren") as caught:
        nb.doc.figure(figure, "tren", "Judul", alt=alt)
    assert "alternative text" in caught.value.text("en")


def test_the_exporter_checks_alt_again(notebook, figure) -> None:
    nb = notebook()
    nb.code(nb.doc.figure, figure, "tren", "Judul", alt="x")
    nb.cells[0].outputs[0].data[MIME]["alt"] = ""
    with pytest.raises(ReportError, match="gbr-tren"):
        collect(nb.node)


def test_a_bare_picture_is_refused() -> None:
    cell = new_code_cell("", outputs=[new_output("display_data", data={"image/png": "eA=="})])
    with pytest.raises(ReportError, match=r"sel 0.*tanpa teks alternatif"):
        collect(new_notebook(cells=[cell]))


def test_table_in_a_notebook_reads_well(notebook) -> None:
    nb = notebook("en")
    nb.code(nb.doc.table, FRAME, "unit", "Units", headers={"jp": "Hours"}, bold=[-1], note="N")
    html = nb.cells[0].outputs[0].data["text/html"]
    assert (
        '<th scope="col" class="right">Hours</th>' in html and '<th scope="row" class="left">B</th>' in html
    )
    assert '<tr class="bold"><th scope="row" class="left">B' in html and "20.00" in html and "Note:" in html


def test_empty_blocks_say_so(notebook, figure) -> None:
    nb = notebook()
    nb.code(nb.doc.table, FRAME.iloc[:0], "a", "Kosong", bold=[-1])
    nb.code(nb.doc.figure, None, "b", "Kosong", alt="")
    nb.code(nb.doc.figure, figure, "c", "Kosong", alt="", data=FRAME.iloc[:0])
    nb.code(nb.doc.key_figures, [])
    for cell in nb.cells[:3]:
        assert "Tidak ada data yang dapat disajikan." in cell.outputs[0].data["text/html"]
    assert nb.cells[3].outputs == []
    assert collect(nb.node).pictures == {}


def test_cover_holds_the_only_date(notebook, tmp_path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"x")
    nb = notebook()
    nb.code(nb.doc.cover, "J", agency="Dinas", place="Rangkui", date="2026-02-27", logo=logo, synthetic=True)
    report = collect(nb.node)
    assert report.cover["place_date"] == "Rangkui, 27 Februari 2026"
    assert report.cover["agency"] == ["Dinas"] and report.cover["logo"].startswith("data:image/png")
    html = nb.cells[0].outputs[0].data["text/html"]
    assert "<h1>J</h1>" in html and "DATA SINTETIS" in html


def test_a_bad_colour_is_the_default(notebook) -> None:
    nb = notebook()
    nb.code(nb.doc.cover, "J", color='red"')
    assert collect(nb.node).cover["color"] == "#1F4E79"


def test_findings_show_what_cannot_be_said(notebook) -> None:
    nb = notebook()
    nb.code(nb.doc.findings, ["Satu.", Item("Dua.", "n = 3 *", kind="unsaid")], title="Temuan")
    text = nb.cells[0].outputs[0].data["text/markdown"]
    assert text.startswith("**Temuan**") and "1. Satu." in text
    assert "2. **Tidak dapat disimpulkan.** Dua." in text and "*n \\= 3 \\**" in text


def test_key_figures(notebook) -> None:
    nb = notebook()
    nb.code(nb.doc.key_figures, [KeyFigure("IKM", 88.305, change=-1.0, note="Baik")])
    html = nb.cells[0].outputs[0].data["text/html"]
    assert "88,31" in html and "▼" in html and 'aria-label="turun"' in html


def test_equation_needs_words(notebook) -> None:
    nb = notebook()
    with pytest.raises(ReportError, match="model"):
        nb.doc.equation("y", "model", alt="")


def test_page_orientation_is_checked(notebook) -> None:
    nb = notebook()
    with pytest.raises(ReportError, match="miring"):
        nb.doc.page("miring")


def test_unknown_language() -> None:
    with pytest.raises(ReportError):
        Document("fr")


def test_cells_by_language_and_hidden(notebook) -> None:
    nb = notebook()
    nb.text("Indonesia", "lang-id")
    nb.text("English", "lang-en")
    nb.text("Rahasia", "hide")
    nb.code(nb.doc.text, "Keluaran")
    nb.code(nb.doc.text, "Tersembunyi", tags=("hide",))
    assert collect(nb.node, "id").markdown == "Indonesia\n\nKeluaran"
    assert collect(nb.node, "en").markdown == "English\n\nKeluaran"


def test_language_from_cover_or_metadata(notebook) -> None:
    nb = notebook("en")
    assert collect(new_notebook(metadata={"kinerja": {"lang": "en"}})).lang == "en"
    assert collect(new_notebook()).lang == "id"
    nb.code(nb.doc.cover, "T")
    assert collect(nb.node).lang == "en"


def test_plain_markdown_outputs_are_kept() -> None:
    data = {"text/markdown": ["dua ", "baris"], "text/plain": "x"}
    cell = new_code_cell(
        "", outputs=[new_output("display_data", data=data), new_output("stream", text="log")]
    )
    report = collect(new_notebook(cells=[cell]), title="nama")
    assert report.markdown == "dua baris" and report.cover["title"] == "nama"


def test_an_error_fails_the_export() -> None:
    outputs = [new_output("error", ename="KeyError", evalue="x", traceback=[])]
    nb = new_notebook(cells=[new_code_cell("", outputs=outputs, metadata={"tags": ["hide"]})])
    with pytest.raises(ReportError, match="KeyError"):
        collect(nb)


def test_an_id_stands_for_one_block(notebook) -> None:
    nb = notebook()
    nb.code(nb.doc.table, FRAME, "a", "x")
    nb.code(nb.doc.table, FRAME, "a", "y")
    with pytest.raises(ReportError, match="tbl-a"):
        collect(nb.node)


def test_numbers_of_chapters_and_blocks(notebook, figure) -> None:
    nb = notebook()
    nb.text("# Ikhtisar {-}\n\n# Awal\n\n## Dasar\n\n### Rinci\n\n# Hasil {#bab-hasil}\n\n## Satu\n\n## Dua")
    nb.code(nb.doc.table, FRAME, "a", "x")
    nb.code(nb.doc.figure, figure, "b", "x", alt="x")
    nb.code(nb.doc.table, FRAME, "c", "x")
    nb.code(nb.doc.equation, "y", "m", alt="y")
    nb.code(nb.doc.appendix, "Data", "data")
    nb.text("## Rinci\n\n# {-}\n\n# Bab dalam lampiran")
    numbered = number_report(collect(nb.node))
    numbers = [heading.number for heading in numbered.headings]
    assert numbers == ["", "Bab I", "1.1", "", "Bab II", "2.1", "2.2", "Lampiran A", "A.1", "Lampiran B"]
    expected = {"tbl-a": "Tabel 1", "gbr-b": "Gambar 1", "tbl-c": "Tabel 2", "pers-m": "Persamaan 1"}
    expected |= {"bab-hasil": "Bab II", "lamp-data": "Lampiran A"}
    assert expected.items() <= dict(numbered.labels).items()
    assert numbered.reference("tbl-c") == "Tabel\u00a02"


def test_an_unknown_reference_is_refused(notebook) -> None:
    nb = notebook()
    nb.text("Lihat [@tbl-tiada] dan @nama.")
    with pytest.raises(ReportError, match="tbl-tiada"):
        number_report(collect(nb.node))


@pytest.mark.parametrize("opened", ["```\nterbuka", "::: {.x}\nterbuka\n\n- a\n\n:::: {.y}"])
def test_a_swallowed_block_is_refused(notebook, opened) -> None:
    nb = notebook()
    nb.text(opened)
    nb.code(nb.doc.table, FRAME, "a", "x")
    with pytest.raises(ReportError, match="tertelan"):
        number_report(collect(nb.node))


def test_roman() -> None:
    assert [roman(n) for n in (1, 4, 9, 14)] == ["I", "IV", "IX", "XIV"]


def test_inert_shows_the_same_characters() -> None:
    from kinerja_lib.reporting.pandoc import plain_text, read_markdown

    for text in (
        "<b> [@x]",
        "a|b $x$ #1",
        "- satu",
        "1. dua",
        "*b* _c_ `d`",
        "~~~",
        "---",
        "\\frac",
        "a@b ^c^",
    ):
        assert plain_text(read_markdown("x " + inert(text))) == "x " + text
        assert plain_text(read_markdown(inert(text))) == text


def test_a_shown_figure_is_closed(notebook) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    nb = notebook()
    fig, axes = plt.subplots(figsize=(2, 1))
    axes.plot([1, 2])
    nb.code(nb.doc.figure, fig, "a", "x", alt="naik")
    assert not plt.fignum_exists(fig.number)
    first = nb.cells[0].outputs[0].data["image/svg+xml"]
    nb.code(nb.doc.figure, fig, "a", "x", alt="naik")
    assert nb.cells[1].outputs[0].data["image/svg+xml"] == first
