"""PANEL -> ESTIMATES. Draws nothing: a question (``ModelSpec``) and a frame give a frozen ``FitResult``.

Names are loaded on first use, so that importing this package costs nothing. A public function never bears the
name of a module of this package: the module would shadow it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.models.fitting import fit
    from kinerja_lib.models.result import FitResult
    from kinerja_lib.models.spec import ModelSpec

_HOMES = {
    "FitResult": "result",
    "ModelSpec": "spec",
    "fit": "fitting",
}

__all__ = [
    "FitResult",
    "ModelSpec",
    "fit",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
