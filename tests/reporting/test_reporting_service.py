"""One satisfaction index for every report, and what may be said of it and the performance of organisations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.findings.associations import Ranked, finding_from_ranks
from kinerja_lib.reporting.annual import service
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.service_quality import agencies, service_findings
from kinerja_lib.reporting.comparison.figures import figure, values
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project


@pytest.fixture
def whole(project: Project) -> Edition:
    return open_edition("all", "2025", "id", project.root)


def test_the_index_is_one_in_every_report(whole: Edition) -> None:
    rows = whole.rows("layanan", 2025)
    summary = ind.ikm_summary(rows, ()).iloc[0]
    found = [
        ind.ikm_value(rows),
        facts(whole, 2025).ikm,
        figure(values(whole, 2025)["ikm"]),
        float(summary["ikm"]),
    ]
    assert np.ptp(found) < 1e-9 and 25 < found[0] < 100


def test_a_row_without_an_element_or_without_respondents_counts_nowhere() -> None:
    names = [f"unsur_{number}" for number in range(1, 10)]
    frame = pd.DataFrame(
        {
            "instansi": "a", "unit_kerja": list("xyz"), "periode": "2025-S1", "jumlah_responden": [10, 90, None],
            **{name: [3.0, 4.0, 4.0] for name in names},
        }
    )  # fmt: skip
    frame.loc[1, "unsur_9"] = None
    table = typed(frame, "layanan")
    assert ind.ikm_value(table) == pytest.approx(75.0)
    assert ind.ikm_summary(table, ()).iloc[0][["units", "respondents", "ikm", "kategori"]].tolist() == [
        1,
        10,
        75.0,
        "C",
    ]
    assert np.isnan(ind.ikm_value(table.iloc[1:])) and np.isnan(ind.ikm_value(table.iloc[:0]))


def test_few_agencies_say_nothing_and_say_why(whole: Edition) -> None:
    frame = agencies(whole)
    assert len(frame) < 10
    found = service_findings(whole)
    assert [one.topic for one in found] == ["layanan_kinerja"] * 2 and not any(one.said for one in found)
    assert f"hanya {len(frame['organisation'].dropna())} (paling sedikit 10)" in found[0].sentence()
    assert "at least 10 needed" in found[0].sentence("en")


RANKED = Ranked(
    "layanan_kinerja",
    ("IKM", "IKM"),
    ("predikat", "the predicate"),
    ("instansi", "agencies"),
    12,
    0.58,
    0.2,
    0.81,
    0.009,
)


def test_a_relation_between_organisations_is_never_said_of_people() -> None:
    found = finding_from_ranks(RANKED)
    assert found.said and (found.strength, found.direction) == ("weak", "up") and found.evidence["p"] == 0.009
    assert (
        "berhubungan dengan" in found.sentence()
        and "tidak dapat dibaca sebagai hubungan pada pegawai" in found.sentence()
    )
    assert "can't be read as a relation for individual employees" in found.sentence(
        "en"
    ) and "0.58" in found.sentence("en")


@pytest.mark.parametrize(
    ("change", "words"),
    [({"p": 0.2}, "kebetulan"), ({"n": 9}, "hanya 9"), ({"tau": float("nan")}, "ukurannya sama")],
)
def test_what_is_not_said(change: dict[str, float], words: str) -> None:
    from dataclasses import replace

    found = finding_from_ranks(replace(RANKED, **change))
    assert not found.said and words in found.sentence()


def test_the_section_in_both_languages(whole: Edition, project: Project, shown: list[dict]) -> None:
    service(whole)
    ids = [block.get("id") for block in shown]
    assert {"gbr-ikm", "tbl-unsur", "tbl-tren-ikm"} <= set(ids)
    agency = open_edition(str(whole.tables["layanan"]["instansi"].iloc[0]), "2025", "en", project.root)
    shown.clear()
    service(agency)
    assert any("public satisfaction index" in str(block) for block in shown)
