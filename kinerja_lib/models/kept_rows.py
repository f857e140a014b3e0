"""Which rows a model keeps, and why the others are dropped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.grouping import Codes
from kinerja_lib.models.wording import model_error


class KeptRows:
    """Which rows lack what; each row is counted under the first column that lacks a value."""

    def __init__(self, n: int) -> None:
        self.bad = np.zeros(n, dtype=bool)
        self.dropped: dict[str, int] = {}
        self.empty: list[str] = []

    def add(self, reason: str, rows: NDArray[np.bool_]) -> None:
        """Drop these rows for this reason."""
        total = int(rows.sum())
        if not total:
            return
        if total == len(rows):
            self.empty.append(reason)
        new = int((rows & ~self.bad).sum())
        if new:
            self.dropped[reason] = self.dropped.get(reason, 0) + new
            self.bad |= rows

    def kept(self, lang: str) -> Codes:
        """Positions of the rows that are left; an error where a column is empty or no row is left."""
        if self.empty:
            names = ", ".join(dict.fromkeys(self.empty))
            raise model_error(
                lang,
                f"Kolom tanpa satu pun nilai: {names}.",
                f"Columns without a single value: {names}.",
                ("Hapus dari model atau lengkapi datanya.", "Leave it out of the model or supply the data."),
            )
        rows = np.flatnonzero(~self.bad)
        if not len(rows):
            raise model_error(
                lang,
                "Tidak ada baris lengkap untuk model ini.",
                "No complete row for this model.",
                ("Kurangi kolom yang banyak kosong.", "Drop the columns that are mostly missing."),
                tuple(f"{name} -> {n}" for name, n in self.dropped.items()),
            )
        return rows
