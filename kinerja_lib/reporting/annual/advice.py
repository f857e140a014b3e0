"""The recommendations of a report: the first few for the head of the agency, the others in an appendix.

All are numbered in one row, so that every reference to a recommendation holds wherever it stands. How many are the
first is ``[report] main_recommendations`` of ``kinerja.toml``.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.findings import Recommendation
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.judged import advised, said
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.values import is_iso_date
from kinerja_lib.schema.periode import Periode

COLUMNS = ("number", "recommendation", "basis", "owner", "deadline", "indicator")


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
            labels.date(deadline(edition, found)),
            found.indicator[place],
        ]
        for number, found in enumerate(advised(edition), 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def deadline(edition: Edition, found: Recommendation) -> dt.date:
    """The rule's deadline; not before the month after the report's date has ended, as nobody can act in the past."""
    dated = edition.config.letterhead.date
    if not is_iso_date(dated):
        return found.deadline
    return max(found.deadline, Periode(dated[:7]).next().end)


def main_count(edition: Edition) -> int:
    """How many recommendations are the main ones."""
    return min(max(edition.config.report.main_recommendations, 1), len(advised(edition)))


def main_table(edition: Edition) -> None:
    """The main recommendations, and where the others are."""
    frame, first = recommendations(edition), main_count(edition)
    if not len(frame):
        edition.say("judged.none_advised")
    _table(edition, frame.head(first), "rekomendasi", "conclusion.table")
    if first < len(frame):
        edition.say("conclusion.further", count=edition.labels.integer(len(frame) - first))


def further_table(edition: Edition) -> None:
    """The appendix with the recommendations after the main ones; nothing where there are none."""
    frame, first = recommendations(edition), main_count(edition)
    if first == len(frame):
        return
    edition.doc.appendix(edition.labels.text("appendix.recommendations"), "rekomendasi")
    edition.say("appendix.recommendations_text")
    _table(edition, frame.iloc[first:], "rekomendasi-lanjutan", "conclusion.further_table")


def _table(edition: Edition, frame: pd.DataFrame, name: str, title: str) -> None:
    labels = edition.labels
    shown = shown_table(frame.reset_index(drop=True), dict.fromkeys(COLUMNS, "text"), labels)
    caption = labels.text(title, year=edition.year + 1)
    edition.doc.table(shown.frame, name, caption, small=True, left=len(COLUMNS), **shown.options())


def asked(edition: Edition) -> list[Item]:
    """The main recommendations as lines: what, who, and by when."""
    labels, place = edition.labels, edition.lang == "en"
    lines = []
    for found in advised(edition)[: main_count(edition)]:
        whom = labels.text(
            "summary.by_whom", owner=inert(found.owner[place]), deadline=labels.date(deadline(edition, found))
        )
        lines.append(Item(f"{inert(found.text[place])} {whom}", kind="recommendation"))
    return lines
