"""All tests of one report are one family: what does not stand out among them is not said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kinerja_lib.findings.finding import Finding, Formatter, formatters, unsaid
from kinerja_lib.findings.gates import family_gate
from kinerja_lib.models.multiplicity import adjust_p_values, rejection_levels


def stand_together(
    findings: Sequence[Finding], *, alpha: float = 0.05, labels: Mapping[str, Formatter] | None = None
) -> list[Finding]:
    """The findings of one report, their p-values adjusted for each other (Benjamini & Hochberg 1995).

    Every finding that carries ``evidence["p"]`` counts, said or not, so that a test which found nothing weighs
    too. One that was said and whose adjusted p-value passes ``alpha`` becomes unsaid, with that as the reason;
    all that were tested get ``evidence["p_adjusted"]``, and their ``precision`` the level that was asked of them. A
    finding without a test (a count against a rule, an equivalence) stays.

    Parameters
    ----------
    findings : sequence of Finding
    alpha : float
        Share of false claims among the claims that is accepted.

    Examples
    --------
    >>> from kinerja_lib.findings import Finding
    >>> one = Finding("x", "Satu.", "One.", "weak", "up", {"p": 0.04})
    >>> [finding.said for finding in stand_together([one])]
    [True]
    >>> many = [one, *(Finding("y", "", "", "unsaid", evidence={"p": 0.5}) for _ in range(9))]
    >>> stand_together(many)[0].sentence("en").split(", because ")[1][:53]
    'it does not stand out among all tests made at once (a'
    """
    fmt = formatters(labels)
    tested = [place for place, finding in enumerate(findings) if _p(finding) is not None]
    values = adjust_p_values([_p(findings[place]) or 0.0 for place in tested], alpha=alpha)["p_adjusted"]
    adjusted = dict(zip(tested, map(float, values), strict=True))
    levels = rejection_levels([_p(findings[place]) or 0.0 for place in tested], alpha=alpha)
    level = dict(zip(tested, map(float, levels), strict=True))
    return [
        _judged(_at_level(finding, level[place]), adjusted[place], alpha, fmt)
        if place in adjusted
        else finding
        for place, finding in enumerate(findings)
    ]


def _p(finding: Finding) -> float | None:
    value = float(finding.evidence.get("p", math.nan))
    return None if math.isnan(value) else value


def _at_level(finding: Finding, level: float) -> Finding:
    own = finding.precision
    return finding if own is None else replace(finding, precision=replace(own, alpha=min(own.alpha, level)))


def _judged(finding: Finding, p: float, alpha: float, fmt: tuple[Formatter, Formatter]) -> Finding:
    evidence = {**finding.evidence, "p_adjusted": p}
    gates = (*finding.gates, family_gate(p, alpha, fmt))
    if not finding.said or finding.strength == "none":
        return replace(finding, evidence=evidence)
    if p <= alpha:
        return replace(finding, evidence=evidence, gates=gates)
    about = _about(finding)
    found = unsaid(finding.topic, *about, gates, evidence)
    return replace(
        found,
        design=finding.design,
        place=finding.place,
        contrast=finding.contrast,
        precision=finding.precision,
    )


def _about(finding: Finding) -> tuple[str, str]:
    """What the sentence was about, for the sentence that nothing can be said."""
    given = finding.details.get("about")
    return given or (
        "apakah yang teramati lebih dari sekadar kebetulan",
        "whether what was observed is more than chance",
    )
