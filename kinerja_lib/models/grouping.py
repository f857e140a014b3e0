"""Columns as integer codes: clusters, absorbed effects, random groups, pairs of columns written ``a:b``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.factors import Level, column
from kinerja_lib.models.wording import model_error

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Grouping:
    """A column as integer codes 0..size-1, with the labels behind them."""

    name: str
    codes: Codes
    labels: tuple[Level, ...]

    @property
    def size(self) -> int:
        """Number of different values."""
        return len(self.labels)

    def restrict(self, rows: Codes) -> Grouping:
        """These rows only, renumbered without gaps."""
        codes = self.codes[rows]
        used = np.bincount(codes, minlength=self.size) > 0
        labels = tuple(label for label, keep in zip(self.labels, used, strict=True) if keep)
        return Grouping(self.name, (np.cumsum(used) - 1)[codes], labels)


def read_grouping(panel: pd.DataFrame, name: str, lang: str) -> Grouping:
    """Codes of a column, or of the pairs ``a:b`` that occur; -1 where a value is missing."""
    if name not in panel.columns and ":" in name:
        a, b = name.split(":", 1)
        left, right = read_grouping(panel, a.strip(), lang), read_grouping(panel, b.strip(), lang)
        missing = (left.codes < 0) | (right.codes < 0)
        pairs, codes = np.unique(left.codes * right.size + right.codes, return_inverse=True)
        labels = tuple(f"{left.labels[k // right.size]}:{right.labels[k % right.size]}" for k in pairs)
        return Grouping(name, np.where(missing, -1, codes.astype(np.int64)), labels)
    series = column(panel, name, lang)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return Grouping(name, series.cat.codes.to_numpy().astype(np.int64), tuple(series.cat.categories))
    found, values = pd.factorize(series)
    labels = tuple(pd.Index(values).to_numpy(dtype=object))  # many times faster than iterating over text
    return Grouping(name, found.astype(np.int64, copy=False), labels)


def one_cluster(name: str, lang: str) -> Exception:
    """The error for a cluster column with a single value."""
    return model_error(
        lang,
        f'Kolom klaster "{name}" hanya mempunyai satu nilai.',
        f'The cluster column "{name}" has one value only.',
        ("Pilih kolom klaster lain atau hapus cluster.", "Choose another column or drop the cluster."),
    )
