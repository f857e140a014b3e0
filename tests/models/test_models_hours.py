"""Training hours by kind and window."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import hours_by_kind

PANEL = pd.DataFrame(
    {"id_pegawai": ["A", "A", "A", "B"], "periode": ["2024-Q4", "2025-Q1", "2025-Q4", "2025-Q1"]}
)  # fmt: skip
TAKEN = pd.DataFrame(
    {
        "id_pegawai": ["A", "A", "A", "B"],
        "jenis_pelatihan": ["Teknis", "Teknis", "Dasar CPNS", "Teknis"],
        "tanggal_selesai": pd.to_datetime(["2024-05-02", "2025-01-31", "2025-03-31", "2025-04-01"]),
        "jp": [10.0, 20.0, 40.0, 8.0],
    }
)


def test_windows_by_hand():
    frame, names = hours_by_kind(PANEL, TAKEN, total=True)
    assert names == ["jp_teknis", "jp_dasar_cpns", "jp_semua"]
    # A: 10 h in 2024-Q2 count until 2025-Q1; 20 h and 40 h of 2025-Q1 until 2025-Q4; B's come after the row
    assert frame["jp_teknis"].tolist() == [10.0, 30.0, 20.0, 0.0]
    assert frame["jp_dasar_cpns"].tolist() == [0.0, 40.0, 40.0, 0.0]
    assert frame["jp_semua"].tolist() == [10.0, 70.0, 60.0, 0.0]
    quarter, _ = hours_by_kind(PANEL, TAKEN, quarters=1)
    assert quarter["jp_teknis"].tolist() == [0.0, 20.0, 0.0, 0.0]
    assert "jp_teknis" not in PANEL.columns


def test_unknown_training_stays_unknown():
    frame, _ = hours_by_kind(PANEL.assign(jp_12_bulan=[1.0, np.nan, 2.0, 0.0]), TAKEN, kinds=["Teknis"])
    assert frame["jp_teknis"].isna().tolist() == [False, True, False, False]


def test_no_training_and_bad_input():
    frame, names = hours_by_kind(PANEL, TAKEN.head(0), kinds=["Teknis"])
    assert frame[names[0]].tolist() == [0.0] * 4
    with pytest.raises(ModelError, match="bukan triwulan"):
        hours_by_kind(PANEL.assign(periode="2024"), TAKEN)
    with pytest.raises(ModelError, match="jp"):
        hours_by_kind(PANEL, TAKEN.drop(columns="jp"))
