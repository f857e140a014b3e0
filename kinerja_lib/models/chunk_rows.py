"""One chunk of a long table as numbers, in a coding that all chunks share.

A chunk may lack a category, an outcome level or a whole column that others have; what would be an error in a
table of its own is judged only when the chunks are together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.collinearity import constant_error
from kinerja_lib.models.factors import Array, Factor, Level, column
from kinerja_lib.models.grouping import Grouping, read_grouping
from kinerja_lib.models.kept_rows import KeptRows
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import encode_factor, factors_of, product
from kinerja_lib.models.wording import model_error

Kind = Literal["number", "levels"]


@dataclass(frozen=True)
class Coding:
    """What all chunks share: levels of each categorical factor, and of the outcome (base or lowest first)."""

    levels: dict[str, tuple[Level, ...]] = field(default_factory=dict)
    outcome: tuple[Level, ...] = ()


@dataclass(frozen=True, eq=False)
class ChunkRows:
    """Complete rows of a chunk: ``X`` (n, p) without a constant, ``y`` (n,), codes of the grouping columns."""

    names: tuple[str, ...]
    X: Array
    y: NDArray[Any]
    groups: dict[str, Grouping]
    rows: int
    dropped: dict[str, int]

    @property
    def n(self) -> int:
        """Rows kept."""
        return len(self.y)


def needed_columns(spec: ModelSpec, frame: pd.DataFrame) -> list[str]:
    """Columns of ``frame`` that the specification may read, in the frame's order."""
    texts = [spec.outcome, *spec.terms, *spec.cluster_columns, *spec.effects, *spec.all_groups]
    texts += [name for slopes in spec.slopes.values() for name in slopes]
    return [str(name) for name in frame.columns if any(str(name) in text for text in texts)]


def code_columns(spec: ModelSpec) -> tuple[str, ...]:
    """Clusters, effects and groups, each once."""
    return tuple(dict.fromkeys((*spec.cluster_columns, *spec.effects, *spec.all_groups)))


def categorical_factors(frame: pd.DataFrame, spec: ModelSpec, lang: str = "id") -> tuple[str, ...]:
    """Factors of the terms that are categories in this frame."""
    names = dict.fromkeys(f for t in spec.terms for f in factors_of(t, frame))
    return tuple(name for name in names if encode_factor(frame, name, lang).levels is not None)


def seen_levels(
    frame: pd.DataFrame, spec: ModelSpec, outcome: Kind, lang: str = "id"
) -> tuple[dict[str, tuple[Level, ...]], tuple[Level, ...]]:
    """Levels of the categorical factors and of the outcome in the complete rows of one chunk."""
    factors = {
        name: encode_factor(frame, name, lang)
        for name in dict.fromkeys(f for t in spec.terms for f in factors_of(t, frame))
    }
    answer = read_outcome(frame, spec.outcome, outcome, lang)
    kept = np.ones(len(frame), dtype=bool) & ~answer.missing
    for factor in factors.values():
        kept &= ~factor.missing
    for name in code_columns(spec):
        kept &= read_grouping(frame, name, lang).codes >= 0
    rows = np.flatnonzero(kept)
    found = {name: f.restrict(rows).levels or () for name, f in factors.items() if f.levels is not None}
    if not answer.levels:
        return found, ()
    used = np.bincount(answer.values[rows], minlength=len(answer.levels)) > 0
    return found, tuple(level for level, keep in zip(answer.levels, used, strict=True) if keep)


def merge_levels(
    parts: list[tuple[dict[str, tuple[Level, ...]], tuple[Level, ...]]], order: tuple[Level, ...], lang: str
) -> Coding:
    """Levels of all chunks: of a factor in sorted order or as declared, of the outcome in ``order``."""
    levels: dict[str, tuple[Level, ...]] = {}
    for name in parts[0][0]:
        longest = max((found.get(name, ()) for found, _ in parts), key=len)
        every = dict.fromkeys(level for found, _ in parts for level in found.get(name, ()))
        levels[name] = longest if set(every) == set(longest) else _ordered(every, lang, name)
        if len(levels[name]) < 2:
            raise constant_error(name, lang)
    seen = {level for _, found in parts for level in found}
    outcome = tuple(level for level in order if level in seen)
    left = seen - set(outcome)
    return Coding(levels, outcome + (_ordered(dict.fromkeys(left), lang, "outcome") if left else ()))


def _ordered(levels: dict[Level, None], lang: str, name: str) -> tuple[Level, ...]:
    try:
        return tuple(sorted(levels, key=_sort_key(levels)))
    except TypeError as error:
        raise model_error(
            lang,
            f'Kolom "{name}" berisi kategori angka dan teks sekaligus.',
            f'Column "{name}" mixes numbers and texts as categories.',
            ("Seragamkan jenisnya di semua bagian data.", "Make them one type in all chunks."),
        ) from error


def _sort_key(levels: dict[Level, None]) -> Any:
    texts = {isinstance(level, str) for level in levels}
    if len(texts) > 1:
        raise TypeError("mixed levels")
    return None


def read_chunk(
    frame: pd.DataFrame, spec: ModelSpec, coding: Coding, outcome: Kind, lang: str = "id"
) -> ChunkRows:
    """The complete rows of a chunk; outcome levels as codes of ``coding.outcome``.

    Raises
    ------
    ModelError
        A column is missing, holds text where numbers belong, or a category that the coding lacks.
    """
    missing = KeptRows(len(frame))
    answer = read_outcome(frame, spec.outcome, outcome, lang)
    missing.add(spec.outcome, answer.missing)
    terms = [[_factor(frame, name, coding, lang) for name in factors_of(term, frame)] for term in spec.terms]
    for part in (part for parts in terms for part in parts):
        missing.add(part.name, part.missing)
    groups = {name: read_grouping(frame, name, lang) for name in code_columns(spec)}
    for name, group in groups.items():
        missing.add(name, group.codes < 0)
    rows = np.flatnonzero(~missing.bad)
    whole = len(rows) == len(frame)
    if not whole:
        terms = [[Factor(p.name, p.values[rows], p.levels) for p in parts] for parts in terms]
        groups = {name: group.restrict(rows) for name, group in groups.items()}
    columns = [pair for parts in terms for pair in product(parts)]
    X = np.empty((len(rows), len(columns)), order="F")
    for j, (_, x) in enumerate(columns):
        X[:, j] = x
    y = answer.values if whole else answer.values[rows]
    if outcome == "levels":
        place = {level: k for k, level in enumerate(coding.outcome)}
        y = np.array([place.get(level, -1) for level in answer.levels], dtype=np.int64)[y]
    return ChunkRows(tuple(name for name, _ in columns), X, y, groups, len(frame), missing.dropped)


def _factor(frame: pd.DataFrame, name: str, coding: Coding, lang: str) -> Factor:
    levels = coding.levels.get(name)
    part = encode_factor(frame, name, lang, levels)
    if levels is None and part.levels is not None and bool((part.values >= 0).any()):
        raise _unknown(name, lang)
    if levels is None and part.levels is not None:
        return Factor(name, np.full(len(frame), np.nan))
    if levels is not None and name in frame.columns:
        unknown = (part.values < 0) & column(frame, name, lang).notna().to_numpy()
        if bool(unknown.any()):
            raise _unknown(name, lang)
    return part


def _unknown(name: str, lang: str) -> Exception:
    return model_error(
        lang,
        f'Bagian data ini berisi kategori "{name}" yang tidak ada pada bagian pertama.',
        f'This chunk holds a category of "{name}" that the first chunk lacks.',
        (
            "Berikan bagian-bagian sebagai daftar atau berkas Parquet, bukan aliran sekali baca.",
            "Give the chunks as a list or a Parquet file, not as a stream that is read once.",
        ),
    )
