"""Units to be coached: those whose share lies below the whole's, or fell, by more than chance would do."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import shown_table
from kinerja_lib.findings import finding_from_change
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import is_good
from kinerja_lib.reporting.annual.measures import share_by
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.quarterly.coverage import counted
from kinerja_lib.reporting.quarterly.facts import Quarter, now_and_before


def coaching(edition: Edition) -> None:
    """The groups as dots beside the whole, and the table of those to be coached with the reason."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    period = labels.periode(str(edition.periode))
    dots_figure(
        edition, share_by(edition, now.rows, is_good(now.rows)), "predikat-unit", "quarter.units", ("penilaian",),
        percent=True, reference=now.good if len(now.rows) >= edition.smallest else None, period=period,
    )  # fmt: skip
    frame = flagged_units(edition)
    group = labels.text(f"word.{edition.group}_many")
    if not all_shown(edition).any():
        edition.say("quarter.flag_withheld", n=labels.integer(edition.smallest))
        return
    if not len(frame):
        edition.say("quarter.no_flag", group=group)
        return
    edition.say("quarter.flag", n=labels.integer(len(frame)), group=group)
    columns = {"label": "text", "n": "integer", "value": "percent:1", "low_count": "integer", "why": "text"}
    shown = shown_table(frame, columns, labels)
    headers = {**shown.headers, "label": labels.column(edition.group), "value": labels.column("good")}
    edition.doc.table(
        shown.frame, "pembinaan", labels.text("quarter.flag_table", period=period), left=["label", "why"],
        headers=headers, formats=shown.formats, source=edition.source("penilaian"),
        note=labels.text("quarter.flag_note") + " " + labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
    )  # fmt: skip


def all_shown(edition: Edition) -> pd.Series:
    """Whether the share of each group may be shown."""
    now, _ = now_and_before(edition)
    return share_by(edition, now.rows, is_good(now.rows))["value"].notna()


@lru_cache(maxsize=8)
def flagged_units(edition: Edition) -> pd.DataFrame:
    """Groups to be coached, lowest share first, each with its reason in words.

    A group is marked where the upper bound of its 95% interval lies below the share of the whole, or where its
    share fell and the interval of the change (Newcombe 1998) excludes zero.

    Returns
    -------
    DataFrame
        ``code``, ``label``, ``n``, ``value``, ``low_count``, ``why``.
    """
    labels, (now, before) = edition.labels, now_and_before(edition)
    shares = share_by(edition, now.rows, is_good(now.rows)).dropna(subset=["value"])
    low = counted(edition, now.rows, now.low == 1).set_index("code")["yes"]
    rows = []
    for row in shares.sort_values("value").itertuples():
        reasons = []
        if row.high < now.good:
            reasons.append(labels.text("quarter.why_low", whole=labels.percent(now.good)))
        if _fell(edition, now, before, row.code):
            reasons.append(labels.text("quarter.why_fell"))
        if reasons:
            rows.append(
                (row.code, row.label, row.n, row.value, low.get(row.code, MARKER), "; ".join(reasons))
            )
    return pd.DataFrame(rows, columns=["code", "label", "n", "value", "low_count", "why"])


def _fell(edition: Edition, now: Quarter, before: Quarter, code: str) -> bool:
    pairs = []
    for part in (now, before):
        rows = part.rows[part.rows[edition.group].astype("str") == code]
        pairs.append((int(is_good(rows).sum()), len(rows)))
    if pairs[1][1] < edition.smallest:
        return False
    found = finding_from_change("predikat", ("", ""), pairs[0], pairs[1], minimum_group=edition.smallest)
    return found.said and found.direction == "down"
