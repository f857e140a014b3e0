"""Files that once escaped as a raw exception, ended the process, or quoted a person: each is one clear error."""

from __future__ import annotations

import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kinerja_lib.errors import ReadError
from kinerja_lib.reading import load_layouts, read_export, read_folder
from kinerja_lib.reading.compound import MAGIC, fault_of_compound

EXPORTS = Path(__file__).resolve().parents[1] / "exports"
HEADER = "NIP;Nama Pegawai;Unit Kerja;Predikat Kinerja\n"


def _compound(*, tables: int = 1, following: int = 0xFFFFFFFE, shift: int = 9, extra: bytes = b"") -> bytes:
    """A compound file of one table of sectors and one more sector."""
    head = bytearray(MAGIC + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, shift, 6) + b"\0" * 478)
    struct.pack_into("<I", head, 44, tables)
    struct.pack_into("<I", head, 48, 1)
    struct.pack_into("<IIII", head, 60, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, following, *[0xFFFFFFFF] * 126)
    return bytes(head[:512]) + table + extra.ljust(512, b"\0")


def test_an_old_workbook_is_read() -> None:
    path = EXPORTS / "buku_lama.xls"
    assert fault_of_compound(path.read_bytes()) == ""
    (table,) = read_export(path)
    assert len(table.frame) == 30


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MAGIC + b"\0" * 40, "rusak"),
        (MAGIC + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 1500, "rusak"),
        (_compound(following=1), "rusak"),
        (_compound(following=900), "rusak"),
        (_compound(tables=70_000), "rusak"),
        (_compound(shift=30), "rusak"),
        (_compound(extra="EncryptedPackage".encode("utf-16-le")), "kata sandi"),
    ],
)
def test_a_malformed_old_workbook_never_reaches_the_parser(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(ReadError, match=said):
        read_export(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"nip": "\xe9"}'),
        ("b.csv", b"\xff\xfea\x00b"),
        ("c.csv", b"\xff\xfe\x00\xd8\x00\xd8"),
        ("d.csv", b"\xef\xbb\xbfNama;\xe9\n"),
    ],
)
def test_text_that_breaks_its_own_encoding_does_not_stop_the_folder(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.csv").write_text(
        HEADER + "198609262015051901;Pegawai Contoh 0001;Sekretariat;Baik\n", encoding="utf-8"
    )
    tables, faults = read_folder(tmp_path)
    assert [table.file for table in tables] == ["z.csv"]
    assert [fault.file for fault in faults] == [name]
    assert isinstance(faults[0].error, ReadError)


def test_a_damaged_page_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"NIP": [str(number) for number in range(5000)]}), path)
    data = bytearray(path.read_bytes())
    data[4:1500] = b"\xff" * 1496
    path.write_bytes(bytes(data))
    with pytest.raises(ReadError):
        read_export(path)


@pytest.mark.parametrize(
    "rows",
    [
        "198609262015051901;Pegawai Contoh 0001;Sekretariat;Baik\n" * 3,
        "Pegawai Contoh 0001;Sekretariat;Baik;NIP\n" * 3,
        "1986 0926 2015 05 1 901;NIP;Pegawai Contoh 0001;Tahun\n" * 3,
    ],
)
def test_an_error_never_quotes_a_row_of_data(tmp_path: Path, rows: str) -> None:
    (tmp_path / "tanpa_tajuk.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_export(tmp_path / "tanpa_tajuk.csv")
    for lang in ("id", "en"):
        assert "Contoh" not in caught.value.text(lang)
        assert "0926" not in caught.value.text(lang)


@pytest.mark.parametrize(
    "text", [b"", b"fields = 3\nrequired = []", b'table = "pegawai"\n[fields]\n', b'table = "\xe9"']
)
def test_a_projects_layout_that_is_no_layout(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "salah.toml").write_bytes(text)
    with pytest.raises(ReadError, match="salah"):
        load_layouts(tmp_path)


def test_a_gap_of_rows_is_refused_and_not_shortened(tmp_path: Path) -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    (tmp_path / "a.xls").write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="S"><Table>'
        '<Row ss:Index="5001"><Cell><Data ss:Type="String">NIP</Data></Cell></Row></Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    with pytest.raises(ReadError, match="XML"):
        read_export(tmp_path / "a.xls")
