"""How strong must an unmeasured confounder be? Robustness value, benchmark bounds, Oster, E-value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.oster_delta import exposure_first, is_of
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


def partial_r2(statistic: float, df: float) -> float:
    """Partial R2 of a regressor from its t statistic: t^2 / (t^2 + df) (Cinelli & Hazlett 2020)."""
    return statistic**2 / (statistic**2 + df)


def robustness_value(statistic: float, df: float, q: float = 1.0, alpha: float | None = None) -> float:
    """Robustness value of Cinelli & Hazlett (2020, J. Royal Statistical Society B 82:39).

    A confounder that explains at least this share of what is left of both exposure and outcome brings the
    estimate down by ``100 q`` percent; with ``alpha`` it brings it to the edge of significance.

    Parameters
    ----------
    statistic, df : float
        t statistic of the exposure and residual degrees of freedom (plain least squares).
    q : float
        Share of the estimate to be explained away.
    alpha : float, optional
        Two-sided significance level.

    Examples
    --------
    >>> round(robustness_value(4.18445, 783), 3)
    0.139
    >>> round(robustness_value(4.18445, 783, alpha=0.05), 3)
    0.076
    """
    whole = q * abs(statistic) / math.sqrt(df)
    critical = 0.0
    if alpha is not None:
        critical = float(stats.t.ppf(1 - alpha / 2, df - 1)) / math.sqrt(df - 1)
    f = whole - critical
    if f <= 0:
        return 0.0
    if critical > 0 and whole > 1 / critical:
        return (whole**2 - critical**2) / (1 + whole**2)
    return 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)


@dataclass(frozen=True)
class Adjusted:
    """Estimate, standard error and t after a confounder with the given partial R2 of exposure and outcome."""

    r2_exposure: float
    r2_outcome: float
    estimate: float
    std_error: float
    statistic: float


def adjusted_estimate(
    estimate: float, std_error: float, df: float, r2_exposure: float, r2_outcome: float
) -> Adjusted:
    """Estimate after removing the largest bias such a confounder could cause (towards zero)."""
    bias = std_error * math.sqrt(df) * math.sqrt(r2_outcome * r2_exposure / (1 - r2_exposure))
    moved = math.copysign(1.0, estimate) * (abs(estimate) - bias)
    se = std_error * math.sqrt((1 - r2_outcome) / (1 - r2_exposure)) * math.sqrt(df / (df - 1))
    # a confounder that explains all of the outcome leaves no error
    statistic = moved / se if se > 0 else math.copysign(math.inf, moved)
    return Adjusted(r2_exposure, r2_outcome, moved, se, statistic)


def benchmark_bounds(
    panel: pd.DataFrame,
    spec: ModelSpec,
    benchmark: str | tuple[str, ...],
    multiples: tuple[float, ...] = (1.0, 2.0, 3.0),
    lang: str = "id",
) -> pd.DataFrame:
    """What a confounder as strong as an observed one (or a multiple of it) would do to the first exposure.

    Parameters
    ----------
    benchmark : str or tuple of str
        Term(s) of the model, taken together as the yardstick (a categorical term stands for all its levels).

    Returns
    -------
    DataFrame
        ``multiple``, ``r2_exposure``, ``r2_outcome``, ``estimate``, ``std_error``, ``statistic``,
        ``ci_low``, ``ci_high``.
    """
    names, X, y = exposure_first(panel, spec, lang)
    terms = (benchmark,) if isinstance(benchmark, str) else benchmark
    own = [j for j, name in enumerate(names) if any(is_of(name, term) for term in terms)]
    if not own or 1 in own:
        raise model_error(
            lang,
            f"Variabel pembanding tidak ada dalam model: {', '.join(terms)}.",
            f"The benchmark is not in the model: {', '.join(terms)}.",
            ("Pilih salah satu controls.", "Choose one of the controls."),
        )
    full = solve(X, y)
    df = float(len(y) - X.shape[1])
    estimate = float(full.beta[1])
    se = math.sqrt(full.rss / df * full.inverse[1, 1])
    rest = np.delete(X, own, axis=1)
    outcome = _share(full.rss, solve(rest, y).rss)
    no_x = np.delete(X, 1, axis=1)
    exposure = _share(solve(no_x, X[:, 1]).rss, solve(np.delete(X, [1, *own], axis=1), X[:, 1]).rss)
    rows = []
    for k in multiples:
        r2_d, r2_y = bound(exposure, outcome, k, lang)
        found = adjusted_estimate(estimate, se, df, r2_d, r2_y)
        half = float(stats.t.ppf(0.975, df - 1)) * found.std_error
        rows.append(
            (k, r2_d, r2_y, found.estimate, found.std_error, found.statistic,
             found.estimate - half, found.estimate + half)
        )  # fmt: skip
    columns = [
        "multiple",
        "r2_exposure",
        "r2_outcome",
        "estimate",
        "std_error",
        "statistic",
        "ci_low",
        "ci_high",
    ]
    return pd.DataFrame(rows, columns=columns)


def bound(r2_exposure: float, r2_outcome: float, k: float, lang: str = "id") -> tuple[float, float]:
    """Largest partial R2 of a confounder ``k`` times as strong as a benchmark (their bounds, section 4.4)."""
    odds = r2_exposure / (1 - r2_exposure)
    if k * odds >= 1:
        raise model_error(
            lang,
            f"Kelipatan {k:g} tidak mungkin: melebihi seluruh sisa ragam paparan.",
            f"A multiple of {k:g} is impossible: it exceeds all that is left of the exposure.",
            ("Gunakan kelipatan lebih kecil.", "Use a smaller multiple."),
        )
    r2_d = k * odds
    hidden = k * r2_exposure**2 / ((1 - k * r2_exposure) * (1 - r2_exposure))
    eta = (math.sqrt(k) + math.sqrt(hidden)) / math.sqrt(1 - hidden)
    return r2_d, min(1.0, eta**2 * r2_outcome / (1 - r2_outcome))


def _share(with_it: float, without: float) -> float:
    """Partial R2 from residual sums of squares with and without the columns."""
    return 1.0 - with_it / without


def e_value(estimate: float, low: float | None = None, high: float | None = None) -> tuple[float, float]:
    """E-values of a risk ratio and of the limit of its interval nearer to one (VanderWeele & Ding 2017).

    Returns
    -------
    tuple of float
        For the estimate, and for the interval (1 if the interval contains one; NaN if none is given).

    Examples
    --------
    >>> e, _ = e_value(3.9)
    >>> round(e, 2)
    7.26
    """

    def one(ratio: float) -> float:
        ratio = 1 / ratio if ratio < 1 else ratio
        return ratio + math.sqrt(ratio * (ratio - 1))

    if low is None and high is None:
        return one(estimate), float("nan")
    if (low is not None and low <= 1.0 and estimate > 1) or (
        high is not None and high >= 1.0 and estimate < 1
    ):
        return one(estimate), 1.0
    nearer = low if estimate > 1 else high
    return one(estimate), float("nan") if nearer is None else one(nearer)


def sensitivity_summary(result: FitResult, term: str) -> dict[str, float]:
    """Partial R2 and robustness values of one term of a linear result, from its plain least-squares t."""
    row = result.term(term)
    df = float(result.numbers["df"])
    t = float(row["statistic"])
    return {
        "estimate": float(row["estimate"]),
        "std_error": float(row["std_error"]),
        "partial_r2": partial_r2(t, df),
        "robustness_value": robustness_value(t, df),
        "robustness_value_significance": robustness_value(t, df, alpha=0.05),
    }
