"""The annual report counts those on duty, and says how many are not."""

from __future__ import annotations

import json

import pytest

from kinerja_lib.reporting.annual import scope
from kinerja_lib.reporting.annual.edition import open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.tables import TABLES
from kinerja_lib.workflow import Project, load_table


@pytest.mark.parametrize(
    ("absent", "words"), [(0, None), (3, "5 pegawai lain"), (7, "cuti di luar tanggungan negara (7)")]
)
def test_those_away_are_counted_nowhere(
    project: Project, shown: list[dict], absent: int, words: str | None
) -> None:
    tables = {name: load_table(project, name) for name in TABLES}
    people = tables["pegawai"].copy()
    year = people.index[people["tahun"] == 2025]
    people["kedudukan_hukum"] = people["kedudukan_hukum"].astype("object")
    people.loc[year[:absent], "kedudukan_hukum"] = "CLTN"
    edition = open_edition("all", "2025", "id", project.root, tables={**tables, "pegawai": people})
    assert len(facts(edition, 2025).staff) == len(year) - absent
    scope(edition)
    text = json.dumps(shown, default=str, ensure_ascii=False)
    assert (words in text) if words else ("tidak dihitung" not in text)
