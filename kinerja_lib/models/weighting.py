"""Selection on observables: weighting, standardisation, and both at once, for a treatment of two levels.

Three estimators of the average difference that a treatment goes with, given covariates: inverse probability
weighting (a model of who is treated), standardisation or the g-formula (a model of the outcome), and AIPW,
right if either model is. They are to be read side by side: where they differ, a model is wrong.

Long because what an estimate carries (balance, overlap, the shape that claims read) stands beside its making.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from kinerja_lib.models.clustered import cluster_sums
from kinerja_lib.models.counterfactual import augmented_means, standardised_means, weighted_means
from kinerja_lib.models.cumulative import CategoryBlocks
from kinerja_lib.models.cumulative_fit import fit_blocks
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import belongs
from kinerja_lib.models.overlap import balance_table, overlap_checks
from kinerja_lib.models.result import TIDY_COLUMNS, Check
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import encode
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]
Method = Literal["unadjusted", "ipw", "standardisation", "aipw"]
#: propensities are held this far from zero and one
SCORE_EDGE = 1e-6
METHODS: tuple[Method, ...] = ("unadjusted", "ipw", "standardisation", "aipw")


@dataclass(frozen=True, eq=False)
class AdjustedDifference:
    """One estimate.

    Attributes
    ----------
    method, estimand : str
    estimate, std_error, ci_low, ci_high, p_value : float
    mean_treated, mean_untreated : float
        Estimated mean outcome if all (for ``ATT`` the treated) had, and had not, been treated.
    n, n_treated : int
    n_groups : int or None
        Clusters of the errors.
    errors : str
        How the standard error was made.
    balance : DataFrame
        Standardised mean difference of each covariate before and after weighting (empty without weights).
    checks : tuple of Check
        ``overlap`` and ``balance``.
    dropped : dict of str to int
        Rows left out, by the column that lacks a value.
    term : str
        The treatment's column.
    df : float
        Of the t reference.
    """

    method: str
    estimand: str
    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    mean_treated: float
    mean_untreated: float
    n: int
    n_treated: int
    n_groups: int | None
    errors: str
    balance: pd.DataFrame
    checks: tuple[Check, ...]
    dropped: dict[str, int]
    term: str = ""
    df: float = float("inf")

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """One row, shaped as a ``FitResult``'s, so that claims can be made of it."""
        half = float(stats.t.ppf(0.5 + level / 2, self.df)) * self.std_error
        t = self.estimate / self.std_error if self.std_error > 0 else float("nan")
        values = (
            self.term, self.estimate, self.std_error, t, self.p_value, self.estimate - half, self.estimate + half,
            self.df,
        )  # fmt: skip
        return pd.DataFrame([values], columns=list(TIDY_COLUMNS))

    def glance(self) -> dict[str, object]:
        """Size and how the error was made."""
        return {
            "n": self.n, "n_treated": self.n_treated, "n_groups": self.n_groups, "errors": self.errors,
            "method": self.method, "estimand": self.estimand, "converged": True,
        }  # fmt: skip

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])


def adjusted_difference(
    panel: pd.DataFrame,
    spec: ModelSpec,
    method: Method = "aipw",
    *,
    estimand: Literal["ATE", "ATT"] = "ATE",
    known_weights: bool = False,
    lang: str = "id",
) -> AdjustedDifference:
    """Mean outcome with and without a treatment, had the covariates been alike.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        The first exposure is the treatment (0/1, boolean, or two categories, the first one untreated), the
        controls are the covariates of both models; further exposures (``"a:b"`` with the treatment) enter the
        outcome model only. ``cluster`` gives clustered errors (G/(G-1), t with G-1 df); ``weights`` are
        sampling weights.
    method : {"unadjusted", "ipw", "standardisation", "aipw"}
        IPW weights are normalised within each arm (Hajek); the outcome model is linear.
    estimand : {"ATE", "ATT"}
    known_weights : bool
        For ``ipw``: the sandwich that takes the estimated weights as given, as most books print it. The
        default follows the estimation of the weights through, and is usually smaller.

    Raises
    ------
    ModelError
        The treatment has not two levels, or a covariate separates the treated from the others perfectly.

    References
    ----------
    Hernan & Robins (2020), Causal Inference: What If, ch. 12-13; Lunceford & Davidian (2004), Statistics in
    Medicine 23:2937-2960; Robins, Rotnitzky & Zhao (1994), JASA 89:846.

    Examples
    --------
    Quitting smoking and weight gain (NHEFS): 2.5 kg unadjusted, 3.4 by IPW, 3.5 by standardisation.
    """
    if method not in METHODS:
        raise model_error(
            lang, f'Metode "{method}" tidak dikenal.', f'Method "{method}" is not known.',
            (f"Pilih salah satu: {', '.join(METHODS)}.", f"Choose one of: {', '.join(METHODS)}."),
        )  # fmt: skip
    design = build_design(panel, spec, lang=lang)
    treated = treatment_column(design, spec, lang)
    w = np.ones(design.n) if design.weights is None else design.weights
    own = [j for j, n in enumerate(design.names) if n == "Intercept" or belongs(n, spec.controls)]
    C = design.X[:, own]
    with single_threaded():
        score, toward = _scores(design, C, treated, w, method, lang)
        if method in ("unadjusted", "ipw"):
            known = known_weights or method == "unadjusted"
            path = np.zeros((design.n, C.shape[1])) if known else toward
            means, influence = weighted_means(design.y, treated, w, score, C, path, estimand)
        elif method == "standardisation":
            X1, X0 = counterfactual_designs(panel, design, spec, lang)
            means, influence = standardised_means(design.y, design.X, X1, X0, treated, w, estimand)
        else:
            X1, X0 = counterfactual_designs(panel, design, spec, lang)
            means, influence = augmented_means(design.y, design.X, X1, X0, treated, w, score, estimand)
    weighted = method in ("ipw", "aipw")
    table = balance_table(C[:, 1:], [design.names[j] for j in own[1:]], treated, w, score, estimand, weighted)
    checks = overlap_checks(score, treated, w, estimand, table) if weighted and C.shape[1] > 1 else ()
    label = "HC0" if method == "unadjusted" else "HC0 (known weights)" if known_weights else "influence"
    return _summary(design, spec, method, estimand, means, influence, treated, table, checks, label)


def compare_adjustments(
    panel: pd.DataFrame, spec: ModelSpec, *, estimand: Literal["ATE", "ATT"] = "ATE", lang: str = "id"
) -> pd.DataFrame:
    """All methods on the same rows: method, estimate, std_error, ci_low, ci_high, p_value, n."""
    found = [adjusted_difference(panel, spec, method, estimand=estimand, lang=lang) for method in METHODS]
    columns = ["method", "estimate", "std_error", "ci_low", "ci_high", "p_value", "n"]
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in found], columns=columns)


def treatment_column(design: Design, spec: ModelSpec, lang: str) -> Array:
    """The treatment as 0/1, from the first exposure's design column."""
    name = spec.exposures[0] if spec.exposures else ""
    columns = [
        j for j, n in enumerate(design.names) if n == name or (n.startswith(f"{name}[") and "]:" not in n)
    ]
    values = design.X[:, columns[0]] if len(columns) == 1 else np.empty(0)
    if len(columns) != 1 or not bool(np.isin(values, (0.0, 1.0)).all()):
        raise model_error(
            lang, f'Perlakuan "{name}" harus mempunyai dua nilai (0/1 atau dua kategori).',
            f'The treatment "{name}" needs two values (0/1, or two categories).',
            ("Buat kolom dua nilai, misalnya jp_12_bulan ≥ 20.", "Make a column of two values, e.g. hours >= 20."),
        )  # fmt: skip
    return values


def _scores(
    design: Design, C: Array, treated: Array, w: Array, method: Method, lang: str
) -> tuple[Array, Array]:
    """Propensity of each row, and its influence on the coefficients of the propensity model, (n, k)."""
    if method in ("unadjusted", "standardisation") or C.shape[1] == 1:
        share = float(w @ treated / w.sum())
        return np.full(len(treated), share), np.zeros((len(treated), C.shape[1]))
    found = fit_blocks(CategoryBlocks.from_arrays(C[:, 1:], treated.astype(np.intp), 2, w))
    if not found.converged:
        raise model_error(
            lang, "Kovariat memisahkan yang mendapat perlakuan dari yang tidak secara sempurna.",
            "The covariates separate the treated from the others perfectly: there is no one to compare with.",
            ("Persempit populasi atau kurangi kovariat.", "Narrow the population, or use fewer covariates."),
        )  # fmt: skip
    # a propensity of one or zero has no weight at all; the check of overlap says what that means
    score = np.clip(expit(C[:, 1:] @ found.beta - found.theta[0]), SCORE_EDGE, 1.0 - SCORE_EDGE)
    information = C.T @ ((w * score * (1 - score))[:, None] * C)
    return score, (C * (w * (treated - score))[:, None]) @ np.linalg.pinv(information, hermitian=True)


def counterfactual_designs(
    panel: pd.DataFrame, design: Design, spec: ModelSpec, lang: str
) -> tuple[Array, Array]:
    """The design matrix with everyone treated, and with no one, each (n, p); products follow."""
    name = spec.exposures[0]
    levels = design.encoding.levels.get(name)
    rows = panel.iloc[design.rows]
    values = (1.0, 0.0) if levels is None else (levels[1], levels[0])
    one, zero = (
        encode(rows.assign(**{name: pd.Series([value] * len(rows), index=rows.index)}), design.encoding, lang)
        for value in values
    )
    return one, zero


def _summary(
    design: Design,
    spec: ModelSpec,
    method: str,
    estimand: str,
    means: tuple[float, float],
    influence: Array,
    treated: Array,
    table: pd.DataFrame,
    checks: tuple[Check, ...],
    label: str,
) -> AdjustedDifference:
    df, groups = np.inf, None
    if design.clusters:
        group = next(iter(design.clusters.values()))
        groups, df, label = group.size, group.size - 1.0, f"{label}, CR1"
        sums = cluster_sums(influence[:, None], group.codes, group.size)
        error = float(np.sqrt(groups / (groups - 1) * (sums**2).sum()))
    else:
        error = float(np.sqrt(influence @ influence))
    estimate = means[0] - means[1]
    half = float(stats.t.ppf(0.975, df)) * error
    p = 2.0 * float(stats.t.sf(abs(estimate) / error, df)) if error > 0 else float("nan")
    return AdjustedDifference(
        method, estimand, estimate, error, estimate - half, estimate + half, p, *means,
        design.n, int(treated.sum()), groups, label, table, checks, dict(design.dropped),
        spec.exposures[0], float(df),
    )  # fmt: skip
