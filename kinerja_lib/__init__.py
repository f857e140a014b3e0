"""Research and reporting suite for the performance management of Indonesian civil servants (ASN).

The public names are loaded on first use, so that importing the package loads neither matplotlib, statsmodels
nor papermill.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.cleaning import clean
    from kinerja_lib.errors import KinerjaError
    from kinerja_lib.language import Labels
    from kinerja_lib.models import FitResult, ModelSpec, fit
    from kinerja_lib.panel import build_panel
    from kinerja_lib.reading import read_export
    from kinerja_lib.schema.periode import Periode
    from kinerja_lib.workflow import load_panel, load_table

_HOMES = {
    "FitResult": "kinerja_lib.models",
    "KinerjaError": "kinerja_lib.errors",
    "Labels": "kinerja_lib.language",
    "ModelSpec": "kinerja_lib.models",
    "Periode": "kinerja_lib.schema.periode",
    "build_panel": "kinerja_lib.panel",
    "clean": "kinerja_lib.cleaning",
    "fit": "kinerja_lib.models",
    "load_panel": "kinerja_lib.workflow",
    "load_table": "kinerja_lib.workflow",
    "read_export": "kinerja_lib.reading",
}

__version__ = "0.1.0"
__all__ = [
    "FitResult",
    "KinerjaError",
    "Labels",
    "ModelSpec",
    "Periode",
    "build_panel",
    "clean",
    "fit",
    "load_panel",
    "load_table",
    "read_export",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'kinerja_lib' has no attribute {name!r}") from None
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
