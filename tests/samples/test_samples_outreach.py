"""Outreach, SKP, innovations and coaching of the sample: what the truth states is what the tables hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.indicators import (
    coaching_cases,
    coaching_summary,
    competence_gap,
    gap_summary,
    outreach_changes,
)
from kinerja_lib.models import difference_of_changes
from kinerja_lib.samples import synthetic_tables
from kinerja_lib.samples.needs import BY_PERSON
from kinerja_lib.samples.outreach import stated
from kinerja_lib.samples.tables import Synthetic


@pytest.fixture(scope="module")
def sample() -> Synthetic:
    return synthetic_tables(seed=7)


def test_what_is_stated_is_there(sample: Synthetic) -> None:
    truth, skp = stated(sample.organisation), sample.tables["skp"]
    assert sample.truth["forms"] == truth
    assert abs((~skp["skp_disepakati"]).mean() - truth["skp_not_agreed"]) < 0.01
    for name, share in truth["skp_without_indicator"].items():
        assert abs((skp[f"indikator_{name}"] == 0).mean() - share) < 0.02, name
    for name in ("skp", "inovasi"):
        assert truth["no_form_on_skp_and_innovations"] not in set(sample.tables[name]["instansi"])
    assert truth["no_outreach"] not in set(sample.tables["penyuluhan"]["instansi"])
    assert sorted(skp["tahun"].unique()) == [2024, 2025], "the form exists since the last but one year"


def test_dates_are_those_of_the_appraisals(sample: Synthetic) -> None:
    skp, appraised = sample.tables["skp"], sample.tables["penilaian"]
    rows = appraised.assign(tahun=appraised["periode"].str[:4].astype("int64"))
    first = rows.groupby(["id_pegawai", "tahun"])["tanggal_penetapan_skp"].min().rename("day")
    joined = skp.join(first, on=["id_pegawai", "tahun"])
    assert (joined["day"] == joined["tanggal_penetapan_skp"]).all()


def test_no_effect_of_outreach_on_awareness_is_found(sample: Synthetic) -> None:
    tables = sample.tables
    for before, now in (("2023-Q3", "2024-Q3"), ("2024-Q3", "2025-Q3")):
        found = outreach_changes(tables["survei"], tables["penyuluhan"], before, now)
        groups = [found.loc[found["group"] == name, "change"] for name in ("dengan", "tanpa")]
        effect = difference_of_changes(*groups)
        assert effect.ci_low < sample.truth["forms"]["outreach_effect_on_awareness"] < effect.ci_high
    came = tables["penyuluhan"]["jumlah_peserta"] > tables["penyuluhan"]["jumlah_sasaran"]
    assert 0 < np.mean(came) < 0.2, "guests sign attendance lists too"


def test_one_agency_says_who_needs_what(sample: Synthetic) -> None:
    needs, people = sample.tables["kebutuhan_kompetensi"], sample.tables["pegawai"]
    named = needs[needs["id_pegawai"].notna()]
    assert set(named["instansi"]) == {sample.organisation.agency_codes[BY_PERSON]}
    assert set(needs.loc[needs["id_pegawai"].isna(), "instansi"]).isdisjoint(named["instansi"])
    joined = named.merge(people, on=["id_pegawai", "tahun"], suffixes=("", "_profile"))
    assert len(joined) == len(named) and (joined["unit_kerja"] == joined["unit_kerja_profile"]).all()
    gap = competence_gap(needs, sample.tables["pelatihan"], people, 2025, ("instansi",))
    found = gap_summary(gap, ("instansi",)).set_index("instansi")
    row = found.loc[sample.organisation.agency_codes[BY_PERSON]]
    numbers = needs.assign(id_pegawai=pd.Series(index=needs.index, dtype="str"))
    bound = gap_summary(
        competence_gap(numbers, sample.tables["pelatihan"], people, 2025, ("instansi",)), ("instansi",)
    )
    most = bound.set_index("instansi").loc[row.name, "coverage"]
    assert row["named"] == row["needed"] and row["coverage"] < 0.6 * most, "numbers alone would look better"


def test_coaching_is_as_stated(sample: Synthetic) -> None:
    truth, tables = sample.truth["coaching"], sample.tables
    cases = coaching_cases(tables["penilaian"], tables["pembinaan"], 2024)
    found = coaching_summary(cases).set_index("instansi")
    weak = sample.truth["structural"]["weak_agency"]
    own = found.loc[weak]
    assert abs(own["share_coached"] - truth["coached_in_weak_agency"]) < 0.12
    others = found.drop(index=[weak, truth["no_form"]])
    assert abs(others["coached"].sum() / others["known"].sum() - truth["coached"]) < 0.02
    assert found.loc[truth["no_form"], ["known", "coached"]].tolist() == [0, 0]
    waited = cases.loc[cases["event"], "days"].median()
    assert abs(waited - truth["median_days_to_coaching"]) < 4
