"""The data quality report: what is said, what is left unsaid, and that no small group shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.reporting import quality
from kinerja_lib.reporting.blocks import MIME
from kinerja_lib.reporting.quality.facts import Quality, floored
from kinerja_lib.reporting.quality.opening import findings
from kinerja_lib.workflow import Project

CHAPTERS = (
    "cover",
    "summary",
    "received",
    "reasons",
    "dimensions",
    "timeliness",
    "drifting",
    "trend",
    "requested",
    "every_file",
)


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **_: shown.append(bundle[MIME]))
    yield shown


def _open(project: Project, instansi: str = "all", periode: str = "2025", lang: str = "id") -> Quality:
    return quality.open_quality(instansi, periode, lang, project.root)


def _agency(project: Project) -> str:
    codes = _open(project).delivery.sheets["instansi"]
    return sorted(set(codes) - {"", "*"})[0]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("whole", [True, False])
def test_every_chapter_shows(project: Project, blocks: list[dict[str, Any]], lang: str, whole: bool) -> None:
    one = _open(project, "all" if whole else _agency(project), lang=lang)
    for name in CHAPTERS:
        before = len(blocks)
        getattr(quality, name)(one)
        assert len(blocks) > before, name
    ids = [block["id"] for block in blocks if block.get("id")]
    assert len(ids) == len(set(ids))
    for block in blocks:
        if block["kind"] == "figure":
            assert block["alt"]
            assert block["source"]


def test_the_numbers_of_the_text_are_those_of_the_accounting(
    project: Project, blocks: list[dict[str, Any]]
) -> None:
    one = _open(project)
    quality.summary(one)
    text = " ".join(block.get("markdown", "") for block in blocks)
    labels = one.edition.labels
    assert labels.integer(int(one.sheets["read"].sum())) in text
    assert labels.integer(int(one.sheets["kept"].sum())) in text
    assert one.total["read"] == one.total["kept"] + one.total["rejected"] + one.total["merged"]


def test_a_share_that_is_not_whole_never_shows_as_whole() -> None:
    frame = floored(pd.DataFrame({"valid": [0.99999, 1.0, 0.958, None]}))
    assert frame["valid"].tolist()[:3] == [0.999, 1.0, 0.958]
    assert pd.isna(frame["valid"].iloc[3])


def test_an_agency_sees_its_own_files_only(project: Project) -> None:
    code = _agency(project)
    one = _open(project, code)
    assert set(one.sheets["instansi"]) == {code}
    assert set(one.requests["instansi"]) <= {code}
    assert set(one.groups["table"]) == set(one.sheets["table"]) - {""}
    with pytest.raises(UsageError, match="dinas-antah"):
        _open(project, "dinas-antah")


def test_small_groups_do_not_show(project: Project, blocks: list[dict[str, Any]]) -> None:
    one = _open(project, _agency(project))
    quality.drifting(one)
    quality.drifting(_open(project))
    smallest = one.edition.smallest
    assert all(min(part.people, part.people_before) >= smallest for part in one.group_drifts.values())
    for block in blocks:
        if block["kind"] == "figure":  # a count between one and the least must not be read off a share
            for _, n, *parts in block["data"]["values"]:
                shares = [part for part in parts if part is not None]
                assert all(share == 0 or share * n > smallest - 0.5 for share in shares)


def test_findings_say_what_cannot_be_said(project: Project) -> None:
    whole = _open(project)
    assert len(findings(whole)) == 5
    early = _open(project, periode="2024-Q1")  # nothing before the first quarter
    unsaid = [item for item in findings(early) if item.kind == "unsaid"]
    assert len(unsaid) == 1
    assert "terlalu sedikit" in unsaid[0].text
