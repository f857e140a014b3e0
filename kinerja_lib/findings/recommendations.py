"""Recommendations that a finding carries:

Who, what, by when, and how it will be seen. None without a finding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from kinerja_lib.findings.finding import STRENGTHS, Finding
from kinerja_lib.findings.fits import DESIGNS
from kinerja_lib.schema.periode import Periode


@dataclass(frozen=True)
class Recommendation:
    """One recommendation and the finding it rests on; texts are (Indonesian, English)."""

    topic: str
    text: tuple[str, str]
    owner: tuple[str, str]
    indicator: tuple[str, str]
    deadline: date
    finding: Finding

    def sentence(self, lang: str = "id") -> str:
        """The recommendation's text in a language."""
        return self.text[1] if lang == "en" else self.text[0]


@cache
def rules() -> tuple[Mapping[str, Any], ...]:
    """``recommendations.toml``."""
    text = files("kinerja_lib.findings").joinpath("recommendations.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["rule"])


def recommend(
    findings: Iterable[Finding],
    periode: str,
    *,
    whole: bool = False,
    extra: Sequence[Mapping[str, Any]] = (),
) -> tuple[Recommendation, ...]:
    """Recommendations carried by the findings: strongest evidence first, findings of the scope's own before those
    of a model, then by the grounds they stand on and the people they reach (``rank``).

    A finding that is unsaid, or that shows no relation, carries none. Several findings on a topic give one
    recommendation, resting on the strongest. A rule may have a ``specific_text`` (and ``specific_indicator``), which
    names units and numbers in braces; it is used where the finding's ``details`` hold all of them. A rule that
    ``covers`` other topics takes their place.

    Parameters
    ----------
    findings : iterable of Finding
    periode : str
        Period of the report; deadlines count from its end.
    whole : bool
        The report speaks of a whole government: a rule's ``owner_whole`` acts, where it names one.
    extra : sequence of mapping
        Further rules, in the form of those in the TOML file; they come first.
    """
    ranked = sorted(findings, key=rank)
    found: dict[str, Recommendation] = {}
    for finding in ranked:
        for rule in (*extra, *rules()):
            if _fits(rule, finding) and finding.topic not in found:
                found[finding.topic] = Recommendation(
                    topic=finding.topic,
                    text=_filled(rule, "text", finding),
                    owner=_both(rule.get("owner_whole", rule["owner"]) if whole else rule["owner"]),
                    indicator=_filled(rule, "indicator", finding),
                    deadline=deadline(periode, int(rule["deadline_months"])),
                    finding=finding,
                )
    covered = {topic for rule in rules() for topic in rule.get("covers", ()) if rule["topic"] in found}
    return tuple(advice for topic, advice in found.items() if topic not in covered)


def deadline(periode: str, months: int) -> date:
    """Last day of the month that lies ``months`` after the end of a period."""
    end = Periode(periode).end
    return Periode(f"{end.year:04d}-{end.month:02d}").shift(months).end


def rank(finding: Finding) -> tuple[int, bool, float, float, str]:
    """What findings are sorted by, the first that differs deciding.

    Strength; the scope's own before a model's of the whole government; what stands on several grounds (a rule and a
    comparison, two methods) before what stands on one; people reached; topic.
    """
    grounds = float(finding.evidence.get("grounds", 1.0))
    reach = float(finding.evidence.get("reach", finding.evidence.get("n", 0.0)))
    return STRENGTHS.index(finding.strength), finding.design in DESIGNS, -grounds, -reach, finding.topic


def _fits(rule: Mapping[str, Any], finding: Finding) -> bool:
    return (
        finding.said
        and rule["topic"] == finding.topic
        and finding.strength in rule["strength"]
        and finding.direction in rule["direction"]
    )


def _filled(rule: Mapping[str, Any], name: str, finding: Finding) -> tuple[str, str]:
    """The text, or the specific one where the finding knows what it names."""
    texts = _both(rule[name])
    if f"specific_{name}" not in rule:
        return texts
    wanted = _both(rule[f"specific_{name}"])
    named = {field for text in wanted for _, field, _, _ in Formatter().parse(text) if field}
    if not named <= set(finding.details):
        return texts
    found = [
        text.format_map({key: value[place] for key, value in finding.details.items()})
        for place, text in enumerate(wanted)
    ]
    return found[0], found[1]


def _both(texts: Mapping[str, str]) -> tuple[str, str]:
    return texts["id"], texts["en"]
