"""Further looks at training and facilities: the curve within employees, lags and placebo, other estimators, levels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.display import curve_chart, describe_curve, new_axes, shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.models import dose_lags, dose_response, facilities_analysis, training_analysis
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.research.fits import kept_frame, research_frame
from kinerja_lib.reporting.research.questions import QUESTIONS
from kinerja_lib.reporting.wording import p_text, shown_p

LAGS, LEADS = 4, 2
SHORT = {"fasilitas_indeks": "fasilitas_10", "akses_ti_indeks": "akses_ti_10"}  # names in the catalogue


def dose_within(edition: Edition) -> None:
    """The dose curve within the same employees, and whether its slope changes at the hours due."""
    labels = edition.labels
    due = edition.config.thresholds.jp_pns
    asked = QUESTIONS["training"]
    spec = asked.specs()["fixed_effects"].replace(exposures=("jp", *asked.others))
    title = labels.text("research.dose_curve", government=edition.government)
    try:
        found = dose_response(research_frame(edition), spec, obligation=due, lang=edition.lang)
    except ModelError:
        reason = labels.text("research.no_within_dose")
        edition.doc.figure(
            None, "dosis-dalam", title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    below, above, change = found.slope_below, found.slope_above, found.slope_change
    edition.say(
        "research.dose_slopes", due=labels.integer(due), below=labels.number(below.estimate * 10, 1, signed=True),
        above=labels.number(above.estimate * 10, 1, signed=True), p=p_text(change.p_value, labels),
        verdict=labels.text(f"research.dose_{'kink' if change.p_value < edition.config.thresholds.alpha else 'no_kink'}"),
        linear=p_text(found.linearity.p_value, labels),
    )  # fmt: skip
    ax = new_axes(2.9)
    curve_chart(
        ax, found.curve, labels, obligation=due, axis_text=labels.text("training.dose_axis"),
        value_text=labels.text("research.points_axis"),
    )  # fmt: skip
    edition.doc.figure(
        ax.figure, "dosis-dalam", title, alt=describe_curve(found.curve, labels, obligation=due),
        source=edition.source("panel"), data=found.curve,
        note=labels.text("research.dose_curve_note", n=labels.integer(found.curved.glance()["n"])),
        headers={"dose": labels.column("band"), **{c: labels.column(c) for c in ("estimate", "ci_low", "ci_high")}},
        formats={"dose": "number:1", **dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:2")},
    )  # fmt: skip


def lags(edition: Edition) -> None:
    """Hours of earlier and of later quarters: what will happen may not move what has."""
    labels, asked = edition.labels, QUESTIONS["training"]
    spec = asked.specs()["fixed_effects"].replace(unit="id_pegawai", time="periode")
    try:
        result, leads = dose_lags(research_frame(edition), spec, lags=LAGS, leads=LEADS, lang=edition.lang)
    except ModelError:
        edition.say("research.no_lags")
        return
    passed = leads.p_value >= edition.config.thresholds.alpha
    edition.say(
        f"research.placebo_{'passed' if passed else 'failed'}", p=p_text(leads.p_value, labels), leads=labels.integer(LEADS)
    )  # fmt: skip
    tidy = result.tidy().set_index("term")
    rows = []
    for name in (
        [f"{asked.exposure}_lead_{k}" for k in range(LEADS, 0, -1)]
        + [asked.exposure]
        + [f"{asked.exposure}_lag_{k}" for k in range(1, LAGS + 1)]
    ):
        if name in tidy.index:
            kind = "lead" if "_lead_" in name else "lag" if "_lag_" in name else "now"
            text = labels.text(f"research.shift_{kind}", k=name.rpartition("_")[2])
            rows.append(
                (text, *(float(tidy.loc[name, c]) for c in ("estimate", "ci_low", "ci_high", "p_value")))
            )
    frame = pd.DataFrame(rows, columns=["shift", "estimate", "ci_low", "ci_high", "p_value"])
    columns = {
        "shift": "text",
        **dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:2"),
        "p_value": "number:3",
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "tunda", labels.text("research.lags_table"), source=edition.source("panel"),
        note=labels.text("research.lags_note"), **shown.options(),
    )  # fmt: skip


def other_estimators(edition: Edition) -> None:
    """The same question by every estimator that the data allow, ordered ones included."""
    labels = edition.labels
    panel = edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]

    def make() -> pd.DataFrame:
        return training_analysis(panel, obligation=edition.config.thresholds.jp_pns, lang=edition.lang).table

    try:
        table = kept_frame(edition, "estimators", "training", make)
    except ModelError:
        edition.say("research.no_model")
        return
    table = table.assign(
        method=[labels.text(f"method.{name}") for name in table["method"]],
        scale=[labels.text(f"method.scale_{name}") for name in table["scale"]],
    )
    numbers = ("estimate", "ci_low", "ci_high")
    columns = {"method": "text", "scale": "text", **dict.fromkeys(numbers, "signed:3"), "n": "integer"}
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, "penaksir", labels.text("research.estimators_table"), left=2, source=edition.source("panel"),
        note=labels.text("research.estimators_note"), **shown.options(),
    )  # fmt: skip


@lru_cache(maxsize=2)
def levels(edition: Edition) -> pd.DataFrame | None:
    """Between units of an agency and within units, per ten points of each index; None where it can't be fitted.

    Returns
    -------
    DataFrame
        ``index``, ``explained`` (share of the variance between units), ``contrast`` (``between``, ``within``),
        ``estimate``, ``ci_low``, ``ci_high``, ``df``, ``p_value`` (of their difference) and ``ceiling``.
    """
    panel = edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]
    try:
        found = facilities_analysis(panel, lang=edition.lang)
    except ModelError:
        return None
    rows = []
    for name in SHORT:
        tidy, gap = found.apart[name].tidy().set_index("term"), found.contrast.get(name)
        for contrast, part in (("between", "antar"), ("within", "dalam")):
            if f"{name}_{part}" not in tidy.index:
                continue
            line = tidy.loc[f"{name}_{part}"]
            numbers = (float(line[column]) * 10 for column in ("estimate", "ci_low", "ci_high"))
            rows.append((name, found.explained.get(name, np.nan), contrast, *numbers, float(line["df"]),
                         gap.p_value if gap else np.nan))  # fmt: skip
    names = ["index", "explained", "contrast", "estimate", "ci_low", "ci_high", "df", "p_value"]
    return pd.DataFrame(rows, columns=names).assign(ceiling=found.ceiling)


def facility_levels(edition: Edition) -> None:
    """How much units differ at all, and whether comparing units agrees with following a unit over time."""
    labels, table = edition.labels, levels(edition)
    if table is None:
        edition.say("research.no_levels")
        return
    edition.say("research.levels", ceiling=labels.percent(float(table["ceiling"].iloc[0])))
    table = table.assign(
        p_value=[shown_p(value, labels) for value in table["p_value"]],
        index=[labels.text(f"choice.{SHORT[name]}") for name in table["index"]],
        contrast=[labels.text(f"research.contrast_{name}") for name in table["contrast"]],
    )
    columns = {
        "index": "text", "contrast": "text", **dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:3"),
        "df": "number:0", "explained": "percent:1", "p_value": "number:3",
    }  # fmt: skip
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, "tingkat", labels.text("research.levels_table"), left=2, source=edition.source("panel"),
        note=labels.text("research.levels_note"), **shown.options(),
    )  # fmt: skip
