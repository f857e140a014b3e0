"""The headline figures by name, and which of them are withheld; light, since the index page needs no more."""

from __future__ import annotations

from collections.abc import Mapping

#: name of each figure and whether it is a share (shown in percent) or a mean (shown as a number)
FIGURES: Mapping[str, bool] = {
    "good": True,
    "covered": True,
    "jp_share": True,
    "jp_mean": False,
    "facilities": False,
    "leadership": False,
    "ikm": False,
    "on_time": True,
    "ip_asn": False,
}
#: figures whose entities are persons; those of the others are units
PERSONS = frozenset({"good", "covered", "jp_share", "jp_mean", "ip_asn"})


def points_at_few(name: str, one: float, other: float, n: int, smallest: int) -> bool:
    """Whether a figure is of few persons, or a share that few make or miss."""
    if 0 < n < smallest:
        return True
    counts = [round(value * n) for value in (one, other) if value == value] if FIGURES.get(name) else []
    return any(0 < few < smallest for count in counts for few in (count, n - count))


def withheld(figures: Mapping[str, Mapping[str, Mapping[str, float]]], smallest: int) -> dict[str, set[str]]:
    """Agencies whose figure is not shown, by figure.

    Where a figure points at few persons in one agency only, it would follow from the whole and the others; the
    agency with the fewest persons among these is withheld as well.

    Parameters
    ----------
    figures : mapping
        As ``figures_by_agency`` gives them.
    smallest : int
    """
    found: dict[str, set[str]] = {}
    for name in PERSONS:
        entries = {code: own[name] for code, own in figures.items() if name in own}
        hidden = {
            code
            for code, entry in entries.items()
            if points_at_few(name, entry["value"], entry["value"], int(entry["n"]), smallest)
        }
        others = sorted((entry["n"], code) for code, entry in entries.items() if code not in hidden | {"all"})
        if len(hidden - {"all"}) == 1 and others:
            hidden.add(others[0][1])
        found[name] = hidden
    return found
