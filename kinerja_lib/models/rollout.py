"""A staggered rollout as arrays: units x periods, and the period in which each unit's treatment starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import build_design
from kinerja_lib.models.factors import Level, column, plain_level
from kinerja_lib.models.first_difference import panel_codes
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Rollout:
    """A balanced panel.

    Attributes
    ----------
    y : ndarray, shape (N, T)
    X : ndarray, shape (N, T, k)
        Controls, without a constant.
    start : ndarray of int64, shape (N,)
        Index of the first treated period; ``NEVER`` for never.
    periods : tuple
        Labels of the periods in their order.
    weights : ndarray, shape (N,)
        Mean one; a unit's weight is that of its first period.
    clusters : ndarray of int64, shape (N,), or None
    dropped : dict of str to int
        Rows dropped by missing values; units dropped as unbalanced or as treated from the first period on.
    """

    y: Array
    X: Array
    start: Codes
    periods: tuple[Level, ...]
    weights: Array
    clusters: Codes | None
    dropped: dict[str, int]

    @property
    def cohorts(self) -> tuple[int, ...]:
        """Starting periods that occur, in order, without never."""
        return tuple(int(g) for g in np.unique(self.start) if g != NEVER)


def read_rollout(
    panel: pd.DataFrame, spec: ModelSpec, *, drop_always: bool = True, lang: str = "id"
) -> Rollout:
    """Bring a long panel into units x periods; units that lack a period are dropped and counted.

    Raises
    ------
    ModelError
        A unit occurs twice in a period or changes its start; nobody is treated; no complete unit is left.
    """
    assert spec.treated_from is not None
    design = build_design(panel, spec, intercept=False, rank=False, lang=lang)
    units, times = panel_codes(panel, spec, design.rows, lang)
    periods = _labels(panel, spec)
    start = _starts(column(panel, spec.treated_from, lang).iloc[design.rows], periods, spec, lang)
    units = np.unique(units, return_inverse=True)[1].astype(np.int64)
    present, times = np.unique(times, return_inverse=True)
    labels = tuple(periods[k] for k in present)
    start = np.where(start == NEVER, NEVER, np.searchsorted(present, np.minimum(start, len(periods))))
    N, T = int(units.max()) + 1, len(labels)
    cell = units * T + times
    if np.bincount(cell).max() > 1:
        raise model_error(
            lang,
            f"Ada unit yang muncul lebih dari sekali dalam satu waktu ({spec.unit}, {spec.time}).",
            f"A unit occurs more than once in one period ({spec.unit}, {spec.time}).",
            ("Hapus baris ganda lebih dahulu.", "Remove the double rows first."),
        )
    first = np.zeros(N, dtype=np.int64)
    first[units[::-1]] = np.arange(len(units))[::-1]
    if bool((start != start[first][units]).any()):
        raise model_error(
            lang,
            f'Kolom "{spec.treated_from}" berubah dari waktu ke waktu untuk unit yang sama.',
            f'Column "{spec.treated_from}" changes over time for the same unit.',
            ("Isi waktu mulai yang sama pada semua baris unit.", "Give each unit one starting time."),
        )
    full = np.bincount(units, minlength=N) == T
    starts = start[first]
    keep = full & ~(starts == 0) if drop_always else full
    dropped = dict(design.dropped)
    for name, count in (
        ("unit: unbalanced", int((~full).sum())),
        ("unit: treated from the first period", int((full & (starts == 0)).sum()) if drop_always else 0),
    ):
        if count:
            dropped[name] = count
    _require_usable(starts[keep], T, spec, lang)
    y, X = np.full((N, T), np.nan), np.full((N, T, design.X.shape[1]), np.nan)
    y[units, times], X[units, times] = design.y, design.X
    weights = np.ones(N) if design.weights is None else design.weights[first]
    cluster = next(iter(design.clusters.values()), None)
    codes = None
    if cluster is not None and cluster.size < 2:
        raise one_cluster(cluster.name, lang)
    if cluster is not None:
        codes = np.unique(cluster.codes[first][keep], return_inverse=True)[1].astype(np.int64)
    kept = weights[keep]
    return Rollout(y[keep], X[keep], starts[keep], labels, kept / kept.mean(), codes, dropped)


def _labels(panel: pd.DataFrame, spec: ModelSpec) -> tuple[Level, ...]:
    series = panel[spec.time]
    if isinstance(series.dtype, pd.CategoricalDtype):
        return tuple(plain_level(value) for value in series.cat.categories)
    return tuple(plain_level(value) for value in pd.factorize(series, sort=True)[1])


def _starts(series: pd.Series, periods: tuple[Level, ...], spec: ModelSpec, lang: str) -> Codes:
    """Index of the first period at or after the start; ``NEVER`` for 0, missing, infinite or empty."""
    numeric = not isinstance(periods[0], str)
    found = np.full(len(series), NEVER, dtype=np.int64)
    if numeric:
        values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        treated = np.isfinite(values) & (values != 0)
        order = np.array([float(label) for label in periods])
        found[treated] = np.searchsorted(order, values[treated])
        found[found == len(periods)] = NEVER
        return found
    position = {label: k for k, label in enumerate(periods)}
    for value in series.dropna().unique():
        text = str(value).strip()
        if text in ("", "0", "0.0", "inf"):
            continue
        index = position.get(text, int(np.searchsorted(np.array(periods, dtype=str), text)))
        found[(series == value).to_numpy()] = index if index < len(periods) else NEVER
    return found


def _require_usable(start: Codes, T: int, spec: ModelSpec, lang: str) -> None:
    if not len(start):
        raise model_error(
            lang,
            "Tidak ada unit yang lengkap pada semua waktu.",
            "No unit is complete in all periods.",
            ("Batasi waktu atau lengkapi data.", "Limit the periods or complete the data."),
        )
    if T < 2 or (start == NEVER).all():
        raise model_error(
            lang,
            f'Tidak ada unit yang mulai diberi perlakuan sesudah waktu pertama ("{spec.treated_from}").',
            f'No unit starts treatment after the first period ("{spec.treated_from}").',
            ("Periksa kolom waktu mulai.", "Check the column with the starting time."),
        )
