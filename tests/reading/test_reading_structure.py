"""Where the table is and what each row is: spans, levels, hidden rows, several tables, ties between forms."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kinerja_lib.errors import ReadError
from kinerja_lib.reading import load_layouts, read_export
from kinerja_lib.schema.raw import RawTable

HEADER = ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Rating Hasil Kerja", "Rating Perilaku Kerja",
          "Predikat Kinerja"]  # fmt: skip
ROW = ["198609262015051001", "Contoh Satu", "Sekretariat", "2025", "Triwulan I", "Sesuai", "Sesuai", "Baik"]
OTHER = ["199001152024212003", "Contoh Dua", "Bidang Umum", "2025", "Triwulan I", "Diatas", "Sesuai", "Baik"]
XML = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Rekap"><Table>{}</Table>'
    "</Worksheet></Workbook>"
)


def _csv(path: Path, rows: list[list[str]]) -> Path:
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return path


def _html(path: Path, rows: str) -> Path:
    path.write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")
    return path


def _cells(texts: list[str]) -> str:
    return "".join(f"<td>{text}</td>" for text in texts)


def _xml_cells(texts: list[str]) -> str:
    return "".join(f"<Cell><Data>{text}</Data></Cell>" for text in texts)


def _one(path: Path) -> RawTable:
    (table,) = read_export(path)
    return table


def _kinds(table: RawTable) -> Counter[str]:
    return Counter(row.kind for row in table.structure)


def test_html_spans_move_cells_and_stand_for_all_their_rows(tmp_path: Path) -> None:
    head = (
        "<tr><th rowspan=2>NIP</th><th rowspan=2>Nama</th><th rowspan=2>Unit Kerja</th><th rowspan=2>Tahun</th>"
        "<th rowspan=2>Periode</th><th colspan=2>Rating</th><th rowspan=2>Predikat Kinerja</th></tr>"
        "<tr><th>Hasil Kerja</th><th>Perilaku Kerja</th></tr>"
    )
    body = (
        f"<tr><td>{ROW[0]}</td><td>Contoh<br>Satu</td><td rowspan=2>Sekretariat</td>{_cells(ROW[3:])}</tr>"
        f"<tr><td>{OTHER[0]}</td><td>Contoh\n   Dua</td>{_cells(OTHER[3:])}</tr>"
    )
    table = _one(_html(tmp_path / "a.xls", head + body))
    assert table.frame["nip"].tolist() == [ROW[0], OTHER[0]]
    assert table.frame["unit_nama"].tolist() == ["Sekretariat", "Sekretariat"]
    assert table.frame["hasil_kerja"].tolist() == ["Sesuai", "Diatas"]
    assert table.frame["nama"].tolist() == ["Contoh\nSatu", "Contoh Dua"]
    assert table.rows.tolist() == [3, 4]
    assert table.notes == ("sel gabungan diuraikan: 1",)


def test_a_table_inside_a_cell_of_a_page_is_a_table_of_its_own(tmp_path: Path) -> None:
    inner = f"<table><tr>{_cells(HEADER)}</tr><tr>{_cells(ROW)}</tr></table>"
    path = _html(tmp_path / "a.xls", f"<tr><td>Menu</td><td>{inner}</td></tr><tr><td>Kaki</td></tr>")
    table = _one(path)
    assert (table.sheet, len(table.frame)) == ("tabel 2", 1)
    hidden = f"<tr>{_cells(HEADER)}</tr><tr style='display:none'>{_cells(ROW)}</tr><tr>{_cells(OTHER)}</tr>"
    table = _one(_html(tmp_path / "b.xls", hidden))
    assert (len(table.frame), table.notes) == (2, ("baris tersembunyi: 1",))


def test_xml_spreadsheet_merges_and_skipped_places(tmp_path: Path) -> None:
    rows = (
        '<Column ss:Index="4" ss:Hidden="1"/>'
        '<Row><Cell ss:MergeAcross="7"><Data>REKAPITULASI PENILAIAN</Data></Cell></Row>'
        '<Row ss:Index="4">'
        + "".join(f'<Cell ss:MergeDown="1"><Data>{text}</Data></Cell>' for text in HEADER[:5])
        + '<Cell ss:MergeAcross="1"><Data>Rating</Data></Cell><Cell ss:MergeDown="1"><Data>Predikat Kinerja</Data></Cell>'
        + '</Row><Row><Cell ss:Index="6"><Data>Hasil Kerja</Data></Cell><Cell><Data>Perilaku Kerja</Data></Cell></Row>'
        + f"<Row>{_xml_cells(ROW[:2])}<Cell ss:MergeDown='1'><Data>{ROW[2]}</Data></Cell>{_xml_cells(ROW[3:])}</Row>"
        + f"<Row ss:Hidden='1'>{_xml_cells(OTHER[:2])}{_xml_cells(OTHER[3:])}</Row>"
    )
    (tmp_path / "a.xls").write_text(XML.format(rows), encoding="utf-8")
    table = _one(tmp_path / "a.xls")
    assert table.rows.tolist() == [6, 7]
    assert table.frame["unit_nama"].tolist() == ["Sekretariat", "Sekretariat"]
    assert table.frame["perilaku_kerja"].tolist() == ["Sesuai", "Sesuai"]
    assert table.frame["predikat_tercetak"].tolist() == ["Baik", "Baik"]
    assert table.notes == ("baris tersembunyi: 1", "kolom tersembunyi: Tahun", "sel gabungan diuraikan: 1")


@pytest.mark.parametrize(
    "rows", ['<Row ss:Index="5"/><Row ss:Index="3"/>', '<Row><Cell ss:Index="3"/><Cell ss:Index="2"/></Row>']
)
def test_xml_places_that_go_back_are_refused(tmp_path: Path, rows: str) -> None:
    (tmp_path / "a.xls").write_text(XML.format(rows), encoding="utf-8")
    with pytest.raises(ReadError, match="rusak"):
        read_export(tmp_path / "a.xls")


def _book(path: Path, write: Any) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rekap")
        write(sheet)
    return path


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    def write(sheet: Any) -> None:
        for number, row in enumerate([HEADER, ROW, OTHER]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(7, 7, None, None, {"hidden": True})

    table = _one(_book(tmp_path / "a.xlsx", write))
    assert table.frame["nip"].tolist() == [ROW[0], OTHER[0]]
    assert table.notes == ("baris tersembunyi: 1", "kolom tersembunyi: Predikat Kinerja")


@pytest.mark.parametrize("start", [0, 4, 10, 14])
def test_a_header_of_five_merged_levels(tmp_path: Path, start: int) -> None:
    def write(sheet: Any) -> None:
        for row in range(start):
            sheet.write(row, 0, f"KOP SURAT BARIS {row + 1}")
        for column, text in enumerate(HEADER[:5]):
            sheet.merge_range(start, column, start + 4, column, text)
        sheet.merge_range(start, 5, start, 7, "PENILAIAN")
        sheet.merge_range(start + 1, 5, start + 1, 7, "KINERJA PEGAWAI")
        sheet.merge_range(start + 2, 5, start + 2, 6, "UNSUR")
        sheet.merge_range(start + 3, 5, start + 3, 6, "RATING")
        sheet.write(start + 4, 5, "Rating Hasil Kerja")
        sheet.write(start + 4, 6, "Rating Perilaku Kerja")
        sheet.merge_range(start + 2, 7, start + 4, 7, "Predikat Kinerja")
        sheet.write_row(start + 5, 0, [str(n) for n in range(1, 9)])
        sheet.write_row(start + 6, 0, ROW)

    table = _one(_book(tmp_path / "a.xlsx", write))
    assert table.frame.iloc[0][["nip", "hasil_kerja", "perilaku_kerja", "predikat_tercetak"]].tolist() == [
        ROW[0], "Sesuai", "Sesuai", "Baik",
    ]  # fmt: skip
    assert table.rows.tolist() == [start + 7]
    assert _kinds(table)["number_row"] == 1
    assert _kinds(table)["header"] == 5


def test_each_table_of_a_sheet_has_its_own_form_titles_and_rows(tmp_path: Path) -> None:
    rows = [
        ["DINAS SOSIAL"],
        ["Unit Kerja : Sekretariat"],
        HEADER,
        ROW,
        ["Jumlah", "", "", "", "", "", "", "1"],
        [],
        ["Unit Kerja : Bidang Umum"],
        HEADER,
        OTHER,
        ["Data Kosong"],
    ]
    first, second = read_export(_csv(tmp_path / "a.csv", rows))
    assert (first.rows.tolist(), second.rows.tolist()) == ([4], [9])
    assert first.context["unit_kerja"] == "Sekretariat"
    assert second.context["unit_kerja"] == "Bidang Umum"
    assert second.context["instansi"] == "DINAS SOSIAL"
    assert _kinds(first)["subtotal"] + _kinds(first)["total"] == 1
    assert _kinds(second)["title"] >= 1
    assert _kinds(second)["no_data"] == 1
    spelled = {layout.name: layout for layout in load_layouts()}["siasn-penghargaan"].spellings
    by_field: dict[str, str] = {}
    for spelling, field in spelled.items():
        by_field.setdefault(field, spelling)
    header = list(by_field.values())
    row = [ROW[0] if field.startswith("nip") else "Satyalancana 2024" for field in by_field]
    other = _csv(tmp_path / "b.csv", [HEADER, ROW, OTHER, ROW, [], ["Daftar penghargaan"], header, row])
    assert [table.table for table in read_export(other)] == ["penilaian", "penghargaan"]


def test_a_header_printed_again_on_every_page(tmp_path: Path) -> None:
    rows = [HEADER, *[ROW] * 30, HEADER, *[OTHER] * 30, HEADER, ROW]
    tables = read_export(_csv(tmp_path / "a.csv", rows))
    assert [len(table.frame) for table in tables] == [30, 30, 1]
    assert sum(len(table.frame) + len(table.structure) for table in tables) == len(rows)


def test_every_row_is_data_or_structure(tmp_path: Path) -> None:
    rows = [
        ["PEMERINTAH RANGKUI"], HEADER, [str(n) for n in range(1, 9)], ROW, ["Sub Jumlah", "", "", "", "", "", "", "1"],
        OTHER, ["", "Rata-rata", "", "", "", "", "", "80"], ["TOTAL", "", "", "", "", "", "", "2"], [],
        ["** termasuk PPPK"], ["Keterangan: sementara"], ["", "", "", "", "", "Rangkui, 9 Oktober 2025"],
        ["", "", "", "", "", "Mengetahui"], ["", "", "", "", "", "Pimpinan OPD"], ["", "", "", "", "", "Contoh Tanda Tangan"],
        ["", "", "", "", "", "NIP. 198609262015051001"],
    ]  # fmt: skip
    table = _one(_csv(tmp_path / "a.csv", rows))
    assert len(table.frame) + len(table.structure) == len(rows)
    assert table.rows.tolist() == [4, 6]
    assert _kinds(table) == Counter(
        title=1, header=1, number_row=1, subtotal=1, total=2, blank=1, footnote=2, signature=5
    )


TIE = 'table = "{}"\nrequired = ["nip", "tahun"]\n[fields]\nnip = ["Nomor Induk"]\ntahun = ["Tahun"]\n{}\n'


def test_forms_that_fit_equally_well_are_never_chosen_silently(tmp_path: Path) -> None:
    folder = tmp_path / "layouts"
    folder.mkdir()
    for name, table, field in (
        ("bentuk-pelatihan", "pelatihan", 'nama_pelatihan = ["Uraian"]'),
        ("bentuk-penghargaan", "penghargaan", 'jenis_penghargaan = ["Uraian"]'),
    ):
        (folder / f"{name}.toml").write_text(TIE.format(table, field), encoding="utf-8")
    layouts = load_layouts(folder)
    rows = [["Nomor Induk", "Tahun", "Uraian"], [ROW[0], "2025", "Contoh"]]
    with pytest.raises(ReadError, match="bentuk-pelatihan, bentuk-penghargaan"):
        read_export(_csv(tmp_path / "data.csv", rows), layouts=layouts)
    (by_name,) = read_export(_csv(tmp_path / "penghargaan 2025.csv", rows), layouts=layouts)
    assert by_name.table == "penghargaan"
    (by_title,) = read_export(_csv(tmp_path / "isi.csv", [["Daftar Pelatihan"], *rows]), layouts=layouts)
    assert by_title.table == "pelatihan"


def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path: Path) -> None:
    rows = [HEADER, ROW, OTHER, ROW]
    whole = _csv(tmp_path / "a.csv", rows).read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_text(whole.replace("Contoh Dua", '"Contoh Dua'), encoding="utf-8")
    with pytest.raises(ReadError, match="kutip"):
        read_export(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text(whole.replace("Contoh Dua", 'Contoh 5" Dua'), encoding="utf-8")
    assert _one(tmp_path / "b.csv").frame["nama"].tolist() == ["Contoh Satu", 'Contoh 5" Dua', "Contoh Satu"]
    (tmp_path / "c.csv").write_text(whole.replace("Contoh Dua", '"Contoh;\n ""Dua"""'), encoding="utf-8")
    assert _one(tmp_path / "c.csv").frame["nama"].tolist()[1] == 'Contoh;\n "Dua"'


def test_a_nip_on_the_second_row_of_a_person_is_no_signature(tmp_path: Path) -> None:
    blank = [""] * len(HEADER)
    pairs = [["", *ROW[1:]], [f"NIP. {ROW[0]}", *blank[1:]], ["", *OTHER[1:]], [OTHER[0], *blank[1:]]]
    signed = [
        blank,
        ["Mengetahui", *blank[1:]],
        ["Contoh Kepala", *blank[1:]],
        ["NIP. 197001011995031001", *blank[1:]],
    ]
    table = _one(_csv(tmp_path / "a.csv", [HEADER, *pairs, *signed]))
    assert table.frame["nip"].tolist() == [f"NIP. {ROW[0]}", OTHER[0]]
    assert table.frame["nama"].tolist() == [ROW[1], OTHER[1]]
    assert _kinds(table)["signature"] == 3
    assert _kinds(table)["continuation"] == 2
