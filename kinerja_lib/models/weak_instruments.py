"""First stage, effective F, and the Anderson–Rubin interval for one endogenous variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

from kinerja_lib.models.design import Design
from kinerja_lib.models.inference import infer
from kinerja_lib.models.least_squares import LeastSquares, solve
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: tolerated worst-case bias of 2SLS relative to least squares, for the critical value of the effective F
_TAU = 0.10


@dataclass(frozen=True, eq=False)
class FirstStage:
    """Coefficients of the instruments with robust errors, their F, the effective F and its critical value."""

    fitted: Array
    pi: Array
    se: Array
    f: float
    effective_f: float
    critical: float


@dataclass(frozen=True)
class AndersonRubin:
    """Test of a zero effect and the set of effects not rejected at 5 %.

    ``shape``: ``interval``, ``unbounded`` (the whole line), ``two rays`` (all but (low, high)) or ``empty``.
    """

    statistic: float
    p_value: float
    low: float
    high: float
    shape: str


def _errors(spec: ModelSpec) -> str:
    """The correction for auxiliary regressions; those without a joint test fall back to CR1."""
    return "CR1" if spec.resolved_errors in ("CR1", "CR2", "wild") else spec.resolved_errors


def first_stage(
    x: Array, W: Array, Z: Array, spec: ModelSpec, design: Design, absorbed: int, nested: int, lang: str
) -> FirstStage:
    """Regress the endogenous variable on all instruments.

    The effective F is pi'S pi / tr(V S) with S = Z'MZ the residual cross-product of the instruments and V the
    robust covariance of pi (Montiel Olea & Pflueger 2013, J. Business & Economic Statistics 31:358); its
    critical value uses their Patnaik approximation.
    """
    k, q = W.shape[1], Z.shape[1]
    intercept = not spec.effects
    ls = solve(np.column_stack([W, Z]), x, design.weights, intercept=intercept)
    pi = ls.beta[k:]
    if not np.any(np.abs(pi) > 1e-12 * np.abs(x).max()):
        raise model_error(
            lang,
            f'Instrumen tidak menggerakkan "{spec.exposures[0]}".',
            f'The instruments do not move "{spec.exposures[0]}".',
            ("Pilih instrumen lain.", "Choose other instruments."),
        )
    centred = x - x.mean()
    if ls.rss <= 1e-20 * float(centred @ centred):
        raise model_error(
            lang,
            f'Instrumen menentukan "{spec.exposures[0]}" secara tepat: {", ".join(spec.instruments)}.',
            f'The instruments determine "{spec.exposures[0]}" exactly: {", ".join(spec.instruments)}.',
            ('Gunakan kind="linear".', 'Use kind="linear".'),
        )
    found = infer(ls, _errors(spec), design.clusters, absorbed=absorbed, absorbed_nested=nested, lang=lang)
    V = found.cov[k:, k:]
    S = np.asarray(np.linalg.inv(ls.inverse[k:, k:]), dtype=np.float64)
    f = float(pi @ np.linalg.solve(V, pi)) / q
    effective = float(pi @ S @ pi) / float(np.trace(V @ S))
    return FirstStage(x - ls.residuals, pi, np.sqrt(np.diag(V)), f, effective, critical_value(V, S))


def critical_value(V: Array, S: Array, tau: float = _TAU, alpha: float = 0.05) -> float:
    """Critical value of the effective F; 23.1 for a single instrument at 10 %.

    Examples
    --------
    >>> import numpy as np
    >>> round(critical_value(np.eye(1), np.eye(1)), 1)
    23.1
    """
    values, vectors = np.linalg.eigh(S)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    M = root @ V @ root
    x = 1.0 / tau
    trace, top = float(np.trace(M)), float(np.linalg.eigvalsh(M)[-1])
    effective = trace**2 * (1 + 2 * x) / (float(np.trace(M.T @ M)) + 2 * x * trace * top)
    return float(stats.ncx2.ppf(1 - alpha, effective, x * effective) / effective)


def anderson_rubin(
    y: Array,
    x: Array,
    W: Array,
    Z: Array,
    spec: ModelSpec,
    design: Design,
    absorbed: int,
    nested: int,
    lang: str,
    level: float = 0.95,
) -> AndersonRubin:
    """Invert the F test that the instruments do not explain y - b x (Anderson & Rubin 1949)."""
    k, q = W.shape[1], Z.shape[1]
    base = solve(np.column_stack([W, Z]), y, design.weights, intercept=not spec.effects)
    move = solve(np.column_stack([W, Z]), x, design.weights, intercept=not spec.effects)
    df2 = float(design.n - k - q - absorbed)

    def excess(b: float) -> float:
        return statistic(b) - limit

    def statistic(b: float) -> float:
        ls = base.with_residuals(base.beta - b * move.beta, base.residuals - b * move.residuals)
        found = infer(
            ls, _errors(spec), design.clusters, absorbed=absorbed, absorbed_nested=nested, lang=lang
        )
        pi = ls.beta[k:]
        return float(pi @ np.linalg.solve(found.cov[k:, k:], pi)) / q

    if design.clusters and _errors(spec) == "CR1":
        df2 = min(group.size for group in design.clusters.values()) - 1.0
    limit = float(stats.f.ppf(level, q, df2))
    at_zero = statistic(0.0)
    centre, scale = _centre(base, move, k)
    low, high, shape = _invert(excess, centre, scale)
    return AndersonRubin(at_zero, float(stats.f.sf(at_zero, q, df2)), low, high, shape)


def _centre(base: LeastSquares, move: LeastSquares, k: int) -> tuple[float, float]:
    """The 2SLS estimate as seen by the instruments, and a first guess of its scale."""
    S = np.linalg.inv(base.inverse[k:, k:])
    pi = move.beta[k:]
    strength = float(pi @ S @ pi)
    centre = float(pi @ S @ base.beta[k:]) / strength
    residual = base.residuals - centre * move.residuals
    return centre, float(np.sqrt(residual @ residual / len(residual) / strength))


def _invert(excess: Callable[[float], float], centre: float, scale: float) -> tuple[float, float, str]:
    """Set where ``excess`` <= 0: on a grid that reaches to infinity, ends refined by root finding."""
    angle = np.concatenate([[-1.5707], np.linspace(-1.56, 1.56, 241), [1.5707]])
    grid = centre + 3.0 * scale * np.tan(angle)
    value = np.array([excess(float(b)) for b in grid])
    inside = value <= 0
    if inside.all():
        return -np.inf, np.inf, "unbounded"
    if not inside.any():
        return np.nan, np.nan, "empty"
    roots = [
        float(brentq(excess, grid[i], grid[i + 1], xtol=1e-12 * max(1.0, abs(centre)), rtol=1e-12))
        for i in np.flatnonzero(inside[1:] != inside[:-1])
    ]
    if inside[0] and inside[-1]:
        return roots[0], roots[-1], "two rays"
    low = -np.inf if inside[0] else roots[0]
    high = np.inf if inside[-1] else roots[-1]
    return low, high, "interval"
