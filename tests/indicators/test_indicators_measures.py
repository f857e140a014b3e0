"""Each indicator on an example worked by hand or taken from its regulation; boundary values decided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from kinerja_lib import indicators as ind
from kinerja_lib.errors import UsageError
from kinerja_lib.samples import synthetic_tables
from kinerja_lib.schema.tables import typed


def table(name, **columns):
    frame = pd.DataFrame(columns)
    for column in frame:
        if column.startswith("tanggal"):
            frame[column] = pd.to_datetime(frame[column])
    return typed(frame, name)


def panel(periods, predikat, people=None, **columns):
    score = {"Kurang/Misconduct": 2, "Butuh Perbaikan": 3, "Baik": 4, "Sangat Baik": 5}
    return table(
        "panel",
        id_pegawai=people or ["P1"] * len(periods),
        periode=periods,
        instansi=["a"] * len(periods),
        predikat=predikat,
        predikat_skor=[score[name] for name in predikat],
        **columns,
    )


PEOPLE = table(
    "pegawai",
    id_pegawai=["P1", "P2", "P3", "P4"],
    tahun=[2025] * 4,
    instansi=["a"] * 4,
    unit_kerja=["a.u", "a.u", "a.v", "a.v"],
    status_pegawai=["PNS", "PNS", "PPPK", "PPPK"],
    jenis_jabatan=["Pelaksana", "Pengawas", "Fungsional", "Fungsional"],
    jenjang_jabatan=[None, None, "Ahli Muda", "Ahli Pertama"],
    pendidikan=["SMA", "S2", "D4/S1", "D3"],
)
TRAINING = table(
    "pelatihan",
    id_pegawai=["P1", "P1", "P2", "P3", "P2"],
    instansi=["a"] * 5,
    jenis_pelatihan=["Seminar", "Teknis", "Kepemimpinan", "Teknis", "Teknis"],
    nama_pelatihan=list("pqrst"),
    tanggal_selesai=["2025-03-01", "2025-12-31", "2019-05-01", "2025-06-30", "2026-01-01"],
    jp=[6, 14, 300, 23.5, 40],
    biaya=[60000, None, None, 235000, None],
)
APPRAISED = table(
    "penilaian",
    id_pegawai=["P1", "P2", "P3", "P1"],
    periode=["2025", "2025", "2025", "2025-Q1"],
    instansi=["a"] * 4,
    unit_kerja=["a.u", "a.u", "a.v", "a.u"],
    skema=["PermenPANRB6"] * 4,
    predikat=["Sangat Baik", "Baik", "Butuh Perbaikan", "Baik"],
    predikat_berbeda=[False, True, False, None],
    tanggal_penilaian=["2026-01-31", "2026-02-01", None, "2025-04-30"],
    tanggal_penetapan_skp=["2025-01-31", "2025-02-01", None, "2025-01-31"],
    skp_berjenjang=[True, False, None, True],
)
SANCTIONS = table(
    "hukuman",
    id_pegawai=["P2", "P2"],
    tingkat_hukuman=["Ringan", "Sedang"],
    tanggal=["2025-02-02", "2025-05-05"],
)
REWARDS = table("penghargaan", id_pegawai=["P1"], jenis_penghargaan=["x"], tanggal=["2026-02-10"])


def test_shares_hold_every_level():
    shares = ind.predikat_shares(APPRAISED, ())
    assert shares["count"].tolist() == [0, 0, 1, 2, 1] and shares["share"].sum() == 1


def test_curve_is_scaled_and_distance_is_the_part_to_move():
    curve = ind.expected_curve("Baik")
    assert curve.sum() == pytest.approx(1) and curve["Baik"] == pytest.approx(52 / 99)
    frame = panel(
        ["2025-Q1"] * 2, ["Baik", "Baik"], ["P1", "P2"], tahun=[2025] * 2, predikat_organisasi=["Baik"] * 2
    )
    assert ind.against_curve(frame)["distance"].iloc[0] == pytest.approx(1 - 52 / 99)
    with pytest.raises(UsageError):
        ind.expected_curve("Luar Biasa")


def test_limits_of_se_3_2023():
    exact = ind.limits_test({"Sangat Baik": 7, "Baik": 3}, "Istimewa").iloc[0]
    assert exact["met"] and exact["verdict"] == "met"
    little = ind.limits_test({"Sangat Baik": 8, "Baik": 2}, "Istimewa").iloc[0]
    assert little["p_value"] == pytest.approx(binom.sf(7, 10, 0.7)) and little["verdict"] == "unclear"
    assert ind.limits_test({"Sangat Baik": 90, "Baik": 10}, "Istimewa")["verdict"].tolist() == ["broken"]
    assert ind.limits_test({"Baik": 60, "Sangat Baik": 40}, "Baik")["verdict"].tolist() == ["met", "broken"]
    lowest = ind.limits_test({"Sangat Kurang": 50, "Butuh Perbaikan": 49, "Sangat Baik": 1}, "Sangat Kurang")
    assert lowest["verdict"].tolist() == ["broken", "met", "broken"]
    assert ind.limits_test({}, "Baik").empty


def test_transitions_need_neighbouring_quarters():
    frame = panel(["2025-Q1", "2025-Q2", "2025-Q4"], ["Baik", "Sangat Baik", "Baik"])
    moves = ind.transitions(frame)
    assert moves[moves["count"] > 0][["from", "to", "count"]].astype("object").values.tolist() == [
        ["Baik", "Sangat Baik", 1]
    ]


def test_mismatch_leaves_unknown_rows_out():
    assert ind.matrix_mismatch(APPRAISED)[["count", "n"]].values.tolist() == [[1, 3]]


def test_training_rights_at_exactly_twenty_hours():
    hours = ind.yearly_hours(PEOPLE, TRAINING, 2025)
    assert hours["jp"].tolist() == [20, 0, 23.5, 0]
    assert hours["met"].tolist() == [True, False, False, False]
    assert hours["owed"].tolist() == [0, 20, 0.5, 24]
    assert ind.rights_met(hours, ())[["n", "met", "none", "owed"]].values.tolist() == [[4, 1, 2, 44.5]]
    assert ind.rights_met(hours, ("status_pegawai",))["share"].tolist() == [0.5, 0]
    early = ind.yearly_hours(PEOPLE, TRAINING, 2025, until="2025-12-30", rights={"PPPK": 20})
    assert early["met"].tolist() == [False, False, True, False]


def test_hours_by_kind():
    kinds = ind.hours_by_kind(TRAINING, 2025).set_index("jenis_pelatihan")
    assert kinds.loc["Teknis", "jp"] == 37.5 and kinds.loc["Teknis", "cost_per_jp"] == 10000
    assert kinds["share"].sum() == pytest.approx(1)
    assert ind.hours_by_kind(TRAINING, 2025, ("instansi",), until="2025-06-30")["jp"].sum() == 29.5


def test_ip_asn_by_hand():
    scores = ind.ip_asn_scores(PEOPLE, TRAINING, APPRAISED, SANCTIONS, 2025).set_index("id_pegawai")
    # P1 Pelaksana, SMA, 20 JP, seminar, Sangat Baik, no sanction: 5 + 40 + 30 + 5
    assert scores.loc["P1", ["kualifikasi", "kompetensi", "kinerja", "disiplin"]].tolist() == [5, 40, 30, 5]
    assert scores.loc["P1", "total"] == 80 and scores.loc["P1", "kategori"] == "Sedang"
    # P2 Pengawas, S2, leadership course of 2019, Baik, heaviest sanction sedang: 20 + 15 + 25 + 2
    assert scores.loc["P2", "total"] == 62 and scores.loc["P2", "kategori"] == "Rendah"
    assert not scores.loc["P4", "complete"]
    summary = ind.ip_asn_summary(scores.reset_index())
    assert summary["n"].tolist() == [3] and summary["incomplete"].tolist() == [1]
    assert len(ind.ip_asn_summary(scores.reset_index(), ())) == 1


def test_what_raises_ip_asn_by_hand():
    found = ind.ip_asn_levers(PEOPLE, TRAINING, 2025).set_index("lever")
    # P2 and P4 lack all of 20 JP (15 points each); P2, P3, P4 a seminar of 6 JP (10 each); P3, P4 their course
    assert found["lacking"].to_dict() == {"seminar": 3, "jp": 2, "diklat": 2}
    assert found["gain"].to_dict() == {"seminar": 7.5, "jp": 7.5, "diklat": 7.5}
    assert (
        found.loc["jp", "jp"] == 40
        and found.loc["seminar", "jp"] == 18
        and np.isnan(found.loc["diklat", "jp"])
    )
    assert found.loc["seminar", "gain_per_100_jp"] == pytest.approx(41.667, abs=1e-3)
    assert list(found.index) == ["seminar", "jp", "diklat"]
    by = ind.ip_asn_levers(PEOPLE, TRAINING, 2025, ("unit_kerja",))
    assert by.groupby("unit_kerja")["lacking"].sum().to_dict() == {"a.u": 2, "a.v": 5}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (100, "Sangat Tinggi"),
        (90, "Tinggi"),
        (80.5, "Tinggi"),
        (80, "Sedang"),
        (60, "Sangat Rendah"),
        (60.1, "Rendah"),
    ],
)
def test_ip_asn_categories_between_the_bands(value, name):
    assert ind.ip_category(value) == name


def test_credit_points():
    assert ind.credit_points("Ahli Madya", "Sangat Baik") == 56.25
    assert ind.credit_points("Ahli Pertama", "Butuh Perbaikan", months=4) == pytest.approx(3.125)
    with pytest.raises(UsageError):
        ind.credit_points("Ahli", "Baik")
    found = ind.credit_summary(APPRAISED, PEOPLE, 2025)
    assert found.values.tolist() == [["Ahli Muda", 1, 18.75, 18.75, 0.0]]


def test_follow_up():
    rows = ind.qualification(APPRAISED, SANCTIONS, REWARDS, 2025).set_index("id_pegawai")
    assert rows["reward"].to_dict() == {"P1": True, "P2": False, "P3": False}
    assert rows["coaching"].to_dict() == {"P1": False, "P2": False, "P3": True}
    assert rows.loc["P1", "days_to_reward"] == 10
    total = ind.follow_up_summary(rows.reset_index(), ()).iloc[0]
    assert (total["reward"], total["reward_met"], total["coaching"], total["share_met"]) == (1, 1, 1, 1)


def test_reward_rates_use_the_last_row():
    frame = panel(
        ["2025-Q1", "2025-Q2", "2025-Q2"],
        ["Baik", "Sangat Baik", "Baik"],
        ["P1", "P1", "P2"],
        penghargaan_12_bulan=[0, 1, 0],
        hukuman_12_bulan=[0, 0, 1],
        jenis_kelamin=["P", "P", "L"],
    )
    rates = ind.reward_rates(frame, "jenis_kelamin").set_index("jenis_kelamin")
    assert rates["n"].tolist() == [1, 1] and rates.loc["P", "reward_rate"] == 1
    assert rates.loc["L", "ratio"] == 0 and rates.loc["L", "sanction_rate"] == 1


def service(*rows):
    data = {f"unsur_{i + 1}": [row[i] for row in rows] for i in range(9)}
    count = len(rows)
    return table(
        "layanan", instansi=["a"] * count, unit_kerja=[f"a.{i}" for i in range(count)],
        periode=["2024-S2"] * count,
        jumlah_responden=[10 * (i + 1) for i in range(count)], **data,
    )  # fmt: skip


def test_ikm_by_hand():
    found = ind.ikm(service([3.0] * 8 + [2.0], [None] + [3.0] * 8))
    assert found["ikm"].iloc[0] == pytest.approx(26 / 9 * 25) and found["weakest"].iloc[0] == "unsur_9"
    assert found["kategori"].tolist()[0] == "C" and np.isnan(found["ikm"].iloc[1])
    total = ind.ikm_summary(service([3.0] * 9, [4.0] * 9))
    assert (
        total["ikm"].iloc[0] == pytest.approx((10 * 3 + 20 * 4) / 30 * 25)
        and total["kategori"].iloc[0] == "A"
    )
    later = service([3.2] * 9).assign(periode="2025-S1")
    trend = ind.ikm_trend(pd.concat([service([3.0] * 9), later]))
    assert trend["change"].iloc[1] == pytest.approx(5.0) and np.isnan(trend["change"].iloc[0])


def test_the_widest_error_of_ikm_by_hand():
    # units of 10 and 20 respondents with means 3 and 4: spread 10·2·1 + 20·3·0 = 20; 25·√20/30
    total = ind.ikm_summary(service([3.0] * 9, [4.0] * 9)).iloc[0]
    assert total["error"] == pytest.approx(25 * np.sqrt(20) / 30)
    # no answers on 1–4 with that mean spread wider: half say 1, half say 4
    rng = np.random.default_rng(3)
    means = 25 * rng.choice([1.0, 4.0], size=(4000, 40)).mean(axis=1)
    half = service([2.5] * 9).assign(jumlah_responden=40)
    assert ind.ikm_summary(half).iloc[0]["error"] == pytest.approx(means.std(), rel=0.05)
    small, large = service([3.0] * 9), service([3.4] * 9).assign(periode="2025-S1")
    few = ind.ikm_trend(pd.concat([small, large])).iloc[1]
    assert few["change"] == pytest.approx(10) and not few["moved"] and few["change_low"] < 0
    many = pd.concat([small, large]).assign(jumlah_responden=400)
    row = ind.ikm_trend(many).iloc[1]
    assert row["moved"] and row["low"] < row["ikm"] < row["high"] and not ind.ikm_trend(many).iloc[0]["moved"]
    best = ind.ikm_trend(service([4.0] * 9)).iloc[0]
    assert best["low"] == best["high"] == 100


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (88.31, "A"),
        (88.30, "B"),
        (88.305, "A"),
        (76.61, "B"),
        (76.60, "C"),
        (65, "C"),
        (64.99, "D"),
        (20, ""),
    ],
)
def test_ikm_categories(value, name):
    assert ind.ikm_category(value) == name


def test_skp_on_31_january_is_on_time():
    skp = ind.skp_of_year(APPRAISED, PEOPLE, 2025)
    assert skp["on_time"].tolist() == [True, False, False, False]
    total = ind.skp_summary(skp, ()).iloc[0]
    assert (total["n"], total["without"], total["known"], total["share_cascaded"]) == (4, 2, 2, 0.5)


def test_completeness_and_timeliness():
    done = ind.completeness(APPRAISED, PEOPLE, "2025", ())
    assert done[["staff", "appraised", "without", "share"]].values.tolist() == [[4, 3, 1, 0.75]]
    quarters = ind.completeness_by_quarter(APPRAISED, PEOPLE, 2025)
    assert quarters["appraised"].tolist() == [1, 0, 0, 0]
    time = ind.timeliness(APPRAISED, ("periode",)).set_index("periode")
    assert time.loc["2025", ["n", "in_time", "undated"]].tolist() == [2, 1, 1]
    assert time.loc["2025-Q1", "share"] == 1


def test_leadership_sums():
    forms = table(
        "kepemimpinan", instansi=["a", "a"], unit_kerja=["a.u", "a.v"], periode=["2025-Q1"] * 2,
        rapat_rencana=[10, 10], rapat_terlaksana=[5, 10], umpan_balik=[30, 0], jumlah_bawahan=[10, 20],
    )  # fmt: skip
    for found in (ind.leadership_summary(forms).iloc[0], ind.leadership_summary(forms, ()).iloc[0]):
        assert (found["share_held"], found["span"], found["umpan_balik_per_staff"]) == (0.75, 15, 1.0)
        assert found["no_feedback"] == 1 and np.isnan(found["bimbingan_per_staff"])


def test_cronbach_alpha_by_hand():
    # variances 1 and 1, sum 2, 4, 6 has variance 4: 2 · (1 − 2/4) = 1
    assert ind.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})) == pytest.approx(1)
    # variances 1 and 1, covariance 0.5, sum variance 3: 2 · (1 − 2/3)
    assert ind.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})) == pytest.approx(2 / 3)
    assert np.isnan(ind.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3]})))


def test_survey_scales_hide_small_groups():
    rows = pd.DataFrame(
        {
            "id_responden": np.repeat([f"R{i}" for i in range(8)], 2),
            "instansi": np.repeat(["a"] * 6 + ["b"] * 2, 2),
            "instrumen": "kesadaran",
            "butir": ["K1", "K2"] * 8,
            "skor": [4, 2, 5, 3, 3, 3, 4, 4, 2, 2, 4, 2, 1, 1, 1, 1],
        }
    )
    found = ind.survey_scales(rows).set_index("instansi")
    assert found.loc["a", "mean"] == pytest.approx(38 / 12) and found.loc["a", "agreement"] == pytest.approx(
        5 / 12
    )
    assert found.loc["b", "respondents"] == 2 and np.isnan(found.loc["b", "mean"])


def test_stagnation():
    quarters = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    frame = panel(
        quarters * 3, ["Baik"] * 4 + ["Sangat Baik"] * 4 + ["Baik"] * 3 + ["Butuh Perbaikan"],
        ["P1"] * 4 + ["P2"] * 4 + ["P3"] * 4, jp_12_bulan=[0.0] * 12,
    )  # fmt: skip
    assert ind.stagnation(frame, ())[["n", "count"]].values.tolist() == [[3, 1]]


def test_project_reports():
    rows = table(
        "laporan_tugas", instansi=["a"] * 4, unit_kerja=["a.u"] * 4, periode=["2025-Q1"] * 4,
        judul_tugas=list("pqrs"), status_tugas=["Selesai", "Selesai terlambat", "Dihentikan", "Berjalan"],
        persen_capaian=[100, 100, 20, 60], kelas_kendala=["TI", "TI", "Sarana", "Tidak ada"],
    )  # fmt: skip
    found = ind.project_summary(rows, ()).iloc[0]
    assert (found["finished"], found["share_on_time"], found["stopped"], found["mean_percent"]) == (
        2,
        0.5,
        1,
        70,
    )
    classes = ind.obstacles(rows)
    assert classes["kelas_kendala"].iloc[0] == "TI" and classes["share"].iloc[0] == pytest.approx(2 / 3)


def test_facilities():
    frame = panel(
        ["2025-Q1"] * 3, ["Baik"] * 3, ["P1", "P2", "P3"], unit_kerja=["a.u", "a.u", "a.v"],
        fasilitas_indeks=[40.0, 40.0, 60.0], akses_ti_indeks=[50.0, 50.0, None],
    )  # fmt: skip
    summary = ind.facility_summary(frame)
    assert summary["staff"].tolist() == [2, 1]
    assert ind.facility_summary(frame, ("instansi",))["fasilitas_indeks"].tolist() == [50.0]
    assert ind.facility_gaps(summary)[["unit_kerja", "gap"]].values.tolist() == [["a.u", 20.0]]
    parts = pd.DataFrame({"kondisi": [1, None], "internet": [1, 1]})
    assert ind.missing_facilities(parts)["missing"].tolist() == [1, 0]


def test_limits_on_the_sample():
    tables = synthetic_tables(agencies=2, employees=150).tables
    annual = tables["penilaian"][tables["penilaian"]["periode"] == "2025"]
    checked = ind.limits_check(annual, ("instansi",))
    assert set(checked["verdict"]) <= {"met", "broken", "unclear"} and len(checked) >= 2
    nobody = annual.assign(predikat_organisasi=None)
    assert ind.limits_check(nobody, ("instansi",)).empty
    assert set(ind.__all__) == set(ind._HOMES)
    with pytest.raises(AttributeError):
        ind.nothing
