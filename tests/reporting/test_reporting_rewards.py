"""Rewards and coaching in the annual report: counts by rule, like cases, the wait; never a person."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from kinerja_lib.reporting.annual import rewards as chapter
from kinerja_lib.reporting.annual import rewards_sanctions
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.rewards import Alike, alike, follow_up, rewards_findings
from kinerja_lib.workflow import Project


@pytest.fixture(params=["id", "en"])
def edition(project: Project, request: pytest.FixtureRequest) -> Edition:
    return open_edition("all", "2025", request.param, project.root)


def without(edition: Edition, **changed: pd.DataFrame) -> Edition:
    return replace(edition, tables={**edition.tables, **changed})


def order(**changed: float) -> pd.Series:
    usual = {
        "n": 400,
        "rewarded": 30,
        "pairs": 200,
        "overturned": 40,
        "share": 0.2,
        "lot_error": 0.1,
        "z": -3.0,
        "p_value": 0.003,
    }
    return pd.Series({**usual, **changed})


def said(edition: Edition, monkeypatch: pytest.MonkeyPatch, **changed: float) -> tuple[str, str]:
    monkeypatch.setattr(chapter, "alike", lambda _: Alike(pd.Series(dtype="float64"), order(**changed)))
    (found,) = rewards_findings(edition)
    return found.strength, found.sentence(edition.lang)


def test_no_code_of_a_person_stands_in_the_section(edition: Edition, shown: list[dict]) -> None:
    rewards_sanctions(edition)
    text = json.dumps(shown, default=str)
    for name in ("penilaian", "penghargaan", "hukuman", "pegawai"):
        for code in edition.tables[name]["id_pegawai"].unique():
            assert code not in text
    (table,) = (block for block in shown if block.get("id") == "tbl-tindak-lanjut")
    assert len(table["values"]) == 4 and table["values"][3][2] > 0


def test_what_is_said_of_the_order(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    up = said(edition, monkeypatch)
    assert (
        up[0] == "weak"
        and ("predikatnya lebih tinggi: 80,0% dari 200" if edition.lang == "id" else "80.0% of 200") in up[1]
    )
    down = said(edition, monkeypatch, z=3.0, share=0.7)
    assert (
        "lebih rendah: 70,0% dari 200" if edition.lang == "id" else "lower appraised: in 70.0% of 200"
    ) in down[1]
    left = said(edition, monkeypatch, p_value=0.4)
    assert left[0] == "unsaid"
    assert (
        "perbedaan sebesar 28,0 poin" if edition.lang == "id" else "a difference of 28.0 percentage"
    ) in left[1]
    assert said(edition, monkeypatch, rewarded=9)[0] == "unsaid"
    assert said(edition, monkeypatch, n=33)[0] == "unsaid"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"pairs": 0}, "tidak dapat diperiksa"),
        ({"mixed": 0}, "perlakuannya sama"),
        ({"in_mixed": 4}, "kurang dari 5 orang"),
        ({"had": 4}, "kurang dari 5 orang"),
        ({}, "0,50 kali yang diharapkan"),
    ],
)
def test_what_is_said_of_like_cases(
    project: Project, row: dict[str, int], words: str, shown: list[dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = {
        "pairs": 100,
        "groups": 20,
        "in_groups": 60,
        "mixed": 6,
        "in_mixed": 20,
        "had": 10,
        "unlike": 10,
        "expected": 20.0,
    }
    monkeypatch.setattr(chapter, "alike", lambda _: Alike(pd.Series({**usual, **row}), order()))
    follow_up(open_edition("all", "2025", "id", project.root))
    assert words in " ".join(block.get("markdown", "") for block in shown)


def test_without_records_nothing_is_made_up(edition: Edition, shown: list[dict]) -> None:
    bare = without(
        edition, penghargaan=edition.tables["penghargaan"].head(0), hukuman=edition.tables["hukuman"].head(0)
    )
    follow_up(bare)
    (finding,) = rewards_findings(bare)
    assert not finding.said
    text = " ".join(block.get("markdown", "") for block in shown)
    assert "Kaplan" not in text and "365" not in text
    empty = without(edition, penilaian=edition.tables["penilaian"].head(0))
    assert alike(empty) is None and rewards_findings(empty) == []


def test_the_wait(project: Project, shown: list[dict], monkeypatch: pytest.MonkeyPatch) -> None:
    edition = open_edition("all", "2025", "id", project.root)
    found = {
        "n": 100.0,
        "events": 60.0,
        "open": 40.0,
        "median": 120.0,
        "naive": 80.0,
        "within_90": 0.3,
        "within_365": 0.6,
    }

    def text(**changed: float) -> str:
        shown.clear()
        monkeypatch.setattr(chapter, "waiting_summary", lambda _: {**found, **changed})
        follow_up(edition)
        return " ".join(block.get("markdown", "") for block in shown)

    assert "60,0% menerimanya dalam 365 hari" in text() and "dalam 120 hari" in text()
    assert "tidak ditampilkan karena menunjuk" in text(events=3.0)
    assert "Median lama menunggu tidak ada" in text(median=float("nan"))
    assert "belum semua dapat diamati" in text(within_365=float("nan"))
    assert "365" not in text(n=3.0)
