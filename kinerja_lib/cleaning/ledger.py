"""Lines of the ledger: rows that were not kept, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.schema.raw import LEDGER_COLUMNS

_KINDS = dict.fromkeys(LEDGER_COLUMNS, "str") | {"row": "int64"}


def lines(rows: NDArray[np.int64], **columns: Any) -> pd.DataFrame:
    """A line for each row; what is not given is empty, one text stands for all of them.

    Parameters
    ----------
    rows : ndarray of int, shape (n,)
        Source row numbers.
    **columns : str or array of str, shape (n,)
        Of ``LEDGER_COLUMNS``.
    """
    index = pd.RangeIndex(len(rows))
    given = {"row": rows, **columns}
    return pd.DataFrame(
        {name: pd.Series(given.get(name, ""), index=index, dtype=_KINDS[name]) for name in LEDGER_COLUMNS}
    )


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All lines, one below the other."""
    some = [part for part in parts if len(part)]
    return pd.concat(some, ignore_index=True) if some else lines(np.zeros(0, dtype=np.int64))
