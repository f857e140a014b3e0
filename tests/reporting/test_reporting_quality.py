"""The data quality report: what is said, what is left unsaid, and that no small group shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kinerja_lib.config import starter
from kinerja_lib.errors import UsageError
from kinerja_lib.reporting import quality
from kinerja_lib.reporting.blocks import MIME
from kinerja_lib.reporting.quality.facts import Quality, floored
from kinerja_lib.reporting.quality.opening import findings, missing_people
from kinerja_lib.reporting.quality.requests import requested
from kinerja_lib.workflow import Project, find_project, run_clean

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


def _small(folder: Path, *names: str) -> Project:
    """A project of a few files of the museum."""
    (folder / "kinerja.toml").write_text(starter("Uji", place="Uji", synthetic=True), encoding="utf-8")
    exports = Path(__file__).resolve().parents[1] / "exports"
    for part, files in (("raw", names), ("reference", ("units.csv",))):
        (folder / "data" / part).mkdir(parents=True)
        for name in files:
            shutil.copyfile(exports / name, folder / "data" / part / name)
    made = find_project(folder, exact=True)
    run_clean(made)
    return made


@pytest.mark.parametrize("lang", ["id", "en"])
def test_without_appraisals_the_report_says_what_it_cannot_say(
    tmp_path: Path, blocks: list[dict[str, Any]], lang: str
) -> None:
    made = _small(tmp_path, "tanggal_rentang.csv", "kib_b_kondisi.csv", "kata_sandi.xlsx")
    one = _open(made, periode="2024", lang=lang)
    for name in CHAPTERS:
        getattr(quality, name)(one)
    text = " ".join(block.get("markdown", "") for block in blocks)
    labels = one.edition.labels
    for key in ("no_quarter", "no_trend", "nothing_asked"):
        assert labels.text(f"quality.{key}") in text
    assert "kata_sandi.xlsx" in str(blocks)
    assert one.drift is None


def test_undated_appraisals_have_no_timeliness(tmp_path: Path, blocks: list[dict[str, Any]]) -> None:
    made = _small(tmp_path, "nip_null_dan_kosong.csv", "predikat_tidak_sesuai_matriks.csv", "teks_tab.tsv")
    one = _open(made)
    quality.timeliness(one)
    quality.drifting(one)
    quality.requested(one)
    labels = one.edition.labels
    assert labels.text("quality.timeliness_unknown", days="31") in blocks[0]["markdown"]
    said = [item.text for item in findings(one)]
    assert labels.text("quality.undated") in said
    assert any("Dinas Contoh" in text for text in said)  # below the target
    assert "NIP kosong" in str(blocks)


def test_the_trend_goes_back_beyond_the_year(project: Project, blocks: list[dict[str, Any]]) -> None:
    quality.trend(_open(project, periode="2025"))
    (figure,) = [block for block in blocks if block["kind"] == "figure"]
    periods = [row[0] for row in figure["data"]["values"]]
    assert periods[0].startswith("2024")
    assert periods[-1].startswith("2025")


def test_an_agency_that_appraised_far_fewer_people_is_asked_first(
    project: Project, blocks: list[dict[str, Any]]
) -> None:
    found = _open(project)
    assert found.quarter is not None
    assert not missing_people(found)
    agency, last = _agency(project), found.appraisals["periode"].astype("str") == str(found.quarter)
    mine = found.appraisals["instansi"].astype("str") == agency
    for kept, shown in ((0, "−100%"), (7, "%"), (2, "")):
        found = _open(project)
        found.__dict__["appraisals"] = pd.concat(
            [found.appraisals[~(mine & last)], found.appraisals[mine & last].head(kept)]
        )
        assert list(found.fewer_people) == [agency]
        text = missing_people(found)
        assert found.edition.name(agency) in text
        assert ("(" in text) == bool(shown)
        assert shown in text
        assert text in [item.text for item in findings(found)]
    blocks.clear()
    requested(found)
    assert text in blocks[0]["markdown"]
