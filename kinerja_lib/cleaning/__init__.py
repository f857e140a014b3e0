"""RAW FRAME -> TABLE. Joins nothing: values, codes, units, duplicates, and the account of every row.

``clean(raw, register=, key=)`` makes ``CleanResult(tables, ledger, accounting, decisions)``;
``Register.load`` reads the unit register. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.cleaning.corrections import load_corrections
    from kinerja_lib.cleaning.lineage import Harmonised, harmonise
    from kinerja_lib.cleaning.pipeline import CleanResult, clean
    from kinerja_lib.cleaning.reasons import reason_advice, reason_label
    from kinerja_lib.cleaning.units import Register

_HOMES = {
    "CleanResult": "pipeline",
    "Harmonised": "lineage",
    "Register": "units",
    "clean": "pipeline",
    "harmonise": "lineage",
    "load_corrections": "corrections",
    "reason_advice": "reasons",
    "reason_label": "reasons",
}

__all__ = [
    "CleanResult",
    "Harmonised",
    "Register",
    "clean",
    "harmonise",
    "load_corrections",
    "reason_advice",
    "reason_label",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
