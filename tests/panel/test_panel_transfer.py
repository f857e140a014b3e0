"""A predicate given in the quarter of a transfer stands in the unit whose rater gave it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.cleaning.duplicates import merge_duplicates
from kinerja_lib.panel import build_panel
from kinerja_lib.schema.tables import typed

PEOPLE = typed(
    pd.DataFrame(
        {
            "id_pegawai": ["P"],
            "tahun": [2025],
            "instansi": ["a"],
            "unit_kerja": ["a.lama"],
            "status_pegawai": ["PNS"],
        }
    ),
    "pegawai",
)


def appraised(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"id_pegawai": "P", "skema": "PermenPANRB6", "predikat": "Baik", **columns})
    return typed(frame, "penilaian")


def test_the_appraisal_s_unit_comes_before_the_profile_s() -> None:
    rows = appraised(
        periode=["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"],
        instansi=["a", "a", "b", "b"],
        unit_kerja=["a.lama", None, "b.baru", None],
    )
    panel = build_panel({"penilaian": rows, "pegawai": PEOPLE}).panel
    # the fourth names no unit, and the profile's belongs to another agency: nothing is invented
    assert panel["unit_kerja"].fillna("").tolist() == ["a.lama", "a.lama", "b.baru", ""]
    assert panel["instansi"].tolist() == ["a", "a", "b", "b"]


def test_of_two_appraisals_of_one_quarter_the_more_final_then_the_later_is_kept() -> None:
    rows = appraised(
        periode=["2025-Q2"] * 3,
        instansi=["a", "b", "b"],
        unit_kerja=["a.lama", "b.baru", "b.baru"],
        status_penilaian=["Final", "Final", "Draf"],
        tanggal_penilaian=pd.to_datetime(["2025-07-04", "2025-07-11", "2025-07-20"]),
        sumber=["x.xlsx#A"] * 3,
        baris_sumber=[1, 2, 3],
    ).assign(_sheet=0)
    kept, lines, asked = merge_duplicates(rows, "penilaian")
    assert kept["unit_kerja"].tolist() == ["b.baru"] and len(lines) == 2
    assert np.array_equal(kept["baris_sumber"].to_numpy(dtype="int64"), [2])
    assert {line[0] for line in asked} == {"dua_unit"}, "the unit is asked about it"
