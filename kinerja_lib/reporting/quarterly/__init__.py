"""The quarterly report, section by section: what moved, what is missing, whom to coach, what training is owed.

Usage in a notebook::

    from kinerja_lib.reporting import quarterly

    edition = quarterly.open_quarter(instansi, periode, lang, project)
    quarterly.cover(edition)
    quarterly.summary(edition)
"""

from kinerja_lib.reporting.annual.opening import signature
from kinerja_lib.reporting.quarterly.coaching import coaching
from kinerja_lib.reporting.quarterly.coverage import missing_appraisals
from kinerja_lib.reporting.quarterly.facts import open_quarter
from kinerja_lib.reporting.quarterly.follow_up import follow_up
from kinerja_lib.reporting.quarterly.movement import movement
from kinerja_lib.reporting.quarterly.opening import cover, summary
from kinerja_lib.reporting.quarterly.owed import training_owed

__all__ = [
    "coaching",
    "cover",
    "follow_up",
    "missing_appraisals",
    "movement",
    "open_quarter",
    "signature",
    "summary",
    "training_owed",
]
