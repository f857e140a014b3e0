"""The outcome column: numbers, or ordered levels. Text has an order only where a scale declares one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.factors import (
    Level,
    as_numbers,
    category,
    column,
    is_categorical,
    plain_level,
    text_in_numbers,
)
from kinerja_lib.models.wording import model_error
from kinerja_lib.schema.predikat import PREDIKAT, PREDIKAT_ORGANISASI, RATING

#: text scales whose order is known: PermenPANRB 6/2022 first, then the bands of PP 46/2011 and PP 30/2019
SCALES: tuple[tuple[str, ...], ...] = (
    PREDIKAT,
    RATING,
    PREDIKAT_ORGANISASI,
    ("Buruk", "Kurang", "Cukup", "Baik", "Sangat Baik"),
    ("Sangat Kurang", "Kurang", "Cukup", "Baik", "Sangat Baik"),
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """Values (numbers, or codes with their levels) and which rows lack one."""

    name: str
    values: NDArray[Any]
    missing: NDArray[np.bool_]
    levels: tuple[Level, ...] = ()

    def kept(
        self, rows: NDArray[np.int64], whole: bool, lang: str
    ) -> tuple[NDArray[Any], tuple[Level, ...], tuple[str, ...]]:
        """Values of the kept rows, the levels they show, and a flag for levels without a row."""
        values = self.values if whole or not len(self.values) else self.values[rows]
        if not self.levels:
            if len(values) and bool((values == values[0]).all()) and not np.isnan(values[0]):
                raise _constant(self.name, lang)
            return values, (), ()
        used = np.bincount(values, minlength=len(self.levels)) > 0
        if int(used.sum()) < 2:
            raise _constant(self.name, lang)
        levels = tuple(level for level, keep in zip(self.levels, used, strict=True) if keep)
        unused = tuple(str(level) for level, keep in zip(self.levels, used, strict=True) if not keep)
        flags = (f"unused_levels: {', '.join(unused)}",) if unused else ()
        return (np.cumsum(used) - 1)[values], levels, flags


def read_outcome(
    panel: pd.DataFrame, name: str, want: Literal["number", "levels", "none"], lang: str = "id"
) -> Outcome:
    """Read the outcome column as numbers or as ordered levels.

    A boolean is 0/1 as a number. An ordered category keeps its order, numbers sort as numbers, and text is
    ordered only if all its values belong to one declared scale: sorted as text, a predikat would be
    alphabetical.

    Raises
    ------
    ModelError
        Text where numbers are needed; text or numbers without a usable order.
    """
    if want == "none":
        return Outcome(name, np.empty(0), np.zeros(len(panel), dtype=bool))
    series = column(panel, name, lang)
    if want == "number":
        if pd.api.types.is_bool_dtype(series.dtype):
            values = series.astype("boolean").to_numpy(dtype=np.float64, na_value=np.nan)
        elif is_categorical(series, name, lang):
            raise text_in_numbers(name, lang)
        else:
            values = as_numbers(series)
        return Outcome(name, values, ~np.isfinite(values))
    series = _in_order(series, name, lang)
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype(np.int64)
        return Outcome(name, codes, codes < 0, tuple(plain_level(v) for v in series.cat.categories))
    factor = category(series, name)
    levels = factor.levels or ()
    _refuse_continuous(series, len(levels), name, lang)
    return Outcome(name, factor.values, factor.missing, levels)


def _in_order(series: pd.Series, name: str, lang: str) -> pd.Series:
    """The series with an order: as declared, by number, or by a known scale."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        texts = [str(value) for value in dtype.categories]
        if not dtype.ordered and len(texts) > 2 and texts == sorted(texts):
            known = _scale(set(texts))
            return series.cat.reorder_categories([v for v in known if v in texts]) if known else series
        return series
    if pd.api.types.is_numeric_dtype(dtype) or not is_categorical(series, name, lang):
        return series
    present = {str(value) for value in series.dropna().unique()}
    known = _scale(present)
    if known:
        return series.astype(pd.CategoricalDtype(list(known), ordered=True))
    numbers = pd.to_numeric(pd.Series(sorted(present)), errors="coerce")
    if bool(numbers.notna().all()):
        order = [text for _, text in sorted(zip(numbers, sorted(present), strict=True))]
        return series.astype(pd.CategoricalDtype(order, ordered=True))
    if len(present) <= 2:
        return series
    shown = ", ".join(sorted(present)[:6])
    raise model_error(
        lang,
        f'Keluaran "{name}" berupa teks tanpa urutan yang dikenal: {shown}.',
        f'Outcome "{name}" is text without a known order: {shown}.',
        (
            "Nyatakan urutannya: pandas.Categorical(kolom, categories=[rendah, …, tinggi], ordered=True).",
            "Declare its order: pandas.Categorical(column, categories=[low, …, high], ordered=True).",
        ),
    )


def _scale(present: set[str]) -> tuple[str, ...] | None:
    return next((scale for scale in SCALES if present and present <= set(scale)), None)


def _refuse_continuous(series: pd.Series, n_levels: int, name: str, lang: str) -> None:
    if n_levels > 60 and pd.api.types.is_numeric_dtype(series.dtype):
        raise model_error(
            lang,
            f'Keluaran "{name}" mempunyai {n_levels} nilai berbeda; terlalu banyak untuk model ordinal.',
            f'Outcome "{name}" has {n_levels} different values; too many for an ordinal model.',
            ('Gunakan kind="linear" atau kelompokkan nilainya.', 'Use kind="linear" or band the values.'),
        )


def _constant(name: str, lang: str) -> Exception:
    return model_error(
        lang,
        f'Keluaran "{name}" hanya mempunyai satu nilai pada baris yang dipakai.',
        f'Outcome "{name}" has a single value in the rows used.',
        (
            "Periksa saringan data; model memerlukan keluaran yang berbeda-beda.",
            "Check the filters; a model needs an outcome that varies.",
        ),
    )
