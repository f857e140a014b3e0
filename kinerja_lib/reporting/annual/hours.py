"""Bab III, training: hours and who reached those due, kinds, what is lacking, and what the hours go together with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.display import (
    bars_chart,
    coefficient_chart,
    describe_coefficients,
    describe_groups,
    dose_chart,
    height_for,
    new_axes,
)
from kinerja_lib.reporting.annual.competences import competences, rights
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import EXPOSURES, estimates
from kinerja_lib.reporting.annual.facts import facts, is_good, meets_jp
from kinerja_lib.reporting.annual.finding_lines import in_chapter
from kinerja_lib.reporting.annual.measures import (
    share_by,
    wilson,
)
from kinerja_lib.reporting.annual.pictures import dots_figure, say_extremes
from kinerja_lib.reporting.document import inert

BANDS = (-0.1, 0, 5, 10, 15, 20, 30, 45, 70, np.inf)


def training(edition: Edition) -> None:
    """Hours and who reached the hours due; kinds; the dose; and the estimates."""
    labels, now = edition.labels, facts(edition, edition.year)
    due = edition.config.thresholds.jp_pns
    flag = meets_jp(edition, now.staff)
    none = edition.of_enough(float((now.staff["jp"].dropna() == 0).mean()), len(now.staff))
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
    say_extremes(edition, "training.extremes", frame, percent=True)
    _kinds(edition)
    rights(edition)
    competences(edition)
    _dose(edition, due)
    estimates_figure(edition)


def _kinds(edition: Edition) -> None:
    """Hours by kind of training."""
    labels, now = edition.labels, facts(edition, edition.year)
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
    edition.doc.figure(
        ax.figure, "jenis-pelatihan", labels.text("training.kinds", year=edition.year),
        alt=describe_groups(table, labels, kind="bars", digits=0), source=edition.source("pelatihan"),
    )  # fmt: skip


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
