"""What a whole file proves about its dates and numbers: one column may stand on several sheets.

A sheet of forty rows often holds no day above the twelfth; the same column on the file's other sheets does. The
evidence of a column is therefore collected over all sheets of its file, and only there: another file may
come from another office. Where a column proves both ways of writing, it proves neither, and what can be read
two ways stays refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kinerja_lib.cleaning.dates import orders_seen
from kinerja_lib.cleaning.numbers import marks_seen
from kinerja_lib.schema.fields import field as declared
from kinerja_lib.schema.fields import fields
from kinerja_lib.schema.raw import RawTable

CONFLICT = "bertentangan"
_DATED = frozenset({"tempat_tanggal_lahir", "tanggal_pelatihan"})


@dataclass(frozen=True)
class Evidence:
    """For each file and raw column what was seen: ``dmy``/``mdy`` of dates, ``,``/``.`` of numbers."""

    seen: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def of(self, file: str, column: str) -> str:
        """What is proved; an empty text where nothing is, or where both ways were seen."""
        found = self.seen.get((file, column), frozenset())
        return next(iter(found)) if len(found) == 1 else ""

    def word(self, file: str, column: str) -> str:
        """The same as the decisions show it: ``-`` for nothing, ``bertentangan`` for both."""
        found = self.seen.get((file, column), frozenset())
        return CONFLICT if len(found) > 1 else next(iter(found), "-")


def collect(sheets: Iterable[RawTable]) -> Evidence:
    """The evidence of all date and number columns in these sheets, by file."""
    seen: dict[tuple[str, str], frozenset[str]] = {}
    for sheet in sheets:
        for column in sheet.frame.columns:
            kind = "date" if column in _DATED else declared(column).type if column in fields() else ""
            if kind == "date":
                found = orders_seen(sheet.frame[column])
            elif kind in ("integer", "number"):
                found = marks_seen(sheet.frame[column])
            else:
                continue
            place = (sheet.file, str(column))
            seen[place] = seen.get(place, frozenset()) | found
    return Evidence(seen)
