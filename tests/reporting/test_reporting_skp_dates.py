"""SKP in time in the annual report: one measure in the chapter and in the finding; no date is no delay."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from kinerja_lib.indicators import skp_summary
from kinerja_lib.reporting.annual import tasks
from kinerja_lib.reporting.annual.awareness_findings import task_findings
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.task_content import skp_people
from kinerja_lib.workflow import Project


@pytest.fixture
def edition(project: Project) -> Edition:
    return open_edition("all", "2025", "id", project.root)


def undated(edition: Edition, code: str = "") -> Edition:
    """The same without a date of any SKP, of one agency or of all."""
    changed = {}
    for name in ("penilaian", "skp"):
        frame = edition.tables[name].copy()
        mine = frame["instansi"].astype("str") == code if code else pd.Series(True, index=frame.index)
        frame.loc[mine, "tanggal_penetapan_skp"] = pd.NaT
        changed[name] = frame
    return replace(edition, tables={**edition.tables, **changed})


def test_the_chapter_and_the_finding_say_one_number(edition: Edition, shown: list[dict]) -> None:
    tasks(edition)
    row = skp_summary(skp_people(edition), ()).iloc[0]
    said = f"Dari {edition.labels.integer(row['due'])} pegawai yang sudah diangkat sebelum tahun ini, {edition.labels.percent(row['share_on_time'])}"
    assert said in json.dumps(shown, default=str, ensure_ascii=False)
    (finding,) = [one for one in task_findings(edition) if one.topic == "skp_tepat_waktu"]
    assert finding.evidence["estimate"] == pytest.approx(row["share_on_time"])


def test_an_agency_without_dates_is_counted_apart(edition: Edition, shown: list[dict]) -> None:
    code = min(edition.tables["pegawai"]["instansi"].astype("str"))
    mine = undated(edition, code)
    tasks(mine)
    assert "tidak mengirim satu pun tanggal" in json.dumps(shown, default=str)
    before, after = (skp_summary(skp_people(one), ()).iloc[0] for one in (edition, mine))
    assert after["due"] < before["due"] and after["undated"] > 0 == before["undated"]


def test_no_date_at_all_judges_nobody(edition: Edition, shown: list[dict]) -> None:
    bare = undated(edition)
    tasks(bare)
    text = json.dumps(shown, default=str)
    assert "tidak dapat dinilai" in text and "dihitung terlambat" not in text
    assert not [one for one in task_findings(bare) if one.topic == "skp_tepat_waktu" and one.said]
