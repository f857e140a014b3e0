"""Reports on the end of assignments in the annual report, their finding and what is asked for."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from kinerja_lib.findings import recommend
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.end_reports import end_report_findings, end_reports
from kinerja_lib.workflow import Project


@pytest.fixture(params=["id", "en"])
def edition(project: Project, request: pytest.FixtureRequest) -> Edition:
    return open_edition("all", "2025", request.param, project.root)


def changed(edition: Edition, **columns: object) -> Edition:
    rows = edition.tables["laporan_tugas"].assign(**columns)
    return replace(edition, tables={**edition.tables, "laporan_tugas": rows})


def test_the_section_by_group_and_quarter(edition: Edition, shown: list[dict]) -> None:
    end_reports(edition)
    tables = {block["id"]: block for block in shown if block["kind"] == "table"}
    assert set(tables) == {"tbl-laporan-akhir", "tbl-laporan-akhir-triwulan"}
    rows = edition.rows("laporan_tugas", 2025)
    done = rows["status_tugas"].astype("str").isin(["Selesai", "Selesai terlambat"]).sum()
    assert sum(line[1] for line in tables["tbl-laporan-akhir"]["values"]) <= done
    assert len(tables["tbl-laporan-akhir-triwulan"]["values"]) <= 8
    assert ("paling lambat 14 hari" if edition.lang == "id" else "within 14 days") in json.dumps(
        shown, default=str
    )


def test_what_is_found_and_asked_for(edition: Edition) -> None:
    late = changed(
        edition, tanggal_laporan=edition.tables["laporan_tugas"]["tanggal_selesai"] + pd.Timedelta(days=15)
    )
    (finding,) = end_report_findings(late)
    assert finding.direction == "below" and finding.evidence["count"] == 0
    (advice,) = recommend([finding], "2025")
    assert "14" in advice.sentence(edition.lang)
    prompt = changed(
        edition, tanggal_laporan=edition.tables["laporan_tugas"]["tanggal_selesai"], capaian="selesai"
    )
    assert [one.direction for one in end_report_findings(prompt)] == ["above"]
    assert recommend(end_report_findings(prompt), "2025") == ()


def test_without_the_day_of_the_report_time_is_not_judged(edition: Edition, shown: list[dict]) -> None:
    bare = changed(edition, tanggal_laporan=pd.NaT)
    end_reports(bare)
    assert end_report_findings(bare) == []
    words = "ketepatan waktunya tidak dapat dinilai" if edition.lang == "id" else "cannot be told"
    assert words in json.dumps(shown, default=str)
    assert all(len(block["columns"]) == 4 for block in shown if block["kind"] == "table")


def test_nothing_finished_says_nothing(edition: Edition, shown: list[dict]) -> None:
    end_reports(changed(edition, status_tugas="Berjalan"))
    assert shown == []
