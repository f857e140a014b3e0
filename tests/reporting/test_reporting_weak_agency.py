"""The report of a known weak agency names its three weaknesses; that of an agency without them does not.

The tables are those of the sample as if its exports had been cleaned without a fault, so that nothing but the
findings is tried here; the exports themselves are read, cleaned and reported by other tests.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kinerja_lib.config import starter
from kinerja_lib.findings import Finding
from kinerja_lib.models import fit
from kinerja_lib.panel import build_panel
from kinerja_lib.reporting.annual import facilities, leadership, two_models
from kinerja_lib.reporting.annual.advice import asked, deadline, further_table, main_table, recommendations
from kinerja_lib.reporting.annual.appraisal_findings import appraisal_findings
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.estimates import among_agencies, model_frame
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_lines import line
from kinerja_lib.reporting.annual.judged import PLACES, advised, judged, not_said, said
from kinerja_lib.reporting.annual.summary import summary, to_mend, went_well
from kinerja_lib.reporting.annual.unit_levels import PROPERTIES, SPEC
from kinerja_lib.reporting.annual.workplace_findings import CLAIMS, relations
from kinerja_lib.reporting.plan import make_plan
from kinerja_lib.reporting.runner import run_job
from kinerja_lib.reporting.status import panel_facts
from kinerja_lib.reporting.template import read_template
from kinerja_lib.samples import synthetic_tables
from kinerja_lib.workflow import Project, find_project

WEAK, CLEAN = "dinas-pertanian", "dinas-komunikasi-dan-informatika"
THREE = ("fasilitas", "kelonggaran_penilai", "keadilan_penghargaan")
WORDS = {
    "fasilitas": "Indeks fasilitas Dinas Pertanian adalah",
    "kelonggaran_penilai": "lebih tinggi daripada yang sejalan dengan capaian organisasinya: pada jabatan",
    "keadilan_penghargaan": "penghargaan pada kelompok perempuan lebih jarang",
}
ADVICE = (
    "Memprioritaskan perbaikan perangkat",
    "Melakukan kalibrasi antarpejabat",
    "Menelaah keputusan penghargaan",
)


@pytest.fixture(scope="module")
def government(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose cleaned tables are the sample's own."""
    root = tmp_path_factory.mktemp("lemah")
    text = starter("Pemerintah Rangkui", place="Rangkui", synthetic=True)
    (root / "kinerja.toml").write_text(text, encoding="utf-8")
    sample = synthetic_tables(seed=7, weak=(WEAK,))
    processed = root / "data" / "processed"
    processed.mkdir(parents=True)
    for name, frame in {**sample.tables, "panel": build_panel(sample.tables).panel}.items():
        frame.to_parquet(processed / f"{name}.parquet", index=False)
    reference = root / "data" / "reference"
    reference.mkdir(parents=True)
    sample.register.to_csv(reference / "units.csv", index=False, encoding="utf-8")
    return find_project(root, exact=True)


def _edition(project: Project, instansi: str, lang: str = "id") -> Edition:
    return open_edition(instansi, "2025", lang, project.root)


def _claims(edition: Edition) -> dict[str, Finding]:
    found = {finding.topic: finding for finding in judged(edition) if finding.said}
    return {topic: found[topic] for topic in THREE if topic in found and found[topic].strength != "none"}


def test_the_weak_agency_s_report_finds_the_three(government: Project) -> None:
    edition = _edition(government, WEAK)
    claims = _claims(edition)
    assert set(claims) == set(THREE)
    # everybody was counted, and for rewards two methods agree; none has a design that shows a cause
    assert {finding.strength for finding in claims.values()} == {"moderate"}
    assert [claims[topic].direction for topic in THREE] == ["below", "above", "below"]
    assert claims["fasilitas"].evidence["estimate"] < 55
    assert claims["kelonggaran_penilai"].evidence["ci_low"] > 0.1
    rewards = claims["keadilan_penghargaan"]
    assert rewards.evidence["ci_high"] < 0 and rewards.evidence["p_adjusted"] < 0.05
    assert "perempuan" in rewards.sentence("id") and "women" in rewards.sentence("en")
    for finding in claims.values():
        assert not re.search(
            r"berpengaruh|affects|menyebabkan|causes", finding.sentence("id") + finding.sentence("en")
        )
        assert finding.place == PLACES[finding.topic]


def test_the_recommendations_rest_on_them(government: Project) -> None:
    edition = _edition(government, WEAK)
    advice = {found.topic: found for found in advised(edition)}
    assert set(THREE) <= set(advice)
    assert "distribusi_predikat" not in advice  # calibration covers it
    table = recommendations(edition)
    assert list(table["number"]) == [str(number) for number in range(1, len(table) + 1)]
    ordered = said(edition)
    for found, row in zip(advised(edition), table.itertuples(), strict=True):
        assert row.recommendation == found.text[0] and row.owner and row.deadline and row.indicator
        assert ordered[int(row.basis.removeprefix("Temuan ")) - 1] is found.finding
    panel = edition.tables["panel"]
    own = panel[(panel["instansi"].astype("str") == WEAK) & (panel["tahun"] == 2025)]
    means = own.groupby(own["unit_kerja"].astype("str"))["fasilitas_indeks"].mean()
    assert edition.name(means.idxmin()) in advice["fasilitas"].text[0]


def test_an_agency_without_them_is_told_nothing_of_the_kind(government: Project) -> None:
    edition = _edition(government, CLEAN)
    assert not _claims(edition)
    assert not {found.topic for found in advised(edition)} & {*THREE, "distribusi_predikat"}
    text = " ".join(item.text for item in (*went_well(edition), *to_mend(edition), *asked(edition)))
    assert not any(words in text for words in WORDS.values())
    reasons = {finding.topic: finding for finding in not_said(edition)}
    assert {"kelonggaran_penilai", "keadilan_penghargaan"} <= set(reasons)
    assert all(finding.failed for finding in reasons.values())


def test_the_government_s_report_names_the_agency(government: Project) -> None:
    found = {f.topic: f for f in judged(_edition(government, "all")) if f.said}
    for topic in ("distribusi_predikat", "kelonggaran_penilai"):
        assert "Dinas Pertanian" in found[topic].sentence("id"), topic
        assert "Komunikasi" not in found[topic].sentence("id")
    assert "Dinas Pertanian" in found["fasilitas_unit"].sentence("id")


def test_high_predicates_of_an_organisation_that_earned_them_are_no_leniency(government: Project) -> None:
    edition = _edition(government, WEAK)
    results = edition.tables["organisasi"].copy()
    results["predikat_organisasi"] = results["predikat_organisasi"].astype("object")
    results.loc[results["instansi"].astype("str") == WEAK, "predikat_organisasi"] = "Istimewa"
    earned = Edition(edition.root, edition.config, WEAK, edition.periode, "id",
                     {**edition.tables, "organisasi": results}, edition.names)  # fmt: skip
    made = {finding.topic: finding for finding in appraisal_findings(earned)}
    assert not made["kelonggaran_penilai"].said
    assert [gate.name for gate in made["kelonggaran_penilai"].failed] == ["limits"]
    assert made["distribusi_predikat"].direction == "equal"
    unknown = Edition(edition.root, edition.config, WEAK, edition.periode, "id",
                      {**edition.tables, "organisasi": results.iloc[:0]}, edition.names)  # fmt: skip
    made = {finding.topic: finding for finding in appraisal_findings(unknown)}
    assert not made["kelonggaran_penilai"].said and not made["distribusi_predikat"].said


@pytest.mark.parametrize(("instansi", "weak"), [(WEAK, True), (CLEAN, False)])
def test_the_words_stand_in_the_report(government: Project, instansi: str, weak: bool) -> None:
    known = panel_facts(government)
    assert known is not None
    (job,) = make_plan(
        read_template("laporan_tahunan", government.folder("templates")), project=government.root, reports="reports",
        periode="2025", instansi=[instansi], known=known["instansi"], languages=["id"], formats=("html",),
    )  # fmt: skip
    run_job(job, government.root)
    page = job.outputs(government.root)["html"].read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in (*WORDS.values(), *ADVICE):
        assert (words in text) == weak, words
    assert re.search(r"Kekuatan bukti: sedang", text)
    assert "belum dapat disimpulkan dan karena itu tidak menjadi dasar rekomendasi" in text
    assert re.search(r"Lihat\s+Bab\s3\.\d", text)
    assert "Tuntutan, data, ukuran, model, dan rekomendasi yang menjawabnya" in text
    assert ("Kesadaran pegawai dan zona nyaman" in text) and ("Penghargaan dan sanksi yang adil" in text)


def test_a_small_agency_s_findings_point_at_nobody(government: Project) -> None:
    edition = _edition(government, "badan-kesatuan-bangsa-dan-politik")
    of_things = ("kendala_tugas", "laporan_akhir", "waktu_pelatihan")  # assignments and proposals, not people
    sentences = [finding.sentence("id") for finding in judged(edition) if finding.topic not in of_things]
    for part, whole in re.findall(r"\(([\d.]+) dari ([\d.]+)\)", " ".join(sentences)):
        count, n = int(part.replace(".", "")), int(whole.replace(".", ""))
        assert count in (0, n) or 5 <= count <= n - 5, (count, n)
    reasons = " ".join(sentence for sentence in sentences if sentence.startswith("Belum"))
    assert "disamarkan" in reasons and "paling sedikit 30" in reasons


def test_each_line_states_its_strength_and_numbers(government: Project) -> None:
    edition = _edition(government, WEAK)
    notes = {item.text: item.note for item in (line(edition, finding) for finding in said(edition))}
    fair = next(note for text, note in notes.items() if WORDS["keadilan_penghargaan"] in text)
    assert fair.startswith(
        "Kekuatan bukti: sedang; perbandingan kelompok pada kinerja yang sama, 3 tahun; n = "
    )
    assert re.search(
        r"interval kepercayaan 95%: −\d+,\d s\.d\. −\d+,\d poin persentase; p [=<] 0,\d{3} \(disesuaikan",
        fair,
    )
    other = _edition(government, WEAK, "en")
    english = [line(other, finding) for finding in said(other)]
    assert any(item.note.startswith("Strength of evidence: moderate; groups compared") for item in english)
    assert all("judged." not in item.text + item.note for item in english)


def test_the_summary_fits_a_page_and_tells_good_from_lacking(government: Project) -> None:
    edition = _edition(government, WEAK)
    good, lacking = (
        " ".join(item.text for item in part).replace("\\", "")
        for part in (went_well(edition), to_mend(edition))
    )
    assert all(words in lacking for words in WORDS.values())
    # predicates beyond the limit are no good news, nor are high ones where they are too high
    assert "melampaui" not in good and "berpredikat Baik atau Sangat Baik" not in good
    assert 1 <= len(went_well(edition)) <= 2 and len(to_mend(edition)) == 3
    lines = asked(edition)
    assert len(lines) == 5 and all("paling lambat" in item.text for item in lines)


def test_the_main_recommendations_and_the_others(government: Project, shown: list[dict]) -> None:
    edition = _edition(government, WEAK)
    main_table(edition)
    further_table(edition)
    main, other = (block for block in shown if block["kind"] == "table")
    assert (main["id"], other["id"]) == ("tbl-rekomendasi", "tbl-rekomendasi-lanjutan")
    numbers = [row[0] for table in (main, other) for row in table["cells"]]
    assert numbers == [str(place) for place in range(1, len(advised(edition)) + 1)]
    assert len(main["cells"]) == 5 and all(all(row) for row in other["cells"])
    shown.clear()
    few = replace(edition.config, report=replace(edition.config.report, main_recommendations=50))
    whole = replace(edition, config=few)
    main_table(whole)
    further_table(whole)
    assert [block["kind"] for block in shown] == ["table"]


@pytest.mark.parametrize(
    ("person", "within", "between", "key"),
    [
        (True, False, False, "only_person"),
        (False, True, False, "only_unit"),
        (True, False, True, "only_between"),
        (True, True, True, ""),
    ],
)
def test_two_models_that_differ_are_told_apart(
    government: Project,
    shown: list[dict],
    monkeypatch: pytest.MonkeyPatch,
    person: bool,
    within: bool,
    between: bool,
    key: str,
) -> None:
    edition = _edition(government, WEAK)
    monkeypatch.setattr(two_models, "clear", lambda row: person)
    finding = next(one for one in judged(edition) if one.contrast == "within_units")
    own = tuple(
        replace(
            finding, topic="fasilitas_kinerja", contrast=contrast, strength="weak" if said_so else "unsaid"
        )
        for contrast, said_so in (("within_units", within), ("between_units", between))
    )
    monkeypatch.setattr(two_models, "judged", lambda _: own)
    two_models.unit_relation_shown(edition, "fasilitas_10")
    text = " ".join(block["markdown"] for block in shown if block["kind"] == "text")
    assert text.count("poin persentase (") == 3  # same employee, same unit, between units
    keys = ("only_person", "only_unit", "only_between")
    assert [name for name in keys if edition.labels.text(f"model_choice.{name}") in text] == [key] * bool(key)


def test_a_chapter_claims_nothing_that_the_conclusions_take_back(
    government: Project, shown: list[dict]
) -> None:
    edition = _edition(government, WEAK)
    facilities(edition)
    leadership(edition)
    items = [item for block in shown if block["kind"] == "findings" for item in block["items"]]
    topics = {"fasilitas_kinerja", "kepemimpinan"}
    kinds = ["finding" if one.said else "unsaid" for one in judged(edition) if one.topic in topics]
    assert (
        sorted(item["kind"] for item in items) == sorted(kinds) and len(kinds) == 4
    )  # within and between units


def test_units_are_compared_within_their_agency(government: Project) -> None:
    """Poor facilities and lenient raters of one agency do not turn the comparison of units around."""
    edition = _edition(government, "all")
    found = {one.contrast: one for one in relations(edition, CLAIMS[1])}
    assert set(found) == {"within_units", "between_units"}
    between = found["between_units"]
    assert between.said and between.direction == "up" and between.strength == "weak"
    assert "antarunit pada instansi yang sama berhubungan dengan" in between.sentence("id")
    assert "between units of the same agency is associated with" in between.sentence("en")
    # without effects of agencies the sign is turned
    frame = model_frame(edition).dropna(subset=["unit_kerja"]).reset_index(drop=True)
    for name in PROPERTIES:
        level = frame[name].groupby(frame["unit_kerja"]).transform("mean")
        frame[f"{name}_antar"], frame[f"{name}_dalam"] = level, frame[name] - level
    pooled = fit(frame, among_agencies(frame.assign(instansi="satu"), SPEC)).term("fasilitas_10_antar")
    assert float(pooled["estimate"]) < 0 < between.evidence["ci_low"]
    judged_ones = [one for one in judged(edition) if one.topic == "fasilitas_kinerja"]
    assert {one.contrast for one in judged_ones} == {"within_units", "between_units"}
    assert all("p_adjusted" in one.evidence for one in judged_ones)


@pytest.mark.parametrize(
    ("date", "least"), [("", "2026-01-31"), ("2026-02-16", "2026-03-31"), ("2026-07-01", "2026-08-31")]
)
def test_no_deadline_lies_before_the_report(government: Project, date: str, least: str) -> None:
    edition = _edition(government, WEAK)
    letter = replace(edition.config.letterhead, date=date)
    dated = replace(edition, config=replace(edition.config, letterhead=letter))
    days = [deadline(dated, found) for found in advised(dated)]
    assert min(days).isoformat() == least
    assert all(day >= found.deadline for day, found in zip(days, advised(dated), strict=True))
    shown = recommendations(dated)["deadline"]
    assert list(shown) == [dated.labels.date(day) for day in days]


def test_the_summary_gives_no_few_without_a_predicate_away(government: Project, shown: list[dict]) -> None:
    small = _edition(government, "badan-kesatuan-bangsa-dan-politik")
    staff = facts(small, 2025).staff
    missing = int((staff["dinilai"] == 0).sum())
    assert 0 <= missing < 5
    summary(small)
    opening = next(block["markdown"] for block in shown if block["kind"] == "text")
    assert ("dan seluruhnya telah" if not missing else "dan hampir seluruhnya telah") in opening
    shown.clear()
    large = _edition(government, "dinas-pendidikan")
    n = int(facts(large, 2025).staff["dinilai"].sum())
    summary(large)
    assert f"dan {n} di antaranya telah" in shown[0]["markdown"]
