"""The index page."""
from __future__ import annotations
from pathlib import Path
from typing import Any
def write_index(project: Any, periode: str) -> Path | None:
    return None
