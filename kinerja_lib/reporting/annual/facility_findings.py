"""The facility index against the target and beside the other agencies', and the units that stay below it.

The index is counted from the asset book and the network, so where it lies is simply so. Whether an agency's lies
below the others' by more than they differ among themselves is a second ground, not a condition.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding, Level, finding_from_level, finding_from_unsaid
from kinerja_lib.indicators import facility_gaps, facility_summary
from kinerja_lib.models.standing import standing
from kinerja_lib.reporting.annual.bilingual import LABELS, Value, both, integer, listing, number
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_parts import gate, replaced
from kinerja_lib.reporting.annual.official import TARGET

NAMED = 3  # units that a recommendation names
CAUTION = 0.1  # the comparison is said beside a count and joins no family, so it has to stand among ten tests


def facility_findings(edition: Edition) -> list[Finding]:
    """One finding: on the agency where it stays below the target, else on its single units."""
    found = _facilities(edition)
    return [] if found is None else [found]


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
    below, p = _below_peers(edition)
    apart = below < 0 and p < edition.config.thresholds.alpha * CAUTION
    if apart:
        peers = both("judged.facility_peers", below=number(-below))
        more = (f"{more[0]} {peers[0]}".strip(), f"{more[1]} {peers[1]}".strip())
    level = Level(
        "fasilitas", both("judged.facility_index", body=edition.body), now.facilities, TARGET,
        both("judged.facility_target"), len(now.staff), more=more,
    )  # fmt: skip
    found = finding_from_level(level, minimum_group=edition.smallest, labels=LABELS)
    found = replace(found, evidence={**found.evidence, "grounds": 2.0 if apart else 1.0})
    if not names:
        return found
    details = {"units": both("judged.names", names=listing(names)), "target": both("judged.names", names=number(TARGET, 0)),
               "value": both("judged.names", names=number(now.facilities))}  # fmt: skip
    return replaced(found, reach=float(reach), details=details)


def _below_peers(edition: Edition) -> tuple[float, float]:
    """How far the agency's units lie from the others', and the one-sided p of lying so low; NaN where unknown."""
    panel = edition.rows("panel", edition.year, everyone=True).dropna(subset=["fasilitas_indeks"])
    units = panel.drop_duplicates(["instansi", "unit_kerja", "periode"])
    try:
        table = standing(
            units, "fasilitas_indeks", person="unit_kerja", controls=("periode",), lang=edition.lang
        )
    except ModelError:
        return math.nan, math.nan
    table = table.set_index("group")
    if edition.instansi not in table.index:
        return math.nan, math.nan
    row = table.loc[edition.instansi]
    half = float(row["p_value"]) / 2
    return float(row["difference"]), half if row["difference"] < 0 else 1 - half


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
