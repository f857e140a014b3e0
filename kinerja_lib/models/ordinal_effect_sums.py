"""Sums behind average marginal effects of ordered models: derivatives and discrete changes, block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

Array = NDArray[np.float64]
Curve = Callable[[Array], tuple[Array, Array, Array]]

_ROWS = 16_384


def logit_curve(u: Array) -> tuple[Array, Array, Array]:
    """F, f and f' of the logistic distribution."""
    F = expit(u)
    f = F * (1.0 - F)
    return F, f, f * (1.0 - 2.0 * F)


def probit_curve(u: Array) -> tuple[Array, Array, Array]:
    """F, f and f' of the normal distribution."""
    f = np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi)
    return ndtr(u), f, -u * f


@dataclass(frozen=True, eq=False)
class EffectSums:
    """Sums over rows, shape (p + 1, K - 1) and (p + 1, K - 1, m); those of several chunks can be added.

    The last entry belongs to all plain numeric columns together: the sum of the densities and its gradient.
    """

    values: Array
    gradient: Array
    weight: float

    def __add__(self, other: EffectSums) -> EffectSums:
        return EffectSums(
            self.values + other.values, self.gradient + other.gradient, self.weight + other.weight
        )


def effect_sums(
    theta: Array, beta: Array, X: Array, weights: Array | None, names: tuple[str, ...], link: str | Curve
) -> EffectSums:
    """What the averages need of these rows, a block at a time; ``link`` is a name or the curve itself."""
    k, p = len(theta), len(names)
    values, gradient = np.zeros((p + 1, k)), np.zeros((p + 1, k, k + p))
    curve = link if callable(link) else probit_curve if link == "probit" else logit_curve
    kinds = [kind_of(name, names) for name in names]
    for start in range(0, len(X), _ROWS):
        x = X[start : start + _ROWS]
        w = np.ones(len(x)) if weights is None else weights[start : start + _ROWS]
        bases: dict[str, _Base] = {}
        for j, kind in enumerate(kinds):
            if kind == "level":
                factor = names[j].rsplit("[", 1)[0]
                if factor not in bases:
                    bases[factor] = _Base(theta, beta, x, w, names, factor, curve)
                one, slope = bases[factor].to_level(j)
            elif kind == "crossed":
                one, slope = _derivative(theta, beta, x, w, _moves(x, names, j), curve)
            else:
                continue
            values[j] += one
            gradient[j] += slope
        if "plain" in kinds:
            density, slope = _slope_parts(theta, beta, x, w, curve)
            values[p] += density
            gradient[p] += slope
    return EffectSums(values, gradient, float(len(X)) if weights is None else float(weights.sum()))


def kind_of(name: str, names: tuple[str, ...]) -> str:
    """``product``, ``level`` (an indicator), ``crossed`` (a number that is in a product) or ``plain``."""
    if ":" in name:
        return "product"
    if name.endswith("]"):
        return "level"
    crossed = any(name in other.split(":") for other in names if ":" in other)
    return "crossed" if crossed else "plain"


def _slope_parts(theta: Array, beta: Array, X: Array, w: Array, curve: Curve) -> tuple[Array, Array]:
    """Sum of f(theta_k - e), and its gradient by (theta, beta), for each threshold."""
    e = X @ beta
    k = len(theta)
    density, gradient = [], np.zeros((k, k + len(beta)))
    for i, t in enumerate(theta):
        _, f, df = curve(t - e)
        density.append(float(w @ f))
        gradient[i, i] = float(w @ df)
        gradient[i, k:] = -(w * df) @ X
    return np.array(density), gradient


def _moves(X: Array, names: tuple[str, ...], j: int) -> Array:
    """Derivative of each column by the variable of column j, shape (n, p)."""
    D = np.zeros_like(X)
    D[:, j] = 1.0
    for i, other in enumerate(names):
        parts = other.split(":")
        if len(parts) > 1 and names[j] in parts:
            rest = [part for part in parts if part != names[j]]
            D[:, i] = float(len(parts) - len(rest)) if not rest else 1.0
            for part in rest:
                D[:, i] *= X[:, names.index(part)] if part in names else 0.0
            if not rest:
                D[:, i] *= X[:, j] ** (len(parts) - 1)
    return D


def _derivative(theta: Array, beta: Array, X: Array, w: Array, D: Array, curve: Curve) -> tuple[Array, Array]:
    """Derivative of mean F(theta_k - e) where the columns move by D, and its gradient."""
    e, s, k = X @ beta, D @ beta, len(theta)
    values, gradient = np.empty(k), np.zeros((k, k + len(beta)))
    for i, t in enumerate(theta):
        _, f, df = curve(t - e)
        values[i] = -float(w @ (f * s))
        gradient[i, i] = -float(w @ (df * s))
        gradient[i, k:] = (w * df * s) @ X - (w * f) @ D
    return values, gradient


class _Base:
    """Rows with every indicator of one factor (and its products) at zero, and what follows from them."""

    def __init__(
        self, theta: Array, beta: Array, X: Array, w: Array, names: tuple[str, ...], factor: str, curve: Curve
    ) -> None:
        self.own = [
            i for i, name in enumerate(names) if any(p.startswith(f"{factor}[") for p in name.split(":"))
        ]
        self.theta, self.beta, self.X, self.w, self.names, self.curve = theta, beta, X, w, names, curve
        self.e = X @ beta - X[:, self.own] @ beta[self.own]
        self.F, f, _ = curve(theta[:, None] - self.e)
        self.slope = self._times_base(w * f)
        self.rise = (w * f).sum(axis=1)

    def _times_base(self, density: Array) -> Array:
        out = density @ self.X
        out[:, self.own] = 0.0
        return np.asarray(out)

    def to_level(self, j: int) -> tuple[Array, Array]:
        """Change of the sum of F(theta_k - e) from the base level to that of column j, and its gradient."""
        moved: list[tuple[int, Array | float]] = [(j, 1.0)]
        for i in self.own:
            parts = self.names[i].split(":")
            if len(parts) > 1 and self.names[j] in parts:
                column: Array = np.ones(len(self.X))
                for part in parts:
                    if part != self.names[j]:
                        column = column * (self.X[:, self.names.index(part)] if part in self.names else 0.0)
                moved.append((i, column))
        e = self.e + sum(self.beta[i] * along for i, along in moved)
        F, f, _ = self.curve(self.theta[:, None] - e)
        density, k = self.w * f, len(self.theta)
        gradient = np.zeros((k, k + len(self.beta)))
        gradient[np.arange(k), np.arange(k)] = density.sum(axis=1) - self.rise
        gradient[:, k:] = self.slope - self._times_base(density)
        for i, along in moved:
            gradient[:, k + i] -= (density * along).sum(axis=1)
        return np.asarray((F - self.F) @ self.w), gradient
