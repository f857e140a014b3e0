"""Plainly synthetic people, units and the forms that the museum's files are made of."""

from __future__ import annotations

from typing import Any

TITLE = "Perangkat Daerah : Dinas Contoh"
NIPS = ["198609262015051001", "199001152018122002", "198203042006041003", "199505052022212004"]
NAMES = ["Contoh Satu", "Contoh Dua", "Contoh Tiga", "Contoh Empat"]
RATERS = ["197502022000031001", "197606062001122001"]

RECAP = ["NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Rating Hasil Kerja", "Rating Hasil Perilaku",
         "Predikat Kinerja"]  # fmt: skip
_RATED = [
    ["Sekretariat", "2025", "Triwulan I", "Sesuai Ekspektasi", "Sesuai Ekspektasi", "Baik"],
    ["Bidang Data", "2025", "Triwulan I", "Diatas Ekspektasi", "Diatas Ekspektasi", "Sangat Baik"],
    ["Bidang Layanan", "2025", "Triwulan I", "Dibawah Ekspektasi", "Sesuai Ekspektasi", "Butuh Perbaikan"],
    ["Sekretariat", "2025", "Triwulan I", "Sesuai Ekspektasi", "Dibawah Ekspektasi", "Kurang/Misconduct"],
]
TRAINING = [
    "No",
    "NIP",
    "Nama",
    "Jenis Diklat",
    "Nama Diklat",
    "Tanggal Diklat",
    "Jumlah Jam",
    "Penyelenggara",
]
SKP = ["NIP", "NAMA", "UNIT KERJA", "Tahun Penilaian", "SKP", "Perilaku", "Nilai Prestasi Kerja", "Sebutan"]
PROFILE = ["NIP BARU", "NIP LAMA", "NAMA", "TANGGAL LAHIR", "JENIS KELAMIN", "JENIS PEGAWAI NAMA", "GOLONGAN NAMA",
           "JENIS JABATAN NAMA", "ESELON NAMA", "TK PENDIDIKAN NAMA", "UNIT ORGANISASI NAMA",
           "UNIT ORGANISASI INDUK NAMA", "TAHUN"]  # fmt: skip


def recap(**changes: list[Any]) -> list[list[Any]]:
    """Four rows of a recap; a column (``nip``, ``hasil`` …) may be given other cells, more or fewer."""
    places = {
        "nip": 0,
        "nama": 1,
        "unit": 2,
        "tahun": 3,
        "periode": 4,
        "hasil": 5,
        "perilaku": 6,
        "predikat": 7,
    }
    count = max([4, *(len(cells) for cells in changes.values())]) if changes else 4
    if changes and max(len(cells) for cells in changes.values()) < 4:
        count = max(len(cells) for cells in changes.values())
    rows = [[NIPS[i % 4], NAMES[i % 4], *_RATED[i % 4]] for i in range(count)]
    for name, cells in changes.items():
        for row, value in zip(rows, cells, strict=False):
            row[places[name]] = value
    return rows


def training(
    days: list[Any], hours: list[Any] | None = None, kinds: list[str] | None = None
) -> list[list[Any]]:
    """A row of training for each cell of days."""
    hours = hours or [20] * len(days)
    kinds = kinds or ["Teknis"] * len(days)
    return [
        [
            str(i + 1),
            NIPS[i % 4],
            NAMES[i % 4],
            kinds[i],
            f"Pelatihan Contoh {i + 1}",
            day,
            hours[i],
            "BPSDM Contoh",
        ]
        for i, day in enumerate(days)
    ]


def scores(values: list[tuple[str, str, str, str]]) -> list[list[str]]:
    """A row of an old appraisal for each (skp, perilaku, prestasi kerja, sebutan)."""
    return [[NIPS[i % 4], NAMES[i % 4], "Sekretariat", "2019", *value] for i, value in enumerate(values)]


def profile(**changes: list[str]) -> list[list[str]]:
    """Four profiles; a column may be given other cells."""
    places = {"nip": 0, "lahir": 3, "status": 5, "golongan": 6, "jabatan": 7, "eselon": 8, "pendidikan": 9}
    born = ["26-09-1986", "15-01-1990", "04-03-1982", "05-05-1995"]
    sex = ["L", "P", "L", "P"]
    status, grade = ["PNS", "PNS", "PNS", "PPPK"], ["III/b", "III/a", "III/d", "IX"]
    count = max((len(cells) for cells in changes.values()), default=4)
    rows = [
        [NIPS[i % 4], "", NAMES[i % 4], born[i % 4], sex[i % 4], status[i % 4], grade[i % 4], "Pelaksana", "-", "S-1",
         "Sekretariat", "Dinas Contoh", "2025"]
        for i in range(count)
    ]  # fmt: skip
    for name, cells in changes.items():
        for row, value in zip(rows, cells, strict=False):
            row[places[name]] = value
    return rows


UNITS = """\
kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-contoh,Dinas Contoh,instansi,,Dinco,Dinas Contoh Pemerintah Rangkui,2017-01-01,,,
dinas-contoh.sekretariat,Sekretariat,unit,dinas-contoh,Sekr.,Sekretariat Dinas,2017-01-01,,,
dinas-contoh.bidang-data,Bidang Data,unit,dinas-contoh,Bid. Data,,2017-01-01,,,
dinas-contoh.bidang-layanan,Bidang Layanan,unit,dinas-contoh,Bid. Layanan,,2017-01-01,,,
badan-contoh,Badan Contoh,instansi,,Banco,,2017-01-01,,,
badan-contoh.sekretariat,Sekretariat,unit,badan-contoh,Sekr.,,2017-01-01,,,
badan-contoh.bidang-riset,Bidang Riset,unit,badan-contoh,Bid. Riset,,2017-01-01,,,
"""
