"""Group of facilities of an asset, by the longest front of its code in ``asset_codes.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _fronts() -> Mapping[str, str]:
    text = files("kinerja_lib.cleaning").joinpath("asset_codes.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)["fronts"]
    return found


def facility_group(code: str, own: Mapping[str, str] | None = None) -> tuple[str | None, str]:
    """The group, or None and the reason ``kode_barang_tidak_dikenal``; ``own`` fronts go before the package's."""
    parts = code.strip().rstrip(".").split(".")
    for fronts in (own or {}, _fronts()):
        for size in range(len(parts), 0, -1):
            if (group := fronts.get(".".join(parts[:size]))) is not None:
                return group, ""
    return None, "kode_barang_tidak_dikenal"
