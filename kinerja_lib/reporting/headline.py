"""The headline figures by name, and which of them are withheld; light, since the index page needs no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

    What points at few persons in some agencies would follow from the whole and the others; agencies are withheld
    besides, those with the fewest persons first, until what follows points at few persons no more.

    Parameters
    ----------
    figures : mapping
        As ``figures_by_agency`` gives them.
    smallest : int
    """
    found: dict[str, set[str]] = {}
    for name in PERSONS:
        entries = {code: own[name] for code, own in figures.items() if name in own}
        found[name] = withheld_of(
            name, {code: (entry["value"], int(entry["n"])) for code, entry in entries.items()}, smallest
        )
    return found


def withheld_of(name: str, entries: Mapping[str, tuple[float, int]], smallest: int) -> set[str]:
    """Agencies whose figure is not shown, of one figure given as value and number of persons; ``all`` is the whole."""
    entries = {code: (value, n) for code, (value, n) in entries.items() if n and value == value}
    hidden = {code for code, (value, n) in entries.items() if points_at_few(name, value, value, n, smallest)}

    def few(codes: set[str]) -> bool:
        n = sum(entries[code][1] for code in codes)
        value = sum(entries[code][0] * entries[code][1] for code in codes) / n if n else float("nan")
        return points_at_few(name, value, value, n, smallest)

    sizes = {code: n for code, (_, n) in entries.items()}
    return hidden | besides(hidden - {"all"}, sizes, few)


def besides(hidden: set[str], sizes: Mapping[str, int], few: Callable[[set[str]], bool]) -> set[str]:
    """The agencies withheld with those that others are taken out for: one alone, or few together, follow from the whole.

    Parameters
    ----------
    hidden : set of str
        Agencies that must not be shown.
    sizes : mapping
        Persons by agency; the smallest are added first.
    few : callable
        Whether what follows of a set of agencies, taken together, points at few persons.
    """
    chosen = set(hidden)
    others = sorted((n, code) for code, n in sizes.items() if n and code not in chosen | {"all"})
    while others and chosen and (len(chosen) == 1 or few(chosen)):
        chosen.add(others.pop(0)[1])
    return chosen
