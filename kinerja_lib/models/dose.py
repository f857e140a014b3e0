"""The dose of training hours: a curve, a kink at the 20-JP obligation, and whether a straight line will do.

No regression discontinuity is read at 20 JP: staff can bring their hours there, so those at the obligation
are not like those just below; how much the hours heap is reported instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from kinerja_lib.models.diagnostics import HEAPING_LIMIT, JP_OBLIGATION, heaping, heaping_checks
from kinerja_lib.models.factors import as_numbers, column
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.hypotheses import Combination, WaldTest, linear_combination, wald_test
from kinerja_lib.models.multiplicity import adjust_p_values
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.splines import knots_of, restricted_cubic
from kinerja_lib.models.wording import model_error, say


@dataclass(frozen=True, eq=False)
class DoseResponse:
    """Three fits of one question on the same rows.

    Attributes
    ----------
    linear, kinked, curved : FitResult
        One slope; a slope below and a change of slope above the obligation; a restricted cubic spline.
    linearity : WaldTest
        The curved terms at once.
    slope_below, slope_change, slope_above : Combination
        For one hour, from the kinked fit.
    heaping : float
        Rows exactly at the obligation over what their neighbourhood suggests.
    knots : tuple of float
    curve : DataFrame
        dose, estimate, ci_low, ci_high: difference to no hours, on the scale of the fit (log-odds for
        ordered outcomes), from the curved fit.
    checks : tuple of Check
        ``linearity`` and ``heaping_20``.
    """

    linear: FitResult
    kinked: FitResult
    curved: FitResult
    linearity: WaldTest
    slope_below: Combination
    slope_change: Combination
    slope_above: Combination
    heaping: float
    knots: tuple[float, ...]
    curve: pd.DataFrame
    checks: tuple[Check, ...]

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])


def dose_response(
    panel: pd.DataFrame,
    spec: ModelSpec,
    *,
    obligation: float = JP_OBLIGATION,
    number_of_knots: int = 4,
    grid: Sequence[float] | None = None,
    lang: str = "id",
) -> DoseResponse:
    """Curve, kink and straight line for the first exposure of a specification.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        Any kind that ``fit`` knows; its first exposure is the dose, in hours.
    obligation : float
        Where the kink is.
    number_of_knots : int
        3 to 5; fewer where the doses heap too much for so many.
    grid : sequence of float, optional
        Doses of the curve; from zero to the 99th percentile by default.

    Raises
    ------
    ModelError
        The dose is no number, has too few values, or none above the obligation.
    """
    if not spec.exposures:
        raise model_error(
            lang, "ModelSpec: exposures kosong.", "ModelSpec: exposures is empty.",
            ("Sebutkan kolom dosis sebagai exposure pertama.", "Name the dose as first exposure."),
        )  # fmt: skip
    dose, others = spec.exposures[0], spec.exposures[1:]
    values = as_numbers(column(panel, dose, lang))
    if not bool((values > obligation).any()) or not bool((values < obligation).any()):
        raise model_error(
            lang, f'"{dose}" tidak bernilai di bawah dan di atas {obligation:g}.',
            f'"{dose}" has no values on both sides of {obligation:g}.',
            ("Gunakan satu kemiringan saja.", "Use a single slope."),
        )  # fmt: skip
    knots = knots_of(values, number_of_knots, lang)
    above = f"{dose}_di_atas_{obligation:g}"
    bends = [f"{dose}_lengkung_{k + 1}" for k in range(len(knots) - 2)]
    basis = restricted_cubic(values, knots)
    frame = panel.assign(
        **{above: np.maximum(values - obligation, 0.0)}, **dict(zip(bends, basis.T, strict=True))
    )
    linear = fit(frame, spec, lang=lang)
    kinked = fit(frame, spec.replace(exposures=(dose, above, *others)), lang=lang)
    curved = fit(frame, spec.replace(exposures=(dose, *bends, *others)), lang=lang)
    linearity = wald_test(curved, bends, lang)
    ratio = heaping(values, obligation)
    if grid is None:
        grid = np.linspace(0.0, float(np.nanquantile(values, 0.99)), 41).tolist()
    return DoseResponse(
        linear,
        kinked,
        curved,
        linearity,
        linear_combination(kinked, {dose: 1.0}, lang=lang),
        linear_combination(kinked, {above: 1.0}, lang=lang),
        linear_combination(kinked, {dose: 1.0, above: 1.0}, lang=lang),
        ratio,
        knots,
        _curve(curved, [dose, *bends], knots, grid),
        _checks(linearity, values, dose, ratio),
    )


def _curve(
    result: FitResult, terms: list[str], knots: tuple[float, ...], grid: Sequence[float]
) -> pd.DataFrame:
    at = np.asarray(grid, dtype=np.float64)
    zero = np.concatenate([[0.0], restricted_cubic([0.0], knots)[0]])
    L = np.column_stack([at, restricted_cubic(at, knots)]) - zero
    own = [result.terms.index(term) for term in terms]
    cov = result.cov[np.ix_(own, own)]
    estimate = L @ result.estimate[own]
    df = np.inf if result.df is None else float(np.min(result.df[own]))
    half = stats.t.ppf(0.975, df) * np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", L, cov, L), 0.0))
    return pd.DataFrame(
        {"dose": at, "estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half}
    )


def _checks(linearity: WaldTest, values: np.ndarray, dose: str, ratio: float) -> tuple[Check, ...]:
    bent = linearity.p_value < 0.05
    frame = pd.DataFrame({"jp": values[np.isfinite(values)]})
    rows = np.arange(len(frame))
    heap = heaping_checks(frame, ModelSpec("y", ("jp",)), rows)[0]
    heap = Check(f"heaping_20: {dose}", ratio, HEAPING_LIMIT, heap.verdict, heap.meaning_id, heap.meaning_en)
    return (
        Check(
            f"linearity: {dose}", linearity.p_value, 0.05, "warning" if bent else "ok",
            "Hubungannya tidak lurus; baca kurvanya, bukan satu kemiringan." if bent
            else "Satu kemiringan cukup menggambarkan hubungannya.",
            "The relation is not straight; read the curve, not a single slope." if bent
            else "A single slope describes the relation well enough.",
        ),
        heap,
    )  # fmt: skip


def dose_by_kind(
    panel: pd.DataFrame, spec: ModelSpec, doses: Sequence[str], *, alpha: float = 0.05, lang: str = "id"
) -> pd.DataFrame:
    """The slope of each kind of training, all kinds in one fit; Benjamini-Hochberg over the kinds.

    Parameters
    ----------
    spec : ModelSpec
        Its exposures are replaced by ``doses``.
    doses : sequence of str
        Hours of each kind.

    Returns
    -------
    DataFrame
        term, estimate, std_error, ci_low, ci_high, p_value, p_adjusted, rejected.
    """
    result = fit(panel, spec.replace(exposures=tuple(doses)), lang=lang)
    table = result.tidy().set_index("term").loc[list(doses)].reset_index()
    adjusted = adjust_p_values(table["p_value"], alpha=alpha, lang=lang)
    table["p_adjusted"], table["rejected"] = adjusted["p_adjusted"], adjusted["rejected"]
    return table.drop(columns=["statistic", "df"])


def dose_lags(
    panel: pd.DataFrame, spec: ModelSpec, *, lags: int = 4, leads: int = 1, lang: str = "id"
) -> tuple[FitResult, WaldTest]:
    """Distributed lags of the first exposure, and its leads as placebo: future training moves nothing.

    Parameters
    ----------
    spec : ModelSpec
        With ``unit`` and ``time``; lags are looked up by the order of the times that occur, so that a missing
        period makes a missing lag.
    lags, leads : int

    Returns
    -------
    (FitResult, WaldTest)
        Terms ``dose``, ``dose_lag_k``, ``dose_lead_k``; the joint test of the leads.
    """
    if not spec.exposures or spec.unit is None or spec.time is None or leads < 1:
        raise model_error(
            lang, "dose_lags memerlukan exposure, unit, time, dan leads ≥ 1.",
            "dose_lags needs an exposure, unit, time, and leads >= 1.",
            ("Lengkapi ModelSpec.", "Complete the ModelSpec."),
        )  # fmt: skip
    dose, others = spec.exposures[0], spec.exposures[1:]
    frame, names = with_shifts(panel, dose, spec.unit, spec.time, lags, leads, lang)
    result = fit(frame, spec.replace(exposures=(dose, *names, *others)), lang=lang)
    return result, wald_test(result, [name for name in names if "_lead_" in name], lang)


def with_shifts(
    panel: pd.DataFrame, dose: str, unit: str, time: str, lags: int, leads: int, lang: str = "id"
) -> tuple[pd.DataFrame, list[str]]:
    """The frame with ``dose_lag_k`` and ``dose_lead_k`` added, and their names."""
    for name in (dose, unit, time):
        column(panel, name, lang)
    place = panel[time].rank(method="dense")
    keys = pd.MultiIndex.from_arrays([panel[unit], place])
    if keys.has_duplicates:
        raise model_error(
            lang, f'Ada baris ganda untuk "{unit}" dan "{time}" yang sama.',
            f'Double rows for the same "{unit}" and "{time}".',
            ("Hapus baris gandanya.", "Drop the double rows."),
        )  # fmt: skip
    known = pd.Series(panel[dose].to_numpy(), index=keys)
    steps = {f"{dose}_lag_{k}": -k for k in range(1, lags + 1)}
    steps |= {f"{dose}_lead_{k}": k for k in range(1, leads + 1)}
    added = {
        name: known.reindex(pd.MultiIndex.from_arrays([panel[unit], place + step])).to_numpy()
        for name, step in steps.items()
    }
    return panel.assign(**added), list(steps)
