"""Bab III, the predicates: against the organisation's curve, by group, by quarter, and since last year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import (
    describe_distribution,
    describe_groups,
    describe_slope,
    describe_trend,
    distribution_chart,
    height_for,
    new_axes,
    slope_chart,
    stacked_chart,
    trend_chart,
)
from kinerja_lib.indicators import expected_curve
from kinerja_lib.reporting.annual.appraisal_flow import completeness
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts, is_good
from kinerja_lib.reporting.annual.measures import (
    annual_predicates,
    organisation_predicate,
    overall,
    predicate_shares,
    share_by,
    wilson,
)
from kinerja_lib.reporting.annual.official import limits, moves
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.annual.rater_use import rater_use
from kinerja_lib.schema.predikat import PREDIKAT


def distribution(edition: Edition) -> None:
    """Predicates against the curve, by group, by quarter, and since last year."""
    labels, now = edition.labels, facts(edition, edition.year)
    _against_curve(edition)
    if edition.whole:
        _stacked(edition)
    else:
        frame = share_by(edition, now.annual, is_good(now.annual))
        dots_figure(
            edition,
            frame,
            "predikat-unit",
            "distribution.units",
            ("penilaian",),
            percent=True,
            reference=now.good,
        )
    differs = overall(now.panel["predikat_berbeda"].astype("boolean").astype("Float64").astype("float64"))
    differs = edition.of_enough(differs, now.panel["id_pegawai"].nunique())
    edition.say(
        "distribution.matrix" if differs != 0 else "distribution.matrix_none", share=labels.percent(differs)
    )
    limits(edition)
    completeness(edition)
    moves(edition)
    rater_use(edition)
    _trend(edition)
    _change(edition)


def _against_curve(edition: Edition) -> None:
    """The five predicates as a figure, with the curve of the organisation's own."""
    labels, now = edition.labels, facts(edition, edition.year)
    shares = predicate_shares(edition, edition.year)
    low = now.annual["predikat"].isin(PREDIKAT[:3])
    organisation = None if edition.whole else organisation_predicate(edition, edition.instansi)
    curve = expected_curve(organisation).to_dict() if organisation else None
    edition.say(
        "distribution.text", n=labels.integer(len(now.annual)), good=labels.percent(now.good),
        top=MARKER if np.isnan(shares["Sangat Baik"]) else labels.percent(shares["Sangat Baik"]),
        low=labels.percent(edition.of_enough(float(low.mean()) if len(low) else np.nan, len(low))),
    )  # fmt: skip
    if curve and organisation:
        edition.say("distribution.curve", organisation=labels.category(organisation), year=edition.year)
    notes = [labels.text("distribution.curve_note")] if curve else []
    if any(map(np.isnan, shares.values())):
        notes.append(labels.text("note.withheld", n=edition.smallest))
    ax = new_axes(3.2)
    distribution_chart(ax, shares, labels, n=len(now.annual), curve=curve)
    edition.doc.figure(
        ax.figure, "predikat", labels.text("distribution.figure", body=edition.body, year=edition.year),
        alt=describe_distribution(shares, labels, curve=curve), source=edition.source("penilaian"),
        note=" ".join(notes),
    )  # fmt: skip


def _stacked(edition: Edition) -> None:
    labels = edition.labels
    counts, mask = annual_predicates(edition, edition.year)
    n, hidden = counts.sum(axis=1), mask[:-1]
    frame = counts.div(n, axis=0).mask(hidden[:, :-1])
    n = n.astype("float64").mask(hidden[:, -1])
    frame.insert(0, "n", n)
    frame.insert(0, "label", [edition.name(code) for code in frame.index])
    frame = frame.sort_values(["Sangat Baik", "Baik"], ascending=False).reset_index(drop=True)
    ax = new_axes(height_for(len(frame), each=0.34))
    stacked_chart(ax, frame, labels)
    edition.doc.figure(
        ax.figure, "predikat-instansi", labels.text("distribution.stacked", year=edition.year),
        alt=describe_groups(frame.rename(columns={"Sangat Baik": "value"}), labels, kind="stacked", percent=True),
        source=edition.source("penilaian"), data=frame, note=labels.text("note.withheld", n=edition.smallest),
        formats=dict.fromkeys(PREDIKAT, "percent:1"),
        headers={"label": labels.column("instansi"), "n": "n", **{name: labels.category(name) for name in PREDIKAT}},
    )  # fmt: skip


def _trend(edition: Edition) -> None:
    labels, panel = edition.labels, edition.rows("panel")
    panel = panel[panel["tahun"] <= edition.year]
    found = is_good(panel).groupby(panel["periode"]).agg(["sum", "count"])
    rows = [
        (str(p), hits / n, *wilson(hits, n), int(n))
        for p, (hits, n) in zip(found.index, found.to_numpy(), strict=True)
        if n >= edition.smallest
    ]
    frame = pd.DataFrame(rows, columns=["periode", "value", "low", "high", "n"])
    if len(frame) < 2:
        return
    ax = new_axes(2.7)
    trend_chart(ax, frame, labels)
    edition.doc.figure(
        ax.figure, "tren", labels.text("distribution.trend", body=edition.body), alt=describe_trend(frame, labels),
        source=edition.source("penilaian"), note=labels.text("note.interval"),
    )  # fmt: skip


def _change(edition: Edition) -> None:
    labels = edition.labels
    now, before = facts(edition, edition.year).annual, facts(edition, edition.year - 1).annual
    after = share_by(edition, now, is_good(now)).set_index("code")
    ago = share_by(edition, before, is_good(before)).set_index("code")["value"]
    frame = pd.DataFrame(
        {"label": after["label"], "before": ago.reindex(after.index), "after": after["value"]}
    )
    frame = frame.dropna().reset_index(drop=True)
    if len(frame) < 2:
        return
    ax = new_axes(3.3)
    slope_chart(ax, frame, labels, before=str(edition.year - 1), after=str(edition.year))
    edition.doc.figure(
        ax.figure, "perubahan", labels.text("distribution.change", before=edition.year - 1, after=edition.year),
        alt=describe_slope(frame, labels), source=edition.source("penilaian"), data=frame, width=0.9,
        headers={"label": labels.column(edition.group), "before": str(edition.year - 1), "after": str(edition.year)},
        formats={"before": "percent:1", "after": "percent:1"},
    )  # fmt: skip
