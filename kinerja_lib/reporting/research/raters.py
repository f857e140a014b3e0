"""Raters: who may be compared with whom, severity with its interval, and how the scale is used. No identity."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER, protect
from kinerja_lib.display import describe_severity, new_axes, severity_chart, shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.models.raters import rater_analysis
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import Z, withheld
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.title_page import synthetic_note
from kinerja_lib.reporting.wording import check_name, in_words

if TYPE_CHECKING:
    from kinerja_lib.models.raters import RaterAnalysis


@lru_cache(maxsize=2)
def rated(edition: Edition) -> RaterAnalysis | None:
    """The analysis of all raters of the government up to the year; None where it cannot be made."""
    panel = edition.tables["panel"]
    try:
        return rater_analysis(
            panel[panel["tahun"] <= edition.year], minimum=edition.smallest, lang=edition.lang
        )
    except ModelError:
        return None


@lru_cache(maxsize=2)
def own_raters(edition: Edition) -> pd.DataFrame:
    """Shown raters of the edition's scope with their ``instansi`` (where they rate most)."""
    found = rated(edition)
    panel = edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]
    if found is None:
        return pd.DataFrame(columns=["rater", "component", "instansi"])
    counts = panel.groupby(
        [panel["id_penilai"].astype("str"), panel["instansi"].astype("str")], observed=True
    ).size()
    home = counts.rename_axis(["rater", "instansi"]).rename("rows").reset_index()
    home = home.sort_values(["rows", "instansi"], ascending=[False, True]).drop_duplicates("rater")
    table = found.raters.merge(home[["rater", "instansi"]], on="rater", how="left")
    return table if edition.whole else table[table["instansi"] == edition.instansi].reset_index(drop=True)


def raters_answer(edition: Edition) -> None:
    """What may be said of the raters, check by check."""
    labels, found = edition.labels, rated(edition)
    synthetic_note(edition)
    if found is None:
        edition.doc.findings([Item(labels.text("raters.impossible"), kind="unsaid")])
        return
    edition.say(
        "raters.opening", body=inert(edition.body), n=labels.integer(len(own_raters(edition))),
        hidden=labels.integer(found.hidden), smallest=labels.integer(edition.smallest),
        rows=labels.integer(int(found.components["rows"].sum())),
    )  # fmt: skip
    items = []
    for check in found.checks:
        meaning = check.meaning_en if edition.lang == "en" else check.meaning_id
        basis = labels.text(
            "raters.basis", name=check_name(check.name, labels), value=labels.number(check.value, 2)
        )
        kind = "unsaid" if check.name == "connected" and check.verdict != "ok" else "finding"
        items.append(Item(meaning, basis, kind=kind))
    edition.doc.findings(items)


def network(edition: Edition) -> None:
    """The groups of raters that common employees link, the largest first."""
    labels, found = edition.labels, rated(edition)
    if found is None:
        edition.say("raters.impossible")
        return
    parts = found.components
    first, rest = parts.iloc[[0]], parts.iloc[1:]
    rows = [(labels.text("raters.largest"), 1, *_sums(first))]
    if len(rest):
        rows.append((labels.text("raters.others"), len(rest), *_sums(rest)))
    table = pd.DataFrame(rows, columns=["label", "groups", "raters", "ratees", "rows", "bridges"])
    for name in ("raters", "ratees", "bridges"):
        table[name] = [withheld(int(value), edition.smallest) for value in table[name]]
    share = float(first["raters"].iloc[0] / parts["raters"].sum())
    edition.say(
        "raters.network" if len(rest) else "raters.network_whole", n=labels.integer(len(parts)), share=labels.percent(share)
    )  # fmt: skip
    columns = {"label": "text", **dict.fromkeys(("groups", "raters", "ratees", "rows", "bridges"), "integer")}
    shown = shown_table(table, columns, labels)
    headers = {**shown.headers, "label": labels.text("raters.group")}
    edition.doc.table(
        shown.frame, "jaringan", labels.text("raters.network_table"), headers=headers, formats=shown.formats,
        source=edition.source("penilaian"), note=labels.text("raters.network_note"),
    )  # fmt: skip


def _sums(parts: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(parts[name].sum()) for name in ("raters", "ratees", "rows", "bridges"))


def severity(edition: Edition) -> None:
    """All raters of the scope where they share one scale; else the refusal, and those of the largest group."""
    labels, found, own = edition.labels, rated(edition), own_raters(edition)
    title = labels.text("raters.severity", body=edition.body)
    options: dict[str, Any] = {"source": edition.source("penilaian")}
    if found is None or len(own) < edition.smallest:
        reason = labels.text("raters.few", n=labels.integer(edition.smallest))
        edition.doc.figure(None, "ketegasan", title, alt=reason, note=reason, **options)
        return
    linked = own["component"].nunique() == 1
    if linked:
        _drawn(edition, own, "ketegasan", title)
        return
    reason = labels.text("raters.not_linked", n=labels.integer(own["component"].nunique()))
    ax = new_axes(1.5)
    severity_chart(ax, pd.DataFrame(), labels, comparable=False, reason=reason)
    edition.doc.figure(
        ax.figure, "ketegasan", title, alt=f"{labels.text('chart.not_comparable')}. {reason}", note=reason, **options
    )  # fmt: skip
    largest = own[own["component"] == own["component"].mode().iloc[0]]
    if len(largest) >= edition.smallest:
        edition.say("raters.within", n=labels.integer(len(largest)), all=labels.integer(len(own)))
        _drawn(
            edition, largest, "ketegasan-terhubung", labels.text("raters.severity_linked", body=edition.body)
        )


def _drawn(edition: Edition, own: pd.DataFrame, name: str, title: str) -> None:
    labels = edition.labels
    value = own["severity_points"] - own["severity_points"].mean()
    half = Z * own["std_error_points"]
    frame = pd.DataFrame({"value": value, "low": value - half, "high": value + half}).sort_values("value")
    frame = frame.reset_index(drop=True)
    ax = new_axes(3.2)
    severity_chart(ax, frame, labels, comparable=True, axis_text=labels.text("raters.severity_axis"))
    edition.doc.figure(
        ax.figure, name, title, alt=describe_severity(frame, labels), source=edition.source("penilaian"),
        note=labels.text("raters.severity_note"), data=frame, headers={c: labels.column(c) for c in frame.columns},
        formats=dict.fromkeys(frame.columns, "signed:2"),
    )  # fmt: skip


def sources_of_variation(edition: Edition) -> None:
    """Which part of the ratings' variation goes with the employee, the rater and the unit."""
    labels, found = edition.labels, rated(edition)
    if found is None:
        edition.say("raters.impossible")
        return
    wide = found.variances().pivot(index="component", columns="scale", values="share").reset_index()
    order = ["id_pegawai", "id_penilai", "unit_kerja", "residual"]
    wide = (
        wide.set_index("component")
        .reindex([name for name in order if name in set(wide["component"])])
        .reset_index()
    )
    wide["component"] = [labels.text(f"raters.source_{name}") for name in wide["component"]]
    columns = {"component": "text", "points": "percent:1", "log_odds": "percent:1"}
    shown = shown_table(wide, columns, labels)
    rater = float(found.variances().query("scale == 'points' and component == 'id_penilai'")["share"].sum())
    edition.say("raters.variation", share=labels.percent(rater))
    edition.doc.table(
        shown.frame, "ragam", labels.text("raters.variation_table"), source=edition.source("penilaian"),
        note=labels.text("raters.variation_note"), **shown.options(),
    )  # fmt: skip


def use_of_scale(edition: Edition) -> None:
    """How raters use the scale: spread, the level they use most, pooling in the middle, halo."""
    labels, own = edition.labels, own_raters(edition)
    rows: list[tuple[Any, ...]] = []
    groups = [*own.groupby("instansi"), (None, own)] if edition.whole else [(edition.instansi, own)]
    sizes = np.array([len(part) for code, part in groups if code is not None], dtype="int64")
    hidden = protect(sizes, edition.smallest).hidden[0]
    for place, (code, part) in enumerate(groups):
        name = labels.text("word.total") if code is None else edition.name(code)
        if len(part) < edition.smallest:
            rows.append((name, MARKER, *(np.nan,) * 4, MARKER, MARKER))
            continue
        flags = [withheld(int(part[flag].fillna(False).sum()), edition.smallest) if flag in part else MARKER
                 for flag in ("central", "halo_marked")]  # fmt: skip
        middle = [
            float(part[column].median()) for column in ("mean", "sd", "mode_share", "halo") if column in part
        ]
        rows.append(
            (name, MARKER if hidden[place] else len(part), *middle, *(np.nan,) * (4 - len(middle)), *flags)
        )
    names = ["label", "raters", "mean", "sd", "mode_share", "halo", "central", "halo_marked"]
    table = pd.DataFrame(rows, columns=names)
    columns = {"label": "text", "raters": "integer", "mean": "number:2", "sd": "number:2", "mode_share": "percent:1",
               "halo": "number:2", "central": "integer", "halo_marked": "integer"}  # fmt: skip
    shown = shown_table(table, columns, labels)
    headers = {**shown.headers, "label": labels.column("instansi")}
    edition.doc.table(
        shown.frame, "skala", labels.text("raters.scale_table"), headers=headers, formats=shown.formats, small=True,
        source=edition.source("penilaian"), bold=[-1] if edition.whole else [],
        note=labels.text("raters.scale_note") + " " + labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
    )  # fmt: skip


def rater_checks_table(edition: Edition) -> None:
    """Every check of the raters and of the two models."""
    labels, found = edition.labels, rated(edition)
    if found is None:
        edition.say("raters.impossible")
        return
    checks = [*found.checks, *(check for fit in found.fits.values() for check in fit.checks)]
    rows = [
        (check_name(c.name, labels), c.value, labels.text(f"verdict.{c.verdict}"),
         in_words(c.meaning_en if edition.lang == "en" else c.meaning_id, labels))
        for c in checks
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["check", "value", "verdict", "meaning"])
    edition.doc.table(
        frame, "uji-penilai", labels.text("appendix.checks"), small=True, left=["check", "verdict", "meaning"],
        headers={name: labels.column(name) for name in frame.columns}, formats={"value": "number:2"},
        source=edition.source("penilaian"),
    )  # fmt: skip
