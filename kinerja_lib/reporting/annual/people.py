"""Bab III, first part: clarity of tasks, distribution of predicates, training.

Long because the five sections on people share their groups and figures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import (
    bars_chart,
    coefficient_chart,
    describe_coefficients,
    describe_distribution,
    describe_groups,
    describe_slope,
    describe_trend,
    distribution_chart,
    dose_chart,
    height_for,
    new_axes,
    shown_table,
    slope_chart,
    stacked_chart,
    trend_chart,
)
from kinerja_lib.indicators import expected_curve
from kinerja_lib.reporting.annual.appraisal_flow import completeness
from kinerja_lib.reporting.annual.competences import competences, rights
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import EXPOSURES, estimates
from kinerja_lib.reporting.annual.facts import facts, is_good, meets_jp
from kinerja_lib.reporting.annual.finding_lines import in_chapter
from kinerja_lib.reporting.annual.measures import (
    annual_predicates,
    extremes,
    mean_by,
    organisation_predicate,
    overall,
    predicate_shares,
    share_by,
    wilson,
)
from kinerja_lib.reporting.annual.official import limits, moves
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.annual.rater_use import rater_use
from kinerja_lib.reporting.annual.task_content import task_content
from kinerja_lib.reporting.document import inert
from kinerja_lib.schema.predikat import PREDIKAT

BANDS = (-0.1, 0, 5, 10, 15, 20, 30, 45, 70, np.inf)


def tasks(edition: Edition) -> None:
    """SKP set in time, SKP cascaded from the leader's, and how clear staff find their tasks."""
    labels, now = edition.labels, facts(edition, edition.year)
    people = now.panel.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    day = pd.to_datetime(people["tanggal_penetapan_skp"])
    in_time = (day <= pd.Timestamp(edition.year, 1, 31)).astype("float64").mask(day.isna())
    cascaded = people["skp_berjenjang"].astype("boolean").astype("Float64").astype("float64")
    edition.say(
        "tasks.text", in_time=labels.percent(edition.of_enough(overall(in_time), len(people))),
        cascaded=labels.percent(edition.of_enough(overall(cascaded), len(people))),
        clarity=labels.number(now.clarity), n=labels.integer(len(people)),
    )  # fmt: skip
    frame = share_by(edition, people, in_time)
    frame = frame.assign(
        cascaded=share_by(edition, people, cascaded)
        .set_index("code")["value"]
        .reindex(frame["code"])
        .to_numpy(),
        clarity=mean_by(edition, now.panel, "kejelasan_indeks")
        .set_index("code")["value"]
        .reindex(frame["code"])
        .to_numpy(),
    )
    frame.loc[frame["value"].isna(), ["cascaded", "clarity"]] = np.nan
    frame = frame.rename(columns={"value": "in_time", "label": edition.group})
    columns = {
        edition.group: "text",
        "n": "integer",
        "in_time": "percent:1",
        "cascaded": "percent:1",
        "clarity": "number:1",
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "kejelasan", labels.text("tasks.table", year=edition.year), **shown.options(),
        source=edition.source("penilaian", "survei"), note=labels.text("note.small", n=edition.smallest),
    )  # fmt: skip
    task_content(edition)


def distribution(edition: Edition) -> None:
    """Predicates against the curve, by group, by quarter, and since last year."""
    labels, doc, now = edition.labels, edition.doc, facts(edition, edition.year)
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
    doc.figure(
        ax.figure, "predikat", labels.text("distribution.figure", body=edition.body, year=edition.year),
        alt=describe_distribution(shares, labels, curve=curve), source=edition.source("penilaian"),
        note=" ".join(notes),
    )  # fmt: skip
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
    edition.say("distribution.matrix", share=labels.percent(differs))
    limits(edition)
    completeness(edition)
    moves(edition)
    rater_use(edition)
    _trend(edition)
    _change(edition)


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


def training(edition: Edition) -> None:
    """Hours and who reached the hours due; kinds; the dose; and the estimates."""
    labels, doc, now = edition.labels, edition.doc, facts(edition, edition.year)
    due = edition.config.thresholds.jp_pns
    flag = meets_jp(edition, now.staff)
    none = edition.of_enough(float((now.staff["jp"] == 0).mean()), len(now.staff))
    edition.say(
        "training.text", mean=labels.number(now.jp_mean), share=labels.percent(now.jp_share), due=labels.integer(due),
        n=labels.integer(int(flag.notna().sum())), none=labels.percent(none),
    )  # fmt: skip
    frame = share_by(edition, now.staff, flag)
    dots_figure(
        edition,
        frame,
        "jp",
        "training.groups",
        ("pelatihan", "pegawai"),
        percent=True,
        reference=now.jp_share,
    )
    ends = extremes(frame)
    if ends:
        best, worst = ends
        edition.say(
            "training.extremes", best=edition.safe(best["code"]), high=labels.percent(best["value"]),
            worst=edition.safe(worst["code"]), low=labels.percent(worst["value"]),
        )  # fmt: skip
    trained = edition.rows("pelatihan", everyone=True)
    trained = trained[
        (pd.to_datetime(trained["tanggal_selesai"]).dt.year == edition.year)
        & trained["id_pegawai"].isin(now.staff["id_pegawai"])
    ]
    kinds = trained.groupby("jenis_pelatihan", observed=True)["jp"].sum().sort_values(ascending=False)
    table = pd.DataFrame(
        {"label": [labels.category(k) for k in kinds.index], "value": kinds.to_numpy(dtype=float)}
    )
    ax = new_axes(height_for(len(table)))
    bars_chart(ax, table, labels, digits=0, axis_text=labels.text("training.kinds_axis"))
    doc.figure(
        ax.figure, "jenis-pelatihan", labels.text("training.kinds", year=edition.year),
        alt=describe_groups(table, labels, kind="bars", digits=0), source=edition.source("pelatihan"),
    )  # fmt: skip
    rights(edition)
    competences(edition)
    _dose(edition, due)
    estimates_figure(edition)


def _dose(edition: Edition, due: float) -> None:
    labels, panel = edition.labels, edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]
    band = pd.cut(panel["jp_12_bulan"], list(BANDS))
    flag = is_good(panel)
    found = (
        pd.DataFrame({"jp": panel["jp_12_bulan"], "good": flag})
        .groupby(band, observed=True)
        .agg(jp=("jp", "mean"), hits=("good", "sum"), n=("good", "count"))
    )
    found = found[found["n"] >= 30].reset_index(drop=True)
    bounds = [wilson(hits, n) for hits, n in zip(found["hits"], found["n"], strict=True)]
    found = found.assign(
        value=found["hits"] / found["n"], low=[b[0] for b in bounds], high=[b[1] for b in bounds]
    )
    if len(found) < 2:
        return
    ax = new_axes(3.0)
    dose_chart(
        ax, found, labels, obligation=due, axis_text=labels.text("training.dose_axis"),
        value_text=labels.text("training.dose_value"),
    )  # fmt: skip
    edition.doc.figure(
        ax.figure, "dosis", labels.text("training.dose", government=edition.government),
        alt=describe_groups(
            found.assign(label=[f"{labels.number(v)} JP" for v in found["jp"]]), labels, percent=True
        ), source=edition.source("panel"), note=labels.text("training.dose_note"),
    )  # fmt: skip


def estimates_figure(edition: Edition) -> None:
    """Coefficients under both specifications, and the sentence that may be said."""
    labels = edition.labels
    rows = []
    for name, result in estimates(edition).items():
        tidy = result.tidy().set_index("term")
        for term in EXPOSURES:
            if term in tidy.index:
                line = tidy.loc[term]
                rows.append(
                    (
                        labels.text(f"term.{term}"),
                        labels.text(f"spec.{name}"),
                        *line[["estimate", "ci_low", "ci_high"]],
                    )
                )
    if not rows:
        edition.say("training.no_model")
        return
    frame = pd.DataFrame(rows, columns=["term", "spec", "estimate", "ci_low", "ci_high"])
    ax = new_axes(2.5)
    coefficient_chart(ax, frame, labels, axis_text=labels.text("training.effect_axis"))
    edition.doc.figure(
        ax.figure, "koefisien", labels.text("training.effects", government=inert(edition.government)),
        alt=describe_coefficients(frame, labels), source=edition.source("panel"), note=labels.text("training.effect_note"),
        data=frame, formats=dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:2"),
        headers={name: labels.column(name) for name in frame.columns},
    )  # fmt: skip
    in_chapter(edition, "pelatihan_kinerja")
