"""The annual report on training and assignments: what its tables hold, what is withheld, what findings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kinerja_lib.findings import recommend
from kinerja_lib.reporting.annual import competences, obstacles, official, open_edition, professionalism
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.outcome_findings import main_obstacle
from kinerja_lib.reporting.annual.training_findings import training_findings
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project

Show = Callable[[Callable[[Edition], None], Edition], tuple[str, dict[str, Mapping[str, Any]]]]


def edition(project: Project, instansi: str = "all", lang: str = "id", **tables: pd.DataFrame) -> Edition:
    made = open_edition(instansi, "2025", lang, project.root)
    return replace(made, tables={**made.tables, **tables})


def test_need_and_offer_with_the_programme(project: Project, said_and_shown: Show) -> None:
    whole = edition(project)
    text, blocks = said_and_shown(competences.competences, whole)
    assert {"tbl-kompetensi", "tbl-program"} <= set(blocks)
    assert (
        "Paling banyak" in text
        and "dalam 90 hari" in text
        and "biaya per JP untuk setiap peserta memiliki median" in text
    )
    assert "Keamanan Siber" in str(blocks["tbl-kompetensi"]) and "I–IV" in str(blocks["tbl-program"])
    english, _ = said_and_shown(competences.competences, edition(project, lang="en"))
    assert "At most" in english and "{" not in text + english


def test_without_needs_the_report_says_so(project: Project, said_and_shown: Show) -> None:
    none = edition(project).tables["kebutuhan_kompetensi"].iloc[:0]
    text, blocks = said_and_shown(competences.competences, edition(project, kebutuhan_kompetensi=none))
    assert "belum diserahkan" in text and "tbl-kompetensi" not in blocks
    assert "Pemenuhan hak JP" in str(blocks["tbl-program"]), "hours owed are planned without needs too"


def test_without_costs_none_is_printed(project: Project, said_and_shown: Show) -> None:
    trainings = edition(project).tables["pelatihan"].assign(biaya=float("nan"))
    bare = edition(project, pelatihan=trainings)
    text, blocks = said_and_shown(competences.competences, bare)
    assert "tidak tercantum" in text and "Biaya" not in str(blocks["tbl-program"])
    assert "Rp100 juta" not in str(said_and_shown(official.levers, bare)[1])
    assert "Rp100 juta" in str(said_and_shown(official.levers, edition(project))[1])


def test_rights_by_status(project: Project, said_and_shown: Show) -> None:
    _, blocks = said_and_shown(competences.rights, edition(project))
    table = str(blocks["tbl-hak-jp"])
    assert "PPPK" in table and "24" in table


def test_few_people_are_withheld_with_what_would_give_them_away() -> None:
    gap = pd.DataFrame(
        {"kompetensi": ["a", "b", "c"], "needed": [10, 30, 40], "trained": [2, 10, 20], "unmet": [8, 20, 20],
         "coverage": [0.2, 1 / 3, 0.5]}
    )  # fmt: skip
    safe = competences.guarded(gap, 5)
    assert safe["trained"].isna()[0] and safe["coverage"].isna()[0]
    assert safe["trained"].isna().sum() >= 2, "one hidden cell alone would follow from the total"
    assert gap["trained"].notna().all() and not len(competences.guarded(gap.iloc[:0], 5))


def test_obstacles_with_examples_of_the_sample(project: Project, said_and_shown: Show) -> None:
    whole = edition(project)
    text, blocks = said_and_shown(obstacles.obstacles, whole)
    assert "gbr-kendala" in blocks and "melebihi 100%" in text
    written = whole.tables["laporan_tugas"]["kendala"].dropna().unique()
    assert any(sentence in str(blocks["tbl-kelas-kendala"]) for sentence in written)
    found = main_obstacle(whole)
    assert found is not None and found[0] in str(blocks["tbl-kelas-kendala"])
    quiet = whole.tables["laporan_tugas"].assign(kendala="Tidak ada kendala.", kelas_kendala=None)
    silent = edition(project, laporan_tugas=typed(quiet, "laporan_tugas"))
    assert said_and_shown(obstacles.obstacles, silent) == ("", {}) and main_obstacle(silent) is None


LEAKS = (
    "menunggu persetujuan wiranatakusumah untuk anggaran kegiatan",
    "Anggaran kegiatan menunggu 1986  0926 2015 05 1 001",
    "=HYPERLINK(\"http://contoh\";\"Anggaran kegiatan\")",
    "<img src=x onerror=alert(1)> anggaran kegiatan belum tersedia",
    "Anggaran kegiatan, hubungi 0812 3456 7890",
    "Anggaran kegiatan, surel wirana@contoh.go.id",
    "Anggaran kegiatan menunggu pak sutrisno",
)  # fmt: skip


def test_nothing_of_a_hostile_text_reaches_the_report(project: Project, said_and_shown: Show) -> None:
    whole = edition(project)
    reports = whole.tables["laporan_tugas"].copy()
    turn = [LEAKS[number % len(LEAKS)] for number in range(len(reports))]
    hostile = typed(reports.assign(kendala=turn, capaian=turn), "laporan_tugas")
    text, blocks = said_and_shown(obstacles.obstacles, edition(project, laporan_tugas=hostile))
    everything = text + str(blocks)
    for word in ("1986", "HYPERLINK", "onerror", "0812", "wirana@", "sutrisno", "pak "):
        assert word not in everything, word
    # a name in small letters that one unit knows: all other units write plainly
    reports["kendala"] = "Anggaran kegiatan menunggu persetujuan pimpinan."
    reports.loc[reports["unit_kerja"] == reports["unit_kerja"].iloc[0], "kendala"] = LEAKS[0]
    _, blocks = said_and_shown(obstacles.obstacles, edition(project, laporan_tugas=reports))
    assert "wiranatakusumah" not in str(blocks)
    assert "menunggu persetujuan pimpinan" in str(blocks["tbl-kelas-kendala"])


def test_feedback_is_counted_over_leaders_only(project: Project, said_and_shown: Show) -> None:
    text, _ = said_and_shown(obstacles.feedback, edition(project))
    assert "per bawahan per triwulan" in text
    few = edition(project)
    assert (
        said_and_shown(obstacles.feedback, edition(project, kepemimpinan=few.tables["kepemimpinan"].head(3)))[
            0
        ]
        == ""
    )


def test_findings_rest_on_what_was_counted(project: Project) -> None:
    whole = edition(project)
    found = {finding.topic: finding for finding in training_findings(whole)}
    assert set(found) == {"kesenjangan_kompetensi", "waktu_pelatihan", "sertifikat", "ip_asn"}
    assert found["kesenjangan_kompetensi"].direction == "below"
    assert "per Rp100 juta" in found["ip_asn"].sentence_id
    assert found["kesenjangan_kompetensi"].evidence["estimate"] < 0.8
    carried = {one.topic: one for one in recommend(found.values(), "2025", whole=True)}
    assert "Keamanan Siber" in carried["kesenjangan_kompetensi"].text[0]
    assert {"kesenjangan_kompetensi", "sertifikat"} <= set(carried)


def test_findings_that_the_data_do_not_carry_are_not_made(project: Project) -> None:
    whole = edition(project)
    needs = whole.tables["kebutuhan_kompetensi"]
    none = training_findings(edition(project, kebutuhan_kompetensi=needs.iloc[:0]))
    assert [one.strength for one in none if one.topic == "kesenjangan_kompetensi"] == ["unsaid"]
    assert not any(one.topic == "waktu_pelatihan" for one in none)
    # one person in need in a unit that trained many: coverage is an upper bound, so enough can't be said
    served = needs[needs["kompetensi"].isin(["Kearsipan"])].assign(jumlah_membutuhkan=1)
    trained = whole.tables["pelatihan"].assign(nama_pelatihan="Diklat Kearsipan")
    full = training_findings(edition(project, kebutuhan_kompetensi=served, pelatihan=trained))
    assert [one.strength for one in full if one.topic == "kesenjangan_kompetensi"] == ["unsaid"]
    certificates = whole.tables["pelatihan"].assign(berlaku_sampai=pd.NaT)
    bare = training_findings(edition(project, pelatihan=typed(certificates, "pelatihan")))
    assert "sertifikat" not in {one.topic for one in bare}
    later = whole.tables["pelatihan"].assign(berlaku_sampai=pd.Timestamp("2030-01-01"))
    assert "sertifikat" not in {one.topic for one in training_findings(edition(project, pelatihan=later))}
    assert not any(
        one.topic == "ip_asn"
        for one in training_findings(edition(project, penilaian=whole.tables["penilaian"].iloc[:0]))
    )


def test_categories_of_ip_asn_hide_the_few(project: Project, said_and_shown: Show) -> None:
    whole = edition(project)
    _, blocks = said_and_shown(professionalism.categories, whole)
    rows = blocks["tbl-kategori-ip"]["cells"]
    assert [row[0] for row in rows] == ["Sangat Tinggi", "Tinggi", "Sedang", "Rendah", "Sangat Rendah"]
    known = [int(row[1].replace(".", "")) for row in rows if row[1] != "–"]
    hidden = len(rows) - len(known)
    assert all(count == 0 or count >= whole.smallest for count in known) and hidden != 1
    total = len(professionalism.scores(whole, 2025))
    assert sum(known) == total if not hidden else total - sum(known) >= whole.smallest
