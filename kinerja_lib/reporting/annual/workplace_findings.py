"""Facilities against the target, and what training, facilities and leadership go together with.

The index is counted from the asset book and the network, so where it lies is simply so; what goes together with
it is the models' to say, on the whole government's panel and through the gates of ``findings``.
"""

from __future__ import annotations

from dataclasses import replace

from kinerja_lib.findings import (
    Claim,
    Finding,
    Limits,
    finding_from_fit,
    finding_from_unsaid,
)
from kinerja_lib.reporting.annual.bilingual import LABELS, both, integer, listing
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import estimates
from kinerja_lib.reporting.annual.facts import facts, meets_jp
from kinerja_lib.reporting.annual.finding_parts import gate, replaced, shown_share
from kinerja_lib.reporting.annual.official import FACILITIES
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
    """Hours of training, and the relations that the models may or may not bear out."""
    found = [_hours(edition), *(one for claim in CLAIMS for one in relations(edition, claim))]
    return [finding for finding in found if finding is not None]


def relations(edition: Edition, claim: Claim) -> list[Finding]:
    """``relation``, and for a property of units the lasting differences between units of the same agency."""
    found = [relation(edition, claim)]
    if found[0].contrast and (between := unit_relation(edition, claim.term, "antar")) is not None:
        reach = float(len(facts(edition, edition.year).staff))
        found.append(
            replaced(between, details=_lowest_leaders(edition) if claim is LEADERSHIP else None, reach=reach)
        )
    return found


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
