"""Reliability of a scale made of items: Cronbach's alpha with Feldt's interval, McDonald's omega.

Alpha assumes that every item measures the trait equally well; omega lets the loadings differ. The two are
shown side by side with what alpha would be without each item.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import minimize

from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ScaleReliability:
    """Reliability of one scale.

    Attributes
    ----------
    alpha, ci_low, ci_high : float
        Cronbach's alpha and Feldt's interval.
    omega : float
        McDonald's omega of one common factor.
    respondents, items : int
    by_item : DataFrame
        item, loading, item_rest (correlation with the sum of the others), alpha_without.
    """

    alpha: float
    ci_low: float
    ci_high: float
    omega: float
    respondents: int
    items: int
    by_item: pd.DataFrame


def scale_reliability(
    items: ArrayLike | pd.DataFrame, level: float = 0.95, lang: str = "id"
) -> ScaleReliability:
    """Alpha and omega of a scale, from the respondents who answered every item.

    Parameters
    ----------
    items : (respondents, items)
        Scores; reversed items must be turned beforehand (a negative ``item_rest`` shows one that was not).
    level : float
        Coverage of the interval of alpha.

    Raises
    ------
    ModelError
        Fewer than two items, fewer than three complete respondents, or an item without variance.

    References
    ----------
    Cronbach (1951), Psychometrika 16:297; Feldt (1965), 30:357; McDonald (1999), Test Theory, p. 89:
    omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses).
    """
    table = pd.DataFrame(items).apply(pd.to_numeric).dropna()
    x = table.to_numpy(dtype=np.float64)
    n, k = x.shape
    constant = (
        [str(name) for name, sd in zip(table.columns, x.std(axis=0), strict=True) if sd == 0] if n else []
    )
    if k < 2 or n < 3 or constant:
        named = f" ({', '.join(constant)})" if constant else ""
        raise model_error(
            lang,
            f"Keandalan skala tidak dapat dihitung: {n} responden lengkap, {k} butir{named}.",
            f"The scale's reliability can't be computed: {n} complete respondents, {k} items{named}.",
            ("Perlu dua butir yang bervariasi dan tiga responden lengkap.",
             "Two items that vary and three complete respondents are needed."),
        )  # fmt: skip
    cov = np.cov(x, rowvar=False)
    alpha = _alpha(cov)
    tail, df1, df2 = 0.5 + level / 2, n - 1, (n - 1) * (k - 1)
    loading, unique = one_factor(cov)
    common = float(loading.sum()) ** 2
    total = x.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = [float(np.corrcoef(x[:, j], total - x[:, j])[0, 1]) for j in range(k)]
    without = [_alpha(np.delete(np.delete(cov, j, 0), j, 1)) if k > 2 else float("nan") for j in range(k)]
    by_item = pd.DataFrame(
        {"item": list(table.columns), "loading": loading, "item_rest": rest, "alpha_without": without}
    )
    return ScaleReliability(
        alpha,
        float(1 - (1 - alpha) * stats.f.ppf(tail, df1, df2)),
        float(1 - (1 - alpha) * stats.f.ppf(1 - tail, df1, df2)),
        common / (common + float(unique.sum())),
        n,
        k,
        by_item,
    )


def _alpha(cov: Array) -> float:
    k = len(cov)
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def one_factor(cov: Array) -> tuple[Array, Array]:
    """Loadings and uniquenesses of one common factor by maximum likelihood, shapes (k,), (k,).

    The criterion log|S| + tr(S^-1 C) - log|C| - k with S = ll' + diag(u), minimised over l and log u with its
    gradient. Two items can't tell a loading apart, so they share one.
    """
    sd = np.sqrt(np.diag(cov))
    R = cov / np.outer(sd, sd)
    k = len(R)
    if k == 2:
        shared = np.sqrt(max(R[0, 1], 0.0))
        return shared * sd, (1 - shared**2) * sd**2
    values, vectors = np.linalg.eigh(R)
    start = vectors[:, -1] * np.sqrt(max(values[-1] - 1.0, 0.1))
    start = start * (np.sign(start.sum()) or 1.0)

    def criterion(p: Array) -> tuple[float, Array]:
        load, unique = p[:k], np.exp(p[k:])
        S = np.outer(load, load) + np.diag(unique)
        inverse = np.linalg.inv(S)
        slope = inverse - inverse @ R @ inverse
        value = float(np.linalg.slogdet(S)[1] + np.trace(inverse @ R))
        return value, np.r_[2 * slope @ load, np.diag(slope) * unique]

    first = np.r_[start, np.log(np.clip(1 - start**2, 0.1, 1.0))]
    bounds = [(-2.0, 2.0)] * k + [(np.log(5e-3), np.log(1.5))] * k
    found = minimize(
        criterion, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    load: Array = found.x[:k] * (np.sign(found.x[:k].sum()) or 1.0)
    return load * sd, np.exp(found.x[k:]) * sd**2
