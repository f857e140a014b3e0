"""A sample with a known weak agency: what is built in there, and that nobody else's rows move."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.samples import Synthetic, synthetic_tables, write_sample
from kinerja_lib.samples.weakness import reward_chance

WEAK = "dinas-pertanian"


@pytest.fixture(scope="module")
def plain() -> Synthetic:
    return synthetic_tables(seed=7)


@pytest.fixture(scope="module")
def weak() -> Synthetic:
    return synthetic_tables(seed=7, weak=(WEAK,))


def _without(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["instansi"].astype("str") != WEAK].reset_index(drop=True)


def test_no_other_agency_changes(plain: Synthetic, weak: Synthetic) -> None:
    assert set(plain.tables) == set(weak.tables)
    for name, frame in plain.tables.items():
        pd.testing.assert_frame_equal(_without(frame), _without(weak.tables[name]))
    for name in ("pegawai", "pelatihan", "kepemimpinan", "hukuman"):
        pd.testing.assert_frame_equal(plain.tables[name], weak.tables[name])


def test_three_weaknesses_are_there(plain: Synthetic, weak: Synthetic) -> None:
    def own(sample: Synthetic) -> pd.DataFrame:
        return sample.exposed[sample.exposed["instansi"] == WEAK]

    assert own(plain)["fasilitas_indeks"].mean() > 70
    assert own(weak)["fasilitas_indeks"].mean() < 50
    assert own(weak)["predikat_skor"].mean() > own(plain)["predikat_skor"].mean() + 0.25
    results = weak.tables["organisasi"]
    assert set(results.loc[results["instansi"] == WEAK, "predikat_organisasi"]) == {"Butuh Perbaikan"}
    rewards = weak.tables["penghargaan"]
    rewarded = rewards.loc[rewards["instansi"].astype("str") == WEAK, "id_pegawai"].astype("str")
    sex = weak.people.set_index("id_pegawai")["jenis_kelamin"].reindex(rewarded)
    people = weak.tables["pegawai"]
    people = people[people["instansi"].astype("str") == WEAK]
    rate = sex.value_counts() / people["jenis_kelamin"].astype("str").value_counts()
    assert rate["L"] > 2.5 * rate["P"]  # the factors are 2,8 and 0,6


def test_part_of_a_weakness_lies_between_none_and_all(plain: Synthetic, weak: Synthetic) -> None:
    half = synthetic_tables(seed=7, weak=(WEAK,), strength=0.5)

    def mean(sample: Synthetic, name: str) -> float:
        return float(sample.exposed.loc[sample.exposed["instansi"] == WEAK, name].mean())

    assert mean(plain, "fasilitas_indeks") > mean(half, "fasilitas_indeks") > mean(weak, "fasilitas_indeks")
    assert mean(plain, "predikat_skor") < mean(half, "predikat_skor") < mean(weak, "predikat_skor")
    for name, frame in plain.tables.items():
        pd.testing.assert_frame_equal(_without(frame), _without(half.tables[name]))
    chance = np.array([0.1, 0.1])
    found = reward_chance(chance, pd.Series(["L", "P"]), 0.5)
    assert found == pytest.approx([0.1 * 2.8**0.5, 0.1 * 0.6**0.5])
    assert reward_chance(chance, pd.Series(["L", "P"]), 0.0) == pytest.approx(chance)


def test_truth_states_it(tmp_path: Path) -> None:
    write_sample(tmp_path / "a", 3, 150, "2024-Q1:2024-Q4", weak=("dinas-pendidikan",))
    write_sample(tmp_path / "b", 3, 150, "2024-Q1:2024-Q4")
    stated, plain = (
        json.loads((tmp_path / name / "truth.json").read_text(encoding="utf-8"))["structural"]
        for name in "ab"
    )
    assert stated["weak_agencies"]["codes"] == ["dinas-pendidikan"]
    assert stated["weak_agencies"]["organisation_predicate"] == "Butuh Perbaikan"
    assert "weak_agencies" not in plain
    with pytest.raises(UsageError):
        synthetic_tables(agencies=3, employees=150, weak=("dinas-tiada",))
