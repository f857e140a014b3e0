"""One row of a cumulative-link model and its derivatives, up to the third, as mixed models need them.

With u = theta_k - e (upper) and l = theta_{k-1} - e (lower), log P = log(F(u) - F(l)). Its derivatives by e
follow from those by the two thresholds, since moving e by -1 moves both by +1. For the logistic F

    log P = log F(u) + log(1 - F(l)) + log(1 - exp(theta_{k-1} - theta_k)),

so that the two thresholds separate, one ``exp`` a row serves both, and nothing cancels. ``shift`` is what the
random effects add to e, in the link's own form: ``link.native(shift)``.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.cumulative_links import probit_derivatives

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: linear predictors beyond this are probability 0 or 1 in double precision
FAR = 300.0


class RowTerms(NamedTuple):
    """log P, and by (upper, lower) threshold: its derivative, that of dlogP/de and that of d2logP/de2."""

    log_p: Array
    up1: Array
    low1: Array
    up2: Array
    low2: Array
    up3: Array
    low3: Array

    @property
    def d1(self) -> Array:
        """Derivative of log P by e."""
        return -(self.up1 + self.low1)

    @property
    def d2(self) -> Array:
        """Second derivative of log P by e (negative)."""
        return -(self.up2 + self.low2)

    @property
    def d3(self) -> Array:
        """Third derivative of log P by e."""
        return -(self.up3 + self.low3)


class BoundRows(Protocol):
    """Rows at given thresholds and fixed part of e; only the shift is open."""

    def two(self, shift: Any) -> tuple[Array, Array]:
        """First and second derivative of log P by e."""
        ...

    def first(self, shift: Any) -> tuple[Array, Array, Array]:
        """log P and its derivatives by the upper and the lower threshold."""
        ...

    def terms(self, shift: Any) -> RowTerms:
        """All that a gradient needs."""
        ...


class LinkRows(Protocol):
    """A link function: binds rows, and puts shifts in its own form."""

    def native(self, shift: Array) -> Array:
        """A shift of e in the form that the bound rows take."""
        ...

    def bind(self, theta: Array, e: Array, y: Codes) -> BoundRows:
        """Rows with codes ``y`` at thresholds ``theta`` (K-1,) and fixed part ``e`` (n,)."""
        ...


class _LogitRows:
    def __init__(self, theta: Array, e: Array, y: Codes) -> None:
        far = np.clip(theta, -FAR, FAR)
        odds = np.exp(np.clip(e, -FAR, FAR))
        gap = 1.0 / np.expm1(np.minimum(np.diff(theta), 2.0 * FAR))
        constant = np.r_[0.0, np.log(-np.expm1(-np.diff(theta))), 0.0]
        self.above = odds * np.r_[np.exp(-far), 0.0][y]  # (1 - F(u)) / F(u)
        self.below = np.r_[0.0, np.exp(far)][y] / odds  # F(l) / (1 - F(l))
        self.constant = constant[y]
        self.gap = np.r_[0.0, gap, 0.0][y]

    def two(self, shift: Array) -> tuple[Array, Array]:
        Fu = 1.0 / (1.0 + self.above * shift)
        tail = 1.0 / (1.0 + self.below / shift)
        d1 = Fu - tail
        Fu *= 1.0 - Fu
        tail *= 1.0 - tail
        Fu += tail
        return d1, -Fu

    def first(self, shift: Array) -> tuple[Array, Array, Array]:
        odds, tail_odds = self.above * shift, self.below / shift
        Fu, tail = 1.0 / (1.0 + odds), 1.0 / (1.0 + tail_odds)
        return np.log(Fu * tail) + self.constant, odds * Fu + self.gap, -(tail_odds * tail) - self.gap

    def terms(self, shift: Array) -> RowTerms:
        odds, tail_odds = self.above * shift, self.below / shift
        Fu, tail = 1.0 / (1.0 + odds), 1.0 / (1.0 + tail_odds)
        rest, Fl = odds * Fu, tail_odds * tail
        fu, fl = Fu * rest, Fl * tail
        log_p = np.log(Fu * tail) + self.constant
        return RowTerms(log_p, rest + self.gap, -Fl - self.gap, fu, fl, -fu * (rest - Fu), -fl * (tail - Fl))


class _ProbitRows:
    def __init__(self, theta: Array, e: Array, y: Codes) -> None:
        k = len(theta)
        self.top, self.bottom = y == k, y == 0
        self.upper = theta[np.minimum(y, k - 1)] - e
        self.lower = theta[np.maximum(y - 1, 0)] - e

    def _ratios(self, shift: Array) -> tuple[Array, Array, Array, Array, Array]:
        u, v = np.clip(self.upper - shift, -FAR, FAR), np.clip(self.lower - shift, -FAR, FAR)
        log_p, p, q = np.empty_like(u), np.zeros_like(u), np.zeros_like(u)
        for top in (False, True):
            for bottom in (False, True):
                own = (self.top == top) & (self.bottom == bottom)
                if own.any():
                    found = probit_derivatives(None if top else u[own], None if bottom else v[own])
                    log_p[own], p[own], q[own] = found[:3]
        return log_p, p, q, np.where(self.top, 0.0, u), np.where(self.bottom, 0.0, v)

    def two(self, shift: Array) -> tuple[Array, Array]:
        _, p, q, u, v = self._ratios(shift)
        r = p - q
        return -r, -(p * u - q * v) - r * r

    def first(self, shift: Array) -> tuple[Array, Array, Array]:
        log_p, p, q, _, _ = self._ratios(shift)
        return log_p, p, -q

    def terms(self, shift: Array) -> RowTerms:
        log_p, p, q, u, v = self._ratios(shift)
        r = p - q
        up2, low2 = p * (u + r), -q * (v + r)
        up3 = p * u * (u + p) - p - p * q * v + 2.0 * r * up2
        low3 = -p * q * u + q * v * (q - v) + q + 2.0 * r * low2
        return RowTerms(log_p, p, -q, up2, low2, up3, low3)


class _Logit:
    def native(self, shift: Array) -> Array:
        return np.asarray(np.exp(np.clip(shift, -FAR, FAR)))

    def bind(self, theta: Array, e: Array, y: Codes) -> BoundRows:
        return _LogitRows(theta, e, y)


class _Probit:
    def native(self, shift: Array) -> Array:
        return shift

    def bind(self, theta: Array, e: Array, y: Codes) -> BoundRows:
        return _ProbitRows(theta, e, y)


def link_rows(link: str) -> LinkRows:
    """The rows of ``logit`` or ``probit``."""
    return _Probit() if link == "probit" else _Logit()
