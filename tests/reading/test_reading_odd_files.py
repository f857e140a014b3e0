"""Odd and broken files, each made here and named after its fault: a clear error, or the table that is in it."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from kinerja_lib.errors import ReadError
from kinerja_lib.reading import load_layouts, read_export, read_folder
from kinerja_lib.reading.formats import cell_text, sniff
from kinerja_lib.reading.layouts import normalise
from kinerja_lib.schema.raw import RawTable

HEADER = [
    "NIP",
    "Nama Pegawai",
    "Unit Kerja",
    "Tahun",
    "Periode",
    "Rating Hasil Kerja",
    "Rating Perilaku Kerja",
    "Predikat Kinerja",
]
ROW = ["198609262015051001", "Contoh, Satu", "Sekretariat", "2025", "Triwulan I", "Sesuai", "Sesuai", "Baik"]
OTHER = ["199001152024212003", "Contoh, Dua", "Sekretariat", "2025", "Triwulan I", "Diatas", "Sesuai", "Baik"]


def _book(path: Path, rows: list[list[object]], merges: tuple[str, ...] = (), hidden: bool = False) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Rekap")
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value != "":
                    sheet.write(i, j, value)
        for merge in merges:
            sheet.merge_range(merge, rows[int(merge[1]) - 1][ord(merge[0]) - 65])
        if hidden:
            book.add_worksheet("Kosong").activate()
            sheet.hide()
    return path


def _csv(path: Path, rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding, newline="")
    return path


def _one(path: Path) -> RawTable:
    (table,) = read_export(path)
    return table


def _kinds(table: RawTable) -> Counter[str]:
    return Counter(row.kind for row in table.structure)


BROKEN = {
    "kosong.xlsx": (b"", "berkas kosong"),
    "pdf_bernama.xlsx": (b"%PDF-1.7\n...", "PDF"),
    "terpotong.xlsx": (b"PK\x03\x04\x14\x00 terpotong", "terpotong"),
    "biner.xls": (bytes(range(1, 9)) * 500, "bukan berkas tabel"),
    "ole_rusak.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "rusak"),
    "parquet_rusak.parquet": (b"PAR1 bukan parquet", "Parquet"),
    "json_rusak.jsonl": (b'{"nip": "1", ', "JSON rusak"),
    "json_angka.json": (b'[{"a": 1}, 2]', "daftar objek"),
    "xml_rusak.xls": (b"<?xml version='1.0'?><Workbook>", "XML"),
    "xml_entitas.xls": (
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><Workbook>&a;</Workbook>",
        "tidak aman",
    ),
    "xml_tanpa_lembar.xls": (b"<?xml version='1.0'?><x/>", "tanpa lembar"),
    "html_tanpa_tabel.xls": (b"<html><body>halo</body></html>", "tanpa tabel"),
    "teks_biasa.csv": (b"halo\ndunia\n", "tajuk tabel"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_gives_one_clear_error(tmp_path: Path, name: str) -> None:
    content, said = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError) as caught:
        read_export(tmp_path / name)
    assert said.lower() in caught.value.text("id").lower()
    assert caught.value.text("en") != caught.value.text("id")
    assert caught.value.exit_code == 4


def test_an_old_workbook_cut_off_anywhere_is_damaged_or_what_is_left(tmp_path: Path) -> None:
    whole = (Path(__file__).parents[1] / "exports" / "format_xls_biff8.xls").read_bytes()
    told = Counter[str]()
    for length in range(513, len(whole), 97):  # calamine's own assertions fail on many of them
        (tmp_path / "terpotong.xls").write_bytes(whole[:length])
        try:
            read_export(tmp_path / "terpotong.xls")
        except ReadError as fault:
            told[fault.text("id").split(": ")[1].split("\n")[0]] += 1
    assert told["buku kerja rusak"] > 30, told


def test_archives_that_are_no_workbook_or_a_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "arsip.xlsx", "w") as archive:
        archive.writestr("catatan.txt", "halo")
    with pytest.raises(ReadError, match="tidak ada tajuk"):
        read_export(tmp_path / "arsip.xlsx")
    with zipfile.ZipFile(tmp_path / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20))
    with pytest.raises(ReadError, match="terlalu besar"):
        read_export(tmp_path / "bom.xlsx")


def test_one_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    _csv(tmp_path / "baik.csv", [HEADER, ROW])
    (tmp_path / "rusak.xlsx").write_bytes(b"%PDF-")
    (tmp_path / "~$kunci.xlsx").write_bytes(b"x")
    (tmp_path / "units.csv").write_text("kode,nama\n", encoding="utf-8")
    seen: list[tuple[int, int]] = []
    tables, faults = read_folder(tmp_path, progress=lambda done, total, text: seen.append((done, total)))
    assert [table.file for table in tables] == ["baik.csv"]
    assert [fault.file for fault in faults] == ["rusak.xlsx"]
    assert seen == [(1, 2), (2, 2)]
    assert read_folder(tmp_path / "tiada") == ([], [])
    with pytest.raises(ReadError, match="tidak ada"):
        read_export(tmp_path / "tiada.csv")


def test_a_missing_column_names_the_closest_form(tmp_path: Path) -> None:
    header = ["Nomor", *HEADER[1:5], "Kolom Aneh"]
    with pytest.raises(ReadError) as caught:
        read_export(_csv(tmp_path / "tanpa_nip.csv", [header, ["1", *ROW[1:5], "x"]]))
    text = caught.value.text("id")
    assert "nip" in text
    assert "Kolom Aneh" in text
    assert "reading/layouts/" in text


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [
        (";", "utf-8"),
        (",", "utf-8-sig"),
        ("\t", "cp1252"),
        (";", "utf-16"),
        (";", "utf-16-le"),
        ("|", "utf-8"),
    ],
)
def test_text_files_of_any_encoding_and_delimiter(tmp_path: Path, delimiter: str, encoding: str) -> None:
    header = [f"{name} " for name in HEADER]
    rows = [
        header,
        [
            cell.replace(", Satu", " Satu – é") if encoding == "cp1252" else cell.replace(",", "")
            for cell in ROW
        ],
    ]
    table = _one(_csv(tmp_path / "rekap.csv", rows, delimiter, encoding))
    assert (table.layout, table.table) == ("ekinerja-rekap", "penilaian")
    assert table.frame["nip"].tolist() == [ROW[0]]
    assert table.rows.tolist() == [2]


def test_letterhead_levels_numbers_totals_notes_and_signature(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["PEMERINTAH RANGKUI"],
        ["DINAS SOSIAL"],
        ["Unit Kerja : Dinas Sosial"],
        ["Periode : Triwulan III Tahun 2025"],
        ["No", "NIP", "Nama", "Rating", "", "Predikat Kinerja"],
        ["", "", "", "Hasil Kerja", "Perilaku Kerja", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [1, ROW[0], ROW[1], "Sesuai", "Sesuai", "Baik"],
        ["Sub Total", "", "", "", "", 1],
        [2, OTHER[0], OTHER[1], "Diatas", "Sesuai", "Baik"],
        ["Jumlah", "", "", "", "", 2],
        ["* sementara"],
        ["", "", "", "", "", "Rangkui, 9 Oktober 2025"],
        ["", "", "", "", "", "Mengetahui,"],
        ["", "", "", "", "", "NIP. 198609262015051001"],
    ]
    table = _one(_book(tmp_path / "rekap.xlsx", rows, ("D5:E5",)))
    assert table.rows.tolist() == [8, 10]
    assert table.frame["hasil_kerja"].tolist() == ["Sesuai", "Diatas"]
    assert table.context["instansi"] == "DINAS SOSIAL"
    assert "Triwulan III" in table.context["periode"]
    assert _kinds(table) == Counter(title=4, header=2, number_row=1, subtotal=2, footnote=1, signature=3)


def test_typos_in_headers_are_matched_with_a_score(tmp_path: Path) -> None:
    header = [
        "NIP",
        "Nama Pegawai",
        "Unit Kerja",
        "Tahun",
        "Priode",
        "Rating Hasil Kerjaa",
        "Rating Perilaku Kerja",
        "Prediket Kinerja",
    ]
    table = _one(_csv(tmp_path / "salah_ketik.csv", [header, [cell.replace(",", "") for cell in ROW]]))
    how = {match.field: (match.how, match.score) for match in table.headers}
    assert how["hasil_kerja"][0] == "fuzzy"
    assert 88 <= how["hasil_kerja"][1] < 100
    assert how["periode_nama"][0] == how["predikat_tercetak"][0] == "exact"


def test_a_person_on_two_rows_is_folded(tmp_path: Path) -> None:
    rows: list[list[object]] = [HEADER, ["", *ROW[1:]], [ROW[0]], ["", *OTHER[1:]], ["", OTHER[0]]]
    table = _one(_book(tmp_path / "dua_baris.xlsx", rows))
    assert table.frame["nip"].tolist() == [ROW[0], OTHER[0]]
    assert table.rows.tolist() == [2, 4]
    assert _kinds(table)["continuation"] == 2


def test_an_empty_sheet_and_a_hidden_one(tmp_path: Path) -> None:
    table = _one(_book(tmp_path / "kosong.xlsx", [HEADER, ["", "Data Kosong"]]))
    assert len(table.frame) == 0
    assert _kinds(table)["no_data"] == 1
    hidden = _one(_book(tmp_path / "tersembunyi.xlsx", [HEADER, ROW], hidden=True))
    assert hidden.notes == ("lembar tersembunyi",)


def test_two_tables_on_a_sheet(tmp_path: Path) -> None:
    first, second = read_export(_book(tmp_path / "dua.xlsx", [HEADER, ROW, [], HEADER, OTHER]))
    assert first.rows.tolist() == [2]
    assert second.rows.tolist() == [5]


def test_a_number_kept_with_fifteen_digits_shows_its_loss(tmp_path: Path) -> None:
    table = _one(_book(tmp_path / "presisi.xlsx", [HEADER, [198609262015051001.0, *ROW[1:]]]))
    assert table.frame["nip"].tolist() == ["198609262015051000"]
    assert [cell_text(value) for value in (3.0, 2.5, True, None, float("nan"))] == [
        "3",
        "2.5000",
        "TRUE",
        "",
        "",
    ]


def test_xml_html_json_and_parquet_hold_the_same_table(tmp_path: Path) -> None:
    cells = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in HEADER)
    body = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in ROW[1:])
    (tmp_path / "a.xls").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>'
        f'<Row ss:Index="3">{cells}</Row><Row><Cell ss:Index="1"><Data ss:Type="String">{ROW[0]}</Data></Cell>{body}</Row>'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    head = "".join(f"<th>{text}</th>" for text in HEADER)
    line = "".join(f"<td>{text}</td>" for text in ROW)
    (tmp_path / "b.xls").write_text(
        f"<html><table><tr>{head}</tr><tr>{line}</tr></table></html>", encoding="utf-8"
    )
    record = ", ".join(f'"{name}": "{text}"' for name, text in zip(HEADER, ROW, strict=True))
    (tmp_path / "c.jsonl").write_text("{" + record + "}\n", encoding="utf-8")
    (tmp_path / "d.json").write_text("[{" + record + "}]", encoding="utf-8")
    pq.write_table(
        pa.table({name: [text] for name, text in zip(HEADER, ROW, strict=True)}), tmp_path / "e.parquet"
    )
    tables, faults = read_folder(tmp_path)
    assert faults == []
    assert len(tables) == 5
    for table in tables:
        assert table.frame.loc[0, "nip"] == ROW[0]
        assert table.frame.loc[0, "predikat_tercetak"] == "Baik"
    assert tables[0].rows.tolist() == [4]


def test_layouts_of_a_project_hide_the_packages(tmp_path: Path) -> None:
    (tmp_path / "bentuk-kami.toml").write_text(
        'table = "penghargaan"\nrequired = ["nip"]\n[fields]\nnip = ["Nomor Pegawai"]\njenis_penghargaan = ["Tanda Jasa"]\n',
        encoding="utf-8",
    )
    layouts = load_layouts(tmp_path)
    assert "bentuk-kami" in {layout.name for layout in layouts}
    path = _csv(tmp_path / "x.csv", [["Nomor Pegawai", "Tanda Jasa"], [ROW[0], "Contoh"]])
    (table,) = read_export(path, layouts=layouts)
    assert table.table == "penghargaan"
    (tmp_path / "salah.toml").write_text('table = "gaji"\nrequired = []\n[fields]\n', encoding="utf-8")
    with pytest.raises(ReadError, match="gaji"):
        load_layouts(tmp_path)


def test_headers_are_compared_without_case_marks_and_spaces() -> None:
    assert normalise("  NIP\u00a0Penilai ") == normalise("nip_penilai") == "nip penilai"
    assert normalise("hasilKinerja") == "hasil kinerja"
    assert normalise("Capaian (%)") == "capaian persen"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04", "workbook"),
        (b"%PDF-1", "pdf"),
        (b"PAR1", "parquet"),
        (b"a;b;c", "text"),
        (b"<TABLE>", "html"),
        (b"\xff\xfea\x00", "text"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


def test_a_stray_carriage_return_in_the_first_line_is_one_error_or_none(tmp_path: Path) -> None:
    """The csv module raises its own error there; a hundred random cuts found it."""
    path = tmp_path / "rusak.csv"
    path.write_bytes(b"NIP;Na\rma;Predikat\n1;2;3\n4;5;6\n")
    with pytest.raises(ReadError):
        read_export(path)
