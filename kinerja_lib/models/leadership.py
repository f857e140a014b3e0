"""Leadership and ratings: the unit's property measured without borrowing from the outcome it is to explain.

Three measures are told apart. A leader's own report (meetings, guidance, feedback) is a property of the unit; the
same person gives the ratings, which is named. A staff survey has another source; its unit means are used only
after agreement and reliability have been looked at. A perception of the very people who are rated is replaced
by the mean of their colleagues (leave-one-out), beside the naive estimate. Ratings are levels: cumulative logit
with random intercepts for employee and unit, the unit's lasting difference and its change over time apart.

Sources: Podsakoff et al. (2003), J. Applied Psychology 88:879 (common source); Kozlowski & Klein (2000); Bell &
Jones (2015), Political Science Research and Methods 3:133 (within and between).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.aggregation import Aggregation, aggregation_check, leave_one_out_means
from kinerja_lib.models.factors import as_numbers, column, is_categorical, text_in_numbers
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.grouping import read_grouping
from kinerja_lib.models.leadership_checks import leadership_checks
from kinerja_lib.models.leadership_survey import joined_means, survey_means
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]
Source = Literal["pegawai", "penilai", "lain"]

#: share of unit-periods in which a measure differs between people, beyond which it is a person's
_PERSONAL = 0.05


@dataclass(frozen=True, eq=False)
class LeadershipAnalysis:
    """What goes with leadership, by source of the measure.

    Attributes
    ----------
    estimates : DataFrame
        measure (``own``, ``leave_one_out``, ``between``, ``within``, ``survey``), estimate (log-odds for one
        point), std_error, p_value, ci_low, ci_high, n, units, effect (change of P(rating >= ``at_least``) for 10
        points) with its interval.
    checks : tuple of Check
        ``same_source``, ``units``, and those of the aggregation.
    aggregation : Aggregation, optional
        Of the survey, or of the personal perception.
    fits : dict of str to FitResult
    personal : bool
        Whether the measure differs between people of one unit and period.
    at_least : str
        The level that ``effect`` speaks of.
    """

    estimates: pd.DataFrame
    checks: tuple[Check, ...]
    aggregation: Aggregation | None
    fits: dict[str, FitResult]
    personal: bool
    at_least: str

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])


def leadership_analysis(
    panel: pd.DataFrame,
    *,
    measure: str = "kepemimpinan_indeks",
    outcome: str = "predikat",
    unit: str = "unit_kerja",
    person: str | None = "id_pegawai",
    period: str | None = "periode",
    controls: tuple[str, ...] = (),
    survey: pd.DataFrame | None = None,
    instrument: str = "kepemimpinan",
    options: int = 5,
    source: tuple[Source, Source] = ("penilai", "penilai"),
    at_least: str = "Baik",
    minimum: int = 5,
    lang: str = "id",
) -> LeadershipAnalysis:
    """Relation of a leadership measure with ratings, and whether it may be read as leadership.

    Parameters
    ----------
    panel : DataFrame
        One row a rating.
    measure : str
        The index of leadership, of the unit or of each person (found from the data).
    survey : DataFrame, optional
        Table ``survei`` (id_responden, unit, periode, instrumen, butir, skor); its unit means of the year are a
        second measure.
    source : (str, str)
        Who gives the measure and who the outcome: ``pegawai``, ``penilai`` or ``lain``.
    at_least : str
        Level for ``effect``; the highest level but one where it does not occur.

    Raises
    ------
    ModelError
        A column is missing or holds text, the measure does not vary between units, or the survey lacks the
        instrument.
    """
    values = _measure(panel, measure, lang)
    personal = _is_personal(panel, values, unit, period, lang)
    frame = panel[[c for c in dict.fromkeys((outcome, unit, person, period, *controls)) if c]].copy()
    frame["ukuran"] = values
    groups = tuple(name for name in (person, unit) if name is not None)
    fits: dict[str, FitResult] = {}
    aggregation = None
    if personal:
        cell = f"{unit}:{period}" if period else unit
        frame["rekan"] = leave_one_out_means(frame, "ukuran", cell, lang)
        both = frame.dropna(subset=["rekan"])
        fits["own"] = _fit(both, outcome, ("ukuran",), controls, groups, lang)
        fits["leave_one_out"] = _fit(both, outcome, ("rekan",), controls, groups, lang)
        if _on_scale(values, options):
            aggregation = aggregation_check(
                frame, "ukuran", unit, options=options, minimum=minimum, lang=lang
            )
        terms = {"own": ("own", "ukuran"), "leave_one_out": ("leave_one_out", "rekan")}
    else:
        mean = frame.groupby(unit, observed=True)["ukuran"].transform("mean")
        frame["tetap"], frame["berubah"] = mean, frame["ukuran"] - mean
        if float(mean.max() - mean.min()) < 1e-9:
            raise _same_everywhere(measure, unit, lang)
        parts = ["tetap"] if float(frame["berubah"].abs().max()) < 1e-9 else ["tetap", "berubah"]
        fits["unit"] = _fit(frame, outcome, tuple(parts), controls, groups, lang)
        terms = {"between": ("unit", "tetap"), "within": ("unit", "berubah")}
        terms = {name: found for name, found in terms.items() if found[1] in parts}
    if survey is not None:
        aggregation, means = survey_means(survey, unit, instrument, options, minimum, lang)
        frame["survei"] = joined_means(frame, means, unit, period)
        fits["survey"] = _fit(frame.dropna(subset=["survei"]), outcome, ("survei",), controls, groups, lang)
        terms["survey"] = ("survey", "survei")
    level = _level(next(iter(fits.values())), at_least)
    estimates = pd.DataFrame(
        [_row(name, fits[key], term, unit, level) for name, (key, term) in terms.items()]
    )
    return LeadershipAnalysis(
        estimates=estimates,
        checks=leadership_checks(estimates, source, personal, aggregation),
        aggregation=aggregation,
        fits=fits,
        personal=personal,
        at_least=level,
    )


def _measure(panel: pd.DataFrame, name: str, lang: str) -> Array:
    series = column(panel, name, lang)
    if is_categorical(series, name, lang):
        raise text_in_numbers(name, lang)
    return as_numbers(series)


def _is_personal(panel: pd.DataFrame, values: Array, unit: str, period: str | None, lang: str) -> bool:
    """Whether the measure differs between people of the same unit and period."""
    cells = read_grouping(panel, f"{unit}:{period}" if period else unit, lang)
    kept = np.isfinite(values) & (cells.codes >= 0)
    if not kept.any():
        raise model_error(
            lang,
            "Ukuran kepemimpinan tidak mempunyai satu pun nilai pada unit yang dikenal.",
            "The leadership measure has no value in a known unit.",
            ("Lengkapi ukurannya.", "Supply the measure."),
        )
    spread = pd.Series(values[kept]).groupby(cells.codes[kept]).agg(["min", "max", "size"])
    several = spread[spread["size"] > 1]
    return bool(len(several)) and float((several["max"] - several["min"] > 1e-9).mean()) > _PERSONAL


def _same_everywhere(measure: str, unit: str, lang: str) -> Exception:
    return model_error(
        lang,
        f'Ukuran "{measure}" sama pada semua {unit}; hubungannya tidak dapat ditaksir.',
        f'"{measure}" is the same in every {unit}; its relation cannot be estimated.',
        ("Perluas data ke beberapa unit, atau pakai ukuran lain.", "Take more units, or another measure."),
    )


def _on_scale(values: Array, options: int) -> bool:
    present = values[np.isfinite(values)]
    return bool(len(present) and present.min() >= 1 and present.max() <= options)


def _fit(
    frame: pd.DataFrame,
    outcome: str,
    terms: tuple[str, ...],
    controls: tuple[str, ...],
    groups: tuple[str, ...],
    lang: str,
) -> FitResult:
    """Cumulative logit; without the employee's intercept where each employee has a single row."""
    complete = frame.dropna(subset=[outcome, *terms, *groups])
    usable = tuple(g for g in groups if complete[g].nunique() < len(complete))
    spec = ModelSpec(outcome, terms, controls, kind="ordinal_multilevel", groups=usable or groups)
    return fit(frame, spec, lang=lang)


def _level(result: FitResult, at_least: str) -> str:
    levels = [str(level) for level in result.levels]
    return at_least if at_least in levels[1:] else levels[max(len(levels) - 2, 1)]


def _row(name: str, result: FitResult, term: str, unit: str, level: str) -> dict[str, object]:
    own = result.term(term)
    effects = result.effects()
    effect = effects[(effects["term"] == term) & (effects["level"] == f">={level}")].iloc[0]
    groups = result.glance()["n_groups"]
    return {
        "measure": name,
        **{key: float(own[key]) for key in ("estimate", "std_error", "p_value", "ci_low", "ci_high")},
        "n": result.glance()["n"],
        "units": groups[unit] if isinstance(groups, dict) else groups,
        "effect": 10.0 * float(effect["estimate"]),
        "effect_low": 10.0 * float(effect["ci_low"]),
        "effect_high": 10.0 * float(effect["ci_high"]),
    }
