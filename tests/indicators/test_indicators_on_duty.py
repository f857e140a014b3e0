"""Whom the duties of a year hold, by the words of the export."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.schema.tables import typed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Aktif", ""), ("AKTIF", ""), (None, ""), ("", ""), ("Dipekerjakan", ""), ("Perlimpahan", ""), ("Cuti Besar", ""),
        ("CLTN", "Cuti di luar tanggungan negara"), ("Cuti Diluar Tanggungan Negara", "Cuti di luar tanggungan negara"),
        ("Tugas Belajar", "Tugas belajar"), ("Pemberhentian Sementara", "Pemberhentian sementara"),
        ("Masa Persiapan Pensiun (MPP)", "Masa persiapan pensiun"), ("Pensiun", "Sudah keluar"), ("PENSIUN BUP", "Sudah keluar"),
        ("Meninggal Dunia", "Sudah keluar"), ("Diberhentikan dengan hormat", "Sudah keluar"),
    ],
)  # fmt: skip
def test_standing(text, name):
    assert ind.standing(pd.Series([text], dtype="object")).tolist() == [name]


def test_who_is_away_lacks_no_skp_no_appraisal_and_no_hours():
    people = typed(
        pd.DataFrame(
            {
                "id_pegawai": ["P1", "P2", "P3"], "tahun": [2025] * 3, "instansi": ["a"] * 3, "unit_kerja": ["a.u"] * 3,
                "status_pegawai": ["PNS"] * 3, "tmt_tahun": [2020] * 3, "jenis_jabatan": ["Pelaksana"] * 3,
                "kedudukan_hukum": ["Aktif", "CLTN", "Pensiun"],
            }
        ),
        "pegawai",
    )  # fmt: skip
    held = people[ind.on_duty(people)]
    assert held["id_pegawai"].tolist() == ["P1"]
    none = typed(pd.DataFrame(columns=["id_pegawai"]), "penilaian")
    whole, own = (ind.completeness(none, frame, "2025-Q1").iloc[0]["staff"] for frame in (people, held))
    assert (whole, own) == (3, 1)
