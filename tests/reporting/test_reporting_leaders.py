"""Leaders and facilities in the annual report: span, reliability, parts, and a relation only where a model carries it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.reporting.annual import facilities, leadership
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facility_parts import facility_parts, unit_parts
from kinerja_lib.reporting.annual.leaders import form_reliability, leadership_findings, survey_reliability
from kinerja_lib.reporting.annual.unit_levels import unit_relation
from kinerja_lib.reporting.annual.workplace_findings import workplace_findings
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project


@pytest.fixture(params=["id", "en"])
def edition(project: Project, request: pytest.FixtureRequest) -> Edition:
    return open_edition("all", "2025", request.param, project.root)


def without(edition: Edition, **changed: pd.DataFrame) -> Edition:
    return replace(edition, tables={**edition.tables, **changed})


def texts(shown: list[dict]) -> str:
    return " ".join(block.get("markdown", "") for block in shown)


def test_the_leaders_section(edition: Edition, shown: list[dict]) -> None:
    leadership(edition)
    blocks = {block.get("id"): block for block in shown}
    heads = blocks["tbl-kepemimpinan"]["columns"]
    assert ("Rentang kendali" if edition.lang == "id" else "Span of control") in heads and len(heads) == 7
    assert len(blocks["tbl-keandalan-kepemimpinan"]["values"]) == 2
    forms = form_reliability(edition)
    assert forms is not None and forms[0].items == 4 and forms[2] > 2
    survey = survey_reliability(edition)
    assert survey is not None and survey[0].items == 6
    assert any(block["kind"] == "findings" for block in shown)
    assert ("rata-rata membawahi" if edition.lang == "id" else "employees on average") in texts(shown)


def test_a_vacant_leader_is_said(edition: Edition, shown: list[dict]) -> None:
    forms = edition.tables["kepemimpinan"].astype({"jumlah_bawahan": "Int64"})
    forms.loc[forms.index[forms["periode"] == "2025-Q4"][:2], "jumlah_bawahan"] = [0, pd.NA]
    leadership(without(edition, kepemimpinan=forms))
    assert ("1 formulir tanpa bawahan" if edition.lang == "id" else "1 forms without staff") in texts(shown)


def test_no_forms_no_section(edition: Edition, shown: list[dict]) -> None:
    empty = without(edition, kepemimpinan=edition.tables["kepemimpinan"].head(0))
    leadership(empty)
    assert [block["kind"] for block in shown] == ["text"]
    assert leadership_findings(empty) == []
    assert form_reliability(empty) is None


def test_without_a_survey_the_forms_stand_alone(edition: Edition, shown: list[dict]) -> None:
    leadership(without(edition, survei=edition.tables["survei"].head(0)))
    (table,) = (block for block in shown if block.get("id") == "tbl-keandalan-kepemimpinan")
    assert len(table["values"]) == 1


def test_findings_of_leaders_and_facilities(edition: Edition) -> None:
    (held,) = leadership_findings(edition)
    assert (
        held.topic == "rapat_terlaksana" and held.direction == "below" and 0 < held.evidence["estimate"] < 1
    )
    within = [one for one in workplace_findings(edition) if one.contrast == "within_units"]
    assert {one.topic for one in within} == {"kepemimpinan", "fasilitas_kinerja"}
    for one in within:
        assert "di unit yang sama" in one.sentence("id") and "within the same unit" in one.sentence("en")
        assert "berpengaruh" not in one.sentence("id") and "affects" not in one.sentence("en")


def test_a_relation_is_unsaid_where_clusters_are_few(project: Project, edition: Edition) -> None:
    bounds = replace(edition.config.thresholds, minimum_clusters=10_000)
    strict = replace(edition, config=replace(edition.config, thresholds=bounds))
    found = unit_relation(strict, "kepemimpinan_10")
    assert found is not None and not found.said


def test_no_model_no_relation(edition: Edition, shown: list[dict], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("tidak bisa")

    monkeypatch.setattr("kinerja_lib.reporting.annual.unit_levels.kept_fit", refuse)
    other = replace(edition)
    assert unit_relation(other, "fasilitas_10") is None
    facilities(other)
    assert not any(block["kind"] == "findings" for block in shown)


def test_parts_of_the_index_and_a_unit_without_assets(edition: Edition, shown: list[dict]) -> None:
    unit = str(edition.tables["fasilitas"]["unit_kerja"].iloc[0])
    rows = edition.tables["fasilitas"]
    bare = without(edition, fasilitas=typed(rows[rows["unit_kerja"].astype("str") != unit], "fasilitas"))
    parts = unit_parts(bare)
    assert parts.loc[parts["unit_kerja"] == unit, "fasilitas_indeks"].isna().all()
    facility_parts(bare)
    (table,) = (block for block in shown if block.get("id") == "tbl-bagian-fasilitas")
    assert len(table["columns"]) == 8
    assert ("1 tidak memiliki buku inventaris" if edition.lang == "id" else "1 have no asset book") in texts(
        shown
    )
    shown.clear()
    facility_parts(without(edition, fasilitas=rows.head(0)))
    assert [block["kind"] for block in shown] == ["text"]
    shown.clear()
    facility_parts(without(edition, survei=edition.tables["survei"].head(0)))
    assert len(shown[0]["columns"]) == 7  # without the judgement of the staff
