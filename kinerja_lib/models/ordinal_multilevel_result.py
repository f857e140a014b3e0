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
from kinerja_lib.models.multilevel_result import MOST_LEVELS
from kinerja_lib.models.ordinal_multilevel_kernel import MixedFit
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
    if spec.cluster or spec.errors not in (None, "iid"):
        raise model_error(
            lang,
            "Galat standar model ordinal bertingkat berasal dari Hessian; cluster dan errors tidak dipakai.",
            "Standard errors of an ordinal multilevel model come from its Hessian; cluster and errors do not apply.",
            (
                "Hapus cluster dan errors, atau masukkan kolom klaster ke groups.",
                "Leave out cluster and errors, or put the cluster column into groups.",
            ),
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


def variance_table(found: MixedFit, design: Design, spec: ModelSpec) -> pd.DataFrame:
    """component, variance, sd, std_error (of the sd; none at the boundary), icc (share of latent variance)."""
    total = float(found.sigma @ found.sigma) + _residual(spec)
    se = np.sqrt(np.maximum(np.diag(found.cov)[-len(found.sigma) :], 0.0))
    return pd.DataFrame(
        {
            "component": list(design.groups),
            "variance": found.sigma**2,
            "sd": found.sigma,
            "std_error": np.where(found.sigma > 0, se, np.nan),
            "icc": found.sigma**2 / total,
        }
    )


def predicted(found: MixedFit, effects: list[tuple[Array, Array]], design: Design) -> pd.DataFrame:
    """Conditional modes: group, level, component, estimate, std_error, reliability."""
    columns = ["group", "level", "component", "estimate", "std_error", "reliability"]
    parts = []
    for (name, group), sigma, (estimate, error) in zip(
        design.groups.items(), found.sigma, effects, strict=True
    ):
        if group.size > MOST_LEVELS:
            continue
        reliability = 1.0 - (error / sigma) ** 2 if sigma > 0 else np.full(group.size, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "group": name,
                    "level": [str(label) for label in group.labels],
                    "component": "Intercept",
                    "estimate": estimate,
                    "std_error": error,
                    "reliability": reliability,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def numbers_of(found: MixedFit, fixed: CumulativeFit, design: Design, spec: ModelSpec) -> dict[str, Any]:
    """What ``glance()`` shows."""
    sizes = {name: group.size for name, group in design.groups.items()}
    m = len(found.cov)
    explained = float(found.sigma @ found.sigma)
    ratio = max(2.0 * (found.loglik - fixed.loglik), 0.0)
    method = "Laplace" if spec.quadrature == 1 else f"AGQ({spec.quadrature})"
    numbers = {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": next(iter(sizes.values())) if len(sizes) == 1 else sizes,
        "n_levels": len(design.levels),
        "loglik": found.loglik,
        "loglik_fixed": fixed.loglik,
        "loglik_null": fixed.loglik_null,
        "criterion": -2.0 * found.loglik,
        "aic": 2.0 * m - 2.0 * found.loglik,
        "icc": explained / (explained + _residual(spec)),
        "df": m,
        "method": method,
        "iterations": found.iterations,
        "singular": bool((found.sigma == 0).any()),
        "converged": found.converged and found.regular,
        "errors": "Hessian + t",
    }
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


def _residual(spec: ModelSpec) -> float:
    """Latent residual variance: pi^2/3 of the logistic, 1 of the normal."""
    return 1.0 if spec.link == "probit" else float(np.pi**2 / 3.0)
