"""Firth's penalised logit: finite estimates where the data are separated, less bias where events are rare.

The log-likelihood gains half the log-determinant of the information (Jeffreys' prior). Intervals and p-values
come from the profile of the penalised likelihood, as a Wald interval misleads exactly where the method is
needed. It is the remedy that the separation error of ordinal models names.

Long because the penalised maximum, its profiles and the scale they are reported on belong together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, log_expit

from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import belongs
from kinerja_lib.models.ordinal_effects import marginal_effects
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

_STEPS = 200
_PROFILE = 1e-11
#: events per coefficient below which the ordinary logit is known to be biased (Peduzzi et al. 1996)
EVENTS_PER_TERM = 10.0


def fit_firth(panel: pd.DataFrame, spec: ModelSpec, *, level: float = 0.95, lang: str = "id") -> FitResult:
    """Penalised logit of a binary outcome.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        Of ``kind="ordinal"`` with an outcome of two levels, the higher one being the event; weights count as
        numbers of rows. Terms are the threshold ``low|high`` (minus the intercept), then the slopes.
    level : float
        Coverage of the profile intervals.

    Returns
    -------
    FitResult
        ``p_value`` and ``ci`` of the exposures are those of the penalised likelihood ratio, of the controls
        and the threshold Wald's. ``effects()`` holds average
        marginal effects, with the intercept set so that the fitted events equal the observed (FLIC).

    Raises
    ------
    ModelError
        More than two outcome levels, the probit link, or a cluster column: a penalised profile assumes
        independent rows.

    References
    ----------
    Firth (1993), Biometrika 80:27-38; Heinze & Schemper (2002), Statistics in Medicine 21:2409-2419;
    Puhr et al. (2017), 36:2302-2317 (FLIC).
    """
    if spec.link != "logit" or spec.cluster_columns:
        raise model_error(
            lang, "Logit Firth memerlukan link logit dan baris yang saling bebas (tanpa cluster).",
            "Firth's logit needs the logit link and independent rows (no cluster).",
            ('Gunakan spec.replace(cluster=None, link="logit"), satu baris tiap pegawai.',
             'Use spec.replace(cluster=None, link="logit"), one row an employee.'),
        )  # fmt: skip
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    if len(design.levels) != 2:
        raise model_error(
            lang, f"Logit Firth memerlukan dua kategori keluaran; ada {len(design.levels)}.",
            f"Firth's logit needs two outcome levels; there are {len(design.levels)}.",
            ("Jadikan keluaran biner, misalnya predikat ≥ Baik.", "Make the outcome binary."),
        )  # fmt: skip
    center, scale = design.X.mean(axis=0), design.X.std(axis=0)
    data = _Penalised.of(design, center, scale)
    with single_threaded():
        fitted = data.maximise(np.zeros(data.X.shape[1]))
        wanted = [j + 1 for j, name in enumerate(design.names) if belongs(name, spec.exposures)]
        intervals, p_values = _profiles(data, fitted, wanted, level)
    back = _original_scale(center, scale)
    # the threshold is minus the intercept of the uncentred columns; its profile is that of its own column
    estimate, cov = back @ fitted.beta, back @ fitted.covariance @ back.T
    ci, p = np.full((len(estimate), 2), np.nan), np.full(len(estimate), np.nan)
    ci[1:], p[1:] = intervals[1:] / scale[:, None], p_values[1:]
    theta = np.array([_flic(design, estimate[1:])])
    effects = marginal_effects(
        theta, estimate[1:], cov, design.X, design.weights, design.names, design.levels, "logit"
    )
    return FitResult(
        spec=spec,
        terms=(f"{design.levels[0]}|{design.levels[1]}", *design.names),
        estimate=estimate,
        cov=cov,
        numbers=_numbers(data, fitted, design),
        df=np.full(len(estimate), np.inf),
        checks=_checks(fitted, design),
        tables={"effects": effects},
        p_value=p,
        ci=ci,
        encoding=design.encoding,
        levels=design.levels,
        dropped=design.dropped,
    )


@dataclass(frozen=True, eq=False)
class _Maximum:
    beta: Array
    loglik: float
    covariance: Array
    converged: bool
    iterations: int


@dataclass(frozen=True, eq=False)
class _Penalised:
    """Standardised columns with a constant, binary outcome, weights."""

    X: Array
    y: Array
    w: Array

    @classmethod
    def of(cls, design: Design, center: Array, scale: Array) -> _Penalised:
        X = np.column_stack([np.ones(design.n), (design.X - center) / scale])
        return cls(
            X, design.y.astype(np.float64), np.ones(design.n) if design.weights is None else design.weights
        )

    def loglik(self, beta: Array) -> float:
        """l(beta) + log|I(beta)| / 2."""
        eta = self.X @ beta
        p = expit(eta)
        information = self.X.T @ ((self.w * p * (1 - p))[:, None] * self.X)
        sign, logdet = np.linalg.slogdet(information)
        if sign <= 0:
            return -np.inf
        return float(self.w @ (log_expit(eta) - (1 - self.y) * eta) + 0.5 * logdet)

    def maximise(self, beta: Array, held: int | None = None, tolerance: float = 1e-18) -> _Maximum:
        """Newton with Firth's score X'(w (y - p) + h (1/2 - p)); ``held`` keeps one coefficient in place.

        ``tolerance`` is the gain in log-likelihood (twice) that a further step would promise.
        """
        free = np.array([j for j in range(len(beta)) if j != held], dtype=np.intp)
        value, iteration = self.loglik(beta), 0
        for iteration in range(1, _STEPS + 1):
            p = expit(self.X @ beta)
            weight = self.w * p * (1 - p)
            information = self.X.T @ (weight[:, None] * self.X)
            inverse = np.linalg.pinv(information, hermitian=True)
            hat = weight * np.einsum("ij,ij->i", self.X @ inverse, self.X)
            score = (self.X.T @ (self.w * (self.y - p) + hat * (0.5 - p)))[free]
            step = np.zeros(len(beta))
            step[free] = np.linalg.solve(information[np.ix_(free, free)], score)
            if float(score @ step[free]) < tolerance:
                return _Maximum(beta, value, np.asarray(inverse), True, iteration)
            length = min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
            while length > 1e-8 and (found := self.loglik(beta + length * step)) < value:
                length /= 2.0
            if length <= 1e-8:
                return _Maximum(beta, value, np.asarray(inverse), float(score @ step[free]) < 1e-8, iteration)
            beta, value = beta + length * step, found
        return _Maximum(beta, value, np.asarray(inverse), False, iteration)


def _profiles(data: _Penalised, best: _Maximum, wanted: list[int], level: float) -> tuple[Array, Array]:
    """Profile interval and p-value of the coefficients wanted, on the standardised scale; others NaN."""
    p = len(best.beta)
    intervals, p_values = np.full((p, 2), np.nan), np.full(p, np.nan)
    z = float(stats.norm.ppf(0.5 + level / 2))
    for j in wanted:
        start = best.beta.copy()
        start[j] = 0.0
        gap = 2.0 * (best.loglik - data.maximise(start, j, _PROFILE).loglik)
        p_values[j] = float(stats.chi2.sf(max(gap, 0.0), 1))
        se = float(np.sqrt(best.covariance[j, j]))
        intervals[j] = [_bound(data, best, j, sign, z, se) for sign in (-1.0, 1.0)]
    return intervals, p_values


def _bound(data: _Penalised, best: _Maximum, j: int, sign: float, z: float, se: float) -> float:
    """Where the signed root of the deviance, which is nearly straight, reaches z; bracketed secant steps."""
    low, root_low, beta = 0.0, 0.0, best.beta
    high, root_high = np.inf, np.inf
    move = z * se
    for _ in range(60):
        start = beta.copy()
        start[j] = best.beta[j] + sign * move
        found = data.maximise(start, j, _PROFILE)
        beta, root = found.beta, float(np.sqrt(max(2.0 * (best.loglik - found.loglik), 0.0)))
        if abs(root - z) < 1e-7:
            break
        if root < z:
            low, root_low = move, root
        else:
            high, root_high = move, root
        if np.isinf(high):
            move = min(max(move * z / max(root, 1e-6), move * 1.1), move * 3.0)
        else:
            move = low + (high - low) * (z - root_low) / (root_high - root_low)
            if not low < move < high:
                move = 0.5 * (low + high)
    return float(best.beta[j] + sign * move)


def _original_scale(center: Array, scale: Array) -> Array:
    """Matrix from (constant, standardised slopes) to (threshold, slopes): theta = -(b0 - sum b c / s)."""
    back = np.diag(np.concatenate([[-1.0], 1.0 / scale]))
    back[0, 1:] = center / scale
    return back


def _flic(design: Design, slopes: Array) -> float:
    """The threshold at which fitted and observed events are equal, given the slopes."""
    from scipy.optimize import brentq

    w = np.ones(design.n) if design.weights is None else design.weights
    eta, events = design.X @ slopes, float(w @ design.y)
    reach = float(np.abs(eta).max()) + 40.0
    return float(brentq(lambda theta: float(w @ expit(eta - theta)) - events, -reach, reach, xtol=1e-12))


def _numbers(data: _Penalised, fitted: _Maximum, design: Design) -> dict[str, object]:
    eta = data.X @ fitted.beta
    events = float(data.w @ data.y)
    return {
        "n": design.n,
        "n_input": design.n_input,
        "n_groups": None,
        "events": events,
        "loglik": float(data.w @ (log_expit(eta) - (1 - data.y) * eta)),
        "loglik_penalised": fitted.loglik,
        "df": len(fitted.beta),
        "iterations": fitted.iterations,
        "converged": fitted.converged,
        "errors": "profile",
    }


def _checks(fitted: _Maximum, design: Design) -> tuple[Check, ...]:
    w = np.ones(design.n) if design.weights is None else design.weights
    events = float(min(w @ design.y, w @ (1 - design.y))) / max(len(design.names), 1)
    few = events < EVENTS_PER_TERM
    return (
        Check(
            "convergence", float(fitted.iterations), float(_STEPS), "ok" if fitted.converged else "fail",
            "Penaksiran konvergen." if fitted.converged else "Penaksiran tidak konvergen; jangan dipakai.",
            "The fit converged." if fitted.converged else "The fit did not converge; do not use it.",
        ),
        Check(
            "events_per_term", events, EVENTS_PER_TERM, "warning" if few else "ok",
            "Peristiwanya jarang; logit biasa akan bias, penalti Firth menguranginya tetapi selangnya lebar."
            if few else "Banyaknya peristiwa memadai.",
            "Events are rare; an ordinary logit would be biased, Firth's penalty reduces it, but intervals are wide."
            if few else "There are enough events.",
        ),
    )  # fmt: skip
