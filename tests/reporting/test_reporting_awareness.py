"""The annual report on clear tasks and awareness: weights by hand, what is missing, what findings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.findings import recommend
from kinerja_lib.reporting.annual import open_edition
from kinerja_lib.reporting.annual.awareness_findings import (
    awareness_findings,
    scale_finding,
    stagnation_finding,
    task_findings,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.outreach import outreach
from kinerja_lib.reporting.annual.outreach_finding import outreach_finding
from kinerja_lib.reporting.annual.stagnation import stagnant, stagnation_of
from kinerja_lib.reporting.annual.survey_response import item_text, scale_of_year, survey_response
from kinerja_lib.reporting.annual.task_content import task_content
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project

Show = Callable[[Callable[[Edition], None], Edition], tuple[str, dict[str, Mapping[str, Any]]]]


def edition(project: Project, instansi: str = "all", lang: str = "id", **tables: pd.DataFrame) -> Edition:
    made = open_edition(instansi, "2025", lang, project.root)
    return replace(made, tables={**made.tables, **tables})


def staff(sizes: Mapping[str, int]) -> pd.DataFrame:
    units = [unit for unit, n in sizes.items() for _ in range(n)]
    rows = {
        "id_pegawai": [f"P{i}" for i in range(len(units))],
        "tahun": 2025,
        "instansi": [u.split(".")[0] for u in units],
    }
    return typed(pd.DataFrame(rows | {"unit_kerja": units}), "pegawai")


def survey(answers: Mapping[tuple[str, str], list[float]], instrumen: str = "kesadaran") -> pd.DataFrame:
    """Two items of each respondent, given (unit, periode) and scores."""
    rows = [
        (f"{unit}{periode}{i}", unit.split(".")[0], unit, periode, instrumen, f"K{item}", score)
        for (unit, periode), scores in answers.items()
        for i, score in enumerate(scores)
        for item in (1, 2)
    ]
    names = ["id_responden", "instansi", "unit_kerja", "periode", "instrumen", "butir", "skor"]
    return typed(pd.DataFrame(rows, columns=names), "survei")


def events(units: list[str], day: str = "2025-03-01") -> pd.DataFrame:
    rows = {"instansi": [u.split(".")[0] for u in units], "unit_kerja": units, "tanggal": day, "periode": "2025-Q1",
            "tema_penyuluhan": "Pengelolaan kinerja", "jumlah_peserta": 6}  # fmt: skip
    return typed(pd.DataFrame(rows), "penyuluhan")


def test_weights_by_hand(project: Project, said_and_shown: Show) -> None:
    # 30 and 10 staff, five answers each of 5 (100) and 1 (0): plain 50, weighted 30/40 = 75; weights 6 and 2, so
    # (5*6 + 5*2)^2 / (5*36 + 5*4) = 8 answers, the largest 6/4 = 1.5 times the mean
    made = edition(
        project, pegawai=staff({"a.u": 30, "a.v": 10}),
        survei=survey({("a.u", "2025-Q3"): [5] * 5, ("a.v", "2025-Q3"): [1] * 5}),
    )  # fmt: skip
    own = scale_of_year(made)
    assert own is not None
    assert (own.plain, own.weighted, own.effective, own.largest) == pytest.approx((50, 75, 8, 1.5))
    assert own.weighted_by == "unit_kerja" and own.respondents == 10
    text, _ = said_and_shown(survey_response, made)
    assert "75,0" in text and "50,0" in text and "1,50 kali" in text
    assert "setara dengan 8 jawaban" in text and "alfa Cronbach 1,00" in text


def test_a_silent_unit_leaves_weights_by_agency_and_none_where_an_agency_is_silent(
    project: Project, said_and_shown: Show
) -> None:
    answers = survey({("a.u", "2025-Q3"): [5, 4, 3, 4, 2], ("b.w", "2025-Q3"): [1, 2, 3, 2, 1]})
    by_agency = edition(project, pegawai=staff({"a.u": 10, "a.v": 10, "b.w": 20}), survei=answers)
    own = scale_of_year(by_agency)
    assert own is not None and own.weighted_by == "instansi"
    alone = edition(project, pegawai=staff({"a.u": 10, "c.x": 10, "b.w": 20}), survei=answers)
    text, _ = said_and_shown(survey_response, alone)
    assert "Pembobotan tidak dapat dilakukan" in text


def test_few_answers_show_nothing_and_an_unreliable_scale_says_so(
    project: Project, said_and_shown: Show
) -> None:
    few = edition(project, pegawai=staff({"a.u": 30}), survei=survey({("a.u", "2025-Q3"): [5] * 4}))
    assert scale_of_year(few) is None and said_and_shown(survey_response, few) == ("", {})
    noisy = survey({("a.u", "2025-Q3"): [1, 2, 3, 4, 5] * 4, ("b.v", "2025-Q3"): [3] * 6})
    rng = np.random.default_rng(5)
    noisy["skor"] = pd.array(rng.integers(1, 6, len(noisy)), dtype=noisy["skor"].dtype)
    loose = edition(project, pegawai=staff({"a.u": 40, "b.v": 12}), survei=noisy)
    text, blocks = said_and_shown(survey_response, loose)
    assert "kurang andal" in text and "tbl-tanggapan" in blocks
    finding = scale_finding(loose, "kesadaran")
    assert not finding.said and "keandalan skalanya" in finding.sentence()


def changed(project: Project, gain: float, units: int = 8, **tables: pd.DataFrame) -> Edition:
    """Half of the units have outreach and gain so many points; the others move by chance alone."""
    rng = np.random.default_rng(2)
    answers = {}
    names = [f"a.u{i}" for i in range(units)]
    for place, unit in enumerate(names):
        for periode in ("2024-Q3", "2025-Q3"):
            lift = int(gain / 25) if place < units // 2 and periode == "2025-Q3" else 0
            answers[unit, periode] = [3 + lift + int(rng.integers(-1, 2)) * (i < 3) for i in range(20)]
    held = tables.pop("penyuluhan", events(names[: units // 2]))
    frame = survey(answers)
    return edition(project, pegawai=staff(dict.fromkeys(names, 40)), survei=frame, penyuluhan=held, **tables)


def test_an_effect_is_found_with_its_caution_and_carries_a_recommendation(
    project: Project, said_and_shown: Show
) -> None:
    made = changed(project, 25)
    finding = outreach_finding(made)
    assert (
        finding.direction == "up"
        and finding.strength == "weak"
        and "belum membuktikan sebab" in finding.sentence()
    )
    assert finding.evidence["ci_low"] > 0 and abs(finding.evidence["estimate"] - 25) < 5
    (advice,) = recommend([finding], "2025")
    assert "memperluasnya" in advice.sentence() and "drawn by lot" in advice.sentence("en")
    text, blocks = said_and_shown(outreach, made)
    assert {"tbl-penyuluhan", "gbr-perubahan-kesadaran"} <= set(blocks)
    assert "4 dari 8 unit kerja" in text and "Sebanyak 0" not in text
    english, _ = said_and_shown(outreach, replace(made, lang="en"))
    assert "Performance management" in english and "{" not in text + english


def test_no_effect_is_said_as_too_small_and_a_loss_as_less(project: Project) -> None:
    assert outreach_finding(changed(project, 0)).strength == "none"
    less = outreach_finding(changed(project, -25))
    assert less.direction == "down" and recommend([less], "2025")[0].topic == "penyuluhan"


def test_why_nothing_can_be_concluded_about_outreach(project: Project, said_and_shown: Show) -> None:
    assert (
        "hanya ada 2 unit kerja dengan dan 2 tanpa"
        in outreach_finding(changed(project, 25, units=4)).sentence()
    )
    none = changed(project, 25, penyuluhan=events([]))
    assert "data penyuluhan belum tersedia" in outreach_finding(none).sentence()
    text, blocks = said_and_shown(outreach, none)
    assert "belum tersedia" in text and not blocks
    both = changed(project, 25)
    once = replace(
        both, tables={**both.tables, "survei": both.tables["survei"].query("periode == '2025-Q3'")}
    )
    assert "satu putaran" in outreach_finding(once).sentence()
    text, blocks = said_and_shown(outreach, once)
    assert "satu putaran" in text and set(blocks) == {"tbl-penyuluhan"}
    alike = survey({(f"a.u{i}", p): [3] * 6 for i in range(8) for p in ("2024-Q3", "2025-Q3")})
    still = replace(both, tables={**both.tables, "survei": alike})
    assert "sama pada semua unit kerja" in outreach_finding(still).sentence()


def test_tasks_say_what_the_form_says_and_that_it_is_missing(project: Project, said_and_shown: Show) -> None:
    made = edition(project)
    text, blocks = said_and_shown(task_content, made)
    assert "disepakati dalam dialog kinerja" in text and "tbl-isi-skp" in blocks
    assert {found.topic for found in task_findings(made)} == {"skp_tepat_waktu", "skp_disepakati"}
    none = edition(project, skp=made.tables["skp"].iloc[:0])
    text, blocks = said_and_shown(task_content, none)
    assert "belum tersedia" in text and not blocks
    assert [found.topic for found in task_findings(none)] == ["skp_tepat_waktu"]
    english, _ = said_and_shown(task_content, edition(project, lang="en"))
    assert "performance dialogue" in english and "{" not in english


def test_stagnation_is_defined_by_the_settings(project: Project, said_and_shown: Show) -> None:
    made = edition(project)
    text, _ = said_and_shown(stagnant, made)
    assert "selama 4 triwulan terakhir, tidak tercatat mengusulkan inovasi" in text
    count, n = stagnation_of(made, 2025)
    limits = replace(made.config.thresholds, stagnation_periods=2, stagnation_jp=20.0)
    loose = replace(made, config=replace(made.config, thresholds=limits))
    text, _ = said_and_shown(stagnant, loose)
    assert "selama 2 triwulan" in text and "paling banyak 20 JP" in text
    assert stagnation_of(loose, 2025)[0] > count and stagnation_of(loose, 2025)[1] >= n
    unknown = edition(project, inovasi=made.tables["inovasi"].iloc[:0])
    text, _ = said_and_shown(stagnant, unknown)
    assert "formulir inovasi belum diterima" in text and "mengusulkan inovasi dalam" not in text


@pytest.mark.parametrize("instansi", ["all", "dinas-pendidikan", "badan-kesatuan-bangsa-dan-politik"])
def test_every_finding_has_both_languages_and_a_place(project: Project, instansi: str) -> None:
    for finding in awareness_findings(edition(project, instansi)):
        assert finding.sentence().endswith(".") and finding.sentence("en").endswith(".")
        assert "{" not in finding.sentence() + finding.sentence("en")
        assert finding.place or not finding.said


def test_an_agency_below_the_others_gets_outreach_recommended(project: Project) -> None:
    spread = [1, 2, 2, 3, 1, 2]
    answers = {
        ("dinas-pendidikan.sekretariat", "2025-Q3"): spread,
        ("dinas-kesehatan.sekretariat", "2025-Q3"): [5, 4, 4] * 3,
    }
    people = staff({"dinas-pendidikan.sekretariat": 20, "dinas-kesehatan.sekretariat": 20})
    made = edition(project, "dinas-pendidikan", pegawai=people, survei=survey(answers))
    finding = scale_finding(made, "kesadaran")
    assert finding.direction == "below" and recommend([finding], "2025")[0].topic == "kesadaran"
    assert "too few" in scale_finding(
        edition(project, "dinas-pendidikan", survei=survey({})), "kesadaran"
    ).sentence("en")


def test_clarity_by_the_survey_names_its_items(project: Project, said_and_shown: Show) -> None:
    answers = survey({("a.u", "2025-Q3"): [5, 4, 4, 3, 5, 4]}, "kejelasan_tugas")
    answers["butir"] = answers["butir"].str.replace("K", "T")
    answers.loc[answers["butir"] == "T2", "skor"] -= 1
    made = edition(project, pegawai=staff({"a.u": 20}), survei=answers)
    text, _ = said_and_shown(task_content, made)
    assert (
        "tertinggi adalah T1 (“Tugas saya tertulis dengan jelas dalam SKP”)" in text and "terendah T2" in text
    )
    none, _ = said_and_shown(task_content, edition(project, survei=answers.iloc[:0]))
    assert "belum dijawab" in none
    assert item_text(made, "X9") == "X9"


def test_events_without_participants_or_theme(project: Project, said_and_shown: Show) -> None:
    bare = events(["a.u0", "a.u0"])
    bare["jumlah_peserta"] = pd.array([None, None], dtype="Int64")
    bare["tema_penyuluhan"] = pd.Categorical([None, None], categories=bare["tema_penyuluhan"].cat.categories)
    text, blocks = said_and_shown(outreach, changed(project, 0, penyuluhan=bare))
    assert "jangkauannya tidak dapat dihitung" in text and "tbl-penyuluhan" in blocks and "{" not in text


def test_the_government_s_scale_is_beside_the_round_before(project: Project) -> None:
    rose = changed(project, 25, units=16)
    every = replace(rose, tables={**rose.tables, "penyuluhan": events([])})
    finding = scale_finding(every, "kesadaran")
    assert finding.direction == "up" and finding.design == "units", finding.sentence()
    assert 8 < finding.evidence["estimate"] < 17 and finding.evidence["p"] < 0.05
    assert not recommend([finding], "2025")
    fell = scale_finding(changed(project, -25, units=16), "kesadaran")
    assert (
        fell.direction == "down" and recommend([fell], "2025", whole=True)[0].owner[0] == "Badan Kepegawaian"
    )
    few = scale_finding(changed(project, 25, units=4), "kesadaran")
    assert "hanya 4 unit kerja" in few.sentence()


def test_stagnation_beside_other_agencies_and_when_it_may_not_be_shown(project: Project) -> None:
    rows = [
        {"id_pegawai": f"{agency}{i}", "periode": f"2025-Q{q}", "tahun": 2025, "instansi": agency,
         "predikat_skor": 4 if i < still else 3 + q % 2, "jp_12_bulan": 0.0}
        for agency, still in (("a", 30), ("b", 5))
        for i in range(40)
        for q in (1, 2, 3, 4)
    ]  # fmt: skip
    made = edition(project, panel=pd.DataFrame(rows))
    finding = stagnation_finding(replace(made, instansi="a"))
    assert finding is not None and finding.direction == "above" and finding.evidence["reach"] == 30
    assert recommend([finding], "2025")[0].topic == "stagnasi"
    assert stagnation_finding(made) is None, "nobody to compare the whole with"
    few = replace(
        made, instansi="b", tables={**made.tables, "panel": made.tables["panel"].query("id_pegawai != 'b0'")}
    )
    finding = stagnation_finding(few)
    assert finding is not None and not finding.said
