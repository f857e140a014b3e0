"""Which columns a fixed-effects ordered logit can speak of: those that vary inside persons, beyond the periods.

All is looked at inside the persons whose outcome changes, since the others take no part.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from kinerja_lib.models.buc_report import absorbed_checks, vanished
from kinerja_lib.models.collinearity import require_full_rank
from kinerja_lib.models.conditional_logit import ConditionalData
from kinerja_lib.models.design import Design
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.result import Check
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: levels of a second effect (periods, say) beyond which it is not written out as indicators
MOST_INDICATORS = 100
#: share of a column's size below which what is left of it counts as nothing
_NOTHING = 1e-7


def identified(
    design: Design, data: ConditionalData, person: Grouping, spec: ModelSpec, lang: str
) -> tuple[Design, Array, tuple[Check, ...]]:
    """The design with the columns that have a coefficient, the indicators beside them, and what was left out.

    Raises
    ------
    ModelError
        An exposure does not vary inside persons (beyond the other effects); columns determine one another.
    """
    indicators = _indicators(design, person, lang)
    within = _Within(data, person)
    inside = within(indicators)
    keep_indicators = _independent(inside)
    indicators, inside = indicators[:, keep_indicators], inside[:, keep_indicators]
    left = within(design.X)
    if inside.shape[1]:
        left = left - inside @ np.linalg.lstsq(inside, left, rcond=None)[0]
    size = design.X.std(axis=0) * np.sqrt(len(left))
    found = np.linalg.norm(left, axis=0)
    keep = [j for j in range(len(found)) if found[j] > _NOTHING * max(float(size[j]), 1e-300)]
    lost = [name for j, name in enumerate(design.names) if j not in keep]
    for name in lost:
        term = next(t for t in spec.terms if name == t or name.startswith((f"{t}[", f"{t}:")))
        if term in spec.exposures or not keep:
            raise vanished(name, spec, lang)
    names = tuple(design.names[j] for j in keep)
    require_full_rank(np.asfortranarray(left[:, keep]), names, lang)
    encoding = Encoding(design.encoding.terms, design.encoding.levels, names, False)
    kept = replace(design, names=names, X=design.X[:, keep], encoding=encoding)
    return kept, indicators, absorbed_checks(lost, spec)


class _Within:
    """Columns of the rows that take part, less the means of their persons."""

    def __init__(self, data: ConditionalData, person: Grouping) -> None:
        self.rows = np.flatnonzero(data.informative[person.codes])
        self.codes = np.unique(person.codes[self.rows], return_inverse=True)[1]
        self.counts = np.bincount(self.codes).astype(np.float64)

    def __call__(self, columns: Array) -> Array:
        x = columns[self.rows]
        for j in range(x.shape[1]):
            x[:, j] -= (np.bincount(self.codes, x[:, j]) / self.counts)[self.codes]
        return x


def _independent(columns: Array) -> NDArray[np.int64]:
    """Positions of columns that do not follow from the others."""
    if not columns.shape[1]:
        return np.empty(0, dtype=np.int64)
    R, order = linalg.qr(columns, mode="r", pivoting=True)
    size = np.abs(np.diag(R))
    rank = int((size > _NOTHING * max(float(size[0]), 1e-300)).sum())
    return np.sort(order[:rank]).astype(np.int64)


def _indicators(design: Design, person: Grouping, lang: str) -> Array:
    """Indicators of the other effects' levels but the first, shape (n, columns)."""
    out = [np.empty((design.n, 0))]
    for effect in design.effects.values():
        if effect is person:
            continue
        if effect.size > MOST_INDICATORS:
            raise model_error(
                lang,
                f'Efek "{effect.name}" mempunyai {effect.size} tingkat; hanya satu efek besar yang dapat dikondisikan.',
                f'Effect "{effect.name}" has {effect.size} levels; only one large effect can be conditioned on.',
                (
                    f"Hapus {effect.name} dari effects, atau gabungkan tingkatnya.",
                    f"Leave {effect.name} out of effects, or merge its levels.",
                ),
            )
        out.append((effect.codes[:, None] == np.arange(1, effect.size)).astype(np.float64))
    return np.hstack(out)
