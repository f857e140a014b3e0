"""The data quality report: what came, how good it is, what moved since last time, and what is asked of whom.

Usage in a notebook::

    from kinerja_lib.reporting import quality

    delivery = quality.open_quality(instansi, periode, lang, project)
    quality.cover(delivery)
    quality.summary(delivery)
"""

from kinerja_lib.reporting.quality.dimensions import dimensions, timeliness
from kinerja_lib.reporting.quality.drifting import drifting
from kinerja_lib.reporting.quality.facts import Quality, open_quality
from kinerja_lib.reporting.quality.opening import cover, summary
from kinerja_lib.reporting.quality.received import reasons, received
from kinerja_lib.reporting.quality.requests import every_file, requested
from kinerja_lib.reporting.quality.trend import trend

__all__ = [
    "Quality",
    "cover",
    "dimensions",
    "drifting",
    "every_file",
    "open_quality",
    "reasons",
    "received",
    "requested",
    "summary",
    "timeliness",
    "trend",
]
