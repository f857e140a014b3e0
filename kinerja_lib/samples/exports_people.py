"""Exports about people: SIASN's profile, training in three forms, rewards, sanctions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from kinerja_lib.samples import spellings
from kinerja_lib.samples.books import Sheet, write_text, write_workbook
from kinerja_lib.samples.scribe import Place
from kinerja_lib.samples.source import Source
from kinerja_lib.samples.tables import COURSES_AT

PROFILE = ("NIP BARU", "NIP LAMA", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TANGGAL LAHIR", "JENIS KELAMIN",
           "JENIS PEGAWAI NAMA", "KEDUDUKAN HUKUM NAMA", "GOLONGAN NAMA", "TMT GOLONGAN", "MK TAHUN",
           "MK BULAN",
           "JENIS JABATAN NAMA", "JENJANG JABATAN", "ESELON NAMA", "TK PENDIDIKAN NAMA",
           "UNIT ORGANISASI NAMA",
           "UNIT ORGANISASI INDUK NAMA", "TAHUN")  # fmt: skip
RECAP = ("No", "NIP", "Nama", "Jenis Diklat", "Nama Diklat", "Tanggal Diklat", "Jumlah Jam", "Penyelenggara",
         "Biaya", "No STTPL", "Berlaku Sampai")  # fmt: skip
SIMPEG = ("NIP", "NAMA", "JENIS_DIKLAT", "NAMA_DIKLAT", "ANGKATAN", "TAHUN", "TEMPAT", "TANGGAL_MULAI",
          "TANGGAL_SELESAI", "JUMLAH_JAM", "PENYELENGGARA", "BIAYA", "NO_STTPP",
          "BERLAKU_SAMPAI")  # fmt: skip
COURSES = ("nip", "nama", "instansi", "namaKursus", "jenisKursus", "noSertipikat", "jumlahJam", "tahunKursus",
           "tanggalKursus", "tanggalSelesaiKursus", "institusiPenyelenggara", "biaya")  # fmt: skip
_ECHELON = {"JPT Pratama": "II.b", "Administrator": "III.a", "Pengawas": "IV.a"}


def write_profiles(source: Source, year: int) -> None:
    """SIASN's profile of everybody in service in a year."""
    rows = source.sample.tables["pegawai"]
    rows = rows[rows["tahun"] == year].astype("object")
    file = f"00_SIASN/data_utama_{year}.xlsx"
    lines: list[list[Any]] = [list(PROFILE)]
    scribe = source.scribe
    for row in rows.itertuples():
        at = Place(file, "Data", len(lines) + 1, "pegawai")
        nip = source.nip[row.id_pegawai]
        born = _born(source, at, nip)
        jenjang = "" if pd.isna(row.jenjang_jabatan) else row.jenjang_jabatan
        lines.append(
            [scribe.nip(at, "nip", nip, born=True), "", source.name_cell(at, row.id_pegawai), "", "", born,
             row.jenis_kelamin, row.status_pegawai, row.kedudukan_hukum,
             scribe.spelled(at, "golongan", row.golongan, spellings.grades(row.golongan)), "01-01-1900",
             year - int(row.tmt_tahun), 0, row.jenis_jabatan, jenjang, _ECHELON.get(row.jenis_jabatan, ""),
             scribe.spelled(at, "pendidikan", row.pendidikan, spellings.SCHOOL[row.pendidikan]),
             source.unit_cell(at, row.unit_kerja), source.agency_cell(at, row.instansi), year]
        )  # fmt: skip
    write_workbook(source.folder / file, [Sheet("Data", lines)])
    source.account.sheet(file, "Data", "siasn-profil", "pegawai", len(lines) - 1)


def _born(source: Source, at: Place, nip: str) -> Any:
    """The date of birth, now and then with the place in front: ``RANGKUI, 25 DEC 1986``."""
    day = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    if source.scribe.hit(0.5):
        source.scribe.note(at, "tanggal_lahir", "place_and_date", day)
        return f"RANGKUI, {spellings.dates(day)[2]}"
    return source.scribe.day(at, "tanggal_lahir", day)


def write_training(source: Source) -> None:
    """Training: by recap, from SIMPEG, and for one agency from SIASN's course list."""
    rows = source.sample.tables["pelatihan"].astype("object")
    courses: list[list[Any]] = [list(COURSES)]
    for position, agency in enumerate(source.agency):
        part = rows[rows["instansi"] == agency].sort_values(["tanggal_selesai", "id_pegawai"], kind="stable")
        if position % 3 == 0:
            _write_recap(source, agency, part)
        elif position % 3 == 1 or position != COURSES_AT:
            _write_simpeg(source, agency, part)
        else:
            courses.extend(_course_rows(source, part, len(courses)))
    if len(courses) > 1:
        write_text(source.folder / "00_SIASN/riwayat_kursus.csv", courses, separator=",")
        source.account.sheet("00_SIASN/riwayat_kursus.csv", "", "siasn-kursus", "pelatihan", len(courses) - 1)


def _write_recap(source: Source, agency: str, rows: pd.DataFrame) -> None:
    file = f"{source.home(agency)}/Rekap Diklat Pegawai.xlsx"
    sheet = Sheet("Rekap")
    source.letterhead(
        sheet, agency, "REKAPITULASI DIKLAT PEGAWAI", f"Unit Kerja : {source.agency[agency][0]}"
    )
    sheet.add(*RECAP)
    sheet.add(*range(1, len(RECAP) + 1))
    scribe, count = source.scribe, 0
    for number, row in enumerate(rows.itertuples(), 1):
        at = Place(file, sheet.name, sheet.next_row, "pelatihan")
        sheet.add(
            number, scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
            row.jenis_pelatihan, row.nama_pelatihan, _span(row), scribe.count(at, "jp", row.jp, "JP"),
            row.penyelenggara, scribe.amount(at, "biaya", row.biaya), f"STTPL/{number:04d}",
            _until(row),
        )  # fmt: skip
        count += 1
        if scribe.hit(0.3) and scribe.sound(at):
            source.account.repeated.append(
                (file, sheet.name, sheet.next_row, "pelatihan", "same", file, sheet.name, at.row)
            )
            sheet.add(*sheet.rows[at.row - 1])
            count += 1
    sheet.add("", "", "Jumlah", "", "", "", float(rows["jp"].sum()))
    source.signature(sheet, agency, "Rangkui, 9 Januari 2026", 6)
    write_workbook(source.folder / file, [sheet])
    source.account.sheet(file, sheet.name, "diklat-rekap", "pelatihan", count)


def _until(row: Any) -> str:
    return "" if pd.isna(row.berlaku_sampai) else f"{pd.Timestamp(row.berlaku_sampai):%d/%m/%Y}"


def _span(row: Any) -> str:
    first, last = (pd.Timestamp(day).date() for day in (row.tanggal_mulai, row.tanggal_selesai))
    if first == last:
        return spellings.long_date(last)
    return f"{spellings.long_date(first)} s.d. {spellings.long_date(last)}"


def _write_simpeg(source: Source, agency: str, rows: pd.DataFrame) -> None:
    file = f"{source.home(agency)}/SIMPEG_diklat.xlsx"
    lines: list[list[Any]] = [list(SIMPEG)]
    scribe = source.scribe
    for number, row in enumerate(rows.itertuples(), 1):
        at = Place(file, "Sheet1", len(lines) + 1, "pelatihan")
        lines.append(
            [scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
             row.jenis_pelatihan, row.nama_pelatihan, 1 + number % 4, int(row.tahun), "Rangkui",
             scribe.day(at, "tanggal_mulai", row.tanggal_mulai),
             scribe.day(at, "tanggal_selesai", row.tanggal_selesai),
             scribe.count(at, "jp", row.jp, "JP"), row.penyelenggara, scribe.amount(at, "biaya", row.biaya),
             f"{number:05d}/STTPP", _until(row)]
        )  # fmt: skip
    write_workbook(source.folder / file, [Sheet("Sheet1", lines)])
    source.account.sheet(file, "Sheet1", "diklat-simpeg", "pelatihan", len(lines) - 1)


def _course_rows(source: Source, rows: pd.DataFrame, start: int) -> list[list[Any]]:
    found: list[list[Any]] = []
    scribe = source.scribe
    for row in rows.itertuples():
        at = Place("00_SIASN/riwayat_kursus.csv", "", start + len(found) + 1, "pelatihan")
        found.append(
            [scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
             source.agency_cell(at, row.instansi), row.nama_pelatihan, row.jenis_pelatihan, f"S-{at.row:05d}",
             scribe.count(at, "jp", row.jp, "JP"), int(row.tahun),
             scribe.day(at, "tanggal_mulai", row.tanggal_mulai),
             scribe.day(at, "tanggal_selesai", row.tanggal_selesai),
             row.penyelenggara, int(row.biaya)]
        )  # fmt: skip
    return found


def write_rewards(source: Source) -> None:
    """Rewards and sanctions as SIASN exports them."""
    scribe = source.scribe
    for table, file, header in (
        ("penghargaan", "00_SIASN/riwayat_penghargaan.xlsx",
         ("nip", "nama", "instansi", "hargaNama", "skDate", "tahun")),
        ("hukuman", "00_SIASN/riwayat_hukdis.xlsx", ("nip", "nama", "instansi", "jenisHukumanNama",
                                                     "jenisTingkatHukumanId", "skNomor", "hukumanTanggal")),
    ):  # fmt: skip
        lines: list[list[Any]] = [list(header)]
        for row in source.sample.tables[table].astype("object").itertuples():
            at = Place(file, "Sheet1", len(lines) + 1, table)
            who = [scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
                   source.agency_cell(at, row.instansi)]  # fmt: skip
            day = scribe.day(at, "tanggal", row.tanggal)
            if table == "penghargaan":
                lines.append([*who, row.jenis_penghargaan, day, pd.Timestamp(row.tanggal).year])
            else:
                level = {"Ringan": "R", "Sedang": "S", "Berat": "B"}[row.tingkat_hukuman]
                lines.append([*who, row.jenis_hukuman, level, f"800/{at.row:03d}/SK", day])
        write_workbook(source.folder / file, [Sheet("Sheet1", lines)])
        source.account.sheet(
            file,
            "Sheet1",
            f"siasn-{'penghargaan' if table == 'penghargaan' else 'hukdis'}",
            table,
            len(lines) - 1,
        )
