"""Bab III, awareness: outreach of the year, whom it reached, and awareness of units with and without it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.indicators import outreach_summary, outreach_themes
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.outreach_finding import outreach_finding
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.annual.survey_rounds import Rounds, rounds

THEMES = 2  # named in the sentence


def outreach(edition: Edition) -> None:
    """Events, reach, themes; the change of the awareness index with and without events."""
    labels = edition.labels
    rows, year = edition.rows("penyuluhan"), edition.year
    if not len(edition.rows("penyuluhan", year)):
        edition.say("outreach.none", year=year)
        return
    staff = edition.rows("pegawai", year)
    whole = outreach_summary(rows, staff, year, ()).iloc[0]
    themes = outreach_themes(rows, year).sort_values("count", ascending=False, kind="stable").head(THEMES)
    named = [str(name) for name in themes.loc[themes["count"] > 0, "tema_penyuluhan"]]
    counted = whole["reach_low"] == whole["reach_low"]
    edition.say(
        "outreach.text" if counted else "outreach.uncounted", events=labels.integer(whole["events"]), units=labels.integer(whole["units_reached"]),
        all=labels.integer(whole["units"]), participants=labels.integer(whole["participants"]),
        low=labels.percent(whole["reach_low"]), high=labels.percent(whole["reach_high"]),
        themes=labels.listing(labels.category(name) for name in named) if named else labels.number(None),
    )  # fmt: skip
    if whole["capped"]:
        edition.say("outreach.capped", n=labels.integer(whole["capped"]))
    _table(edition, outreach_summary(rows, staff, year, (edition.group,)))
    compared(edition)


def _table(edition: Edition, found: pd.DataFrame) -> None:
    """The events of each group; the reach of one with few staff is withheld."""
    labels = edition.labels
    few = found["staff"] < edition.smallest
    found[["reach_low", "reach_high"]] = found[["reach_low", "reach_high"]].mask(few)
    found["participants"] = found["participants"].astype("float64").mask(few)
    frame = found.assign(**{edition.group: [edition.name(code) for code in found[edition.group]]})
    frame = frame.rename(columns={"participants": "attendances"})
    columns = {edition.group: "text", "staff": "integer", "events": "integer", "units_reached": "integer",
               "attendances": "integer", "reach_low": "percent:1", "reach_high": "percent:1"}  # fmt: skip
    if not edition.whole:
        del columns["units_reached"]
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "penyuluhan", labels.text("outreach.table", year=edition.year), small=True,
        source=edition.source("penyuluhan", "pegawai"), note=labels.text("outreach.note", n=labels.integer(edition.smallest)),
        **shown.options(),
    )  # fmt: skip


def compared(edition: Edition) -> None:
    """The change in units with events beside that in units without, as a finding, and as two intervals."""
    own, labels = rounds(edition), edition.labels
    if own is None:
        edition.say("outreach.one_round")
        return
    finding = outreach_finding(edition)
    left = int(((own.changes["group"] == "tidak_jelas") | own.changes["change"].isna()).sum())
    edition.say(
        "outreach.compared", before=labels.periode(own.before), now=labels.periode(own.now),
        n=labels.integer(len(own.of("dengan"))), others=labels.integer(len(own.of("tanpa"))),
        left=labels.text("outreach.left", n=labels.integer(left)) + " " if left else "", finding=finding.sentence(edition.lang),
    )  # fmt: skip
    if finding.evidence.get("n_with", 0) >= 2 and finding.evidence.get("n_without", 0) >= 2:
        dots_figure(
            edition,
            mean_changes(edition, own),
            "perubahan-kesadaran",
            "outreach.figure",
            ("survei", "penyuluhan"),
        )


def mean_changes(edition: Edition, own: Rounds) -> pd.DataFrame:
    """Mean change of the units of each group with its 95% t interval, in the columns of ``measures.mean_by``."""
    from scipy import stats

    rows = []
    for group in ("dengan", "tanpa"):
        values = own.of(group)
        n = len(values)
        half = float(stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n))
        mean = float(values.mean())
        rows.append((group, edition.labels.text(f"outreach.{group}"), n, mean, mean - half, mean + half))
    return pd.DataFrame(rows, columns=["code", "label", "n", "value", "low", "high"])
