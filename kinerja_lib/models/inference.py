"""Which covariance, which degrees of freedom: one place for all kinds that are linear in the outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.clustered import cr1, cr1_multiway, cr2, cr2_multiway
from kinerja_lib.models.grouping import Grouping, one_cluster
from kinerja_lib.models.least_squares import LeastSquares
from kinerja_lib.models.wild import WildBootstrap
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inference:
    """Covariance, shape (p, p); df of each term; p-values and intervals where a bootstrap gives them."""

    cov: Array
    df: Array
    label: str
    n_clusters: int | None = None
    p_value: Array | None = None
    ci: Array | None = None


def infer(
    ls: LeastSquares,
    errors: str,
    clusters: dict[str, Grouping],
    *,
    absorbed: int = 0,
    absorbed_nested: int = 0,
    lang: str = "id",
) -> Inference:
    """Covariance of the coefficients under the correction asked for.

    Parameters
    ----------
    errors : str
        ``iid``, ``HC1``, ``CR1``, ``CR2`` or ``wild``.
    clusters : mapping of column name to Grouping
    absorbed : int
        Degrees of freedom that absorbed fixed effects use.
    absorbed_nested : int
        The part of them that is constant within clusters. CR1 does not charge it; nor do fixest, reghdfe.

    Raises
    ------
    ModelError
        Fewer than two clusters; CR2 or the bootstrap with two cluster columns.
    """
    n, p = ls.X.shape
    residual_df = n - p - absorbed
    if residual_df < 1:
        raise model_error(
            lang,
            f"Tidak ada derajat bebas tersisa: {n} baris, {p + absorbed} parameter.",
            f"No degrees of freedom left: {n} rows, {p + absorbed} parameters.",
            ("Tambah data atau kurangi variabel dan efek tetap.", "Add data, or drop variables and effects."),
        )
    if errors == "iid":
        return Inference(ls.inverse * (ls.rss / residual_df), np.full(p, float(residual_df)), "iid")
    if errors == "HC1":
        U = ls.Q * ls.weighted_residuals[:, None]
        cov = (n / residual_df) * (ls.T @ (U.T @ U) @ ls.T.T)
        return Inference(cov, np.full(p, float(residual_df)), "HC1")
    _require_clusters(errors, clusters, lang)
    groups = list(clusters.values())
    smallest = min(group.size for group in groups)
    charged = p + absorbed - absorbed_nested
    if len(groups) > 1 and errors == "CR2":
        cov, df = cr2_multiway(ls, [(group.codes, group.size) for group in groups])
        return Inference(cov, df, "CR2", smallest)
    if len(groups) > 1:
        cov = cr1_multiway(ls, [(group.codes, group.size) for group in groups], charged)
        return Inference(cov, np.full(p, smallest - 1.0), "CR1", smallest)
    codes, size = groups[0].codes, groups[0].size
    if errors == "CR2":
        cov, df = cr2(ls, codes, size)
        return Inference(cov, df, "CR2", size)
    cov = cr1(ls, codes, size, charged)
    if errors == "CR1":
        return Inference(cov, np.full(p, size - 1.0), "CR1", size)
    return _wild(ls, cov, codes, size)


def _wild(ls: LeastSquares, cov: Array, codes: NDArray[np.int64], size: int) -> Inference:
    bootstrap = WildBootstrap(ls, codes, size)
    tests = [bootstrap.test(j) for j in range(len(ls.beta))]
    label = "wild (exact)" if bootstrap.exact else f"wild ({len(bootstrap.signs)} draws)"
    return Inference(
        cov,
        np.full(len(ls.beta), size - 1.0),
        label,
        size,
        np.array([test.p_value for test in tests]),
        np.array([(test.low, test.high) for test in tests]),
    )


def _require_clusters(errors: str, clusters: dict[str, Grouping], lang: str) -> None:
    for name, group in clusters.items():
        if group.size < 2:
            raise one_cluster(name, lang)
    if len(clusters) > 1 and errors == "wild":
        raise one_column_only(errors, lang)


def one_column_only(errors: str, lang: str) -> Exception:
    """The error for a correction that takes a single cluster column."""
    return model_error(
        lang,
        f"errors={errors} di sini hanya untuk satu kolom klaster.",
        f"errors={errors} is for one cluster column here.",
        ("Gunakan errors=CR1 untuk dua kolom.", "Use errors=CR1 for two columns."),
    )
