"""How raters use the scale in the annual report: counts only, refused where they share no scale or are few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models.rater_use import rater_use as measured
from kinerja_lib.reporting.annual import rater_use as chapter
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.rater_use import rater_use, rater_use_findings, raters_of
from kinerja_lib.schema.predikat import PREDIKAT
from kinerja_lib.workflow import Project


def ratings(raters: int, people: int, central: int, seed: int = 5) -> pd.DataFrame:
    """Raters of their own people; the first ``central`` give Baik nearly always."""
    rng = np.random.default_rng(seed)
    rows = []
    for rater in range(raters):
        for person in range(people):
            wide = rng.choice([1, 2, 3, 4, 5], p=[0.1, 0.1, 0.2, 0.3, 0.3])
            level = (4 if person else 5) if rater < central else wide
            rows.append((f"P{rater}-{person}", f"R{rater}", PREDIKAT[level - 1]))
    frame = pd.DataFrame(rows, columns=["id_pegawai", "id_penilai", "predikat"])
    return frame.assign(predikat=pd.Categorical(frame["predikat"], list(PREDIKAT), ordered=True))


def test_who_hardly_tells_people_apart_is_counted():
    found = measured(ratings(12, 40, 3))
    assert found.raters["central"].tolist() == [True] * 3 + [False] * 9
    assert len(found.components) == 12 and found.hidden == 0
    assert measured(ratings(12, 4, 3)).hidden == 12
    assert not measured(ratings(12, 40, 0)).raters["central"].any()
    with pytest.raises(ModelError):
        measured(ratings(2, 3, 0).assign(id_penilai=None))


def test_a_common_employee_links_two_raters():
    frame = ratings(2, 20, 0)
    frame.loc[0, "id_penilai"] = "R1"
    frame = pd.concat([frame, frame.iloc[[0]].assign(id_penilai="R0")], ignore_index=True)
    assert measured(frame).raters["component"].tolist() == [1, 1]


@pytest.fixture(params=["id", "en"])
def edition(project: Project, request: pytest.FixtureRequest) -> Edition:
    return open_edition("all", "2025", request.param, project.root)


def test_the_section_names_no_rater(edition: Edition, project: Project, shown: list[dict]) -> None:
    rater_use(edition)
    agency = open_edition(
        str(edition.tables["panel"]["instansi"].iloc[0]), "2025", edition.lang, project.root
    )
    rater_use(agency)
    text = " ".join(block["markdown"] for block in shown)
    found = raters_of(edition)
    assert found is not None and not any(
        code in text for code in edition.tables["panel"]["id_penilai"].dropna().unique()
    )
    empty = replace(edition, tables={**edition.tables, "panel": edition.tables["panel"].head(0)})
    assert raters_of(empty) is None
    shown.clear()
    rater_use(empty)
    assert ("Kurang dari 5 penilai" if edition.lang == "id" else "Fewer than 5 raters") in shown[0][
        "markdown"
    ]


@pytest.mark.parametrize(
    ("raters", "central", "words"),
    [
        (12, 6, "6 dari 12 penilai"),
        (12, 3, "kurang dari 5 penilai"),
        (12, 0, "tidak satu pun dari 12"),
        (3, 0, "kurang dari 5"),
    ],
)
def test_what_may_be_said(
    project: Project, monkeypatch: pytest.MonkeyPatch, raters: int, central: int, words: str
) -> None:
    monkeypatch.setattr(chapter, "raters_of", lambda _: measured(ratings(raters, 40, central)))
    (found,) = rater_use_findings(open_edition("all", "2025", "id", project.root))
    assert words in found.sentence() and found.said == (central == 6)
