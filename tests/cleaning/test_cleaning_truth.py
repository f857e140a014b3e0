"""The committed sample against the tables it was made from: nothing kept is wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.reading import read_folder
from kinerja_lib.samples import SAMPLE_KEY, synthetic_tables
from kinerja_lib.schema.fields import table

ROOT = Path(__file__).resolve().parents[2]


def test_no_kept_value_is_wrong() -> None:
    raw, _ = read_folder(ROOT / "data/sample")
    found = clean(raw, register=Register.load(ROOT / "data/reference/units.csv"), key=SAMPLE_KEY)
    account = found.accounting
    assert (account["read"] == account["kept"] + account["rejected"] + account["merged"]).all()
    truth = synthetic_tables().tables
    for name, frame in found.tables.items():
        key = list(table(name).key)
        both = frame.merge(truth[name], on=key, suffixes=("", "_t"))
        assert len(both) == len(frame), name
        assert len(frame) >= 0.98 * len(truth[name]), name
        for column in frame.columns:
            if column in ("sumber", "baris_sumber") or f"{column}_t" not in both:
                continue
            ours, theirs = both[column].astype("object"), both[f"{column}_t"].astype("object")
            known = pd.notna(ours) & pd.notna(theirs)
            assert (ours[known].astype(str) == theirs[known].astype(str)).all(), (name, column)
