"""Coaching in the annual report: counts by agency, nothing where nothing is known, nobody of a small group."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.findings import recommend
from kinerja_lib.reporting.annual.coaching import coached, coaching, coaching_findings
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project


@pytest.fixture(params=["id", "en"])
def edition(project: Project, request: pytest.FixtureRequest) -> Edition:
    return open_edition("all", "2025", request.param, project.root)


def without(edition: Edition, **changed: pd.DataFrame) -> Edition:
    return replace(edition, tables={**edition.tables, **changed})


def test_the_section_counts_and_names_nobody(edition: Edition, shown: list[dict]) -> None:
    coaching(edition)
    text = json.dumps(shown, default=str)
    for code in edition.tables["pembinaan"]["id_pegawai"].unique():
        assert code not in text
    (table,) = (block for block in shown if block.get("id") == "tbl-pembinaan")
    found = coached(edition)
    assert found is not None
    for line, (_, row) in zip(table["values"], found.agencies.iterrows(), strict=True):
        counts = [value for value in line[1:5] if isinstance(value, int | float)]
        assert not any(0 < value < 5 for value in counts)
        if len(counts) == 4:
            assert counts[0] == row["known"] == counts[1] + counts[3] and counts[2] <= counts[1]


def test_an_agency_without_a_record_is_counted_apart(edition: Edition, shown: list[dict]) -> None:
    record = edition.tables["pembinaan"]
    code = min(record["instansi"].astype("str"))
    silent = without(edition, pembinaan=record[record["instansi"].astype("str") != code])
    coaching(silent)
    words = "belum mengirim formulir" if edition.lang == "id" else "sent no form"
    assert words in json.dumps(shown, default=str)
    whole, fewer = coached(edition), coached(silent)
    assert whole is not None and fewer is not None and code not in fewer.agencies.index
    assert whole.row["known"] - fewer.row["known"] == whole.agencies.loc[code, "known"]


def test_the_finding_and_its_recommendation(edition: Edition) -> None:
    (finding,) = coaching_findings(edition)
    found = coached(edition)
    assert found is not None
    missed = found.row["due"] - found.row["in_time"]
    assert (finding.direction, finding.evidence["reach"], finding.evidence["n"]) == (
        "below",
        missed,
        found.row["due"],
    )
    (advice,) = recommend([finding], "2025", whole=True)
    assert advice.topic == "pembinaan_terlaksana" and "90" in advice.sentence(edition.lang)


def test_without_a_record_nothing_is_claimed(edition: Edition, shown: list[dict]) -> None:
    bare = without(edition, pembinaan=edition.tables["pembinaan"].head(0))
    coaching(bare)
    assert coaching_findings(bare) == []
    words = "tidak tercatat" if edition.lang == "id" else "not on record"
    assert len(shown) == 1 and words in json.dumps(shown, default=str)


def test_few_people_are_withheld_in_the_agency_s_own_report_too(edition: Edition, shown: list[dict]) -> None:
    record = edition.tables["pembinaan"]
    code = min(record["instansi"].astype("str"))
    own = record[(record["instansi"].astype("str") == code) & (record["periode"].str[:4] == "2025")]
    some = pd.concat([record[record["instansi"].astype("str") != code], own.head(3)])
    mine = replace(without(edition, pembinaan=some), instansi=code)
    found = coached(mine)
    assert found is not None and 0 < found.row["coached"] < 5 and found.secret(code, "coached")
    coaching(mine)
    assert len(shown) == 1 and coaching_findings(mine) == []


def test_few_late_ones_hide_how_soon_but_not_that_most_were_coached(
    edition: Edition, shown: list[dict]
) -> None:
    rows, record = edition.tables["penilaian"], edition.tables["pembinaan"]
    low = rows[rows["predikat"].isin(["Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan"])]
    low = low[(low["periode"].str[:4] == "2025") & low["tanggal_penilaian"].notna()]
    low = low.sort_values("tanggal_penilaian").drop_duplicates("id_pegawai").reset_index(drop=True)
    code = low["instansi"].astype("str").value_counts().index[0]
    own = np.flatnonzero(low["instansi"].astype("str") == code)
    begun = low["tanggal_penilaian"].copy()
    begun.iloc[own[:2]] += pd.Timedelta(days=120)
    kept = np.setdiff1d(np.arange(len(low)), own[-6:])
    full = pd.DataFrame({name: low[name] for name in ("id_pegawai", "instansi", "periode")}).assign(
        tanggal_mulai=begun
    )
    full = typed(full.iloc[kept].reindex(columns=record.columns), "pembinaan")
    mine = replace(without(edition, pembinaan=full), instansi=code)
    found = coached(mine)
    assert found is not None and found.row["later"] == 2 and found.row["waiting"] == 6
    assert found.secret(code, "later", "in_time") and not found.secret(code, "coached", "waiting")
    coaching(mine)
    text = json.dumps(shown, default=str)
    assert ("telah mulai dibina; 6 belum" if edition.lang == "id" else "have begun; 6 have not") in text
    (finding,) = coaching_findings(mine)
    assert finding.evidence["reach"] == 6


def test_all_in_time_asks_for_nothing(edition: Edition) -> None:
    record = edition.tables["pembinaan"]
    rows = edition.tables["penilaian"]
    low = rows[rows["predikat"].isin(["Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan"])]
    low = low[(low["periode"].str[:4] == "2025") & low["tanggal_penilaian"].notna()]
    full = pd.DataFrame({name: low[name] for name in ("id_pegawai", "instansi", "periode")})
    full = full.assign(tanggal_mulai=low["tanggal_penilaian"], tanggal_selesai=low["tanggal_penilaian"])
    made = coaching_findings(without(edition, pembinaan=full.reindex(columns=record.columns)))
    assert [finding.direction for finding in made] == ["equal"]
    assert recommend(made, "2025") == ()
