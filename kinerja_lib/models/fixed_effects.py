"""Fixed effects: the within estimator with one or more absorbed effects.

Errors. ``iid`` and ``HC1`` charge all absorbed degrees of freedom. ``CR1`` does not charge effects nested in
the clusters (fixest, reghdfe, Wooldridge 2010 ch. 10). ``CR2`` needs the whole design: effects nested in the
cluster may be absorbed (Pustejovsky & Tipton 2018, theorem 2), the others are written out as columns and then
freed from the absorbed ones. A large effect that is not nested (people who moved between units) is absorbed and
its moved levels accounted for (:mod:`.clustered_moved`); where that is too much, CR1 is used, and said. With
weights, CR2 takes the absorbed columns for the whole design, which is close but not exact. The constant is not
identified.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.absorb import AbsorbedDf, Absorber, absorbed_df, is_nested
from kinerja_lib.models.clustered_moved import MOST_CELLS, MOST_CLUSTERS, MovedCells, cr2_moved
from kinerja_lib.models.collinearity import require_full_rank
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import linear_checks
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference, infer, one_column_only
from kinerja_lib.models.least_squares import LeastSquares, solve
from kinerja_lib.models.linear import assemble
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: most columns of effects that CR2 writes out
_WRITTEN_OUT = 150


def fit_fixed_effects(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit ``outcome ~ exposures + controls | effects``.

    A control that the effects determine is dropped and named in a check; an exposure that they determine is
    an error, because its effect cannot be told from theirs.

    Returns
    -------
    FitResult
        ``glance()`` adds ``r2_within``, ``n_effects`` (levels by effect) and ``n_singletons`` (rows alone in
        a level of an effect: kept, they carry no information).
    """
    design = build_design(panel, spec, intercept=False, rank=False, lang=lang)
    effects = list(design.effects.values())
    absorber = Absorber(effects, design.weights)
    X, y = absorber(design.X), absorber(design.y[:, None])[:, 0]
    if float(np.linalg.norm(y)) <= 1e-10 * float(design.y.std()) * np.sqrt(design.n):
        raise model_error(
            lang,
            f'Keluaran "{spec.outcome}" tidak berubah di dalam efek tetap ({", ".join(spec.effects)}).',
            f'Outcome "{spec.outcome}" does not vary within the fixed effects ({", ".join(spec.effects)}).',
            ("Kurangi efek tetap, atau perpanjang waktunya.", "Use fewer effects, or more periods."),
        )
    keep, lost = _identified(design, X, spec, lang)
    if lost:
        design = _narrow(design, keep)
        X = X[:, keep]
    X = np.asfortranarray(X)
    require_full_rank(X, design.names, lang)
    ls = solve(X, y, design.weights, intercept=False)
    cluster = next(iter(design.clusters.values()), None)
    df = absorbed_df(effects, cluster)
    found, note = _inference(design, spec, ls, effects, df, lang)
    numbers = _numbers(design, ls, found, y, df)
    checks = linear_checks(panel, spec, design, ls, found) + tuple(lost) + note
    return assemble(design, spec, ls, found, numbers, checks)


def _identified(design: Design, within: Array, spec: ModelSpec, lang: str) -> tuple[list[int], list[Check]]:
    """Columns that vary within the effects; a check for each control that does not."""
    keep, lost = [], []
    for j, name in enumerate(design.names):
        spread = float(design.X[:, j].std()) * np.sqrt(design.n)
        if float(np.linalg.norm(within[:, j])) > 1e-9 * spread > 0:
            keep.append(j)
            continue
        term = next(t for t in spec.terms if name == t or name.startswith((f"{t}[", f"{t}:")))
        if term in spec.exposures:
            raise _absorbed_error(name, spec, lang)
        lost.append(_absorbed_check(name, spec))
    if not keep:
        raise _absorbed_error(", ".join(design.names), spec, lang)
    return keep, lost


def _narrow(design: Design, keep: list[int]) -> Design:
    from dataclasses import replace

    names = tuple(design.names[j] for j in keep)
    encoding = Encoding(design.encoding.terms, design.encoding.levels, names, False)
    return replace(design, names=names, X=np.asfortranarray(design.X[:, keep]), encoding=encoding)


def _inference(
    design: Design,
    spec: ModelSpec,
    ls: LeastSquares,
    effects: list[Grouping],
    df: AbsorbedDf,
    lang: str,
) -> tuple[Inference, tuple[Check, ...]]:
    errors = spec.resolved_errors
    if errors not in ("CR2", "wild"):
        return infer(ls, errors, design.clusters, absorbed=df.total, absorbed_nested=df.nested, lang=lang), ()
    if len(design.clusters) > 1:
        raise one_column_only(errors, lang)
    cluster = next(iter(design.clusters.values()))
    nested = [effect for effect in effects if is_nested(effect, cluster)]
    others = [effect for effect in effects if effect not in nested]
    written = sum(effect.size for effect in others)
    moved: Grouping | None = None
    if written > _WRITTEN_OUT:
        moved = max(others, key=lambda effect: effect.size)
        others = [effect for effect in others if effect is not moved]
        if nested or design.weights is not None or sum(effect.size for effect in others) > _WRITTEN_OUT:
            found = infer(ls, "CR1", design.clusters, absorbed=df.total, absorbed_nested=df.nested, lang=lang)
            return found, (_fallback_check(errors, written),)
    absorbed = nested if moved is None else [moved]
    full, first = ls, slice(0, len(design.names))
    if others:
        full, first = _written_out(design, others, absorbed)
    if moved is None:
        charged = {"absorbed": df.total, "absorbed_nested": df.nested} if not others else {}
        return _part(infer(full, errors, design.clusters, lang=lang, **charged), first), ()
    cells = MovedCells(cluster.codes, cluster.size, moved.codes, moved.size)
    if errors != "CR2" or cells.most > MOST_CELLS or cluster.size > MOST_CLUSTERS:
        found = infer(ls, "CR1", design.clusters, absorbed=df.total, absorbed_nested=df.nested, lang=lang)
        return found, (_fallback_check(errors, written),)
    infer(ls, "CR1", design.clusters, absorbed=df.total, lang=lang)  # for its refusals
    cov, own_df = cr2_moved(full, cluster.codes, cluster.size, cells)
    return _part(Inference(cov, own_df, "CR2", cluster.size), first), ()


def _written_out(
    design: Design, others: list[Grouping], absorbed: list[Grouping]
) -> tuple[LeastSquares, slice]:
    """The design with the other effects as columns, in deviations from the absorbed ones; where X is in it."""
    p = len(design.names)
    columns = np.hstack([design.X, *(_dummies(effect) for effect in others), design.y[:, None]])
    if absorbed:
        columns = Absorber(absorbed, design.weights)(columns)
    whole, intercept = _full_rank(np.asfortranarray(columns[:, :-1]), p, bool(absorbed))
    full = solve(whole, columns[:, -1], design.weights, intercept=intercept)
    return full, slice(1, p + 1) if intercept else slice(0, p)


def _part(found: Inference, first: slice) -> Inference:
    return Inference(
        found.cov[first, first],
        found.df[first],
        found.label,
        found.n_clusters,
        None if found.p_value is None else found.p_value[first],
        None if found.ci is None else found.ci[first],
    )


def _dummies(effect: Grouping) -> Array:
    """Indicator columns of all levels but the first."""
    return (effect.codes[:, None] == np.arange(1, effect.size)[None, :]).astype(np.float64)


def _full_rank(columns: Array, p: int, nested: bool) -> tuple[Array, bool]:
    """Drop effect columns that the others determine; add a constant where none is absorbed."""
    from kinerja_lib.models.collinearity import first_dependent

    while True:
        found = first_dependent(columns, centre=not nested)
        if found is None:
            break
        columns = np.delete(columns, max(found[0], p), axis=1)
    if nested:
        return np.asfortranarray(columns), False
    return np.asfortranarray(np.column_stack([np.ones(len(columns)), columns])), True


def _numbers(
    design: Design, ls: LeastSquares, found: Inference, within: Array, df: AbsorbedDf
) -> dict[str, Any]:
    n, w = design.n, design.weights
    residual_df = n - len(design.names) - df.total
    y = design.y - np.average(design.y, weights=w)
    tss = float(y @ (y if w is None else w * y))
    tss_within = float(within @ (within if w is None else w * within))
    loglik = -0.5 * n * (np.log(2 * np.pi * max(ls.rss, 1e-300) / n) + 1.0)
    return {
        "n": n,
        "n_input": design.n_input,
        "n_groups": found.n_clusters,
        "n_effects": {name: effect.size for name, effect in design.effects.items()},
        "n_singletons": df.singletons,
        "loglik": float(loglik),
        "criterion": float(-2.0 * loglik),
        "sigma2": ls.rss / residual_df,
        "df": residual_df,
        "r2": 1.0 - ls.rss / tss,
        "r2_within": 1.0 - ls.rss / tss_within if tss_within > 0 else float("nan"),
        "converged": True,
        "errors": found.label,
    }


def _absorbed_error(name: str, spec: ModelSpec, lang: str) -> Exception:
    effects = ", ".join(spec.effects)
    return model_error(
        lang,
        f'Kolom "{name}" tidak berubah di dalam efek tetap ({effects}); pengaruhnya tidak dapat dipisahkan.',
        f'Column "{name}" does not vary within the fixed effects ({effects}); it cannot be separated.',
        (
            'Gunakan kind="multilevel", atau interaksi dengan kolom yang berubah.',
            'Use kind="multilevel", or a product with a column that does vary.',
        ),
    )


def _absorbed_check(name: str, spec: ModelSpec) -> Check:
    effects = ", ".join(spec.effects)
    return Check(
        f"absorbed: {name}",
        0.0,
        0.0,
        "warning",
        f"Kolom {name} dihapus: sudah ditentukan oleh efek tetap ({effects}).",
        f"Column {name} was dropped: the fixed effects ({effects}) determine it.",
    )


def _fallback_check(errors: str, written: int) -> Check:
    return Check(
        "errors",
        float(written),
        float(_WRITTEN_OUT),
        "warning",
        f"{errors} diganti CR1: efek tetap di luar klaster mempunyai {written} tingkat.",
        f"{errors} replaced by CR1: effects outside the clusters have {written} levels.",
    )
