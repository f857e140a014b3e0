"""The keyword table on sentences classed by hand, traps among them: what it finds, and what it must not."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib.indicators.obstacle_classes import classed

BY_HAND = [
    ("Dua unit komputer rusak sehingga entri data tertunda.", "Sarana"),
    ("Ruang arsip sudah penuh.", "Sarana"),
    ("Ruang lingkup pekerjaan berubah di tengah tahun.", ""),
    ("Kendaraan operasional tidak mencukupi dan biaya perjalanan terbatas.", "Sarana Anggaran"),
    ("Listrik sering padam pada jam layanan.", "Sarana"),
    ("Anggaran dialihkan untuk penanganan banjir.", "Anggaran Lainnya"),
    ("Pencairan termin kedua terlambat.", "Anggaran"),
    ("Pagu indikatif dipangkas.", "Anggaran"),
    ("Penganggaran belum sesuai kebutuhan.", "Anggaran"),
    ("Pegawai tidak dapat mengakses aplikasi.", "TI"),
    ("Jumlah pegawai tidak sebanding dengan beban kerja.", "SDM"),
    ("Tiga orang petugas dimutasi ke unit lain.", "SDM Koordinasi"),
    ("Tenaga teknis belum terlatih memakai alat ukur.", "SDM Sarana"),
    ("Kekurangan tenaga verifikator.", "SDM"),
    ("Petugas lapangan sudah bekerja sesuai jadwal tetapi hujan turun terus.", "Lainnya"),
    ("Koordinasi dengan pemerintah pusat memerlukan waktu.", "Koordinasi"),
    ("Data dari puskesmas terlambat diterima.", "Koordinasi"),
    ("Rekanan tidak memenuhi jadwal.", "Koordinasi"),
    ("Menunggu persetujuan sekretaris daerah.", "Koordinasi"),
    ("Dinas Komunikasi dan Informatika mengadakan pelatihan.", ""),
    ("Juknis dana alokasi khusus belum terbit.", "Regulasi Anggaran"),
    ("Peraturan bupati masih dibahas.", "Regulasi"),
    ("SK tim belum ditetapkan.", "Regulasi"),
    ("Jaringan irigasi belum selesai dibangun.", ""),
    ("Jaringan internet sering terputus.", "TI"),
    ("Server pusat tidak dapat diakses.", "TI"),
    ("Sinyal di lokasi lemah.", "TI Lainnya"),
    ("Pembebasan lahan ditolak warga.", "Lainnya"),
    ("Pelaksanaan bertepatan dengan libur panjang.", "Lainnya"),
    ("Kegiatan ditunda.", ""),
    ("Aplikasi belum terhubung dengan basis data kependudukan.", "TI"),
    ("Kompetensi pegawai belum merata.", "SDM"),
    ("Printer dan pemindai tidak berfungsi.", "Sarana"),
    ("Belum ada dasar hukum pemungutan.", "Regulasi"),
    ("Sebagian kelurahan belum mengirimkan laporan.", "Koordinasi"),
]
NONE = (
    "Tidak ada.", "Nihil", "-", "Tidak ada kendala yang berarti.", "Tidak terdapat kendala.", "Berjalan lancar",
    "Tanpa hambatan", "Sejauh ini tidak ada masalah.",
)  # fmt: skip
STILL = {
    "Tidak ada anggaran.": ("Anggaran",),
    "Tidak ada kendala, kecuali jaringan internet.": ("TI",),
    "Tidak ada hambatan selain anggaran.": ("Anggaran",),
    "Belum ada juknis.": ("Regulasi",),
}


def rows(texts):
    return pd.DataFrame(
        {
            "kendala": pd.Series(texts, dtype="str"),
            "kelas_kendala": pd.Series([None] * len(texts), dtype="object"),
        }
    )


@pytest.mark.parametrize(("text", "classes"), BY_HAND)
def test_sentence(text: str, classes: str) -> None:
    found = classed(rows([text]))
    assert set(found["classes"][0]) == set(classes.split())
    assert found["obstacle"][0], "an unclassed obstacle is one"


def test_none_is_said_in_many_ways() -> None:
    assert not classed(rows(list(NONE)))["obstacle"].any()


@pytest.mark.parametrize("text", STILL)
def test_a_denial_of_something_else_is_an_obstacle(text: str) -> None:
    assert classed(rows([text]))["classes"].tolist() == [STILL[text]]
