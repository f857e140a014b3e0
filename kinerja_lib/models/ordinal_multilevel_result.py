"""What an ordered mixed model says beside its coefficients: variances, predicted intercepts, checks, refusals."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.cumulative_fit import CumulativeFit
from kinerja_lib.models.design import Design
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.ordinal_multilevel_kernel import MixedFit
from kinerja_lib.models.ordinal_multilevel_tables import latent_residual
from kinerja_lib.models.result import Check
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: fewest levels of a factor whose variance can be estimated at all
FEW_GROUPS = 6.0
#: share by which quadrature would move the standard deviation, beyond which Laplace is not enough
LAPLACE_LIMIT = 0.02
#: twice the gain that the last step promised; beyond it the search has not arrived
ARRIVED = 1e-6


def require(spec: ModelSpec, lang: str, design: Design | None = None) -> None:
    """Errors for what is not fitted, before the data are read and after."""
    if spec.slopes or spec.effects:
        raise model_error(
            lang,
            "Model ordinal bertingkat hanya mengenal intersep acak: tanpa slopes dan tanpa effects.",
            "An ordinal multilevel model has random intercepts only: no slopes, no effects.",
            (
                'Pakai kind="multilevel" untuk kemiringan acak, kind="ordinal" dengan effects untuk efek tetap.',
                'Use kind="multilevel" for random slopes, kind="ordinal" with effects for fixed effects.',
            ),
        )
    if len(spec.cluster_columns) > 1 or spec.resolved_errors not in ("iid", "CR1", "CR2"):
        raise model_error(
            lang,
            "Model ordinal bertingkat memakai galat CR2 atau CR1 dengan satu kolom cluster, atau galat modelnya.",
            "An ordinal multilevel model has CR2 or CR1 errors with one cluster column, or those of the model.",
            ("Gunakan satu kolom cluster dengan CR2 atau CR1.", "Use one cluster column with CR2 or CR1."),
        )
    if spec.quadrature > 1 and len(spec.groups) > 1:
        raise model_error(
            lang,
            f"Kuadratur dengan {len(spec.groups)} faktor tidak dihitung.",
            f"Quadrature is not computed for {len(spec.groups)} factors.",
            ("Gunakan quadrature=1 (Laplace).", "Use quadrature=1 (Laplace)."),
        )
    for name, group in ({} if design is None else design.groups).items():
        if group.size < 2 or group.size == design.n:  # type: ignore[union-attr]
            raise model_error(
                lang,
                f'Faktor "{name}" mempunyai {group.size} tingkat untuk {design.n} baris.',  # type: ignore[union-attr]
                f'Factor "{name}" has {group.size} levels for {design.n} rows.',  # type: ignore[union-attr]
                (
                    "Diperlukan dua tingkat atau lebih, dan beberapa baris per tingkat.",
                    "It needs two levels or more, and several rows a level.",
                ),
            )


def require_different(groups: dict[str, Grouping], lang: str) -> None:
    """Two factors that are the same partition of the rows cannot be told apart."""
    for (a, left), (b, right) in combinations(groups.items(), 2):
        if left.size == right.size == len(np.unique(left.codes * right.size + right.codes)):
            raise model_error(
                lang,
                f'Faktor "{a}" dan "{b}" mengelompokkan baris dengan cara yang sama.',
                f'Factors "{a}" and "{b}" group the rows in the same way.',
                (f'Hapus salah satunya dari groups, misalnya "{b}".', f'Leave one out of groups, say "{b}".'),
            )


def factor_separates(name: str, lang: str) -> Exception:
    """The error for a factor that determines the outcome."""
    return model_error(
        lang,
        f'Faktor "{name}" menentukan keluaran hampir sempurna; ragamnya tak hingga.',
        f'Factor "{name}" determines the outcome nearly perfectly; its variance is infinite.',
        (
            "Gunakan faktor yang lebih kasar, atau tambah baris per tingkat.",
            "Use a coarser factor, or more rows a level.",
        ),
    )


def too_many_levels(names: list[str], lang: str) -> Exception:
    """The error for crossed factors whose levels hang together in too large a block."""
    shown = ", ".join(f'"{name}"' for name in names)
    return model_error(
        lang,
        f"Faktor {shown} mempunyai terlalu banyak tingkat yang saling terhubung untuk dihitung bersama.",
        f"Factors {shown} have too many connected levels to be computed together.",
        (
            "Batasi pada satu instansi, atau gunakan satu faktor saja.",
            "Restrict the data to one agency, or use a single factor.",
        ),
    )


def numbers_of(
    found: MixedFit, fixed: CumulativeFit, design: Design, spec: ModelSpec, robust: Inference | None
) -> dict[str, Any]:
    """What ``glance()`` shows."""
    sizes = {name: group.size for name, group in design.groups.items()}
    m = len(found.cov)
    explained = float(found.sigma @ found.sigma)
    ratio = max(2.0 * (found.loglik - fixed.loglik), 0.0)
    method = "Laplace" if spec.quadrature == 1 else f"AGQ({spec.quadrature})"
    numbers: dict[str, Any] = {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": next(iter(sizes.values())) if len(sizes) == 1 else sizes,
        "n_levels": len(design.levels),
        "loglik": found.loglik,
        "loglik_fixed": fixed.loglik,
        "loglik_null": fixed.loglik_null,
        "criterion": -2.0 * found.loglik,
        "aic": 2.0 * m - 2.0 * found.loglik,
        "icc": explained / (explained + latent_residual(spec)),
        "df": m,
        "method": method,
        "iterations": found.iterations,
        "singular": bool((found.sigma == 0).any()),
        "converged": found.converged and found.regular,
        "errors": "Hessian + t" if robust is None else robust.label,
    }
    if robust is not None:
        numbers["n_effects"] = numbers["n_groups"]
        numbers["n_groups"] = numbers["n_clusters"] = robust.n_clusters
    if len(sizes) == 1:
        numbers["lr_variance"] = ratio
        numbers["p_variance"] = 0.5 * float(stats.chi2.sf(ratio, 1)) if ratio > 0 else 1.0
    return numbers


def mixed_checks(found: MixedFit, design: Design, variances: pd.DataFrame) -> list[Check]:
    """Convergence, zero variance, few groups, groups of a single row."""
    arrived = found.converged and found.regular
    smallest = float(variances["variance"].min())
    zero = bool((found.sigma == 0).any())
    fewest = float(min(group.size for group in design.groups.values()))
    few = fewest < FEW_GROUPS
    per_group = design.n / max(group.size for group in design.groups.values())
    thin = per_group < 2.0
    return [
        *_laplace_checks(found),
        Check(
            "convergence", found.decrement, ARRIVED, "ok" if arrived else "fail",
            "Penaksiran konvergen." if arrived else "Penaksiran tidak konvergen; jangan dipakai.",
            "The fit converged." if arrived else "The fit did not converge; do not use it.",
        ),
        Check(
            "boundary_variance", smallest, 0.0, "warning" if zero else "ok",
            "Salah satu ragam intersep acak ditaksir nol; hasilnya sama dengan model tanpa faktor itu." if zero
            else "Semua ragam intersep acak lebih besar dari nol.",
            "A random intercept's variance is estimated as zero; the fit equals the one without that factor."
            if zero else "All variances of random intercepts are above zero.",
        ),
        Check(
            "groups", fewest, FEW_GROUPS, "fail" if few else "ok",
            "Tingkat faktor terlalu sedikit." if few else "Jumlah tingkat faktor memadai.",
            "A factor has too few levels." if few else "Enough levels in each factor.",
        ),
        Check(
            "rows_per_group", per_group, 2.0, "warning" if thin else "ok",
            "Rata-rata kurang dari dua baris per tingkat; pendekatan Laplace dan ragamnya tidak andal." if thin
            else "Cukup baris per tingkat faktor.",
            "Fewer than two rows a level on average; Laplace and the variance are unreliable." if thin
            else "Enough rows a level.",
        ),
    ]  # fmt: skip


def unused_cluster(spec: ModelSpec) -> Check:
    """The check that says that a cluster was given and does not matter."""
    columns = ", ".join(spec.cluster_columns)
    return Check(
        "errors", 0.0, 0.0, "warning",
        f"cluster {columns} tidak dipakai: dengan beberapa faktor acak, galat baku berasal dari modelnya.",
        f"cluster {columns} is not used: with several random factors the errors are those of the model.",
    )  # fmt: skip


def _laplace_checks(found: MixedFit) -> list[Check]:
    """Whether the Laplace approximation is good enough for these groups."""
    if not np.isfinite(found.laplace):
        return []
    off = abs(found.laplace) > LAPLACE_LIMIT
    return [
        Check(
            "laplace", found.laplace, LAPLACE_LIMIT, "warning" if off else "ok",
            "Pendekatan Laplace kurang teliti untuk kelompok sekecil ini; gunakan quadrature=9." if off
            else "Pendekatan Laplace cukup teliti.",
            "The Laplace approximation is too rough for groups this small; use quadrature=9." if off
            else "The Laplace approximation is accurate enough.",
        )
    ]  # fmt: skip
