"""What came of it: assignments done in time and what stood in their way, service, staff who are to be coached."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kinerja_lib.findings import Finding, Level, finding_from_benchmark, finding_from_level
from kinerja_lib.reporting.annual.bilingual import LABELS, both, category, integer, number, percent
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import LATE, UNSUR, facts
from kinerja_lib.reporting.annual.finding_parts import replaced
from kinerja_lib.reporting.annual.obstacles import shares_of
from kinerja_lib.schema.fields import field

SERVED = 88.31  # lowest IKM of quality A (PermenPANRB 14/2017)
PUNCTUAL = 0.85  # share of assignments done in time: a choice of this project


def outcome_findings(edition: Edition) -> list[Finding]:
    """Assignments, service, coaching."""
    return [
        found for found in (_assignments(edition), _service(edition), _coaching(edition)) if found is not None
    ]


def main_obstacle(edition: Edition) -> tuple[str, float] | None:
    """The most frequent obstacle of the assignments, and its share of those that met one."""
    found = shares_of(edition)
    found = found[found["kelas_kendala"] != ""]
    if not len(found):
        return None
    return str(found["kelas_kendala"].iloc[0]), float(found["share"].iloc[0])


def _assignments(edition: Edition) -> Finding | None:
    status = edition.rows("laporan_tugas", edition.year)["status_tugas"].astype("str")
    done = status[status.isin(["Selesai", LATE])]
    if not len(done):
        return None
    # assignments are no people: none has to be withheld
    found = finding_from_benchmark(
        "kendala_tugas", both("judged.punctual"), int((done == "Selesai").sum()), len(done), PUNCTUAL,
        both("judged.punctual_limit"), census=True, minimum_group=1, labels=LABELS,
    )  # fmt: skip
    obstacle = main_obstacle(edition)
    details = {}
    if obstacle is not None:
        kind, share = category(obstacle[0]), percent(obstacle[1])
        details = {"kind": both("judged.obstacle", kind=kind, share=share)}
    late = edition.rows("laporan_tugas", edition.year).loc[status == LATE, "unit_kerja"]
    return replaced(found, reach=_staff_of(edition, late), details=details)


def _service(edition: Edition) -> Finding | None:
    rows = edition.rows("layanan", edition.year)
    now = facts(edition, edition.year)
    if not len(rows) or pd.isna(now.ikm):
        return None
    weights = rows["jumlah_responden"].astype("float64")
    means = {
        name: float((rows[name].astype("float64") * weights).sum() / weights[rows[name].notna()].sum())
        for name in UNSUR
    }
    lowest = min(means, key=lambda name: means[name])
    level = Level(
        "layanan", both("judged.ikm", body=edition.body), now.ikm, SERVED, both("judged.ikm_limit"),
        int(weights.sum()), digits=2,
    )  # fmt: skip
    found = finding_from_level(level, minimum_group=edition.smallest, labels=LABELS)
    element = both(
        "judged.element", name=lambda labels: field(lowest).label(labels.lang), value=number(means[lowest], 2)
    )
    own = (
        (rows[list(UNSUR)].astype("float64").mean(axis=1) * 25)
        .groupby(rows["unit_kerja"].astype("str"))
        .mean()
    )
    return replaced(found, reach=_staff_of(edition, own.index[own < SERVED]), details={"element": element})


def _staff_of(edition: Edition, units: Iterable[object]) -> float:
    """Staff of the year in some units."""
    staff = facts(edition, edition.year).staff
    return float(staff["unit_kerja"].astype("str").isin(set(map(str, units))).sum())


def _coaching(edition: Edition) -> Finding | None:
    """Annual predicates that call for coaching (PermenPANRB 6/2022)."""
    now = facts(edition, edition.year)
    if pd.isna(now.good):
        return None
    n = len(now.annual)
    low = round((1 - now.good) * n)
    if 0 < low < edition.smallest or n - low < edition.smallest or not low:
        return None
    text = both("judged.coaching", share=percent(low / n), count=integer(low), n=integer(n))
    evidence = {"n": float(n), "reach": float(low), "estimate": low / n}
    details = {"count": both("judged.names", names=integer(low))}
    return Finding("pembinaan", *text, "moderate", "above", evidence, design="census", details=details)
