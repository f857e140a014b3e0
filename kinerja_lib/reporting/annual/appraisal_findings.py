"""What the appraisals themselves show: limits of the regulation, raters beside their peers, complete, in time.

Predicates that stand above the other agencies' may be earned. Leniency is named only where the organisation's own
result does not warrant them either: the limits of SE MenPANRB 3/2023 are broken, and not by chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kinerja_lib.findings import Finding, Precision, finding_from_unsaid
from kinerja_lib.reporting.annual.bilingual import (
    Value,
    both,
    category,
    integer,
    listing,
    number,
    percent,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_parts import gate, shown_share
from kinerja_lib.reporting.annual.verdicts import Verdict, in_scope

COVERED = 0.98  # share of staff with an annual predicate that is called complete: a choice of this project


def appraisal_findings(edition: Edition) -> list[Finding]:
    """Limits of the regulation, leniency (of each agency, in the government's report), and completeness."""
    found = [_limits(edition), *_leniency(edition), _complete(edition)]
    return [finding for finding in found if finding is not None]


def _limits(edition: Edition) -> Finding | None:
    """Annual predicates beyond the limits of SE MenPANRB 3/2023."""
    own = [verdict for verdict in in_scope(edition) if verdict.organisation is not None]
    if not own:
        about = both("judged.limits_about", body=edition.body)
        return finding_from_unsaid("distribusi_predikat", about, [gate("known", "judged.no_organisation")])
    n = sum(verdict.n for verdict in own)
    beyond = [verdict for verdict in own if verdict.broken]
    evidence = {"n": float(n), "reach": float(sum(verdict.n for verdict in beyond))}
    if not beyond:
        text = both("judged.limits_met_whole" if edition.whole else "judged.limits_met", n=integer(len(own)),
                    organisation=category(str(own[0].organisation)))  # fmt: skip
        return Finding("distribusi_predikat", *text, "moderate", "equal", evidence, design="census")
    if edition.whole:
        names: Value = listing([edition.name(verdict.code) for verdict in beyond])
        text = both("judged.limits_whole", count=integer(len(beyond)), n=integer(len(own)), names=names)
    else:
        rules = beyond[0].broken
        text = both(
            "judged.limits", organisation=category(str(own[0].organisation)),
            rules=lambda labels: labels.listing(_rule(labels, rule) for rule in rules),
        )  # fmt: skip
        if not np.isnan(beyond[0].p_limits):
            evidence["p"] = beyond[0].p_limits
        evidence["estimate"] = float(rules[0].share)
    details = {"about": both("judged.limits_about", body=edition.body)}
    return Finding(
        "distribusi_predikat", *text, "moderate", "above", evidence, design="census", details=details
    )


def _rule(labels: Any, rule: Any) -> str:
    names = labels.listing(map(labels.category, rule.predikat.split(" + ")))
    if rule.bound == "at_least_count":
        return str(labels.text("judged.rule_count", names=names, limit=labels.integer(rule.limit)))
    key = f"judged.rule_{rule.bound}"
    return str(
        labels.text(key, names=names, limit=labels.percent(rule.limit, 0), share=labels.percent(rule.share))
    )


def _leniency(edition: Edition) -> list[Finding]:
    """Predicates above what the organisation's achievement and the other agencies let expect."""
    own = in_scope(edition)
    if edition.whole:
        return [_lenient(edition, verdict, edition.name(verdict.code)) for verdict in own if verdict.known]
    if own:
        return [_lenient(edition, own[0], edition.body)]
    few = gate("n", "judged.few", n=integer(edition.smallest))
    about = both("judged.lenient_about", body=edition.body)
    return [finding_from_unsaid("kelonggaran_penilai", about, [few])]


def _precision(edition: Edition, verdict: Verdict) -> Precision | None:
    """What the comparison with the peers can see; in the government's report, that of its least certain agency."""
    known = [one for one in in_scope(edition) if one.known] if edition.whole else [verdict]
    errors = [(one.error, one.df) for one in known if one.known]
    if not errors:
        return None
    return Precision(
        (max(errors),), kind=("kelebihan", "an excess"), unit=("tingkat predikat", "levels of rating"), digits=2, sides=1,
        alpha=edition.config.thresholds.alpha,
    )  # fmt: skip


def _lenient(edition: Edition, verdict: Verdict, body: str) -> Finding:
    """One agency's: its limits are broken, and it lies above its peers. Either alone is no sign of leniency."""
    alpha = edition.config.thresholds.alpha
    about = both("judged.lenient_about", body=body)
    name = category(verdict.organisation or "")
    gates = [
        gate("known", "judged.no_organisation", verdict.organisation is not None),
        gate("peers", "judged.no_peers", not np.isnan(verdict.above)),
    ]
    evidence: dict[str, float] = {"n": float(verdict.n), "reach": float(verdict.n), "grounds": 2.0}
    if verdict.known:
        evidence |= {"estimate": verdict.above, "ci_low": verdict.low, "ci_high": verdict.high,
                     "p": verdict.p_above}  # fmt: skip
        gates += [
            gate("limits", "judged.within_limits", bool(verdict.broken), organisation=name),
            gate("above", "judged.like_peers", verdict.above > 0 and verdict.p_above < alpha,
                 p=number(verdict.p_above, 3)),
        ]  # fmt: skip
    if not all(condition.passed for condition in gates):
        if edition.whole:  # one sentence for all agencies that do not stand out
            about, gates = both("judged.lenient_about_whole"), [gate("above", "judged.no_agency_stands_out")]
        return finding_from_unsaid(
            "kelonggaran_penilai", about, gates, evidence, design="comparison", precision=_precision(edition, verdict)
        )  # fmt: skip
    text = both(
        "judged.lenient", body=body, above=number(verdict.above, 2), low=number(verdict.low, 2),
        high=number(verdict.high, 2), organisation=name, level=percent(1 - alpha, 0),
    )  # fmt: skip
    details = {"about": about, "body": (body, body)}
    return Finding(
        "kelonggaran_penilai", *text, "moderate", "above", evidence, tuple(gates), design="comparison",
        details=details,
    )  # fmt: skip


def _complete(edition: Edition) -> Finding | None:
    """Staff of the year with an annual predicate."""
    now = facts(edition, edition.year)
    n = len(now.staff)
    if not n:
        return None
    count = int(now.staff["dinilai"].sum())
    return shown_share(
        edition,
        "kelengkapan_penilaian",
        both("judged.covered"),
        count,
        n,
        COVERED,
        both("judged.covered_limit"),
    )
