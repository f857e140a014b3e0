"""Bab II: what came in, what was kept, who is in the panel, and how the relations were estimated."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import (
    describe_flow,
    flow_chart,
    height_for,
    new_axes,
    shown_table,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import estimates
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import in_words, share_by
from kinerja_lib.reporting.annual.pictures import dots_figure

COUNTS = ("read", "kept", "merged", "rejected")


def data(edition: Edition) -> None:
    """Accounting of the rows and coverage of the appraisals."""
    labels, doc = edition.labels, edition.doc
    if edition.synthetic:
        edition.say("data.synthetic")
    if len(edition.accounting):
        table = accounting_by_table(edition)
        total = {name: labels.integer(int(table[name].sum())) for name in COUNTS}
        edition.say("data.accounting", files=labels.integer(edition.accounting["file"].nunique()), **total)
        ax = new_axes(height_for(len(table), each=0.3))
        flow_chart(ax, table, labels)
        doc.figure(
            ax.figure, "alur-baris", labels.text("data.flow"), alt=describe_flow(table, labels),
            source=edition.source("ekspor"), note=labels.text("data.flow_note"), data=table,
            headers={name: labels.column({"label": "table"}.get(str(name), str(name))) for name in table.columns},
        )  # fmt: skip
    now = facts(edition, edition.year)
    frame = share_by(edition, now.staff, now.staff["dinilai"])
    missing = int((now.staff["dinilai"] == 0).sum())
    edition.say(
        "data.coverage", share=labels.percent(edition.of_enough(float(now.staff["dinilai"].mean()), len(now.staff))),
        missing=in_words(edition, missing),
        groups=labels.text(f"word.{edition.group}"),
    )  # fmt: skip
    dots_figure(edition, frame, "cakupan", "data.coverage_figure", ("pegawai", "penilaian"), percent=True)
    _coverage(edition)


def accounting_by_table(edition: Edition) -> pd.DataFrame:
    """Rows read, kept, merged and rejected for each table of the schema."""
    from kinerja_lib.schema.fields import table as described

    sums = edition.accounting.groupby("table")[list(COUNTS)].sum().reset_index()
    unused = edition.labels.text("data.unused")
    names = [described(name).label(edition.lang) if name else unused for name in sums["table"]]
    sums.insert(0, "label", names)
    return sums.drop(columns="table").sort_values("read", ascending=False, ignore_index=True)


def _coverage(edition: Edition) -> None:
    """Who was lost at each step of the panel; the whole government's table adds the agencies up."""
    frame = edition.coverage
    numbers = ["rows_before", "rows_after", "lost"]
    if not len(frame):
        return
    reason = "reason" if edition.lang == "id" else "reason_en"
    if edition.whole:
        frame = frame.groupby(["stage", reason], sort=False)[numbers].sum().reset_index()
    else:
        frame = frame[frame["instansi"].astype("str") == edition.instansi]
    frame = frame.rename(columns={reason: "reason"})
    frame = frame.assign(stage=[edition.labels.text(f"stage.{name}") for name in frame["stage"]])
    if len(frame):
        wanted = {"stage": "text", **dict.fromkeys(numbers, "integer"), "reason": "text"}
        shown = shown_table(frame[list(wanted)], wanted, edition.labels)
        edition.doc.table(
            shown.frame, "cakupan-panel", edition.labels.text("data.panel_table"), small=True, left=["stage", "reason"],
            source=edition.source("panel"), **shown.options(),
        )  # fmt: skip


def models(edition: Edition) -> None:
    """The equation, the specifications with their size and correction."""
    labels, doc = edition.labels, edition.doc
    doc.equation(
        r"y_{it} = \alpha_i + \tau_t + \beta_1\,\mathrm{JP}_{it} + \beta_2\,F_{u(i),t} + \beta_3\,L_{u(i),t} + \varepsilon_{it}",
        "model", alt=labels.text("models.equation"),
    )  # fmt: skip
    edition.say("models.terms")
    rows = []
    for name, result in estimates(edition).items():
        size = result.glance()
        rows.append(
            {
                "spec": labels.text(f"spec.{name}"),
                "design": labels.text(f"spec.{name}_design"),
                "errors": f"{size['errors']}, {labels.text('word.unit_kerja')}",
                "n": size["n"],
                "clusters": size["n_groups"],
                "n_dropped": size["n_dropped"],
            }
        )
    columns = dict.fromkeys(("spec", "design", "errors"), "text") | dict.fromkeys(
        ("n", "clusters", "n_dropped"), "integer"
    )
    shown = shown_table(pd.DataFrame(rows, columns=list(columns)), columns, labels)
    doc.table(
        shown.frame, "spesifikasi", labels.text("models.table"), source=edition.source("panel"), left=3,
        note=labels.text("models.note"), small=True, **shown.options(),
    )  # fmt: skip


def _heads(edition: Edition) -> dict[str, str]:
    return {name: edition.labels.column(name) for name in ("label", "n", "value", "low", "high")}
