"""One column as numbers or as category codes, with the traps of text columns caught by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.errors import ModelError
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
Level = str | int | float | bool


@dataclass(frozen=True)
class Factor:
    """One encoded factor: a number column, or category codes with their levels (-1: missing)."""

    name: str
    values: NDArray[Any]
    levels: tuple[Level, ...] | None = None

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Rows without a usable value (missing, infinite, or an unknown level)."""
        if self.levels is not None:
            return np.asarray(self.values < 0)
        return ~np.isfinite(self.values)

    def columns(self) -> list[tuple[str, Array]]:
        """Named columns: the number itself, or one indicator for each level but the first."""
        if self.levels is None:
            return [(self.name, self.values)]
        return [
            (f"{self.name}[{level}]", (self.values == k).astype(np.float64))
            for k, level in enumerate(self.levels)
            if k > 0
        ]

    def restrict(self, rows: NDArray[np.int64]) -> Factor:
        """These rows only; levels that none of them has are left out, so that the base is an observed one."""
        values = self.values[rows]
        if self.levels is None:
            return Factor(self.name, values)
        used = np.bincount(values, minlength=len(self.levels)) > 0
        if used.all():
            return Factor(self.name, values, self.levels)
        levels = tuple(level for level, keep in zip(self.levels, used, strict=True) if keep)
        return Factor(self.name, (np.cumsum(used) - 1)[values], levels)


def column(frame: pd.DataFrame, name: str, lang: str = "id") -> pd.Series:
    """The column, or a ``ModelError`` that names the nearest ones."""
    if name not in frame.columns:
        near = difflib.get_close_matches(name, [str(c) for c in frame.columns], 3, 0.6)
        hint = ", ".join(near) if near else ", ".join(str(c) for c in frame.columns[:8])
        raise model_error(
            lang,
            f'Kolom "{name}" tidak ada dalam data.',
            f'Column "{name}" is not in the data.',
            (f"Periksa ejaannya; yang terdekat: {hint}.", f"Check the spelling; nearest: {hint}."),
        )
    found = frame[name]
    if isinstance(found, pd.DataFrame):
        raise model_error(
            lang,
            f'Kolom "{name}" ada lebih dari satu kali dalam data.',
            f'Column "{name}" occurs more than once in the data.',
            ("Ganti nama atau hapus kolom kembarnya.", "Rename or drop its double."),
        )
    return found


def as_numbers(series: pd.Series) -> Array:
    """A numeric (also nullable) column as float64, missing as NaN."""
    if isinstance(series.dtype, pd.api.extensions.ExtensionDtype) or series.dtype == object:
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    return series.to_numpy(dtype=np.float64)


def is_categorical(series: pd.Series, name: str, lang: str = "id") -> bool:
    """Whether the column is a category, text or boolean; numbers stored as text are refused."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(dtype):
        return True
    if pd.api.types.is_numeric_dtype(dtype):
        return False
    if not (pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype)):
        return True
    present = series.dropna()
    if not len(present):
        return False
    if pd.api.types.is_object_dtype(dtype) and all(
        isinstance(v, bool | np.bool_) for v in present.iloc[:1000]
    ):
        return True
    distinct = pd.Series(present.unique())
    texts = distinct.map(lambda v: isinstance(v, str))
    parsed = pd.to_numeric(
        distinct.where(~texts, distinct.astype(str).str.replace(",", ".")), errors="coerce"
    )
    share = float(parsed.notna().mean())
    if not texts.any() and share == 1.0:
        return False
    if share == 1.0 and len(distinct) <= 12:
        return True
    if share >= 0.5:
        raise text_in_numbers(name, lang, int((parsed.isna()).sum()))
    return True


def text_in_numbers(name: str, lang: str, bad: int = 0) -> ModelError:
    """The error for a number column that holds text."""
    return model_error(
        lang,
        f'Kolom "{name}" seharusnya angka tetapi berisi teks' + (f" ({bad} nilai berbeda)." if bad else "."),
        f'Column "{name}" should hold numbers but holds text'
        + (f" ({bad} distinct values)." if bad else "."),
        (
            f'Ubah menjadi angka (pandas.to_numeric), atau tulis "C({name})" bila memang kategori.',
            f'Convert it to numbers (pandas.to_numeric), or write "C({name})" if it is a category.',
        ),
    )


def category(series: pd.Series, name: str, levels: tuple[Level, ...] | None = None) -> Factor:
    """Codes and observed levels: in category order where the column has one, else sorted."""
    if levels is not None:
        wanted = pd.Index(levels, dtype=object)
        return Factor(name, wanted.get_indexer(pd.Index(series.astype(object))).astype(np.int64), levels)
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, values = series.cat.codes.to_numpy().astype(np.int64), series.cat.categories
        used = np.bincount(codes[codes >= 0], minlength=len(values)) > 0
        renumber = np.where(used, np.cumsum(used) - 1, -1)
        codes = np.where(codes >= 0, renumber[codes], -1) if len(values) else codes
        values = values[used]
    else:
        found, values = pd.factorize(series, sort=True)
        codes = found.astype(np.int64)
    return Factor(name, codes, tuple(plain_level(value) for value in values))


def plain_level(value: Any) -> Level:
    """A level as a value that survives JSON."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value)
    return value if isinstance(value, str) else str(value)
