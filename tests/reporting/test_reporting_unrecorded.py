"""An agency that sent no record of training: unknown in the reports, never untrained."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kinerja_lib.reporting.annual.competences import rights
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.quarterly.facts import quarter
from kinerja_lib.workflow import Project


def silent(edition: Edition) -> tuple[Edition, str]:
    code = min(edition.tables["pegawai"]["instansi"].astype("str"))
    rows, people = edition.tables["pelatihan"], edition.tables["pegawai"]
    own = set(people.loc[people["instansi"].astype("str") == code, "id_pegawai"])
    kept = rows[(rows["instansi"].astype("str") != code) & ~rows["id_pegawai"].isin(own)]
    return replace(edition, tables={**edition.tables, "pelatihan": kept}), code


@pytest.mark.parametrize(
    ("lang", "words"), [("id", "tidak mengirim satu pun riwayat"), ("en", "sent no record of any training")]
)
def test_the_annual_report(project: Project, shown: list[dict], lang: str, words: str) -> None:
    edition, code = silent(open_edition("all", "2025", lang, project.root))
    staff = facts(edition, 2025).staff
    mine = staff["instansi"].astype("str") == code
    assert mine.any() and staff.loc[mine, "jp"].isna().all() and staff.loc[~mine, "jp"].notna().all()
    rights(edition)
    assert words in json.dumps(shown, default=str, ensure_ascii=False)


def test_the_quarter_s_report_owes_them_nothing(project: Project) -> None:
    edition, code = silent(open_edition("all", "2025", "id", project.root))
    staff = quarter(edition, "2025-Q3").staff
    assert staff.loc[staff["instansi"].astype("str") == code, "owed"].isna().all()
