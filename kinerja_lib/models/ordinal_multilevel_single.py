"""Likelihood of the cumulative-link model with one random intercept, and its exact gradient.

Group g with standardised intercept v contributes the integral of exp(Phi_g(v)), with
Phi_g(v) = sum_i log P(y_i | e_i + sigma v) - v^2/2. Adaptive Gauss-Hermite quadrature puts its nodes at
v_k = vhat + sqrt(2/h) x_k, where vhat is the mode and h = -Phi''(vhat); one node is the Laplace approximation.
The gradient is that of this approximation, nodes moving with the parameters included, so that its differences
are the Hessian of what is maximised. Groups lie in blocks that fit the cache; blocks add up.

Sources: Pinheiro & Bates (1995), J. Computational and Graphical Statistics 4:12; Hedeker & Gibbons (1994),
Biometrics 50:933; Christensen (2019), package ordinal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.ordinal_multilevel_rows import BoundRows, LinkRows, RowTerms

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: rows of a block: a dozen columns of this length stay in the cache
BLOCK_ROWS = 8192
_MOST_STEPS = 60


class Value(NamedTuple):
    """Log-likelihood and its gradient (thresholds, slopes, sigma)."""

    loglik: float
    gradient: Array


class RowGradient(NamedTuple):
    """Of a block: log-likelihood, by row the gradient's parts (upper, lower threshold, sigma), rows at the modes."""

    loglik: float
    up: Array
    low: Array
    by_sigma: Array
    terms: RowTerms


@dataclass(eq=False)
class Block:
    """Whole groups, their rows side by side; ``mode`` is kept as the next search's start."""

    Z: Array
    y: Codes
    weights: Array | None
    starts: Codes
    counts: Codes
    groups: Codes
    mode: Array
    precision: Array

    def sum(self, values: Array) -> Array:
        """Sums by group."""
        return np.add.reduceat(values, self.starts)

    def rows(self, values: Array) -> Array:
        """A group's value for each of its rows."""
        return np.repeat(values, self.counts)

    @cached_property
    def columns(self) -> Array:
        """The transposed columns, contiguous."""
        return np.ascontiguousarray(self.Z.T)


@dataclass(eq=False)
class GroupedRows:
    """The rows of a model with one grouping factor, in blocks of whole groups."""

    blocks: list[Block]
    n_levels: int
    n_groups: int
    n_columns: int
    n_rows: int
    link: LinkRows
    nodes: Array
    log_weights: Array
    order: Codes | None = None

    @classmethod
    def build(
        cls,
        Z: Array,
        y: Codes,
        codes: Codes,
        n_levels: int,
        n_groups: int,
        link: LinkRows,
        quadrature: int,
        weights: Array | None = None,
    ) -> GroupedRows:
        """Sort by group and cut into blocks; ``Z`` (n, p) has no constant."""
        order = None
        if bool((codes[1:] < codes[:-1]).any()):
            order = np.argsort(codes, kind="stable")
            Z, y, codes = Z[order], y[order], codes[order]
            weights = None if weights is None else weights[order]
        edges = np.searchsorted(codes, np.arange(n_groups + 1))
        blocks, first = [], 0
        while first < n_groups:
            last = int(np.searchsorted(edges, edges[first] + BLOCK_ROWS, side="right")) - 1
            last = min(max(last, first + 1), n_groups)
            here = slice(int(edges[first]), int(edges[last]))
            w = None if weights is None else weights[here]
            own = edges[first : last + 1]
            size = last - first
            blocks.append(
                Block(
                    np.ascontiguousarray(Z[here]), y[here], w, own[:-1] - own[0], np.diff(own),
                    np.arange(first, last), np.zeros(size), np.ones(size),
                )
            )  # fmt: skip
            first = last
        rows = cls(blocks, n_levels, n_groups, Z.shape[1], len(y), link, np.zeros(1), np.zeros(1), order)
        return rows.with_nodes(quadrature)

    def sample(self, rows: int) -> GroupedRows:
        """About ``rows`` rows, whole blocks evenly over all."""
        step = max(1, self.n_rows // rows)
        picked = self.blocks[:: min(step, len(self.blocks))]
        return self._with(picked)

    def _with(self, blocks: list[Block]) -> GroupedRows:
        return replace(
            self,
            blocks=blocks,
            n_groups=sum(len(b.groups) for b in blocks),
            n_rows=sum(len(b.y) for b in blocks),
        )

    def with_nodes(self, quadrature: int) -> GroupedRows:
        """The same rows with another number of quadrature nodes."""
        nodes, weights = np.polynomial.hermite.hermgauss(quadrature)
        return replace(self, nodes=nodes, log_weights=np.log(weights) + nodes**2)

    def value(self, parameters: Array) -> Value:
        """Log-likelihood and gradient at (thresholds, slopes, sigma); sigma may have either sign."""
        return add(self._block_value(block, parameters) for block in self.blocks)

    def modes(self) -> tuple[Array, Array]:
        """Modes of the standardised intercepts at the last point, and -Phi'' there; shape (G,) each."""
        mode, precision = np.empty(self.n_groups), np.empty(self.n_groups)
        at = 0
        for block in self.blocks:
            own = slice(at, at + len(block.mode))
            mode[own], precision[own] = block.mode, block.precision
            at += len(block.mode)
        return mode, precision

    def _block_value(self, block: Block, parameters: Array) -> Value:
        k, n = self.n_levels - 1, self.n_levels
        rows = self.row_gradient(block, parameters)
        gradient = np.empty(len(parameters))
        gradient[:k] = np.bincount(block.y, rows.up, n)[:k] + np.bincount(block.y, rows.low, n)[1:]
        gradient[k:-1] = -(block.columns @ (rows.up + rows.low))
        gradient[-1] = rows.by_sigma.sum()
        return Value(rows.loglik, gradient)

    def row_gradient(self, block: Block, parameters: Array) -> RowGradient:
        """The gradient as a sum over the rows of a block; finds and keeps the modes."""
        k = self.n_levels - 1
        theta, beta, sigma = parameters[:k], parameters[k:-1], float(parameters[-1])
        bound = self.link.bind(theta, block.Z @ beta, block.y)
        self._find_mode(block, bound, sigma)
        t = _weighted(bound.terms(block.rows(self.link.native(sigma * block.mode))), block.weights)
        d1, d2, d3 = t.d1, t.d2, t.d3
        v, h = block.mode, 1.0 - sigma * sigma * block.sum(d2)
        block.precision = h
        V = block.rows(v)
        if len(self.nodes) == 1:
            total = float(t.log_p.sum()) - 0.5 * float(v @ v) - 0.5 * float(np.log(h).sum())
            up, low, by_sigma = t.up1, t.low1, d1 * V
            by_mode, by_h = np.zeros_like(v), -0.5 / h
        else:
            total, up, low, by_sigma, by_mode, by_h = self._quadrature(block, bound, sigma, h)
        # derivatives of the mode: vhat_psi = d(sigma sum d1)/dpsi / h; of h: h_psi + h_v vhat_psi
        through = block.rows((by_mode - by_h * sigma**3 * block.sum(d3)) / h)
        bend = block.rows(by_h) * (-sigma * sigma)
        a = through * sigma
        by_sigma += through * d1 + d2 * (a * V - 2.0 * sigma * block.rows(by_h)) + bend * (d3 * V)
        up, low = up + a * t.up2 + bend * t.up3, low + a * t.low2 + bend * t.low3
        return RowGradient(total, up, low, by_sigma, t)

    def _find_mode(self, block: Block, bound: BoundRows, sigma: float) -> None:
        """Newton's method, all groups of the block at once, from the last modes."""
        v = block.mode
        for _ in range(_MOST_STEPS):
            d1, d2 = bound.two(block.rows(self.link.native(sigma * v)))
            if block.weights is not None:
                d1, d2 = d1 * block.weights, d2 * block.weights
            step = (sigma * block.sum(d1) - v) / (1.0 - sigma * sigma * block.sum(d2))
            np.clip(step, -2.0, 2.0, out=step)
            v = v + step
            if np.abs(step).max() < 1e-7:  # the next step would be of the order of its square
                break
        block.mode = v

    def _quadrature(
        self, block: Block, bound: BoundRows, sigma: float, h: Array
    ) -> tuple[float, Array, Array, Array, Array, Array]:
        """Sums over the nodes: log-likelihood, row derivatives, and what moving nodes add."""
        spread = np.sqrt(2.0 / h)
        w = block.weights
        found, logs, at = [], [], []
        for node, log_weight in zip(self.nodes, self.log_weights, strict=True):
            v = block.mode + spread * node
            row = bound.first(block.rows(self.link.native(sigma * v)))
            row = row if w is None else (row[0] * w, row[1] * w, row[2] * w)
            found.append(row)
            logs.append(block.sum(row[0]) - 0.5 * v * v + log_weight)
            at.append(v)
        stack = np.array(logs)
        most = stack.max(axis=0)
        share = np.exp(stack - most)
        mass = share.sum(axis=0)
        share /= mass
        total = float((most + np.log(mass) + np.log(spread)).sum()) - 0.5 * len(h) * np.log(2.0 * np.pi)
        up, low, by_sigma = np.zeros((3, len(block.y)))
        by_mode, by_h = np.zeros_like(h), -0.5 / h
        for pi, (_, up1, low1), v, node in zip(share, found, at, self.nodes, strict=True):
            own = block.rows(pi)
            up += own * up1
            low += own * low1
            d1 = -(up1 + low1)
            by_sigma += own * d1 * block.rows(v)
            slope = pi * (sigma * block.sum(d1) - v)
            by_mode += slope
            by_h -= slope * spread * node / (2.0 * h)
        return total, up, low, by_sigma, by_mode, by_h


def add(parts: Iterable[Value]) -> Value:
    """The sum of the values of several pieces."""
    pieces = list(parts)
    return Value(float(sum(p.loglik for p in pieces)), np.sum([p.gradient for p in pieces], axis=0))


def _weighted(terms: RowTerms, weights: Array | None) -> RowTerms:
    return terms if weights is None else RowTerms(*(part * weights for part in terms))
