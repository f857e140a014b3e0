"""Units through time: a merger, a rename, a split, at the row's period and in comparisons over time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.cleaning.lineage import harmonise, settle, trace
from kinerja_lib.errors import CleaningError
from kinerja_lib.schema.raw import RawTable

UNITS = """kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus
dinas-a,Dinas Pasar,instansi,,Dispas,,2017-01-01,2023-12-31,,dinas-c
dinas-b,Dinas Dagang,instansi,,Disdag,,2017-01-01,2023-12-31,,dinas-c
dinas-c,Dinas Perdagangan,instansi,,Disperdag,,2024-01-01,,,
dinas-a.tata,Bidang Tata Usaha,unit,dinas-a,,,2017-01-01,2023-12-31,,dinas-c.umum
dinas-b.tata,Bidang Tata Usaha,unit,dinas-b,,,2017-01-01,2023-12-31,,dinas-c.umum
dinas-c.umum,Bidang Umum,unit,dinas-c,Bid. Umum,,2024-01-01,,,
dinas-c.data,Bidang Data,unit,dinas-c,,,2024-01-01,2024-12-31,,dinas-c.informasi
dinas-c.informasi,Bidang Informasi,unit,dinas-c,,,2025-01-01,,,
dinas-c.besar,Bidang Besar,unit,dinas-c,,,2024-01-01,2024-12-31,,
dinas-c.kiri,Bidang Kiri,unit,dinas-c,,,2025-01-01,,dinas-c.besar,
dinas-c.kanan,Bidang Kanan,unit,dinas-c,,,2025-01-01,,dinas-c.besar,
dinas-c.tutup,Bidang Tutup,unit,dinas-c,,,2024-01-01,2024-06-30,,
dinas-c.satu,Bidang Sama,unit,dinas-c,,,2024-01-01,2024-12-31,,
dinas-c.dua,Bidang Sama,unit,dinas-c,,,2025-01-01,,,
"""


@pytest.fixture
def register(tmp_path: Path) -> Register:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    return Register.load(tmp_path / "units.csv")


def _clean(register: Register, agency: str, units: list[str], periods: list[str]) -> CleanResult:
    count = len(units)
    frame = pd.DataFrame(
        {
            "nip": [f"198609262015051{n:03d}" for n in range(1, count + 1)],
            "instansi_nama": [agency] * count,
            "unit_nama": units,
            "periode_nama": periods,
            "hasil_kerja": ["Sesuai"] * count,
            "perilaku_kerja": ["Sesuai"] * count,
        },
        dtype="str",
    )
    raw = RawTable("a.csv", "", "ekinerja-csv", "penilaian", frame, np.arange(2, count + 2))
    return clean([raw], register=register, key=b"k" * 32)


def test_a_name_means_the_unit_of_its_time(register: Register) -> None:
    assert register.unit("Bidang Sama", "dinas-c", "2024-Q2") == ("dinas-c.satu", "")
    assert register.unit("Bidang Sama", "dinas-c", "2025-Q2") == ("dinas-c.dua", "")
    assert register.unit("Bidang Sama", "dinas-c") == (None, "nama_ganda")
    assert {entry.code for entry in register.at("2023").entries} == {
        "dinas-a", "dinas-b", "dinas-a.tata", "dinas-b.tata",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "day", "expected", "kind"),
    [
        ("dinas-c.data", date(2024, 5, 1), "dinas-c.data", "sama"),
        ("dinas-c.data", date(2025, 5, 1), "dinas-c.informasi", "ganti_nama"),
        ("dinas-c.informasi", date(2024, 5, 1), "dinas-c.data", "ganti_nama"),
        ("dinas-a.tata", date(2024, 5, 1), "dinas-c.umum", "gabung"),
        ("dinas-c.umum", date(2023, 5, 1), None, "pecah"),
        ("dinas-c.besar", date(2025, 5, 1), None, "pecah"),
        ("dinas-c.kiri", date(2024, 5, 1), "dinas-c.besar", "gabung"),
        ("dinas-c.tutup", date(2025, 5, 1), None, "tanpa_penerus"),
        ("tidak-terdaftar", date(2025, 5, 1), None, "tanpa_penerus"),
    ],
)
def test_trace(register: Register, code: str, day: date, expected: str | None, kind: str) -> None:
    assert register.lineage(code, f"{day:%Y-%m}").kind == kind
    step = trace(register, code, day)
    assert (step.code, step.kind) == (expected, kind)


def test_rows_that_name_a_unit_of_another_time(register: Register) -> None:
    found = _clean(
        register,
        "Dinas Perdagangan",
        ["Bidang Data", "Bidang Data", "Bidang Besar", "Bidang Informasi", "Bidang Tutup", "Bidang Umum"],
        ["2024-Q4", "2025-Q1", "2025-Q1", "2024-Q4", "2025-Q1", "2025-Q1"],
    )
    units = found.tables["penilaian"]["unit_kerja"]
    assert units.iloc[[0, 1, 3, 4, 5]].tolist() == [
        "dinas-c.data", "dinas-c.informasi", "dinas-c.data", "dinas-c.tutup", "dinas-c.umum",
    ]  # fmt: skip
    assert pd.isna(units.iloc[2])
    assert found.cells[["field", "reason", "detail"]].values.tolist() == [
        ["unit_kerja", "unit_sudah_dipecah", "Bidang Kanan | Bidang Kiri"]
    ]
    notes = found.decisions[found.decisions["field"] == "unit_kerja"]
    assert set(notes["decision"]) == {
        "memakai_nama_lama", "memakai_nama_baru", "sesudah_ditutup", "dikosongkan",
    }  # fmt: skip
    assert "dinas-c.data → dinas-c.informasi" in notes["value"].tolist()


def test_an_agency_before_and_after_its_merger(register: Register) -> None:
    old = _clean(register, "Dinas Pasar", ["Bidang Tata Usaha"] * 2, ["2023-Q4", "2024-Q1"]).tables[
        "penilaian"
    ]
    assert old["instansi"].tolist() == ["dinas-a", "dinas-c"]
    assert old["unit_kerja"].iloc[0] == "dinas-a.tata"
    assert old["unit_kerja"].iloc[1] in ("dinas-c.umum", None) or pd.isna(old["unit_kerja"].iloc[1])


def test_tables_of_one_date(register: Register) -> None:
    frame = pd.DataFrame(
        {
            "instansi": ["dinas-a", "dinas-b", "dinas-c", "dinas-c", "dinas-c"],
            "unit_kerja": ["dinas-a.tata", "dinas-b.tata", "dinas-c.data", "dinas-c.besar", None],
            "nilai": [1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    before = frame.copy()
    found = harmonise({"x": frame}, register, "2025")
    assert found.tables["x"]["instansi"].tolist() == ["dinas-c"] * 5
    assert found.tables["x"]["unit_kerja"].iloc[:4].tolist() == [
        "dinas-c.umum", "dinas-c.umum", "dinas-c.informasi", "dinas-c.besar",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(frame, before)
    listed = found.changes.set_index("kode")
    assert listed.loc["dinas-c.besar", ["kode_baru", "jenis", "baris"]].tolist() == ["", "pecah", 1]
    assert listed.loc["dinas-a.tata", ["kode_baru", "jenis"]].tolist() == ["dinas-c.umum", "gabung"]
    back = harmonise({"x": found.tables["x"]}, register, "2023-Q4")
    assert back.tables["x"]["unit_kerja"].iloc[0] == "dinas-c.umum"  # which of the two it was is not known


def test_settle_before_a_merger_keeps_the_name(register: Register) -> None:
    found = settle(register, "dinas-c.umum", "2023-Q1")
    assert (found.code, found.note) == ("dinas-c.umum", "sebelum_berlaku")


def test_a_wrong_date_in_the_register(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS.replace("2017-01-01", "1 Januari 2017"), encoding="utf-8")
    with pytest.raises(CleaningError):
        Register.load(tmp_path / "units.csv")


def test_a_name_read_in_spite_of_its_spelling_is_noted(register: Register) -> None:
    found = _clean(register, "Dinas Perdagangann", ["Bidang Informasy", "Bid. Umum"], ["2025-Q1"] * 2)
    notes = found.decisions[found.decisions["decision"] == "nama_didekati"]
    assert notes[["field", "value", "count"]].values.tolist() == [
        ["instansi", "Dinas Perdagangann = Dinas Perdagangan", 2],
        ["unit_kerja", "Bidang Informasy = Bidang Informasi", 1],
    ]


def test_entries_that_contradict_are_all_listed(tmp_path: Path) -> None:
    lines = UNITS.replace("dinas-c.informasi\n", "dinas-c.hilang\n", 1).replace(
        "dinas-c.tutup,Bidang Tutup,unit,dinas-c,,,2024-01-01,2024-06-30",
        "dinas-c.tutup,Bidang Tutup,unit,dinas-x,,,2024-01-01,2023-06-30",
    )
    (tmp_path / "units.csv").write_text(lines + lines.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(CleaningError) as caught:
        Register.load(tmp_path / "units.csv")
    text = caught.value.text("en")
    for words in (
        "dinas-a: 2 times",
        "no such penerus: dinas-c.hilang",
        "no such induk: dinas-x",
        "ends before",
    ):
        assert words in text
