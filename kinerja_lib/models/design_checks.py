"""Checks of the columns themselves, for models that are not least squares: collinearity, leverage, overlap.

They depend on the exposures and controls alone, so a scattered part of a large frame tells as much.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.cumulative import CategoryBlocks
from kinerja_lib.models.cumulative_fit import fit_blocks
from kinerja_lib.models.design import Design
from kinerja_lib.models.diagnostics import belongs, cluster_leverage_checks, leverage_check, vif_checks
from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.overlap import EDGE, OVERLAP_FAIL, OVERLAP_LIMIT, overlap_verdict
from kinerja_lib.models.result import Check
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded

Array = NDArray[np.float64]

#: rows that are read
CHECK_ROWS = 15_000
#: fewest rows of either kind for a propensity to be fitted
_FEWEST = 10


def design_checks(design: Design, spec: ModelSpec) -> list[Check]:
    """``vif``, ``leverage``, ``cluster_leverage`` (one cluster column) and ``overlap`` of a design."""
    part = scattered(design, CHECK_ROWS)
    varied = part.X.std(axis=0) > 0
    names = tuple(name for name, keep in zip(part.names, varied, strict=True) if keep)
    if not names:
        return []
    # the answer plays no part in these checks
    part = replace(part, names=("Intercept", *names), X=np.column_stack([np.ones(part.n), part.X[:, varied]]))
    with single_threaded():
        try:
            ls = solve(part.X, np.arange(part.n, dtype=np.float64), part.weights)
        except np.linalg.LinAlgError:
            return []
        checks = [*vif_checks(ls, part.names, spec), leverage_check(ls)]
        checks += cluster_leverage_checks(ls, part, spec)
    return checks + exposure_overlap(part, spec)


def exposure_overlap(design: Design, spec: ModelSpec) -> list[Check]:
    """For each exposure of two values: the share of rows whose controls nearly decide which value they have.

    Beyond ``OVERLAP_FAIL`` (or where the controls decide it in full) the comparison is extrapolation.
    """
    controls = [j for j, name in enumerate(design.names) if belongs(name, spec.controls)]
    checks = []
    for j, name in enumerate(design.names):
        d = design.X[:, j]
        if not belongs(name, spec.exposures) or ":" in name or not bool(np.isin(d, (0.0, 1.0)).all()):
            continue
        if not controls or min(d.sum(), (1 - d).sum()) < _FEWEST:
            continue
        part = scattered(design, CHECK_ROWS)
        X, d = part.X[:, controls], part.X[:, j]
        X = X[:, X.std(axis=0) > 0]
        with single_threaded():
            found = fit_blocks(CategoryBlocks.from_arrays(X, d.astype(np.intp), 2, part.weights))
        share = 1.0
        if found.converged:
            score = 1.0 / (1.0 + np.exp(np.clip(found.theta[0] - X @ found.beta, -500, 500)))
            share = float(((score < EDGE) | (score > 1 - EDGE)).mean())
        # rare exposures have low propensities everywhere: hold them against their own share
        rate = float(d.mean())
        if found.converged and min(rate, 1 - rate) < 2 * EDGE:
            edge = min(rate, 1 - rate) / 10.0
            share = float(((score < edge) | (score > 1 - edge)).mean())
        verdict = "fail" if share > OVERLAP_FAIL else "warning" if share > OVERLAP_LIMIT else "ok"
        checks.append(Check(f"overlap: {name}", share, OVERLAP_LIMIT, verdict, *overlap_verdict(verdict)))
    return checks


def scattered(design: Design, rows: int) -> Design:
    """``rows`` rows, one from each of as many strips of the design; the outcome is kept as it is.

    Every so-many-th row would always meet the same quarter of a sorted panel, so the place within its strip is
    a multiplicative hash (Knuth 1998, TAOCP 3, section 6.4), which repeats exactly.
    """
    if design.n <= rows:
        return design
    strips = np.arange(rows, dtype=np.int64)
    hashed = ((strips * 2654435761) & 0xFFFFFFFF) >> 8
    keep = strips * design.n // rows + hashed % max(1, design.n // rows)
    return replace(
        design,
        X=design.X[keep],
        y=design.y[keep],
        weights=None if design.weights is None else design.weights[keep],
        clusters={name: group.restrict(keep) for name, group in design.clusters.items()},
        effects={},
        groups={},
        rows=design.rows[keep],
        moments=None,
    )
