"""Partial proportional odds: some columns may move each threshold by its own amount.

P(y > k) = F(x'beta + z'gamma_k - theta_k), where ``z`` are the columns set free and gamma_1 = 0 (Peterson &
Harrell 1990). It is the alternative to read beside a proportional fit whose Brant test rejects. Maximised by
Newton's method with the exact Hessian, from the proportional fit; steps that would make a probability
negative are halved.

Long because likelihood, derivatives and effects all hang on one map of the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from kinerja_lib.models.clustered import cluster_sums
from kinerja_lib.models.cumulative import CategoryBlocks
from kinerja_lib.models.cumulative_fit import fit_blocks
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import belongs
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
_STEPS = 60


@dataclass(frozen=True, eq=False)
class PartialOdds:
    """A partial proportional odds fit.

    Attributes
    ----------
    by_cut : DataFrame
        cut, term, estimate, std_error, ci_low, ci_high: the log-odds of being above each threshold. Columns
        that stay proportional have the same row at every cut.
    effects : DataFrame
        cut, term, effect, std_error, ci_low, ci_high, proportional: the average marginal effect on
        P(above the threshold), and what the proportional model says.
    loglik, loglik_proportional : float
    chi2, df, p_value : float
        Likelihood ratio test of the proportional model inside this one; NaN p-value with clusters, where the
        likelihoods are not those of independent rows.
    n : int
    converged : bool
    """

    by_cut: pd.DataFrame
    effects: pd.DataFrame
    loglik: float
    loglik_proportional: float
    chi2: float
    df: int
    p_value: float
    n: int
    converged: bool


def fit_partial_odds(
    panel: pd.DataFrame, spec: ModelSpec, free: tuple[str, ...] | None = None, lang: str = "id"
) -> PartialOdds:
    """Fit an ordered logit in which the columns of ``free`` have their own slope at each threshold.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        Of ``kind="ordinal"`` with the logit link. With ``cluster`` the errors are CR1.
    free : sequence of str, optional
        Terms set free; by default all exposures.

    Raises
    ------
    ModelError
        Fewer than three levels, a link other than logit, or a term that is not in the model.

    References
    ----------
    Peterson & Harrell (1990), Applied Statistics 39:205-217; Williams (2006), Stata Journal 6:58-82.
    """
    if spec.link != "logit":
        raise model_error(
            lang, "Model partial proportional odds hanya tersedia untuk logit.",
            "Partial proportional odds is available for the logit only.", ('Gunakan link="logit".',) * 2,
        )  # fmt: skip
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    wanted = tuple(free) if free is not None else spec.exposures
    own = [j for j, name in enumerate(design.names) if belongs(name, wanted)]
    if len(design.levels) < 3 or not own:
        raise model_error(
            lang, "Model partial proportional odds memerlukan tiga kategori keluaran dan suku yang dibebaskan.",
            "Partial proportional odds needs three outcome levels and a term to set free.",
            (f"Suku yang ada: {', '.join(design.names)}.", f"Terms there are: {', '.join(design.names)}."),
        )  # fmt: skip
    model = _Model.of(design, own)
    start = fit_blocks(CategoryBlocks.from_arrays(design.X, design.y, len(design.levels), design.weights))
    first = np.concatenate([start.theta, start.beta, np.zeros(len(own) * (len(start.theta) - 1))])
    parameters, loglik, information, converged = _maximise(model, first)
    cov: Array = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
    df = np.inf
    if design.clusters:
        group = next(iter(design.clusters.values()))
        sums = cluster_sums(model.scores(parameters), group.codes, group.size)
        df = group.size - 1.0
        cov = np.asarray(group.size / df * cov @ (sums.T @ sums) @ cov, dtype=np.float64)
    chi2, extra = 2.0 * (loglik - start.loglik), len(first) - len(start.parameters)
    return PartialOdds(
        _by_cut(model, design, parameters, cov, float(df)),
        _effects(model, design, parameters, cov, float(df), start.parameters),
        loglik,
        start.loglik,
        chi2,
        extra,
        float("nan") if design.clusters else float(stats.chi2.sf(max(chi2, 0.0), extra)),
        design.n,
        converged,
    )


@dataclass(frozen=True, eq=False)
class _Model:
    """Rows, and where each parameter stands: thresholds (K-1), slopes (p), free slopes (K-2) x q."""

    X: Array
    y: NDArray[np.int64]
    w: Array
    own: list[int]
    cuts: int

    @classmethod
    def of(cls, design: Design, own: list[int]) -> _Model:
        w = np.ones(design.n) if design.weights is None else design.weights
        return cls(np.ascontiguousarray(design.X), design.y, w, own, len(design.levels) - 1)

    def map(self, k: int) -> Array:
        """Matrix (p + 1, m) from the parameters to threshold and slopes of cut ``k``."""
        p, q = self.X.shape[1], len(self.own)
        out = np.zeros((p + 1, self.cuts + p + q * (self.cuts - 1)))
        out[0, k] = 1.0
        out[1 + np.arange(p), self.cuts + np.arange(p)] = 1.0
        if k > 0:
            for i, j in enumerate(self.own):
                out[1 + j, self.cuts + p + (k - 1) * q + i] = 1.0
        return out

    def linear(self, parameters: Array, k: int, rows: NDArray[np.bool_]) -> Array:
        """theta_k - x'(beta + gamma_k) of some rows."""
        at = self.map(k) @ parameters
        return np.asarray(at[0] - self.X[rows] @ at[1:])

    def pieces(self, parameters: Array, level: int) -> tuple[NDArray[np.bool_], Array, Array, Array]:
        """Rows of a level, P, and F at its upper and lower threshold."""
        rows = self.y == level
        n = int(rows.sum())
        upper = expit(self.linear(parameters, level, rows)) if level < self.cuts else np.ones(n)
        lower = expit(self.linear(parameters, level - 1, rows)) if level > 0 else np.zeros(n)
        return rows, upper - lower, upper, lower

    def loglik(self, parameters: Array) -> float:
        """Weighted log-likelihood; minus infinity where a probability is not positive."""
        total = 0.0
        for level in range(self.cuts + 1):
            rows, probability, *_ = self.pieces(parameters, level)
            if bool((probability <= 0).any()):
                return -np.inf
            total += float(self.w[rows] @ np.log(probability))
        return total

    def derivatives(self, parameters: Array) -> tuple[Array, Array]:
        """Gradient (m,) and information (m, m)."""
        m = len(parameters)
        gradient, hessian = np.zeros(m), np.zeros((m, m))
        for level in range(self.cuts + 1):
            rows, P, up, low = self.pieces(parameters, level)
            if not len(P):
                continue
            Z = np.column_stack([np.ones(len(P)), -self.X[rows]])
            w, edges = self.w[rows], []
            for k, F, sign in ((level, up, 1.0), (level - 1, low, -1.0)):
                if 0 <= k < self.cuts:
                    f = F * (1 - F)
                    edges.append((self.map(k), sign * f / P, sign * f * (1 - 2 * F) / P))
            for M, ratio, second in edges:
                gradient += M.T @ (Z.T @ (w * ratio))
                hessian += M.T @ (Z.T @ ((w * second)[:, None] * Z)) @ M
                for M2, ratio2, _ in edges:
                    hessian -= M.T @ (Z.T @ ((w * ratio * ratio2)[:, None] * Z)) @ M2
        return gradient, -hessian

    def scores(self, parameters: Array) -> Array:
        """Gradient of each row, shape (n, m)."""
        out = np.zeros((len(self.y), len(parameters)))
        for level in range(self.cuts + 1):
            rows, P, up, low = self.pieces(parameters, level)
            Z = np.column_stack([np.ones(len(P)), -self.X[rows]])
            for k, F, sign in ((level, up, 1.0), (level - 1, low, -1.0)):
                if 0 <= k < self.cuts:
                    out[rows] += ((self.w[rows] * sign * F * (1 - F) / P)[:, None] * Z) @ self.map(k)
        return out


def _maximise(model: _Model, parameters: Array) -> tuple[Array, float, Array, bool]:
    loglik = model.loglik(parameters)
    for _ in range(_STEPS):
        gradient, information = model.derivatives(parameters)
        values, vectors = np.linalg.eigh(information)
        values = np.maximum(np.abs(values), 1e-8 * np.abs(values).max())
        step = vectors @ ((vectors.T @ gradient) / values)
        if float(gradient @ step) < 1e-12 * max(1.0, abs(loglik)):
            return parameters, loglik, information, True
        length = 1.0
        while length > 1e-10:
            found = model.loglik(parameters + length * step)
            if found > loglik:
                break
            length /= 2.0
        else:
            return parameters, loglik, information, float(gradient @ step) < 1e-6
        parameters, loglik = parameters + length * step, found
    return parameters, loglik, model.derivatives(parameters)[1], False


def _by_cut(model: _Model, design: Design, parameters: Array, cov: Array, df: float) -> pd.DataFrame:
    half, rows = float(stats.t.ppf(0.975, df)), []
    for k in range(model.cuts):
        M = model.map(k)[1:]
        slopes, se = M @ parameters, np.sqrt(np.maximum(np.diag(M @ cov @ M.T), 0.0))
        cut = f"{design.levels[k]}|{design.levels[k + 1]}"
        rows += [
            (cut, name, b, s, b - half * s, b + half * s)
            for name, b, s in zip(design.names, slopes, se, strict=True)
        ]
    return pd.DataFrame(rows, columns=["cut", "term", "estimate", "std_error", "ci_low", "ci_high"])


def _effects(
    model: _Model, design: Design, parameters: Array, cov: Array, df: float, proportional: Array
) -> pd.DataFrame:
    """Average of f(u_k) (beta + gamma_k) on P(y > k), with the delta method."""
    half, rows = float(stats.t.ppf(0.975, df)), []
    every, w = np.ones(len(model.y), dtype=bool), model.w / model.w.sum()
    shared = np.concatenate([proportional, np.zeros(len(parameters) - len(proportional))])
    Z = np.column_stack([np.ones(len(w)), -model.X])
    for k in range(model.cuts):
        M = model.map(k)
        density = []
        for at in (parameters, shared):
            F = expit(model.linear(at, k, every))
            density.append(F * (1 - F))
        F = expit(model.linear(parameters, k, every))
        mean, slope = float(w @ density[0]), Z.T @ (w * density[0] * (1 - 2 * F))
        cut = f"{design.levels[k]}|{design.levels[k + 1]}"
        for j, name in enumerate(design.names):
            b = float(M[1 + j] @ parameters)
            jacobian = mean * M[1 + j] + b * (slope @ M)
            se = float(np.sqrt(max(jacobian @ cov @ jacobian, 0.0)))
            plain = float(w @ density[1]) * float(M[1 + j] @ shared)
            rows.append((cut, name, mean * b, se, mean * b - half * se, mean * b + half * se, plain))
    columns = ["cut", "term", "effect", "std_error", "ci_low", "ci_high", "proportional"]
    return pd.DataFrame(rows, columns=columns)
