"""The workbook of the follow-up list: one sheet of people, one of rules and cautions. No text becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kinerja_lib.errors import Both, in_language

CLASSIFICATION = Both(
    "RAHASIA TERBATAS — memuat data pribadi pegawai. Hanya untuk pejabat yang berwenang dan keperluan yang tercatat; "
    "jangan diteruskan, jangan dilampirkan pada laporan, dan hapus sesudah dipakai (UU 27/2022).",
    en="RESTRICTED — personal data of employees. For the authorised officer and the recorded purpose only; do not pass "
    "on, do not attach to a report, and delete after use (Law 27/2022).",
)
CAUTION = Both(
    "Daftar ini adalah hasil penerapan aturan pada data, bukan keputusan. Penghargaan diputuskan pejabat yang "
    "berwenang; pembinaan dimulai dengan dialog kinerja. Hukuman disiplin tidak pernah diusulkan dari daftar ini: "
    "PP 94/2021 mensyaratkan pemeriksaan.",
    en="This list applies rules to data; it decides nothing. Rewards are decided by the authorised officer; coaching "
    "begins with a performance dialogue. A sanction is never proposed from this list: PP 94/2021 asks for an examination.",
)
RULES = {
    "penghargaan": Both("Penghargaan kinerja", en="Reward for performance"),
    "berturut_turut": Both("Prioritas suksesi dan pelatihan", en="Priority in succession and training"),
    "masa_kerja": Both("Satyalancana Karya Satya", en="Satyalancana Karya Satya (length of service)"),
    "pembinaan": Both("Pembinaan kinerja", en="Performance coaching"),
}
GROUNDS = {
    "penghargaan": Both(
        "Predikat Sangat Baik pada evaluasi tahunan, tanpa hukuman disiplin pada tahun itu (PermenPANRB 6/2022 Ps 31).",
        en="Annual predicate Sangat Baik, no sanction in the year (PermenPANRB 6/2022 art. 31).",
    ),
    "berturut_turut": Both(
        "Predikat tahunan Sangat Baik dua tahun berturut-turut, tanpa hukuman disiplin pada kedua tahun (PermenPANRB 6/2022 "
        "Ps 31; batas dua tahun adalah ketentuan proyek).",
        en="Annual predicate Sangat Baik two years in a row, no sanction in either (PermenPANRB 6/2022 art. 31; the two years "
        "are the project's own rule).",
    ),
    "masa_kerja": Both(
        "Masa kerja PNS mencapai 10, 20, atau 30 tahun pada tahun ini; tidak pernah dihukum disiplin sedang atau berat "
        "menurut data yang ada (UU 20/2009; PP 35/2010). Masa cuti di luar tanggungan negara tidak ada pada data.",
        en="Service of a PNS reaches 10, 20 or 30 years this year; never a sanction sedang or berat in the data there are (Law "
        "20/2009; PP 35/2010). Unpaid leave is not in the data.",
    ),
    "pembinaan": Both(
        "Predikat Butuh Perbaikan atau lebih rendah pada evaluasi tahunan, atau pada triwulan terakhir bila belum ada yang "
        "tahunan (PermenPANRB 6/2022 dan lampirannya).",
        en="Predicate Butuh Perbaikan or lower in the annual evaluation, or in the latest quarter where there is none yet "
        "(PermenPANRB 6/2022 and its annex).",
    ),
}  # fmt: skip
HEADS: dict[str, tuple[Both, int]] = {
    "id_pegawai": (Both("Kode", en="Code"), 16),
    "nip": (Both("NIP", en="NIP"), 21),
    "nama": (Both("Nama", en="Name"), 30),
    "instansi": (Both("Instansi", en="Agency"), 30),
    "unit_kerja": (Both("Unit kerja (saat dinilai)", en="Unit (when appraised)"), 34),
    "pindah": (Both("Unit sekarang bila berbeda", en="Unit now, if another"), 34),
    "rule": (Both("Tindak lanjut", en="Follow-up"), 28),
    "predikat": (Both("Predikat", en="Predicate"), 18),
    "level": (Both("Tahun", en="Years"), 8),
    "given": (Both("Sudah diberikan", en="Given already"), 16),
    "given_on": (Both("Tanggal", en="Date"), 13),
}
_HEAD_ROW = 4


def follow_up_workbook(
    title: str, purpose: Sequence[str], rows: pd.DataFrame, notes: Sequence[str], lang: str
) -> bytes:
    """The workbook.

    Parameters
    ----------
    title : str
    purpose : sequence of str
        Who asked, when, what for.
    rows : DataFrame
        Columns of ``HEADS``, those that are wanted, in any order.
    notes : sequence of str
        What the data do not tell.
    lang : {"id", "en"}
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "warning": book.add_format(
                {"bold": True, "font_color": "#9C0006", "text_wrap": True, "valign": "top"}
            ),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "bold": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "dd-mm-yyyy", "valign": "top"}),
        }
        _people(book.add_worksheet(in_language(Both("Daftar", en="List"), lang)), title, rows, formats, lang)
        _rules(
            book.add_worksheet(in_language(Both("Aturan", en="Rules"), lang)), purpose, notes, formats, lang
        )
    return out.getvalue()


def _people(page: Any, title: str, rows: pd.DataFrame, formats: dict[str, Any], lang: str) -> None:
    names = [name for name in HEADS if name in rows]
    page.write_string(0, 0, title, formats["title"])
    page.merge_range(1, 0, 1, len(names) - 1, "", formats["warning"])
    page.write_string(1, 0, in_language(CLASSIFICATION, lang), formats["warning"])
    page.set_row(1, 32)
    page.merge_range(2, 0, 2, len(names) - 1, "", formats["text"])
    page.write_string(2, 0, in_language(CAUTION, lang), formats["text"])
    page.set_row(2, 46)
    for column, name in enumerate(names):
        head, width = HEADS[name]
        page.set_column(column, column, width)
        page.write_string(_HEAD_ROW, column, in_language(head, lang), formats["head"])
    for number, row in enumerate(rows[names].itertuples(index=False), start=_HEAD_ROW + 1):
        for column, (name, value) in enumerate(zip(names, row, strict=True)):
            if name == "given_on" and not pd.isna(value):
                page.write_datetime(number, column, pd.Timestamp(value).to_pydatetime(), formats["day"])
            elif name == "level" and not pd.isna(value):
                page.write_number(number, column, int(value))
            else:
                page.write_string(number, column, _shown(name, value, lang), formats["text"])
    if len(rows):
        page.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(rows), len(names) - 1)
    page.freeze_panes(_HEAD_ROW + 1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD_ROW)
    page.set_footer("&L" + in_language(Both("RAHASIA TERBATAS", en="RESTRICTED"), lang) + "&R&P/&N")


def _rules(
    page: Any, purpose: Sequence[str], notes: Sequence[str], formats: dict[str, Any], lang: str
) -> None:
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 110)
    lines: list[tuple[str, str]] = [("", text) for text in purpose]
    lines += [(in_language(RULES[rule], lang), in_language(GROUNDS[rule], lang)) for rule in RULES]
    lines += [(in_language(Both("Catatan", en="Note"), lang), text) for text in notes]
    for number, (name, text) in enumerate(lines):
        page.write_string(number, 0, name, formats["bold"])
        page.write_string(number, 1, text, formats["text"])


def _shown(name: str, value: Any, lang: str) -> str:
    if name == "rule":
        return in_language(RULES[str(value)], lang)
    if name == "given":
        if pd.isna(value):
            return in_language(Both("tidak tercatat", en="not recorded"), lang)
        return in_language(Both("ya", en="yes") if value else Both("belum", en="not yet"), lang)
    return "" if pd.isna(value) else str(value)
