"""The annual report, chapter by chapter: each function shows its part of an ``Edition``.

Usage in a notebook::

    from kinerja_lib.reporting import annual

    edition = annual.open_edition(instansi, periode, lang, project)
    annual.cover(edition)
    annual.summary(edition)
"""

from kinerja_lib.reporting.annual.answers import answers
from kinerja_lib.reporting.annual.appendix import appendix
from kinerja_lib.reporting.annual.conclusions import conclusions
from kinerja_lib.reporting.annual.conditions import awareness, facilities
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.evidence import data, models
from kinerja_lib.reporting.annual.hours import training
from kinerja_lib.reporting.annual.leaders import leadership
from kinerja_lib.reporting.annual.opening import cover, scope, signature
from kinerja_lib.reporting.annual.outcomes import ip_asn, project_reports, rewards_sanctions
from kinerja_lib.reporting.annual.predicates import distribution
from kinerja_lib.reporting.annual.service_quality import service
from kinerja_lib.reporting.annual.summary import summary
from kinerja_lib.reporting.annual.task_clarity import tasks

__all__ = [
    "Edition",
    "answers",
    "appendix",
    "awareness",
    "conclusions",
    "cover",
    "data",
    "distribution",
    "facilities",
    "ip_asn",
    "leadership",
    "models",
    "open_edition",
    "project_reports",
    "rewards_sanctions",
    "scope",
    "service",
    "signature",
    "summary",
    "tasks",
    "training",
]
