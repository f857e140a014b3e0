"""Ordered logit and probit of a table read in chunks: the same estimate, errors and effects as in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.brant import brant_checks
from kinerja_lib.models.chunk_rows import read_chunk
from kinerja_lib.models.chunks import Source
from kinerja_lib.models.chunks_linear import rotation
from kinerja_lib.models.chunks_ordinal_sums import (
    KeyedScores,
    Scaling,
    Survey,
    add_scores,
    level_order,
    newton,
    prepare,
    scores_of_chunk,
    used_columns,
)
from kinerja_lib.models.cumulative import Link
from kinerja_lib.models.cumulative_fit import CumulativeFit
from kinerja_lib.models.design import Design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import cluster_checks
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.ordinal import threshold_names
from kinerja_lib.models.ordinal_effect_sums import EffectSums, effect_sums
from kinerja_lib.models.ordinal_effects import effects_table
from kinerja_lib.models.ordinal_inference import ContrastDf, corrected
from kinerja_lib.models.ordinal_report import fit_checks, runaway_columns, separated, size_and_fit
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: clusters that may wait before parts are added together
_PENDING = 50_000


def fit_from(source: Source, spec: ModelSpec, lang: str) -> FitResult:
    """A survey, Newton's steps, and a last pass for errors and marginal effects."""
    if spec.effects or len(spec.cluster_columns) > 1 or spec.resolved_errors not in ("iid", "CR1", "CR2"):
        raise model_error(
            lang,
            "Hitungan ordinal per bagian melayani paling banyak satu kolom cluster (CR2 atau CR1), tanpa efek tetap.",
            "Chunked ordered models serve at most one cluster column (CR2 or CR1) and no fixed effects.",
            ("Gunakan satu kolom cluster, atau fit().", "Use one cluster column, or fit()."),
        )
    link: Link = "probit" if spec.link == "probit" else "logit"
    survey, scaling = prepare(source, spec, lang)
    rotation(survey.cross[np.ix_(scaling.keep, scaling.keep)], scaling.names, lang)
    found = newton(source, spec, survey, scaling, link, lang)
    runaway = runaway_columns(found, scaling.names, scaling.scale)
    if runaway:
        raise separated(runaway, lang)
    inference, contrast_df, effects = _last_pass(source, spec, scaling, found, link, lang)
    levels = scaling.coding.outcome
    terms = (*threshold_names(levels), *scaling.names)
    counts = np.array([survey.counts[level] for level in levels], dtype=np.float64)
    order = level_order(source.first(), spec, tuple(survey.counts), lang)
    lacking = ", ".join(str(level) for level in order if level not in levels)
    unused = (f"unused_levels: {lacking}",) if lacking else ()
    checks = [
        *cluster_checks(inference, terms, spec),
        *fit_checks(found, counts, unused),
    ]
    odds, cuts = _sampled_checks(survey, scaling, spec)
    return FitResult(
        spec=spec,
        terms=terms,
        estimate=found.parameters,
        cov=inference.cov,
        df=inference.df,
        numbers=size_and_fit(found, survey.n, survey.rows, len(levels), inference),
        checks=(*checks, *odds),
        tables={
            "effects": effects_table(found.beta, inference.cov, scaling.names, levels, effects, contrast_df)
        }
        | ({} if cuts is None else {"cuts": cuts}),
        encoding=Encoding(spec.terms, dict(scaling.coding.levels), scaling.names, False),
        levels=levels,
        dropped=survey.dropped,
    )


def last_chunk(
    frame: pd.DataFrame, spec: ModelSpec, scaling: Scaling, theta: Array, beta: Array, link: Link, lang: str
) -> tuple[EffectSums, KeyedScores | None]:
    """Sums behind the marginal effects, and scores by cluster where there is one."""
    rows = read_chunk(frame, spec, scaling.coding, "levels", lang)
    X = used_columns(rows.X, scaling)
    effects = effect_sums(theta, beta, X, None, scaling.names, link)
    if not spec.cluster_columns or spec.resolved_errors == "iid":
        return effects, None
    return effects, scores_of_chunk(rows, X, spec, theta, beta, link)


def _last_pass(
    source: Source, spec: ModelSpec, scaling: Scaling, found: CumulativeFit, link: Link, lang: str
) -> tuple[Inference, ContrastDf, EffectSums]:
    effects: EffectSums | None = None
    scores: KeyedScores | None = None
    waiting: list[KeyedScores] = []
    arguments = (spec, scaling, found.theta, found.beta, link, lang)
    for part, keyed in source.map(last_chunk, *arguments):
        effects = part if effects is None else effects + part
        if keyed is not None:
            waiting.append(keyed)
            if sum(len(each.keys) for each in waiting) > max(_PENDING, len(scores.keys) if scores else 0):
                scores, waiting = add_scores([*([scores] if scores else []), *waiting]), []
    if waiting:
        scores = add_scores([*([scores] if scores else []), *waiting])
    assert effects is not None
    m = len(found.parameters)
    if scores is None:
        flat = Inference(found.covariance, np.full(m, np.inf), "iid")
        return flat, lambda contrasts: np.full(len(contrasts), np.inf), effects
    G = len(scores.keys)
    if G < 2:
        raise one_cluster(spec.cluster_columns[0], lang)
    if spec.resolved_errors == "CR2":
        inference, contrast_df = corrected(scores.parts, found.covariance)
        return inference, contrast_df, effects
    meat = G / (G - 1) * scores.parts.score.T @ scores.parts.score
    cov = found.covariance @ meat @ found.covariance
    return (
        Inference(cov, np.full(m, G - 1.0), "CR1", G),
        lambda contrasts: np.full(len(contrasts), G - 1.0),
        effects,
    )


def _sampled_checks(survey: Survey, scaling: Scaling, spec: ModelSpec) -> tuple[list[Check], Any]:
    """Brant's check, and those of the columns, on the thin sample, as if its rows were independent."""
    place = {level: k for k, level in enumerate(scaling.coding.outcome)}
    codes = np.array([place[level] for level in survey.sample[1]], dtype=np.int64)
    used = np.bincount(codes, minlength=len(place)) > 0
    sample = Design(
        names=scaling.names,
        X=used_columns(survey.sample[0], scaling),
        y=(np.cumsum(used) - 1)[codes],
        encoding=Encoding(spec.terms, dict(scaling.coding.levels), scaling.names, False),
        rows=np.arange(len(codes)),
        n_input=len(codes),
        dropped={},
        levels=tuple(level for level, keep in zip(place, used, strict=True) if keep),
    )
    alone = spec.replace(cluster=None, errors=None)
    odds, cuts = brant_checks(sample, alone)
    return [*odds, *design_checks(sample, alone)], cuts
