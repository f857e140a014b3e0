"""A person on two rows: the name on the first, the NIP under it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.schema.raw import StructureRow

_LIKE_NIP = re.compile(r"^[\s'\"nipNIP.:]*[\d .\u00a0-]{9,30}$")


def fold_persons(
    frame: pd.DataFrame, rows: NDArray[np.int64]
) -> tuple[pd.DataFrame, NDArray[np.int64], tuple[StructureRow, ...]]:
    """Put a NIP that stands alone under a row without one into that row.

    The text is moved as it is. The lower row is structure (``continuation``), not data.

    Returns
    -------
    frame, rows, structure
    """
    if "nip" not in frame.columns or len(frame) < 2 or frame["nip"].notna().all():
        return frame, rows, ()
    filled = frame.notna().to_numpy()
    position = frame.columns.get_loc("nip")
    alone = filled.sum(axis=1) == 1
    column = filled.argmax(axis=1)
    candidates = np.flatnonzero(alone[1:] & ~filled[:-1, position] & (filled[:-1].sum(axis=1) > 2)) + 1
    if not len(candidates):
        return frame, rows, ()
    drop = []
    nips = frame["nip"].to_numpy(dtype=object, copy=True)
    for row in candidates:
        text = frame.iat[row, column[row]]
        if _LIKE_NIP.match(text) and rows[row] == rows[row - 1] + 1:
            nips[row - 1] = text
            drop.append(row)
    if not drop:
        return frame, rows, ()
    keep = np.setdiff1d(np.arange(len(frame)), drop)
    folded = (
        frame.assign(nip=pd.Series(nips, index=frame.index, dtype="str")).iloc[keep].reset_index(drop=True)
    )
    return folded, rows[keep], tuple(StructureRow(int(rows[row]), "continuation") for row in drop)
