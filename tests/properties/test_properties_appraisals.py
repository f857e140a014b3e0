"""Whatever an office does to a table of appraisals: every row is accounted for, and nothing false is kept."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.reading import read_export
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.identity import pseudonym
from kinerja_lib.schema.raw import RawTable

sys.path.insert(0, str(Path(__file__).parent))

import damage

KEY = b"k" * 32
EXPORTS = Path(__file__).resolve().parents[1] / "exports"
REGISTER = Register.load(EXPORTS / "units.csv")
IDS = {pseudonym(nip, KEY): nip for nip in damage.PEOPLE}


def _read(sheet: damage.Sheet, rng: random.Random) -> list[RawTable]:
    name, content = damage.as_bytes(sheet, rng)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_export(path)


def _check(people: list[damage.Person], seed: int, share: float) -> None:
    rng = random.Random(seed)
    sheet = damage.damaged(people, rng, share)
    raw = _read(sheet, rng)
    result = clean(raw, register=REGISTER, key=KEY)
    _accounted(sheet, result)
    _true(sheet, result)
    _same_again(result)


def _accounted(sheet: damage.Sheet, result: CleanResult) -> None:
    """Each row that was written was read, and is kept, rejected or merged: once, and at its own place."""
    account = result.accounting
    assert (account["read"] == account["kept"] + account["rejected"] + account["merged"]).all()
    assert account["read"].sum() == len(sheet.shows)
    kept = list(result.tables["penilaian"]["baris_sumber"])
    gone = list(result.ledger["row"])
    assert sorted([*kept, *gone]) == sorted(sheet.shows)


def _true(sheet: damage.Sheet, result: CleanResult) -> None:
    """No kept value differs from the truth, and what could be recovered was."""
    frame = result.tables["penilaian"].astype("object")
    for row in frame.to_dict("records"):
        person, lost = sheet.shows[row["baris_sumber"]], sheet.lost[row["baris_sumber"]]
        truth: dict[str, tuple[Any, set[str]]] = {
            "id_pegawai": (pseudonym(person.nip, KEY), {"nip"}),
            "periode": (f"2025-Q{person.quarter}", {"periode"}),
            "unit_kerja": (damage.UNITS[person.unit], {"unit"}),
            "hasil_kerja": (person.hasil, {"hasil"}),
            "perilaku_kerja": (person.perilaku, {"perilaku"}),
            "predikat_tercetak": (person.predikat, {"predikat"}),
        }
        for name, (true, sources) in truth.items():
            if pd.isna(row[name]):
                assert sources & lost, (name, row)
            else:
                assert str(row[name]) == true, (name, row)
        if pd.notna(row["predikat"]):
            assert str(row["predikat"]) == person.predikat
        assert row["predikat_berbeda"] is not True
    rejected = result.ledger[result.ledger["action"] == "rejected"]
    for number in rejected["row"]:
        assert {"nip", "periode"} & sheet.lost[number]


def _same_again(result: CleanResult) -> None:
    """Cleaning the cleaned table changes nothing."""
    frame = result.tables["penilaian"]
    if frame.empty:
        return
    texts = frame.drop(columns=["sumber", "baris_sumber"]).copy()
    for column in texts.columns:
        if field(column).type == "date":
            texts[column] = texts[column].dt.strftime("%Y-%m-%d")
        texts[column] = (
            texts[column].astype("object").map(lambda v: None if pd.isna(v) else str(v)).astype("str")
        )
    texts["nip"] = texts.pop("id_pegawai").map(IDS).astype("str")
    raw = RawTable("bersih.csv", "", "bersih", "penilaian", texts, np.arange(1, len(texts) + 1))
    again = clean([raw], register=REGISTER, key=KEY)
    assert again.ledger.empty
    own = [column for column in frame.columns if column not in ("sumber", "baris_sumber")]
    pd.testing.assert_frame_equal(
        again.tables["penilaian"][own].reset_index(drop=True), frame[own].reset_index(drop=True)
    )


ARGUMENTS = {
    "people": damage.true_tables(),
    "seed": st.integers(0, 2**32 - 1),
    "share": st.sampled_from([0.0, 0.2, 0.6]),
}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=120, suppress_health_check=SLOW)
@given(**ARGUMENTS)
def test_any_damage_is_accounted_for_and_nothing_false_is_kept(
    people: list[damage.Person], seed: int, share: float
) -> None:
    _check(people, seed, share)


@pytest.mark.slow
@settings(max_examples=4000, suppress_health_check=SLOW, derandomize=False)
@given(**ARGUMENTS)
def test_any_damage_at_length(people: list[damage.Person], seed: int, share: float) -> None:
    _check(people, seed, share)
