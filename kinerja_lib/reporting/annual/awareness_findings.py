"""Findings on clear tasks, awareness, outreach and stagnation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import stats

from kinerja_lib.findings import (
    Finding,
    Precision,
    finding_from_benchmark,
    finding_from_change,
    finding_from_unsaid,
)
from kinerja_lib.indicators import skp_content, skp_summary
from kinerja_lib.reporting.annual.bilingual import LABELS, both, integer, number, percent
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.finding_parts import gate, replaced, shown_share
from kinerja_lib.reporting.annual.outreach_finding import interval, outreach_finding
from kinerja_lib.reporting.annual.stagnation import stagnation_of
from kinerja_lib.reporting.annual.survey_response import RELIABLE, Scale, scale_of_year
from kinerja_lib.reporting.annual.survey_rounds import rounds
from kinerja_lib.reporting.annual.task_content import skp_people

POINTS = ("poin", "points")
TASKS, AWARENESS = "bab-tugas", "bab-kesadaran"
SCALES = {"kesadaran": AWARENESS, "kejelasan_tugas": TASKS}  # instrument, and the chapter that shows it


def awareness_findings(edition: Edition) -> list[Finding]:
    """SKP in time and agreed, awareness and clarity beside others, outreach, stagnation; those not said too."""
    made = [*task_findings(edition), outreach_finding(edition), stagnation_finding(edition)]
    made += [scale_finding(edition, name) for name in SCALES if len(edition.rows("survei", edition.year))]
    return [found for found in made if found is not None]


def task_findings(edition: Edition) -> list[Finding]:
    """SKP set by 31 January and SKP agreed, against the share that ``[thresholds] skp_on_time`` asks for."""
    people, wanted = skp_people(edition), edition.config.thresholds.skp_on_time
    if not len(people):
        return []
    whole, content = skp_summary(people, ()).iloc[0], skp_content(people, ()).iloc[0]
    asked = [("skp_tepat_waktu", "aware.in_time", int(whole["on_time"]), int(whole["due"]))]
    known = int(content["known_agreed"])
    if known:
        asked.append(("skp_disepakati", "aware.agreed", round(float(content["agreed"]) * known), known))
    limit = both("aware.limit")
    return [
        replaced(shown_share(edition, topic, both(key), count, n, wanted, limit), place=TASKS)
        for topic, key, count, n in asked
    ]


def stagnation_finding(edition: Edition) -> Finding | None:
    """The share that stagnates: an agency beside the others, the government beside the year before."""
    count, n = stagnation_of(edition, edition.year)
    subject, small = both("aware.stagnating"), edition.smallest
    if not n:
        return None
    if any(0 < part < small for part in (count, n - count)):
        about = both("aware.stagnating_about")
        return finding_from_unsaid("stagnasi", about, [gate("shown", "judged.withheld", n=integer(small))])
    if edition.whole:
        before = stagnation_of(edition, edition.year - 1)
        if not before[1]:
            return None
        made = finding_from_change(
            "stagnasi", subject, (count, n), before, minimum_group=small, labels=LABELS
        )
    else:
        others = np.subtract(stagnation_of(edition, edition.year, everyone=True), (count, n))
        if not others[1]:
            return None
        made = finding_from_benchmark(
            "stagnasi", subject, count, n, float(others[0] / others[1]), both("aware.other_share"),
            minimum_group=small, labels=LABELS,
        )  # fmt: skip
    return replaced(made, place=AWARENESS, reach=float(count))


def scale_finding(edition: Edition, instrumen: str) -> Finding:
    """An agency's scale beside that of the other agencies' staff; the government's beside the round before."""
    own = scale_of_year(edition, instrumen)
    name = both(f"aware.{instrumen}")
    about = both(
        "aware.change_about" if edition.whole else "aware.scale_about",
        name=lambda labels: name[labels.lang == "en"],
    )
    design = "units" if edition.whole else "comparison"
    if own is None:
        reason = gate("respondents", "aware.few_respondents")
        return finding_from_unsaid(instrumen, about, [reason], design=design)
    made = _change(edition, instrumen, own) if edition.whole else _beside_others(edition, instrumen, own)
    return replace(made, place=SCALES[instrumen], design=design, details={"about": about})


def _beside_others(edition: Edition, instrumen: str, own: Scale) -> Finding:
    name = both(f"aware.{instrumen}")
    about = both("aware.scale_about", name=lambda labels: name[labels.lang == "en"])
    rest, noise = _others(edition, instrumen, own.periode)
    difference, error, df = _apart(own, rest, noise)
    alpha = edition.config.thresholds.alpha
    half = float(stats.t.ppf(1 - alpha / 2, df)) * error
    spread = interval(difference - half, difference + half)
    gates = [
        gate("alpha", "aware.unreliable", own.alpha >= RELIABLE, least=number(RELIABLE, 2)),
        gate("interval", "aware.includes", abs(difference) > half, spread=spread, rest=number(rest)),
    ]
    evidence = {
        "estimate": own.weighted, "ci_low": own.low, "ci_high": own.high, "n": float(own.respondents), "others": rest,
        "p": float(2 * stats.t.sf(abs(difference) / error, df)) if error > 0 else math.nan,
    }  # fmt: skip
    if not all(one.passed for one in gates):
        precision = Precision(((error, df),), unit=POINTS, alpha=alpha)
        return finding_from_unsaid(instrumen, about, gates, evidence, precision=precision)
    below = own.weighted < rest
    text = both(
        "aware.below" if below else "aware.above", name=lambda labels: name[labels.lang == "en"],
        value=number(own.weighted), spread=spread, rest=number(rest), level=percent(1 - alpha, 0),
    )  # fmt: skip
    return Finding(instrumen, *text, "weak", "below" if below else "above", evidence, tuple(gates))


def _change(edition: Edition, instrumen: str, scale: Scale) -> Finding:
    """The mean change of the units since the round before, each unit once, with its t interval."""
    name, own = both(f"aware.{instrumen}"), rounds(edition, instrumen)
    about = both("aware.change_about", name=lambda labels: name[labels.lang == "en"])
    values = np.array([]) if own is None else own.changes["change"].dropna().to_numpy(dtype="float64")
    n = len(values)
    enough = n >= edition.config.thresholds.minimum_clusters
    gates = [
        gate("alpha", "aware.unreliable", scale.alpha >= RELIABLE, least=number(RELIABLE, 2)),
        gate("units", "aware.few_units", enough, n=integer(n)),
    ]
    if not enough:
        return finding_from_unsaid(instrumen, about, gates)
    mean = float(values.mean())
    alpha, error = edition.config.thresholds.alpha, float(values.std(ddof=1)) / math.sqrt(n)
    half = float(stats.t.ppf(1 - alpha / 2, n - 1)) * error
    spread = interval(mean - half, mean + half)
    gates.append(gate("interval", "aware.spans_zero", abs(mean) > half, spread=spread))
    evidence = {
        "estimate": mean, "ci_low": mean - half, "ci_high": mean + half, "n": float(scale.respondents),
        "p": float(2 * stats.t.sf(abs(mean) / error, n - 1)) if error > 0 else math.nan,
    }  # fmt: skip
    if not all(one.passed for one in gates):
        precision = Precision(((error, n - 1.0),), kind=("perubahan", "a change"), unit=POINTS, alpha=alpha)
        return finding_from_unsaid(instrumen, about, gates, evidence, precision=precision)
    text = both(
        "aware.rose" if mean > 0 else "aware.fell", name=lambda labels: name[labels.lang == "en"],
        value=number(abs(mean)), spread=spread,
    )  # fmt: skip
    return Finding(instrumen, *text, "weak", "up" if mean > 0 else "down", evidence, tuple(gates))


def _apart(own: Scale, rest: float, noise: float) -> tuple[float, float, float]:
    """The agency's mean minus the others', its standard error with that of both, and the agency's df."""
    df = max(own.respondents - 1.0, 1.0)
    error = (own.high - own.low) / 2 / float(stats.t.ppf(0.975, df))
    return own.weighted - rest, math.hypot(error, noise), df


def _others(edition: Edition, instrumen: str, periode: str) -> tuple[float, float]:
    """Mean of the respondents of all other agencies in the same round, on 0–100, and its standard error."""
    rows = edition.rows("survei", everyone=True)
    rows = rows[(rows["instrumen"].astype("str") == instrumen) & (rows["periode"] == periode)]
    rows = rows[rows["instansi"].astype("str") != edition.instansi]
    points = (rows["skor"].astype("float64") - 1) * 25
    people = points.groupby(rows["id_responden"]).mean()
    if not len(people):
        return math.nan, math.nan
    return float(people.mean()), float(people.sem()) if len(people) > 1 else 0.0
