"""Kernel of the cumulative-link (ordered logit and probit) model: likelihood and derivatives by blocks.

Model: P(y <= k) = F(theta_k - x'beta), k = 1..K-1. With u = theta_k - x'beta (upper) and
l = theta_{k-1} - x'beta (lower), the logistic F gives the identity

    P(y = k) = F(u) (1 - F(l)) (1 - exp(theta_{k-1} - theta_k)),

so that a row needs one ``exp``, nothing cancels, and each row's second derivative is
-(F(u)(1-F(u)) + F(l)(1-F(l))): the likelihood is concave (Pratt 1981). Rows are regrouped by category once,
centred and scaled, in blocks that fit the cache. The sums of blocks add up, so that chunks of a file,
processes and Dask workers use the same functions.

Sources: McCullagh (1980), JRSS B 42:109-142; Pratt (1981), JASA 76:103-106.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from kinerja_lib.models.cumulative_links import Block, logit_block, probit_block

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Link = Literal["logit", "probit"]

BLOCK_ROWS = 8192


class CumulativeSums(NamedTuple):
    """Log-likelihood, gradient (m,) and Hessian (m, m) at one point; m = K - 1 thresholds + p slopes."""

    loglik: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True)
class CategoryBlocks:
    """Rows of an ordered outcome, regrouped by category.

    Attributes
    ----------
    counts : array (K,)
        Sum of weights in each category.
    center, scale : array (p,)
        The columns are held as ``(x - center) / scale``; thresholds and slopes here are on that scale.
    """

    counts: Array
    center: Array
    scale: Array
    blocks: tuple[Block, ...]
    rows: int

    @classmethod
    def from_arrays(
        cls,
        x: Array,
        y: Codes,
        n_categories: int,
        weights: Array | None = None,
        *,
        center: Array | None = None,
        scale: Array | None = None,
    ) -> CategoryBlocks:
        """Regroup one chunk: ``x`` (n, p) without a constant, ``y`` (n,) codes 0..K-1, ``weights`` (n,)."""
        return cls.from_chunks([(x, y, weights)], n_categories, center=center, scale=scale)

    @classmethod
    def from_chunks(
        cls,
        chunks: Iterable[tuple[Array, Codes, Array | None]],
        n_categories: int,
        *,
        center: Array | None = None,
        scale: Array | None = None,
    ) -> CategoryBlocks:
        """Regroup chunk by chunk (say the row groups of a Parquet file), holding one copy of the rows.

        The centre and scale of the first chunk serve for all: they only have to be near the middle, the
        results are put back on the original scale exactly.
        """
        counts = np.zeros(n_categories)
        blocks: list[Block] = []
        rows = 0
        for x, y, weights in chunks:
            if center is None or scale is None:
                center, scale = standardisation(x)
            counts += np.bincount(y, weights, n_categories)
            blocks.extend(_regroup(x, y, n_categories, weights, center, scale))
            rows += len(y)
        if center is None or scale is None:
            raise ValueError("no chunk")
        return cls(counts, center, scale, tuple(blocks), rows)

    def sums(self, theta: Array, beta: Array, link: Link = "logit") -> CumulativeSums:
        """Log-likelihood, gradient and Hessian at thresholds ``theta`` (K-1,) and slopes ``beta`` (p,)."""
        size = len(theta) + len(beta)
        loglik, gradient, hessian = 0.0, np.zeros(size), np.zeros((size, size))
        of_block = logit_block if link == "logit" else probit_block
        for block in self.blocks:
            loglik += of_block(block, theta, beta, gradient, hessian)
        split = len(theta)
        hessian[split:, :split] = hessian[:split, split:].T
        return CumulativeSums(loglik, gradient, hessian)

    def sample(self, rows: int) -> CategoryBlocks:
        """About ``rows`` rows, evenly from every block: a cheap problem with nearly the same optimum."""
        step = max(1, self.rows // max(rows, 1))
        if step == 1:
            return self
        picked = tuple(_thin(block, step) for block in self.blocks)
        counts = np.zeros_like(self.counts)
        for block in picked:
            counts[block.category] += block.total
        return CategoryBlocks(
            counts, self.center, self.scale, picked, sum(block.design.shape[1] for block in picked)
        )


def combine(parts: Sequence[CumulativeSums]) -> CumulativeSums:
    """Add the sums of several pieces of a data set."""
    return CumulativeSums(
        float(sum(part.loglik for part in parts)),
        np.sum([part.gradient for part in parts], axis=0),
        np.sum([part.hessian for part in parts], axis=0),
    )


def standardisation(x: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each column of ``x`` (n, p); 1 for a constant column."""
    if not len(x):
        return np.zeros(x.shape[1]), np.ones(x.shape[1])
    center = x.mean(axis=0)
    part = x if len(x) <= 40_000 else np.asfortranarray(x[:: len(x) // 20_000])
    scale = part.std(axis=0)
    return center, np.where(scale > 1e-12 * np.maximum(1.0, np.abs(center)), scale, 1.0)


def _regroup(
    x: Array, y: Codes, n_categories: int, weights: Array | None, center: Array, scale: Array
) -> Iterator[Block]:
    inverse = (1.0 / scale)[:, None]
    shift = (center / scale)[:, None]
    for k in range(n_categories):
        index = np.flatnonzero(y == k)
        for start in range(0, len(index), BLOCK_ROWS):
            rows = index[start : start + BLOCK_ROWS]
            design = np.empty((x.shape[1] + 1, len(rows)))
            design[0] = 1.0
            np.multiply(x[rows].T, inverse, out=design[1:])
            design[1:] -= shift
            yield Block(k, design, None if weights is None else weights[rows])


def _thin(block: Block, step: int) -> Block:
    return Block(
        block.category,
        np.ascontiguousarray(block.design[:, ::step]),
        None if block.weights is None else block.weights[::step],
    )
