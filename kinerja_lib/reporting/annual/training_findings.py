"""What training shows: needs that were not met, proposals left waiting, certificates that run out, and IP ASN."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kinerja_lib.findings import Finding, finding_from_benchmark, finding_from_unsaid
from kinerja_lib.indicators import gap_summary, ip_asn_levers, ip_category, lead_times
from kinerja_lib.reporting.annual.bilingual import LABELS, both, category, integer, number, percent
from kinerja_lib.reporting.annual.competences import certificates_of, gap_of
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_parts import gate

SERVED = 0.80  # share of the needs that training should serve in a year: a choice of this project
PROMPT = 0.50  # share of the proposals that should be answered within 90 days: a choice of this project
HIGH = 80.0  # IP ASN up to this is not yet Tinggi (PermenPANRB 38/2018)
PLACE = "bab-pelatihan"


def training_findings(edition: Edition) -> list[Finding]:
    """Needs and offer, waiting, certificates, IP ASN."""
    made = (_gap(edition), _waiting(edition), _certificates(edition), _ip_asn(edition))
    return [found for found in made if found is not None]


def _gap(edition: Edition) -> Finding:
    """Needs of competence that no training served; coverage is an upper bound, so only too little can be said."""
    topic, about = "kesenjangan_kompetensi", both("skill.gap_about", body=edition.body)
    gap, small = gap_of(edition), edition.smallest
    gap = gap[gap["needed"] > 0]
    if not len(gap):
        return finding_from_unsaid(topic, about, [gate("needs", "skill.no_needs")])
    line = gap_summary(gap).iloc[0]
    needed, trained, unmet = (int(line[name]) for name in ("needed", "trained", "unmet"))
    few = needed < small or any(0 < part < small for part in (trained, unmet))
    known = int(line["named"]) == needed  # by person: the coverage is no bound
    gates = [
        gate("shown", "judged.withheld", not few, n=integer(small)),
        gate("bound", "skill.upper_bound", line["coverage"] < SERVED),
    ]
    if few or (line["coverage"] >= SERVED and not known):
        return finding_from_unsaid(topic, about, gates[:1] if few else gates)
    if known and line["coverage"] >= SERVED:
        return _served(topic, line)
    text = both(
        "skill.gap_exact" if known else "skill.gap", coverage=percent(line["coverage"]), trained=integer(trained), needed=integer(needed),
        target=percent(SERVED, 0),
    )  # fmt: skip
    most = gap.iloc[0]
    details = {"target": both("skill.value", value=percent(SERVED, 0))}
    if most["unmet"] >= small:
        more = both("skill.most", name=str(most["kompetensi"]), unmet=integer(most["unmet"]))
        text = (f"{text[0]} {more[0]}", f"{text[1]} {more[1]}")
        names = [str(name) for name in gap.loc[gap["unmet"] >= small, "kompetensi"].head(3)]
        details["names"] = both("skill.value", value=lambda labels: labels.listing(names))
    evidence = {"n": float(needed), "reach": float(unmet), "estimate": float(line["coverage"])}
    return Finding(topic, *text, "moderate", "below", evidence, tuple(gates), "census", PLACE, details)


def _served(topic: str, line: pd.Series) -> Finding:
    """Needs by person that training served well enough: said only where it is known who needed it."""
    text = both(
        "skill.served", coverage=percent(line["coverage"]), trained=integer(line["trained"]),
        needed=integer(line["needed"]), target=percent(SERVED, 0),
    )  # fmt: skip
    evidence = {
        "n": float(line["needed"]),
        "reach": float(line["trained"]),
        "estimate": float(line["coverage"]),
    }
    return Finding(topic, *text, "moderate", "above", evidence, (), "census", PLACE)


def _waiting(edition: Edition) -> Finding | None:
    """Proposed needs answered by a fitting training within 90 days."""
    found = lead_times(
        edition.rows("kebutuhan_kompetensi"),
        edition.tables["pelatihan"],
        edition.rows("pegawai"),
        edition.year,
        words=edition.config.competence_words,
    )
    if not len(found) or not found["followed"].iloc[0]:
        return None
    line = found.iloc[0]
    n, soon = int(line["followed"]), round(line["share_soon"] * line["followed"])
    made = finding_from_benchmark(
        "waktu_pelatihan", both("skill.waiting"), soon, n, PROMPT, both("skill.target"), census=True,
        minimum_group=edition.smallest, labels=LABELS,
    )  # fmt: skip
    return replace(made, design="census", place=PLACE, evidence={**made.evidence, "reach": float(n - soon)})


def _certificates(edition: Edition) -> Finding | None:
    """Certificates that have run out or do so within six months."""
    found, small = certificates_of(edition), edition.smallest
    if not len(found) or found["stated"].iloc[0] < small:
        return None
    line = found.iloc[0]
    stated, due = int(line["stated"]), int(line["expired"] + line["within_6"])
    if not due:
        return None
    if (
        due < small
        or any(0 < int(line[name]) < small for name in ("expired", "within_6"))
        or 0 < stated - due < small
    ):
        about = both("skill.certificates_about", body=edition.body)
        return finding_from_unsaid("sertifikat", about, [gate("shown", "judged.withheld", n=integer(small))])
    text = both(
        "skill.certificates", due=integer(due), stated=integer(stated), expired=integer(line["expired"]),
        unstated=percent(line["unstated"] / (line["unstated"] + stated)),
    )  # fmt: skip
    details = {"count": both("skill.value", value=integer(due))}
    evidence = {"n": float(stated), "reach": float(due), "estimate": due / stated}
    return Finding("sertifikat", *text, "moderate", "above", evidence, (), "census", PLACE, details)


def _ip_asn(edition: Edition) -> Finding | None:
    """The mean IP ASN with its category, and the way that raises it most for its hours."""
    now = facts(edition, edition.year)
    if pd.isna(now.ip_asn):
        return None
    levers = ip_asn_levers(edition.rows("pegawai"), edition.tables["pelatihan"], edition.year)
    levers = levers[(levers["lacking"] >= edition.smallest) & levers["gain_per_100_jp"].notna()]
    key = "skill.ip_asn_below" if now.ip_asn <= HIGH else "skill.ip_asn"
    text = both(
        key, value=number(now.ip_asn, 2), band=category(ip_category(now.ip_asn)), n=integer(len(now.staff))
    )
    details = {}
    if len(levers):
        best = levers.iloc[0]
        details["lever"] = both(
            "skill.value", value=lambda labels: labels.text(f"skill.lever_{best['lever']}")
        )
        more = both("skill.lever", lever=lambda labels: labels.text(f"skill.lever_{best['lever']}"),
                    gain=number(best["gain"], 2), people=integer(best["lacking"]), jp=integer(best["jp"]))  # fmt: skip
        text = (f"{text[0]} {more[0]}", f"{text[1]} {more[1]}")
        priced = levers.dropna(subset=["gain_per_100_million"])
        if len(priced):
            cheap = priced.loc[priced["gain_per_100_million"].idxmax()]
            more = both("skill.lever_cost", lever=lambda labels: labels.text(f"skill.lever_{cheap['lever']}"),
                        gain=number(cheap["gain_per_100_million"], 2))  # fmt: skip
            text = (f"{text[0]} {more[0]}", f"{text[1]} {more[1]}")
    lacking = float(levers["lacking"].iloc[0]) if len(levers) else float(len(now.staff))
    evidence = {"n": float(len(now.staff)), "reach": lacking, "estimate": now.ip_asn}
    direction = "below" if now.ip_asn <= HIGH else "above"
    return Finding("ip_asn", *text, "moderate", direction, evidence, (), "census", "bab-ip-asn", details)
