"""The columns of a sheet's parts: its distinct facts, its distinct people, columns of their own, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.cleaning.appraisals import score_classes
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.evidence import Evidence
from kinerja_lib.cleaning.repeats import SCORE, Part, with_scores
from kinerja_lib.cleaning.units import Register
from kinerja_lib.schema.fields import table

PEOPLE = ("id_pegawai", "id_penilai")
_STORED = ("sumber", "baris_sumber")


@dataclass(frozen=True)
class Cleaned:
    """Cleaned columns of a sheet's rows, or of its distinct rows; ``of`` says which of them each row is."""

    columns: Columns
    of: NDArray[np.int64]
    fields: Sequence[str]


def cleaned(parts: Sequence[Part], register: Register, key: bytes, evidence: Evidence) -> list[Cleaned]:
    """The columns of a sheet's parts by their rules; the facts take only the class of a score into account."""
    found = {part.holds: _cleaned(part, register, key, evidence) for part in parts if part.holds != "facts"}
    for part in parts:
        if part.holds == "facts":
            score = next((other for other in parts if other.holds == SCORE), None)
            if score is not None:
                classes = score_classes(found[SCORE].columns.values[SCORE])
                part = with_scores(part, score, classes)
            found["facts"] = _cleaned(part, register, key, evidence)
    return [found[part.holds] for part in parts]


def _cleaned(part: Part, register: Register, key: bytes, evidence: Evidence) -> Cleaned:
    declared = [name for name in table(part.raw.table).columns if name not in _STORED]
    if part.holds == "facts":
        declared = [name for name in declared if name not in (*PEOPLE, *part.apart)]
    elif part.holds == "people":
        declared = [name for name in declared if name in PEOPLE]
    elif part.holds != "all":
        declared = [part.holds]
    columns = Columns(part.raw, register, key, evidence, part.weights, part.holds)
    columns.decisions = [one for one in columns.decisions if one[0] not in part.apart]
    return Cleaned(columns, part.of, declared)
