"""Bab III, second part: facilities and IT access, awareness of staff."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.display import describe_heatmap, heatmap_chart, height_for, new_axes
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facility_parts import facility_parts
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import mean_by
from kinerja_lib.reporting.annual.official import gaps
from kinerja_lib.reporting.annual.outreach import outreach
from kinerja_lib.reporting.annual.pictures import dots_figure, say_extremes
from kinerja_lib.reporting.annual.stagnation import stagnant
from kinerja_lib.reporting.annual.survey_response import item_text, survey_response
from kinerja_lib.reporting.annual.two_models import unit_relation_shown

ASSETS = ("Perangkat TI", "Peralatan kantor", "Ruang kerja", "Kendaraan")
INTERNET_TARGET = 100.0
CONDITIONS = ("jumlah_baik", "jumlah_kurang_baik", "jumlah_rusak_berat")


def facilities(edition: Edition) -> None:
    """Condition of assets, internet and applications by group, and the facility index."""
    labels, now = edition.labels, facts(edition, edition.year)
    before = facts(edition, edition.year - 1)
    edition.say(
        "facilities.text", value=labels.number(now.facilities),
        change=edition.moved(now.facilities - before.facilities), year=edition.year - 1,
    )  # fmt: skip
    grid = facility_grid(edition)
    if len(grid):
        shown = grid.rename(
            index=edition.name, columns={name: labels.category(name) for name in grid.columns}
        )
        ax = new_axes(height_for(len(shown), each=0.32, least=2.2))
        heatmap_chart(ax, shown, labels)
        edition.doc.figure(
            ax.figure, "fasilitas", labels.text("facilities.map", year=edition.year),
            alt=describe_heatmap(shown, labels), source=edition.source("fasilitas"), note=labels.text("facilities.note"),
            data=shown.rename_axis(labels.column(edition.group)).reset_index(),
            formats=dict.fromkeys(shown.columns, "number:1"),
        )  # fmt: skip
    frame = unit_means(edition, "fasilitas_indeks")
    say_extremes(edition, "facilities.extremes", frame)
    dots_figure(
        edition,
        frame,
        "indeks-fasilitas",
        "facilities.index",
        ("fasilitas", "pegawai"),
        reference=now.facilities,
        interval=False,
    )
    facility_parts(edition)
    gaps(edition)
    unit_relation_shown(edition, "fasilitas_10")
    edition.say("facilities.quota")


def facility_grid(edition: Edition) -> pd.DataFrame:
    """Groups × aspects on 0–100: condition of each kind of asset, internet against 100 Mbps, applications."""
    rows = edition.rows("fasilitas", edition.year)
    group = rows[edition.group].astype("str")
    good, fair, bad = (rows[name].astype("float64") for name in CONDITIONS)
    kind = rows["kelompok_fasilitas"].astype("str")
    scored = pd.DataFrame(
        {"group": group, "kind": kind, "score": good + 0.5 * fair, "items": good + fair + bad}
    )
    sums = scored[kind.isin(ASSETS)].groupby(["group", "kind"])[["score", "items"]].sum()
    grid = (sums["score"] / sums["items"].where(sums["items"] > 0) * 100).unstack("kind")
    grid = grid.reindex(columns=[name for name in ASSETS if name in grid.columns])
    speed = (rows["kecepatan_internet"].astype("float64") / INTERNET_TARGET).clip(upper=1) * 100
    grid["Internet"] = speed.groupby(group).mean().reindex(grid.index)
    grid["Aplikasi"] = (
        rows["ketersediaan_aplikasi"].astype("float64").groupby(group).mean().reindex(grid.index)
    )
    grid.columns.name = None
    return grid.dropna(axis=1, how="all").sort_index()


def unit_means(edition: Edition, column: str) -> pd.DataFrame:
    """Mean of a unit's property over the group's staff; the number is that of people, no interval is due."""
    panel = facts(edition, edition.year).panel
    frame = mean_by(edition, panel, column)
    people = panel.groupby(panel[edition.group].astype("str"))["id_pegawai"].nunique()
    frame["n"] = people.reindex(frame["code"]).to_numpy()
    frame[["low", "high"]] = np.nan
    frame.loc[frame["n"] < edition.smallest, "value"] = np.nan
    return frame


def awareness(edition: Edition) -> None:
    """The awareness scale of the staff survey by group, with intervals over respondents."""
    labels = edition.labels
    rows = edition.rows("survei", edition.year)
    rows = rows[rows["instrumen"].astype("str") == "kesadaran"]
    if not len(rows):
        edition.say("word.no_data")
        stagnant(edition)
        outreach(edition)
        return
    person = respondents(edition, rows)
    now = edition.of_enough(float(person["skor"].mean()), len(person))
    staff = len(facts(edition, edition.year).staff)
    items = (rows.groupby("butir")["skor"].mean().astype("float64") - 1) * 25
    edition.say(
        "awareness.text", n=labels.integer(len(person)), rate=labels.percent(len(person) / staff if staff else np.nan),
        mean=labels.number(now), high_item=item_text(edition, items.idxmax()), high=labels.number(items.max()),
        low_item=item_text(edition, items.idxmin()), low=labels.number(items.min()),
    )  # fmt: skip
    frame = mean_by(edition, person, "skor")
    dots_figure(edition, frame, "kesadaran", "awareness.groups", ("survei",), reference=now)
    edition.say("awareness.same_source")
    survey_response(edition)
    stagnant(edition)
    outreach(edition)


def respondents(edition: Edition, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a respondent: group and mean score on 0–100."""
    keyed = rows.assign(
        group=rows[edition.group].astype("str"), points=(rows["skor"].astype("float64") - 1) * 25
    )
    found = keyed.groupby(["id_responden", "group"])["points"].mean().reset_index()
    return found.rename(columns={"group": edition.group, "points": "skor"})
