"""Bab III, on training: hours due by status, need against offer, lead time, cost, certificates, the programme."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER, protect
from kinerja_lib.display import shown_table
from kinerja_lib.indicators import (
    certificates,
    competence_gap,
    development_plan,
    gap_summary,
    lead_times,
    matched_share,
    rights_met,
    training_cost,
    training_recorded,
    unmatched_names,
    yearly_hours,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.document import inert

ROMAN = {0: "I–IV", 1: "I", 2: "II", 3: "III", 4: "IV"}
LONGEST = 10  # competences listed
BLANK = "–"  # what a table shows where a number is withheld


@lru_cache(maxsize=4)
def hours_due(edition: Edition) -> pd.DataFrame:
    """JP of each employee in scope beside what is due, by the project's thresholds; never for print."""
    limits = edition.config.thresholds
    rights = {"PNS": limits.jp_pns, "CPNS": limits.jp_pns}
    rights |= {"PPPK": limits.jp_pppk, "PPPK Paruh Waktu": limits.jp_pppk}
    return yearly_hours(edition.rows("pegawai"), edition.tables["pelatihan"], edition.year, rights=rights)


@lru_cache(maxsize=4)
def gap_of(edition: Edition) -> pd.DataFrame:
    """Need against offer of the report's scope."""
    return competence_gap(
        edition.rows("kebutuhan_kompetensi"),
        edition.tables["pelatihan"],
        edition.rows("pegawai"),
        edition.year,
        words=edition.config.competence_words,
    )


@lru_cache(maxsize=4)
def _own_trainings(edition: Edition) -> pd.DataFrame:
    """The year's trainings of the staff in scope."""
    rows = edition.tables["pelatihan"]
    rows = rows[rows["tanggal_selesai"].dt.year == edition.year]
    return rows[rows["id_pegawai"].isin(set(edition.rows("pegawai", edition.year)["id_pegawai"]))]


def rights(edition: Edition) -> None:
    """Hours due by employment status; PPPK have their own."""
    labels, found = edition.labels, rights_met(hours_due(edition), ("status_pegawai",))
    people = edition.rows("pegawai", edition.year)
    unknown = int((~training_recorded(people, edition.tables["pelatihan"])).sum())
    if unknown:
        edition.say("training.unrecorded", n=in_words(edition, unknown))
    if not len(found) or found["n"].sum() < edition.smallest:
        return
    due = hours_due(edition).groupby(hours_due(edition)["status_pegawai"].astype("object"))["due"].first()
    found["due"] = found["status_pegawai"].map(due)
    parts = np.column_stack([found["met"], found["n"] - found["met"]]).astype("int64")
    hidden = protect(parts, edition.smallest).hidden[:-1]
    found["share"] = found["share"].mask(hidden[:, :-1].any(axis=1))
    for name in ("none", "unmet_new"):
        few = (found[name] > 0) & (found[name] < edition.smallest)
        found[name] = found[name].astype("float64").mask(few | hidden[:, -1])
    found[["n", "mean_jp"]] = found[["n", "mean_jp"]].astype("float64").mask(hidden[:, -1:].repeat(2, axis=1))
    found = found.rename(
        columns={"share": "met_due", "mean_jp": "jp_mean", "none": "none_taken", "unmet_new": "appointed"}
    )
    columns = {
        "status_pegawai": "text", "n": "integer", "due": "integer", "jp_mean": "number:1", "met_due": "percent:1",
        "none_taken": "integer", "appointed": "integer",
    }  # fmt: skip
    shown = shown_table(found, columns, labels)
    edition.doc.table(
        shown.frame, "hak-jp", labels.text("training.rights_table", year=edition.year), small=True,
        source=edition.source("pelatihan", "pegawai"),
        note=labels.text("training.rights_note", n=edition.smallest, mark=BLANK), **shown.options(),
    )  # fmt: skip


def competences(edition: Edition) -> None:
    """Need against offer, how soon needs are answered, cost, certificates, and the programme that follows."""
    labels = edition.labels
    if not len(edition.rows("kebutuhan_kompetensi", edition.year)):
        edition.say("training.no_needs", year=edition.year)
    else:
        _gap(edition)
        lead(edition)
    _supply(edition)
    plan, short = _plan(edition)
    if len(plan):
        columns = {
            "kompetensi": "text", "participants": "integer", "jp_each": "number:1", "jp_all": "integer",
            "way": "text", "planned_quarter": "text",
        }  # fmt: skip
        if plan["million"].notna().any():
            columns["million"] = "number:1"
        shown = shown_table(plan, columns, labels)
        edition.doc.table(
            shown.frame, "program", labels.text("training.plan_table", year=edition.year + 1), small=True,
            left=["kompetensi", "way", "planned_quarter"], source=edition.source("kebutuhan_kompetensi", "pelatihan"),
            note=labels.text("training.plan_note", n=edition.smallest, short=short), **shown.options(),
        )  # fmt: skip


def _gap(edition: Edition) -> None:
    labels, gap = edition.labels, gap_of(edition)
    whole = gap_summary(gap).iloc[0]
    named = edition.rows("kebutuhan_kompetensi", edition.year)["kompetensi"]
    own = _own_trainings(edition)
    matched = matched_share(own, edition.year, list(named), edition.config.competence_words)[0]
    few = any(0 < whole[name] < edition.smallest for name in ("trained", "unmet"))
    known = 0 < whole["named"] == whole["needed"]
    edition.say(
        "training.gap_exact" if known else "training.gap_text", needed=in_words(edition, whole["needed"]),
        coverage=MARKER if few else labels.percent(whole["coverage"]), unmet=MARKER if few else labels.integer(whole["unmet"]),
        matched=labels.percent(matched), unmatched=labels.percent(1 - matched),
    )  # fmt: skip
    if 0 < whole["named"] < whole["needed"]:
        edition.say(
            "training.gap_named",
            named=in_words(edition, whole["named"]),
            needed=in_words(edition, whole["needed"]),
        )
    missed = unmatched_names(own, edition.year, list(named), edition.config.competence_words)
    missed = missed[missed >= edition.smallest].head(3)
    if len(missed):
        listed = [f"{inert(name)} ({labels.integer(count)})" for name, count in missed.items()]
        edition.say("training.unmatched", names=labels.listing(listed))
    rows = guarded(gap[gap["needed"] > 0], edition.smallest).head(LONGEST)
    columns = {
        "kompetensi": "text", "jenis_kompetensi": "text", "needed": "integer", "trained": "integer",
        "unmet": "integer", "coverage": "percent:1", "missing_levels": "number:1",
    }  # fmt: skip
    shown = shown_table(rows.rename(columns={"gap": "missing_levels"}), columns, labels)
    edition.doc.table(
        shown.frame, "kompetensi", labels.text("training.gap_table", year=edition.year), small=True, left=2,
        source=edition.source("kebutuhan_kompetensi", "pelatihan"),
        note=labels.text("training.gap_note", n=edition.smallest, mark=BLANK), **shown.options(),
    )  # fmt: skip
    if gap["over"].sum():
        edition.say("training.over", n=labels.integer(gap["over"].sum()))
    surplus = gap[gap["without_need"] >= edition.smallest].nlargest(3, "without_need")
    if len(surplus):
        names = [
            f"{inert(row.kompetensi)} ({labels.integer(row.without_need)})" for row in surplus.itertuples()
        ]
        edition.say("training.surplus", names=labels.listing(names))


def guarded(gap: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Need against offer with the cells withheld that would show, or give away, fewer people than may be shown."""
    parts = gap[["trained", "unmet"]].to_numpy(dtype="int64")
    if not len(gap):
        return gap
    hidden = protect(parts, smallest).hidden[:-1]
    result = gap.astype(dict.fromkeys(("needed", "trained", "unmet"), "float64"))
    for place, name in enumerate(("trained", "unmet", "needed")):
        result[name] = result[name].mask(hidden[:, place])
    result["coverage"] = result["coverage"].mask(hidden.any(axis=1))
    return result


def lead(edition: Edition) -> None:
    """How soon proposed needs were answered, up to the end of the period."""
    labels, end = edition.labels, edition.periode.end
    found = lead_times(
        edition.rows("kebutuhan_kompetensi"), edition.tables["pelatihan"], edition.rows("pegawai"), edition.year,
        until=end.isoformat(), words=edition.config.competence_words,
    )  # fmt: skip
    if not len(found) or not found["needs"].iloc[0]:
        return
    line = found.iloc[0]
    edition.say(
        "training.lead", n=labels.integer(line["needs"]), undated=labels.integer(line["undated"]),
        answered=labels.percent(line["share_answered"]), days=labels.number(line["median_days"], 0),
        soon=labels.percent(line["share_soon"]), date=labels.date(end),
    )  # fmt: skip


def _supply(edition: Edition) -> None:
    """What an hour costs, and which certificates run out."""
    labels = edition.labels
    cost = training_cost(_own_trainings(edition), edition.year)
    if len(cost) and cost["priced"].iloc[0]:
        edition.say(
            "training.cost", share=labels.percent(cost["share_priced"].iloc[0]),
            cost=labels.integer(cost["cost_per_jp"].iloc[0]), median=labels.integer(cost["median_per_jp"].iloc[0]),
        )  # fmt: skip
    elif len(cost):
        edition.say("training.no_cost")
    expiring(edition)


def expiring(edition: Edition) -> None:
    """Certificates that have run out, and those that do so within six and twelve months."""
    found = certificates_of(edition)
    if len(found) and found["stated"].iloc[0] >= edition.smallest:
        shown = {name: in_words(edition, found[name].iloc[0]) for name in found}
        edition.say(
            "training.certificates", stated=shown["stated"], expired=shown["expired"], six=shown["within_6"],
            twelve=shown["within_12"],
        )  # fmt: skip


@lru_cache(maxsize=4)
def certificates_of(edition: Edition) -> pd.DataFrame:
    """Certificates of the staff in scope at the end of the period; one row, or none."""
    return certificates(edition.tables["pelatihan"], edition.rows("pegawai"), edition.periode.end.isoformat())


def _plan(edition: Edition) -> tuple[pd.DataFrame, str]:
    """The programme as it is shown, and how many employees are short of hours."""
    small = edition.smallest
    owed = hours_due(edition)["owed"]
    plan = development_plan(
        gap_of(edition),
        edition.tables["pelatihan"],
        edition.rows("pegawai"),
        owed,
        edition.year,
        words=edition.config.competence_words,
    )
    listed = guarded(gap_of(edition)[gap_of(edition)["unmet"] > 0], small)
    safe = set(listed.loc[listed["unmet"].notna(), "kompetensi"])
    last = plan["quarter"] == 0
    plan = plan[(last & (plan["people"] >= small)) | plan["kompetensi"].isin(safe)]
    plan = pd.concat([plan[plan["quarter"] > 0].head(LONGEST), plan[plan["quarter"] == 0]], ignore_index=True)
    plan["planned_quarter"] = plan["quarter"].map(ROMAN)
    plan["million"] = plan["cost"] / 1e6
    names = {"people": "participants", "jp": "jp_each", "jp_total": "jp_all"}
    return plan.rename(columns=names), in_words(edition, int((owed > 0).sum()))
