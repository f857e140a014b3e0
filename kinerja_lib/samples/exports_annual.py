"""Annual appraisal exports: SIASN's, and the old SKP of 2020."""

from __future__ import annotations

from typing import Any

from kinerja_lib.samples.books import Sheet, write_json_lines, write_text, write_workbook
from kinerja_lib.samples.exports_appraisal import CODE
from kinerja_lib.samples.scribe import Place
from kinerja_lib.samples.source import Source

SIASN = ("nip", "nama", "unorIndukNama", "unorNama", "tahun", "hasilKinerja", "hasilKinerjaNilai",
         "perilakuKerja",
         "PerilakuKerjaNilai", "kuadranKinerja", "KuadranKinerjaNilai", "namaPenilai", "nipNrpPenilai",
         "statusPenilai", "tanggalPenilaian")  # fmt: skip
OLD = ("NO", "NIP", "NAMA", "UNIT KERJA", "Tahun Penilaian", "SKP", "Perilaku", "SKP * 60%", "Perilaku * 40%",
       "Nilai Prestasi Kerja", "Sebutan")  # fmt: skip


def write_annual(source: Source, year: int) -> None:
    """SIASN's annual export; in the last year three agencies send it as JSON lines, one as text."""
    rows = source.sample.tables["penilaian"]
    rows = rows[rows["periode"] == str(year)].astype("object")
    last = year == source.sample.population.years[-1]
    codes = list(source.agency)
    in_json = [code for i, code in enumerate(codes) if last and i % 6 == 5]
    in_text = [code for i, code in enumerate(codes) if last and i % 10 == 9]
    for kind, part in (
        ("jsonl", rows[rows["instansi"].isin(in_json)]),
        ("csv", rows[rows["instansi"].isin(in_text)]),
        ("xlsx", rows[~rows["instansi"].isin(in_json + in_text)]),
    ):
        if part.empty:
            continue
        file = f"00_SIASN/kinerja_tahunan_{year}.{kind}"
        name = "Sheet1" if kind == "xlsx" else ""
        start = 1 if kind == "jsonl" else 2
        lines = [_siasn_row(source, Place(file, name, start + i, "penilaian"), row)
                 for i, row in enumerate(part.itertuples())]  # fmt: skip
        if kind == "jsonl":
            write_json_lines(source.folder / file, SIASN, lines)
        elif kind == "csv":
            write_text(source.folder / file, [list(SIASN), *lines], separator=",")
        else:
            write_workbook(source.folder / file, [Sheet("Sheet1", [list(SIASN), *lines])])
        source.account.sheet(file, name, "siasn-kinerja", "penilaian", len(lines))


def _siasn_row(source: Source, at: Place, row: Any) -> list[Any]:
    scribe = source.scribe
    printed = row.predikat_tercetak
    return [
        scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
        source.agency_cell(at, row.instansi), source.unit_cell(at, row.unit_kerja), int(row.periode),
        scribe.rating(at, "hasil_kerja", row.hasil_kerja).upper(), str(CODE[row.hasil_kerja]),
        scribe.rating(at, "perilaku_kerja", row.perilaku_kerja).upper(), str(CODE[row.perilaku_kerja]),
        scribe.predikat(at, "predikat", printed).upper(), "", source.name[row.id_penilai],
        source.nip[row.id_penilai], "ASN", scribe.day(at, "tanggal_penilaian", row.tanggal_penilaian),
    ]  # fmt: skip


def write_old(source: Source) -> None:
    """The appraisals of 2020 by PP 46/2011 of one agency."""
    rows = source.sample.tables["penilaian"]
    rows = rows[rows["skema"] == "PP46"].astype("object")
    if rows.empty:
        return
    agency = rows["instansi"].iat[0]
    file = f"{source.home(agency)}/Nilai Prestasi Kerja 2020.xlsx"
    sheet = Sheet("SKP 2020")
    source.letterhead(
        sheet, agency, "DAFTAR NILAI PRESTASI KERJA PNS", "JANGKA WAKTU 01 JANUARI SD 31 DESEMBER TAHUN 2020"
    )
    sheet.add(*OLD)
    for number, row in enumerate(rows.itertuples(), 1):
        at = Place(file, sheet.name, sheet.next_row, "penilaian")
        scribe = source.scribe
        sheet.add(
            number, scribe.nip(at, "nip", source.nip[row.id_pegawai]), source.name_cell(at, row.id_pegawai),
            source.unit_cell(at, row.unit_kerja), 2020, scribe.amount(at, "nilai_skp", row.nilai_skp),
            scribe.amount(at, "nilai_perilaku", row.nilai_perilaku), round(row.nilai_skp * 0.6, 2),
            round(row.nilai_perilaku * 0.4, 2), scribe.amount(at, "nilai", row.nilai), row.predikat_lama,
        )  # fmt: skip
    source.signature(sheet, agency, "Rangkui, 29 Januari 2021", 6)
    write_workbook(source.folder / file, [sheet])
    source.account.sheet(file, sheet.name, "skp-lama", "penilaian", len(rows))
