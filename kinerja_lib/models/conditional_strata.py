"""Conditional logit: likelihood of the rows that are 1 in a stratum, given how many of them there are.

With w_i = exp(x_i'beta), a stratum with m ones among n rows has log-likelihood sum(d_i x_i'beta) - log B_m, B_m
the elementary symmetric function of degree m. It follows from a recursion over rows,

    B_r <- B_r + w_i B_{r-1},

and its first and second derivatives from the same recursion, so that nothing is enumerated. Strata of like size
are worked on together; a stratum with more ones than zeros is turned round.

Sources: Chamberlain (1980), Rev. Economic Studies 47:225; Gail, Lubin & Rubinstein (1981), Biometrika 68:703.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: numbers that a piece of a batch may hold in its recursion: they should stay in the cache
_PIECE = 300_000
#: linear predictors above this are brought down to it before they are exponentiated
_LARGE = 30.0
#: rows of a stratum after which the recursion is brought back to a middle magnitude
_RESCALE = 64


class Strata(NamedTuple):
    """Strata of like size: positions of rows (G, n) with -1 as padding, outcome (G, n), ones (G,), owner (G,).

    ``sign`` is -1 where the stratum was turned round.
    """

    rows: Codes
    outcome: NDArray[np.bool_]
    ones: Codes
    owner: Codes
    sign: Array

    def part(self, start: int, stop: int, every: int = 1) -> Strata:
        """Some of the strata."""
        some = slice(start, stop, every)
        return Strata(self.rows[some], self.outcome[some], self.ones[some], self.owner[some], self.sign[some])


class ConditionalSums(NamedTuple):
    """Log-likelihood, gradient (p,), Hessian (p, p), and scores by owner (size, p) where asked for."""

    loglik: float
    gradient: Array
    hessian: Array
    scores: Array | None = None


@dataclass(frozen=True, eq=False)
class ConditionalData:
    """Columns ``X`` (n, p) and the strata that say something about them."""

    X: Array
    batches: tuple[Strata, ...]
    size: int

    @classmethod
    def of(cls, X: Array, outcomes: Iterable[NDArray[np.bool_]], codes: Codes, size: int) -> ConditionalData:
        """Strata ``codes`` (n,), once for each of ``outcomes`` (n,); strata without variation are left out."""
        order = np.argsort(codes, kind="stable").astype(np.int64)
        counts = np.bincount(codes, minlength=size)
        starts = np.r_[0, np.cumsum(counts)[:-1]]
        batches = []
        for outcome in outcomes:
            ones = np.bincount(codes, outcome, size).astype(np.int64)
            turned = 2 * ones > counts
            fewer = np.where(turned, counts - ones, ones)
            useful = np.flatnonzero(fewer > 0)
            if not len(useful):
                continue
            width, degree = _padded(counts[useful]), _padded(fewer[useful])
            for key in np.unique(width * (int(degree.max()) + 1) + degree):
                own = useful[(width * (int(degree.max()) + 1) + degree) == key]
                n = int(counts[own].max())
                place = np.arange(n)[None, :]
                inside = place < counts[own][:, None]
                rows = np.where(inside, order[np.minimum(starts[own][:, None] + place, len(order) - 1)], -1)
                sign = np.where(turned[own], -1.0, 1.0)
                values = (outcome[rows] != turned[own][:, None]) & inside
                batches.append(Strata(rows, values, fewer[own], own.astype(np.int64), sign))
        return cls(X, tuple(batches), size)

    @property
    def informative(self) -> NDArray[np.bool_]:
        """Which strata enter at all, shape (size,)."""
        found = np.zeros(self.size, dtype=bool)
        for batch in self.batches:
            found[batch.owner] = True
        return found

    def within_spread(self) -> Array:
        """Standard deviation of each column within the strata that enter, shape (p,)."""
        squares, rows = np.zeros(self.X.shape[1]), 0
        for batch in self.batches:
            for start in range(0, len(batch.rows), 20_000):
                x, inside = self._columns(batch.part(start, start + 20_000))
                squares += np.einsum("gnp,gnp->p", x, x)
                rows += int(inside.sum())
        return np.sqrt(squares / max(rows, 1))

    def sums(
        self, beta: Array, *, hessian: bool = True, scores: bool = False, every: int = 1
    ) -> ConditionalSums:
        """Log-likelihood and derivatives at ``beta`` (p,); ``every`` takes each so-manieth stratum only."""
        p = self.X.shape[1]
        loglik, gradient, bend = 0.0, np.zeros(p), np.zeros((p, p))
        by_owner = np.zeros((self.size, p)) if scores else None
        for batch in self.batches:
            width = (int(batch.ones.max()) + 1) * (1 + p + (p * (p + 1) // 2 if hessian else 0))
            step = max(1, _PIECE // width) * every
            for start in range(0, len(batch.rows), step):
                piece = batch.part(start, start + step, every)
                with np.errstate(all="ignore"):  # far out the sums are not finite, and the step is refused
                    ll, score, own = self._piece(piece, beta, hessian)
                loglik += float(ll.sum())
                gradient += score.sum(axis=0)
                bend += own
                if by_owner is not None:
                    by_owner[piece.owner] += score  # an owner has one stratum in a batch
        return ConditionalSums(loglik, gradient, -bend, by_owner)

    def _columns(self, piece: Strata) -> tuple[Array, NDArray[np.bool_]]:
        """Columns (G, n, p), centred within strata and turned where the stratum is; which rows are real."""
        inside = piece.rows >= 0
        x = self.X[piece.rows]
        x[~inside] = 0.0
        x -= (x.sum(axis=1) / inside.sum(axis=1)[:, None])[:, None, :]
        x[~inside] = 0.0
        x *= piece.sign[:, None, None]
        return x, inside

    def _piece(self, piece: Strata, beta: Array, hessian: bool) -> tuple[Array, Array, Array]:
        """Log-likelihood (G,), score (G, p), and information summed over strata (p, p)."""
        x, inside = self._columns(piece)
        e = x @ beta
        shift = np.maximum(e.max(axis=1) - _LARGE, 0.0)
        w = np.where(inside, np.exp(np.maximum(e - shift[:, None], -700.0)), 0.0)
        total, gradient, second, log_scale = _recursion(x, w, piece.ones, hessian)
        log_scale += shift * piece.ones
        mean = (gradient / total).T
        p = x.shape[2]
        bend = np.zeros((p, p))
        if second is not None:
            a, b = np.triu_indices(p)
            bend[a, b] = bend[b, a] = second @ (1.0 / total)
            bend -= mean.T @ mean
        chosen = np.einsum("gn,gnp->gp", piece.outcome.astype(np.float64), x)
        return chosen @ beta - np.log(total) - log_scale, chosen - mean, bend


def _padded(values: Codes) -> Codes:
    """Sizes rounded up to few different ones: exact to 12, then steps of about a sixth."""
    grid = [*range(13)]
    while grid[-1] < values.max():
        grid.append(int(np.ceil(grid[-1] * 7 / 6)))
    steps = np.array(grid, dtype=np.int64)
    return steps[np.searchsorted(steps, values)]


def _recursion(x: Array, w: Array, ones: Codes, second: bool) -> tuple[Array, Array, Array | None, Array]:
    """B_m (G,), its gradient (p, G), second derivatives (pairs, G), and the log of what was divided out.

    Strata lie along the last axis, so that each step is a sweep over contiguous numbers.
    """
    size, n, p = x.shape
    most = int(ones.max())
    pairs = list(zip(*np.triu_indices(p), strict=True)) if second else []
    D, V = np.zeros((most + 1, size)), np.zeros((p, most + 1, size))
    Q = np.zeros((len(pairs), most + 1, size))
    D[0] = 1.0
    log_scale = np.zeros(size)
    columns, weights = np.ascontiguousarray(x.transpose(1, 2, 0)), np.ascontiguousarray(w.T)
    for i in range(n):
        top = min(i + 1, most)
        xi, wi = columns[i], weights[i]
        for k, (a, b) in enumerate(pairs):
            grown = xi[b] * D[:top]
            grown += V[b, :top]
            grown *= xi[a]
            grown += xi[b] * V[a, :top]
            grown += Q[k, :top]
            grown *= wi
            Q[k, 1 : top + 1] += grown
        for j in range(p):
            grown = xi[j] * D[:top]
            grown += V[j, :top]
            grown *= wi
            V[j, 1 : top + 1] += grown
        D[1 : top + 1] += wi * D[:top]
        if i % _RESCALE == _RESCALE - 1:
            scale = D.max(axis=0)
            D /= scale
            V /= scale
            Q /= scale
            log_scale += np.log(scale)
    at = (ones, np.arange(size))
    return D[at], V[:, *at], (Q[:, *at] if second else None), log_scale
