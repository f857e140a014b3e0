"""The profile of a work unit in two pages, or of every unit of an agency, one after another.

Usage in a notebook::

    from kinerja_lib.reporting import unit_profile

    edition = unit_profile.open_profile(instansi, unit, periode, lang, project)
    unit_profile.cover(edition, unit)
    unit_profile.profiles(edition, unit)
"""

from kinerja_lib.reporting.unit_profile.facts import open_profile
from kinerja_lib.reporting.unit_profile.pages import cover, guide, profiles

__all__ = ["cover", "guide", "open_profile", "profiles"]
