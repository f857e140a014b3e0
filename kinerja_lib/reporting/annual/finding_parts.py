"""What the builders of findings share: a share that may be shown, and what a recommendation needs to know of it."""

from __future__ import annotations

from dataclasses import replace

from kinerja_lib.findings import Finding, Gate, finding_from_benchmark, finding_from_unsaid
from kinerja_lib.reporting.annual.bilingual import LABELS, Value, both, integer
from kinerja_lib.reporting.annual.edition import Edition


def shown_share(
    edition: Edition,
    topic: str,
    subject: tuple[str, str],
    count: int,
    n: int,
    benchmark: float,
    name: tuple[str, str],
) -> Finding:
    """A counted share beside a benchmark; unsaid where it would point at one to four people.

    ``evidence["reach"]`` are those who do not have it.
    """
    small = edition.smallest
    if any(0 < part < small for part in (count, n - count)):
        about = both("judged.share_about", subject=lambda labels: subject[labels.lang == "en"])
        return finding_from_unsaid(topic, about, [gate("shown", "judged.withheld", n=integer(small))])
    found = finding_from_benchmark(
        topic, subject, count, n, benchmark, name, census=True, minimum_group=small, labels=LABELS
    )
    return replaced(found, reach=float(n - count))


def replaced(finding: Finding, *, place: str = "", reach: float | None = None,
             details: dict[str, tuple[str, str]] | None = None) -> Finding:  # fmt: skip
    """A finding with its place in the report, the people it reaches, and what a recommendation may name."""
    evidence = dict(finding.evidence) | ({} if reach is None else {"reach": reach})
    return replace(
        finding,
        evidence=evidence,
        place=place or finding.place,
        details={**finding.details, **(details or {})},
    )


def gate(name: str, key: str, passed: bool = False, **values: Value) -> Gate:
    """A condition whose reason is a text of the catalogue."""
    return Gate(name, passed, float(passed), 1.0, *both(key, **values))
