"""Many-facet rating scale: employees and raters on one scale, with the fit of each rater.

P(rating >= k) = F(ability - severity - tau_k): the ability of an employee is a random intercept, the severity of a
rater a fixed parameter (they sum to zero), so that severities are not shrunk and have plain standard errors. The
fair average is the mean rating that a rater would give to the whole population of employees. Infit and outfit
are mean squares of residuals: 1 is what the model expects; well above 1 a rater is erratic, well below 1 too
uniform. Thresholds are cumulative, as in the library's other ordered models, not adjacent as in Facets.

Sources: Linacre (1989), Many-Facet Rasch Measurement; Wright & Linacre (1994), Rasch Measurement Transactions 8:370
(mean squares between 0.5 and 1.5 are productive).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.fitting import fit
from kinerja_lib.models.grouping import Grouping, read_grouping
from kinerja_lib.models.ordinal_multilevel_effects import averaged_curve
from kinerja_lib.models.rater_checks import no_component, not_linked
from kinerja_lib.models.rater_graph import rater_graph
from kinerja_lib.models.rater_rows import rated_rows
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: mean squares outside these bounds are marked (Wright & Linacre 1994)
PRODUCTIVE = (0.5, 1.5)
#: raters beyond which severities are taken as random (``rater_analysis``)
MOST_RATERS = 300
_COLUMNS = (
    "rater", "n", "ratees", "severity", "std_error", "ci_low", "ci_high", "fair_average", "infit", "outfit", "marked",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class RaterFacets:
    """The rating scale.

    Attributes
    ----------
    raters : DataFrame
        rater, n, ratees, severity (log-odds, positive is stricter), std_error, ci_low, ci_high, fair_average,
        infit, outfit, marked; raters with at least ``minimum`` employees, the strictest first.
    thresholds : DataFrame
        threshold (``low|high``), estimate, std_error, at the mean severity.
    fit : FitResult
    hidden : int
        Raters not shown: fewer employees, another component, or nothing but one end of the scale.
    """

    raters: pd.DataFrame
    thresholds: pd.DataFrame
    fit: FitResult
    hidden: int


def rater_facets(
    panel: pd.DataFrame,
    *,
    outcome: str = "predikat",
    ratee: str = "id_pegawai",
    rater: str = "id_penilai",
    component: int | None = None,
    minimum: int = 5,
    lang: str = "id",
) -> RaterFacets:
    """Severity, fair average and fit of each rater.

    Parameters
    ----------
    component : int, optional
        Only the raters of this connected component (see ``rater_analysis(...).components``).

    Raises
    ------
    ModelError
        Raters are not linked by common employees; there are fewer than two or more than ``MOST_RATERS``.
    """
    frame, codes, _ = rated_rows(panel, outcome, ratee, rater, None, lang)
    who, by = read_grouping(frame, ratee, lang), read_grouping(frame, rater, lang)
    graph = rater_graph(who, by)
    if component is None and not graph.connected:
        raise not_linked(graph.table, lang, "rater_facets")
    if component is not None and component not in set(graph.table["component"]):
        raise no_component(component, graph.table, lang)
    kept = np.ones(len(codes), dtype=bool) if component is None else graph.of_rater[by.codes] == component
    kept &= ~_extreme(codes, by, kept)[by.codes]
    rows = np.flatnonzero(kept).astype(np.int64)
    total, who, by, codes = by.size, who.restrict(rows), by.restrict(rows), codes[rows]
    if not 2 <= by.size <= MOST_RATERS:
        raise _wrong_number(by.size, lang)
    labels = [str(label) for label in by.labels]
    own = frame.iloc[rows][[outcome, ratee]].assign(**{rater: pd.Categorical.from_codes(by.codes, labels)})
    result = fit(own, ModelSpec(outcome, (rater,), kind="ordinal_multilevel", groups=(ratee,)), lang=lang)
    table, thresholds = _scale(result, by.size)
    values = np.unique(codes).astype(np.float64) + 1.0
    tau = thresholds["estimate"].to_numpy()
    table["rater"] = labels
    table["n"] = np.bincount(by.codes, minlength=by.size)
    table["ratees"] = np.bincount(np.unique(who.codes * by.size + by.codes) % by.size, minlength=by.size)
    spread = float(result.variances()["sd"].iloc[0])
    fair = _probabilities(tau, -table["severity"].to_numpy(), spread)
    table["fair_average"] = fair @ values
    ability = result.random_effects().set_index("level")["estimate"]
    shift = ability.loc[[str(label) for label in who.labels]].to_numpy()[who.codes]
    P = _probabilities(tau, shift - table["severity"].to_numpy()[by.codes], 0.0)
    table["infit"], table["outfit"] = _mean_squares(codes.astype(np.float64) + 1.0, P, values, by)
    low, high = PRODUCTIVE
    table["marked"] = ~(table["infit"].between(low, high) & table["outfit"].between(low, high))
    shown = table.loc[table["ratees"] >= minimum, list(_COLUMNS)]
    shown = shown.sort_values("severity", ascending=False, ignore_index=True)
    return RaterFacets(shown, thresholds, result, total - len(shown))


def _extreme(codes: NDArray[np.int64], by: Grouping, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Raters who give nothing but the lowest, or nothing but the highest level: their severity is infinite."""
    low, high = codes[kept].min(initial=0), codes[kept].max(initial=0)
    n = np.bincount(by.codes, kept, by.size)
    lowest = np.bincount(by.codes, kept & (codes == low), by.size)
    highest = np.bincount(by.codes, kept & (codes == high), by.size)
    return np.asarray((n > 0) & ((lowest == n) | (highest == n)))


def _scale(result: FitResult, raters: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Severities that sum to zero, and the thresholds at their mean."""
    k = len(result.terms) - (raters - 1)
    away = np.full((raters, raters), 1.0 / raters) - np.eye(raters)  # minus the deviation from the mean
    A = away[:, 1:]
    severity = A @ result.estimate[k:]
    error = np.sqrt(np.maximum(np.diag(A @ result.cov[k:, k:] @ A.T), 0.0))
    table = pd.DataFrame({"severity": severity, "std_error": error})
    table["ci_low"], table["ci_high"] = severity - 1.96 * error, severity + 1.96 * error
    B = np.hstack([np.eye(k), np.full((k, raters - 1), -1.0 / raters)])
    thresholds = pd.DataFrame(
        {
            "threshold": list(result.terms[:k]),
            "estimate": B @ result.estimate,
            "std_error": np.sqrt(np.maximum(np.diag(B @ result.cov @ B.T), 0.0)),
        }
    )
    return table, thresholds


def _probabilities(tau: Array, e: Array, spread: float) -> Array:
    """Probability of each level, shape (n, K), averaged over a normal shift with this standard deviation."""
    edge = np.zeros((len(e), 1))
    below = averaged_curve("logit", spread)(tau[None, :] - e[:, None])[0]
    return np.diff(np.hstack([edge, below, edge + 1.0]), axis=1)


def _mean_squares(observed: Array, P: Array, values: Array, by: Grouping) -> tuple[Array, Array]:
    """Infit (weighted by information) and outfit (plain) of each rater."""
    expected = P @ values
    variance = np.maximum(P @ values**2 - expected**2, 1e-12)
    square = (observed - expected) ** 2
    infit = np.bincount(by.codes, square, by.size) / np.bincount(by.codes, variance, by.size)
    return infit, np.bincount(by.codes, square / variance, by.size) / np.bincount(by.codes, minlength=by.size)


def _wrong_number(raters: int, lang: str) -> Exception:
    return model_error(
        lang,
        f"Model ini memerlukan 2 sampai {MOST_RATERS} penilai yang terhubung; ada {raters}.",
        f"This model needs 2 to {MOST_RATERS} linked raters; there are {raters}.",
        ("Pilih satu instansi, atau gunakan rater_analysis.", "Choose one agency, or use rater_analysis."),
    )
