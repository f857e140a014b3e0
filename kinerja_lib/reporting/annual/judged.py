"""All findings of one report: made by each chapter's builder, judged together, ranked, and told where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from kinerja_lib.findings import Finding, Recommendation, rank, recommend, stand_together
from kinerja_lib.reporting.annual.bilingual import LABELS
from kinerja_lib.reporting.annual.edition import Edition

#: where the report shows what a finding rests on
PLACES = {
    "distribusi_predikat": "bab-distribusi",
    "kelonggaran_penilai": "bab-distribusi",
    "kelengkapan_penilaian": "bab-distribusi",
    "pembinaan": "bab-distribusi",
    "hak_pelatihan": "bab-pelatihan",
    "pelatihan_kinerja": "bab-pelatihan",
    "fasilitas": "bab-fasilitas",
    "fasilitas_unit": "bab-fasilitas",
    "fasilitas_kinerja": "bab-fasilitas",
    "kepemimpinan": "bab-pimpinan",
    "keadilan_penghargaan": "bab-penghargaan",
    "kendala_tugas": "bab-laporan-tugas",
    "laporan_akhir": "bab-laporan-tugas",
    "layanan": "bab-layanan",
    "layanan_kinerja": "bab-layanan",
    "rapat_terlaksana": "bab-pimpinan",
    "penghargaan_konsisten": "bab-penghargaan",
    "pembinaan_terlaksana": "bab-penghargaan",
    "pemusatan_predikat": "bab-distribusi",
}


def builders() -> tuple[Callable[[Edition], list[Finding]], ...]:
    """What makes the findings of each part; a new chapter adds its own here.

    Imported here, as chapters show what was judged and so import this module themselves.
    """
    from kinerja_lib.reporting.annual.appraisal_findings import appraisal_findings
    from kinerja_lib.reporting.annual.awareness_findings import awareness_findings
    from kinerja_lib.reporting.annual.coaching import coaching_findings
    from kinerja_lib.reporting.annual.end_reports import end_report_findings
    from kinerja_lib.reporting.annual.facility_findings import facility_findings
    from kinerja_lib.reporting.annual.fairness_findings import fairness_findings
    from kinerja_lib.reporting.annual.leaders import leadership_findings
    from kinerja_lib.reporting.annual.outcome_findings import outcome_findings
    from kinerja_lib.reporting.annual.rater_use import rater_use_findings
    from kinerja_lib.reporting.annual.rewards import rewards_findings
    from kinerja_lib.reporting.annual.service_quality import service_findings
    from kinerja_lib.reporting.annual.training_findings import training_findings
    from kinerja_lib.reporting.annual.workplace_findings import workplace_findings

    return (
        appraisal_findings,
        workplace_findings,
        facility_findings,
        fairness_findings,
        outcome_findings,
        end_report_findings,
        training_findings,
        awareness_findings,
        rewards_findings,
        coaching_findings,
        leadership_findings,
        service_findings,
        rater_use_findings,
    )


@lru_cache(maxsize=4)
def judged(edition: Edition) -> tuple[Finding, ...]:
    """The report's findings: strongest evidence first, the scope's own before those of the whole government's models,
    then by the people reached; the unsaid ones last.

    All tests of the report are one family (Benjamini & Hochberg 1995).
    """
    made = [finding for build in builders() for finding in build(edition)]
    placed = [replace(f, place=f.place or PLACES.get(f.topic, "")) for f in made]
    together = stand_together(placed, alpha=edition.config.thresholds.alpha, labels=LABELS)
    return tuple(sorted(together, key=rank))


def said(edition: Edition) -> list[Finding]:
    """What may be claimed, ranked: first what calls for something to be done."""
    carried = {id(found.finding) for found in advised(edition)}
    claims = [finding for finding in judged(edition) if finding.said]
    return sorted(claims, key=lambda finding: id(finding) not in carried)


def not_said(edition: Edition) -> list[Finding]:
    """What could not be concluded, once a topic, and only where nothing else was said about it."""
    topics = {finding.topic for finding in judged(edition) if finding.said}
    found: dict[str, Finding] = {}
    for finding in judged(edition):
        if finding.topic not in topics:
            found.setdefault(finding.topic, finding)
    return list(found.values())


@lru_cache(maxsize=4)
def advised(edition: Edition) -> tuple[Recommendation, ...]:
    """The recommendations that the findings carry, ranked as they are."""
    return recommend(judged(edition), str(edition.year), whole=edition.whole)
