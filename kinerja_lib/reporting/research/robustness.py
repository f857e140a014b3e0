"""Does the answer hold? Other choices, other samples, and confounders that were not measured."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.display import (
    describe_groups,
    describe_specifications,
    dots_chart,
    height_for,
    new_axes,
    shown_table,
    specification_chart,
)
from kinerja_lib.errors import ModelError
from kinerja_lib.models import (
    benchmark_bounds,
    e_value,
    leave_one_out,
    oster,
    sensitivity_summary,
    specification_curve,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.research.fits import fitted, kept_frame, research_frame, results, specs_of
from kinerja_lib.reporting.research.questions import AGENCY, CONTROLS, QUESTIONS
from kinerja_lib.reporting.wording import lower_first

POINTS = 100.0


def sensitivity(edition: Edition, question: str) -> None:
    """How strong an unmeasured confounder must be: robustness value, Oster's delta, E-value, benchmarks."""
    labels, asked = edition.labels, QUESTIONS[question]
    table = sensitivity_table(edition, question)
    if not len(table):
        edition.say("research.no_sensitivity")
        return
    edition.say("research.sensitivity")
    shown = shown_table(table, {"check": "text", "value": "number:3", "meaning": "text"}, labels)
    headers = {**shown.headers, "check": labels.column("statistic_name")}
    edition.doc.table(
        shown.frame, f"kepekaan-{question}".replace("_", "-"), labels.text("research.sensitivity_table"),
        left=["check", "meaning"], headers=headers, formats=shown.formats, source=edition.source("panel"),
        note=labels.text("research.sensitivity_note"),
    )  # fmt: skip
    bounds = _bounds(edition, question)
    if len(bounds):
        columns = {"multiple": "integer", "r2_exposure": "percent:2", "r2_outcome": "percent:2",
                   "estimate": "signed:2", "ci_low": "signed:2", "ci_high": "signed:2"}  # fmt: skip
        shown = shown_table(bounds, columns, labels)
        edition.doc.table(
            shown.frame, f"patokan-{question}".replace("_", "-"),
            labels.text("research.bounds_table", benchmark=labels.listing(lower_first(labels.text(f"choice.{name}")) for name in asked.benchmark)),
            source=edition.source("panel"), note=labels.text("research.bounds_note"), **shown.options(),
        )  # fmt: skip


def sensitivity_table(edition: Edition, question: str) -> pd.DataFrame:
    """Statistic, value and its reading, one row each; empty where the cross-section could not be fitted."""
    asked, labels = QUESTIONS[question], edition.labels
    spec = specs_of(edition, question)["cross_section"]
    plain = fitted(edition, spec.replace(cluster=None, errors="iid"))
    clustered = results(edition, question).get("cross_section")
    if plain is None or clustered is None or asked.exposure not in plain.terms:
        return pd.DataFrame()
    found = sensitivity_summary(plain, asked.exposure)
    rows: list[tuple[str, float, str]] = []
    for name in ("partial_r2", "robustness_value", "robustness_value_significance"):
        key = "zero" if name.endswith("significance") and found[name] == 0 else "meaning"
        text = labels.text(f"research.{name}_{key}", value=labels.percent(found[name], 2))
        rows.append((name, found[name], text))
    try:
        delta = oster(research_frame(edition), spec, lang=edition.lang)
        adjusted = labels.number(delta.adjusted, 2, signed=True)
        verdict = "yes" if abs(delta.delta) >= 1 else "no"
        rows.append(("oster", delta.delta, labels.text(f"research.oster_{verdict}", adjusted=adjusted)))
    except ModelError:
        pass
    rows += _e_values(edition, clustered.term(asked.exposure))
    table = pd.DataFrame(rows, columns=["check", "value", "meaning"])
    return table.assign(check=[labels.text(f"research.{name}") for name in table["check"]])


def _e_values(edition: Edition, row: pd.Series) -> list[tuple[str, float, str]]:
    """E-values of the risk ratio of one step, from the mean of the outcome (in percent)."""
    labels, base = edition.labels, float(research_frame(edition)["baik_persen"].mean())
    ratios = [(base + float(row[name])) / base for name in ("estimate", "ci_low", "ci_high")]
    if not base or min(ratios) <= 0:
        return []
    point, limit = e_value(*ratios)
    shown = labels.number(ratios[0], 3)
    return [
        ("e_value", point, labels.text("research.e_value_meaning", ratio=shown)),
        ("e_value_limit", limit, labels.text("research.e_value_limit_meaning")),
    ]


def strongest_control(edition: Edition, question: str) -> tuple[float, float] | None:
    """The robustness value, and the strength of all measured traits together on the same scale.

    A confounder biases by r_y r_d / (1 − r_d), with r_y and r_d its partial R2 of outcome and exposure (Cinelli &
    Hazlett 2020, section 4.1); the value returned is the equal partial R2 of both that biases as much.
    """
    asked, bounds = QUESTIONS[question], _bounds(edition, question)
    plain = fitted(edition, specs_of(edition, question)["cross_section"].replace(cluster=None, errors="iid"))
    if plain is None or not len(bounds) or asked.exposure not in plain.terms:
        return None
    found = sensitivity_summary(plain, asked.exposure)
    exposure, outcome = (float(bounds[name].iloc[0]) for name in ("r2_exposure", "r2_outcome"))
    bias = outcome * exposure / (1 - exposure)
    return found["robustness_value"], (math.sqrt(bias**2 + 4 * bias) - bias) / 2


def _bounds(edition: Edition, question: str) -> pd.DataFrame:
    asked = QUESTIONS[question]
    try:
        return benchmark_bounds(
            research_frame(edition),
            specs_of(edition, question)["cross_section"],
            asked.benchmark,
            lang=edition.lang,
        )
    except ModelError:
        return pd.DataFrame()


def left_out(edition: Edition, question: str) -> pd.DataFrame:
    """The main specification without each agency in turn; empty where there are fewer than three agencies."""
    found, frame = results(edition, question), research_frame(edition)
    if not found or frame["instansi"].nunique() < 3:
        return pd.DataFrame(columns=["left_out", "estimate", "ci_low", "ci_high", "n"])
    spec = specs_of(edition, question)[next(iter(found))]
    return kept_frame(
        edition, "leave", [spec.to_dict(), "instansi"],
        lambda: leave_one_out(frame, spec, by="instansi", lang=edition.lang).drop(columns="note"),
    )  # fmt: skip


def without_each(edition: Edition, question: str) -> None:
    """Whether one agency carries the result, as dots."""
    labels, table = edition.labels, left_out(edition, question)
    title = labels.text("research.leave", exposure=labels.text(f"term.{QUESTIONS[question].exposure}"))
    name = f"tanpa-satu-{question}".replace("_", "-")
    if not len(table):
        reason = labels.text("research.leave_nothing")
        edition.doc.figure(None, name, title, alt=reason, note=reason, source=edition.source("panel"))
        return
    frame = pd.DataFrame(
        {
            "label": [labels.text("research.without", name=edition.name(code)) for code in table["left_out"]],
            "n": table["n"], "value": table["estimate"], "low": table["ci_low"], "high": table["ci_high"],
        }
    )  # fmt: skip
    main = next(iter(results(edition, question).values())).term(QUESTIONS[question].exposure)["estimate"]
    ax = new_axes(height_for(len(frame)))
    text = labels.text("research.whole_sample", value=labels.number(main, 2, signed=True))
    dots_chart(
        ax, frame, labels, digits=2, reference=float(main), reference_text=text,
        axis_text=labels.text("training.effect_axis"),
    )  # fmt: skip
    heads = {
        "label": labels.text("research.left_out"),
        **{c: labels.column(c) for c in ("n", "value", "low", "high")},
    }
    edition.doc.figure(
        ax.figure, name, title, alt=describe_groups(frame, labels, digits=2), source=edition.source("panel"),
        note=labels.text("note.interval"), data=frame, headers=heads,
        formats=dict.fromkeys(("value", "low", "high"), "number:2"),
    )  # fmt: skip


def curve(edition: Edition, question: str) -> None:
    """The specification curve: every subset of the optional controls, across and within employees."""
    labels, asked = edition.labels, QUESTIONS[question]
    frame, choices = curve_frame(edition, question)
    title = labels.text("research.curve", exposure=labels.text(f"term.{asked.exposure}"))
    name = f"kurva-{question}".replace("_", "-")
    if frame["estimate"].notna().sum() < 2:
        reason = labels.text("research.no_model")
        edition.doc.figure(None, name, title, alt=reason, note=reason, source=edition.source("panel"))
        return
    sure = frame[(frame["ci_low"] > 0) | (frame["ci_high"] < 0)]
    edition.say(
        "research.curve_text", n=labels.integer(frame["estimate"].notna().sum()), sure=labels.integer(len(sure)),
        low=labels.number(frame["estimate"].min(), 2, signed=True), high=labels.number(frame["estimate"].max(), 2, signed=True),
        middle=labels.number(frame["estimate"].median(), 2, signed=True), figure=f"[@gbr-{name}]",
    )  # fmt: skip
    shown = [labels.text(f"choice.{choice}") for choice in choices]
    drawn = frame.rename(columns=dict(zip(choices, shown, strict=True)))
    top, bottom = new_axes(4.6, rows=2, sharex=True, height_ratios=[1.5, 1])
    specification_chart(top, bottom, drawn, shown, labels, axis_text=labels.text("research.points_axis"))
    marks = {
        name: [labels.column("yes" if held else "no") for held in drawn[name]] for name in (*shown, "main")
    }
    heads = {name: labels.column(name) for name in ("estimate", "ci_low", "ci_high", "n")}
    edition.doc.figure(
        top.figure, name, title, alt=describe_specifications(frame, labels), source=edition.source("panel"),
        note=labels.text("research.curve_note"),
        data=drawn.assign(**marks)[["estimate", "ci_low", "ci_high", "n", "main", *shown]],
        headers={**heads, "main": labels.text("choice.main")},
        formats={**dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:2"), "n": "integer"},
    )  # fmt: skip


def curve_frame(edition: Edition, question: str) -> tuple[pd.DataFrame, list[str]]:
    """The curve's estimates, and a boolean column for each choice.

    Across employees every subset of five controls and the agency is tried (64 specifications), within the same
    employees every subset of the two other exposures, with effects of quarters or without.
    """
    asked = QUESTIONS[question]
    specs = specs_of(edition, question)
    agency = tuple(name for name in specs["cross_section"].controls if name == AGENCY)
    optional = (*CONTROLS, *agency, *asked.others)
    controls = (*optional, "periode")
    across = specs["cross_section"].replace(exposures=(asked.exposure,), controls=controls, errors="CR1")
    within = specs["fixed_effects"].replace(
        exposures=(asked.exposure,), controls=asked.others, effects=("id_pegawai",), errors="CR1"
    )
    variants: list[dict[str, Any]] = [{"effects": ("id_pegawai", "periode")}, {"effects": ("id_pegawai",)}]

    def make() -> pd.DataFrame:
        frame = research_frame(edition)
        first = specification_curve(frame, across, optional=optional, lang=edition.lang).assign(variant="")
        second = specification_curve(
            frame, within, optional=asked.others, variants=variants, lang=edition.lang
        )
        return pd.concat([first, second], ignore_index=True).drop(
            columns=["outcome", "note", "p_value", "std_error"]
        )

    frame = kept_frame(edition, "curve", [across.to_dict(), within.to_dict()], make)
    held = [set(filter(None, text.split(", "))) for text in frame["controls"].fillna("")]
    columns = list(optional)
    for name in columns:
        frame[name] = [name in controls for controls in held]
    variant = frame["variant"].fillna("").astype("str")
    frame["same_person"] = variant.str.contains("id_pegawai")
    frame["quarters"] = ~frame["same_person"] | variant.str.contains("periode")
    frame["main"] = frame["same_person"] & frame["quarters"] & frame[list(asked.others)].all(axis=1)
    frame["estimate"] = frame["estimate"].astype("float64").replace({math.inf: np.nan})
    return frame.sort_values("estimate", ignore_index=True), [*columns, "same_person", "quarters"]
