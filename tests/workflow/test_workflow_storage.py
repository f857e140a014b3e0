"""Tables on disk: what cleaning holds as categories is a text for whoever reads the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from kinerja_lib.cleaning.tables import Tables, coded
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import storage


def _frame() -> pd.DataFrame:
    texts = {
        "id_pegawai": ["PB", "PA", None, "PB"],
        "periode": ["2025-Q1"] * 4,
        "instansi": ["b", "a", "b", "b"],
    }
    frame = pd.DataFrame({name: pd.Categorical(cells) for name, cells in texts.items()})
    frame["unit_kerja"] = pd.Categorical.from_codes(np.full(4, -1), categories=pd.Index([], dtype="str"))
    return typed(frame.assign(predikat=pd.Categorical(["Baik"] * 4)), "penilaian", texts=False)


def test_categories_of_a_text_column_are_texts_on_disk(tmp_path: Path) -> None:
    tables = Tables({"penilaian": _frame()})
    assert isinstance(coded(tables)["penilaian"]["id_pegawai"].dtype, pd.CategoricalDtype)
    assert tables["penilaian"]["id_pegawai"].dtype == "str"
    storage.write_frames(tmp_path / "one", dict(tables))
    storage.write_frames(tmp_path / "other", coded(tables))
    one, other = (pq.read_table(tmp_path / name / "penilaian.parquet") for name in ("one", "other"))
    assert one.schema == other.schema
    assert other.schema.field("id_pegawai").type == pa.large_string()
    assert pa.types.is_dictionary(other.schema.field("predikat").type)
    assert one.equals(other)
    found = storage.load_table(tmp_path / "other", "penilaian", where=ds.field("instansi") == "a")
    assert found["id_pegawai"].tolist() == ["PA"]


def test_partitions_hold_texts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "PARTITION_ROWS", 2)
    storage.write_frames(tmp_path, {"penilaian": _frame()})
    assert (tmp_path / "penilaian.parquet").is_dir()
    found = storage.load_table(tmp_path, "penilaian")
    assert sorted(found["id_pegawai"].dropna()) == ["PA", "PB", "PB"]
    assert sorted(found["instansi"]) == ["a", "b", "b", "b"]
