"""Raking: weights whose margins are those of the population (iterative proportional fitting)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.models.factors import as_numbers, column
from kinerja_lib.models.wording import model_error

_ROUNDS = 500


@dataclass(frozen=True, eq=False)
class Raking:
    """Raked weights.

    Attributes
    ----------
    weights : Series
        On the frame's index; they add up to the population (to the respondents, if margins are shares).
    design_effect : float
        Kish's 1 + cv^2 of the weights: what unequal weights cost.
    margins : DataFrame
        margin, level, sample (share before), target, reached (share after).
    rounds : int
    trimmed : int
        Weights held at the limit.
    """

    weights: pd.Series
    design_effect: float
    margins: pd.DataFrame
    rounds: int
    trimmed: int


def rake(
    panel: pd.DataFrame,
    margins: Mapping[str, Mapping[Any, float]],
    *,
    base: str | None = None,
    limit: float = 5.0,
    tolerance: float = 1e-8,
    lang: str = "id",
) -> Raking:
    """Weights that reproduce each margin.

    Parameters
    ----------
    panel : DataFrame
        Respondents; each has a value for every margin.
    margins : mapping of column to mapping of level to number
        Population counts, or shares that add up to one.
    base : str, optional
        Column of weights to start from.
    limit : float
        Largest weight in multiples of the mean; trimmed weights leave the margins slightly off, as
        ``margins`` shows.

    Raises
    ------
    ModelError
        A respondent without a value, a level without a target or without respondents, margins whose totals
        differ, or no convergence.

    References
    ----------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11:427; Kish (1965), Survey Sampling, p. 427.
    """
    codes, targets = {}, {}
    for name, wanted in margins.items():
        codes[name], targets[name] = _margin(panel, name, wanted, lang)
    totals = [float(t.sum()) for t in targets.values()]
    if not totals or max(totals) > min(totals) * (1 + 1e-6):
        raise model_error(
            lang, "Jumlah populasi berbeda antarmargin.", "The margins' totals differ.",
            ("Samakan sumber dan tanggal angkanya.", "Take them from one source and date."),
        )  # fmt: skip
    population = len(panel) if abs(totals[0] - 1) < 1e-6 else totals[0]
    shares = {name: t / t.sum() for name, t in targets.items()}
    start = np.ones(len(panel)) if base is None else as_numbers(column(panel, base, lang))
    start = start * (population / start.sum())
    w, cap, off = start.copy(), limit * population / len(panel), np.inf
    rounds = 0
    for _ in range(_ROUNDS):
        rounds += 1
        before = w.copy()
        for name, share in shares.items():
            now = np.bincount(codes[name], w, len(share))
            w = w * np.divide(share * population, now, out=np.ones_like(now), where=now > 0)[codes[name]]
        w = np.minimum(w, cap)
        w *= population / w.sum()
        off = float(np.abs(w / before - 1).max())
        if off < tolerance:
            break
    else:
        raise model_error(
            lang, f"Raking tidak konvergen setelah {_ROUNDS} putaran.",
            f"Raking did not converge in {_ROUNDS} rounds.",
            ("Gabungkan kategori yang jarang, atau naikkan limit.", "Merge rare categories, or raise the limit."),
        )  # fmt: skip
    return Raking(
        pd.Series(w, index=panel.index, name="bobot_raking"),
        float(len(w) * (w @ w) / w.sum() ** 2),
        _report(margins, codes, shares, start, w),
        rounds,
        int((w >= cap * (1 - 1e-6)).sum()),
    )


def _margin(
    panel: pd.DataFrame, name: str, wanted: Mapping[Any, float], lang: str
) -> tuple[np.ndarray, np.ndarray]:
    series = column(panel, name, lang)
    levels = list(wanted)
    codes = pd.Index(levels).get_indexer(pd.Index(series.astype(object)))
    if bool((codes < 0).any()):
        strange = sorted({str(v) for v in series[codes < 0]})[:5]
        raise model_error(
            lang, f'Margin "{name}" tidak memuat nilai: {", ".join(strange)}.',
            f'Margin "{name}" lacks the values: {", ".join(strange)}.',
            ("Lengkapi margin atau isi nilai yang kosong.", "Complete the margin, or fill the gaps."),
        )  # fmt: skip
    targets = np.array([float(wanted[level]) for level in levels])
    seen = np.bincount(codes, minlength=len(levels))
    empty = [str(level) for level, n, t in zip(levels, seen, targets, strict=True) if n == 0 and t > 0]
    if empty:
        raise model_error(
            lang, f'Tidak ada responden dengan "{name}" = {", ".join(empty)}.',
            f'No respondent has "{name}" = {", ".join(empty)}.',
            ("Gabungkan dengan kategori lain.", "Merge it with another category."),
        )  # fmt: skip
    return codes, targets


def _report(
    margins: Mapping[str, Mapping[Any, float]],
    codes: Mapping[str, np.ndarray],
    shares: Mapping[str, np.ndarray],
    start: np.ndarray,
    w: np.ndarray,
) -> pd.DataFrame:
    rows = []
    for name, wanted in margins.items():
        before, after = (np.bincount(codes[name], v, len(wanted)) / v.sum() for v in (start, w))
        rows += [(name, *values) for values in zip(wanted, before, shares[name], after, strict=True)]
    return pd.DataFrame(rows, columns=["margin", "level", "sample", "target", "reached"])
