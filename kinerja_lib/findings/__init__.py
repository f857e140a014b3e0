"""ESTIMATES -> SENTENCES that may be said, through gates; what can't be said is named, with the reason.

``finding_from_fit(result, claim, …)``, ``finding_from_benchmark(…)`` and ``finding_from_change(…)`` give a
frozen ``Finding``; ``stand_together(findings)`` takes all
tests of one report as one family; ``recommend(findings, periode)`` gives the recommendations that the findings carry, and
no others.
"""

from kinerja_lib.findings.associations import Ranked, finding_from_ranks
from kinerja_lib.findings.benchmarks import finding_from_benchmark, finding_from_change
from kinerja_lib.findings.detectable import Precision
from kinerja_lib.findings.differences import Difference, finding_from_difference
from kinerja_lib.findings.families import stand_together
from kinerja_lib.findings.finding import STRENGTHS, Finding, Formatter, Gate, finding_from_unsaid
from kinerja_lib.findings.fits import DESIGNS, Claim, Limits, finding_from_fit
from kinerja_lib.findings.levels import Level, finding_from_level
from kinerja_lib.findings.recommendations import Recommendation, rank, recommend

__all__ = [
    "DESIGNS",
    "STRENGTHS",
    "Claim",
    "Difference",
    "Finding",
    "Formatter",
    "Gate",
    "Level",
    "Limits",
    "Precision",
    "Ranked",
    "Recommendation",
    "finding_from_benchmark",
    "finding_from_change",
    "finding_from_difference",
    "finding_from_fit",
    "finding_from_level",
    "finding_from_ranks",
    "finding_from_unsaid",
    "rank",
    "recommend",
    "stand_together",
]
