"""What the year shows in a few sentences, what it cannot show, and what should be done about it."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.findings import Finding
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts, is_good
from kinerja_lib.reporting.annual.fairness_findings import YEARS
from kinerja_lib.reporting.annual.judged import advised, not_said, said
from kinerja_lib.reporting.annual.measures import extremes, share_by
from kinerja_lib.reporting.annual.workplace_findings import TRAINING, relation
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.wording import shown_p

FIRST = 5  # findings of the executive summary


def findings(edition: Edition) -> list[Item]:
    """The findings of the executive summary, then what cannot be concluded, in one sentence each."""
    claims = [_item(edition, finding) for finding in said(edition)[:FIRST]]
    return [_predicates(edition), *claims, *(_item(edition, finding) for finding in not_said(edition)[:1])]


def training_item(edition: Edition) -> Item:
    """The relation of training hours and predicate, as the gates of ``findings`` let it be said."""
    topic = TRAINING.topic
    known = [finding for finding in (*said(edition), *not_said(edition)) if finding.topic == topic]
    return _item(edition, known[0] if known else relation(edition, TRAINING), place=False)


def _predicates(edition: Edition) -> Item:
    labels = edition.labels
    now, before = facts(edition, edition.year), facts(edition, edition.year - 1)
    ends = extremes(share_by(edition, now.annual, is_good(now.annual)))
    text = labels.text(
        "finding.predicates", good=labels.percent(now.good), change=edition.moved(now.good - before.good, share=True),
        year=edition.year - 1,
    )  # fmt: skip
    if ends:
        text += " " + labels.text(
            "finding.spread", best=edition.safe(ends[0]["code"]), high=labels.percent(ends[0]["value"]),
            worst=edition.safe(ends[1]["code"]), low=labels.percent(ends[1]["value"]),
        )  # fmt: skip
    return Item(text, labels.text("finding.predicates_basis", n=labels.integer(len(now.annual))))


def _item(edition: Edition, finding: Finding, *, place: bool = True) -> Item:
    """A finding as a line of the report: where it is shown, how strong it is, and the numbers behind it."""
    labels, text = edition.labels, inert(finding.sentence(edition.lang))
    if place and finding.place:
        text += " " + labels.text("judged.see", place=f"[@{finding.place}]")
    return Item(text, _evidence(edition, finding), kind="finding" if finding.said else "unsaid")


def _evidence(edition: Edition, finding: Finding) -> str:
    labels, evidence = edition.labels, finding.evidence
    parts = []
    if finding.said:
        strength = labels.text(f"judged.strength_{finding.strength}")
        parts.append(labels.text("judged.strength", strength=strength))
    if finding.design:
        parts.append(labels.text(f"judged.design_{finding.design}", years=labels.integer(YEARS)))
    if evidence.get("n"):
        parts.append(labels.text("judged.n", n=labels.integer(evidence["n"])))
    low, high = (float(evidence.get(name, math.nan)) * 100 for name in ("ci_low", "ci_high"))
    if finding.design == "groups" and finding.said and not math.isnan(low):
        level = labels.percent(1 - edition.config.thresholds.alpha, 0)
        parts.append(
            labels.text("judged.points", level=level, low=labels.number(low), high=labels.number(high))
        )
    p, adjusted = evidence.get("p", math.nan), evidence.get("p_adjusted", math.nan)
    if not math.isnan(adjusted):
        parts.append(labels.text("judged.p", p=_p(labels, p, "= "), adjusted=_p(labels, adjusted)))
    return "; ".join(parts) + "." if parts else ""


def _p(labels: Labels, value: float, equal: str = "") -> str:
    shown = shown_p(value, labels)
    return shown.replace("<", "< ") if isinstance(shown, str) else f"{equal}{labels.number(shown, 3)}"


def conclusions(edition: Edition) -> None:
    """Bab IV: the year in one paragraph, the findings, the recommendations, and what could not be said."""
    labels, now = edition.labels, facts(edition, edition.year)
    edition.say(
        "conclusion.text", body=inert(edition.body), year=edition.year, good=labels.percent(now.good),
        jp=labels.percent(now.jp_share), facilities=labels.number(now.facilities), ikm=labels.number(now.ikm),
    )  # fmt: skip
    edition.say("judged.about")
    claims = [_item(edition, finding) for finding in said(edition)]
    edition.doc.findings(claims, title=labels.text("judged.heading"))
    frame = recommendations(edition)
    if not len(frame):
        edition.say("judged.none_advised")
    columns = dict.fromkeys(("number", "recommendation", "basis", "owner", "deadline", "indicator"), "text")
    shown = shown_table(frame, columns, labels)
    title = labels.text("conclusion.table", year=edition.year + 1)
    edition.doc.table(shown.frame, "rekomendasi", title, small=True, left=6, **shown.options())
    unsaid = [replace(_item(edition, finding), kind="finding") for finding in not_said(edition)]
    edition.say("judged.unsaid_intro" if unsaid else "judged.nothing_unsaid")
    if unsaid:
        edition.doc.findings(unsaid, numbered=False)


def recommendations(edition: Edition) -> pd.DataFrame:
    """The recommendations that the findings carry, ranked; each names the finding it rests on by its number."""
    labels, place = edition.labels, edition.lang == "en"
    order = [id(finding) for finding in said(edition)]
    rows = [
        [
            str(number),
            found.text[place],
            labels.text("judged.basis", number=order.index(id(found.finding)) + 1),
            found.owner[place],
            labels.date(found.deadline),
            found.indicator[place],
        ]
        for number, found in enumerate(advised(edition), 1)
    ]
    return pd.DataFrame(rows, columns=["number", "recommendation", "basis", "owner", "deadline", "indicator"])
