"""Specification + frame -> numbers: outcome, design matrix, codes of clusters and groups, and who was lost.

Rows with a missing value in any used column are dropped and counted under the first column that lacks one,
so that the counts add up. The caller's frame is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.collinearity import constant_error, require_full_rank
from kinerja_lib.models.factors import Array, Factor, Level, column, text_in_numbers
from kinerja_lib.models.grouping import Codes, Grouping, read_grouping
from kinerja_lib.models.kept_rows import KeptRows
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding, encode_factor, factors_of, product
from kinerja_lib.models.wording import model_error

#: fewest complete rows of any model
FEWEST_ROWS = 4


@dataclass(frozen=True, eq=False)
class Design:
    """What an estimator reads.

    Attributes
    ----------
    names : tuple of str
        Columns of ``X``.
    X : ndarray, shape (n, p), float64
    y : ndarray, shape (n,)
        float64; for ``outcome="levels"`` codes 0..K-1 (int64).
    levels : tuple
        Outcome levels in their order, for ``outcome="levels"``.
    weights : ndarray, shape (n,), or None
    clusters, effects, groups : mapping of column name to Grouping
    Z : ndarray, shape (n, q)
        Instruments, their names in ``z_names``.
    rows : ndarray of int64, shape (n,)
        Positions of the kept rows in the frame.
    n_input : int
    dropped : dict of str to int
        Rows dropped, by reason; they add up to ``n_input - n``.
    flags : tuple of str
        What a reader must know, e.g. outcome levels without a row.
    moments : tuple of ndarray, or None
        Column means and centred cross-product of an unweighted design with a constant, where computed.
    """

    names: tuple[str, ...]
    X: Array
    y: NDArray[Any]
    encoding: Encoding
    rows: Codes
    n_input: int
    dropped: dict[str, int]
    levels: tuple[Level, ...] = ()
    weights: Array | None = None
    clusters: dict[str, Grouping] = field(default_factory=dict)
    effects: dict[str, Grouping] = field(default_factory=dict)
    groups: dict[str, Grouping] = field(default_factory=dict)
    Z: Array = field(default_factory=lambda: np.empty((0, 0)))
    z_names: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    moments: tuple[Array, Array, Array] | None = None

    @property
    def n(self) -> int:
        """Rows kept."""
        return len(self.y)


def build_design(
    panel: pd.DataFrame,
    spec: ModelSpec,
    *,
    intercept: bool = True,
    outcome: Literal["number", "levels", "none"] = "number",
    rank: bool = True,
    lang: str = "id",
) -> Design:
    """Read the columns that ``spec`` names.

    Parameters
    ----------
    panel : DataFrame
        Any frame; one row an observation.
    intercept : bool
        Put a constant ``Intercept`` first. (Ordinal kinds have thresholds instead.)
    outcome : {"number", "levels", "none"}
        ``levels`` codes an ordered category, numbers, or a text of a known scale.
    rank : bool
        Refuse constant, double and collinear columns here.

    Raises
    ------
    ModelError
        Names the column and the remedy.
    """
    _require_columns(panel, spec, lang)
    missing = KeptRows(len(panel))
    answer = read_outcome(panel, spec.outcome, outcome, lang)
    if outcome != "none":
        missing.add(spec.outcome, answer.missing)
    terms = [[encode_factor(panel, f, lang) for f in factors_of(t, panel)] for t in spec.terms]
    tools = [[encode_factor(panel, f, lang) for f in factors_of(t, panel)] for t in spec.instruments]
    for parts in (*terms, *tools):
        for part in parts:
            missing.add(part.name, part.missing)
    codes = {name: read_grouping(panel, name, lang) for name in _code_columns(spec)}
    for name, grouping in codes.items():
        missing.add(name, grouping.codes < 0)
    for name in {s for slopes in spec.slopes.values() for s in slopes} - set(spec.terms):
        missing.add(name, encode_factor(panel, name, lang).missing)
    weights = _weights(panel, spec, missing, lang)
    rows = missing.kept(lang)
    if outcome != "none" and len(rows) < FEWEST_ROWS:
        raise too_few(len(rows), len(spec.terms), missing.dropped, lang)
    whole = len(rows) == len(panel)

    if not whole:
        terms = [[part.restrict(rows) for part in parts] for parts in terms]
        tools = [[part.restrict(rows) for part in parts] for parts in tools]
    for part in (part for parts in (*terms, *tools) for part in parts):
        if part.levels is not None and len(part.levels) < 2:
            raise constant_error(part.name, lang)
    names, X = _matrix(terms, len(rows), intercept)
    z_names, Z = _matrix(tools, len(rows), False)
    y, levels, flags = answer.kept(rows, whole, lang)
    if rank and outcome != "none" and len(y) <= X.shape[1]:
        raise too_few(len(y), X.shape[1], missing.dropped, lang)
    moments = None
    if rank:
        centred = y - y.mean() if outcome == "number" else None
        moments = _with_constant(*require_full_rank(X, names, lang, centred), len(rows))
    picked = {name: (grouping if whole else grouping.restrict(rows)) for name, grouping in codes.items()}
    return Design(
        names=names,
        X=X,
        y=y,
        encoding=Encoding(
            spec.terms,
            {p.name: p.levels for parts in terms for p in parts if p.levels is not None},
            names,
            intercept,
        ),
        rows=rows,
        n_input=len(panel),
        dropped=missing.dropped,
        levels=levels,
        weights=None if weights is None else weights[rows],
        clusters={name: picked[name] for name in spec.cluster_columns},
        effects={name: picked[name] for name in spec.effects},
        groups={name: picked[name] for name in spec.all_groups},
        Z=Z,
        z_names=z_names,
        flags=flags,
        moments=moments if intercept and weights is None else None,
    )


def _with_constant(shift: Array, cross: Array, moment: Array, n: int) -> tuple[Array, Array, Array]:
    """Means, centred cross-products and those with y, with a constant in front."""
    whole = np.zeros((len(shift) + 1,) * 2)
    whole[0, 0], whole[1:, 1:] = n, cross
    return np.r_[0.0, shift], whole, np.r_[0.0, moment]


def _require_columns(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> None:
    if not len(panel):
        raise model_error(
            lang, "Data kosong: tidak ada baris.", "The data hold no row.",
            ("Periksa saringan instansi dan periode.", "Check the filters for agency and period."),
        )  # fmt: skip
    for name in (spec.weights, spec.unit, spec.time, spec.treated_from):
        if name is not None:
            column(panel, name, lang)


def _code_columns(spec: ModelSpec) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*spec.cluster_columns, *spec.effects, *spec.all_groups)))


def _weights(panel: pd.DataFrame, spec: ModelSpec, missing: KeptRows, lang: str) -> Array | None:
    if spec.weights is None:
        return None
    read = encode_factor(panel, spec.weights, lang)
    if read.levels is not None:
        raise text_in_numbers(spec.weights, lang)
    if bool((read.values < 0).any()):
        raise model_error(
            lang,
            f'Bobot "{spec.weights}" berisi nilai negatif.',
            f'Weights "{spec.weights}" hold negative values.',
            ("Bobot harus nol atau lebih.", "Weights must be zero or more."),
        )
    missing.add(spec.weights, read.missing)
    missing.add(f"{spec.weights} = 0", read.values == 0)
    return read.values


def _matrix(terms: list[list[Factor]], n: int, intercept: bool) -> tuple[tuple[str, ...], Array]:
    """Names and the column-major matrix; a product of levels that never meet is left out."""
    columns: list[tuple[str, Array]] = [("Intercept", np.ones(n))] if intercept else []
    for parts in terms:
        found = product(parts)
        crossed = len(parts) > 1 and any(p.levels is not None for p in parts)
        columns += [(name, x) for name, x in found if x.any()] if crossed else found
    X = np.empty((n, len(columns)), order="F")
    for j, (_, x) in enumerate(columns):
        X[:, j] = x
    return tuple(name for name, _ in columns), X


def too_few(n: int, p: int, dropped: dict[str, int], lang: str) -> Exception:
    """The error for fewer rows than any model can use, or than this one has coefficients."""
    return model_error(
        lang,
        f"Terlalu sedikit baris: hanya {n} baris lengkap untuk {p} koefisien.",
        f"Too few rows: only {n} complete rows for {p} coefficients.",
        ("Tambah data atau kurangi variabel.", "Add data or use fewer variables."),
        tuple(f"{name} -> {count}" for name, count in dropped.items()),
    )
