"""The README that lies beside the exports."""

README = """# Data contoh: Pemerintah Rangkui (sintetis)

Pemerintah Rangkui tidak ada. Semua orang, NIP, nama, dan angka di folder ini dibuat oleh program; nomor urut NIP
selalu 901–999 dan nama selalu "Pegawai Contoh" dengan nomor. Berkas ini meniru bentuk dan kerusakan ekspor nyata.
Dibuat ulang dengan `kinerja sample DIR --instansi 12 --pegawai 2400 --periode 2023-Q1:2025-Q4 --seed 7`.

*Pemerintah Rangkui does not exist. Every person and number here is made up; the sequence part of a NIP is always
901–999. The files imitate the forms and the damage of real exports.*

| Berkas | Layout | Tabel |
|---|---|---|
| `00_SIASN/data_utama_2024.xlsx` | siasn-profil | pegawai |
| `00_SIASN/kinerja_tahunan_2024.xlsx`, `.csv`, `.jsonl` | siasn-kinerja | penilaian (tahunan) |
| `00_SIASN/riwayat_kursus.csv` | siasn-kursus | pelatihan |
| `00_SIASN/riwayat_penghargaan.xlsx`, `riwayat_hukdis.xlsx` | siasn-penghargaan, siasn-hukdis | penghargaan, hukuman |
| `00_Organisasi/SKM 2024.csv` | skm | layanan |
| `00_Organisasi/Survei Pegawai 2024.xlsx` | survei-pegawai | survei |
| `00_Organisasi/Capaian Kinerja Organisasi.xlsx` | kinerja-organisasi | organisasi |
| `00_Organisasi/Kebutuhan Kompetensi.xlsx` | kebutuhan-kompetensi | kebutuhan_kompetensi |
| `00_Organisasi/Formulir Penyuluhan.xlsx`, `Formulir Inovasi.xlsx` | penyuluhan, inovasi | penyuluhan, inovasi |
| `00_Organisasi/Formulir Pembinaan.xlsx` | pembinaan | pembinaan |
| `NN_Instansi/Formulir Penetapan SKP.xlsx` | penetapan-skp | skp |
| `NN_Instansi/Rekap Penilaian SKP 2024.xlsx` (satu `.xls` XML), `(revisi)` | ekinerja-rekap | penilaian (triwulan) |
| `NN_Instansi/ekinerja_2024.csv` | ekinerja-csv (cp1252, UTF-8 dengan BOM) | penilaian (triwulan) |
| `NN_Instansi/Nilai Prestasi Kerja 2020.xlsx` | skp-lama | penilaian (PP 46/2011) |
| `NN_Instansi/Rekap Diklat Pegawai.xlsx`, `SIMPEG_diklat.xlsx` | diklat-rekap, diklat-simpeg | pelatihan |
| `NN_Instansi/KIB B 2024.xlsx` | kib-b | fasilitas (per tahun) |
| `NN_Instansi/Formulir Akses TI.xlsx` | akses-ti | fasilitas (Jaringan, per triwulan) |
| `NN_Instansi/Formulir Peran Pimpinan.xlsx` | kepemimpinan | kepemimpinan |
| `NN_Instansi/Laporan Tugas.xlsx` | laporan-tugas | laporan_tugas |
| `NN_Instansi/IP ASN.xls`, `Absensi.csv` | ip-asn-xml, absensi | tidak dipakai |
| `units.csv` | register unit | bukan ekspor |
| `truth.json` | kebenaran | bukan ekspor |

## truth.json

- `structural`: koefisien logit terurut yang ditanam (per 10 JP, per 10 poin indeks) dan simpangan baku efek acak.
- `estimators`: untuk tiap penaksir, isi `ModelSpec` dan nilai yang tersirat pada skala penaksir itu sendiri.
- `rows`: jumlah baris tabel yang benar; `sheets`: jumlah baris data per berkas dan lembar.
- `sheets[].damaged`: sel yang diubah dengan nilai benarnya; `recoverable` 0 pada kolom `nip` berarti baris harus ditolak,
  pada kolom lain nilainya tidak dapat dibaca. Galat penulisan predikat yang berbeda dari matriks bukan kerusakan sel:
  sebagian aplikasi mencetak Sangat Baik untuk diatas × sesuai.
- `repeated`: baris kembar (`same`) dan versi lama berstatus Draf dari baris yang ada di berkas revisi (`version`);
  baris yang benar ada di `kept_*`. Baris kembar yang NIP-nya tidak terpulihkan ditolak, bukan digabung.

Kerusakan lain: kop surat, judul, tajuk bertingkat, baris nomor, jumlah per unit, catatan kaki, blok tanda tangan,
lembar `Data Kosong`, baris tersembunyi, nama dan NIP dalam satu sel, satu orang pada dua baris (nama di baris
pertama, NIP di bawahnya), koma desimal.
"""
