"""What should be done before the next quarter ends, each with the measure it rests on."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.quarterly.coaching import flagged_units
from kinerja_lib.reporting.quarterly.coverage import shown_share
from kinerja_lib.reporting.quarterly.facts import now_and_before
from kinerja_lib.reporting.quarterly.opening import met_share

COMPLETE = 0.98
ON_TIME = dt.timedelta(days=30)  # after the quarter, as completeness is judged in the annual report


def follow_up(edition: Edition) -> None:
    """A table of actions with owner and deadline; a sentence where nothing is called for."""
    labels, rows = edition.labels, actions(edition)
    if not len(rows):
        edition.say("quarter.no_action")
        return
    columns = dict.fromkeys(("number", "recommendation", "basis", "owner", "deadline"), "text")
    shown = shown_table(rows, columns, labels)
    edition.doc.table(
        shown.frame, "tindak-lanjut", labels.text("quarter.action_table"), left=5, **shown.options()
    )


def actions(edition: Edition) -> pd.DataFrame:
    """Number, recommendation, basis, owner and deadline of what the quarter's measures call for."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    flagged, met = flagged_units(edition), met_share(edition)
    last = edition.periode.number == 4  # then the year is over, and its hours can only be made up in the next
    year_end = edition.periode.next().end if last else dt.date(edition.year, 12, 31)
    covered = shown_share(edition)
    shown = covered if isinstance(covered, str) else labels.percent(covered)
    wanted: list[tuple[str, bool, dict[str, str], dt.date]] = [
        ("appraise", now.covered < COMPLETE and len(now.staff) >= edition.smallest, {"share": shown}, edition.periode.end + ON_TIME),
        ("coach", len(flagged) > 0, {"names": labels.listing(flagged["label"].head(3))}, edition.periode.next().end),
        ("train_next" if last else "train", not math.isnan(met) and met < 1, {"share": labels.percent(met)}, year_end),
    ]  # fmt: skip
    due = labels.integer(edition.config.thresholds.jp_pns)
    rows: list[tuple[str, ...]] = []
    for name, called_for, values, deadline in wanted:
        if called_for:
            text, basis = (
                labels.text(f"quarter.{name}_{part}", due=due, year=edition.year + 1, **values)
                for part in ("text", "basis")
            )
            owner = labels.text(f"quarter.{name}_owner")
            rows.append((str(len(rows) + 1), text, basis, owner, labels.date(deadline)))
    return pd.DataFrame(rows, columns=["number", "recommendation", "basis", "owner", "deadline"])
