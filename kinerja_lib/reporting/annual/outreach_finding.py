"""Whether awareness changed more in units with outreach than in units without, as a finding."""

from __future__ import annotations

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding, Precision, finding_from_unsaid
from kinerja_lib.reporting.annual.bilingual import Value, both, integer, number
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.finding_parts import gate
from kinerja_lib.reporting.annual.survey_rounds import rounds

TOPIC, PLACE, DESIGN = "penyuluhan", "bab-kesadaran", "units"
MARGIN = 5.0  # points of an index (0–100) below which a difference is too small to matter: a choice of this project
LEAST_UNITS = 3  # in each of the two groups


def outreach_finding(edition: Edition) -> Finding:
    """The difference in differences of unit means, or why nothing can be said of it."""
    from kinerja_lib.models import difference_of_changes

    about, own, limits = both("outreach.about"), rounds(edition), edition.config.thresholds
    if own is None or not len(edition.rows("penyuluhan")):
        reason = gate("data", "outreach.no_rounds" if own is None else "outreach.no_events")
        return finding_from_unsaid(TOPIC, about, [reason], design=DESIGN)
    groups = [own.of("dengan"), own.of("tanpa")]
    n = [len(values) for values in groups]
    evidence = {"n_with": float(n[0]), "n_without": float(n[1]), "n": float(own.people)}
    enough = min(n) >= LEAST_UNITS and sum(n) >= limits.minimum_clusters
    gates = [gate("units", "outreach.few_units", enough, n=integer(n[0]), others=integer(n[1]))]
    if not enough:
        return finding_from_unsaid(TOPIC, about, gates, evidence, design=DESIGN)
    try:
        found = difference_of_changes(*groups, lang=edition.lang)
    except ModelError:
        return finding_from_unsaid(
            TOPIC, about, [gate("spread", "outreach.no_spread")], evidence, design=DESIGN
        )
    evidence |= {
        "estimate": found.estimate, "std_error": found.std_error, "df": found.df, "ci_low": found.ci_low,
        "ci_high": found.ci_high, "p": found.p_value,
    }  # fmt: skip
    gates.append(gate("df", "outreach.few_df", found.df >= limits.minimum_df, df=number(found.df)))
    spread = interval(found.ci_low, found.ci_high)
    small = max(abs(found.ci_low), abs(found.ci_high)) < MARGIN
    if small and gates[-1].passed:
        text = both("outreach.alike", value=_signed(found.estimate), spread=spread, margin=number(MARGIN, 0))
        return Finding(TOPIC, *text, "none", "equal", evidence, tuple(gates), DESIGN, PLACE, {"about": about})
    gates.append(
        gate("interval", "outreach.spans_zero", found.ci_low > 0 or found.ci_high < 0, spread=spread)
    )
    if not all(one.passed for one in gates):
        precision = Precision(((found.std_error, found.df),), unit=("poin", "points"), alpha=limits.alpha)
        return finding_from_unsaid(TOPIC, about, gates, evidence, design=DESIGN, precision=precision)
    more = found.estimate > 0
    text = both(
        "outreach.more" if more else "outreach.less", value=number(abs(found.estimate)), spread=spread
    )
    return Finding(
        TOPIC, *text, "weak", "up" if more else "down", evidence, tuple(gates), DESIGN, PLACE, {"about": about}
    )  # fmt: skip


def interval(low: float, high: float) -> Value:
    """The ends of an interval in words: ``1,2 s.d. 3,4``."""
    return lambda labels: labels.text("outreach.spread", low=labels.number(low), high=labels.number(high))


def _signed(value: float) -> Value:
    return lambda labels: labels.number(value, signed=True)
