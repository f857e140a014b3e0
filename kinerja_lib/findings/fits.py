"""From a fitted model to a sentence:

The design decides the verb, the gates whether there is a sentence at all.

Long because all gates of one kind of evidence stand in one place, to be read against each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pandas as pd
from scipy import stats

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.findings.detectable import Precision
from kinerja_lib.findings.finding import Finding, Formatter, Gate, formatters, unsaid
from kinerja_lib.findings.gates import (
    diagnostic_gates,
    family_gate,
    leave_one_out_gate,
    sensitivity_gate,
    size_gates,
)

# design: (strength, verb in Indonesian, verb in English). A causal verb is earned by the design alone.
DESIGNS = {
    "experiment": ("strong", "berpengaruh terhadap", "affects"),
    "staggered_rollout": ("strong", "berpengaruh terhadap", "affects"),
    "fixed_effects": (
        "moderate",
        "pada pegawai yang sama berhubungan dengan",
        "is associated, within the same employees, with",
    ),
    "selection_on_observables": ("weak", "berhubungan dengan", "is associated with"),
    "cross_section": ("weak", "berhubungan dengan", "is associated with"),
}


class Fit(Protocol):
    """What is needed of a result; ``models.FitResult`` is one."""

    def tidy(self, level: float = 0.95) -> pd.DataFrame: ...

    def glance(self) -> dict[str, Any]: ...

    def diagnostics(self, lang: str = "id") -> pd.DataFrame: ...


@dataclass(frozen=True)
class Claim:
    """What is asked of an estimate, in words of both languages.

    ``exposure`` and ``outcome`` are noun phrases (Indonesian, English); ``step`` is the change of the
    exposure that the sentence speaks of ("setiap tambahan 10 JP") and ``per`` its size in units of the
    term. ``scale`` is ``points`` where the estimate is a probability (printed in percentage points), else
    ``units`` with ``unit``. ``margin`` is the smallest effect of one step that matters, on the scale of the
    estimate; without it nothing is called absent.
    """

    topic: str
    term: str
    exposure: tuple[str, str]
    outcome: tuple[str, str]
    design: str
    step: tuple[str, str]
    per: float = 1.0
    scale: str = "units"
    unit: tuple[str, str] = ("poin", "points")
    digits: int = 2
    margin: float | None = None

    def __post_init__(self) -> None:
        if self.design not in DESIGNS:
            known = ", ".join(DESIGNS)
            raise UsageError(
                Both(f"rancangan tidak dikenal: {self.design!r}", en=f"unknown design: {self.design!r}"),
                action=Both(f"pilih salah satu: {known}", en=f"choose one of: {known}"),
            )


@dataclass(frozen=True)
class Limits:
    """Thresholds of the gates; ``kinerja.toml`` may give others."""

    minimum_n: int = 30
    minimum_clusters: int = 6
    minimum_df: float = 4.0
    alpha: float = 0.05


def finding_from_fit(
    result: Fit,
    claim: Claim,
    *,
    effect: Mapping[str, Any] | None = None,
    leave_one_out: Sequence[float] | None = None,
    sensitivity: tuple[float, float] | None = None,
    p_adjusted: float | None = None,
    limits: Limits | None = None,
    labels: Mapping[str, Formatter] | None = None,
) -> Finding:
    """What may be said about one term of a fitted model.

    Gates in order: rows, clusters, degrees of freedom, convergence, stopping diagnostics (overlap,
    connectedness, proportional odds, …), leave-one-out where given. With all passed, an interval that excludes
    zero gives a claim with the design's verb, after the gates of sensitivity and of the family of tests where
    given; one that includes it gives "tidak terlihat hubungan yang berarti" only where the 1 − 2α interval
    lies inside ±``claim.margin`` (two one-sided tests, Schuirmann 1987); anything else is unsaid. An effect
    that is distinguishable from zero and still inside the margin is said to be too small to matter.

    Parameters
    ----------
    result : Fit
        A fitted model.
    claim : Claim
    effect : mapping, optional
        A row of ``result.effects()`` to speak of instead of the coefficient: ``estimate`` and
        ``std_error``.
    leave_one_out : sequence of float, optional
        Estimates without each cluster or agency.
    sensitivity : (float, float), optional
        Robustness value, and the partial R2 of the strongest observed control (``sensitivity_summary``,
        ``benchmark_bounds``). It gates a claim, not the sentence that there is none.
    p_adjusted : float, optional
        The p-value adjusted within the declared family of tests; also for claims only.
    limits, labels
        Thresholds; formatters by language.

    Raises
    ------
    UsageError
        The term is not in the result.
    """
    limits, fmt = limits or Limits(), formatters(labels)
    evidence = _evidence(result, claim, effect, limits)
    estimate, error, df = (evidence[name] for name in ("estimate", "std_error", "df"))
    low, high = evidence["ci_low"], evidence["ci_high"]
    gates = _conditions(result, claim, df, limits, fmt)
    if leave_one_out is not None:
        gates.append(leave_one_out_gate(estimate, leave_one_out))
    if not all(gate.passed for gate in gates):
        return _unsaid(claim, gates, evidence, limits.alpha)
    clear = low > 0 or high < 0
    gates.append(_interval_gate(claim, (low, high), clear, limits, fmt))
    inside, equivalence = _equivalence(claim, estimate, error, df, limits, fmt)
    if inside:
        return _absent(claim, evidence, [*(g for g in gates if g.passed), equivalence], fmt)
    if not clear:
        gates += [equivalence] if claim.margin else []
    else:
        gates += [] if sensitivity is None else [sensitivity_gate(*sensitivity, fmt)]
        gates += [] if p_adjusted is None else [family_gate(p_adjusted, limits.alpha, fmt)]
    if all(gate.passed for gate in gates):
        return _claimed(claim, evidence, gates, fmt)
    return _unsaid(claim, gates, evidence, limits.alpha)


def _evidence(
    result: Fit, claim: Claim, effect: Mapping[str, Any] | None, limits: Limits
) -> dict[str, float]:
    """The estimate of one step, its error and interval, rows, and the p-value where the coefficient is spoken of."""
    row = _row(result, claim.term)
    df = float(row.get("df", math.inf))
    df = math.inf if math.isnan(df) else df
    estimate = float((effect or row)["estimate"]) * claim.per
    error = float((effect or row)["std_error"]) * abs(claim.per)
    low, high = _interval(estimate, error, df, 1 - limits.alpha)
    evidence = {
        "estimate": estimate, "std_error": error, "ci_low": low, "ci_high": high, "df": df,
        "n": float(result.glance().get("n", math.nan)),
    }  # fmt: skip
    if effect is None and "p_value" in row:
        evidence["p"] = float(row["p_value"])
    return evidence


def _conditions(
    result: Fit, claim: Claim, df: float, limits: Limits, fmt: tuple[Formatter, Formatter]
) -> list[Gate]:
    gates = size_gates(result.glance(), df, limits, fmt) + diagnostic_gates(result.diagnostics(), claim.term)
    if claim.design == "staggered_rollout" and not any(gate.name == "pre_trends" for gate in gates):
        unchecked = (
            "tren sebelum program belum diperiksa", "the trends before the programme were not checked"
        )  # fmt: skip
        gates.append(Gate("pre_trends", False, math.nan, math.nan, *unchecked))
    return gates


def _unsaid(claim: Claim, gates: Sequence[Gate], evidence: Mapping[str, float], alpha: float) -> Finding:
    points = claim.scale == "points"
    precision = Precision(
        ((evidence["std_error"], evidence["df"]),), kind=("hubungan", "a relation"), alpha=alpha, factor=100 if points else 1,
        unit=("poin persentase", "percentage points") if points else claim.unit, digits=1 if points else claim.digits,
    )  # fmt: skip
    return replace(unsaid(claim.topic, *_about(claim), gates, evidence), precision=precision)


def _about(claim: Claim) -> tuple[str, str]:
    return (
        f"apakah {claim.exposure[0]} berhubungan dengan {claim.outcome[0]}",
        f"whether {claim.exposure[1]} is associated with {claim.outcome[1]}",
    )


def _row(result: Fit, term: str) -> Mapping[str, Any]:
    table = result.tidy()
    found = table[table["term"] == term]
    if found.empty:
        known = ", ".join(map(str, table["term"]))
        raise UsageError(
            Both(f"suku {term!r} tidak ada dalam hasil", en=f"term {term!r} is not in the result"),
            action=Both(f"yang ada: {known}", en=f"there are: {known}"),
        )
    return dict(found.iloc[0])


def _interval(estimate: float, error: float, df: float, level: float) -> tuple[float, float]:
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    return estimate - half, estimate + half


def _interval_gate(
    claim: Claim, ci: tuple[float, float], clear: bool, limits: Limits, fmt: tuple[Formatter, Formatter]
) -> Gate:
    texts = [_span(claim, ci, fmt, i) for i in (0, 1)]
    level = [fmt[i].percent(1 - limits.alpha, 0) for i in (0, 1)]
    return Gate(
        "interval",
        clear,
        min(ci, key=abs),
        0.0,
        f"interval kepercayaan {level[0]} mencakup nol ({texts[0]})",
        f"the {level[1]} confidence interval includes zero ({texts[1]})",
    )


def _equivalence(
    claim: Claim, estimate: float, error: float, df: float, limits: Limits, fmt: tuple[Formatter, Formatter]
) -> tuple[bool, Gate]:
    low, high = _interval(estimate, error, df, 1 - 2 * limits.alpha)
    widest, margin = max(abs(low), abs(high)), claim.margin or 0.0
    inside = margin > 0 and widest < margin
    return inside, Gate(
        "equivalence",
        inside,
        widest,
        margin,
        f"hubungan sebesar {_size(claim, margin, fmt, 0)} pun belum dapat dikesampingkan",
        f"a relation as large as {_size(claim, margin, fmt, 1)} cannot be ruled out either",
    )


def _claimed(
    claim: Claim, evidence: Mapping[str, float], gates: Sequence[Gate], fmt: tuple[Formatter, Formatter]
) -> Finding:
    strength, verb_id, verb_en = DESIGNS[claim.design]
    up = evidence["estimate"] > 0
    text = [_size(claim, abs(evidence["estimate"]), fmt, i) for i in (0, 1)]
    ends = sorted((evidence["ci_low"], evidence["ci_high"]), key=abs)
    span = [_span(claim, (ends[0], ends[1]), fmt, i) for i in (0, 1)]
    level = [fmt[i].percent(0.95, 0) for i in (0, 1)]
    return Finding(
        claim.topic,
        f"{_capital(claim.exposure[0])} {verb_id} {claim.outcome[0]}: {claim.step[0]} sejalan dengan "
        f"{claim.outcome[0]} yang {'lebih tinggi' if up else 'lebih rendah'} {text[0]} "
        f"(interval kepercayaan {level[0]}: {span[0]}).",
        f"{_capital(claim.exposure[1])} {verb_en} {claim.outcome[1]}: {claim.step[1]} goes with "
        f"{'a higher' if up else 'a lower'} {claim.outcome[1].removeprefix('the ')}, by {text[1]} "
        f"({level[1]} confidence interval: {span[1]}).",
        strength,
        "up" if up else "down",
        dict(evidence),
        tuple(gates),
        design=claim.design,
        details={"about": _about(claim)},
    )


def _absent(
    claim: Claim, evidence: Mapping[str, float], gates: Sequence[Gate], fmt: tuple[Formatter, Formatter]
) -> Finding:
    margin = [_size(claim, claim.margin or 0.0, fmt, i) for i in (0, 1)]
    return Finding(
        claim.topic,
        f"Tidak terlihat hubungan yang berarti antara {claim.exposure[0]} dan {claim.outcome[0]}: untuk "
        f"{claim.step[0]}, perbedaannya lebih kecil daripada {margin[0]}.",
        f"No relation worth the name is seen between {claim.exposure[1]} and {claim.outcome[1]}: for "
        f"{claim.step[1]}, the difference is smaller than {margin[1]}.",
        "none",
        "equal",
        dict(evidence),
        tuple(gates),
    )


def _span(claim: Claim, ends: tuple[float, float], fmt: tuple[Formatter, Formatter], lang: int) -> str:
    """An interval with its unit said once: ``0,8 s.d. 1,4 poin persentase``."""
    number, unit = _size(claim, ends[1], fmt, lang).split(" ", 1)
    return f"{_size(claim, ends[0], fmt, lang).split(' ', 1)[0]} {('s.d.', 'to')[lang]} {number} {unit}"


def _size(claim: Claim, value: float, fmt: tuple[Formatter, Formatter], lang: int) -> str:
    if claim.scale == "points":
        return f"{fmt[lang].number(value * 100, 1)} {('poin persentase', 'percentage points')[lang]}"
    return f"{fmt[lang].number(value, claim.digits)} {claim.unit[lang]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
