"""Bab III, the official measures beside each topic: limits, moves, follow-up, gaps, levers, credit points.

Long because each official measure is one short function with its table.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import protect
from kinerja_lib.display import shown_table
from kinerja_lib.findings import Claim
from kinerja_lib.indicators import (
    credit_summary,
    facility_gaps,
    facility_summary,
    ip_asn_levers,
    limits_test,
    transitions,
)
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.judged import judged
from kinerja_lib.reporting.annual.measures import annual_predicates, organisation_predicate
from kinerja_lib.schema.predikat import PREDIKAT

TARGET = 60.0  # facility index below which a unit has a gap: a choice of this project, not of a regulation
LONGEST = 10  # units listed
FACILITIES = Claim(
    topic="fasilitas_kinerja",
    term="fasilitas_10",
    exposure=("indeks fasilitas", "the facility index"),
    outcome=("peluang berpredikat Baik ke atas", "the chance of a rating of Good or better"),
    design="fixed_effects",
    step=("tambahan 10 poin", "10 more points"),
    unit=("poin persentase", "percentage points"),
    digits=1,
)


def limits(edition: Edition) -> None:
    """The limits of SE MenPANRB 3/2023 for the organisation's own predicate, with exact binomial tests."""
    labels = edition.labels
    counts, hidden = annual_predicates(edition, edition.year)
    rows = []
    for place, code in enumerate(counts.index):
        organisation = organisation_predicate(edition, str(code))
        few = int(counts.iloc[place].sum()) < edition.smallest
        if organisation is None or few or not (edition.whole or code == edition.instansi):
            continue
        unseen = {name for number, name in enumerate(PREDIKAT) if hidden[place, number]}
        rows += _rules(edition, str(code), organisation, counts.iloc[place].to_dict(), unseen)
    if not rows:
        return
    texts = (
        ("instansi", "organisation", "rule", "verdict")
        if edition.whole
        else ("organisation", "rule", "verdict")
    )
    columns = dict.fromkeys(texts[:-1], "text") | {"share": "percent:1", "verdict": "text"}
    shown = shown_table(pd.DataFrame(rows), columns, labels)
    edition.say("official.limits_text")
    edition.doc.table(
        shown.frame, "batas-predikat", labels.text("official.limits_table", year=edition.year), small=True,
        left=texts, source=edition.source("penilaian", "organisasi"),
        note=labels.text("official.limits_note", n=edition.smallest), **shown.options(),
    )  # fmt: skip


def _rules(
    edition: Edition, code: str, organisation: str, counts: dict[str, int], unseen: set[str]
) -> list[dict[str, Any]]:
    """Each rule for one organisation: in words, the share there is, and whether it holds; a withheld share decides nothing."""
    labels, rows = edition.labels, []
    for rule in limits_test(counts, organisation, alpha=edition.config.thresholds.alpha).itertuples():
        names = rule.predikat.split(" + ")
        secret = bool(unseen & set(names))
        counted = rule.bound == "at_least_count"
        limit = labels.integer(rule.limit) if counted else labels.percent(rule.limit, 0)
        listed = labels.listing(map(labels.category, names))
        rows.append(
            {
                "instansi": edition.name(code),
                "organisation": labels.category(organisation),
                "rule": labels.text(f"official.{rule.bound}", names=listed, limit=limit),
                "share": np.nan if secret else rule.share,
                "verdict": labels.text("official.hidden" if secret else f"official.{rule.verdict}"),
            }
        )
    return rows


def moves(edition: Edition) -> None:
    """From which predicate to which, a quarter to the next."""
    labels = edition.labels
    found = transitions(edition.rows("panel", edition.year))
    if not len(found) or edition.rows("panel", edition.year)["id_pegawai"].nunique() < edition.smallest:
        return
    counts = found.pivot(index="from", columns="to", values="count").reindex(
        index=list(PREDIKAT), columns=list(PREDIKAT)
    )
    numbers = counts.fillna(0).to_numpy(dtype="int64")
    hidden = protect(numbers, edition.smallest).hidden[:-1, :-1]
    total = numbers.sum(axis=1, keepdims=True)
    shares = pd.DataFrame(
        np.where(hidden | (total == 0), np.nan, numbers / np.maximum(total, 1)), columns=list(PREDIKAT)
    )
    shares.insert(0, "from", [labels.category(name) for name in PREDIKAT])
    edition.doc.table(
        shares, "perpindahan", labels.text("official.moves", year=edition.year), small=True,
        headers={"from": labels.column("from"), **{name: labels.category(name) for name in PREDIKAT}},
        formats=dict.fromkeys(PREDIKAT, "percent:1"), source=edition.source("panel"),
        note=labels.text("official.moves_note", n=edition.smallest),
    )  # fmt: skip


def gaps(edition: Edition) -> None:
    """Units below the target index, and what closing the gap goes together with where the models carry it."""
    labels = edition.labels
    summary = facility_summary(edition.rows("panel", edition.year))
    found = facility_gaps(summary[summary["staff"] >= edition.smallest], target=TARGET)
    if not len(found):
        edition.say("official.no_gap", target=labels.number(TARGET, 0))
        return
    listed = found.head(LONGEST)
    frame = pd.DataFrame(
        {
            "instansi": [edition.name(code) for code in listed["instansi"]],
            "unit_kerja": [edition.name(code) for code in listed["unit_kerja"]],
            "staff": listed["staff"],
            "value": listed["fasilitas_indeks"],
            "gap": listed["gap"],
        }
    )
    columns = {
        "instansi": "text",
        "unit_kerja": "text",
        "staff": "integer",
        "value": "number:1",
        "gap": "number:1",
    }
    if not edition.whole:
        del columns["instansi"]
    # as the report judged it, so that no column claims what the conclusions leave open
    relation = next((one for one in judged(edition) if one.topic == FACILITIES.topic and one.said), None)
    said = relation is not None
    if relation is not None:
        for name, bound in (("goes_with", "estimate"), ("low", "ci_low"), ("high", "ci_high")):
            frame[name] = frame["gap"] / 10 * relation.evidence.get(bound, np.nan)
            columns[name] = "signed:1"
    shown = shown_table(frame, columns, labels)
    edition.say("official.gaps_text", n=labels.integer(len(found)), target=labels.number(TARGET, 0))
    edition.doc.table(
        shown.frame, "kesenjangan", labels.text("official.gaps", year=edition.year), small=True,
        source=edition.source("fasilitas"), left=[name for name, form in columns.items() if form == "text"],
        note=labels.text("official.gaps_note" if said else "official.gaps_unsaid", target=labels.number(TARGET, 0)),
        **shown.options(),
    )  # fmt: skip


def levers(edition: Edition) -> None:
    """What raises IP ASN most for the hours it takes."""
    labels = edition.labels
    found = ip_asn_levers(edition.rows("pegawai"), edition.tables["pelatihan"], edition.year)
    found = found[(found["lacking"] >= edition.smallest) | (found["lacking"] == 0)]
    if not len(found):
        return
    found = found.rename(columns={"jp": "jp_needed"})
    found["lever"] = [labels.text(f"official.lever_{name}") for name in found["lever"]]
    columns = {
        "lever": "text",
        "lacking": "integer",
        "gain": "number:2",
        "jp_needed": "integer",
        "gain_per_100_jp": "number:3",
    }
    if found["gain_per_100_million"].notna().any():
        columns["gain_per_100_million"] = "number:3"
    shown = shown_table(found, columns, labels)
    edition.doc.table(
        shown.frame, "pengungkit-ip", labels.text("official.levers", year=edition.year),
        source=edition.source("pegawai", "pelatihan"), note=labels.text("official.levers_note"), **shown.options(),
    )  # fmt: skip


def credits(edition: Edition) -> None:
    """Angka kredit of functional posts from the annual predicates (PermenPANRB 1/2023)."""
    labels = edition.labels
    found = credit_summary(edition.rows("penilaian"), edition.rows("pegawai"), edition.year)
    found = found[found["n"] >= edition.smallest]
    if not len(found):
        return
    columns = {"jenjang_jabatan": "text", "n": "integer", "mean": "number:2", "share_full": "percent:1"}
    full = found["share_full"] * found["n"]
    few = ((full > 0) & (full < edition.smallest)) | (
        (found["n"] - full > 0) & (found["n"] - full < edition.smallest)
    )
    shown = shown_table(found.assign(share_full=found["share_full"].mask(few)), columns, labels)
    edition.doc.table(
        shown.frame, "angka-kredit", labels.text("official.credits", year=edition.year),
        source=edition.source("penilaian", "pegawai"), note=labels.text("official.credits_note"), **shown.options(),
    )  # fmt: skip
