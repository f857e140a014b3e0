"""A cell that can't be read leaves a line of its own; the row stays, and nobody is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.cleaning.assets import facility_group
from kinerja_lib.cleaning.cells import CELL_COLUMNS, shown
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
NIP = "198609262015051001"


def _clean(table: str, layout: str, **columns: list[str]) -> CleanResult:
    frame = pd.DataFrame(columns, dtype="str")
    raw = RawTable("01_Dinas_Pendidikan/a.xlsx", "Lbr", layout, table, frame, np.arange(5, 5 + len(frame)))
    return clean([raw], register=Register.load(ROOT / "data/reference/units.csv"), key=b"k" * 32)


def test_optional_cells_are_emptied_and_listed() -> None:
    found = _clean(
        "penilaian",
        "ekinerja-rekap",
        nip=[NIP, "198609262015051000"],
        nama=["Contoh Satu", "Contoh Dua"],
        unit_nama=["Bidang SM", "Bidang Contoh Satu"],
        tahun=["2025"] * 2,
        periode_nama=["TW I"] * 2,
        hasil_kerja=["Entah", "Sesuai"],
        perilaku_kerja=["Sesuai"] * 2,
        predikat_tercetak=["Baik"] * 2,
        nip_penilai=["197001011995031000", ""],
        tanggal_penilaian=["01/02/2025", "04/03/2025"],
    )
    assert tuple(found.cells.columns) == CELL_COLUMNS
    lines = found.cells[found.cells["kept"]].set_index("field")
    assert lines["row"].unique().tolist() == [5]
    assert lines["reason"].to_dict() == {
        "id_penilai": "nip_presisi",
        "unit_kerja": "unit_tidak_dikenal",
        "hasil_kerja": "kategori_tidak_dikenal",
        "tanggal_penilaian": "tanggal_ambigu",
    }
    assert lines.loc["id_penilai", "value"] == "1970" + "*" * 14
    assert lines.loc["unit_kerja", "detail"].count(" | ") == 2
    assert "Bidang SMA" in lines.loc["unit_kerja", "detail"]
    assert found.tables["penilaian"]["predikat"].tolist() == ["Baik"]
    other = found.cells[~found.cells["kept"]].set_index("field")
    assert other.loc["unit_kerja", "value"] == "Bidang [nama dihapus]"
    assert "Contoh" not in found.ledger.to_csv() + found.cells.drop(columns="detail").to_csv()


def test_old_schemes_and_their_bands() -> None:
    found = _clean(
        "penilaian",
        "skp-lama",
        nip=[NIP] * 4,
        tahun=["2019", "2020", "2021", "2018"],
        nilai=["87,50", "91.25", "112,0", "60,01"],
        predikat_lama=["Cukup", "", "", "Istimewa"],
    )
    table = found.tables["penilaian"].set_index("periode")
    assert table["skema"].astype("str").to_dict() == {
        "2019": "PP46",
        "2020": "PP46",
        "2021": "PP30",
        "2018": "PP46",
    }
    assert table["predikat_lama"].astype("str").fillna("").to_dict() == {
        "2019": "Cukup",  # as printed, and flagged: 87.5 is Baik
        "2020": "Sangat Baik",
        "2021": "",  # 110 and more: a new idea decides, which the number does not show
        "2018": "",  # printed but not readable: not replaced by the band
    }
    flags = found.decisions[found.decisions["decision"] == "sebutan_berbeda"]
    assert flags[["value", "count"]].values.tolist() == [["Cukup ≠ Baik", 1]]
    assert table["predikat"].isna().all()


def test_a_printed_predicate_against_the_matrix_is_kept_and_flagged() -> None:
    found = _clean(
        "penilaian", "ekinerja-rekap", nip=[NIP], tahun=["2025"], periode_nama=["TW I"],
        hasil_kerja=["Diatas Ekspektasi"], perilaku_kerja=["Sesuai Ekspektasy"], predikat_tercetak=["Sangat Baik"],
    )  # fmt: skip
    row = found.tables["penilaian"].iloc[0]
    assert (row["predikat"], row["predikat_tercetak"], row["predikat_berbeda"]) == (
        "Baik",
        "Sangat Baik",
        True,
    )
    noted = found.decisions.set_index("decision")
    assert noted.loc["predikat_berbeda", "value"] == "Sangat Baik ≠ Baik"
    assert noted.loc["ejaan_didekati", "value"] == "Sesuai Ekspektasy = Sesuai ekspektasi"


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("1.3.2.10.01.02.001", "Perangkat TI"),
        ("1.3.2.10.02.03.003", "Peralatan kantor"),
        ("1.3.2.10.09", "Perangkat TI"),
        ("1.3.2.05.02.04.004", "Ruang kerja"),
        ("1.3.2.100.01", None),
        ("9", None),
    ],
)
def test_groups_of_assets(code: str, group: str | None) -> None:
    assert facility_group(code) == (group, "" if group else "kode_barang_tidak_dikenal")


def test_a_line_knows_its_unit_and_a_blank_required_cell_has_one() -> None:
    found = _clean(
        "fasilitas", "kib-b",
        unit_nama=["Bidang SMA", "", "Bidang Entah"], tahun=["2025"] * 3,
        kode_barang=["1.3.2.10.01.02.001", "1.3.2.10.01.02.001", "9.9"], harga=["x", "1", "2"],
        jumlah_baik=["1"] * 3, instansi_nama=["Dinas Pendidikan"] * 3, periode_nama=["2025"] * 3,
    )  # fmt: skip
    lines = found.cells.set_index(["row", "field"])
    assert lines.loc[(5, "harga"), ["unit_kerja", "kept"]].tolist() == ["dinas-pendidikan.bidang-sma", True]
    assert lines.loc[(6, "unit_kerja"), ["reason", "instansi", "unit_kerja"]].tolist() == [
        "kolom_wajib_kosong", "dinas-pendidikan", "",
    ]  # fmt: skip
    assert lines.loc[(7, "kelompok_fasilitas"), "reason"] == "kode_barang_tidak_dikenal"
    rejected = found.ledger[found.ledger["action"] == "rejected"]
    listed = set(zip(found.cells["row"], found.cells["field"], strict=True))
    assert all((row, name) in listed for row, name in zip(rejected["row"], rejected["field"], strict=True))


@pytest.mark.parametrize(
    ("column", "text", "masked"),
    [
        ("unit_nama", "Contoh Rahma, S.Pd.", "*" * 8),
        ("unit_nama", "Drs. Contoh Rahma", "*" * 8),
        ("unit_nama", "Bidang SMA", "Bidang SMA"),
        ("unit_nama", "Sekr. Daerah, Bag. Umum", "Sekr. Daerah, Bag. Umum"),
        ("nip_nama", "Contoh Rahma\n198609262015051000", "*" * 18),
        ("nip", "198609262015051000", "1986" + "*" * 14),
        ("tanggal_lahir", "26 SEP 1986", "*" * 8),
        ("harga", "1.595.757,500,00", "1.595.757,500,00"),
    ],
)
def test_what_a_line_may_show(column: str, text: str, masked: str) -> None:
    assert shown(column, text, frozenset()) == masked


def test_a_profile_against_its_nip() -> None:
    found = _clean(
        "pegawai", "siasn-profil",
        nip=["198609262015051001", "198609262015052001", "198609262023211001", "198609262015051002"],
        tahun=["2025"] * 4, golongan=["III/a", "III/b", "V", "III"], jenis_kelamin=["P", "Perempuan", "L", "L"],
        status_pegawai=["PNS", "CPNS", "PNS", "P3K"],
    )  # fmt: skip
    flags = found.decisions[found.decisions["decision"] == "berbeda_dari_nip"]
    assert flags[["field", "value", "count"]].values.tolist() == [
        ["jenis_kelamin", "P ≠ L", 1], ["status_pegawai", "PNS ≠ PPPK", 1], ["status_pegawai", "PPPK ≠ PNS", 1],
    ]  # fmt: skip
    table = found.tables["pegawai"]
    assert table["jenis_kelamin"].tolist() == ["P", "P", "L", "L"]
    assert table["golongan"].tolist() == ["III/a", "III/b", "V", "III"]  # a bare III is a grade of PPPK
