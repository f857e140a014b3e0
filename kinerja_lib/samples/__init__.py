"""Synthetic exports and tables of Pemerintah Rangkui, which does not exist, with known effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.samples.population import SAMPLE_KEY
    from kinerja_lib.samples.tables import Synthetic, synthetic_tables
    from kinerja_lib.samples.write import write_sample

__all__ = ["SAMPLE_KEY", "Synthetic", "synthetic_tables", "write_sample"]
_HOMES = {
    "SAMPLE_KEY": "population",
    "Synthetic": "tables",
    "synthetic_tables": "tables",
    "write_sample": "write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"kinerja_lib.samples.{_HOMES[name]}"), name)
