"""Reason codes of the ledger and the decisions, in words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def reasons() -> dict[str, dict[str, dict[str, str]]]:
    """All reasons by code, each with ``label`` and ``advice`` by language."""
    text = files("kinerja_lib.cleaning").joinpath("reasons.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    return found


def reason_label(code: str, lang: str = "id") -> str:
    """What a reason code means, in ``id`` or ``en``; KeyError for an unknown code."""
    return reasons()[code]["label"][lang]


def reason_advice(code: str, lang: str = "id") -> str:
    """What the office can do about it, in ``id`` or ``en``; KeyError for an unknown code."""
    return reasons()[code]["advice"][lang]
