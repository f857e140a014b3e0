"""Other forms, other formats, and files that are not what they seem."""

from __future__ import annotations

import json
from typing import Any

from museum_people import NAMES, NIPS, PROFILE, RATERS, RECAP, TITLE, profile, recap
from museum_writers import (
    biff8,
    biff12,
    book,
    compound,
    html,
    locked_biff,
    ods,
    parquet,
    spreadsheet_2003,
    text,
    zipped,
)

UNIT = ["No", "Unit Kerja", "Tahun", "Triwulan"]


def forms() -> dict[str, bytes]:
    """Each further export form of the agencies, whole."""
    periodic = [
        {"nip": nip, "nama": name, "unorIndukNama": "Dinas Contoh", "unorNama": "Sekretariat", "tahun": 2024,
         "hasilKinerja": "SESUAI EKSPEKTASI", "hasilKinerjaNilai": 2, "perilakuKerja": "SESUAI EKSPEKTASI",
         "PerilakuKerjaNilai": 2, "kuadranKinerja": "BAIK", "KuadranKinerjaNilai": 4, "namaPenilai": "Contoh Penilai",
         "nipNrpPenilai": RATERS[0], "statusPenilai": "ASN"}
        for nip, name in zip(NIPS, NAMES, strict=True)
    ]  # fmt: skip
    attendance = ["No", "Nama", "NIP", "Unit Kerja", "Hadir", "Terlambat", "Izin", "Sakit", "Tidak Hadir",
                  "Total Hari Kerja", "% Kehadiran"]  # fmt: skip
    index = ["NO", "NAMA", "NIP", "KINERJA", "DISIPLIN", "KOMPETENSI", "KUALIFIKASI", "TOTAL"]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in periodic)
    return {
        "siasn_baris_json.jsonl": lines.encode(),
        "siasn_daftar.json": json.dumps({"data": periodic}, ensure_ascii=False).encode(),
        "siasn_daftar_polos.json": json.dumps(periodic, ensure_ascii=False).encode(),
        "siasn_periodik_tidak_dipakai.csv": text(
            [
                ["tahun", "nip", "nama", "periodikNama", "persentase", "koefisenId", "unorNama"],
                ["2024", NIPS[0], NAMES[0], "Periodik 1", "100", "12.5", "Sekretariat"],
                ["2024", NIPS[1], NAMES[1], "Periodik 1", "75", "25", "Bidang Data"],
            ],
            ",",
        ),
        "skp_lama_lengkap.csv": text(
            [
                [TITLE],
                ["NO", "NIP", "NAMA", "UNIT KERJA", "Tahun Penilaian", "Jumlah SKP", "SKP", "Perilaku", "SKP * 60%",
                 "Perilaku * 40%", "Nilai Prestasi Kerja", "Orientasi Pelayanan", "Integritas", "Komitmen", "Disiplin",
                 "Kerja Sama", "Kepemimpinan", "Jumlah Perilaku", "Rata-rata Perilaku"],
                ["1", NIPS[0], NAMES[0], "Sekretariat", "2018", "171", "85,5", "86", "51,3", "34,4", "85,7", "86", "86", "86",
                 "86", "86", "", "430", "86"],
            ]
        ),
        "rekap_capaian_organisasi.csv": text(
            [[TITLE], [*RECAP, "Capaian Kinerja Organisasi"], *[[*row, "Istimewah"] for row in recap()]]
        ),
        "siasn_kursus_struktural.csv": text(
            [
                ["nip", "nama", "instansi", "latihanStrukturalNama", "noSertipikat", "jumlahJam", "tahunKursus",
                 "tanggalKursus", "tanggalSelesaiKursus", "institusiPenyelenggara"],
                [NIPS[0], NAMES[0], "Dinas Contoh", "PKA", "8", "120", "2024", "13-05-2024", "28-06-2024", "LAN"],
            ],
            ",",
        ),
        "absensi_tidak_dipakai.csv": text(
            [attendance, *[[i, name, nip, "Sekretariat", 20, 1, 0, 0, 0, 20, "100%"]
                           for i, (name, nip) in enumerate(zip(NAMES, NIPS, strict=True), 1)], ["Total", "4 karyawan"]], ","),
        "ip_asn_xml_2003.xls": spreadsheet_2003(
            [["INDEKS PROFESIONALITAS ASN"], [], [], [], index,
             *[[i, name, nip, "25", "5", "30", "15", "75"] for i, (name, nip) in enumerate(zip(NAMES, NIPS, strict=True), 1)]]),
        "rekap_xml_2003.xls": spreadsheet_2003([[TITLE], RECAP, *recap()]),
        "diklat_simpeg.csv": text(
            [[TITLE], ["NIP", "NAMA", "JENIS_DIKLAT", "NAMA_DIKLAT", "ANGKATAN", "TAHUN", "TEMPAT", "TANGGAL_MULAI", "TANGGAL_SELESAI",
                       "JUMLAH_JAM", "NO_STTPP"],
             [NIPS[0], NAMES[0], "Teknis", "Pelatihan Contoh", "I", "2024", "Rangkui", "01-02-2024", "13-02-2024", "40", "1/2024"]]),
        "siasn_kursus.csv": text(
            [["nip", "nama", "instansi", "namaKursus", "jenisKursus", "noSertipikat", "jumlahJam", "tahunKursus", "tanggalKursus",
              "tanggalSelesaiKursus", "institusiPenyelenggara"],
             [NIPS[0], NAMES[0], "Dinas Contoh", "Kursus Contoh", "Teknis", "7", "20", "2024", "2024-05-13", "2024-05-15", "BPSDM"]], ","),
        "siasn_hukuman.csv": text(
            [["nip", "nama", "instansi", "jenisHukumanNama", "jenisTingkatHukumanId", "skNomor", "hukumanTanggal"],
             [NIPS[0], NAMES[0], "Dinas Contoh", "Teguran tertulis", "R", "1/SK", "13-02-2024"],
             [NIPS[1], NAMES[1], "Dinas Contoh", "Teguran lisan", "Ringan", "2/SK", "14-02-2024"]], ","),
        "siasn_penghargaan.csv": text(
            [["nip", "nama", "instansi", "hargaNama", "skDate", "tahun"],
             [NIPS[0], NAMES[0], "Dinas Contoh", "Satyalancana Karya Satya X Tahun", "17-08-2024", "2024"]], ","),
        "kib_b_kondisi.csv": text(
            [["KARTU INVENTARIS BARANG (KIB) B"], [TITLE], ["Unit Kerja : Sekretariat"], ["Tahun : 2024"],
             ["No.", "Kode Barang", "Nama Barang", "Merk", "Harga", "Tahun", "Jumlah Kondisi Baik", "Kurang Baik", "Rusak Berat"],
             ["1", "1.3.2.05.02.01.001", "Komputer", "Contoh", "8.500.000,00", "2021", "12", "1", "0"],
             ["2", "1.3.2.05.01.04.002", "Lemari", "Contoh", "2.000.000,00", "2019", "4 Unit", "", "-"]]),
        "akses_ti.csv": text([[TITLE], [*UNIT, "Kecepatan Internet (Mbps)", "Ketersediaan Aplikasi (%)"],
                              ["1", "Sekretariat", "2025", "Triwulan I", "50 Mbps", "99,5%"],
                              ["2", "Bidang Data", "2025", "Triwulan I", "20", "98,25"]]),
        "kepemimpinan.csv": text(
            [[TITLE], [*UNIT, "Nama Pimpinan", "NIP Pimpinan", "Rapat Direncanakan", "Rapat Terlaksana", "Penugasan", "Bimbingan", "Umpan Balik",
                       "Apresiasi", "Jumlah Bawahan"],
             ["1", "Sekretariat", "2025", "Triwulan I", "Contoh Pimpinan", RATERS[0], "6", "5 kali", "10", "4", "8", "1", "12"]]),
        "survei_lebar.csv": text(
            [[TITLE], ["No Responden", "Unit Kerja", "Tahun", "Triwulan", "K1", "K2", "T1", "P1", "F1"],
             ["R1", "Sekretariat", "2025", "Triwulan I", "5", "4", "3", "2", "1"],
             ["R2", "Bidang Data", "2025", "Triwulan I", "5", "", "9", "2", "1"]]),
        "laporan_tugas_berbaris.csv": text(
            [[TITLE], [*UNIT, "Judul Tugas", "Status", "Tanggal Selesai", "Capaian (%)", "Uraian Capaian", "Kendala"],
             ["1", "Sekretariat", "2025", "Triwulan I", "Digitalisasi arsip", "Selesai", "31-03-2025", "100%",
              "Baris pertama\nbaris kedua", "Tidak ada"]]),
        "skm_koma_desimal.csv": text(
            [["Perangkat Daerah", "Unit Layanan", "Tahun", "Semester", "Jumlah Responden", *[f"U{n}" for n in range(1, 10)], "IKM"],
             ["Dinas Contoh", "Bidang Layanan", "2024", "Semester I", "120", *["3,25"] * 9, "81,25"]]),
    }  # fmt: skip


def formats() -> dict[str, bytes]:
    """The same four rows in each format and encoding."""
    rows: list[list[Any]] = [[TITLE], RECAP, *recap()]
    accents = [[TITLE], RECAP, *recap(nama=["Contoh Renée", "Contoh Zoë", "Contoh – Tiga", "Contoh “Empat”"])]
    lines = text(rows).decode()
    return {
        "format_ods.ods": ods({"Rekap": rows}),
        "format_xls_biff8.xls": biff8("Rekap", rows),
        "format_xlsb.xlsb": biff12("Rekap", rows),
        "format_xlsm.xlsm": book({"Rekap": rows}),
        "format_html_bernama_xls.xls": html(rows),
        "format_parquet.parquet": parquet(
            ["nip", "nama", "unorIndukNama", "unorNama", "tahun", "hasilKinerja", "perilakuKerja", "kuadranKinerja"],
            [[*row[:2], "Dinas Contoh", *row[2:4], *row[5:]] for row in recap()]),
        "instansi_di_kolom_tak_dikenal.csv": text([[*RECAP, "Naungan"], *[[*row, "Dinas Contoh"] for row in recap()]]),
        "instansi_di_kolom_opd.csv": text([[*RECAP, "Perangkat Daerah"], *[[*row, "Dinas Contoh"] for row in recap()]]),
        "format_zip_dua_berkas.zip": zipped({"Dinas Contoh/satu.csv": text([RECAP, *recap()[:2]]),
                                             "Dinas Contoh/dua.xlsx": book({"R": [RECAP, *recap()[2:]]})}),
        "teks_utf8_bom.csv": text(rows, encoding="utf-8-sig"),
        "teks_cp1252.csv": text(accents, encoding="cp1252"),
        "teks_utf16.csv": b"\xff\xfe" + text(accents, encoding="utf-16-le"),
        "teks_utf16_be_tanpa_bom.csv": text(rows, encoding="utf-16-be"),
        "teks_tab.tsv": text(rows, delimiter="\t"),
        "teks_koma_berkutip.csv": text([[TITLE], RECAP, *recap(nama=["Contoh, Satu", 'Contoh "Dua"', "Contoh\nTiga", "Contoh Empat"])], delimiter=","),
        "teks_pipa.csv": text(rows, delimiter="|"),
        "teks_baris_mac_lama.csv": text(rows, newline="\r"),
        "teks_baris_sep_excel.csv": b"sep=;\r\n" + text(rows),
        "teks_kutip_tak_tertutup.csv": lines.replace("Contoh Dua", '"Contoh Dua').encode(),
        "teks_byte_nol.csv": lines.replace("Contoh Dua", "Contoh\x00 Dua").encode(),
    }  # fmt: skip


def impostors() -> dict[str, bytes]:
    """Wrong names, damage, locks, and tricks."""
    rows: list[list[Any]] = [[TITLE], RECAP, *recap()]
    whole = book({"Rekap": rows})
    entities = '<!DOCTYPE Workbook [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    formulas = recap(
        nama=["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3"],
        unit=["=1+1", "Bidang Data", "Bidang Layanan", "Sekretariat"],
    )
    return {
        "kosong_nol_byte.xlsx": b"",
        "kosong_spasi_saja.csv": b"  \r\n \r\n",
        "terpotong_setengah.xlsx": whole[: len(whole) // 2],
        "terpotong_tengah_baris.csv": text(rows)[:-40],
        "rusak_bit_terbalik.xlsx": whole[:2000] + bytes(byte ^ 0xFF for byte in whole[2000:2400]) + whole[2400:],
        "triwulan_angka_romawi.csv": text(
            [[TITLE], ["REKAP PENILAIAN TAHUN 2025"], ["NIP", "Nama Pegawai", "Unit Kerja", "Triwulan", "Rating Hasil Kerja",
              "Rating Hasil Perilaku", "Predikat Kinerja"],
             *[[*row[:3], word, *row[5:]] for row, word in zip(recap(), ("I", "TW II", "Triwulan ke-3", "Q4"), strict=True)]]),
        "triwulan_angka_biasa.csv": text(
            [[TITLE], ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Triwulan", "Rating Hasil Kerja",
              "Rating Hasil Perilaku", "Predikat Kinerja"],
             *[[*row[:3], "2025", word, *row[5:]] for row, word in zip(recap(), ("1", "ke-2", "IV", "5"), strict=True)]]),
        "kata_sandi_lama.xls": compound({"Workbook": locked_biff()}),
        "kata_sandi.xlsx": compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(range(256)) * 20}),
        "ekstensi_csv_isi_xlsx.csv": whole,
        "ekstensi_xlsx_isi_csv.xlsx": text(rows),
        "ekstensi_csv_isi_html.csv": html(rows),
        "ekstensi_xlsx_isi_pdf.xlsx": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        "ekstensi_xlsx_isi_gambar.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        "ekstensi_xlsx_isi_word.xlsx": zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}),
        "ekstensi_csv_isi_surat.csv": b"Yth. Kepala Dinas\r\nBersama ini kami sampaikan data.\r\n",
        "html_berskrip.xls": html([*rows[:2], *recap(nama=["<script>alert(1)</script>", "<b>Contoh</b>", "Contoh & Tiga", "Contoh"])]),
        "html_tanpa_tabel.xls": b"<html><body><p>Sesi Anda berakhir, silakan masuk.</p></body></html>",
        "rumus_di_teks.csv": text([[TITLE], RECAP, *formulas]),
        "xml_entitas_berlipat.xls": spreadsheet_2003(rows, entities),
        "xml_entitas_luar.xls": spreadsheet_2003(rows, '<!DOCTYPE Workbook [<!ENTITY a SYSTEM "contoh.txt">]>'),
        "zip_jalur_keluar.zip": zipped({"../../keluar.csv": text(rows)}),
        "zip_dalam_zip.zip": zipped({"dalam.zip": zipped({"satu.csv": text(rows)})}),
        "zip_tanpa_ekspor.zip": zipped({"units.csv": "kode,nama\n", ".tersembunyi": "x"}),
        "bom_nol_sangat_mampat.xlsx": zipped({"[Content_Types].xml": "<Types/>", "xl/worksheets/sheet1.xml": b"0" * (60 * 2**20)}),
        "json_terpotong.jsonl": b'{"nip": "198609262015051001", "hasilKinerja": "SESUAI',
        "json_bukan_objek.json": b'["a", 1, null]',
        "profil_nama_seperti_unit.csv": text([PROFILE, *profile()]),
    }  # fmt: skip


def exhibits() -> dict[str, bytes]:
    """All of them by file name."""
    return {**forms(), **formats(), **impostors()}
