"""Columns of a frame as columns of a design matrix: numbers, indicators of categories, products.

A term is a column name, ``"a:b"`` (product), ``"log(x)"``, ``"log1p(x)"``, ``"exp(x)"``, ``"sqrt(x)"``,
``"x^2"`` / ``"x**2"`` or ``"C(x)"`` (numbers read as categories). A column that bears such a name wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.models.factors import (
    Array,
    Factor,
    Level,
    as_numbers,
    category,
    column,
    is_categorical,
    text_in_numbers,
)

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


def factors_of(term: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Factors of a product term; a column that is named like a product is one factor."""
    if term in frame.columns or ":" not in term:
        return (term,)
    return tuple(part.strip() for part in term.split(":"))


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
