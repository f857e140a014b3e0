"""Filled forms on outreach, the setting of SKP, innovations and coaching, damaged by streams of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from kinerja_lib.samples.books import Sheet, write_workbook
from kinerja_lib.samples.scribe import Place, Scribe
from kinerja_lib.samples.source import Source

TARGETS = ("NIP", "Nama Pegawai", "Perangkat Daerah", "Unit Kerja", "Tahun", "Tanggal Penetapan SKP",
           "SKP Disepakati", "SKP Selaras Pimpinan", "Indikator Kuantitas", "Indikator Kualitas",
           "Indikator Waktu", "Indikator Biaya")  # fmt: skip
OUTREACH = ("Perangkat Daerah", "Unit Kerja", "Tanggal", "Tema Penyuluhan", "Metode", "Jenis Narasumber",
            "Jumlah Sasaran", "Jumlah Peserta")  # fmt: skip
INNOVATIONS = ("NIP", "Nama Pegawai", "Perangkat Daerah", "Tanggal", "Judul Inovasi", "Bentuk Inovasi",
               "Tahap Inovasi")  # fmt: skip
COACHING = ("NIP", "Nama Pegawai", "Perangkat Daerah", "Tahun Penilaian", "Periode Penilaian", "Jenis Pembinaan",
            "Tanggal Mulai", "Tanggal Selesai", "Pembina", "Hasil Pembinaan")  # fmt: skip
PERIODS = {"": "Tahunan", "Q1": "Triwulan I", "Q2": "Triwulan II", "Q3": "Triwulan III", "Q4": "Triwulan IV"}
ASPECTS = ("indikator_kuantitas", "indikator_kualitas", "indikator_waktu", "indikator_biaya")


def with_own_damage(source: Source, purpose: str = "damage of forms") -> Source:
    """The same source whose damage comes from another stream, so that no other file changes."""
    old = source.scribe
    return replace(source, scribe=Scribe(source.sample.seed, old.share, old.account, purpose))


def write_outreach(source: Source) -> None:
    """Outreach of all agencies, as the personnel agency gathers it."""
    file = "00_Organisasi/Formulir Penyuluhan.xlsx"
    lines: list[list[Any]] = [list(OUTREACH)]
    scribe = source.scribe
    for row in source.sample.tables["penyuluhan"].astype("object").itertuples():
        at = Place(file, "Isian", len(lines) + 1, "penyuluhan")
        lines.append(
            [source.agency_cell(at, row.instansi), source.unit_cell(at, row.unit_kerja),
             scribe.day(at, "tanggal", row.tanggal), row.tema_penyuluhan, row.metode_penyuluhan,
             row.jenis_narasumber, scribe.count(at, "jumlah_sasaran", row.jumlah_sasaran, "orang"),
             scribe.count(at, "jumlah_peserta", row.jumlah_peserta, "orang")]
        )  # fmt: skip
    _save(source, file, lines, "penyuluhan", "penyuluhan")


def write_targets(source: Source, agency: str) -> None:
    """The agency's form on the setting of SKP, all years; agencies that send none have no file."""
    rows = source.sample.tables["skp"]
    rows = rows[rows["instansi"] == agency].astype("object")
    if rows.empty:
        return
    file = f"{source.home(agency)}/Formulir Penetapan SKP.xlsx"
    lines: list[list[Any]] = [list(TARGETS)]
    for row in rows.itertuples():
        at = Place(file, "Isian", len(lines) + 1, "skp")
        lines.append(
            [source.nip[row.id_pegawai], source.name[row.id_pegawai], source.agency[agency][0],
             source.unit_cell(at, row.unit_kerja), int(row.tahun),
             source.scribe.day(at, "tanggal_penetapan_skp", row.tanggal_penetapan_skp),
             _yes(row.skp_disepakati), _yes(row.skp_berjenjang),
             *("" if pd.isna(getattr(row, name)) else int(getattr(row, name)) for name in ASPECTS)]
        )  # fmt: skip
    _save(source, file, lines, "penetapan-skp", "skp")


def write_innovations(source: Source) -> None:
    """Innovations of all agencies."""
    file = "00_Organisasi/Formulir Inovasi.xlsx"
    lines: list[list[Any]] = [list(INNOVATIONS)]
    for row in source.sample.tables["inovasi"].astype("object").itertuples():
        at = Place(file, "Isian", len(lines) + 1, "inovasi")
        lines.append(
            [source.nip[row.id_pegawai], source.name[row.id_pegawai], source.agency_cell(at, row.instansi),
             source.scribe.day(at, "tanggal", row.tanggal), row.judul_inovasi, row.bentuk_inovasi,
             row.tahap_inovasi]
        )  # fmt: skip
    _save(source, file, lines, "inovasi", "inovasi")


def write_coaching(source: Source) -> None:
    """Coaching in all agencies that keep a record."""
    file = "00_Organisasi/Formulir Pembinaan.xlsx"
    lines: list[list[Any]] = [list(COACHING)]
    for row in source.sample.tables["pembinaan"].astype("object").itertuples():
        at = Place(file, "Isian", len(lines) + 1, "pembinaan")
        year, _, part = ("", "", "") if pd.isna(row.periode) else row.periode.partition("-")
        lines.append(
            [source.nip[row.id_pegawai], source.name[row.id_pegawai], source.agency_cell(at, row.instansi),
             int(year) if year else "", PERIODS[part] if year else "", row.jenis_pembinaan,
             source.scribe.day(at, "tanggal_mulai", row.tanggal_mulai),
             source.scribe.day(at, "tanggal_selesai", row.tanggal_selesai), row.pembina,
             "" if pd.isna(row.hasil_pembinaan) else row.hasil_pembinaan]
        )  # fmt: skip
    _save(source, file, lines, "pembinaan", "pembinaan")


def _yes(value: Any) -> str:
    return "" if pd.isna(value) else "Ya" if value else "Tidak"


def _save(source: Source, file: str, lines: list[list[Any]], layout: str, table: str) -> None:
    write_workbook(source.folder / file, [Sheet("Isian", lines)])
    source.account.sheet(file, "Isian", layout, table, len(lines) - 1)
