"""H = I + Lambda Z'WZ Lambda of crossed random intercepts: solve, determinant, and the entries rows need.

The factor with most levels has a diagonal block D and is eliminated; what is left, S = B - C'D^-1 C, falls apart
into the connected components of the graph of levels that share rows, each a small dense Cholesky factor. Of
H^-1 only entries of levels that meet in a row are needed (for the derivative of log|H|), and those follow from
the blocks of S^-1. Blocks are kept one after the other in a flat array.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: entries of the blocks of S (800 MB), and pairs of levels that meet in a level of the largest factor
MOST_ENTRIES = 100_000_000
MOST_PAIRS = 50_000_000


@dataclass(frozen=True, eq=False)
class Pattern:
    """Where the entries lie; made once for a set of rows.

    ``codes`` are the factors' codes, the largest first; ``sizes`` their numbers of levels. Levels of the other
    factors are numbered through, component by component: ``rank`` (m,) is a level's place.
    """

    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]
    rank: Codes
    bounds: Codes
    block_starts: Codes
    n_entries: int
    diagonal: Codes
    meets: tuple[Codes, ...]
    meet_level: Codes
    meet_rank: Codes
    pair_a: Codes
    pair_b: Codes
    pair_flat: Codes
    rest_flat: dict[tuple[int, int], Codes]

    @property
    def n_rest(self) -> int:
        """Levels of all factors but the largest."""
        return len(self.rank)

    @classmethod
    def of(cls, codes: list[Codes], sizes: list[int]) -> Pattern:
        """The pattern of these factors, the largest first.

        Raises
        ------
        MemoryError
            Too many levels hang together; the caller says so in the user's words.
        """
        offsets = np.r_[0, np.cumsum(sizes[1:])].astype(np.int64)
        m, n1 = int(offsets[-1]), sizes[0]
        columns = [c + offset for c, offset in zip(codes[1:], offsets[:-1], strict=True)]
        order, bounds = _components(codes[0], columns, n1, m)
        rank = np.empty(m, dtype=np.int64)
        rank[order] = np.arange(m)
        block_sizes = np.diff(bounds)
        block_starts = np.r_[0, np.cumsum(block_sizes**2)]
        if block_starts[-1] > MOST_ENTRIES:
            raise MemoryError
        block = np.repeat(np.arange(len(block_sizes)), block_sizes)  # of a place
        place = np.arange(m) - bounds[block]

        def flat(a: Codes, b: Codes) -> Codes:
            return np.asarray(block_starts[block[a]] + place[a] * block_sizes[block[a]] + place[b])

        ranked = [rank[c] for c in columns]
        keys, inverse = np.unique(np.concatenate([codes[0] * m + r for r in ranked]), return_inverse=True)
        meets = tuple(part.astype(np.int64) for part in np.split(inverse, len(ranked)))
        level, neighbour = keys // m, keys % m
        pair_a, pair_b = _pairs(level, n1)
        rest = {
            (f, g): flat(ranked[f], ranked[g])
            for f in range(len(ranked))
            for g in range(len(ranked))
            if f != g
        }
        return cls(
            tuple(codes), tuple(sizes), rank, bounds, block_starts, int(block_starts[-1]),
            flat(np.arange(m), np.arange(m)), meets, level, neighbour, pair_a, pair_b,
            flat(neighbour[pair_a], neighbour[pair_b]), rest,
        )  # fmt: skip


def _components(first: Codes, columns: list[Codes], n1: int, m: int) -> tuple[Codes, Codes]:
    """The other levels in order of their components, and the edges of components in it."""
    rows = np.concatenate([first] * len(columns))
    others = np.concatenate(columns) + n1
    graph = sparse.coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, others)), shape=(n1 + m,) * 2)
    _, label = connected_components(graph, directed=False)
    own = np.unique(label[n1:], return_inverse=True)[1].astype(np.int64)
    order = np.argsort(own, kind="stable").astype(np.int64)
    return order, np.r_[0, np.cumsum(np.bincount(own))].astype(np.int64)


def _pairs(level: Codes, n1: int) -> tuple[Codes, Codes]:
    """All pairs of entries that lie in the same level of the largest factor (entries are sorted by it)."""
    counts = np.bincount(level, minlength=n1)
    if int((counts**2).sum()) > MOST_PAIRS:
        raise MemoryError
    starts = np.r_[0, np.cumsum(counts)[:-1]]
    own = counts[level]
    a = np.repeat(np.arange(len(level)), own)
    within = np.arange(len(a)) - np.repeat(np.r_[0, np.cumsum(own)[:-1]], own)
    return a, starts[level[a]] + within


class Curvature:
    """H at given weights (n,) and standard deviations (F,), factorised."""

    def __init__(self, pattern: Pattern, weights: Array, sigma: Array) -> None:
        self.pattern, self.sigma = pattern, sigma
        n1 = pattern.sizes[0]
        self.D = 1.0 + sigma[0] ** 2 * np.bincount(pattern.codes[0], weights, n1)
        self.C = np.zeros(len(pattern.meet_level))
        S = np.zeros(pattern.n_entries)
        offset = 0
        for f, (code, size) in enumerate(zip(pattern.codes[1:], pattern.sizes[1:], strict=True)):
            s = sigma[f + 1]
            self.C += np.bincount(pattern.meets[f], sigma[0] * s * weights, len(self.C))
            places = pattern.diagonal[pattern.rank[offset : offset + size]]
            S[places] += 1.0 + s * s * np.bincount(code, weights, size)
            for g in range(len(pattern.meets)):
                if g != f:
                    S += np.bincount(pattern.rest_flat[f, g], s * sigma[g + 1] * weights, pattern.n_entries)
            offset += size
        by_level = self.C / self.D[pattern.meet_level]
        S -= np.bincount(
            pattern.pair_flat, by_level[pattern.pair_a] * self.C[pattern.pair_b], pattern.n_entries
        )
        self.factors = []
        log_det = float(np.log(self.D).sum())
        for start, low, high in zip(
            pattern.block_starts[:-1], pattern.bounds[:-1], pattern.bounds[1:], strict=True
        ):
            size = int(high - low)
            L = linalg.cholesky(
                S[start : start + size * size].reshape(size, size), lower=True, check_finite=False
            )
            log_det += 2.0 * float(np.log(np.diag(L)).sum())
            self.factors.append(L)
        self.log_det = log_det

    def solve(self, r: list[Array]) -> list[Array]:
        """H^-1 r, a vector for each factor, the largest first."""
        p = self.pattern
        rest = np.empty(p.n_rest)
        rest[p.rank] = np.concatenate(r[1:])
        rest -= np.bincount(p.meet_rank, self.C * (r[0] / self.D)[p.meet_level], p.n_rest)
        for L, low, high in zip(self.factors, p.bounds[:-1], p.bounds[1:], strict=True):
            rest[low:high] = linalg.cho_solve((L, True), rest[low:high], check_finite=False)
        first = (r[0] - np.bincount(p.meet_level, self.C * rest[p.meet_rank], p.sizes[0])) / self.D
        return [first, *np.split(rest[p.rank], np.cumsum(p.sizes[1:])[:-1])]

    def inverse_entries(self) -> tuple[Array, Array, Array]:
        """Of H^-1: diagonal of the largest factor (n1,), entries where it meets the others, blocks of the rest."""
        p = self.pattern
        V = np.empty(p.n_entries)
        for start, L in zip(p.block_starts[:-1], self.factors, strict=True):
            inverse = linalg.cho_solve((L, True), np.eye(len(L)), check_finite=False)
            V[start : start + len(L) ** 2] = inverse.ravel()
        product = np.bincount(p.pair_b, self.C[p.pair_a] * V[p.pair_flat], len(self.C))
        across = -product / self.D[p.meet_level]
        own = (1.0 - np.bincount(p.meet_level, across * self.C, p.sizes[0])) / self.D
        return own, across, V

    def row_directions(self, own: Array, across: Array, V: Array) -> list[Array]:
        """(H^-1 z_i) at the row's own level of each factor, z_i the row's scaled indicator; (n,) each."""
        p, s = self.pattern, self.sigma
        first = s[0] * own[p.codes[0]]
        out = []
        offset = 0
        for f, (code, size) in enumerate(zip(p.codes[1:], p.sizes[1:], strict=True)):
            meeting = across[p.meets[f]]
            first += s[f + 1] * meeting
            diagonal = V[p.diagonal[p.rank[offset : offset + size]]]
            value = s[0] * meeting + s[f + 1] * diagonal[code]
            for g in range(len(p.meets)):
                if g != f:
                    value += s[g + 1] * V[p.rest_flat[f, g]]
            out.append(value)
            offset += size
        return [first, *out]

    def diagonals(self) -> list[Array]:
        """The diagonal of H^-1 by factor."""
        own, _, V = self.inverse_entries()
        rest = V[self.pattern.diagonal][self.pattern.rank]
        return [own, *np.split(rest, np.cumsum(self.pattern.sizes[1:])[:-1])]
