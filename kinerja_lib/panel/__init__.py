"""TABLES -> EMPLOYEE × QUARTER. Invents nothing: each value stands in a table or follows by a formula.

``build_panel(tables)`` gives ``PanelResult(panel, coverage)``; ``facility_index``, ``leadership_index`` and
``survey_index`` are the unit formulas. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.panel.build import PanelOptions, PanelResult, build_panel
    from kinerja_lib.panel.survey import survey_index
    from kinerja_lib.panel.workplace import facility_index, leadership_index

_HOMES = {
    "PanelOptions": "build",
    "PanelResult": "build",
    "build_panel": "build",
    "facility_index": "workplace",
    "leadership_index": "workplace",
    "survey_index": "survey",
}

__all__ = ["PanelOptions", "PanelResult", "build_panel", "facility_index", "leadership_index", "survey_index"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
