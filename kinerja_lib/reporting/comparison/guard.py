"""What of a comparison is withheld, so that no few persons follow from the whole and the other agencies, nor from two editions.

The figures of all agencies and of the government are published side by side, each with its counts: what is withheld of one
agency alone is their difference. Agencies are therefore withheld together, until all that follows from the others speaks of
``smallest`` persons or more, or of none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kinerja_lib.reporting.comparison.split import NAN, Change
from kinerja_lib.reporting.headline import PERSONS, besides, withheld_of

WHOLE = "all"


def guarded(name: str, changes: Mapping[str, Change], smallest: int) -> dict[str, Change]:
    """The changes of one figure, by agency and for the government (``all``), as they may be published.

    Parameters
    ----------
    name : str
        The figure; those of units are returned as they are.
    changes : mapping
        As ``split_change`` gives them with ``smallest=1``: nothing withheld yet.
    smallest : int

    Returns
    -------
    dict
    """
    if name not in PERSONS:
        return dict(changes)
    folded = _folded(changes, smallest)
    found = {code: _fold(change) if code in folded else change for code, change in changes.items()}
    old = withheld_of(
        name, {code: (one.published, one.stayed + one.left) for code, one in found.items()}, smallest
    )
    new = withheld_of(
        name, {code: (one.after, one.stayed + one.joined) for code, one in found.items()}, smallest
    )
    still = {code for code in folded if found[code].left < smallest and found[code].joined < smallest}
    moved = _moved_few(found, old | new | still, smallest)
    for code, change in found.items():
        if code in old:
            change = replace(change, published=NAN, before=NAN, method=NAN, revision=NAN)
        if code in new:
            change = replace(change, after=NAN)
        if code in old | new | moved:
            change = replace(change, real=NAN, population=NAN)
        found[code] = change
    return found


def _folded(changes: Mapping[str, Change], smallest: int) -> set[str]:
    """Where few persons' data were revised: the two editions of the year would differ by just them.

    The government's revision is folded with them where the few of all agencies together are few still.
    """
    agencies = {code for code, one in changes.items() if code != WHOLE and 0 < one.revised < smallest}
    together = sum(changes[code].revised for code in agencies)
    whole = WHOLE in changes and (0 < together < smallest or 0 < changes[WHOLE].revised < smallest)
    return agencies | ({WHOLE} if whole else set())


def _fold(change: Change) -> Change:
    """Revision counted with the change of population, and the figure on today's data not told."""
    return replace(change, before=NAN, revision=NAN, population=change.population + change.revision)


def _moved_few(changes: Mapping[str, Change], hidden: set[str], smallest: int) -> set[str]:
    """Where few stayed, left or joined: the mean change of those who stayed would show the others'.

    So would it show a folded revision where (nearly) all stayed.
    """

    def few(codes: set[str]) -> bool:
        counts = [
            sum(getattr(changes[code], kind) for code in codes) for kind in ("stayed", "left", "joined")
        ]
        return any(0 < count < smallest for count in counts)

    own = {code for code in changes if few({code})} | hidden
    sizes = {code: one.stayed + one.left + one.joined for code, one in changes.items()}
    return own | besides(own - {WHOLE}, sizes, few)
