"""Random intercepts and slopes of one factor from sums by group: the REML fit of a table read in chunks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.chunk_rows import Coding
from kinerja_lib.models.chunks import Source
from kinerja_lib.models.chunks_linear import column_inflation, require_variation, rotation
from kinerja_lib.models.clustered import cr2_from_sums
from kinerja_lib.models.compress import ClusterSums, collect, encoding_of
from kinerja_lib.models.diagnostics import vif_verdicts
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.mixed_kernels import GroupSums, Profile, single_profile
from kinerja_lib.models.multilevel import require
from kinerja_lib.models.multilevel_result import assemble, model_based
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """What the result says of the rows: what a ``Design`` would have held."""

    names: tuple[str, ...]
    n: int
    n_input: int
    groups: dict[str, Grouping]


def fit_from(source: Source, spec: ModelSpec, lang: str) -> FitResult:
    """One pass over the chunks, then the profiled criterion from the groups' sums."""
    if len(spec.all_groups) != 1 or (spec.cluster_columns and spec.cluster_columns != spec.all_groups):
        raise model_error(
            lang,
            "Hitungan per bagian melayani satu faktor acak, dan sebagai cluster hanya faktor itu.",
            "Chunked fitting serves one random factor, and as cluster that factor only.",
            ("Gunakan satu kolom groups, atau fit().", "Use one column in groups, or fit()."),
        )
    sums, coding = collect(source, spec, spec.all_groups[0], None, lang)
    return fit_sums(sums, spec, coding, lang)


def fit_sums(sums: ClusterSums, spec: ModelSpec, coding: Coding, lang: str = "id") -> FitResult:
    """The model from its sufficient statistics."""
    n = float(sums.n.sum())
    names = ("Intercept", *sums.names)
    group = Grouping(spec.all_groups[0], np.empty(0, dtype=np.int64), tuple(sums.keys))
    shape = Shape(names, int(n), sums.rows, {group.name: group})
    slopes = require(shape, spec, lang)
    C = _augmented(sums)
    total = C.sum(axis=0)
    require_variation(total[:-1, :-1], float(total[-1, -1]), sums, spec, names, lang)
    rotation(total[:-1, :-1], names, lang)  # only to refuse columns that determine one another
    # standardised columns and a centred outcome, as linear maps of (1, x - shift, y - shift)
    p = len(names)
    away = total[0] / n
    scale = np.sqrt(np.maximum(np.diag(total) / n - away**2, 0.0))
    scale[0], away[0] = 1.0, 0.0
    to_x = np.eye(p + 1)[:, :p] / scale[:p]
    to_x[0, 1:] -= away[1:p] / scale[1:p]
    to_y = np.eye(p + 1)[:, p]
    to_y[0] -= away[p]
    to_z = np.zeros((p + 1, 1 + len(slopes)))
    to_z[0, 0] = 1.0
    for k, j in enumerate(slopes, start=1):
        to_z[j, k], to_z[0, k] = 1.0, sums.shift[j - 1]
    CX, Cy = C @ to_x, C @ to_y
    statistics = GroupSums(
        to_z.T @ C @ to_z,
        to_z.T @ CX,
        Cy @ to_z,
        to_x.T @ CX.sum(axis=0),
        to_x.T @ Cy.sum(axis=0),
        float(to_y @ total @ to_y),
        int(n),
    )
    with single_threaded():
        profile = single_profile(statistics, spec.reml)
        middle = sums.shift + away[1:]
        T = np.diag(1.0 / scale[:p])
        T[0, 1:] = -middle[: p - 1] / scale[1:p]
        found = model_based(profile, T, spec)
        if spec.cluster_columns and spec.resolved_errors in ("CR1", "CR2"):
            found = _robust(statistics, to_x.T @ CX, Cy @ to_x, profile, T, spec)
    return assemble(
        spec, shape, profile, T, found, float(middle[-1]), scale[:p], slopes,
        checks=tuple(vif_verdicts(column_inflation(total[1:-1, 1:-1], sums, False, sums.names), spec)),
        encoding=encoding_of(sums, spec, coding, True), dropped=sums.dropped,
    )  # fmt: skip


def _augmented(sums: ClusterSums) -> Array:
    """Cross-products of (1, x - shift, y - shift) by group, shape (G, p + 1, p + 1)."""
    G, q = sums.first.shape
    C = np.empty((G, q + 1, q + 1))
    C[:, 0, 0] = sums.n
    C[:, 0, 1:] = C[:, 1:, 0] = sums.first
    C[:, 1:, 1:] = sums.cross
    return C


def _robust(
    sums: GroupSums, XX_g: Array, Xy_g: Array, profile: Profile, T: Array, spec: ModelSpec
) -> Inference:
    """CR2 or CR1 with the groups as clusters: X_g'V_g^-1X_g and X_g'V_g^-1r_g are all that they need."""
    D = profile.covariance / profile.sigma2
    inner = np.linalg.inv(np.eye(len(D)) + sums.ZZ @ D)
    taken = D @ inner  # V^-1 = I - Z D (I + Z'Z D)^-1 Z'
    XX = XX_g - np.einsum("gai,gab,gbj->gij", sums.ZX, taken, sums.ZX)
    Xy = Xy_g - np.einsum("gai,gab,gb->gi", sums.ZX, taken, sums.Zy)
    s = Xy - XX @ profile.gamma
    A = rotation(XX.sum(axis=0), tuple(map(str, range(len(T)))), "id")
    G = len(s)
    if spec.resolved_errors == "CR2":
        cov, df = cr2_from_sums(A.T @ XX @ A, s @ A, T @ A)
        return Inference(cov, df, "CR2", G)
    U = T @ A @ (s @ A).T
    factor = G / (G - 1) * (sums.n - 1) / (sums.n - len(T))
    return Inference(factor * (U @ U.T), np.full(len(T), G - 1.0), "CR1", G)
