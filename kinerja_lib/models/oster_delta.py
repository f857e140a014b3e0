"""Selection on unobservables in proportion to selection on observables (Oster 2019)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import build_design
from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Oster:
    """delta at which unobservables explain the estimate; the bias-adjusted estimate at delta = 1."""

    delta: float
    adjusted: float
    r2_max: float


def oster(panel: pd.DataFrame, spec: ModelSpec, r2_max: float | None = None, lang: str = "id") -> Oster:
    """Oster (2019, J. Business & Economic Statistics 37:187), by her exact formulas.

    Parameters
    ----------
    r2_max : float, optional
        R2 of a model with all confounders; 1.3 times the controlled R2 (at most 1) by default.

    Notes
    -----
    |delta| >= 1 is her rule of thumb: unobservables would have to matter as much as the controls.
    """
    names, X, y = exposure_first(panel, spec, lang)
    if len(names) < 3:
        raise model_error(
            lang,
            "Delta Oster memerlukan paling sedikit satu variabel kontrol.",
            "Oster's delta needs at least one control.",
            ("Isi controls.", "Give controls."),
        )
    d = X[:, 1]
    n = len(y)
    short, full = solve(X[:, :2], y), solve(X, y)
    tss = float(((y - y.mean()) ** 2).sum())
    b0, b1 = float(short.beta[1]), float(full.beta[1])
    r0, r1 = 1 - short.rss / tss, 1 - full.rss / tss
    top = min(1.0, 1.3 * r1) if r2_max is None else r2_max
    tau = solve(np.delete(X, 1, axis=1), d).rss / n
    sxx, syy = float(np.var(d)), tss / n
    a, b = (r1 - r0) * syy, (top - r1) * syy
    move = b0 - b1
    num = (
        b1 * a * tau + b1 * sxx * tau * move**2 + 2 * b1**2 * tau * move * sxx + b1**3 * (tau * sxx - tau**2)
    )
    den = b * sxx * move + b1 * b * (sxx - tau) + b1**2 * tau * move * sxx + b1**3 * (tau * sxx - tau**2)
    delta = num / den if den else float("inf")
    return Oster(float(delta), _oster_beta(b1, move, a, b, tau, sxx), float(top))


def _oster_beta(b1: float, move: float, a: float, b: float, tau: float, sxx: float) -> float:
    """Bias-adjusted estimate at delta = 1: the root of her quadratic nearer to the controlled estimate."""
    theta = b * (sxx - tau) - a * tau - sxx * tau * move**2
    disc = theta**2 + 4 * b * move**2 * sxx**2 * tau
    roots = [(-theta + s * math.sqrt(disc)) / (-2 * tau * move * sxx) for s in (1.0, -1.0)] if move else [0.0]
    return b1 - min(roots, key=abs)


def exposure_first(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> tuple[list[str], Array, Array]:
    """Design with the constant, then the first exposure's column, then the rest."""
    design = build_design(panel, spec, lang=lang)
    own = [j for j, name in enumerate(design.names) if is_of(name, spec.exposures[0])]
    order = [0, own[0], *(j for j in range(1, len(design.names)) if j != own[0])]
    return [design.names[j] for j in order], np.asfortranarray(design.X[:, order]), design.y


def is_of(name: str, term: str) -> bool:
    return name == term or name.startswith(f"{term}[")
