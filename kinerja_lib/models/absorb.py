"""Fixed effects taken out exactly, without a dummy column.

One effect: deviations from its means. Several: the largest is eliminated analytically and the rest is one
symmetric system in cross-tabulated counts, so that an iteration costs the filled cells, not the rows.
Small systems are solved directly, large ones by conjugate gradients; one refinement follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse import linalg as sparse_linalg

from kinerja_lib.models.clustered import Segments
from kinerja_lib.models.grouping import Grouping

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_DIRECT = 1500
_TOLERANCE = 1e-13


def group_means(values: Array, codes: Codes, size: int, weights: Array | None = None) -> Array:
    """Weighted means by group, shape (size, p)."""
    total = np.bincount(codes, weights, size)
    out = np.empty((size, values.shape[1]))
    for j in range(values.shape[1]):
        column = values[:, j] if weights is None else values[:, j] * weights
        out[:, j] = np.bincount(codes, column, size) / total
    return out


class Absorber:
    """Removes a set of effects from columns; made once for a sample, used for all columns.

    Parameters
    ----------
    effects : sequence of Grouping
        One or more.
    weights : ndarray, shape (n,), optional
    """

    def __init__(self, effects: list[Grouping], weights: Array | None = None) -> None:
        self.effects = sorted(effects, key=lambda effect: -effect.size)
        self.weights = weights
        if len(self.effects) > 1:
            self._prepare()

    def __call__(self, columns: Array) -> Array:
        """Residuals of the columns, shape (n, p), on the effects. The argument is not changed."""
        if len(self.effects) == 1:
            return self._one(columns)
        centred = columns - columns.mean(axis=0)
        scale = np.sqrt(np.einsum("ij,ij->j", centred, centred) / len(columns))
        scale[scale == 0] = 1.0
        return self._remove(self._remove(centred / scale)) * scale

    def _one(self, columns: Array) -> Array:
        """Deviations from the means of a single effect, column by column, in column-major order."""
        effect, w = self.effects[0], self.weights
        segments = Segments(effect.codes, effect.size)
        total = segments.sum(np.ones(len(columns)) if w is None else w)
        out = np.empty(columns.shape, order="F")
        for j in range(columns.shape[1]):
            x = columns[:, j]
            np.subtract(x, (segments.sum(x if w is None else x * w) / total)[effect.codes], out=out[:, j])
        return out

    def _remove(self, columns: Array) -> Array:
        first = self.effects[0]
        rest = self._solve_rest(columns)
        out = columns - np.add.reduce(
            [part[effect.codes] for part, effect in zip(rest, self.effects[1:], strict=True)]
        )
        return out - group_means(out, first.codes, first.size, self.weights)[first.codes]

    def _prepare(self) -> None:
        first, rest = self.effects[0], self.effects[1:]
        n = len(first.codes)
        w = np.ones(n) if self.weights is None else self.weights
        offsets = np.cumsum([0] + [effect.size for effect in rest])
        stacked = sparse.hstack([_indicator(e, w) for e in rest]).tocsr()
        plain = sparse.hstack([_indicator(e, np.ones(n)) for e in rest]).tocsr()
        self.offsets = offsets
        self.cross = (_indicator(first, np.ones(n)).T @ stacked).tocsr()
        self.first_weight = np.bincount(first.codes, w, first.size)
        self.inner = (plain.T @ stacked).tocsr()
        self.direct = offsets[-1] <= _DIRECT
        if self.direct:
            reduced = self.inner - self.cross.T @ sparse.diags(1.0 / self.first_weight) @ self.cross
            values, vectors = np.linalg.eigh(reduced.toarray())
            keep = values > 1e-10 * values[-1]
            self.inverse = (vectors[:, keep] / values[keep]) @ vectors[:, keep].T

    def _solve_rest(self, columns: Array) -> list[Array]:
        first, rest = self.effects[0], self.effects[1:]
        w = self.weights
        sums = [_sums(columns, effect, w) for effect in rest]
        own = _sums(columns, first, w)
        right = np.vstack(sums) - self.cross.T @ (own / self.first_weight[:, None])
        if self.direct:
            solution = self.inverse @ right
        else:
            solution = np.column_stack([self._gradients(right[:, j]) for j in range(right.shape[1])])
        return np.split(solution, self.offsets[1:-1])

    def _gradients(self, right: Array) -> Array:
        size = len(right)

        def apply(x: Array) -> Array:
            return np.asarray(self.inner @ x - self.cross.T @ ((self.cross @ x) / self.first_weight))

        operator = sparse_linalg.LinearOperator((size, size), matvec=apply)
        jacobi = sparse.diags(1.0 / self.inner.diagonal())
        found, _ = sparse_linalg.cg(operator, right, rtol=_TOLERANCE, atol=0.0, maxiter=5000, M=jacobi)
        return np.asarray(found)


def _indicator(effect: Grouping, values: Array) -> sparse.csr_matrix:
    n = len(effect.codes)
    return sparse.csr_matrix((values, (np.arange(n), effect.codes)), shape=(n, effect.size))


def _sums(columns: Array, effect: Grouping, weights: Array | None) -> Array:
    out = np.empty((effect.size, columns.shape[1]))
    for j in range(columns.shape[1]):
        column = columns[:, j] if weights is None else columns[:, j] * weights
        out[:, j] = np.bincount(effect.codes, column, effect.size)
    return out


@dataclass(frozen=True)
class AbsorbedDf:
    """Degrees of freedom the effects use, the part of them nested in the clusters, and singleton rows."""

    total: int
    nested: int
    singletons: int


def absorbed_df(effects: list[Grouping], cluster: Grouping | None) -> AbsorbedDf:
    """Rank of the effects' dummies (with a constant).

    Exact for one effect (its levels) and for two (levels minus connected components of their graph); further
    effects are charged their levels minus one each, as reghdfe and fixest do. An effect is nested when each
    of its levels lies in one cluster; of nested effects one degree stays charged (the constant).
    """
    ordered = sorted(effects, key=lambda effect: -effect.size)
    total = ordered[0].size
    if len(ordered) > 1:
        total += ordered[1].size - _components(ordered[0], ordered[1])
        total += sum(effect.size - 1 for effect in ordered[2:])
    nested = 0
    if cluster is not None:
        inside = [effect for effect in ordered if is_nested(effect, cluster)]
        nested = sum(effect.size for effect in inside) - (len(inside) - 1) - 1 if inside else 0
        nested = min(nested, total - 1)
    singletons = np.zeros(len(ordered[0].codes), dtype=bool)
    for effect in ordered:
        singletons |= np.bincount(effect.codes, minlength=effect.size)[effect.codes] == 1
    return AbsorbedDf(int(total), int(nested), int(singletons.sum()))


def is_nested(inner: Grouping, outer: Grouping) -> bool:
    """Whether each value of ``inner`` occurs with one value of ``outer`` only."""
    seen = np.full(inner.size, -1, dtype=np.int64)
    seen[inner.codes] = outer.codes
    return bool((seen[inner.codes] == outer.codes).all())


def _components(a: Grouping, b: Grouping) -> int:
    graph = sparse.csr_matrix(
        (np.ones(len(a.codes)), (a.codes, a.size + b.codes)), shape=(a.size + b.size,) * 2
    )
    return int(csgraph.connected_components(graph, directed=False)[0])
