"""Quarterly appraisal exports: the recap with letterhead, and text with codes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.samples import spellings
from kinerja_lib.samples.books import (
    Sheet,
    write_text,
    write_workbook,
    write_xml_spreadsheet,
)
from kinerja_lib.samples.scribe import Place
from kinerja_lib.samples.source import Source

QUARTERS = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}
CODE = {"Dibawah ekspektasi": 1, "Sesuai ekspektasi": 2, "Diatas ekspektasi": 3}
TEXT_AGENCIES = (3, 9)  # positions of the agencies that send text files: cp1252, and UTF-8 with a mark
NAME_NIP_AGENCY = 6  # name and NIP in one cell
TWO_ROW_AGENCY = 4  # name in one row, NIP under it (first year only)
XML_AGENCY = 11  # last year's recap is XML Spreadsheet 2003
RECAP = ("No", "NIP", "Nama Pegawai", "Unit Kerja", "Tahun", "Periode", "Status",
         "Hasil Kerja", "Perilaku Kerja", "Predikat Kinerja", "Capaian Kinerja Organisasi", "NIP Penilai",
         "Nama Penilai", "Tanggal Penilaian", "Tanggal Penetapan SKP", "SKP Selaras Pimpinan")  # fmt: skip
TEXT = ("NIP", "Nama Pegawai ", "Unit Kerja", "Tahun", "Priode", "Status", "Rating Hasil Kerja",
        "Rating Hasil Perilaku", "Prediket Kinerja", "NIP Penilai", "Tanggal Penilaian",
        "Tanggal Penetapan SKP", "SKP Selaras Pimpinan")  # fmt: skip


def write_quarters(source: Source, agency: str, year: int) -> None:
    """The quarterly appraisals of an agency and year, in the form that the agency uses."""
    rows = source.sample.tables["penilaian"]
    rows = rows[(rows["instansi"] == agency) & rows["periode"].str.startswith(f"{year}-Q")]
    rows = rows.astype("object").sort_values(["periode", "unit_kerja"], kind="stable")
    if rows.empty:
        return
    position = list(source.agency).index(agency)
    if position in TEXT_AGENCIES:
        _write_text(source, agency, year, rows, position)
        return
    xml = position == XML_AGENCY and year == source.sample.population.years[-1]
    file = f"{source.home(agency)}/Rekap Penilaian SKP {year}.{'xls' if xml else 'xlsx'}"
    sheets, revised = [], []
    for periode, part in rows.groupby("periode", sort=True):
        sheet, again = _recap(source, agency, file, str(periode), part, position)
        sheets.append(sheet)
        revised.extend(again)
    if position % 4 == 2:
        sheets.append(_empty_sheet(source, agency, year))
    (write_xml_spreadsheet if xml else write_workbook)(source.folder / file, sheets)
    if revised:
        _write_revision(source, agency, year, revised)


def _recap(
    source: Source, agency: str, file: str, periode: str, rows: pd.DataFrame, position: int
) -> tuple[Sheet, list[tuple[Any, Place]]]:
    name = f"TW {QUARTERS[periode[-2:]]}"
    sheet = Sheet(name)
    source.letterhead(sheet, agency, "DAFTAR REKAPITULASI PENILAIAN KINERJA PEGAWAI",
                      f"Unit Kerja : {source.agency[agency][0]}",
                      f"Periode : Triwulan {QUARTERS[periode[-2:]]} Tahun {periode[:4]}")  # fmt: skip
    _heading(sheet, position)
    two_rows = position == TWO_ROW_AGENCY and int(periode[:4]) == source.sample.population.years[0]
    written, revised, unit = 0, [], None
    for number, row in enumerate(rows.itertuples(), 1):
        if position % 4 == 1 and unit not in (None, row.unit_kerja):
            sheet.add("", "", f"Jumlah {source.unit[str(unit)]}", *[""] * 6, "")
        unit = row.unit_kerja
        draft = source.scribe.hit(0.3)
        at = _recap_row(source, sheet, file, row, number, position, two_rows=two_rows, draft=draft)
        written += 1
        if draft:
            revised.append((row, at))
        elif source.scribe.hit(0.2) and source.scribe.sound(at):
            source.account.repeated.append(
                (file, name, sheet.next_row, "penilaian", "same", file, name, at.row)
            )
            sheet.add(*sheet.rows[at.row - 1])
            if two_rows:
                sheet.add(*sheet.rows[at.row])
            written += 1
        elif source.scribe.hit(0.1):
            sheet.hidden.add(at.row - 1)
    sheet.add("", "", "JUMLAH", *[""] * 6, written)
    sheet.add("* Data diambil dari aplikasi e-Kinerja")
    sheet.add("** Predikat sesuai pengisian Pejabat Penilai Kinerja")
    source.signature(
        sheet,
        agency,
        f"Rangkui, {spellings.long_date(pd.Timestamp(rows['tanggal_penilaian'].max()).date())}",
        9,
    )
    source.account.sheet(file, name, "ekinerja-rekap", "penilaian", written)
    return sheet, revised


def _heading(sheet: Sheet, position: int) -> None:
    """Two header rows with merged cells, and a row of numbers under them."""
    names = list(RECAP)
    if position == NAME_NIP_AGENCY:
        names[1:3] = ["Nama / NIP"]
    if position % 2:
        names[names.index("Predikat Kinerja")] = "Predikat Kinerja Pegawai"
    first = names.index("Hasil Kerja")
    upper = [*names[:first], "Rating", "", *names[first + 2 :]]
    lower = [""] * first + names[first : first + 2] + [""] * (len(names) - first - 2)
    top = sheet.add(*upper) - 1
    sheet.add(*lower)
    sheet.add(*[f"({i + 1})" if position % 3 else i + 1 for i in range(len(names))])
    sheet.merges.append((top, first, top, first + 1))
    sheet.merges.extend((top, j, top + 1, j) for j in range(len(names)) if j not in (first, first + 1))


def _recap_row(
    source: Source,
    sheet: Sheet,
    file: str,
    row: Any,
    number: int,
    position: int,
    *,
    two_rows: bool,
    draft: bool,
) -> Place:
    scribe = source.scribe
    at = Place(file, sheet.name, sheet.next_row, "penilaian")
    nip, name = scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai)
    who = [f"{name}\n{nip}"] if position == NAME_NIP_AGENCY else ["" if two_rows else nip, name]
    printed, above = row.predikat_tercetak, row.hasil_kerja
    if draft:
        printed = "Baik" if printed != "Baik" else "Butuh Perbaikan"
        above = "Sesuai ekspektasi" if printed == "Baik" else "Dibawah ekspektasi"
    behave = "Sesuai ekspektasi" if draft else row.perilaku_kerja
    sheet.add(
        number, *who, source.unit_cell(at, row.unit_kerja), int(row.periode[:4]),
        f"Triwulan {QUARTERS[row.periode[-2:]]}", "Draf" if draft else row.status_penilaian,
        scribe.rating(at, "hasil_kerja", above), scribe.rating(at, "perilaku_kerja", behave),
        scribe.predikat(at, "predikat", printed),
        scribe.spelled(at, "predikat_organisasi", row.predikat_organisasi,
                       spellings.RESULT[row.predikat_organisasi]),
        source.nip[row.id_penilai], source.name[row.id_penilai],
        scribe.day(at, "tanggal_penilaian", row.tanggal_penilaian),
        scribe.day(at, "tanggal_penetapan_skp", row.tanggal_penetapan_skp),
             "Ya" if row.skp_berjenjang else "Tidak",
    )  # fmt: skip
    if two_rows:
        sheet.add("", nip)
    return at


def _write_revision(source: Source, agency: str, year: int, revised: list[tuple[Any, Place]]) -> None:
    """A second file with the final version of rows that the first file holds as a draft."""
    file = f"{source.home(agency)}/Rekap Penilaian SKP {year} (revisi).xlsx"
    position = list(source.agency).index(agency)
    sheet = Sheet("Revisi")
    source.letterhead(sheet, agency, "DAFTAR REKAPITULASI PENILAIAN KINERJA PEGAWAI (REVISI)",
                      f"Unit Kerja : {source.agency[agency][0]}", f"Tahun : {year}")  # fmt: skip
    _heading(sheet, position)
    for number, (row, old) in enumerate(revised, 1):
        at = _recap_row(source, sheet, file, row, number, position, two_rows=False, draft=False)
        source.account.repeated.append(
            (old.file, old.sheet, old.row, "penilaian", "version", at.file, at.sheet, at.row)
        )
    source.signature(sheet, agency, f"Rangkui, 31 Januari {year + 1}", 9)
    source.account.sheet(file, "Revisi", "ekinerja-rekap", "penilaian", len(revised))
    write_workbook(source.folder / file, [sheet])


def _empty_sheet(source: Source, agency: str, year: int) -> Sheet:
    sheet = Sheet("Tambahan")
    source.letterhead(sheet, agency, "DAFTAR REKAPITULASI PENILAIAN KINERJA PEGAWAI", f"Tahun : {year}")
    sheet.add(*RECAP)
    sheet.add("", "Data Kosong")
    return sheet


def _write_text(source: Source, agency: str, year: int, rows: pd.DataFrame, position: int) -> None:
    file = f"{source.home(agency)}/ekinerja_{year}.csv"
    lines: list[list[Any]] = [list(TEXT)]
    for row in rows.itertuples():
        at = Place(file, "", len(lines) + 1, "penilaian")
        scribe = source.scribe
        lines.append(
            [scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
             source.unit_cell(at, row.unit_kerja), row.periode[:4], f"Triwulan {QUARTERS[row.periode[-2:]]}",
             row.status_penilaian, CODE[row.hasil_kerja], CODE[row.perilaku_kerja],
             scribe.predikat(at, "predikat", row.predikat_tercetak), source.nip[row.id_penilai],
             scribe.day(at, "tanggal_penilaian", row.tanggal_penilaian),
             scribe.day(at, "tanggal_penetapan_skp", row.tanggal_penetapan_skp),
             "Ya" if row.skp_berjenjang else "Tidak"]
        )  # fmt: skip
        if scribe.hit(0.2) and scribe.sound(at):
            source.account.repeated.append(
                (file, "", len(lines) + 1, "penilaian", "same", file, "", len(lines))
            )
            lines.append(list(lines[-1]))
    encoding = "cp1252" if position == TEXT_AGENCIES[0] else "utf-8-sig"
    write_text(source.folder / file, lines, encoding=encoding)
    source.account.sheet(file, "", "ekinerja-csv", "penilaian", len(lines) - 1)
