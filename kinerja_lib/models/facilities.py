"""Facilities and access to IT are a unit's property: what they could explain at most, and what they do.

Variance comes first: a column that is the same for a whole unit can explain no more than the share of the
variance that lies between units. Differences between units and changes within a unit are then told apart, and
whether training goes further where access to IT is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.models.agreement import icc
from kinerja_lib.models.factors import as_numbers, column
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.hypotheses import Combination, linear_combination
from kinerja_lib.models.reliability import scale_reliability
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import say

#: what a report must say beside the estimates
NOTES = (
    (
        "Sebaran predikat pegawai mengikuti predikat organisasi (SE Menteri PANRB 3/2023); hubungan sifat unit "
        "dengan predikat karena itu juga memuat pengaruh kuota.",
        "The distribution of staff ratings follows the organisation's rating (SE Menteri PANRB 3/2023); a unit's "
        "property therefore also measures the quota.",
    ),
    (
        "Sifat unit paling banyak menjelaskan bagian ragam antarunit.",
        "A unit's property can explain at most the share of variance between units.",
    ),
)


@dataclass(frozen=True, eq=False)
class FacilitiesAnalysis:
    """Estimates on a unit's facilities.

    Attributes
    ----------
    ceiling : float
        Share of the outcome's variance between units (of the period, ratings quota included).
    explained : dict of str to float
        Share of that between-unit variance that each index takes away, and all together.
    split : FitResult
        Multilevel, with each index as unit mean (``…_antar``) and deviation from it (``…_dalam``), CR2 errors by
        unit, and effects of the agencies, so that units are compared within theirs: the organisation's predicate
        moves all of an agency's.
    apart : dict of str to FitResult
        ``split`` with one index at a time: indices that share items can't be told apart together.
    contrast : dict of str to Combination
        Between minus within of each index, of ``apart``; far from zero, the comparison of units is confounded.
    clustered : FitResult
        Least squares with CR2 and Satterthwaite df at the unit: the default inference.
    alone : dict of str to FitResult
        The same with one index at a time (see the ``vif`` in ``clustered.diagnostics()``).
    cross_level : FitResult or None
        Dose x IT with a random slope of the dose by unit, both centred; None where the columns are not there.
    reliability : dict of str to float
        ``alpha`` of the items and ``icc2`` of the index over periods; NaN where not computed.
    attenuated : dict of str to float
        Estimate of ``alone`` divided by the reliability, as if measured without error.
    not_fitted : dict of str to str
    """

    ceiling: float
    explained: dict[str, float]
    split: FitResult
    apart: dict[str, FitResult]
    contrast: dict[str, Combination]
    clustered: FitResult
    alone: dict[str, FitResult]
    cross_level: FitResult | None
    reliability: dict[str, float]
    attenuated: dict[str, float]
    not_fitted: dict[str, str]

    def notes(self, lang: str = "id") -> tuple[str, ...]:
        """What must be said beside the estimates."""
        return tuple(say(lang, *note) for note in NOTES)


def facilities_analysis(
    panel: pd.DataFrame,
    *,
    outcome: str = "predikat_skor",
    indices: Sequence[str] = ("fasilitas_indeks", "akses_ti_indeks"),
    dose: str = "jp_12_bulan",
    controls: Sequence[str] = ("jenis_jabatan", "pendidikan", "periode"),
    unit: str = "unit_kerja",
    agency: str = "instansi",
    time: str = "periode",
    items: pd.DataFrame | None = None,
    lang: str = "id",
) -> FacilitiesAnalysis:
    """Ceiling, split, default inference, cross-level product and reliability.

    Parameters
    ----------
    panel : DataFrame
        One row an employee and period; the indices are the same for a unit in a period.
    outcome : str
        Numbers.
    indices : sequence of str
        The last one is taken as access to IT in the cross-level product.
    dose : str
        Training hours; the product is left out where the column is absent.
    controls : sequence of str
        Those that the frame has are used.
    agency : str
        Has effects of its own in ``split`` where the frame has the column and several of them.
    items : DataFrame, optional
        (units, items) that the first index is made of.

    References
    ----------
    Snijders & Bosker (2012), Multilevel Analysis, ch. 3-4, 7; Mundlak (1978), Econometrica 46:69; attenuation:
    Fuller (1987), Measurement Error Models, p. 3.
    """
    for name in (outcome, unit, *indices):
        column(panel, name, lang)
    own = tuple(name for name in controls if name in panel.columns)
    null = ModelSpec(outcome, (), own, kind="multilevel", groups=(unit,))
    frame = panel.dropna(subset=[outcome, *indices, *own])
    bare = fit(frame, null, lang=lang)
    between = _between(bare)
    explained = {
        name: _taken(between, fit(frame, null.replace(exposures=(name,)), lang=lang)) for name in indices
    }
    explained["semua"] = _taken(between, fit(frame, null.replace(exposures=tuple(indices)), lang=lang))
    halves, parts = with_halves(frame, indices, unit)
    several = agency in frame.columns and frame[agency].nunique() > 1
    shape = null.replace(exposures=tuple(parts), controls=(*own, agency) if several else own)
    split = fit(halves, shape.replace(cluster=unit, errors="CR2"), lang=lang)
    apart = {
        name: fit(halves, shape.replace(exposures=own_parts, cluster=unit, errors="CR2"), lang=lang)
        for name in indices
        if (own_parts := tuple(part for part in parts if part in (f"{name}_antar", f"{name}_dalam")))
    }
    contrast = {
        name: linear_combination(apart[name], {f"{name}_antar": 1.0, f"{name}_dalam": -1.0}, lang=lang)
        for name in indices
        if f"{name}_antar" in parts and f"{name}_dalam" in parts
    }
    clustered = fit(frame, ModelSpec(outcome, tuple(indices), own, cluster=unit), lang=lang)
    alone = {name: fit(frame, ModelSpec(outcome, (name,), own, cluster=unit), lang=lang) for name in indices}
    not_fitted: dict[str, str] = {}
    crossed = None
    if dose in panel.columns:
        try:
            crossed = _cross_level(frame, null, dose, indices[-1], unit, lang)
        except ModelError as error:
            not_fitted["cross_level"] = str(error.message)
    reliability = _reliability(frame, indices[0], unit, time, items, lang)
    known = reliability["icc2"] if np.isfinite(reliability["icc2"]) else reliability["alpha"]
    attenuated = {}
    if np.isfinite(known) and known > 0:
        attenuated[indices[0]] = float(alone[indices[0]].term(indices[0])["estimate"]) / known
    return FacilitiesAnalysis(
        float(bare.glance()["icc"]), explained, split, apart, contrast, clustered, alone, crossed, reliability,
        attenuated, not_fitted,
    )  # fmt: skip


def with_halves(frame: pd.DataFrame, names: Sequence[str], unit: str) -> tuple[pd.DataFrame, list[str]]:
    """Each column as its unit's mean (``…_antar``) and the deviation from it (``…_dalam``, if there is any)."""
    added, parts = {}, []
    for name in names:
        values = pd.Series(as_numbers(frame[name]), index=frame.index)
        mean = values.groupby(frame[unit], observed=True).transform("mean")
        added[f"{name}_antar"] = mean
        parts.append(f"{name}_antar")
        if float((values - mean).abs().max()) > 1e-9 * max(1.0, float(values.abs().max())):
            added[f"{name}_dalam"] = values - mean
            parts.append(f"{name}_dalam")
    return frame.assign(**added), parts


def _between(result: FitResult) -> float:
    return float(result.variances()["variance"].iloc[0])


def _taken(before: float, result: FitResult) -> float:
    """Share of the between-unit variance that a column takes away, at least zero."""
    return max(0.0, 1.0 - _between(result) / before) if before > 0 else 0.0


def _cross_level(frame: pd.DataFrame, null: ModelSpec, dose: str, it: str, unit: str, lang: str) -> FitResult:
    """Centred so that each main effect is that at the mean of the other."""
    centred = {name: as_numbers(frame[name]) - np.nanmean(as_numbers(frame[name])) for name in (dose, it)}
    spec = null.replace(exposures=(dose, it, f"{dose}:{it}"), slopes={unit: (dose,)})
    return fit(frame.assign(**centred), spec, lang=lang)


def _reliability(
    frame: pd.DataFrame, index: str, unit: str, time: str, items: pd.DataFrame | None, lang: str
) -> dict[str, float]:
    found = {"alpha": float("nan"), "icc2": float("nan")}
    if items is not None:
        found["alpha"] = scale_reliability(items, lang=lang).alpha
    if time in frame.columns:
        wide = frame.groupby([unit, time], observed=True)[index].mean().unstack()
        if len(wide.dropna()) > 1 and wide.shape[1] > 1 and float(wide.to_numpy().std()) > 0:
            found["icc2"] = float(icc(wide, lang=lang).set_index("form").loc["ICC1k", "icc"])
    return found
