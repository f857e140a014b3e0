"""Columns of a frame as columns of a design matrix: numbers, indicators of categories, products.

A term is a column name, ``"a:b"`` (product), ``"log(x)"``, ``"log1p(x)"``, ``"exp(x)"``, ``"sqrt(x)"``,
``"x^2"`` / ``"x**2"`` or ``"C(x)"`` (numbers read as categories). A column that bears such a name wins.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.errors import ModelError
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
Level = str | int | float | bool

_CALL = re.compile(r"^(log|log1p|exp|sqrt|abs|C)\((.+)\)$")
_POWER = re.compile(r"^(.+?)(?:\*\*|\^)(\d+)$")
_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "log": np.log,
    "log1p": np.log1p,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}


@dataclass(frozen=True)
class Encoding:
    """How a frame became a design matrix, so that a new frame can be encoded in the same way.

    Attributes
    ----------
    terms : tuple of str
        As written in the specification.
    levels : mapping of str to tuple
        Category levels of each categorical factor, base first.
    names : tuple of str
        Columns of the matrix, ``Intercept`` first where there is one.
    intercept : bool
        Whether the matrix holds a constant.
    """

    terms: tuple[str, ...]
    levels: Mapping[str, tuple[Level, ...]]
    names: tuple[str, ...]
    intercept: bool


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


def factors_of(term: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Factors of a product term; a column that is named like a product is one factor."""
    if term in frame.columns or ":" not in term:
        return (term,)
    return tuple(part.strip() for part in term.split(":"))


def source_column(factor: str, frame: pd.DataFrame) -> str:
    """Column behind ``log(x)``, ``x^2``, ``C(x)``."""
    if factor in frame.columns:
        return factor
    match = _CALL.match(factor)
    if match:
        return source_column(match.group(2).strip(), frame)
    match = _POWER.match(factor)
    return source_column(match.group(1).strip(), frame) if match else factor


def source_columns(term: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """All columns a term reads."""
    return tuple(source_column(factor, frame) for factor in factors_of(term, frame))


def encode_factor(
    frame: pd.DataFrame, factor: str, lang: str = "id", levels: tuple[Level, ...] | None = None
) -> Factor:
    """One factor of a term, as numbers or category codes. ``levels`` fixes the levels (for prediction)."""
    if factor not in frame.columns:
        call = _CALL.match(factor)
        if call and call.group(1) == "C":
            series = column(frame, call.group(2).strip(), lang)
            return category(series, factor, levels)
        if call:
            inner = encode_factor(frame, call.group(2).strip(), lang)
            with np.errstate(all="ignore"):
                return Factor(factor, _FUNCTIONS[call.group(1)](numeric_only(inner, lang)))
        power = _POWER.match(factor)
        if power:
            inner = encode_factor(frame, power.group(1).strip(), lang)
            return Factor(factor, numeric_only(inner, lang) ** int(power.group(2)))
    series = column(frame, factor, lang)
    if levels is not None or is_categorical(series, factor, lang):
        return category(series, factor, levels)
    return Factor(factor, as_numbers(series))


def numeric_only(factor: Factor, lang: str) -> Array:
    """The numbers of a factor; categories have none."""
    if factor.levels is not None:
        raise text_in_numbers(factor.name, lang)
    return factor.values


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


def product(parts: list[Factor]) -> list[tuple[str, Array]]:
    """Columns of a product: each combination of the factors' columns, multiplied."""
    columns = parts[0].columns()
    for part in parts[1:]:
        columns = [(f"{a}:{b}", x * z) for a, x in columns for b, z in part.columns()]
    return columns


def encode(frame: pd.DataFrame, encoding: Encoding, lang: str = "id") -> Array:
    """Design matrix of a new frame in an earlier encoding; a row with a missing or unknown value is NaN.

    Returns
    -------
    ndarray, shape (n, p)
        Columns in the order of ``encoding.names``.
    """
    made: dict[str, Array] = {"Intercept": np.ones(len(frame))}
    bad = np.zeros(len(frame), dtype=bool)
    for term in encoding.terms:
        parts = [
            encode_factor(frame, factor, lang, encoding.levels.get(factor))
            for factor in factors_of(term, frame)
        ]
        for part in parts:
            bad |= part.missing
        made.update(product(parts))
    matrix = (
        np.column_stack([made[name] for name in encoding.names])
        if encoding.names
        else np.empty((len(frame), 0))
    )
    matrix[bad] = np.nan
    return matrix
