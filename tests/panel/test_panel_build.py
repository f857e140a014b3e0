"""The panel on synthetic tables: its schema, its windows, its unit indices, and who was lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import SchemaError
from kinerja_lib.panel import build_panel, facility_index, leadership_index, survey_index
from kinerja_lib.panel.alignment import latest, window_sums
from kinerja_lib.samples import synthetic_tables
from kinerja_lib.schema.tables import faults, typed


@pytest.fixture(scope="module")
def sample():
    return synthetic_tables(agencies=4, employees=400)


@pytest.fixture(scope="module")
def built(sample):
    return build_panel(sample.tables)


def test_panel_keeps_its_table(built):
    assert faults(built.panel, "panel") == []
    assert built.panel["periode"].str.contains("Q").all()


def test_exposures_agree_with_the_process_that_made_the_sample(sample, built):
    joined = built.panel.merge(sample.exposed, on=["id_pegawai", "periode"], suffixes=("", "_made"))
    assert len(joined) == len(built.panel) == len(sample.exposed)
    for name in ("jp_12_bulan", "fasilitas_indeks", "kepemimpinan_indeks"):
        np.testing.assert_allclose(joined[name], joined[f"{name}_made"], atol=1e-9)


def test_coverage_accounts_for_every_row(sample, built):
    dropped = built.coverage[built.coverage["effect"] == "dibuang"]
    assert len(sample.tables["penilaian"]) - dropped["lost"].sum() == len(built.panel)
    assert (built.coverage["rows_before"] == built.coverage["rows_after"] + built.coverage["lost"]).all()


def test_absent_tables_leave_missing_values_not_zeros(sample):
    panel = build_panel({"penilaian": sample.tables["penilaian"]}).panel
    assert panel[["jp_12_bulan", "fasilitas_indeks", "hukuman_12_bulan", "usia"]].isna().all(axis=None)


def test_an_agency_without_training_records_is_missing_not_zero(sample):
    tables = dict(sample.tables)
    people = tables["penilaian"].loc[tables["penilaian"]["instansi"] == "dinas-kesehatan", "id_pegawai"]
    tables["pelatihan"] = tables["pelatihan"][~tables["pelatihan"]["id_pegawai"].isin(set(people))]
    panel = build_panel(tables).panel
    silent = panel["instansi"] == "dinas-kesehatan"
    assert silent.any() and panel.loc[silent, "jp_12_bulan"].isna().all()
    assert panel.loc[~silent, "jp_12_bulan"].notna().all()


def test_a_repeated_key_or_no_appraisals_is_refused(sample):
    twice = pd.concat([sample.tables["penilaian"]] * 2)
    with pytest.raises(SchemaError):
        build_panel({"penilaian": twice})
    with pytest.raises(SchemaError):
        build_panel({})


def test_tables_are_not_changed(sample):
    before = sample.tables["penilaian"].copy()
    build_panel(sample.tables)
    pd.testing.assert_frame_equal(before, sample.tables["penilaian"])


def test_window_is_four_quarters_and_latest_respects_age():
    group, time = np.array([0, 0, 1]), np.array([8000, 8004, 8004])
    sums = window_sums(group, time, np.array([10.0, 5.0, 7.0]), np.array([0, 0, 1, 0]),
                       np.array([8003, 8004, 8003, 7999]))  # fmt: skip
    assert sums.tolist() == [10.0, 5.0, 0.0, 0.0]
    place = latest(group, time, np.array([0, 0, 1, 1, -1]), np.array([8003, 8009, 8003, 8004, 8004]), 4)
    assert place.tolist() == [0, -1, -1, 2, -1]


def test_facility_index_by_hand():
    rows = typed(
        pd.DataFrame(
            {
                "instansi": ["a"] * 3,
                "unit_kerja": ["a.u"] * 3,
                "periode": ["2024", "2024", "2024-Q2"],
                "kelompok_fasilitas": ["Perangkat TI", "Ruang kerja", "Jaringan"],
                "jumlah_baik": [6, 4, None],
                "jumlah_kurang_baik": [2, 4, None],
                "jumlah_rusak_berat": [2, 2, None],
                "kecepatan_internet": [None, None, 50.0],
            }
        ),
        "fasilitas",
    )
    head = pd.DataFrame({"unit_kerja": ["a.u"], "tahun": [2024], "jumlah": [10]})
    asked = pd.DataFrame({"unit_kerja": ["a.u", "a.u", "a.x"], "periode": ["2024-Q2", "2024-Q1", "2024-Q1"]})
    index = facility_index(rows, head, asked)
    # condition (10 + 0.5 × 6) / 20 = 0.65, devices 8 / 10 = 0.8, internet 0.5, applications missing
    assert index["fasilitas_indeks"].tolist()[:2] == pytest.approx([65.0, 72.5])
    assert index["akses_ti_indeks"].tolist()[:2] == pytest.approx([65.0, 80.0])
    assert index["parts_missing"].tolist()[:2] == ["aplikasi", "internet, aplikasi"]
    assert np.isnan(index["fasilitas_indeks"].iloc[2])


def test_leadership_index_by_hand():
    form = pd.DataFrame(
        {
            "unit_kerja": ["a.u", "a.v"],
            "periode": ["2024-Q1"] * 2,
            "rapat_rencana": [12, 0],
            "rapat_terlaksana": [6, 0],
            "umpan_balik": [20, 5],
            "bimbingan": [5, 5],
            "apresiasi": [0, 10],
            "jumlah_bawahan": [10, 10],
        }
    )
    index = leadership_index(form)
    assert index["kepemimpinan_indeks"].tolist() == pytest.approx([50.0, 200 / 3])
    assert index["parts_missing"].tolist() == ["", "rapat"]


def test_survey_index_needs_enough_respondents():
    rows = pd.DataFrame(
        {
            "id_responden": [f"R{i}" for i in range(7)],
            "unit_kerja": ["a.u"] * 5 + ["a.v"] * 2,
            "periode": ["2024-Q3"] * 7,
            "instrumen": ["kesadaran"] * 7,
            "skor": [3, 4, 5, 4, 4, 1, 1],
        }
    )
    index = survey_index(rows, 5).set_index("unit_kerja")
    assert index.loc["a.u", "index"] == pytest.approx(75.0)
    assert np.isnan(index.loc["a.v", "index"]) and index.loc["a.v", "respondents"] == 2
