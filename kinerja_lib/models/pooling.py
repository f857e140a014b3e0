"""Rubin's rules: one answer from several imputed data sets, with Barnard and Rubin's degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from kinerja_lib.models.result import FitResult
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]

#: fraction of missing information beyond which the imputation model speaks louder than the data
MISSING_LIMIT = 0.5


@dataclass(frozen=True, eq=False)
class PooledResult:
    """Pooled estimates of one model.

    Attributes
    ----------
    terms : tuple of str
    estimate : ndarray, shape (p,)
    cov : ndarray, shape (p, p)
        Within plus (1 + 1/m) times between.
    df : ndarray, shape (p,)
    riv : ndarray, shape (p,)
        Relative increase of the variance because values are missing.
    fmi : ndarray, shape (p,)
        Fraction of missing information.
    m : int
        Imputations.
    numbers : dict
        Of the fits: n, kind, errors.
    """

    terms: tuple[str, ...]
    estimate: Array
    cov: Array
    df: Array
    riv: Array
    fmi: Array
    m: int
    numbers: dict[str, object]

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """One row a term: estimate, std_error, statistic, p_value, ci_low, ci_high, df, riv, fmi."""
        se = np.sqrt(np.maximum(np.diag(self.cov), 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = self.estimate / se
        half = stats.t.ppf(0.5 + level / 2, self.df) * se
        return pd.DataFrame(
            {
                "term": self.terms, "estimate": self.estimate, "std_error": se, "statistic": t,
                "p_value": 2 * stats.t.sf(np.abs(t), self.df), "ci_low": self.estimate - half,
                "ci_high": self.estimate + half, "df": self.df, "riv": self.riv, "fmi": self.fmi,
            }
        )  # fmt: skip

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """``missing_information``: the largest fraction of missing information among the terms."""
        value = float(self.fmi.max(initial=0.0))
        high = value > MISSING_LIMIT
        meaning = say(
            lang,
            "Lebih dari separuh informasi hilang; hasilnya bertumpu pada model imputasi."
            if high
            else "Informasi yang hilang tidak menentukan hasilnya.",
            "More than half of the information is missing; the result rests on the imputation model."
            if high
            else "The missing information does not decide the result.",
        )
        row = ("missing_information", value, MISSING_LIMIT, "warning" if high else "ok", meaning)
        return pd.DataFrame([row], columns=["name", "value", "threshold", "verdict", "meaning"])

    def glance(self) -> dict[str, object]:
        """Size and fit: those of the fits, and ``imputations``."""
        return {**self.numbers, "imputations": self.m}


def pool_estimates(
    estimates: ArrayLike,
    covariances: ArrayLike,
    df_complete: ArrayLike = np.inf,
    terms: Sequence[str] | None = None,
    *,
    numbers: dict[str, object] | None = None,
    lang: str = "id",
) -> PooledResult:
    """Pool the estimates of m imputed data sets.

    Parameters
    ----------
    estimates : (m,) or (m, p)
    covariances : (m,), (m, p) variances, or (m, p, p)
    df_complete : float or (p,)
        Degrees of freedom had nothing been missing.
    terms : sequence of str, optional

    Raises
    ------
    ModelError
        Fewer than two imputations.

    References
    ----------
    Rubin (1987), Multiple Imputation, p. 76; Barnard & Rubin (1999), Biometrika 86:948-955: with
    lambda = (1 + 1/m) B / T, 1/df = lambda^2 / (m - 1) + 1 / ((v + 1) / (v + 3) v (1 - lambda)).

    Examples
    --------
    >>> pooled = pool_estimates([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> float(pooled.estimate[0]), round(float(pooled.cov[0, 0]), 4), round(float(pooled.df[0]), 4)
    (2.0, 2.3333, 6.125)
    """
    Q = np.asarray(estimates, dtype=np.float64)
    Q = Q[:, None] if Q.ndim == 1 else Q
    m, p = Q.shape
    U = np.asarray(covariances, dtype=np.float64).reshape(m, -1)
    U = U.reshape(m, p, p) if U.shape[1] == p * p else np.stack([np.diag(row) for row in U])
    if m < 2:
        raise model_error(
            lang, "Penggabungan memerlukan dua imputasi atau lebih.", "Pooling needs two imputations or more.",
            ("Gunakan m=20 atau lebih.", "Use m=20 or more."),
        )  # fmt: skip
    mean, within = Q.mean(axis=0), U.mean(axis=0)
    between = (Q - mean).T @ (Q - mean) / (m - 1)
    total = within + (1 + 1 / m) * between
    extra = (1 + 1 / m) * np.diag(between)
    share = extra / np.maximum(np.diag(total), 1e-300)
    complete = np.broadcast_to(np.asarray(df_complete, dtype=np.float64), (p,))
    df = barnard_rubin(share, m, complete)
    riv = extra / np.maximum(np.diag(within), 1e-300)
    return PooledResult(
        tuple(terms) if terms is not None else tuple(f"x{j}" for j in range(p)),
        mean, total, df, riv, (riv + 2 / (df + 3)) / (riv + 1), m, dict(numbers or {}),
    )  # fmt: skip


def barnard_rubin(share: Array, m: int, complete: Array) -> Array:
    """Degrees of freedom given the share of the variance that is due to missing values, shape (p,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse_old = share**2 / (m - 1)
        observed = np.where(
            np.isinf(complete), np.inf, (complete + 1) / (complete + 3) * complete * (1 - share)
        )
        inverse = inverse_old + 1 / observed
        return np.asarray(np.where(inverse > 0, 1 / inverse, np.inf))


def pool_results(results: Sequence[FitResult], lang: str = "id") -> PooledResult:
    """Pool fits of one specification on imputed data sets.

    Raises
    ------
    ModelError
        The fits have different terms (an imputation lost a category).
    """
    if any(result.terms != results[0].terms for result in results):
        raise model_error(
            lang, "Suku model berbeda antarimputasi.", "The model's terms differ between imputations.",
            ("Gabungkan kategori yang jarang.", "Merge rare categories."),
        )  # fmt: skip
    given = [r.df for r in results if r.df is not None]
    df = np.mean(given, axis=0) if given else np.inf
    first = results[0].glance()
    return pool_estimates(
        np.array([r.estimate for r in results]),
        np.array([r.cov for r in results]),
        df,
        results[0].terms,
        numbers={key: first[key] for key in ("kind", "n", "n_groups", "errors") if key in first},
        lang=lang,
    )
