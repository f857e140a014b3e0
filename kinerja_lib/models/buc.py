"""Ordered logit with fixed effects: "blow up and cluster" (BUC).

Each threshold k of the outcome makes a binary outcome 1{y >= k}; conditional on how many of a person's rows are
1, the person's own effect drops out (conditional logit). BUC stacks the K - 1 binary outcomes with one vector of
coefficients and lets errors be correlated inside a person. Only persons whose outcome changes say anything,
and a column that never changes inside a person has no coefficient. The coefficients are log-odds, comparable
with those of the ordered logit; thresholds, probabilities and marginal effects are not identified.

Sources: Baetschmann, Staub & Winkelmann (2015), JRSS A 178:685-703; Chamberlain (1980); Dickerson, Hole &
Munford (2014), Stata Journal 14:457.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.buc_columns import identified
from kinerja_lib.models.buc_report import (
    buc_checks,
    nothing_changes,
    odds_ratios,
    require_buc,
    single_cluster,
    unit_checks,
)
from kinerja_lib.models.conditional_logit import ConditionalData, ConditionalFit, fit_conditional
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import heaping_checks
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.ordinal_report import RUNAWAY, separated
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


def fit_buc(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit the fixed-effects ordered logit; ``spec.effects`` names the persons, and perhaps the periods.

    The effect with most levels is conditioned on; another one becomes indicators. Errors are CR1, clustered by
    the person or by ``cluster`` if persons lie inside clusters; with a binary outcome (plain conditional logit)
    ``errors="iid"`` gives the inverse information.

    Returns
    -------
    FitResult
        ``glance()``: ``n_effects`` persons, of whom ``n_informative`` have an outcome that changes;
        ``n_strata`` pairs of a person and a threshold that enter. ``effects()`` has odds ratios.

    Raises
    ------
    ModelError
        Probit, weights, corrections that do not exist here; nothing changes inside persons; an exposure that
        never changes inside a person; separation; persons in several clusters.
    """
    require_buc(spec, lang)
    design = build_design(panel, spec, intercept=False, outcome="levels", rank=False, lang=lang)
    if not design.names:
        raise model_error(
            lang, "Tidak ada variabel penjelas.", "There is no explanatory variable.",
            ("Isi exposures.", "Give exposures."),
        )  # fmt: skip
    person = max(design.effects.values(), key=lambda effect: effect.size)
    owner, cluster = _cluster(design, person, lang)
    K = len(design.levels)
    with single_threaded():
        data = ConditionalData.of(design.X, [design.y >= k for k in range(1, K)], person.codes, person.size)
        if not data.batches:
            raise nothing_changes(spec, lang)
        design, indicators, lost = identified(design, data, person, spec, lang)
        data = replace(data, X=np.ascontiguousarray(np.hstack([design.X, indicators])))
        spread = data.within_spread()
        found = fit_conditional(data, np.where(spread > 0, spread, 1.0))
    p = len(design.names)
    runaway = _runaway(found, spread, design.names)
    if runaway:
        raise separated(runaway, lang)
    informative = data.informative
    n_clusters = len(np.unique(owner[informative]))
    if n_clusters < 2 and spec.errors != "iid":
        raise single_cluster(cluster, lang)
    cov, label = _covariance(found, spec, owner, cluster)
    terms = design.names
    df = None if label == "iid" else np.full(p, float(n_clusters - 1))
    result = FitResult(
        spec=spec,
        terms=terms,
        estimate=found.beta[:p],
        cov=cov[:p, :p],
        df=df,
        numbers=_numbers(found, design, data, person, n_clusters, label),
        checks=(
            *buc_checks(found.converged, informative, n_clusters, len(found.beta)),
            *lost,
            *unit_checks(terms, found.beta[:p]),
            *heaping_checks(panel, spec, design.rows),
            *design_checks(design, spec),
        ),
        levels=design.levels,
        dropped=design.dropped,
    )
    return replace(result, tables={"effects": odds_ratios(result)})


def _cluster(design: Design, person: Grouping, lang: str) -> tuple[NDArray[np.int64], str]:
    """Cluster of each person, shape (size,), and the column's name."""
    if not design.clusters:
        return np.arange(person.size), person.name
    group = next(iter(design.clusters.values()))
    of_person = np.zeros(person.size, dtype=np.int64)
    of_person[person.codes] = group.codes
    if bool((of_person[person.codes] != group.codes).any()):
        raise model_error(
            lang,
            f'Ada tingkat "{person.name}" yang berada di beberapa klaster "{group.name}".',
            f'Some levels of "{person.name}" lie in several clusters of "{group.name}".',
            (
                f'Gunakan cluster="{person.name}", atau klaster tetap seperti instansi.',
                f'Use cluster="{person.name}", or a lasting cluster such as the agency.',
            ),
        )
    return of_person, group.name


def _covariance(
    found: ConditionalFit, spec: ModelSpec, owner: NDArray[np.int64], cluster: str
) -> tuple[Array, str]:
    inverse = found.covariance
    if spec.errors == "iid":
        return inverse, "iid"
    used = np.unique(owner[np.any(found.scores != 0.0, axis=1)])
    S = np.column_stack([np.bincount(owner, column) for column in found.scores.T])[used]
    size = len(used)
    return inverse @ (S.T @ S) @ inverse * (size / max(size - 1, 1)), f"CR1 ({cluster})"


def _runaway(found: ConditionalFit, spread: Array, names: tuple[str, ...]) -> list[str]:
    """Columns on their way to infinity: along the separating direction, or huge where nothing converged."""
    p = len(names)
    weight = np.zeros(len(spread))
    if found.separation is not None:
        weight = np.abs(found.separation)
    elif not found.converged:
        weight = np.where(np.abs(found.beta) * spread > RUNAWAY, 1.0, 0.0)
    return [name for name, w in zip(names, weight[:p], strict=True) if w > 0.1 * max(weight.max(), 1e-300)]


def _numbers(
    found: ConditionalFit,
    design: Design,
    data: ConditionalData,
    person: Grouping,
    n_clusters: int,
    label: str,
) -> dict[str, Any]:
    m = len(found.beta)
    return {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": n_clusters,
        "n_levels": len(design.levels),
        "n_effects": person.size,
        "n_informative": int(data.informative.sum()),
        "n_strata": sum(len(batch.rows) for batch in data.batches),
        "loglik": found.loglik,
        "loglik_null": found.loglik_null,
        "criterion": -2.0 * found.loglik,
        "pseudo_r2": 1.0 - found.loglik / found.loglik_null,
        "df": m,
        "iterations": found.iterations,
        "converged": found.converged,
        "method": "BUC" if len(design.levels) > 2 else "conditional logit",
        "errors": label,
    }
