"""A stream of random numbers that is the same on every platform and with every version of numpy.

Only the raw output of PCG64 is used, which numpy guarantees; everything else is made from it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Stream:
    """Random numbers for one purpose.

    Parameters
    ----------
    seed : int
        Seed of the whole sample.
    purpose : str
        What the numbers are for; another purpose gives other numbers, so one part can grow without
        changing the others.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *purpose.encode("utf-8")]))

    def uniform(self, *shape: int) -> Floats:
        """Numbers in (0, 1), of the given shape."""
        count = int(np.prod(shape)) if shape else 1
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64) >> np.uint64(11)
        return ((raw.astype(np.float64) + 0.5) * 2.0**-53).reshape(shape)

    def one(self) -> float:
        """One number in (0, 1)."""
        return float(self.uniform(1)[0])

    def normal(self, *shape: int) -> Floats:
        """Standard normal numbers (inverse distribution function)."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(*shape)), dtype=np.float64)

    def below(self, high: int, *shape: int) -> NDArray[np.int64]:
        """Integers 0 … high-1."""
        return np.floor(self.uniform(*shape) * high).astype(np.int64)

    def integer(self, low: int, high: int) -> int:
        """One integer, both ends included."""
        return low + int(self.one() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[int(self.one() * len(options))]

    def choose(self, shares: Sequence[float] | Floats, count: int) -> NDArray[np.int64]:
        """Positions 0 … len(shares)-1, each with its share."""
        edges = np.cumsum(np.asarray(shares, dtype=np.float64))
        return np.minimum(np.searchsorted(edges / edges[-1], self.uniform(count)), len(edges) - 1)

    def choose_rows(self, shares: Floats) -> NDArray[np.int64]:
        """One position for each row of a matrix of shares, shape (n, k)."""
        edges = np.cumsum(shares, axis=1)
        draws = self.uniform(len(shares))[:, None] * edges[:, -1:]
        return np.asarray((draws > edges[:, :-1]).sum(axis=1), dtype=np.int64)

    def poisson(self, rate: Floats) -> NDArray[np.int64]:
        """Counts by inversion, for small rates."""
        draws = self.uniform(*rate.shape)
        term = np.exp(-rate)
        total: Any = term.copy()
        count = np.zeros(rate.shape, dtype=np.int64)
        for k in range(1, 40):
            count += draws > total
            term = term * rate / k
            total = total + term
        return count
