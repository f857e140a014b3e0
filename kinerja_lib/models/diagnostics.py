"""Checks of a linear fit: each a value, a threshold, a verdict and a sentence in both languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.clustered import partial_leverage
from kinerja_lib.models.design import Design
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.least_squares import LeastSquares
from kinerja_lib.models.result import Check
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]

#: Belsley, Kuh & Welsch's usual bound for a variance inflation factor
VIF_LIMIT = 10.0
#: below this many clusters, or this many Satterthwaite df, no claim is made
CLUSTERS_LIMIT = 6.0
DF_LIMIT = 4.0
#: obligation of training hours a year (PermenPANRB / LAN: 20 JP)
JP_OBLIGATION = 20.0
HEAPING_LIMIT = 2.0
#: largest leverage of a single row
LEVERAGE_LIMIT = 0.5
#: share of a coefficient's information that one cluster may hold
CLUSTER_LEVERAGE_LIMIT = 0.5
#: rows times exposures that the check of clusters may read
LEVERAGE_BUDGET = 2_000_000
#: share of unexplained variance below which a fit counts as exact
PERFECT_FIT = 1e-20


def verdict(value: float, limit: float, above_is_bad: bool = True, hard: bool = False) -> str:
    """``ok``, or ``warning`` (``fail`` if ``hard``) on the wrong side of the limit."""
    bad = value > limit if above_is_bad else value < limit
    return ("fail" if hard else "warning") if bad else "ok"


def linear_checks(
    panel: pd.DataFrame,
    spec: ModelSpec,
    design: Design,
    ls: LeastSquares,
    found: Inference,
) -> tuple[Check, ...]:
    """Collinearity, few clusters, degrees of freedom, leverage, heaping."""
    checks = [*vif_checks(ls, design.names, spec)]
    checks += cluster_checks(found, design.names, spec)
    checks += cluster_leverage_checks(ls, design, spec)
    checks += [leverage_check(ls)]
    checks += perfect_fit_checks(ls, design)
    checks += heaping_checks(panel, spec, design.rows)
    return tuple(checks)


def perfect_fit_checks(ls: LeastSquares, design: Design) -> list[Check]:
    """A fit without residuals: the outcome is computed from the columns, so errors and tests mean nothing."""
    y = design.y - design.y.mean()
    left = ls.rss / max(float(y @ y), 1e-300)
    if left > PERFECT_FIT:
        return []
    return [
        Check(
            "perfect_fit",
            left,
            PERFECT_FIT,
            "fail",
            "Keluaran dapat dihitung tepat dari variabel penjelas; ini bukan hubungan statistik.",
            "The outcome is computed exactly from the explanatory columns; this is no statistical relation.",
        )
    ]


def variance_inflation(ls: LeastSquares, names: tuple[str, ...]) -> dict[str, float]:
    """VIF of each column but the constant: (X'X)^-1_jj times the centred sum of squares of the column.

    Examples
    --------
    Longley's data give 135.5 for GNPDEFL and 1788.5 for GNP (Belsley, Kuh & Welsch 1980).
    """
    inverse = np.diag(ls.inverse)
    root = np.linalg.inv(ls.A)
    squares = np.einsum("ij,ij->j", root, root)
    return {name: float(inverse[j] * squares[j]) for j, name in enumerate(names) if name != "Intercept"}


def vif_checks(ls: LeastSquares, names: tuple[str, ...], spec: ModelSpec) -> list[Check]:
    """One check for each column of the exposures, one for the worst of the controls."""
    return vif_verdicts(variance_inflation(ls, names), spec)


def vif_verdicts(values: dict[str, float], spec: ModelSpec) -> list[Check]:
    """As :func:`vif_checks`, from the values."""
    if len(values) < 2:
        return []
    shown = [name for name in values if belongs(name, spec.exposures)]
    others = sorted((name for name in values if name not in shown), key=lambda name: -values[name])[:1]
    return [_vif_check(name, values[name]) for name in (*shown, *others)]


def _vif_check(name: str, value: float) -> Check:
    bad = value > VIF_LIMIT
    return Check(
        f"vif: {name}",
        value,
        VIF_LIMIT,
        verdict(value, VIF_LIMIT),
        f"Variabel {name} hampir ditentukan oleh variabel lain; selangnya lebar karena itu."
        if bad
        else f"Variabel {name} cukup terpisah dari variabel lain.",
        f"{name} is nearly determined by the other variables; that widens its interval."
        if bad
        else f"{name} is separate enough from the other variables.",
    )


def cluster_checks(found: Inference, names: tuple[str, ...], spec: ModelSpec) -> list[Check]:
    """Number of clusters, and the smallest degrees of freedom among the exposures."""
    if found.n_clusters is None:
        return []
    few = found.n_clusters < CLUSTERS_LIMIT
    checks = [
        Check(
            "clusters",
            float(found.n_clusters),
            CLUSTERS_LIMIT,
            verdict(found.n_clusters, CLUSTERS_LIMIT, above_is_bad=False, hard=True),
            "Klaster terlalu sedikit untuk menarik kesimpulan." if few else "Jumlah klaster memadai.",
            "Too few clusters for a conclusion." if few else "Enough clusters.",
        )
    ]
    own = [j for j, name in enumerate(names) if belongs(name, spec.exposures)]
    if own:
        worst = float(found.df[own].min())
        low = worst < DF_LIMIT
        checks.append(
            Check(
                "df",
                worst,
                DF_LIMIT,
                verdict(worst, DF_LIMIT, above_is_bad=False, hard=True),
                "Derajat bebas efektif terlalu kecil: informasi berasal dari sedikit klaster."
                if low
                else "Derajat bebas efektif memadai.",
                "Effective degrees of freedom too low: few clusters carry the information."
                if low
                else "Effective degrees of freedom suffice.",
            )
        )
    return checks


def cluster_leverage_checks(ls: LeastSquares, design: Design, spec: ModelSpec) -> list[Check]:
    """Does one cluster alone carry an exposure? Its errors then rest on assumptions, not on replication.

    Looked at for as many exposures as a budget of rows allows; only the worst is reported.
    """
    if len(design.clusters) != 1:
        return []
    group = next(iter(design.clusters.values()))
    own = [j for j, name in enumerate(design.names) if belongs(name, spec.exposures)]
    own = own[: max(1, LEVERAGE_BUDGET // design.n)]
    shares = [(float(partial_leverage(ls, j, group.codes, group.size).max()), j) for j in own]
    if not shares:
        return []
    value, j = max(shares)
    name, high = design.names[j], value > CLUSTER_LEVERAGE_LIMIT
    return [
        Check(
            f"cluster_leverage: {name}",
            value,
            CLUSTER_LEVERAGE_LIMIT,
            verdict(value, CLUSTER_LEVERAGE_LIMIT, hard=True),
            f"Satu klaster menentukan sebagian besar koefisien {name}; galat bakunya tidak dapat dipercaya."
            if high
            else f"Tidak ada klaster yang menentukan koefisien {name} sendirian.",
            f"One cluster carries most of the coefficient of {name}; its standard error cannot be trusted."
            if high
            else f"No single cluster carries the coefficient of {name}.",
        )
    ]


def leverage_check(ls: LeastSquares) -> Check:
    """Largest leverage of a row; above one half the row nearly fits itself (Huber 1981)."""
    value = ls.top_leverage
    high = value > LEVERAGE_LIMIT
    return Check(
        "leverage",
        value,
        LEVERAGE_LIMIT,
        verdict(value, LEVERAGE_LIMIT),
        "Ada baris yang hampir menentukan koefisiennya sendiri." if high else "Tidak ada baris yang dominan.",
        "A row nearly determines a coefficient of its own." if high else "No row dominates.",
    )


def heaping(values: Array, at: float = JP_OBLIGATION, width: float = 5.0) -> float:
    """Rows exactly at ``at``, relative to what its neighbourhood leads one to expect.

    The expected count is the mean count of whole-number values within ``width`` on either side (zero hours
    left out). 1 is no heaping. Training hours can be steered to the obligation, so no regression
    discontinuity is built on it.
    """
    rounded = np.round(values[np.isfinite(values)])
    here = float((np.abs(values - at) < 1e-9).sum())
    near = (np.abs(rounded - at) <= width) & (rounded != at) & (rounded > 0)
    expected = float(near.sum()) / (2 * width)
    if expected == 0:
        return np.inf if here else 1.0
    return here / expected


def heaping_checks(panel: pd.DataFrame, spec: ModelSpec, rows: NDArray[np.int64]) -> list[Check]:
    """Heaping at 20 JP, for exposures measured in training hours (``jp`` in the column's name)."""
    checks = []
    for name in spec.exposures:
        if name not in panel.columns or not re.search(r"(^|_)jp(_|$)", name):
            continue
        if not pd.api.types.is_numeric_dtype(panel[name].dtype):
            continue
        ratio = heaping(panel[name].to_numpy(dtype=np.float64, na_value=np.nan)[rows])
        high = ratio > HEAPING_LIMIT
        checks.append(
            Check(
                f"heaping_20: {name}",
                ratio,
                HEAPING_LIMIT,
                verdict(ratio, HEAPING_LIMIT),
                "Jam pelatihan menumpuk tepat pada 20 JP: angkanya dapat diarahkan ke kewajiban."
                if high
                else "Tidak tampak penumpukan pada 20 JP.",
                "Hours heap at exactly 20 JP: the figure can be steered to the obligation."
                if high
                else "No heaping at 20 JP is seen.",
            )
        )
    return checks


def belongs(name: str, terms: tuple[str, ...]) -> bool:
    """Whether a design column comes from one of the terms."""
    return any(name == term or name.startswith((f"{term}[", f"{term}:")) for term in terms)
