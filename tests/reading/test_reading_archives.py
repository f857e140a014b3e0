"""Archives of exports: read as they are, named by their place, bounded, and inert."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kinerja_lib.errors import ReadError
from kinerja_lib.reading import read_export, read_folder
from kinerja_lib.reading import sources as limits

CSV = (
    "NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja\n"
    "198609262015051001;Contoh Satu;Sekretariat;2025;Triwulan I;Sesuai;Sesuai;Baik\n"
)


def _zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_gives_the_tables_of_its_files_named_by_their_place(tmp_path: Path) -> None:
    path = _zip(
        tmp_path / "kiriman.zip",
        {
            "dinas_sosial/rekap_2025.csv": CSV,
            "badan_contoh/rekap_2024.csv": CSV,
            "__MACOSX/rekap.csv": "x",
            ".tersembunyi.csv": "x",
            "units.csv": "kode,nama\n",
        },
    )
    tables = read_export(path)
    assert [table.file for table in tables] == [
        "kiriman.zip/badan_contoh/rekap_2024.csv",
        "kiriman.zip/dinas_sosial/rekap_2025.csv",
    ]
    assert tables[0].context["file_year"] == "2024"
    assert tables[1].context["instansi"] == "dinas sosial"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bad_member_is_named_and_the_next_one_is_read(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"1.xlsx": b"PK\x03\x04rusak", "2.csv": CSV, "3.pdf": b"%PDF-1.7"})
    (tmp_path / "b.csv").write_text(CSV, encoding="utf-8")
    seen: list[str] = []
    tables, faults = read_folder(
        tmp_path, progress=lambda done, total, name: seen.append(f"{done}/{total} {name}")
    )
    assert [table.file for table in tables] == ["a.zip/2.csv", "b.csv"]
    assert [fault.file for fault in faults] == ["a.zip/1.xlsx", "a.zip/3.pdf"]
    assert seen == ["1/4 a.zip/1.xlsx", "2/4 a.zip/2.csv", "3/4 a.zip/3.pdf", "4/4 b.csv"]
    with pytest.raises(ReadError, match="2 berkas di dalamnya"):
        read_export(tmp_path / "a.zip")


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("rekap.csv", CSV)
    with pytest.raises(ReadError, match="arsip di dalam arsip"):
        read_export(_zip(tmp_path / "luar.zip", {"dalam.zip": inner.getvalue()}))


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ("../../etc/rekap.csv", "a.zip/etc/rekap.csv"),
        ("/absolut/rekap.csv", "a.zip/absolut/rekap.csv"),
        ("C:\\data\\rekap.csv", "a.zip/C_/data/rekap.csv"),
        ("x\n/./rekap.csv", "a.zip/x_/rekap.csv"),
    ],
)
def test_tricks_with_paths_lead_nowhere(tmp_path: Path, member: str, shown: str) -> None:
    (table,) = read_export(_zip(tmp_path / "a.zip", {member: CSV}))
    assert table.file == shown
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rekap.csv", CSV)
        archive.writestr("rekap.csv", CSV.replace("Baik", "Kurang"))
    tables = read_export(path)
    assert [table.file for table in tables] == ["a.zip/rekap.csv", "a.zip/rekap.csv (2)"]
    assert [table.frame["predikat_tercetak"].iloc[0] for table in tables] == ["Baik", "Kurang"]


def test_an_archive_is_bounded_in_ratio_size_and_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReadError, match="terlalu besar"):
        read_export(_zip(tmp_path / "rasio.zip", {"nol.csv": b"0" * (60 * 2**20)}))
    monkeypatch.setattr(limits, "MAX_UNPACKED", 100)
    with pytest.raises(ReadError, match="terlalu besar"):
        read_export(_zip(tmp_path / "ukuran.zip", {"rekap.csv": CSV}))
    monkeypatch.setattr(limits, "MAX_MEMBERS", 1)
    with pytest.raises(ReadError, match="lebih dari 1 berkas"):
        read_export(_zip(tmp_path / "jumlah.zip", {"a.csv": CSV, "b.csv": CSV}))


def test_a_table_of_contents_that_lies_is_not_believed(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"rekap.csv": CSV * 1000})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(ReadError, match="rusak"):
        read_export(path)


def test_locked_and_empty_archives(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"rekap.csv": CSV})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.rfind(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(ReadError, match="terkunci"):
        read_export(path)
    with pytest.raises(ReadError, match="tanpa ekspor"):
        read_export(_zip(tmp_path / "b.zip", {".kunci": "x"}))


def test_workers_give_the_same_tables_in_the_same_order(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "rusak.xlsx").write_bytes(b"PK\x03\x04")
    alone, together = read_folder(tmp_path), read_folder(tmp_path, workers=2)
    assert [table.file for table in together[0]] == [table.file for table in alone[0]]
    assert together[0][3].frame.equals(alone[0][3].frame)
    assert [fault.file for fault in together[1]] == ["rusak.xlsx"]
