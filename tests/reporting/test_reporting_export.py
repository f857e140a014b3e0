"""One notebook to four formats: what stands in each, equal numbers everywhere, equal bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser

import nbformat
import openpyxl
import pandas as pd
import pytest
from docx import Document as read_docx
from pypdf import PdfReader

from kinerja_lib.errors import ReportError, UsageError
from kinerja_lib.reporting.document import Item, KeyFigure
from kinerja_lib.reporting.export import export
from kinerja_lib.reporting.pdf import STANDARDS

FORMATS = ("html", "pdf", "docx", "xlsx")
UNITS = pd.DataFrame(
    {
        "unit": ["Sekretariat", "Bidang SMA", "Jumlah"],
        "pegawai": [1212, 640, 1852],
        "bagian": [0.1235, "<5", 0.5],
        "jp": [22.675, 17.35, None],
        "tenggat": ["2026-06-30", "2026-07-01", None],
    }
)
SHOWN = ["1.212", "640", "1.852", "12,4%", "<5", "50,0%", "22,68", "17,35", "30 Juni 2026"]


def build(notebook, figure, lang="id"):
    nb = notebook(lang)
    nb.code(
        nb.doc.cover,
        "Laporan Kinerja",
        subtitle="Tahun 2025",
        agency=["Dinas Pendidikan", "Pemerintah Rangkui"],
        number="800/1",
        place="Rangkui",
        date="2026-02-27",
        classification="Terbatas",
        synthetic=True,
        color="#8A1538",
    )
    nb.text("# Ikhtisar {-}\n\nLihat [@tbl-unit], [@gbr-tren], [@bab-hasil], [@pers-m].[^1]\n\n[^1]: Kaki.")
    nb.code(nb.doc.key_figures, [KeyFigure("IKM", 88.305, change=-1, note="Baik")] * 5)
    nb.code(nb.doc.findings, ["Satu.", Item("Dua.", "alasan", kind="unsaid")], title="Temuan")
    nb.text("# Hasil {#bab-hasil}\n\n## Unit\n\n$x_1$ dan **tebal**.\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    nb.code(
        nb.doc.table,
        UNITS,
        "unit",
        "Unit kerja",
        formats={"bagian": "percent:1", "tenggat": "date"},
        source="e-Kinerja, diolah",
        note="Disamarkan",
        bold=[-1],
    )
    nb.code(
        nb.doc.figure, figure, "tren", "Tren", alt="Garis naik", source="Panel", data=UNITS[["unit", "jp"]]
    )
    nb.code(nb.doc.equation, r"y = \beta x", "m", alt="y sama dengan beta x")
    nb.code(nb.doc.table, UNITS, "lebar", "Tabel lebar", landscape=True)
    nb.code(nb.doc.table, UNITS.iloc[:0], "kosong", "Tabel kosong")
    nb.code(nb.doc.signature, post="Kepala Dinas", name="Contoh Sintetis", place="Rangkui", lines=["Pembina"])
    nb.code(nb.doc.appendix, "Data", "data")
    nb.code(nb.doc.page, "landscape")
    nb.code(nb.doc.table, pd.concat([UNITS] * 20), "panjang", "Tabel panjang", small=True)
    nb.code(nb.doc.page, "portrait")
    nb.text("Akhir.")
    return nb.node


@pytest.fixture
def made(notebook, figure, tmp_path):
    return export(build(notebook, figure), tmp_path / "laporan.2025")


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.silent = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.silent = tag == "style"
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += "" if self.silent else data


def test_the_files_lie_beside_each_other(made, tmp_path) -> None:
    assert {form: path.name for form, path in made.items()} == {
        form: f"laporan.2025.{form}" for form in FORMATS
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in made.values())


def test_html(made) -> None:
    page = _Page(made["html"].read_text(encoding="utf-8"))
    tags = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "id"}) in page.tags
    assert tags.count("h1") == 1 and "script" not in tags and "link" not in tags and "math" in tags
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    inner = [attrs["href"][1:] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")]
    assert set(inner) <= set(ids) and {"tbl-unit", "gbr-tren", "bab-hasil", "pers-m", "content"} <= set(inner)
    drawn = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert [(attrs["role"], attrs["aria-label"]) for attrs in drawn] == [("img", "Garis naik")]
    assert not [attrs for tag, attrs in page.tags if tag == "img"]
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th" and "class" in attrs)
    scrolled = [attrs for _, attrs in page.tags if attrs.get("class") == "scroll"]
    assert scrolled and all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in scrolled)
    for words in (
        "Gambar 1. Tren",
        "Tabel 1. Unit kerja",
        "Sumber: e-Kinerja, diolah",
        "DATA SINTETIS",
        "Lampiran A",
    ):
        assert words in page.text
    assert "rahasia" not in page.text and "Tidak ada data" in page.text
    assert "prefers-color-scheme:dark" in made["html"].read_text(encoding="utf-8")


def test_pdf_keeps_its_standards(made) -> None:
    reader = PdfReader(made["pdf"])
    meta = reader.xmp_metadata.stream.get_data().decode()
    assert STANDARDS == ("ua-1", "a-2a")
    assert re.search(r"pdfuaid:part[>=\"]+1", meta)
    assert re.search(r"pdfaid:part[>=\"]+2", meta) and re.search(r"pdfaid:conformance[>=\"]+A", meta)
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "id-ID" and catalogue["/MarkInfo"]["/Marked"]
    assert [item["/Title"] for item in reader.outline if not isinstance(item, list)] == [
        "Ikhtisar",
        "Bab I Hasil",
        "Lampiran A Data",
    ]
    assert (
        reader.metadata.title == "Laporan Kinerja"
        and reader.metadata.creation_date.date().isoformat() == "2026-02-27"
    )


def test_pdf_pages(made) -> None:
    reader = PdfReader(made["pdf"])
    pages = [page.extract_text() for page in reader.pages]
    text = " ".join(" ".join(pages).split())
    for words in (
        "Daftar Isi",
        "Daftar Tabel",
        "Daftar Gambar",
        "BAB I",
        "LAMPIRAN A",
        "Halaman 1",
        "1.1 Unit",
    ):
        assert words in text
    assert "Garis naik" not in text and "Catatan: Disamarkan" in text
    wide = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert any(wide) and not wide[0] and not wide[-1]
    heads = [page for page in pages if "pegawai" in page and "tenggat" in page and "Sekretariat" in page]
    assert len(heads) >= 4, "the heading of the long table is repeated"


def test_word(made) -> None:
    document = read_docx(made["docx"])
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert {"Heading 1", "Heading 2", "Table Caption", "Image Caption", "Appendix 1", "Equation"} <= set(
        styles
    )
    xml = document.element.xml
    assert xml.count("SEQ Tabel") == 4 and xml.count("SEQ Gambar") == 1
    for name in ("_tbl_unit", "_gbr_tren", "_pers_m"):
        assert f"REF {name} " in xml and f'w:name="{name}"' in xml
    assert "@@" not in xml and xml.count("<w:tblHeader/>") == 3
    ids = re.findall(r'<w:bookmarkStart [^>]*w:id="(\d+)"', xml)
    assert len(ids) == len(set(ids))
    turned = [section.page_width > section.page_height for section in document.sections]
    assert turned[:3] == [False, False, False] and turned.count(True) == 2 and not turned[-1]
    starts = re.findall(r'<w:pgNumType w:fmt="(\w+)" w:start="1"/>', xml)
    assert starts == ["lowerRoman", "decimal"]
    footers = [section.footer.paragraphs[0].text for section in document.sections]
    assert "Halaman" in footers[-1] and "Dinas Pendidikan" in footers[-1]
    assert 'descr="Garis naik"' in xml


def test_word_package(made) -> None:
    with zipfile.ZipFile(made["docx"]) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        styles = archive.read("word/styles.xml").decode()
        assert 'w:val="id-ID"' in styles and "1F4E79" not in styles and "8A1538" in styles
        assert "2026-02-27T00:00:00Z" in archive.read("docProps/core.xml").decode()
        assert 'w:val="Bab %1"' in archive.read("word/numbering.xml").decode()
        assert "updateFields" in archive.read("word/settings.xml").decode()


def test_workbook_has_real_numbers(made) -> None:
    book = openpyxl.load_workbook(made["xlsx"])
    assert book.sheetnames == [
        "Sampul",
        "Keterangan",
        "Tabel 1",
        "Gambar 1",
        "Tabel 2",
        "Tabel 3",
        "Tabel 4",
    ]
    sheet = book["Tabel 1"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=8)]
    assert rows[0] == ["unit", "pegawai", "bagian", "jp", "tenggat"]
    assert (
        rows[1][:4] == ["Sekretariat", 1212, 0.1235, 22.675]
        and rows[1][4].isoformat() == "2026-06-30T00:00:00"
    )
    assert rows[2][2] == "<5" and rows[3][3] == "–"
    assert sheet["C6"].number_format == "#,##0.0%" and "mmmm" in sheet["E6"].number_format
    assert sheet.freeze_panes == "B6" and sheet.print_area and sheet.print_title_rows == "$5:$5"
    assert sheet["A8"].font.b and sheet["A10"].value == "Sumber: e-Kinerja, diolah"
    assert book["Tabel 3"]["A3"].value == "Tidak ada data yang dapat disajikan."
    assert book.properties.created.date().isoformat() == "2026-02-27"
    assert book["Keterangan"]["A5"].hyperlink.location == "'Tabel 1'!A1"


def test_the_same_numbers_everywhere(made) -> None:
    html = _Page(made["html"].read_text(encoding="utf-8")).text
    pdf = " ".join(page.extract_text() for page in PdfReader(made["pdf"]).pages)
    document = read_docx(made["docx"])
    word = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for text in [*SHOWN, "88,31", "\u22121,0"]:
        assert text in html and text in pdf.replace("\n", " ") and text in word, text
    numbers = re.compile(r"\d+(?:[.,]\d+)*%?")
    table = document.tables[3]
    word_numbers = [numbers.findall(cell.text) for row in table.rows for cell in row.cells]
    html_table = re.search(
        r'<table id="tbl-unit">.*?</table>', made["html"].read_text(encoding="utf-8"), re.DOTALL
    )[0]
    html_cells = [numbers.findall(_Page(cell).text) for cell in re.findall(r"<t[hd].*?</t[hd]>", html_table)]
    assert word_numbers == html_cells


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_each_time(notebook, figure, tmp_path, form) -> None:
    first = export(build(notebook, figure), tmp_path / "satu", formats=(form,))[form].read_bytes()
    again = nbformat.reads(nbformat.writes(build(notebook, figure)), 4)
    assert export(again, tmp_path / "dua", formats=(form,))[form].read_bytes() == first


def test_english(notebook, figure, tmp_path) -> None:
    nb = build(notebook, figure, "en")
    files = export(nb, tmp_path / "report", lang="en")
    html = _Page(files["html"].read_text(encoding="utf-8")).text
    pdf = " ".join(page.extract_text() for page in PdfReader(files["pdf"]).pages)
    for text in (
        "Contents",
        "List of Tables",
        "Table 1",
        "Figure 1",
        "Source: ",
        "22.68",
        "12.4%",
        "30 June 2026",
    ):
        assert text in html and text in pdf
    for word in ("Gambar 1", "Tabel 1", "Daftar", "Sumber:", "Halaman", "Catatan:", "Bab I"):
        assert word not in html and word not in pdf
    with zipfile.ZipFile(files["docx"]) as archive:
        assert "Chapter %1" in archive.read("word/numbering.xml").decode()
        assert "en-GB" in archive.read("word/styles.xml").decode()
    assert "Table 1" in openpyxl.load_workbook(files["xlsx"]).sheetnames
    assert PdfReader(files["pdf"]).trailer["/Root"]["/Lang"] == "en-GB"


def test_nothing_is_half_written(notebook, figure, tmp_path, monkeypatch) -> None:
    nb = build(notebook, figure)

    def fail(numbered):
        raise ReportError("gagal")

    monkeypatch.setitem(
        __import__("kinerja_lib.reporting.export", fromlist=["RENDERERS"]).RENDERERS, "xlsx", fail
    )
    with pytest.raises(ReportError):
        export(nb, tmp_path / "laporan")
    assert list(tmp_path.iterdir()) == []


def test_unknown_format(tmp_path) -> None:
    with pytest.raises(UsageError, match="odt"):
        export(nbformat.v4.new_notebook(), tmp_path / "x", formats=("odt",))


def test_a_notebook_without_blocks_is_a_report_too(tmp_path) -> None:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Halo **dunia**")])
    files = export(nb, tmp_path / "catatan")
    assert "<strong>dunia</strong>" in files["html"].read_text(encoding="utf-8")
    assert "dunia" in PdfReader(files["pdf"]).pages[-1].extract_text()
    assert openpyxl.load_workbook(files["xlsx"]).sheetnames == ["Sampul", "Keterangan"]


@pytest.mark.parametrize(
    ("name", "suffix", "start"),
    [
        ("kinerja_html", ".html", b"<!DOC"),
        ("kinerja_pdf", ".pdf", b"%PDF-"),
        ("kinerja_docx", ".docx", b"PK"),
    ],
)
def test_nbconvert_finds_the_exporters(notebook, figure, name, suffix, start) -> None:
    from nbconvert.exporters import get_exporter

    exporter = get_exporter(name)()
    output, resources = exporter.from_notebook_node(
        build(notebook, figure), {"metadata": {"name": "laporan"}}
    )
    data = output.encode() if isinstance(output, str) else output
    assert data.startswith(start) and resources["output_extension"] == exporter.file_extension == suffix
    assert exporter.export_from_notebook.startswith("Kinerja ")


def test_typst_is_the_last_gate(notebook, figure, monkeypatch, tmp_path) -> None:
    """Were the alternative text lost on the way, the standard itself would refuse the document."""
    monkeypatch.setattr("kinerja_lib.reporting.pdf.figure_typst", lambda *_: '#image("gbr-tren.svg")')
    with pytest.raises(ReportError, match="typst"):
        export(build(notebook, figure), tmp_path / "x", formats=("pdf",))


def test_large_drawings_go_as_pixels(notebook, tmp_path) -> None:
    class Heavy:
        def savefig(self, file, *, format, **options):
            from conftest import PNG

            if format == "png":
                file.write(PNG)
            else:
                file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="9pt">{"<g/>" * 120_000}</svg>')

    nb = notebook()
    nb.code(nb.doc.figure, Heavy(), "a", "x", alt="titik")
    files = export(nb.node, tmp_path / "x")
    assert "data:image/png" in files["html"].read_text(encoding="utf-8")
    assert all(path.stat().st_size < 200_000 for path in files.values())


def test_logo_in_html_pdf_and_word(notebook, tmp_path) -> None:
    from conftest import PNG

    logo = tmp_path / "logo.png"
    logo.write_bytes(PNG)
    nb = notebook()
    nb.code(nb.doc.cover, "J", agency="Dinas Contoh", logo=logo)
    nb.text("# Isi\n\nTeks.")
    files = export(nb.node, tmp_path / "x", formats=("html", "pdf", "docx"))
    assert 'class="logo"' in files["html"].read_text(encoding="utf-8")
    assert len(PdfReader(files["pdf"]).pages[0].images) == 1
    with zipfile.ZipFile(io.BytesIO(files["docx"].read_bytes())) as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())
