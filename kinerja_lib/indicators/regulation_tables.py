"""The tables of the regulations, each a TOML file beside the modules, with its source cited in it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def regulation(name: str) -> dict[str, Any]:
    """A regulation's table by file stem:

    ``predikat``, ``ip_asn``, ``angka_kredit``, ``follow_up``, ``rights``, ``competences``, ``obstacles`` …
    """
    text = files("kinerja_lib.indicators").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
