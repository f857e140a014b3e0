"""Bab III, the leader's part: what leaders did, whom they lead, how far the measures can be trusted, what goes with them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding, Level, finding_from_level
from kinerja_lib.indicators import leadership_summary, span_of_control
from kinerja_lib.models.aggregation import Aggregation, aggregation_check, unit_icc
from kinerja_lib.models.reliability import ScaleReliability, scale_reliability
from kinerja_lib.panel.workplace import LEADERSHIP_PARTS, leadership_index
from kinerja_lib.reporting.annual.conditions import unit_means
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.annual.two_models import unit_relation_shown
from kinerja_lib.reporting.annual.unit_levels import LABELS

POINTS = 5  # answers of the staff survey
ACTS = {
    "assignments": "penugasan",
    "feedback": "umpan_balik",
    "guidance": "bimbingan",
    "recognition": "apresiasi",
}
HELD = 1.0  # meetings held of those planned


def leadership(edition: Edition) -> None:
    """Meetings held, assignments, feedback, guidance and recognition; span; the index, its reliability, its relation."""
    labels, now = edition.labels, facts(edition, edition.year)
    rows = edition.rows("kepemimpinan", edition.year)
    if not len(rows):
        edition.say("word.no_data")
        return
    whole = leadership_summary(rows, ()).iloc[0]
    edition.say(
        "leadership.text", meetings=labels.percent(whole["share_held"]), feedback=labels.number(whole["umpan_balik_per_staff"], 2),
        guidance=labels.number(whole["bimbingan_per_staff"], 2), recognition=labels.number(whole["apresiasi_per_staff"], 2),
        assignments=labels.number(whole["penugasan_per_staff"], 2), index=labels.number(now.leadership),
    )  # fmt: skip
    _activities(edition, rows)
    _span(edition, rows)
    frame = unit_means(edition, "kepemimpinan_indeks")
    dots_figure(
        edition,
        frame,
        "indeks-kepemimpinan",
        "leadership.index",
        ("kepemimpinan",),
        reference=now.leadership,
        interval=False,
    )
    _trust(edition)
    unit_relation_shown(edition, "kepemimpinan_10")


def _activities(edition: Edition, rows: pd.DataFrame) -> None:
    labels = edition.labels
    found = leadership_summary(rows, (edition.group,)).merge(
        _spans(edition, rows, (edition.group,)), on=edition.group
    )
    table = pd.DataFrame(
        {
            edition.group: [edition.name(code) for code in found[edition.group]],
            "meetings": found["share_held"],
        }
    )
    for name, act in ACTS.items():
        table[name] = found[f"{act}_per_staff"]
    table["span"] = found["span_y"]
    columns = {
        edition.group: "text",
        "meetings": "percent:1",
        **dict.fromkeys(ACTS, "number:2"),
        "span": "number:1",
    }
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, "kepemimpinan", labels.text("leadership.table", year=edition.year), small=True,
        note=labels.text("leadership.note"), source=edition.source("kepemimpinan"), **shown.options(),
    )  # fmt: skip


def _spans(edition: Edition, rows: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    appraised = edition.rows("penilaian", edition.year, everyone=True)
    return span_of_control(rows, appraised[appraised["periode"].str.contains("Q")], by)


def _span(edition: Edition, rows: pd.DataFrame) -> None:
    labels, found = edition.labels, _spans(edition, rows, ()).iloc[0]
    if np.isnan(found["span"]):
        return
    edition.say(
        "leadership.span", leaders=labels.integer(found["leaders"]), span=labels.number(found["span"]),
        smallest=labels.integer(found["smallest"]), largest=labels.integer(found["largest"]),
    )  # fmt: skip
    if found["several"]:
        edition.say("leadership.span_several", several=in_words(edition, int(found["several"])))
    if found["without_staff"] or found["unknown"]:
        edition.say(
            "leadership.span_left_out",
            none=labels.integer(found["without_staff"]),
            unknown=labels.integer(found["unknown"]),
        )
    if found["matched"]:
        edition.say(
            "leadership.span_checked",
            stated=labels.integer(found["stated"]),
            rated=labels.integer(found["rated"]),
        )


def _trust(edition: Edition) -> None:
    """Reliability of the index of activities and of the survey, on the whole government's units."""
    labels, forms, survey = edition.labels, form_reliability(edition), survey_reliability(edition)
    rows = []
    if forms is not None:
        scale, stable, units = forms
        rows.append(("forms", units, np.nan, scale.alpha, scale.omega, np.nan, stable[0], stable[1]))
    if survey is not None:
        answers, group = survey
        median = float(group.units["r_wg"].median()) if group is not None and len(group.units) else np.nan
        icc = (group.icc.icc1, group.icc.icc2) if group is not None else (np.nan, np.nan)
        units = len(group.units) if group is not None else 0
        rows.append(("survey", units, answers.respondents, answers.alpha, answers.omega, median, *icc))
    if not rows:
        edition.say("leadership.no_trust")
        return
    names = ["measure", "units", "respondents", "alpha", "omega", "r_wg", "icc1", "icc2"]
    table = pd.DataFrame(rows, columns=names)
    table["measure"] = [labels.text(f"leadership.by_{name}") for name in table["measure"]]
    columns = {
        "measure": "text",
        "units": "integer",
        "respondents": "integer",
        **dict.fromkeys(names[3:], "number:2"),
    }
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, "keandalan-kepemimpinan", labels.text("leadership.trust", year=edition.year), small=True,
        note=labels.text("leadership.trust_note", n=labels.integer(edition.smallest)), source=edition.source("kepemimpinan", "survei"),
        **shown.options(),
    )  # fmt: skip
    if forms is not None:
        edition.say("leadership.forms_weak" if forms[0].alpha < 0.7 else "leadership.forms_good")


@lru_cache(maxsize=4)
def form_reliability(edition: Edition) -> tuple[ScaleReliability, tuple[float, float], int] | None:
    """Alpha and omega of the four activities over units (means of the year), ICC(1) and ICC(2) of the quarterly index."""
    rows = edition.rows("kepemimpinan", edition.year, everyone=True)
    index = leadership_index(rows)
    means = index.groupby("unit_kerja", observed=True)[list(LEADERSHIP_PARTS)].mean()
    known = index.dropna(subset=["kepemimpinan_indeks"])
    codes, units = pd.factorize(known["unit_kerja"])
    try:
        scale = scale_reliability(means, lang=edition.lang)
    except ModelError:
        return None
    icc = unit_icc(
        known["kepemimpinan_indeks"].to_numpy(dtype="float64"), np.asarray(codes, dtype=np.int64), len(units)
    )
    return scale, (icc.icc1, icc.icc2), len(units)


@lru_cache(maxsize=4)
def survey_reliability(edition: Edition) -> tuple[ScaleReliability, Aggregation | None] | None:
    """Alpha and omega of the staff's answers on their leader, and agreement inside the units."""
    rows = edition.rows("survei", edition.year, everyone=True)
    rows = rows[rows["instrumen"].astype("str") == "kepemimpinan"]
    if not len(rows):
        return None
    plain = pd.DataFrame(
        {
            "unit": rows["unit_kerja"].astype("object"), "person": rows["id_responden"].astype("str"),
            "item": rows["butir"].astype("str"), "score": rows["skor"].astype("float64"),
        }
    )  # fmt: skip
    wide = (
        plain.drop_duplicates(["unit", "person", "item"])
        .set_index(["unit", "person", "item"])["score"]
        .unstack("item")
    )
    items, wide = list(wide.columns), wide.reset_index()
    try:
        scale = scale_reliability(wide[items], lang=edition.lang)
    except ModelError:
        return None
    try:
        return scale, aggregation_check(
            wide, items, "unit", options=POINTS, minimum=edition.smallest, lang=edition.lang
        )
    except ModelError:
        return scale, None


def leadership_findings(edition: Edition) -> list[Finding]:
    """Meetings held against those planned; the relation of leadership with predicates is a finding of the workplace."""
    rows = edition.rows("kepemimpinan", edition.year)
    if not len(rows):
        return []
    held = min(float(leadership_summary(rows, ()).iloc[0]["share_held"]), HELD)
    level = Level(
        "rapat_terlaksana", ("bagian rapat rutin yang terlaksana", "the share of planned meetings that were held"),
        held, HELD, ("rencana", "the plan of"), len(facts(edition, edition.year).staff), percent=True,
    )  # fmt: skip
    return [finding_from_level(level, minimum_group=edition.smallest, labels=LABELS)]
