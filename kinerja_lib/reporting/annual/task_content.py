"""Bab III, clarity of tasks: who has no SKP, whether it was agreed, and which aspects its indicators cover."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from kinerja_lib.disclosure import suppress_means
from kinerja_lib.display import shown_table
from kinerja_lib.indicators import skp_content, skp_of_year, skp_summary
from kinerja_lib.indicators.task_clarity import ASPECTS
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.annual.survey_response import item_text, last_round, scale_of_year


@lru_cache(maxsize=8)
def skp_people(edition: Edition) -> pd.DataFrame:
    """The year's SKP of each employee of the report's scope, from the appraisals and the form."""
    year = edition.year
    people = edition.rows("pegawai", year)
    return skp_of_year(edition.rows("penilaian", everyone=True), people, year, edition.tables["skp"])


def task_content(edition: Edition) -> None:
    """Staff without SKP; agreement and the four aspects by group, where the form was sent."""
    labels, people = edition.labels, skp_people(edition)
    _clarity(edition)
    if len(people) < edition.smallest:
        return
    whole = skp_summary(people, ()).iloc[0]
    told = int(whole["n"] - whole["undated"])
    if told >= edition.smallest:
        lacking = int(whole["without"])
        key = "tasks.without" if lacking else "tasks.all_dated"
        edition.say(key, n=labels.integer(told), without=in_words(edition, lacking))
    if told and whole["undated"]:
        edition.say("tasks.undated", n=in_words(edition, int(whole["undated"])))
    content = skp_content(people, ()).iloc[0]
    known = int(content["known_agreed"])
    if known < edition.smallest:
        edition.say("tasks.no_form")
        return
    shares = {name: labels.percent(content[name]) for name in ("agreed", *ASPECTS, "all_aspects")}
    frame = content_by_group(edition, people)
    shown_at_all = bool(frame["skp_agreed"].notna().any())
    at = " ([@tbl-isi-skp])" if shown_at_all else ""
    edition.say("tasks.content", known=labels.integer(known), at=at, **shares)
    if not shown_at_all:
        return
    columns = {
        edition.group: "text",
        "form": "integer",
        **dict.fromkeys(("skp_agreed", *ASPECTS), "percent:1"),
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "isi-skp", labels.text("tasks.content_table", year=edition.year), small=True,
        source=edition.source("skp"), note=labels.text("tasks.content_note", n=labels.integer(edition.smallest)),
        **shown.options(),
    )  # fmt: skip


def _clarity(edition: Edition) -> None:
    """The survey's scale on clarity: weighted, its reliability, the items most and least agreed to."""
    labels, own = edition.labels, scale_of_year(edition, "kejelasan_tugas")
    if own is None:
        edition.say("tasks.no_scale")
        return
    rows = last_round(edition, "kejelasan_tugas")
    items = (rows.groupby("butir", observed=True)["skor"].mean().astype("float64") - 1) * 25
    edition.say(
        "tasks.scale", n=labels.integer(own.respondents), value=labels.number(own.weighted),
        low=labels.number(own.low), high=labels.number(own.high), alpha=labels.number(own.alpha, 2),
        best=item_text(edition, items.idxmax()), most=labels.number(items.max()),
        worst=item_text(edition, items.idxmin()), least=labels.number(items.min()),
    )  # fmt: skip


def content_by_group(edition: Edition, people: pd.DataFrame) -> pd.DataFrame:
    """Agreement and aspects of each group; those of few SKP, and what would follow from the whole, are withheld.

    Returns
    -------
    DataFrame
        The group's name, ``form`` (SKP in the form), ``skp_agreed``, ``ASPECTS``.
    """
    found = skp_content(people, (edition.group,)).rename(
        columns={"known_agreed": "form", "agreed": "skp_agreed"}
    )
    safe = suppress_means(found, ("skp_agreed", *ASPECTS), n="form", minimum=edition.smallest)
    return safe.assign(**{edition.group: [edition.name(code) for code in safe[edition.group]]})
