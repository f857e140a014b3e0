"""Which values of ``kinerja.toml`` make no sense: outside a range, no colour, no date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kinerja_lib.errors import Both

# section, key -> least and greatest value. In a group of two each knows the other's value, so three is the least.
_RANGES: Mapping[tuple[str, str], tuple[float, float]] = {
    ("privacy", "minimum_group"): (3, 1000),
    ("cleaning", "link_threshold"): (0.5, 1),
    ("thresholds", "jp_pns"): (0, 1000),
    ("thresholds", "jp_pppk"): (0, 1000),
    ("thresholds", "alpha"): (0.0001, 0.5),
    ("thresholds", "minimum_clusters"): (2, 10_000),
    ("thresholds", "minimum_df"): (1, 10_000),
    ("thresholds", "skp_on_time"): (0, 1),
    ("thresholds", "stagnation_periods"): (2, 40),
    ("thresholds", "stagnation_jp"): (0, 1000),
    ("thresholds", "report_days"): (0, 365),
    ("batch", "workers"): (0, 10_000),
    ("batch", "timeout"): (1, 1_000_000),
    ("batch", "memory_mb"): (0, 10_000_000),
}


def out_of_range(document: Mapping[str, Any]) -> list[str]:
    """A sentence for each value of a TOML document that makes no sense."""
    faults: list[str] = []
    for (section, key), (least, most) in _RANGES.items():
        value = _inside(document, section).get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and not least <= value <= most:
            faults.append(
                Both(
                    f"[{section}] {key}: {value} di luar {least:g} – {most:g}",
                    en=f"[{section}] {key}: {value} is outside {least:g} – {most:g}",
                )
            )
    heads = {"letterhead": _inside(document, "letterhead")}
    heads |= {f"instansi.{code}": own for code, own in _inside(document, "instansi").items()}
    for where, content in heads.items():
        if isinstance(content, Mapping):
            faults += _letterhead(where, content)
    return faults


def _inside(document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    content = document.get(section)
    return content if isinstance(content, Mapping) else {}


def _letterhead(where: str, content: Mapping[str, Any]) -> list[str]:
    faults: list[str] = []
    color, day = content.get("color"), content.get("date")
    if isinstance(color, str) and color and not re.fullmatch(r"#[0-9A-Fa-f]{6}", color):
        faults.append(
            Both(
                f"[{where}] color: {color!r} bukan warna seperti #1F4E79",
                en=f"[{where}] color: {color!r} is no colour such as #1F4E79",
            )
        )
    if isinstance(day, str) and day:
        try:
            date.fromisoformat(day)
        except ValueError:
            faults.append(
                Both(
                    f"[{where}] date: {day!r} bukan tanggal seperti 2026-01-31",
                    en=f"[{where}] date: {day!r} is no date such as 2026-01-31",
                )
            )
    return faults
