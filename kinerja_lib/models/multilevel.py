"""Linear mixed models: random intercepts (nested or crossed) and correlated random slopes, by REML or ML.

The fixed effects and the residual variance are profiled out (Bates et al. 2015, J. Statistical Software
67:1), so that only the relative covariance factor is searched. One factor: everything follows from
cross-products by group. Several intercepts: the largest factor is eliminated group by group, the rest is one
dense Cholesky factor. ``criterion`` is the REML or ML deviance; tests and intervals use t with Satterthwaite
degrees of freedom. With ``cluster`` and one factor the errors are CR2, which hold where rows are correlated beyond
the groups. A zero variance is said, not hidden.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.design_checks import design_checks
from kinerja_lib.models.diagnostics import heaping_checks
from kinerja_lib.models.grouping import one_cluster
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.mixed_crossed import crossed_profile
from kinerja_lib.models.mixed_kernels import Profile, group_sums, single_profile
from kinerja_lib.models.mixed_robust import robust
from kinerja_lib.models.multilevel_result import Sized, assemble, model_based
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


class _Scaled(NamedTuple):
    """How the columns are centred and scaled, their cross-product then, and beta = T gamma."""

    shift: Array
    scale: Array
    cross: Array
    T: Array


def fit_multilevel(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit a linear mixed model.

    Returns
    -------
    FitResult
        ``variances()`` has one row a component (``group``, ``group: slope``, ``residual``) with variance, sd
        and the correlation of a slope with its intercept; ``glance()`` adds ``icc`` (random intercepts only).
        ``random_effects()`` has the predicted effect of each level of each factor, its conditional standard
        error and its reliability; factors of more than ``MOST_LEVELS`` levels are left out.

    Raises
    ------
    ModelError
        Weights; slopes together with several factors; a factor with one level, or one level a row.
    """
    design = build_design(panel, spec, lang=lang)
    slopes = require(design, spec, lang)
    scaled = _standardise(design)
    middle = float(design.y.mean())
    y = design.y - middle
    with single_threaded():
        if len(design.groups) == 1:
            group = next(iter(design.groups.values()))
            sums = group_sums(
                design.X, scaled.shift, scaled.scale, y, slopes, group.codes, group.size, scaled.cross
            )
            profile = single_profile(sums, spec.reml)
        else:
            factors = [(group.codes, group.size) for group in design.groups.values()]
            columns = (design.X - scaled.shift) / scaled.scale
            profile = crossed_profile(columns, y, factors, spec.reml)
        found, note = _inference(design, scaled, y, profile, slopes, spec, lang)
    return assemble(
        spec,
        design,
        profile,
        scaled.T,
        found,
        middle,
        scaled.scale,
        slopes,
        checks=(*note, *heaping_checks(panel, spec, design.rows), *design_checks(design, spec)),
        encoding=design.encoding,
        dropped=design.dropped,
    )


def _inference(
    design: Design,
    scaled: _Scaled,
    y: Array,
    profile: Profile,
    slopes: list[int],
    spec: ModelSpec,
    lang: str,
) -> tuple[Inference, tuple[Check, ...]]:
    """Robust where a cluster is given and there is one factor; otherwise the model's own."""
    errors = spec.resolved_errors
    if errors == "iid":
        return model_based(profile, scaled.T, spec), ()
    if len(design.groups) > 1:
        return model_based(profile, scaled.T, spec), (_unused_cluster(spec),)
    if errors not in ("CR1", "CR2") or len(design.clusters) != 1:
        raise model_error(
            lang,
            f'errors="{errors}" dengan cluster {", ".join(spec.cluster_columns) or "-"} tidak tersedia'
            " untuk model bertingkat.",
            f'errors="{errors}" with cluster {", ".join(spec.cluster_columns) or "-"} does not exist'
            " for a multilevel model.",
            ("Gunakan satu kolom cluster dengan CR2 atau CR1.", "Use one cluster column with CR2 or CR1."),
        )
    cluster = next(iter(design.clusters.values()))
    if cluster.size < 2:
        raise one_cluster(cluster.name, lang)
    Z = np.column_stack([np.ones(design.n), *(design.X[:, j] for j in slopes)])
    columns = (design.X - scaled.shift) / scaled.scale
    group = next(iter(design.groups.values()))
    return robust(columns, y, Z, group, profile, scaled.T, cluster, errors), ()


def _unused_cluster(spec: ModelSpec) -> Check:
    columns = ", ".join(spec.cluster_columns)
    return Check(
        "errors", 0.0, 0.0, "warning",
        f"cluster {columns} tidak dipakai: dengan beberapa faktor acak, galat baku berasal dari modelnya.",
        f"cluster {columns} is not used: with several random factors the errors are those of the model.",
    )  # fmt: skip


def require(design: Sized, spec: ModelSpec, lang: str) -> list[int]:
    """Positions of the slope columns; errors for what is not fitted."""
    names = [name for columns in spec.slopes.values() for name in columns]
    if spec.weights or (names and len(design.groups) > 1):
        raise model_error(
            lang,
            "Model bertingkat tidak menerima bobot, atau kemiringan acak bersama beberapa faktor.",
            "A multilevel model takes no weights, and random slopes only with a single factor.",
            ("Hapus weights, atau gunakan satu faktor.", "Leave weights out, or use one factor."),
        )
    for name, group in design.groups.items():
        if group.size < 2 or group.size == design.n:
            raise model_error(
                lang,
                f'Faktor "{name}" mempunyai {group.size} tingkat untuk {design.n} baris.',
                f'Factor "{name}" has {group.size} levels for {design.n} rows.',
                (
                    "Diperlukan dua tingkat atau lebih, dan beberapa baris per tingkat.",
                    "It needs two levels or more, and several rows a level.",
                ),
            )
    missing = [name for name in names if name not in design.names]
    if missing:
        raise model_error(
            lang,
            f"Kemiringan acak harus juga menjadi variabel penjelas: {', '.join(missing)}.",
            f"A random slope must be an explanatory variable too: {', '.join(missing)}.",
            ("Tambahkan ke exposures atau controls.", "Add it to exposures or controls."),
        )
    return [design.names.index(name) for name in names]


def _standardise(design: Design) -> _Scaled:
    assert design.moments is not None  # a constant, and no weights
    shift, cross, _ = design.moments
    scale = np.sqrt(np.diag(cross) / design.n)
    T = np.diag(1.0 / scale)
    T[0, 1:] = -shift[1:] / scale[1:]
    return _Scaled(shift, scale, cross / np.outer(scale, scale), T)
