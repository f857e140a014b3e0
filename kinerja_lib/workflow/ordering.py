"""The order of rows on disk."""

from __future__ import annotations

import numpy as np
import pandas as pd


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of where they came from, so that the same exports give the same bytes."""
    if "sumber" not in frame.columns:
        return frame.sort_values(["periode", "instansi", "id_pegawai"], kind="stable", ignore_index=True)
    source = frame["sumber"].astype("category").cat
    rank = np.argsort(np.argsort(source.categories.to_numpy(dtype=object)))
    order = np.lexsort((frame["baris_sumber"].to_numpy(dtype=np.int64), rank[source.codes.to_numpy()]))
    if (order[1:] > order[:-1]).all():
        return frame
    return frame.iloc[order].reset_index(drop=True)
