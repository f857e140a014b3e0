"""Does training go together with performance? Several answers from the same rows, to be read side by side.

Who is sent to training is no accident. Comparing everyone (ordered logit), the same people over time (fixed
effects), people of one unit in one period, and future training that can't have worked yet (placebo) shows how
much of the first answer is selection. The lagged outcome and the fixed effects bracket the truth where
selection follows past ratings (Angrist & Pischke 2009, p. 246).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.models.dose import dose_lags, with_shifts
from kinerja_lib.models.factors import as_numbers, column
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.weighting import AdjustedDifference, adjusted_difference

#: design tag of each estimator: what the verb of a sentence may be (see ``findings``)
DESIGNS = {
    "ordinal": "selection_on_observables",
    "linear": "selection_on_observables",
    "correlated_effects": "fixed_effects",
    "fixed_effects": "fixed_effects",
    "unit_period": "fixed_effects",
    "fixed_effects_ordinal": "fixed_effects",
    "lagged_outcome": "selection_on_observables",
    "instrument": "fixed_effects",
    "placebo_lead": "fixed_effects",
}
COLUMNS = ("method", "scale", "design", "estimate", "std_error", "ci_low", "ci_high", "p_value", "df", "n",
           "n_groups", "errors")  # fmt: skip


@dataclass(frozen=True, eq=False)
class TrainingAnalysis:
    """Estimates lined up.

    Attributes
    ----------
    table : DataFrame
        One row a method and scale (``log_odds`` or ``outcome``), for ``per`` hours: ``COLUMNS``.
    results : dict of str to FitResult
    not_fitted : dict of str to str
        Method and why the data do not allow it.
    adjusted : AdjustedDifference or None
        AIPW of those who met the obligation against the others, with balance and overlap.
    per : float
    """

    table: pd.DataFrame
    results: dict[str, FitResult]
    not_fitted: dict[str, str]
    adjusted: AdjustedDifference | None
    per: float


def training_analysis(
    panel: pd.DataFrame,
    *,
    outcome: str = "predikat",
    score: str = "predikat_skor",
    dose: str = "jp_12_bulan",
    controls: Sequence[str] = ("masa_kerja", "jenis_jabatan", "pendidikan"),
    person: str = "id_pegawai",
    time: str = "periode",
    unit: str = "unit_kerja",
    instruments: Sequence[str] = (),
    per: float = 10.0,
    obligation: float = 20.0,
    lang: str = "id",
) -> TrainingAnalysis:
    """Run every estimator of the training question that the columns allow.

    Parameters
    ----------
    panel : DataFrame
        One row an employee and period.
    outcome, score : str
        Ordered rating, and the same as a number.
    dose : str
        Hours; the table is for ``per`` of them.
    controls : sequence of str
    person, time, unit : str
        Errors are clustered by ``unit``.
    instruments : sequence of str
        Columns that moved the hours and nothing else (a lottery of places).
    obligation : float
        Hours from which a person counts as trained, for the weighting.
    """
    for name in (outcome, score, dose, person, time, unit):
        column(panel, name, lang)
    fixed: tuple[str, ...] = (f"C({time})" if pd.api.types.is_numeric_dtype(panel[time].dtype) else time,)
    if panel[time].nunique() < 2:
        fixed = ()
    own = tuple(name for name in controls if name in panel.columns)
    base = ModelSpec(score, (dose,), (*own, *fixed), cluster=unit)
    absorbed = base.replace(controls=(), kind="fixed_effects", effects=(person, time))
    varying = _varying(panel, own, person)
    steps: dict[str, Callable[[], FitResult]] = {
        "ordinal": lambda: fit(panel, base.replace(outcome=outcome, kind="ordinal"), lang=lang),
        "linear": lambda: fit(panel, base, lang=lang),
        "correlated_effects": lambda: _mundlak(panel, base, dose, person, lang),
        "fixed_effects": lambda: fit(
            panel, absorbed.replace(controls=varying, effects=(person, time)), lang=lang
        ),
        "unit_period": lambda: fit(
            panel, absorbed.replace(controls=varying, effects=(person, f"{unit}:{time}")), lang=lang
        ),
        "fixed_effects_ordinal": lambda: fit(
            panel,
            ModelSpec(
                outcome, (dose,), (*varying, *fixed), kind="ordinal", effects=(person,), cluster=person
            ),
            lang=lang,
        ),
        "lagged_outcome": lambda: _lagged(panel, base, score, person, time, lang),
        "placebo_lead": lambda: dose_lags(
            panel, absorbed.replace(effects=(person, time), unit=person, time=time), lags=0, lang=lang
        )[0],
    }
    if instruments:
        steps["instrument"] = lambda: fit(
            panel, base.replace(kind="iv", instruments=tuple(instruments)), lang=lang
        )
    results: dict[str, FitResult] = {}
    not_fitted: dict[str, str] = {}
    for method, step in steps.items():
        try:
            results[method] = step()
        except ModelError as error:
            not_fitted[method] = str(error.message)
    try:
        adjusted = _trained(panel, base, dose, obligation, lang)
    except ModelError as error:
        adjusted, not_fitted["aipw"] = None, str(error.message)
    rows = [
        _row(method, result, f"{dose}_lead_1" if method == "placebo_lead" else dose, per, lang)
        for method, result in results.items()
    ]
    return TrainingAnalysis(pd.DataFrame(rows, columns=list(COLUMNS)), results, not_fitted, adjusted, per)


def _row(method: str, result: FitResult, term: str, per: float, lang: str) -> tuple[object, ...]:
    line, glance = result.term(term, lang), result.glance()
    scale = "log_odds" if result.spec.kind == "ordinal" else "outcome"
    return (
        method, scale, DESIGNS[method], *(float(line[k]) * per for k in ("estimate", "std_error", "ci_low", "ci_high")),
        float(line["p_value"]), float(line["df"]), glance["n"], glance.get("n_groups"), glance["errors"],
    )  # fmt: skip


def _varying(panel: pd.DataFrame, names: Sequence[str], person: str) -> tuple[str, ...]:
    """Controls that change within more than one in a hundred people: the others vanish with the person."""
    found = []
    for name in names:
        moved = panel.groupby(person, observed=True)[name].nunique() > 1
        # time in service moves with the calendar, which the periods absorb
        if float(moved.mean()) > 0.01 and not pd.api.types.is_numeric_dtype(panel[name].dtype):
            found.append(name)
    return tuple(found)


def _mundlak(panel: pd.DataFrame, base: ModelSpec, dose: str, person: str, lang: str) -> FitResult:
    """Random intercept of the person with the person's mean dose: the slope is that within people."""
    mean = f"{dose}_rata"
    frame = panel.assign(**{mean: panel.groupby(person, observed=True)[dose].transform("mean")})
    spec = base.replace(kind="multilevel", groups=(person,), controls=(mean, *base.controls), cluster=None)
    return fit(frame, spec, lang=lang)


def _lagged(panel: pd.DataFrame, base: ModelSpec, score: str, person: str, time: str, lang: str) -> FitResult:
    """People with the same rating the period before."""
    frame, names = with_shifts(
        panel.assign(**{score: as_numbers(panel[score])}), score, person, time, 1, 0, lang
    )
    return fit(frame, base.replace(controls=(*names, *base.controls)), lang=lang)


def _trained(
    panel: pd.DataFrame, base: ModelSpec, dose: str, obligation: float, lang: str
) -> AdjustedDifference:
    hours = as_numbers(panel[dose])
    name = f"{dose}_terpenuhi"
    frame = panel.assign(
        **{name: np.where(np.isfinite(hours), hours >= obligation, np.nan).astype(np.float64)}
    )
    return adjusted_difference(frame, base.replace(exposures=(name,)), "aipw", lang=lang)
