"""Joint tests on a result's coefficients: several terms at once, or a linear combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from kinerja_lib.models.result import FitResult
from kinerja_lib.models.wording import model_error


@dataclass(frozen=True)
class WaldTest:
    """F (or chi-squared / q) statistic, its degrees of freedom (infinite: chi-squared) and p-value."""

    statistic: float
    df: int
    df_residual: float
    p_value: float


@dataclass(frozen=True)
class Combination:
    """A linear combination of coefficients."""

    estimate: float
    std_error: float
    p_value: float
    ci_low: float
    ci_high: float
    df: float


def wald_test(result: FitResult, terms: Sequence[str], lang: str = "id") -> WaldTest:
    """Are all these coefficients zero? Uses the result's own covariance.

    Parameters
    ----------
    terms : sequence of str
        Coefficient names; a category's name stands for all its levels.

    Notes
    -----
    The reference is F with the smallest df among the terms (conservative), chi-squared where df are infinite.

    Raises
    ------
    ModelError
        A term that is not in the result.
    """
    own: list[int] = []
    for term in terms:
        found = [j for j, name in enumerate(result.terms) if name == term or name.startswith(f"{term}[")]
        if not found:
            raise model_error(
                lang,
                f'Suku "{term}" tidak ada dalam hasil.',
                f'Term "{term}" is not in the result.',
                (f"Yang ada: {', '.join(result.terms)}.", f"There are: {', '.join(result.terms)}."),
            )
        own += [j for j in found if j not in own]
    b, V = result.estimate[own], result.cov[np.ix_(own, own)]
    q = int(np.linalg.matrix_rank(V))
    statistic = float(b @ np.linalg.pinv(V, hermitian=True) @ b) / q
    df = float(np.inf if result.df is None else np.min(result.df[own]))
    p = stats.chi2.sf(statistic * q, q) if np.isinf(df) else stats.f.sf(statistic, q, df)
    return WaldTest(statistic, q, df, float(p))


def linear_combination(
    result: FitResult, weights: Mapping[str, float], level: float = 0.95, lang: str = "id"
) -> Combination:
    """Estimate, error and interval of a weighted sum of coefficients, e.g. ``{"jp": 10}`` for ten hours."""
    c = np.zeros(len(result.terms))
    for term, weight in weights.items():
        result.term(term, lang)
        c[result.terms.index(term)] = weight
    estimate, se = float(c @ result.estimate), float(np.sqrt(c @ result.cov @ c))
    df = float(np.inf if result.df is None else np.min(result.df[c != 0]))
    half = float(stats.t.ppf(0.5 + level / 2, df)) * se
    p = float(2 * stats.t.sf(abs(estimate) / se, df)) if se > 0 else float("nan")
    return Combination(estimate, se, p, estimate - half, estimate + half, df)
