"""Exports with three cells in ten damaged: what can be recovered is, what can't is refused, nothing is wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.reading import read_folder
from kinerja_lib.samples import SAMPLE_KEY, synthetic_tables, write_sample
from kinerja_lib.schema.fields import field, table
from kinerja_lib.schema.identity import pseudonym
from kinerja_lib.schema.raw import RawTable

SIZE: dict[str, Any] = {"agencies": 4, "employees": 240, "periods": "2024-Q1:2025-Q4"}
COLUMNS = {"nip": "id_pegawai", "nip_penilai": "id_penilai", "predikat": "predikat_tercetak"}
UNKEPT = frozenset({"nama", "tanggal_lahir", "nama_penilai"})  # read, never kept


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rusak")
    write_sample(place, **SIZE, damage=0.3)
    return place


@pytest.fixture(scope="module")
def register(folder: Path) -> Register:
    return Register.load(folder / "units.csv")


@pytest.fixture(scope="module")
def found(folder: Path, register: Register) -> CleanResult:
    raw, faults = read_folder(folder)
    assert not faults
    return clean(raw, register=register, key=SAMPLE_KEY)


def _wanted(name: str, true: Any, register: Register, agency: Any) -> Any:
    if name.startswith("nip"):
        return pseudonym(true, SAMPLE_KEY)
    if name == "instansi":
        return register.agency(true)[0]
    return register.unit(true, agency)[0] if name == "unit_kerja" else true


def _same(ours: Any, true: Any) -> bool:
    if isinstance(ours, pd.Timestamp):
        return ours.date().isoformat() == true
    if isinstance(true, (int, float)) and not isinstance(true, bool):
        return bool(float(ours) == float(true))
    return str(ours) == str(true)


def test_recoverable_cells_are_recovered(folder: Path, register: Register, found: CleanResult) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    rows = {
        (name, row["sumber"], row["baris_sumber"]): row
        for name, frame in found.tables.items()
        for row in frame.astype("object").to_dict("records")
    }
    lines = {
        (line["table"], f"{line['file']}#{line['sheet']}", line["row"]): line
        for line in found.ledger.to_dict("records")
    }
    count: Counter[str] = Counter()
    for sheet in truth["sheets"]:
        source, kind = f"{sheet['file']}#{sheet['sheet']}", sheet["table"]
        if not kind:
            continue
        for number, name, _, true, recoverable in sheet["damaged"]:
            place, column = (kind, source, number), COLUMNS.get(name, name)
            if name in UNKEPT:
                continue
            if place not in rows:
                line = lines[place]  # each row that is not kept has its line
                if line["action"] == "rejected" and line["field"] == column:
                    count["refused" if recoverable else "rightly refused"] += 1
                elif not recoverable:
                    count["rightly refused"] += 1
                continue
            ours = rows[place][column]
            if pd.isna(ours):
                count["lost" if recoverable else "rightly empty"] += 1
            else:
                right = _same(ours, _wanted(name, true, register, rows[place].get("instansi")))
                count["recovered" if right and recoverable else "wrong"] += 1
    assert count["wrong"] == 0
    assert count["rightly refused"] > 200
    assert count["rightly empty"] > 20
    recoverable = count["recovered"] + count["lost"] + count["refused"]
    assert recoverable > 5000
    assert count["recovered"] / recoverable >= 0.995, count


def test_no_kept_value_differs_from_the_truth(folder: Path, found: CleanResult) -> None:
    account = found.accounting
    assert (account["read"] == account["kept"] + account["rejected"] + account["merged"]).all()
    truth = synthetic_tables(7, *SIZE.values()).tables
    # Where the later version of a row can't be recovered, the earlier one stays, and says what it said.
    repeated = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["repeated"]
    earlier = {(f"{file}#{sheet}", row) for file, sheet, row, *_ in repeated}
    for name, frame in found.tables.items():
        both = frame.merge(truth[name], on=list(table(name).key), suffixes=("", "_t"))
        assert len(both) == len(frame), name
        old = [place in earlier for place in zip(both["sumber"], both["baris_sumber"], strict=True)]
        assert sum(old) <= 0.02 * len(both)
        both = both[~np.array(old, dtype=bool)]
        for column in set(frame.columns) - {"sumber", "baris_sumber", *table(name).key}:
            ours, theirs = both[column].astype("object"), both[f"{column}_t"].astype("object")
            known = pd.notna(ours) & pd.notna(theirs)
            assert (ours[known].astype(str) == theirs[known].astype(str)).all(), (name, column)


def _raw_again(frame: pd.DataFrame, name: str, numbers: dict[str, str]) -> RawTable:
    """A cleaned table as an export of texts, with the NIPs that its codes were made from."""
    texts = frame.drop(columns=["sumber", "baris_sumber"]).copy()
    for column in texts.columns:
        if field(column).type == "date":
            texts[column] = texts[column].dt.strftime("%Y-%m-%d")
        texts[column] = (
            texts[column].astype("object").map(lambda v: None if pd.isna(v) else str(v)).astype("str")
        )
    for code, number in (("id_pegawai", "nip"), ("id_penilai", "nip_penilai")):
        if code in texts:
            texts[number] = texts.pop(code).map(numbers).astype("str")
    return RawTable("bersih.csv", "", "bersih", name, texts, np.arange(1, len(texts) + 1))


def test_cleaning_what_is_clean_changes_nothing(register: Register, found: CleanResult) -> None:
    people = synthetic_tables(7, *SIZE.values()).people
    numbers = {pseudonym(nip, SAMPLE_KEY): nip for nip in people["nip"]}
    for name, frame in found.tables.items():
        again = clean([_raw_again(frame, name, numbers)], register=register, key=SAMPLE_KEY)
        assert again.ledger.empty, name
        assert again.cells.empty, name
        own = [column for column in frame.columns if column not in ("sumber", "baris_sumber")]
        pd.testing.assert_frame_equal(
            again.tables[name][own].reset_index(drop=True), frame[own].reset_index(drop=True), obj=name
        )
