"""Facilities against the target, and what training, facilities and leadership go together with.

The index is counted from the asset book and the network, so where it lies is simply so; what goes together with
it is the models' to say, on the whole government's panel and through the gates of ``findings``.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kinerja_lib.findings import (
    Claim,
    Finding,
    Level,
    Limits,
    finding_from_fit,
    finding_from_level,
    finding_from_unsaid,
)
from kinerja_lib.indicators import facility_gaps, facility_summary
from kinerja_lib.reporting.annual.bilingual import LABELS, Value, both, integer, listing, number
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import estimates
from kinerja_lib.reporting.annual.facts import facts, meets_jp
from kinerja_lib.reporting.annual.finding_parts import gate, replaced, shown_share
from kinerja_lib.reporting.annual.official import FACILITIES, TARGET
from kinerja_lib.reporting.annual.unit_levels import unit_relation

DESIGN_OF = {
    "fixed_effects": "fixed_effects",
    "cross_section": "selection_on_observables",
}  # the stronger first
TRAINING = replace(
    FACILITIES, topic="pelatihan_kinerja", term="jp_10", margin=0.5,
    exposure=("pelatihan (JP dalam 12 bulan)", "training (JP in the last 12 months)"),
    step=("tambahan 10 JP", "10 more JP"),
)  # fmt: skip
LEADERSHIP = replace(
    FACILITIES,
    topic="kepemimpinan",
    term="kepemimpinan_10",
    exposure=("indeks kepemimpinan", "the leadership index"),
)
CLAIMS = (TRAINING, FACILITIES, LEADERSHIP)
NAMED = 3  # units that a recommendation names


def workplace_findings(edition: Edition) -> list[Finding]:
    """Facilities, hours of training, and the three relations that the models may or may not bear out."""
    found = [_facilities(edition), _hours(edition), *(relation(edition, claim) for claim in CLAIMS)]
    return [finding for finding in found if finding is not None]


def relation(edition: Edition, claim: Claim) -> Finding:
    """An exposure and the chance of a good predicate, from the strongest design that could be fitted.

    What is a property of the unit (facilities, the leader) is spoken of by the multilevel model only.
    """
    if claim is not TRAINING and (unit := unit_relation(edition, claim.term)) is not None:
        return replaced(unit, details=_lowest_leaders(edition) if claim is LEADERSHIP else None,
                        reach=float(len(facts(edition, edition.year).staff)))  # fmt: skip
    found = estimates(edition)
    name = next((key for key in DESIGN_OF if key in found), None)
    if name is None or claim.term not in found[name].terms:
        about = (f"apakah {claim.exposure[0]} berhubungan dengan {claim.outcome[0]}",
                 f"whether {claim.exposure[1]} is associated with {claim.outcome[1]}")  # fmt: skip
        return finding_from_unsaid(claim.topic, about, [gate("fitted", "judged.not_fitted")])
    bounds = edition.config.thresholds
    finding = finding_from_fit(
        found[name], replace(claim, design=DESIGN_OF[name]),
        limits=Limits(
            minimum_clusters=bounds.minimum_clusters, minimum_df=bounds.minimum_df, alpha=bounds.alpha
        ),
        labels=LABELS,
    )  # fmt: skip
    return replaced(finding, details=_lowest_leaders(edition) if claim is LEADERSHIP else None,
                    reach=float(len(facts(edition, edition.year).staff)))  # fmt: skip


def _facilities(edition: Edition) -> Finding | None:
    """The facility index of the scope against the target; where it reaches it, the single units that do not."""
    now = facts(edition, edition.year)
    summary = facility_summary(edition.rows("panel", edition.year))
    summary = summary[summary["staff"] >= edition.smallest]
    gaps = facility_gaps(summary, target=TARGET)
    reach = int(gaps["staff"].sum())
    names = [edition.name(code) for code in gaps["unit_kerja"].head(NAMED)]
    more = (
        both("judged.facility_lowest", n=integer(len(gaps)), names=_lowest(edition, gaps))
        if names
        else ("", "")
    )
    if edition.whole or not now.facilities < TARGET:
        return _single_units(edition, summary, gaps)
    level = Level(
        "fasilitas", both("judged.facility_index", body=edition.body), now.facilities, TARGET,
        both("judged.facility_target"), len(now.staff), more=more,
    )  # fmt: skip
    found = finding_from_level(level, minimum_group=edition.smallest, labels=LABELS)
    if not names:
        return found
    details = {"units": both("judged.names", names=listing(names)), "target": both("judged.names", names=number(TARGET, 0)),
               "value": both("judged.names", names=number(now.facilities))}  # fmt: skip
    return replaced(found, reach=float(reach), details=details)


def _single_units(edition: Edition, summary: pd.DataFrame, gaps: pd.DataFrame) -> Finding | None:
    """Where the whole reaches the target: how many units do not, and which are the lowest."""
    known = summary[summary["fasilitas_indeks"].notna()]
    if not len(known):
        about = both("judged.facility_about", target=number(TARGET, 0))
        return finding_from_unsaid("fasilitas", about, [gate("known", "judged.no_data")])
    evidence = {
        "n": float(known["staff"].sum()),
        "reach": float(gaps["staff"].sum()),
        "estimate": float(len(gaps)),
    }
    values = {"n": integer(len(known)), "target": number(TARGET, 0)}
    if not len(gaps):
        text = both("judged.facility_all", **values)
        return Finding("fasilitas_unit", *text, "moderate", "above", evidence, design="census")
    text = both("judged.facility_some", count=integer(len(gaps)), names=_lowest(edition, gaps), **values)
    details = {"units": both("judged.names", names=listing([edition.name(c) for c in gaps["unit_kerja"].head(NAMED)])),
               "target": both("judged.names", names=number(TARGET, 0))}  # fmt: skip
    if edition.whole:
        details["units"] = both("judged.names", names=listing(_with_agency(edition, gaps)))
    return Finding("fasilitas_unit", *text, "moderate", "below", evidence, design="census", details=details)


def _lowest(edition: Edition, gaps: pd.DataFrame) -> Value:
    """The lowest units with their index."""
    rows = list(zip(_with_agency(edition, gaps), gaps["fasilitas_indeks"].head(NAMED), strict=True))
    return lambda labels: labels.listing(f"{name} ({labels.number(value)})" for name, value in rows)


def _with_agency(edition: Edition, gaps: pd.DataFrame) -> list[str]:
    found = gaps.head(NAMED)
    if not edition.whole:
        return [edition.name(code) for code in found["unit_kerja"]]
    pairs = zip(found["unit_kerja"], found["instansi"], strict=True)
    return [f"{edition.name(unit)} {edition.name(agency)}" for unit, agency in pairs]


def _hours(edition: Edition) -> Finding | None:
    """PNS who reached the hours that are their right."""
    due = meets_jp(edition, facts(edition, edition.year).staff).dropna()
    if not len(due):
        return None
    hours = integer(edition.config.thresholds.jp_pns)
    return shown_share(
        edition, "hak_pelatihan", both("judged.hours", due=hours), int(due.sum()), len(due), 1.0,
        both("judged.hours_right"),
    )  # fmt: skip


def _lowest_leaders(edition: Edition) -> dict[str, tuple[str, str]]:
    """The units whose leadership index is lowest, of those with enough people."""
    panel = facts(edition, edition.year).panel
    group = panel["unit_kerja"].astype("str")
    means = panel["kepemimpinan_indeks"].astype("float64").groupby(group).mean().dropna()
    people = panel.groupby(group)["id_pegawai"].nunique().reindex(means.index)
    lowest = means[people >= edition.smallest].nsmallest(NAMED)
    if not len(lowest):
        return {}
    return {"units": both("judged.names", names=listing([edition.name(code) for code in lowest.index]))}
