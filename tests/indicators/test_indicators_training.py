"""Need and offer of competence, lead time, cost, certificates, the programme; worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.errors import UsageError
from kinerja_lib.indicators.competence_needs import needs_of
from kinerja_lib.indicators.competence_training import competence_of
from kinerja_lib.indicators.keywords import Keywords
from kinerja_lib.indicators.regulation_tables import regulation
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.tables import typed


def table(name, **columns):
    frame = pd.DataFrame(columns)
    for column in frame:
        if column.startswith(("tanggal", "berlaku")):
            frame[column] = pd.to_datetime(frame[column])
    return typed(frame, name)


PEOPLE = table(
    "pegawai",
    id_pegawai=[f"P{n}" for n in range(1, 9)],
    tahun=[2025] * 8,
    instansi=["a"] * 5 + ["b"] * 3,
    unit_kerja=["a.u"] * 3 + ["a.v"] * 2 + ["b.u"] * 3,
    status_pegawai=["PNS"] * 7 + ["PPPK"],
    tmt_tahun=[2010] * 7 + [2025],
)
NEEDS = table(
    "kebutuhan_kompetensi",
    instansi=["a", "a", "a", "b"],
    unit_kerja=["a.u", "a.v", "a.u", "b.u"],
    tahun=[2025] * 4,
    jenis_kompetensi=["Teknis", "Teknis", None, "Teknis"],
    kompetensi=["Pengadaan Barang dan Jasa", "pengadaan barang/jasa", "Mengelola perubahan", "Tata Ruang"],
    tingkat_dibutuhkan=[3, 3, 4, None],
    tingkat_dimiliki=[2.0, 1.0, 4.5, None],
    jumlah_membutuhkan=[1, 2, 1, 3],
    tanggal_usulan=["2025-01-10", None, "2025-03-01", "2025-11-15"],
)
TRAINING = table(
    "pelatihan",
    id_pegawai=["P1", "P2", "P4", "P6", "P7", "P1", "P9"],
    instansi=["a", "a", "a", "b", "b", "a", "b"],
    jenis_pelatihan=["Teknis"] * 7,
    nama_pelatihan=["Bimtek Pengadaan Barang dan Jasa", "Diklat PBJ Dasar", "Manajemen Perubahan", "Tata Ruang Kota",
                    "Kiat Menulis", "Bimtek Pengadaan Barang dan Jasa", "Diklat PBJ Dasar"],
    tanggal_mulai=["2025-04-10", None, "2025-02-01", "2025-12-01", "2025-05-01", "2023-05-01", "2025-05-01"],
    tanggal_selesai=["2025-04-12", "2025-06-01", "2025-02-03", "2025-12-31", "2025-05-02", "2023-05-02", "2025-05-02"],
    jp=[20, 10, 16, 30, 8, 20, 10],
    biaya=[2_000_000, None, 800_000, None, 400_000, 1_000_000, None],
    berlaku_sampai=["2026-06-30", "2025-12-31", "2025-12-30", None, "2026-12-31", "2025-05-02", None],
)  # fmt: skip


def test_keywords_match_whole_words_and_say_which():
    words = Keywords({"Sarana": ["ruang*", "listrik"], "Anggaran": ["pagu anggaran"]})
    assert words.matches("RUANGAN sempit; Listrik-padam") == {"Sarana": "ruangan"}
    assert words.matches("Pagu  Anggaran kurang, ruang sempit") == {
        "Sarana": "ruang",
        "Anggaran": "pagu anggaran",
    }
    assert words.matches("elektrik dan paguanggaran") == {}
    texts = words.classes_of(pd.Series(["listrik", None, ""]))
    assert texts.tolist() == [("Sarana",), (), ()]
    for wrong in ({"x": []}, {"x": ["--"]}):
        with pytest.raises(UsageError):
            Keywords(wrong).matches("x")


def test_competence_table_is_the_regulation_s():
    table = regulation("competences")["kompetensi"]
    managerial = {name for name, entry in table.items() if entry["jenis"] == "Manajerial"}
    # PermenPANRB 38/2017: eight managerial competences and one socio-cultural
    assert managerial == {
        "Integritas", "Kerja Sama", "Komunikasi", "Orientasi pada Hasil", "Pelayanan Publik",
        "Pengembangan Diri dan Orang Lain", "Mengelola Perubahan", "Pengambilan Keputusan",
    }  # fmt: skip
    assert [name for name, entry in table.items() if entry["jenis"] == "Sosial Kultural"] == [
        "Perekat Bangsa"
    ]
    assert {entry["jenis"] for entry in table.values()} <= set(field("jenis_kompetensi").categories)
    assert set(regulation("obstacles")["kelas"]) == set(field("kelas_kendala").categories) - {"Tidak ada"}
    names = pd.Series(["pengadaan barang/jasa", "PELAYANAN PUBLIK", "Tata  Ruang", None])
    assert competence_of(names).tolist()[:3] == [
        "Pengadaan Barang dan Jasa",
        "Pelayanan Publik",
        "Tata Ruang",
    ]


def test_a_unit_s_surplus_covers_nobody_elsewhere():
    gap = ind.competence_gap(NEEDS, TRAINING, PEOPLE, 2025).set_index("kompetensi")
    # a.u needs one and trained two: one covered, one without need; a.v needs two and trained none
    assert gap.loc["Pengadaan Barang dan Jasa", ["units", "needed", "trained", "unmet", "without_need"]].tolist() == [
        2, 3, 1, 2, 1,
    ]  # fmt: skip
    assert gap.loc["Pengadaan Barang dan Jasa", "coverage"] == pytest.approx(1 / 3)
    # missing levels: one person lacks 1, two lack 2 each
    assert gap.loc["Pengadaan Barang dan Jasa", "gap"] == pytest.approx(5 / 3)
    # trained in a.v, which did not ask for it; a.u asked and its people hold more than needed
    assert gap.loc["Mengelola Perubahan", ["needed", "trained", "without_need", "gap"]].tolist() == [
        1,
        0,
        1,
        0,
    ]
    # a competence outside the table is sought by its own name
    assert gap.loc["Tata Ruang", ["needed", "trained", "unmet"]].tolist() == [3, 1, 2]
    assert gap.loc["Tata Ruang", "jenis_kompetensi"] == "Teknis" and np.isnan(gap.loc["Tata Ruang", "gap"])
    whole = ind.gap_summary(gap.reset_index()).iloc[0]
    assert whole[["needed", "trained", "unmet", "without_need"]].tolist() == [7, 2, 5, 2]
    assert whole["coverage"] == pytest.approx(2 / 7) and whole["coverage_by_level"] == pytest.approx(1 / 3)
    by = ind.gap_summary(ind.competence_gap(NEEDS, TRAINING, PEOPLE, 2025, ("instansi",)), ("instansi",))
    assert by.set_index("instansi")["coverage"].to_dict() == {"a": 0.25, "b": pytest.approx(1 / 3)}


def test_needs_by_person_are_exact():
    """PBJ: P1 and P2 of a.u and P9 were trained. Named: P1 (trained), P3 (not), and P1 again under another name."""
    named = table(
        "kebutuhan_kompetensi", instansi=["a"] * 5, unit_kerja=["a.u"] * 3 + ["a.v"] * 2, tahun=[2025] * 5,
        kompetensi=["Pengadaan Barang dan Jasa", "PBJ", "pengadaan barang/jasa", "PBJ", "PBJ"],
        id_pegawai=["P1", "P3", "P1", "P2", None], jumlah_membutuhkan=[1, 1, 1, 7, 1],
    )  # fmt: skip
    need = needs_of(named, 2025).set_index("unit_kerja")
    # a person counts once, whatever number stands beside the NIP
    assert need[["needed", "named"]].values.tolist() == [[2, 2], [2, 1]]
    gap = ind.competence_gap(named, TRAINING, PEOPLE, 2025, ("unit_kerja",))
    gap = gap[gap["kompetensi"] == "Pengadaan Barang dan Jasa"].set_index("unit_kerja")
    # a.v: P2 was trained while in a.u by the profile, and it is her need that is met; the unnamed one has nobody
    columns = ["needed", "named", "trained", "unmet", "without_need"]
    assert gap.loc["a.u", columns].tolist() == [2, 2, 1, 1, 0]
    assert gap.loc["a.v", columns].tolist() == [2, 1, 1, 1, 0]
    numbers = named.assign(id_pegawai=pd.Series([None] * 5, dtype="str"))
    bound = ind.gap_summary(ind.competence_gap(numbers.head(2), TRAINING, PEOPLE, 2025)).iloc[0]
    exact = ind.gap_summary(ind.competence_gap(named.head(2), TRAINING, PEOPLE, 2025)).iloc[0]
    assert (bound["coverage"], bound["named"]) == (1.0, 0) and (exact["coverage"], exact["named"]) == (0.5, 2)
    assert exact["without_need"] == bound["without_need"] + 1 == 2, "P2 was trained, P3 needed it"


def test_a_need_larger_than_the_unit_is_its_staff():
    many = NEEDS.assign(jumlah_membutuhkan=[9, 2, 1, 3])
    gap = ind.competence_gap(many, TRAINING, PEOPLE, 2025).set_index("kompetensi")
    # a.u has three employees: 3 + 2 of a.v
    assert gap.loc["Pengadaan Barang dan Jasa", ["needed", "trained", "over"]].tolist() == [5, 2, 1]
    assert gap["over"].sum() == 1


def test_unmatched_trainings_are_counted():
    share, hours = ind.matched_share(TRAINING, 2025, ["Tata Ruang"])
    assert share == pytest.approx(5 / 6) and hours == pytest.approx(86 / 94)
    assert np.isnan(ind.matched_share(TRAINING, 2020)[0])


def test_two_names_of_one_competence_are_one_need():
    again = NEEDS.assign(unit_kerja="a.u", instansi="a")
    assert needs_of(again, 2025).set_index("kompetensi").loc["Pengadaan Barang dan Jasa", "needed"] == 3
    assert not len(needs_of(NEEDS, 2024)) and not len(ind.competence_gap(NEEDS, TRAINING, PEOPLE, 2020))


def test_lead_time_counts_from_the_proposal():
    found = ind.lead_times(NEEDS, TRAINING, PEOPLE, 2025).iloc[0]
    # 10 January to 10 April is day 90, in time; Tata Ruang after 16 days; Mengelola Perubahan never in a.u
    assert found[["needs", "answered", "undated", "followed"]].tolist() == [3, 2, 1, 2]
    assert found["median_days"] == (90 + 16) / 2 and found["share_soon"] == 0.5
    late = ind.lead_times(NEEDS, TRAINING, PEOPLE, 2025, soon=89).iloc[0]
    assert late["share_soon"] == 0
    by = ind.lead_times(NEEDS, TRAINING, PEOPLE, 2025, ("instansi",))
    spring = ind.lead_times(NEEDS, TRAINING, PEOPLE, 2025, until="2025-04-09").iloc[0]
    assert spring[["needs", "answered", "followed"]].tolist() == [2, 0, 0], (
        "later needs and trainings are unknown"
    )
    assert by["needs"].tolist() == [2, 1]
    early = TRAINING.assign(tanggal_mulai=pd.Timestamp("2025-01-09"))
    assert ind.lead_times(NEEDS, early, PEOPLE, 2025)["answered"].tolist() == [0]


def test_cost_of_the_priced_only():
    found = ind.training_cost(TRAINING, 2025).iloc[0]
    assert found[["trainings", "priced", "share_priced", "cost"]].tolist() == [6, 3, 0.5, 3_200_000]
    assert found["cost_per_jp"] == pytest.approx(3_200_000 / 44) and found["median_per_jp"] == 50_000
    assert np.isnan(ind.training_cost(TRAINING.assign(biaya=np.nan), 2025)["cost_per_jp"][0])


def test_certificates_on_their_last_day_are_valid():
    found = ind.certificates(TRAINING, PEOPLE, "2025-12-31").iloc[0]
    # P1 renewed: the certificate of 2023 is superseded. P2's ends on the day itself, P4's the day before
    assert found.to_dict() == {"stated": 4, "expired": 1, "within_6": 2, "within_12": 3, "unstated": 1}
    wrong = TRAINING.assign(berlaku_sampai=pd.Timestamp("2020-01-01"))
    assert ind.certificates(wrong, PEOPLE, "2025-12-31")["stated"].tolist() == [0], (
        "valid until before it was held"
    )
    before = ind.certificates(TRAINING, PEOPLE, "2025-04-30").iloc[0]
    assert before["stated"] == 2, "trainings that have not ended yet are unknown"
    by = ind.certificates(TRAINING, PEOPLE, "2025-12-31", ("unit_kerja",)).set_index("unit_kerja")
    assert by["stated"].to_dict() == {"a.u": 2, "a.v": 1, "b.u": 1}


def test_programme_by_its_rules():
    gap = ind.competence_gap(NEEDS, TRAINING, PEOPLE, 2025)
    hours = ind.yearly_hours(PEOPLE, TRAINING, 2025)
    plan = ind.development_plan(gap, TRAINING, PEOPLE, hours["owed"], 2025).set_index("kompetensi")
    first = plan.loc["Pengadaan Barang dan Jasa"]
    # two people lack 5/3 levels: the most urgent; median of 20 and 10 JP; too few for a class
    assert first[["people", "jp", "jp_total", "way", "quarter"]].tolist() == [2, 15, 30, "Nonklasikal", 1]
    assert first["cost"] == 30 * 100_000 and first["own_cost"]
    assert plan.loc["Tata Ruang", "cost"] == 60 * 50_000, "the median of all where its own is unknown"
    assert plan.loc["Tata Ruang", "jp_total"] == 60 and not plan.loc["Tata Ruang", "own_cost"]
    last = plan.loc["Pemenuhan hak JP"]
    # due 7 × 20 + 24 = 164; taken 20 + 10 + 16 + 30 (of which 20 count) + 8 = 74; owed 90, planned 106
    assert hours["owed"].sum() == 90 and last["jp_total"] == 0 and last["quarter"] == 0
    assert last["people"] == 6
    empty = ind.development_plan(gap.iloc[:0], TRAINING.assign(biaya=np.nan), PEOPLE, hours["owed"], 2025)
    assert empty["kompetensi"].tolist() == ["Pemenuhan hak JP"] and empty["jp_total"].tolist() == [90]
    assert empty["cost"].isna().all()
    assert not len(ind.development_plan(gap.iloc[:0], TRAINING, PEOPLE, hours["owed"] * 0, 2025))


def test_quarters_share_the_hours_of_the_programme():
    gap = pd.DataFrame(
        {"jenis_kompetensi": ["Teknis"] * 8, "kompetensi": list("abcdefgh"), "unmet": [20] * 8, "gap": range(8, 0, -1),
         "jp": [20.0] * 8}
    )  # fmt: skip
    plan = ind.development_plan(gap, TRAINING, PEOPLE, pd.Series(dtype="float64"), 2025)
    assert plan["quarter"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4] and set(plan["way"]) == {"Klasikal"}


def test_who_was_appointed_in_the_year_is_marked():
    hours = ind.yearly_hours(PEOPLE, TRAINING, 2025)
    assert hours["new"].tolist() == [False] * 7 + [True]
    met = ind.rights_met(hours, ()).iloc[0]
    assert met[["n", "met", "unmet_new"]].tolist() == [8, 2, 1]


def test_hours_follow_the_person_to_the_year_s_unit_and_no_year_carries_over():
    moved = PEOPLE[PEOPLE["id_pegawai"] == "P1"].assign(unit_kerja="b.u", instansi="b")
    hours = ind.yearly_hours(moved, TRAINING, 2025)
    assert hours[["unit_kerja", "jp", "met"]].values.tolist() == [["b.u", 20, True]]
    two = TRAINING.assign(jp=[19.99, 10, 16, 30, 8, 40, 10])
    assert not ind.yearly_hours(moved, two, 2025)["met"][0], "40 JP of 2023 do not help 2025"
    over = TRAINING.assign(
        tanggal_mulai=pd.Timestamp("2024-12-20"), tanggal_selesai=pd.Timestamp("2025-01-05")
    )
    assert ind.yearly_hours(moved, over, 2025)["jp"].tolist() == [40], "the year in which it ended"


def test_ip_asn_by_rupiah_by_hand():
    people = typed(
        pd.DataFrame(
            {"id_pegawai": ["A", "B"], "tahun": 2025, "instansi": "a", "jenis_jabatan": "Pelaksana"}
        ),
        "pegawai",
    )
    training = table(
        "pelatihan", id_pegawai=["A", "A"], jenis_pelatihan=["Teknis", "Seminar"], nama_pelatihan=["x", "y"],
        tanggal_selesai=["2025-02-01", "2025-03-01"], jp=[10, 5], biaya=[1_000_000, 250_000],
    )  # fmt: skip
    found = ind.ip_asn_levers(people, training, 2025).set_index("lever")
    # hours: A lacks 5 JP, B 20; an hour costs 75,000 at the median of 100,000 and 50,000
    assert found.loc["jp", ["jp", "cost"]].tolist() == [25, 25 * 75_000]
    assert found.loc["jp", "gain_per_100_million"] == pytest.approx(22.5 / 1_875_000 * 1e8)
    assert found.loc["seminar", ["lacking", "cost"]].tolist() == [1, 250_000]
    assert found.loc["seminar", "gain_per_100_million"] == pytest.approx(8.75 / 250_000 * 1e8)
    assert np.isnan(found.loc["diklat", "gain_per_100_million"])
    unpriced = ind.ip_asn_levers(people, training.assign(biaya=np.nan), 2025).set_index("lever")
    assert unpriced.loc[["jp", "seminar"], "cost"].isna().all()


@pytest.mark.parametrize(
    ("post", "school", "kinds", "predicate", "sanction", "total"),
    [
        # the greatest score of each dimension: 25 + 40 + 30 + 5
        ("JPT Pratama", "S3", ("Kepemimpinan", "Teknis", "Seminar"), "Sangat Baik", None, 100),
        ("Fungsional", "S2", ("Fungsional", "Seminar"), "Baik", None, 20 + 25 + 25 + 5),
        ("Pelaksana", "D3", ("Teknis",), "Baik", "Ringan", 10 + 22.5 + 25 + 3),
        ("Pengawas", "D4/S1", (), "Kurang/Misconduct", "Berat", 15 + 0 + 5 + 1),
        ("Pelaksana", "SMP", ("Fungsional",), "Sangat Kurang", "Sedang", 1 + 22.5 + 1 + 2),
    ],
)
def test_ip_asn_scores_of_the_regulation(post, school, kinds, predicate, sanction, total):
    people = typed(
        pd.DataFrame(
            {"id_pegawai": ["A"], "tahun": 2025, "instansi": "a", "jenis_jabatan": post, "pendidikan": school}
        ),
        "pegawai",
    )
    hours = {"Seminar": 4}
    n = len(kinds)
    # a colleague's training of 2019 stands for the agency's record
    training = table(
        "pelatihan", id_pegawai=["A"] * n + ["B"], instansi=["a"] * (n + 1), jenis_pelatihan=[*kinds, "Teknis"],
        nama_pelatihan=[*kinds, "Teknis"], tanggal_selesai=["2025-02-01"] * n + ["2019-02-01"],
        jp=[hours.get(kind, 4 if post == "Fungsional" else 20) for kind in kinds] + [20],
    )  # fmt: skip
    appraised = table(
        "penilaian",
        id_pegawai=["A"],
        periode=["2025"],
        instansi=["a"],
        skema=["PermenPANRB6"],
        predikat=[predicate],
    )
    given = [sanction] if sanction else []
    sanctions = table(
        "hukuman", id_pegawai=["A"] * len(given), tingkat_hukuman=given, tanggal=["2025-06-01"] * len(given)
    )
    scores = ind.ip_asn_scores(people, training, appraised, sanctions, 2025)
    assert scores["total"].tolist() == [total]


def test_a_project_s_own_keywords_join_the_package_s():
    words = {"Menulis Naskah": ["menulis"], "Pengadaan Barang dan Jasa": ["kiat"]}
    assert ind.unmatched_names(TRAINING, 2025, ["Tata Ruang"]).to_dict() == {"Kiat Menulis": 1}
    assert ind.matched_share(TRAINING, 2025, ["Tata Ruang"], words)[0] == 1
    assert not len(ind.unmatched_names(TRAINING, 2025, ["Tata Ruang"], words))
    asked = NEEDS.assign(kompetensi="menulis naskah", unit_kerja="b.u", instansi="b").head(1)
    gap = ind.competence_gap(asked, TRAINING, PEOPLE, 2025, words=words).set_index("kompetensi")
    assert gap.loc["Menulis Naskah", ["needed", "trained"]].tolist() == [1, 1]
    assert ind.lead_times(asked, TRAINING, PEOPLE, 2025, words=words)["answered"].tolist() == [1]
    plan = ind.development_plan(
        gap.reset_index(), TRAINING, PEOPLE, pd.Series(dtype="float64"), 2025, words=words
    )
    assert not len(plan)
    row = pd.DataFrame({"kendala": ["Simpeg lambat."], "kelas_kendala": pd.Series([None], dtype="object")})
    assert ind.obstacle_shares(row)["kelas_kendala"].tolist() == [""]
    assert ind.obstacle_shares(row, words={"TI": ["simpeg"]})["kelas_kendala"].tolist() == ["TI"]


@pytest.mark.parametrize(
    ("name", "competences"),
    [
        ("Bimtek Pengadaan Barang/Jasa Pemerintah Level 1", {"Pengadaan Barang dan Jasa"}),
        ("DIKLAT KEARSIPAN BAGI ARSIPARIS", {"Kearsipan"}),
        ("Webinar Anti-Korupsi dan Pengendalian Gratifikasi", {"Integritas"}),
        ("Pelatihan Teknologi Informasi dan Komunikasi", {"Teknologi Informasi"}),
        ("Pelatihan Komunikasi Efektif dan Kerja Sama Tim", {"Komunikasi", "Kerja Sama"}),
        ("Diklat Fungsional Auditor Muda", {"Pengawasan Internal"}),
        ("Bimtek Penyusunan Anggaran Berbasis Kinerja", {"Perencanaan"}),
        ("Pelatihan Pelayanan Prima", {"Pelayanan Publik"}),
        ("Bimtek Aplikasi SRIKANDI", {"Teknologi Informasi"}),
        ("Pelatihan Perancangan Peraturan Perundang-undangan", {"Hukum dan Regulasi"}),
        ("Latsar CPNS Golongan III", set()),
        ("Pelatihan Kepemimpinan Pengawas", set()),
        ("Senam Kesegaran Jasmani", set()),
    ],
)
def test_names_as_agencies_write_them(name, competences):
    table = {key: entry["kata"] for key, entry in regulation("competences")["kompetensi"].items()}
    assert set(Keywords(table).matches(name)) == competences


def test_an_agency_without_a_record_of_training_is_unknown_not_untrained():
    only_a = TRAINING[TRAINING["instansi"] == "a"]
    assert ind.training_recorded(PEOPLE, only_a).tolist() == [True] * 5 + [False] * 3
    hours = ind.yearly_hours(PEOPLE, only_a, 2025)
    assert set(hours["instansi"]) == {"a"} and ind.rights_met(hours, ())["n"].tolist() == [5]
    # one training of an earlier year is a record; so is one that a person of the agency took elsewhere
    old = pd.concat(
        [only_a, TRAINING[TRAINING["id_pegawai"] == "P6"].assign(tanggal_selesai=pd.Timestamp("2020-01-01"))]
    )
    assert ind.training_recorded(PEOPLE, old).all()
    assert (
        ind.training_recorded(PEOPLE, TRAINING[TRAINING["id_pegawai"] == "P6"].assign(instansi=None)).sum()
        == 3
    )
    people = PEOPLE.assign(jenis_jabatan="Pelaksana", pendidikan="D4/S1")
    empty = [typed(pd.DataFrame(columns=["id_pegawai"]), name) for name in ("penilaian", "hukuman")]
    scores = ind.ip_asn_scores(people, only_a, *empty, 2025).set_index("id_pegawai")
    assert scores.loc["P3", "kompetensi"] == 0 and np.isnan(scores.loc["P6", "kompetensi"])
    assert ind.ip_asn_levers(people, only_a, 2025, ("instansi",))["instansi"].unique().tolist() == ["a"]
