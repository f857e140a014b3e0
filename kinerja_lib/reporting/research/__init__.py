"""The reports for researchers: each function shows its part of a question.

Usage in a notebook::

    from kinerja_lib.reporting import research

    edition = research.open_research(instansi, periode, lang, project)
    research.cover(edition, "training_effect")
    research.answer(edition, "training")

Questions: ``training``, ``facilities``, ``it_access``, ``leadership``.
"""

from kinerja_lib.reporting.research.climate import activities, climate
from kinerja_lib.reporting.research.dose import dose, spread_by_group
from kinerja_lib.reporting.research.evidence import diagnostics, estimated, method, replication
from kinerja_lib.reporting.research.fairness import fairness_answer
from kinerja_lib.reporting.research.fairness_tables import at_equal_performance, rates, within_strata
from kinerja_lib.reporting.research.fits import research_frame
from kinerja_lib.reporting.research.further import dose_within, facility_levels, lags, other_estimators
from kinerja_lib.reporting.research.like_treatment import like_cases_treated
from kinerja_lib.reporting.research.opening import answer, cover, open_research
from kinerja_lib.reporting.research.raters import (
    network,
    rater_checks_table,
    raters_answer,
    severity,
    sources_of_variation,
    use_of_scale,
)
from kinerja_lib.reporting.research.robustness import curve, sensitivity, without_each
from kinerja_lib.reporting.research.workplace import facility_map

__all__ = [
    "activities",
    "answer",
    "at_equal_performance",
    "climate",
    "cover",
    "curve",
    "diagnostics",
    "dose",
    "dose_within",
    "estimated",
    "facility_levels",
    "facility_map",
    "fairness_answer",
    "lags",
    "like_cases_treated",
    "method",
    "network",
    "open_research",
    "other_estimators",
    "rater_checks_table",
    "raters_answer",
    "rates",
    "replication",
    "research_frame",
    "sensitivity",
    "severity",
    "sources_of_variation",
    "spread_by_group",
    "use_of_scale",
    "within_strata",
    "without_each",
]
