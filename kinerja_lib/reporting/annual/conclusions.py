"""Bab IV: what the year shows in a few sentences, what it cannot show, and what should be done about it."""

from __future__ import annotations

from dataclasses import replace

from kinerja_lib.reporting.annual.advice import main_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_lines import line
from kinerja_lib.reporting.annual.judged import not_said, said
from kinerja_lib.reporting.document import inert


def conclusions(edition: Edition) -> None:
    """The year in one paragraph, the findings, the main recommendations, and what could not be said."""
    labels, now = edition.labels, facts(edition, edition.year)
    edition.say(
        "conclusion.text", body=inert(edition.body), year=edition.year, good=labels.percent(now.good),
        jp=labels.percent(now.jp_share), facilities=labels.number(now.facilities), ikm=labels.number(now.ikm),
    )  # fmt: skip
    edition.say("judged.about")
    claims = [line(edition, finding) for finding in said(edition)]
    edition.doc.findings(claims, title=labels.text("judged.heading"))
    main_table(edition)
    unsaid = [replace(line(edition, finding), kind="finding") for finding in not_said(edition)]
    edition.say("judged.unsaid_intro" if unsaid else "judged.nothing_unsaid")
    if unsaid:
        edition.doc.findings(unsaid, numbered=False)
