"""Span of control with vacant posts, and the parts of a facility index with missing ones, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.panel import facility_index, leadership_index
from kinerja_lib.schema.tables import typed


def forms(**columns):
    n = len(columns["jumlah_bawahan"])
    base = {"instansi": ["a"] * n, "unit_kerja": [f"a.{i}" for i in range(n)], "periode": ["2025-Q1"] * n}
    return typed(pd.DataFrame({**base, **columns}), "kepemimpinan")


def appraisals(*rows):
    people, raters, units, periods = zip(*rows, strict=True)
    frame = pd.DataFrame(
        {"id_pegawai": people, "id_penilai": raters, "unit_kerja": units, "periode": periods}
    )
    return typed(frame.assign(instansi="a", skema="PermenPANRB6", predikat="Baik"), "penilaian")


def test_span_counts_people_and_never_vacant_posts():
    # 10 and 20 led; one whose posts are all vacant; one that did not say
    rows = forms(jumlah_bawahan=[10, 20, 0, None], id_penilai=["L1", "L2", "L3", None])
    done = appraisals(
        *((f"P{i}", "L1", "a.0", "2025-Q1") for i in range(9)),
        ("P9", "L2", "a.1", "2025-Q2"),
        ("P8", "L1", "a.1", "2025-Q1"),
    )
    found = ind.span_of_control(rows, done, ()).iloc[0]
    assert (found["leaders"], found["forms"], found["span"], found["smallest"], found["largest"]) == (
        4,
        4,
        15,
        10,
        20,
    )
    assert (found["without_staff"], found["unknown"], found["several"]) == (1, 1, 0)
    assert (found["matched"], found["stated"], found["rated"]) == (
        1,
        10,
        9,
    )  # others: another quarter, another unit
    assert ind.span_of_control(rows, done)["instansi"].tolist() == ["a"]


def test_a_leader_of_two_units_leads_both():
    rows = forms(jumlah_bawahan=[10, 20, 6], id_penilai=["L1", "L1", "L2"])
    done = appraisals(("P1", "L1", "a.0", "2025-Q1"))
    found = ind.span_of_control(rows, done, ()).iloc[0]
    assert (found["leaders"], found["several"], found["span"], found["largest"]) == (2, 1, 18, 30)
    assert ind.span_of_control(rows, done, ("unit_kerja",))["span"].tolist() == [10, 20, 6]


def test_span_of_nobody_is_unknown():
    found = ind.span_of_control(
        forms(jumlah_bawahan=[0, 0], id_penilai=[None, None]), appraisals(("P1", "L1", "a.0", "2025-Q1")), ()
    ).iloc[0]
    assert np.isnan(found["span"]) and found["without_staff"] == 2 and found["matched"] == 0


def test_leadership_index_by_hand_and_by_weight():
    rows = forms(rapat_rencana=[10, 0], rapat_terlaksana=[12, 3], umpan_balik=[5, 4], bimbingan=[10, 4], apresiasi=[0, 4],
                 jumlah_bawahan=[10, 0])  # fmt: skip
    found = leadership_index(rows)
    # held 12 of 10 counts 1; feedback 0.5, guidance 1, recognition 0: mean 0.625. No meetings planned, no staff: nothing known
    assert found["kepemimpinan_indeks"].iloc[0] == pytest.approx(62.5) and np.isnan(
        found["kepemimpinan_indeks"].iloc[1]
    )
    assert found["parts_missing"].tolist() == ["", "rapat, umpan_balik, bimbingan, apresiasi"]
    only = leadership_index(rows, weights={"rapat": 3.0, "bimbingan": 0.0, "apresiasi": 0.0})
    assert only["kepemimpinan_indeks"].iloc[0] == pytest.approx(100 * (3 * 1 + 1 * 0.5) / 4)


def books(*rows):
    names = ["unit_kerja", "kelompok_fasilitas", "kode_barang", "jumlah_baik", "jumlah_kurang_baik", "jumlah_rusak_berat",
             "kecepatan_internet", "ketersediaan_aplikasi"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names).assign(instansi="a", periode="2025-Q1")
    return typed(frame, "fasilitas")


STAFF = pd.DataFrame(
    {"unit_kerja": ["a.full", "a.bare", "a.none"], "tahun": [2025] * 3, "jumlah": [10, 10, 10]}
)
ASKED = pd.DataFrame({"unit_kerja": ["a.full", "a.bare", "a.none"], "periode": ["2025-Q1"] * 3})
ROWS = books(
    # 6 good, 2 fair, 2 bad devices: condition (6 + 1) / 10 = 0.7; 8 usable for 10 people = 0.8
    ("a.full", "Perangkat TI", "1", 6, 2, 2, None, None), ("a.full", "Jaringan", None, None, None, None, 50.0, 90.0),
    # a book without devices: condition known, devices 0; no form of the network
    ("a.bare", "Ruang kerja", "2", 1, 0, 0, None, None),
)  # fmt: skip


def test_a_unit_without_assets_is_unknown_and_one_without_devices_has_none():
    found = facility_index(ROWS, STAFF, ASKED).set_index("unit_kerja")
    full, bare, none = (found.loc[name] for name in ASKED["unit_kerja"])
    assert full[["kondisi", "perangkat", "internet", "aplikasi"]].tolist() == pytest.approx(
        [0.7, 0.8, 0.5, 0.9]
    )
    assert full["fasilitas_indeks"] == pytest.approx(72.5) and full["parts_missing"] == ""
    assert (bare["kondisi"], bare["perangkat"], bare["fasilitas_indeks"]) == (1, 0, 50)
    assert bare["parts_missing"] == "internet, aplikasi"
    assert (
        np.isnan(none["fasilitas_indeks"])
        and none["parts_missing"] == "kondisi, perangkat, internet, aplikasi"
    )


def test_parts_by_group_leave_missing_ones_out():
    parts = facility_index(ROWS, STAFF, ASKED).assign(instansi="a", staff=10)
    found = ind.part_summary(parts).iloc[0]
    assert (found["units"], found["staff"]) == (3, 30)
    assert found["kondisi"] == pytest.approx(0.85) and found["internet"] == 0.5
    assert found["fasilitas_indeks"] == pytest.approx((72.5 + 50) / 2)
    shares = [found[f"{name}_missing"] for name in ("kondisi", "perangkat", "internet", "aplikasi")]
    assert shares == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])


def test_weights_change_the_index_and_zero_leaves_a_part_out():
    found = facility_index(ROWS, STAFF, ASKED, weights={"kondisi": 0.0, "internet": 2.0})
    assert found["fasilitas_indeks"].iloc[0] == pytest.approx(100 * (0.8 + 2 * 0.5 + 0.9) / 4)
