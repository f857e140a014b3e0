"""Exports about units: asset book, network, leadership, tasks, service, survey, the agencies' results."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.samples import spellings
from kinerja_lib.samples.books import Sheet, write_text, write_workbook, write_xml_spreadsheet
from kinerja_lib.samples.exports_appraisal import QUARTERS
from kinerja_lib.samples.scribe import Place
from kinerja_lib.samples.source import Source

BOOK = ("No.", "Kode Barang", "Nama Barang", "Merk", "Tahun", "Harga", "Baik", "Kurang Baik", "Rusak Berat")


def write_assets(source: Source, agency: str, year: int) -> None:
    """KIB-B of an agency and year, one sheet a unit, the unit in the title."""
    rows = source.sample.tables["fasilitas"]
    rows = rows[(rows["instansi"] == agency) & (rows["periode"] == str(year))].astype("object")
    file, sheets, scribe = f"{source.home(agency)}/KIB B {year}.xlsx", [], source.scribe
    for place, (unit, part) in enumerate(rows.groupby("unit_kerja", sort=False), 1):
        sheet = Sheet(f"{place:02d} {source.unit[str(unit)]}"[:31])
        source.letterhead(sheet, agency, "KARTU INVENTARIS BARANG (KIB) B", "PERALATAN DAN MESIN",
                          f"Unit Kerja : {source.unit[str(unit)]}", f"Tahun : {year}")  # fmt: skip
        top = sheet.add(*BOOK[:6], "Jumlah Kondisi", "", "") - 1
        sheet.add(*[""] * 6, *BOOK[6:])
        sheet.merges.append((top, 6, top, 8))
        for number, row in enumerate(part.itertuples(), 1):
            at = Place(file, sheet.name, sheet.next_row, "fasilitas")
            sheet.add(
                number, row.kode_barang, row.nama_barang, "Merek Contoh", int(row.tahun_perolehan),
                scribe.amount(at, "harga", row.harga),
                scribe.count(at, "jumlah_baik", row.jumlah_baik, "Unit"),
                scribe.count(at, "jumlah_kurang_baik", row.jumlah_kurang_baik, "Unit"),
                scribe.count(at, "jumlah_rusak_berat", row.jumlah_rusak_berat, "Unit"),
            )  # fmt: skip
        sheet.add("", "", "JUMLAH", "", "", float(part["harga"].astype("float64").sum()))
        source.signature(sheet, agency, f"Rangkui, 31 Desember {year}", 5)
        source.account.sheet(file, sheet.name, "kib-b", "fasilitas", len(part))
        sheets.append(sheet)
    write_workbook(source.folder / file, sheets)


def write_forms(source: Source, agency: str) -> None:
    """The agency's forms on network access, leadership and tasks."""
    _form(source, agency, "fasilitas", "Formulir Akses TI.xlsx", "akses-ti",
          "FORMULIR AKSES TEKNOLOGI INFORMASI",
          ("No", "Unit Kerja", "Tahun", "Triwulan", "Kecepatan Internet (Mbps)",
           "Ketersediaan Aplikasi (%)"))  # fmt: skip
    _form(source, agency, "kepemimpinan", "Formulir Peran Pimpinan.xlsx", "kepemimpinan",
          "FORMULIR PERAN PIMPINAN UNIT",
          ("No", "Unit Kerja", "Tahun", "Triwulan", "Nama Pimpinan", "NIP Pimpinan", "Rapat Direncanakan",
           "Rapat Terlaksana", "Penugasan", "Bimbingan", "Umpan Balik", "Apresiasi",
           "Jumlah Bawahan"))  # fmt: skip
    _form(source, agency, "laporan_tugas", "Laporan Tugas.xlsx", "laporan-tugas",
          "LAPORAN PELAKSANAAN TUGAS UNIT",
          ("No", "Unit Kerja", "Tahun", "Triwulan", "Judul Tugas", "Status", "Tanggal Selesai", "Tanggal Laporan",
           "Capaian (%)", "Uraian Capaian", "Kendala", "Kelas Kendala"))  # fmt: skip


def _form(
    source: Source, agency: str, table: str, name: str, layout: str, title: str, header: tuple[str, ...]
) -> None:
    rows = source.sample.tables[table]
    rows = rows[(rows["instansi"] == agency) & rows["periode"].str.contains("Q")].astype("object")
    file, sheet = f"{source.home(agency)}/{name}", Sheet("Isian")
    source.letterhead(sheet, agency, title)
    sheet.add(*header)
    for number, row in enumerate(rows.itertuples(), 1):
        at = Place(file, sheet.name, sheet.next_row, table)
        head = [
            number,
            source.unit_cell(at, row.unit_kerja),
            int(row.periode[:4]),
            f"Triwulan {QUARTERS[row.periode[-2:]]}",
        ]
        sheet.add(*head, *_form_cells(source, at, table, row))
    source.signature(sheet, agency, "Rangkui, 9 Januari 2026", 3)
    write_workbook(source.folder / file, [sheet])
    source.account.sheet(file, sheet.name, layout, table, len(rows))


def _form_cells(source: Source, at: Place, table: str, row: Any) -> list[Any]:
    scribe = source.scribe
    if table == "fasilitas":
        return [
            scribe.amount(at, name, getattr(row, name))
            for name in ("kecepatan_internet", "ketersediaan_aplikasi")
        ]
    if table == "kepemimpinan":
        counts = (
            "rapat_rencana",
            "rapat_terlaksana",
            "penugasan",
            "bimbingan",
            "umpan_balik",
            "apresiasi",
            "jumlah_bawahan",
        )
        return [source.name[row.id_penilai], source.nip[row.id_penilai],
                *(scribe.count(at, name, getattr(row, name), "kali") for name in counts)]  # fmt: skip
    return [row.judul_tugas, row.status_tugas, scribe.day(at, "tanggal_selesai", row.tanggal_selesai),
            "" if pd.isna(row.tanggal_laporan) else f"{row.tanggal_laporan:%d-%m-%Y}", f"{int(row.persen_capaian)}%",
            "" if pd.isna(row.capaian) else row.capaian, row.kendala, row.kelas_kendala]  # fmt: skip


def write_service(source: Source, year: int) -> None:
    """Public satisfaction (SKM) of a year: semicolons, decimal commas, cp1252."""
    rows = source.sample.tables["layanan"]
    rows = rows[rows["periode"].str.startswith(str(year))].astype("object")
    file = f"00_Organisasi/SKM {year}.csv"
    lines: list[list[Any]] = [["Perangkat Daerah", "Unit Layanan", "Tahun", "Semester", "Jumlah Responden",
                               *(f"U{k}" for k in range(1, 10)), "IKM"]]  # fmt: skip
    for row in rows.itertuples():
        at = Place(file, "", len(lines) + 1, "layanan")
        scores = [float(getattr(row, f"unsur_{k}")) for k in range(1, 10)]
        lines.append([source.agency_cell(at, row.instansi), source.unit_cell(at, row.unit_kerja), year,
                      f"Semester {'I' * int(row.periode[-1])}", int(row.jumlah_responden), *scores,
                      round(sum(scores) / 9 * 25, 2)])  # fmt: skip
    write_text(source.folder / file, lines, encoding="cp1252")
    source.account.sheet(file, "", "skm", "layanan", len(lines) - 1)


def write_survey(source: Source, year: int) -> None:
    """The staff survey of a year, one row a respondent."""
    rows = source.sample.tables["survei"]
    rows = rows[rows["periode"].str.startswith(str(year))]
    items = list(dict.fromkeys(rows["butir"]))
    wide = rows.pivot(index=["id_responden", "instansi", "unit_kerja"], columns="butir", values="skor")
    file = f"00_Organisasi/Survei Pegawai {year}.xlsx"
    lines: list[list[Any]] = [["No Responden", "Perangkat Daerah", "Unit Kerja", "Tahun", "Triwulan", *items]]
    for key, scores in zip(wide.index, wide[items].to_numpy(dtype="int64").tolist(), strict=True):
        at = Place(file, "Jawaban", len(lines) + 1, "survei")
        lines.append(
            [
                key[0],
                source.agency_cell(at, key[1]),
                source.unit_cell(at, key[2]),
                year,
                "Triwulan III",
                *scores,
            ]
        )
    write_workbook(source.folder / file, [Sheet("Jawaban", lines)])
    source.account.sheet(file, "Jawaban", "survei-pegawai", "survei", len(lines) - 1)


def write_results(source: Source) -> None:
    """The agencies' own annual predicates."""
    file = "00_Organisasi/Capaian Kinerja Organisasi.xlsx"
    lines: list[list[Any]] = [["No", "Perangkat Daerah", "Tahun", "Capaian Kinerja Organisasi"]]
    for row in source.sample.tables["organisasi"].astype("object").itertuples():
        at = Place(file, "Capaian", len(lines) + 1, "organisasi")
        lines.append([len(lines), source.agency_cell(at, row.instansi), int(row.periode),
                      source.scribe.spelled(at, "predikat_organisasi", row.predikat_organisasi,
                                            spellings.RESULT[row.predikat_organisasi])])  # fmt: skip
    write_workbook(source.folder / file, [Sheet("Capaian", lines)])
    source.account.sheet(file, "Capaian", "kinerja-organisasi", "organisasi", len(lines) - 1)


def write_needs(source: Source) -> None:
    """What competences the units lack, as the personnel agency gathers it; plainly written."""
    file = "00_Organisasi/Kebutuhan Kompetensi.xlsx"
    lines: list[list[Any]] = [["No", "Perangkat Daerah", "Unit Kerja", "Tahun", "Jenis Kompetensi", "Kompetensi",
                               "Tingkat Dibutuhkan", "Tingkat Dimiliki", "Jumlah Pegawai Membutuhkan",
                               "Tanggal Usulan", "NIP"]]  # fmt: skip
    for row in source.sample.tables["kebutuhan_kompetensi"].astype("object").itertuples():
        lines.append([len(lines), source.agency[row.instansi][0], source.unit[row.unit_kerja], int(row.tahun),
                      row.jenis_kompetensi, row.kompetensi, int(row.tingkat_dibutuhkan),
                      spellings.number_text(row.tingkat_dimiliki), int(row.jumlah_membutuhkan),
                      spellings.long_date(row.tanggal_usulan.date()),
                      "" if pd.isna(row.id_pegawai) else source.nip[row.id_pegawai]])  # fmt: skip
    write_workbook(source.folder / file, [Sheet("Kebutuhan", lines)])
    source.account.sheet(file, "Kebutuhan", "kebutuhan-kompetensi", "kebutuhan_kompetensi", len(lines) - 1)


def write_unused(source: Source) -> None:
    """Two files that the schema has no table for: IP ASN (XML Spreadsheet) and attendance."""
    agency = list(source.agency)[-1]
    rows = source.sample.tables["pegawai"]
    rows = rows[(rows["instansi"] == agency) & (rows["tahun"] == rows["tahun"].max())]
    sheet = Sheet(
        "IP ASN", [[f"INDEKS PROFESIONALITAS ASN {source.agency[agency][0].upper()}"], [""], [""], [""]]
    )
    sheet.add("NO", "NAMA", "NIP", "KINERJA", "DISIPLIN", "KOMPETENSI", "KUALIFIKASI", "TOTAL")
    days: list[list[Any]] = [["No", "Nama", "NIP", "Unit Kerja", "Hadir", "Terlambat", "Izin", "Sakit",
                              "Tidak Hadir",
                              "Total Hari Kerja", "% Kehadiran"]]  # fmt: skip
    for number, row in enumerate(rows.itertuples(), 1):
        name, nip = source.name[row.id_pegawai], source.nip[row.id_pegawai]
        sheet.add(number, name, nip, 25, 5, 22.5, 15, 67.5)
        days.append([number, name, nip, source.unit[row.unit_kerja], 20, number % 3, 1, 0, 0, 21, "95,24"])
    days.append(["Total", f"{len(rows)} karyawan"])
    files = (f"{source.home(agency)}/IP ASN.xls", f"{source.home(agency)}/Absensi.csv")
    write_xml_spreadsheet(source.folder / files[0], [sheet])
    write_text(source.folder / files[1], days, separator=",")
    source.account.sheet(files[0], "IP ASN", "ip-asn-xml", "", len(rows))
    source.account.sheet(files[1], "", "absensi", "", len(rows))
