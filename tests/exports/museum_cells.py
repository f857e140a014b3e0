"""Files whose cells are written in an odd way: predikat, ratings, NIPs, dates, numbers, grades, units."""

from __future__ import annotations

from museum_people import NAMES, NIPS, PROFILE, RECAP, SKP, TITLE, TRAINING, profile, recap, scores, training
from museum_writers import text


def _recap(**changes: list[str]) -> bytes:
    return text([[TITLE], RECAP, *recap(**changes)])


def _training(days: list[str], hours: list[str] | None = None, kinds: list[str] | None = None) -> bytes:
    return text([[TITLE], TRAINING, *training(days, hours, kinds)])


def ratings() -> dict[str, bytes]:
    """Spellings of predikat and of the two ratings."""
    siasn = ["nip", "nama", "unorIndukNama", "unorNama", "tahun", "hasilKinerja", "hasilKinerjaNilai",
             "perilakuKerja", "PerilakuKerjaNilai", "kuadranKinerja", "KuadranKinerjaNilai"]  # fmt: skip
    same = ["Dinas Contoh", "Sekretariat", "2024"]
    return {
        "predikat_huruf_besar_kecil.csv": _recap(predikat=["BAIK", "Sangat baik", "butuh perbaikan", "KURANG/MISCONDUCT"]),
        "predikat_misconduct_empat_ejaan.csv": _recap(
            hasil=["Sesuai Ekspektasi"] * 4,
            perilaku=["Dibawah Ekspektasi"] * 4,
            predikat=["KURANG (MISCONDUCT)", "KURANG/ MISCONDUCT", "Kurang / Misconduct", "Kurang/Misconduct"],
        ),
        "predikat_cukup_perlu_pembinaan.csv": _recap(predikat=["Baik", "Cukup", "Perlu Pembinaan", "Kurang/Misconduct"]),
        "predikat_salah_ketik.csv": _recap(predikat=["Baik", "Sangat Baikk", "Butuh Perbaikkan", "Biak"]),
        "predikat_tidak_sesuai_matriks.csv": _recap(
            hasil=["Diatas Ekspektasi", "Diatas Ekspektasi"],
            perilaku=["Sesuai Ekspektasi", "Diatas Ekspektasi"],
            predikat=["Sangat Baik", "Sangat Baik"],
        ),
        "predikat_dicetak_kosong.csv": _recap(predikat=["", "-", "Butuh Perbaikan", "null"]),
        "rating_di_atas_lima_ejaan.csv": _recap(
            hasil=["Di Atas", "Diatas", "DIATAS EKSPEKTASI", "Di Atas Ekspektasi (AE)"],
            perilaku=["Di Atas Ekspektasi"] * 4,
            predikat=["Sangat Baik"] * 4,
        ),
        "rating_kode_3_2_1.csv": _recap(hasil=["2", "3", "1", "2"], perilaku=["2", "3", "2", "1"]),
        "rating_kode_4_tidak_ada.csv": _recap(hasil=["4", "3"], perilaku=["2", "3"], predikat=["Baik", "Sangat Baik"]),
        "rating_bertentangan_dengan_kode.csv": text(
            [
                siasn,
                [NIPS[0], NAMES[0], *same, "SESUAI EKSPEKTASI", "2", "SESUAI EKSPEKTASI", "2", "BAIK", "4"],
                [NIPS[1], NAMES[1], *same, "DIATAS EKSPEKTASI", "1", "SESUAI EKSPEKTASI", "2", "BAIK", "4"],
            ],
            delimiter=",",
        ),
        "organisasi_istimewah.csv": text(
            [["No", "Perangkat Daerah", "Tahun", "Capaian Kinerja Organisasi"],
             ["1", "Dinas Contoh", "2024", "Istimewah"], ["2", "Badan Contoh", "2024", "ISTIMEWA"]]
        ),
    }  # fmt: skip


def nips() -> dict[str, bytes]:
    """Damage of the NIP that is seen in real files."""
    four = NIPS
    dotted = f"{four[1][:8]}.{four[1][8:14]}.{four[1][14]}.{four[1][15:]}"
    return {
        "nip_presisi_bentuk_ilmiah.csv": _recap(nip=["1,98609E+17", "1.99001E+17", four[2], four[3]]),
        "nip_presisi_akhiran_000.csv": _recap(nip=[four[0][:15] + "000", *four[1:]]),
        "nip_bertanda_kutip.csv": _recap(nip=["'" + one for one in four]),
        "nip_null_dan_kosong.csv": _recap(nip=["null", "", "-", four[3]]),
        "nip_berawalan_NIP.csv": _recap(nip=[f"NIP. {four[0]}", f"NIP {four[1]}", f"nip: {four[2]}", four[3]]),
        "nip_spasi_nbsp_titik.csv": _recap(
            nip=["19860926 201505 1 001", dotted, "19820304\u00a0200604\u00a01\u00a0003", f" {four[3]} "]
        ),
        "nip_pengelompokan_7_6_1_3.csv": _recap(nip=["1986092 201505 1 001", *four[1:]]),
        "nip_7_6_1_3_dengan_tanggal_lahir.csv": text(
            [PROFILE, *profile(nip=["1986092 201505 1 001", "1990015 201812 2 002", four[2], four[3]])]
        ),
        "nip_7_6_1_3_tanggal_lahir_lain.csv": text(
            [PROFILE, *profile(nip=["1986092 201505 1 001", *four[1:]], lahir=["17-08-1979", "15-01-1990"])]
        ),
        "nip_nik_16_angka.csv": _recap(nip=["3201234567890123", *four[1:]]),
        "nip_11_angka_non_asn.csv": _recap(nip=["12345678901", *four[1:]]),
        "nip_lama_9_angka.csv": _recap(nip=["131234567", *four[1:]]),
        "nip_tanggal_lahir_mustahil.csv": _recap(nip=["198613262015051001", "198602302015051001", *four[2:]]),
        "nip_bulan_tmt_13.csv": _recap(nip=["198609262015131001", *four[1:]]),
        "nip_huruf_o.csv": _recap(nip=["19860926201505I001", "1990011520181220O2", *four[2:]]),
        "nip_pppk.csv": _recap(nip=["199505052022212004", "199612122023211002"], nama=["Contoh Empat", "Contoh Lima"]),
        "nip_dan_nama_satu_sel.csv": text(
            [
                [TITLE],
                ["No", "Nama / NIP", *RECAP[2:]],
                *[
                    [str(i + 1), cell, *row[2:]]
                    for i, (row, cell) in enumerate(
                        zip(recap(), [f"Contoh Satu\n{four[0]}", f"Contoh Dua / {four[1]}", f"{four[2]}\nContoh Tiga",
                                      f"Contoh Empat NIP. {four[3]}"], strict=True)
                    )
                ],
            ]
        ),
        "nip_penilai_rusak.csv": text(
            [
                [TITLE],
                [*RECAP, "NIP Penilai"],
                *[[*row, rater] for row, rater in zip(recap(), ["197502022000031001", "1,97502E+17", "null", "-"], strict=True)],
            ]
        ),
    }  # fmt: skip


def dates() -> dict[str, bytes]:
    """Dates in a training recap."""
    return {
        "tanggal_empat_bentuk.csv": _training(
            ["31-12-2024", "31/12/2024", "31 Desember 2024", "25 DEC 2024"]
        ),
        "tanggal_bulan_disingkat.csv": _training(
            ["3-Agt-2024", "25 Nopember 2024", "1 Peb 2024", "7 Sept. 2024"]
        ),
        "tanggal_bilangan_excel.csv": _training(["45292", "45292.0", "45292,5", "45293"]),
        "tanggal_pengganti_1900.csv": _training(["01-01-1900", "31-12-2024"]),
        "tanggal_ambigu_tanpa_bukti.csv": _training(["01/02/2024", "03/04/2024"]),
        "tanggal_ambigu_dengan_bukti_hari.csv": _training(["01/02/2024", "28/02/2024", "03/04/2024"]),
        "tanggal_ambigu_dengan_bukti_bulan.csv": _training(["01/02/2024", "02/28/2024", "03/04/2024"]),
        "tanggal_bukti_bertentangan.csv": _training(["01/02/2024", "02/28/2024", "28/03/2024"]),
        "tanggal_tidak_ada_31_februari.csv": _training(
            ["31 Februari 2024", "30 Februari 2024", "29 Februari 2024"]
        ),
        "tanggal_rentang.csv": _training(
            [
                "12 s.d. 14 Januari 2024",
                "1 Mei 2024 s/d 3 Juni 2024",
                "12 - 14 Maret 2024",
                "20 Mei – 2 Juni 2024",
            ]
        ),
        "tanggal_rentang_terbalik.csv": _training(["14 s.d. 12 Januari 2024", "12 s.d. 14 Januari 2024"]),
        "tanggal_tahun_dua_angka.csv": _training(["31/12/24", "31/12/2024"]),
        "tanggal_kata.csv": _training(["kemarin", "belum dilaksanakan", "31/12/2024"]),
        "lahir_dengan_tempat.csv": text(
            [PROFILE, *profile(nip=["1986092 201505 1 001", *NIPS[1:]], lahir=["MOJOKERTO, 26 SEP 1986"])]
        ),
        "golongan_dengan_tmt_satu_sel.csv": text(
            [PROFILE, *profile(golongan=["III/b\n01 OCT 2021", "III/a\n01 APR 2020"])]
        ),
        "periode_sd_setahun.csv": _recap(
            periode=["01 JANUARI SD 31 DESEMBER TAHUN 2022"] * 4, tahun=["2022"] * 4
        ),
        "periode_bermacam_ejaan.csv": _recap(
            periode=["TW I", "Triwulan ke-1", "Januari s.d. Maret", "TRIWULAN PERTAMA"]
        ),
        "periode_tidak_terbaca.csv": _recap(
            periode=["Triwulan V", "Musim hujan", "Triwulan I", "Triwulan I"]
        ),
        "tahun_tidak_disebut.csv": text(
            [[TITLE], [*RECAP[:3], *RECAP[4:]], *[[*r[:3], *r[4:]] for r in recap()]]
        ),
    }


def numbers() -> dict[str, bytes]:
    """Numbers with comma, point, units, and two readings."""
    return {
        "angka_koma_desimal.csv": text([[TITLE], SKP, *scores([("85,5", "86,25", "85,8", "Baik"), ("91", "92,5", "91,6", "Sangat Baik")])]),
        "angka_titik_desimal.csv": text([[TITLE], SKP, *scores([("85.5", "86.25", "85.8", "Baik"), ("91", "92.5", "91.6", "Sangat Baik")])]),
        "angka_di_luar_batas.csv": text([[TITLE], SKP, *scores([("85,5", "86,25", "858", "Baik"), ("91", "92,5", "91,6", "Sangat Baik")])]),
        "angka_bersatuan.csv": _training(["31-12-2024"] * 4, ["24 JP", "2 Jam", "12 jam", "20"]),
        "angka_kata.csv": _training(["31-12-2024"] * 2, ["dua puluh", "20"]),
        "angka_ambigu_dua_cara.csv": text(
            [[TITLE], [*TRAINING, "Biaya"],
             *[[*row, cost] for row, cost in zip(
                 training(["31-12-2024"] * 4), ["1.595.757,500,00", "Rp 750.000,00", "1.234.567", "1,234,567.50"], strict=True)]]
        ),
        "jam_pecahan_dan_negatif.csv": _training(["31-12-2024"] * 3, ["7,5", "-8", "20"]),
    }  # fmt: skip


def codes() -> dict[str, bytes]:
    """Grades, posts, schooling, units."""
    return {
        "golongan_tujuh_ejaan.csv": text(
            [PROFILE, *profile(golongan=["IIIa", "III.a", "III A", "IX"])]
        ),
        "golongan_dengan_pangkat.csv": text(
            [PROFILE, *profile(golongan=["Penata Muda Tingkat I (III/b)", "PENATA MUDA/IIIa", "Penata TK. I\u00a0III/d", "Golongan IX"])]
        ),
        "golongan_pangkat_bertentangan.csv": text([PROFILE, *profile(golongan=["Penata Muda, III/d", "III/a"])]),
        "golongan_kode_siasn.csv": text([PROFILE, *profile(golongan=["32", "31", "34", "IX"])]),
        "pendidikan_bermacam.csv": text([PROFILE, *profile(pendidikan=["DIV / S1", "S1D4", "SLTA", "S-2"])]),
        "jabatan_struktural_tanpa_eselon.csv": text(
            [PROFILE, *profile(jabatan=["Struktural", "Struktural", "Fungsional", "Pelaksana"], eselon=["III.a", "-", "-", "-"])]
        ),
        "status_honorer.csv": text([PROFILE, *profile(status=["PNS", "Honorer", "P3K", "PPPK"])]),
        "unit_tidak_dikenal.csv": _recap(unit=["Bidang Dataa Baru", "Bidang Data", "Bidang Layanan", "Sekretariat"]),
        "unit_alias_dan_singkatan.csv": _recap(unit=["Sekr.", "BID. DATA", "bidang  layanan", "Sekretariat Dinas"]),
        "unit_instansi_lain.csv": _recap(unit=["Bidang Riset", "Bidang Data", "Bidang Layanan", "Sekretariat"]),
        "instansi_tidak_disebut.csv": text([RECAP, *recap()]),
        "instansi_tidak_dikenal.csv": text([["Perangkat Daerah : Dinas Antah Berantah"], RECAP, *recap()]),
    }  # fmt: skip


def repeats() -> dict[str, bytes]:
    """The same person and period more than once."""
    one = recap()
    other = [*one[0][:5], "Diatas Ekspektasi", "Diatas Ekspektasi", "Sangat Baik"]
    status = [*RECAP, "Status"]
    return {
        "baris_kembar.csv": text([[TITLE], RECAP, *one, one[0], one[1]]),
        "baris_kunci_sama_isi_lain.csv": text([[TITLE], RECAP, *one, other]),
        "baris_versi_draf_dan_final.csv": text(
            [[TITLE], status, [*one[0], "Draf"], [*other, "Final"], [*one[1], "Final"]]
        ),
    }


def exhibits() -> dict[str, bytes]:
    """All of them by file name."""
    return {**ratings(), **nips(), **dates(), **numbers(), **codes(), **repeats()}
