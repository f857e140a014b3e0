"""How far the staff of a unit agree on their leader, and what leaders do, before anything is said of a relation."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.models.aggregation import Aggregation, aggregation_check
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import mean_by
from kinerja_lib.reporting.annual.pictures import dots_figure

POINTS = 5
ENOUGH = 0.70


def agreement(edition: Edition) -> Aggregation | None:
    """Agreement within the units of the scope on the survey of leadership; None where it cannot be judged."""
    rows = edition.rows("survei", edition.year)
    rows = rows[rows["instrumen"].astype("str") == "kepemimpinan"]
    plain = pd.DataFrame(
        {
            "unit": rows["unit_kerja"].astype("str"), "person": rows["id_responden"].astype("str"),
            "item": rows["butir"].astype("str"), "score": rows["skor"].astype("float64"),
        }
    )  # fmt: skip
    if not len(plain):
        return None
    wide = plain.pivot_table(index=["unit", "person"], columns="item", values="score").reset_index()
    items = [name for name in wide.columns if name not in ("unit", "person")]
    try:
        return aggregation_check(
            wide, items, "unit", options=POINTS, minimum=edition.smallest, lang=edition.lang
        )
    except ModelError:
        return None


def climate(edition: Edition) -> None:
    """Agreement by agency and in all, and whether the mean of a unit may be used."""
    labels, found = edition.labels, agreement(edition)
    if found is None or not len(found.units):
        edition.say("leadership_effect.no_agreement", n=labels.integer(edition.smallest))
        return
    units = found.units.assign(instansi=found.units["unit"].str.split(".").str[0])
    edition.say(
        "leadership_effect.agreement", units=labels.integer(len(units)), n=labels.integer(int(units["n"].sum())),
        median=labels.number(float(units["r_wg"].median()), 2),
        enough=labels.percent(float((units["r_wg"] >= ENOUGH).mean())),
        icc1=labels.number(found.icc.icc1, 2), icc2=labels.number(found.icc.icc2, 2),
    )  # fmt: skip
    meanings = [check.meaning_en if edition.lang == "en" else check.meaning_id for check in found.checks]
    edition.say(f"leadership_effect.aggregate_{found.verdict}", reasons=" ".join(meanings))
    groups = [*units.groupby("instansi"), (None, units)]
    rows = [
        (labels.text("word.total") if code is None else edition.name(code), len(part), int(part["n"].sum()),
         float(part["r_wg"].median()), float((part["r_wg"] >= ENOUGH).mean()))
        for code, part in (groups if edition.whole else groups[-1:])
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["label", "units", "respondents", "r_wg", "agreed"])
    columns = {
        "label": "text",
        "units": "integer",
        "respondents": "integer",
        "r_wg": "number:2",
        "agreed": "percent:1",
    }
    shown = shown_table(table, columns, labels)
    headers = {**shown.headers, "label": labels.column("instansi")}
    edition.doc.table(
        shown.frame, "kesepakatan", labels.text("leadership_effect.agreement_table", year=edition.year),
        headers=headers, formats=shown.formats, source=edition.source("survei"), bold=[-1],
        note=labels.text("leadership_effect.agreement_note", n=labels.integer(edition.smallest)),
    )  # fmt: skip


def activities(edition: Edition) -> None:
    """The index of what leaders do, by group."""
    panel = edition.rows("panel", edition.year)
    if not panel["kepemimpinan_indeks"].notna().any():
        edition.say("word.no_data")
        return
    whole = float(panel["kepemimpinan_indeks"].astype("float64").mean())
    dots_figure(
        edition, mean_by(edition, panel, "kepemimpinan_indeks"), "indeks-kepemimpinan", "leadership.index",
        ("kepemimpinan",), reference=whole, interval=False,
    )  # fmt: skip
