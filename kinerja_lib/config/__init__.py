"""``kinerja.toml``: the project file a user edits. Read once, at the edge; unknown keys are refused.

Each section is a frozen dataclass (``sections``). ``starter.toml`` here is the documented file that ``kinerja new`` writes.
"""

from kinerja_lib.config.parse import FILE_NAME, load_config, parse_config, starter
from kinerja_lib.config.sections import (
    FORMATS,
    LANGUAGES,
    Config,
    FacilityWeightsSection,
    InstansiSection,
    LeadershipWeightsSection,
    PlanSection,
    SourceSection,
    ThresholdsSection,
)

__all__ = [
    "FILE_NAME",
    "FORMATS",
    "LANGUAGES",
    "Config",
    "FacilityWeightsSection",
    "InstansiSection",
    "LeadershipWeightsSection",
    "PlanSection",
    "SourceSection",
    "ThresholdsSection",
    "load_config",
    "parse_config",
    "starter",
]
