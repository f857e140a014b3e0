"""Fairness in tables and figures: shares of recipients, marginal effects, and comparisons within strata."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import coefficient_chart, describe_coefficients, new_axes, shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.models import adverse_impact, stratified_odds
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.fairness_findings import person_years
from kinerja_lib.reporting.research.fairness import OUTCOMES, analysed, level_name
from kinerja_lib.reporting.wording import shown_p


def rates(edition: Edition, outcome: str) -> None:
    """Rate of each group, its ratio to the highest with an interval, and the four-fifths line."""
    labels = edition.labels
    frame = person_years(edition)
    rows = []
    for trait in ("jenis_kelamin", "golongan_kelompok"):
        try:
            found = adverse_impact(
                frame, OUTCOMES[outcome], trait, minimum_group=edition.smallest, lang=edition.lang
            )
        except ModelError:
            continue
        for row in found.itertuples():
            below = "" if pd.isna(row.below) else labels.text(f"fairness.{_verdict(row.below, row.clear)}")
            name = labels.category(row.group) if trait == "jenis_kelamin" else str(row.group)
            rows.append((labels.text(f"trait.{trait}"), name, row.n, row.count, row.rate, row.ratio, row.ci_low,
                         row.ci_high, below))  # fmt: skip
    names = ["attribute", "level", "n", "count", "rate_of", "ratio", "ci_low", "ci_high", "verdict"]
    table = pd.DataFrame(rows, columns=names)
    for name in ("n", "count"):
        table[name] = [MARKER if pd.isna(value) else int(value) for value in table[name]]
    columns = {"attribute": "text", "level": "text", "n": "integer", "count": "integer", "rate_of": "percent:1",
               **dict.fromkeys(("ratio", "ci_low", "ci_high"), "number:2"), "verdict": "text"}  # fmt: skip
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, f"bagian-{outcome}", labels.text(f"fairness.{outcome}_rates", body=edition.body),
        left=["attribute", "level", "verdict"], source=edition.source("panel", "penghargaan" if outcome == "reward" else "hukuman"),
        note=labels.text("fairness.rates_note") + " " + labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
        small=True, **shown.options(),
    )  # fmt: skip


def _verdict(below: bool, clear: bool) -> str:
    return "clear" if clear else "below" if below else "above"


def at_equal_performance(edition: Edition, outcome: str) -> None:
    """Average marginal effects without and with performance, drawn and in full with adjusted p-values."""
    labels, found = edition.labels, analysed(edition, outcome)
    title = labels.text(f"fairness.{outcome}_effects", government=edition.government)
    if found is None:
        reason = labels.text("fairness.impossible_reason")
        edition.doc.figure(
            None, f"beda-{outcome}", title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    effects = found.effects.assign(
        term=[level_name(labels, str(term)) for term in found.effects["term"]],
        spec=[labels.text(f"fairness.{name}") for name in found.effects["model"]],
    )
    numbers = ["estimate", "ci_low", "ci_high"]
    effects[numbers] = effects[numbers].astype("float64").mask(effects["suppressed"].astype("bool")) * 100
    drawn = effects[effects["estimate"].notna()][["term", "spec", *numbers]]
    if not len(drawn):
        reason = labels.text("note.all_withheld", n=labels.integer(edition.smallest))
        edition.doc.figure(
            None, f"beda-{outcome}", title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    ax = new_axes(3.2)
    coefficient_chart(ax, drawn, labels, axis_text=labels.text("research.points_axis"))
    edition.doc.figure(
        ax.figure, f"beda-{outcome}", title, alt=describe_coefficients(drawn, labels), source=edition.source("panel"),
        note=labels.text("fairness.effects_note", n=labels.integer(found.n), events=labels.integer(found.events)),
        data=drawn, headers={name: labels.column(name) for name in drawn.columns},
        formats=dict.fromkeys(numbers, "signed:2"),
    )  # fmt: skip
    columns = {
        "term": "text",
        "spec": "text",
        **dict.fromkeys(numbers, "signed:2"),
        "p_value": "number:3",
        "p_adjusted": "number:3",
    }
    masked = effects["suppressed"].astype("bool")
    for name in ("p_value", "p_adjusted"):
        hidden = effects[name].astype("float64").mask(masked)
        effects[name] = [shown_p(value, labels) for value in hidden]
    shown = shown_table(effects, columns, labels)
    edition.doc.table(
        shown.frame, f"efek-{outcome}", labels.text(f"fairness.{outcome}_effects_table"), left=2,
        source=edition.source("panel"), note=" ".join(found.notes(edition.lang)), **shown.options(),
    )  # fmt: skip


def within_strata(edition: Edition, outcome: str) -> None:
    """Sexes within the same predicate (Cochran–Mantel–Haenszel), and all traits within unit and year."""
    labels, rows = edition.labels, []
    for strata in (("predikat",), ("unit_kerja", "tahun")):
        try:
            found = stratified_odds(
                person_years(edition, everyone=True),
                OUTCOMES[outcome],
                "jenis_kelamin",
                list(strata),
                lang=edition.lang,
            )
        except ModelError:
            continue
        rows.append((labels.text(f"fairness.strata_{strata[0]}"), found.odds_ratio, found.ci_low, found.ci_high,
                     found.p_value, found.p_homogeneity, found.strata))  # fmt: skip
    names = ["strata", "odds_ratio", "ci_low", "ci_high", "p_value", "p_homogeneity", "strata_used"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("p_value", "p_homogeneity"):
        frame[name] = [shown_p(value, labels) for value in frame[name]]
    columns = {"strata": "text", **dict.fromkeys(names[1:4], "number:2"), **dict.fromkeys(names[4:6], "number:3"),
               "strata_used": "integer"}  # fmt: skip
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, f"strata-{outcome}", labels.text(f"fairness.{outcome}_strata"), source=edition.source("panel"),
        note=labels.text("fairness.strata_note"), **shown.options(),
    )  # fmt: skip
    found_all = analysed(edition, outcome)
    if found_all is None or not len(found_all.within):
        edition.say("fairness.no_within")
        return
    within = found_all.within.assign(
        term=[level_name(labels, str(term)) for term in found_all.within["term"]]
    )
    hidden = (
        found_all.effects[found_all.effects["model"] == "with"].set_index("term")["suppressed"].astype("bool")
    )
    masked = found_all.within["term"].map(hidden).fillna(False).astype("bool").to_numpy()
    for name in ("estimate", "ci_low", "ci_high", "p_value"):
        within[name] = within[name].astype("float64").mask(masked)
    for name in ("estimate", "ci_low", "ci_high"):
        within[name] = np.exp(within[name])
    within["p_value"] = [shown_p(value, labels) for value in within["p_value"]]
    within = within.rename(columns={"estimate": "odds_ratio"})
    columns = {
        "term": "text",
        **dict.fromkeys(("odds_ratio", "ci_low", "ci_high"), "number:2"),
        "p_value": "number:3",
    }
    shown = shown_table(within, columns, labels)
    edition.doc.table(
        shown.frame, f"dalam-unit-{outcome}", labels.text(f"fairness.{outcome}_within"), source=edition.source("panel"),
        note=labels.text("fairness.within_note", n=labels.integer(found_all.informative)), **shown.options(),
    )  # fmt: skip
