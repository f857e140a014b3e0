"""A judged finding as a line of the report: its sentence, where it is shown, how strong it is, the numbers behind it."""

from __future__ import annotations

import math
import re

from kinerja_lib.findings import Finding
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.fairness_findings import YEARS
from kinerja_lib.reporting.annual.judged import judged
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.wording import shown_p

_END = re.compile(r"(?<=[\w%)])\. (?=[A-Z])")  # not of "s.d. 5" or "Rp1,5"


def line(edition: Edition, finding: Finding, *, place: bool = True, basis: str = "") -> Item:
    """A finding as an item of a list; ``basis`` is said after its numbers."""
    text = inert(finding.sentence(edition.lang))
    if place and finding.place:
        text += " " + edition.labels.text("judged.see", place=f"[@{finding.place}]")
    note = " ".join(filter(None, (evidence(edition, finding), basis)))
    return Item(text, note, kind="finding" if finding.said else "unsaid")


def short_line(edition: Edition, finding: Finding) -> Item:
    """The first sentence of a finding, with its strength and place: for who reads one page."""
    first = _END.split(finding.sentence(edition.lang))[0].rstrip(".")
    labels = edition.labels
    parts = [labels.text("summary.evidence", strength=labels.text(f"judged.strength_{finding.strength}"))]
    if finding.place:
        parts.append(f"[@{finding.place}]")
    return Item(f"{inert(first)} ({'; '.join(parts)}).")


def in_chapter(edition: Edition, topic: str, *, basis: str = "") -> None:
    """What the report as a whole says on a topic, in the chapter that shows what it rests on.

    It is the finding after all tests were judged together, so that no chapter claims what the conclusions take back.
    """
    own = [one for one in judged(edition) if one.topic == topic]
    items = [
        line(edition, one, place=False, basis=basis if one is own[-1] else "")  # once, beneath them all
        for one in own
    ]
    if items:
        edition.doc.findings(items, numbered=False)


def evidence(edition: Edition, finding: Finding) -> str:
    """Strength, design, number of people, interval and p-value, as far as the finding has them."""
    labels, known = edition.labels, finding.evidence
    parts = []
    if finding.said:
        strength = labels.text(f"judged.strength_{finding.strength}")
        parts.append(labels.text("judged.strength", strength=strength))
    if finding.design:
        parts.append(labels.text(f"judged.design_{finding.design}", years=labels.integer(YEARS)))
    if known.get("n"):
        parts.append(labels.text("judged.n", n=labels.integer(known["n"])))
    low, high = (float(known.get(name, math.nan)) * 100 for name in ("ci_low", "ci_high"))
    if finding.design == "groups" and finding.said and not math.isnan(low):
        level = labels.percent(1 - edition.config.thresholds.alpha, 0)
        parts.append(
            labels.text("judged.points", level=level, low=labels.number(low), high=labels.number(high))
        )
    p, adjusted = known.get("p", math.nan), known.get("p_adjusted", math.nan)
    if not math.isnan(adjusted):
        parts.append(labels.text("judged.p", p=_p(labels, p, "= "), adjusted=_p(labels, adjusted)))
    return "; ".join(parts) + "." if parts else ""


def _p(labels: Labels, value: float, equal: str = "") -> str:
    shown = shown_p(value, labels)
    return shown.replace("<", "< ") if isinstance(shown, str) else f"{equal}{labels.number(shown, 3)}"
