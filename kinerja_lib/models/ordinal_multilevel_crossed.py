"""Laplace likelihood of the cumulative-link model with crossed or nested random intercepts, exact gradient.

With z_i the row's indicators scaled by the standard deviations, Phi = sum log P(y_i | e_i + z_i'b) - b'b/2 and
H = -Phi'' at the mode, the Laplace log-likelihood is Phi - log|H|/2. Its derivative needs, beside those of the
rows, q_i = z_i'H^-1 z_i and one more solve with H, since the mode moves with the parameters.

Sources: Shun & McCullagh (1995), JRSS B 57:749; Christensen (2019), package ordinal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.ordinal_multilevel_curvature import Curvature, Pattern
from kinerja_lib.models.ordinal_multilevel_rows import BoundRows, LinkRows, RowTerms
from kinerja_lib.models.ordinal_multilevel_single import Value

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_MOST_STEPS = 60
_LONGEST = 4.0


@dataclass(eq=False)
class CrossedRows:
    """The rows of a model with several factors; ``modes`` are kept as the next search's start."""

    Z: Array
    y: Codes
    weights: Array | None
    n_levels: int
    n_rows: int
    link: LinkRows
    order: list[int]
    pattern: Pattern
    modes: list[Array]
    curvature: Curvature | None = None

    @classmethod
    def build(
        cls,
        Z: Array,
        y: Codes,
        factors: list[tuple[Codes, int]],
        n_levels: int,
        link: LinkRows,
        weights: Array | None = None,
    ) -> CrossedRows:
        """``factors`` are (codes, size) in the user's order; ``Z`` (n, p) has no constant."""
        order = sorted(range(len(factors)), key=lambda k: -factors[k][1])
        pattern = Pattern.of([factors[k][0] for k in order], [factors[k][1] for k in order])
        modes = [np.zeros(factors[k][1]) for k in order]
        return cls(Z, y, weights, n_levels, len(y), link, order, pattern, modes)

    def value(self, parameters: Array) -> Value:
        """Log-likelihood and gradient at (thresholds, slopes, a standard deviation for each factor)."""
        k, n_factors = self.n_levels - 1, len(self.order)
        theta, beta = parameters[:k], parameters[k:-n_factors]
        sigma = parameters[-n_factors:][self.order]
        bound = self.link.bind(theta, self.Z @ beta, self.y)
        self._find_modes(bound, sigma)
        t = bound.terms(self.link.native(self._shift(sigma)))
        if self.weights is not None:
            t = RowTerms(*(part * self.weights for part in t))
        d1, d2, d3 = t.d1, t.d2, t.d3
        H = self.curvature = Curvature(self.pattern, -d2, sigma)
        directions = H.row_directions(*H.inverse_entries())
        half_q = 0.5 * np.sum([s * h for s, h in zip(sigma, directions, strict=True)], axis=0)
        codes, sizes = self.pattern.codes, self.pattern.sizes
        through = H.solve(
            [s * np.bincount(c, half_q * d3, g) for s, c, g in zip(sigma, codes, sizes, strict=True)]
        )
        tau = np.sum([s * t_f[c] for s, t_f, c in zip(sigma, through, codes, strict=True)], axis=0)
        up = t.up1 + tau * t.up2 + half_q * t.up3
        low = t.low1 + tau * t.low2 + half_q * t.low3
        gradient = np.empty(len(parameters))
        n = self.n_levels
        gradient[:k] = np.bincount(self.y, up, n)[:k] + np.bincount(self.y, low, n)[1:]
        total = -(up + low)
        gradient[k:-n_factors] = self.Z.T @ total
        by_sigma = np.array(
            [
                total @ b[c] + d2 @ h + t_f @ np.bincount(c, d1, len(b))
                for b, c, h, t_f in zip(self.modes, codes, directions, through, strict=True)
            ]
        )
        gradient[[len(parameters) - n_factors + f for f in self.order]] = by_sigma
        penalty = sum(float(b @ b) for b in self.modes)
        return Value(float(t.log_p.sum()) - 0.5 * penalty - 0.5 * H.log_det, gradient)

    def effects(self, sigma: Array) -> list[tuple[Array, Array]]:
        """Modes and conditional standard errors of each factor, in the user's order, at the last point."""
        assert self.curvature is not None
        out: list[tuple[Array, Array]] = [(np.empty(0), np.empty(0))] * len(self.order)
        for f, mode, diagonal in zip(self.order, self.modes, self.curvature.diagonals(), strict=True):
            out[f] = (sigma[f] * mode, sigma[f] * np.sqrt(np.maximum(diagonal, 0.0)))
        return out

    def _shift(self, sigma: Array) -> Array:
        return np.asarray(
            np.sum([s * b[c] for s, b, c in zip(sigma, self.modes, self.pattern.codes, strict=True)], axis=0)
        )

    def _find_modes(self, bound: BoundRows, sigma: Array) -> None:
        """Newton's method for all intercepts together, from the last modes."""
        codes, sizes = self.pattern.codes, self.pattern.sizes
        for _ in range(_MOST_STEPS):
            d1, d2 = bound.two(self.link.native(self._shift(sigma)))
            if self.weights is not None:
                d1, d2 = d1 * self.weights, d2 * self.weights
            slope = [
                s * np.bincount(c, d1, g) - b
                for s, b, c, g in zip(sigma, self.modes, codes, sizes, strict=True)
            ]
            step = Curvature(self.pattern, -d2, sigma).solve(slope)
            longest = max(float(np.abs(part).max()) for part in step)
            length = min(1.0, _LONGEST / max(longest, 1e-300))
            self.modes = [b + length * part for b, part in zip(self.modes, step, strict=True)]
            if longest < 1e-7:
                break
