"""Forms on outreach, the setting of SKP, innovations and coaching, as units fill them in: before and after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
AGENCY, UNIT = "Dinas Pendidikan", "Bidang SMA"


def cleaned(table: str, layout: str, **columns: list[str]) -> CleanResult:
    frame = pd.DataFrame(columns, dtype="str")
    raw = RawTable("01_Dinas_Pendidikan/x.xlsx", "Isian", layout, table, frame, np.arange(5, 5 + len(frame)))
    return clean([raw], register=Register.load(ROOT / "data/reference/units.csv"), key=b"k" * 32)


def test_outreach() -> None:
    found = cleaned(
        "penyuluhan", "penyuluhan",
        instansi_nama=[AGENCY] * 6, unit_nama=[UNIT, UNIT, "BIDANG SMK", UNIT, "Bidang Khayal", UNIT],
        tanggal=["31 Maret 2025", "01/04/2025", "30-09-2025", "", "2025-05-02", "31 Maret 2025"],
        tema_penyuluhan=["Manajemen Kinerja", "Inovasi", "Senam pagi", "Disiplin", "Disiplin", "Pengelolaan Kinerja"],
        metode_penyuluhan=["Zoom", "luring", "Hybrid", "", "", "Daring"],
        jenis_narasumber=["BKPSDM", "Atasan", "", "", "", "Unit Kepegawaian"],
        jumlah_peserta=["25 orang", "12,0", "banyak", "3", "4", "25"],
    )  # fmt: skip
    table = found.tables["penyuluhan"].sort_values("tanggal", ignore_index=True)
    # the quarter is that of the day: 31 March is the first, 1 April the second
    assert table["periode"].tolist() == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert table["tema_penyuluhan"].astype("object").tolist()[:2] == [
        "Pengelolaan kinerja",
        "Inovasi dan perubahan",
    ]
    assert pd.isna(table["tema_penyuluhan"].iloc[2]), "a theme of its own words is missing, the event is kept"
    assert table["metode_penyuluhan"].astype("str").tolist() == ["Daring", "Tatap muka", "Bauran"]
    assert table["jumlah_peserta"].fillna(-1).tolist() == [25, 12, -1]
    account = found.accounting.iloc[0]
    assert (account["read"], account["kept"], account["rejected"], account["merged"]) == (6, 3, 2, 1)


def test_needs_by_number_and_by_person() -> None:
    found = cleaned(
        "kebutuhan_kompetensi", "kebutuhan-kompetensi",
        instansi_nama=[AGENCY] * 6, unit_nama=[UNIT] * 6, tahun=["2025"] * 6, kompetensi=["Analisis Data"] * 6,
        nip=["", "198609262015051001", "199001012015052002", "198609262015051000", " ", "198609262015051001"],
        jumlah_membutuhkan=["4", "", "3", "1", "4", "1"],
    )  # fmt: skip
    table = found.tables["kebutuhan_kompetensi"]
    # two rows without a NIP repeat each other, as do the two of one person; a NIP that lost its digits can't be kept
    assert table["id_pegawai"].notna().tolist() == [False, True, True]
    assert table["jumlah_membutuhkan"].tolist() == [4, 1, 1], "a row with a NIP is one person"
    assert found.accounting[["kept", "rejected", "merged"]].iloc[0].tolist() == [3, 1, 2]
    assert found.ledger.loc[found.ledger["action"] == "rejected", "reason"].tolist() == ["nip_presisi"]
    assert "nip_kosong" not in set(found.decisions["value"].astype("str")), "a blank NIP is no fault here"


def test_needs_by_person_in_a_large_file() -> None:
    many = 6_000
    found = cleaned(
        "kebutuhan_kompetensi", "kebutuhan-kompetensi",
        instansi_nama=[AGENCY] * many, unit_nama=[UNIT] * many, tahun=["2025"] * many,
        kompetensi=[f"Kompetensi {n}" for n in range(many)], nip=["198609262015051001"] * many, jumlah_membutuhkan=[""] * many,
    )  # fmt: skip
    assert found.tables["kebutuhan_kompetensi"]["jumlah_membutuhkan"].eq(1).all() and found.ledger.empty


def test_setting_of_skp() -> None:
    nip = ["198609262015051001", "199001012015052002", "198609262015051001", "000"]
    found = cleaned(
        "skp", "penetapan-skp",
        nip=nip, nama=["Pegawai Sintetis"] * 4, instansi_nama=[AGENCY] * 4, unit_nama=[UNIT] * 4, tahun=["2025"] * 4,
        tanggal_penetapan_skp=["31/01/2025", "", "31-01-2025", "2 Januari 2025"],
        skp_disepakati=["Ya", "tidak", "YA", "Ya"], skp_berjenjang=["Ya", "", "Ya", "Ya"],
        indikator_kuantitas=["2", "0", "2", "1"], indikator_biaya=["", "1,5", "", ""],
    )  # fmt: skip
    table = found.tables["skp"].sort_values("tanggal_penetapan_skp", ignore_index=True)
    assert len(table) == 2 and "nip" not in table and "nama" not in table
    assert table["skp_disepakati"].tolist() == [True, False] and table["tahun"].tolist() == [2025, 2025]
    assert table["tanggal_penetapan_skp"].iloc[0] == pd.Timestamp("2025-01-31")
    assert pd.isna(table["tanggal_penetapan_skp"].iloc[1]) and pd.isna(table["indikator_biaya"].iloc[1])
    assert table["indikator_kuantitas"].tolist() == [2, 0], "none is none, blank is unknown"
    assert found.accounting[["kept", "rejected", "merged"]].iloc[0].tolist() == [2, 1, 1]


def test_innovations_lose_names_in_their_titles() -> None:
    found = cleaned(
        "inovasi", "inovasi",
        nip=["198609262015051001"], nama=["Pegawai Sintetis Satu"], instansi_nama=[AGENCY], tanggal=["5 Mei 2025"],
        judul_inovasi=["Antrean daring usulan Pegawai Sintetis Satu"], bentuk_inovasi=["Pelayanan Publik"],
        tahap_inovasi=["Gagasan"],
    )  # fmt: skip
    row = found.tables["inovasi"].iloc[0]
    assert "Sintetis" not in row["judul_inovasi"] and row["judul_inovasi"].startswith("Antrean daring")
    assert (row["tahap_inovasi"], row["bentuk_inovasi"]) == ("Inisiatif", "Pelayanan publik")


def test_coaching_keeps_the_position_of_the_coach_and_no_name() -> None:
    nip = ["198609262015051001"] * 3 + ["199001012015052002", "0"]
    found = cleaned(
        "pembinaan", "pembinaan",
        nip=nip, nama=["Pegawai Sintetis Satu"] * 5, instansi_nama=[AGENCY] * 5,
        tahun=["2025", "2025", "2025", "", "2025"],
        periode_nama=["Triwulan II", "Tahunan", "tw 2", "Triwulan I", "Tahunan"],
        jenis_pembinaan=["coaching", "Konseling", "Bimbingan Kinerja", "Rapat", "Konseling"],
        tanggal_mulai=["1 Agustus 2025", "20/01/2026", "01-08-2025", "2 Mei 2025", "2 Mei 2025"],
        tanggal_selesai=["30-09-2025", "", "30-09-2025", "", ""],
        pembina=["Atasan", "Pegawai Sintetis Dua", "Atasan Langsung", "BKPSDM", ""],
        hasil_pembinaan=["Tercapai", "", "membaik", "", ""],
    )  # fmt: skip
    table = found.tables["pembinaan"].sort_values("tanggal_mulai", ignore_index=True)
    assert table["periode"].fillna("?").tolist() == ["?", "2025-Q2", "2025"], (
        "a period without its year is unknown"
    )
    kinds = table["jenis_pembinaan"].astype("object").fillna("?").tolist()
    assert kinds == ["?", "Bimbingan kinerja", "Konseling kinerja"], (
        "a kind of its own words is missing, the row is kept"
    )
    coaches = table["pembina"].astype("object").fillna("?").tolist()
    assert coaches == ["Unit kepegawaian", "Atasan langsung", "?"], "a name is no position"
    assert table["hasil_pembinaan"].astype("object").fillna("?").tolist() == ["?", "Membaik", "?"]
    assert not any("Sintetis" in str(value) for value in table.to_numpy().ravel())
    assert found.accounting[["kept", "rejected", "merged"]].iloc[0].tolist() == [3, 1, 1]
