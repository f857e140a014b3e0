"""Proportional odds, tested: does a column move every threshold of the outcome equally (Brant 1990)?

The outcome is cut at each threshold into a binary one; each cut has its own logit. Under proportional odds
their slopes are equal. ``brant_test`` compares them; ``brant_checks`` turns it into the verdict that stands in
an ordinal result: a difference that leaves the sign of an exposure alone is a warning (its size is an
average over the thresholds), a sign that turns forbids one sentence for all thresholds.

Long because the test, and the verdict that an ordinal result carries, share the fits of the cuts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, ndtr

from kinerja_lib.errors import ModelError
from kinerja_lib.models.clustered import cluster_sums
from kinerja_lib.models.cumulative import CategoryBlocks, Link
from kinerja_lib.models.cumulative_fit import CumulativeFit, fit_blocks
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.design_checks import CHECK_ROWS, scattered
from kinerja_lib.models.diagnostics import belongs
from kinerja_lib.models.result import Check
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.threads import single_threaded
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: p-value below which the slopes are called unequal
ODDS_LIMIT = 0.05
#: fewest rows on either side of a cut
THIN_CUT = 5


@dataclass(frozen=True, eq=False)
class BrantTest:
    """The test and the slopes it compares.

    Attributes
    ----------
    table : DataFrame
        term (``omnibus`` first), chi2, df, p_value. With clusters p is that of F(df, G - df).
    cuts : DataFrame
        cut, term, estimate, std_error, ci_low, ci_high: one row a threshold and column.
    omitted : tuple of str
        Cuts that could not be fitted: too few rows on a side, or perfectly separated.
    n : int
        Rows read.
    """

    table: pd.DataFrame
    cuts: pd.DataFrame
    omitted: tuple[str, ...]
    n: int


def brant_test(panel: pd.DataFrame, spec: ModelSpec, lang: str = "id") -> BrantTest:
    """Brant's Wald test of proportional odds, over all columns and for each.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        Of ``kind="ordinal"``. Weights count as numbers of rows. Where ``cluster`` is given the covariance of
        the stacked logits is that of their summed scores (CR1), otherwise Brant's.

    Raises
    ------
    ModelError
        Fewer than three levels, or fewer than two thresholds that can be fitted.

    References
    ----------
    Brant (1990), Biometrics 46:1171-1178, whose covariance of two cuts l < m is
    (X'W_ll X)^-1 (X'W_lm X) (X'W_mm X)^-1 with W_lm = diag(pi_m - pi_l pi_m).

    Examples
    --------
    Smoking of 237 students by sex and height (R ``MASS::survey``) gives chi2 = 3.28 with 4 df.
    """
    design = build_design(panel, spec, intercept=False, outcome="levels", lang=lang)
    with single_threaded():
        return brant_of_design(design, lang, "probit" if spec.link == "probit" else "logit")


def brant_of_design(design: Design, lang: str = "id", link: Link = "logit") -> BrantTest:
    """The test on a design matrix already built."""
    if len(design.levels) < 3 or not design.names:
        raise model_error(
            lang, "Uji proportional odds memerlukan tiga kategori keluaran dan satu variabel penjelas.",
            "The test of proportional odds needs three outcome levels and an explanatory column.",
            ("Dengan dua kategori asumsi itu selalu terpenuhi.", "With two levels it always holds."),
        )  # fmt: skip
    labels = [f"{low}|{high}" for low, high in zip(design.levels[:-1], design.levels[1:], strict=True)]
    fits = {k: _cut_fit(design, k, link) for k in range(len(labels))}
    used = {k: found for k, found in fits.items() if found is not None}
    if len(used) < 2:
        raise model_error(
            lang, "Kurang dari dua ambang yang dapat ditaksir; proportional odds tidak dapat diuji.",
            "Fewer than two thresholds can be fitted; proportional odds can't be tested.",
            ("Gabungkan kategori yang jarang.", "Merge the rare levels."),
        )  # fmt: skip
    p = len(design.names)
    beta = np.concatenate([found.beta for found in used.values()])
    cov, clusters = _stacked_covariance(design, used, link)
    every = [_wald(beta, cov, list(range(p)), p, len(used), clusters)]
    every += [_wald(beta, cov, [j], p, len(used), clusters) for j in range(p)]
    table = pd.DataFrame(every, columns=["chi2", "df", "p_value"])
    table.insert(0, "term", ["omnibus", *design.names])
    return BrantTest(
        table,
        _cut_table([labels[k] for k in used], design.names, beta, np.sqrt(np.diag(cov)), clusters),
        tuple(labels[k] for k in fits if k not in used),
        design.n,
    )


def _cut_fit(design: Design, k: int, link: Link) -> CumulativeFit | None:
    """The logit (probit) of y > k, or None where it has no finite maximum."""
    above = (design.y > k).astype(np.intp)
    if min(int(above.sum()), len(above) - int(above.sum())) < THIN_CUT:
        return None
    found = fit_blocks(CategoryBlocks.from_arrays(design.X, above, 2, design.weights), link)
    return found if found.converged else None


def _stacked_covariance(
    design: Design, used: dict[int, CumulativeFit], link: Link
) -> tuple[Array, int | None]:
    """Covariance of all cuts' slopes, shape (C p, C p), and the number of clusters where clustered.

    A row's score is r (z - F) x with r = f / (F (1 - F)), which is 1 for the logit, and Cov(z_a, z_b) is
    F_b (1 - F_a) for a cut b above a.
    """
    n, p = design.X.shape
    X = np.column_stack([np.ones(n), design.X])
    w = np.ones(n) if design.weights is None else design.weights
    eta = [design.X @ found.beta - found.theta[0] for found in used.values()]
    pi = [ndtr(e) if link == "probit" else expit(e) for e in eta]
    ratio = [np.ones(n) for _ in eta]
    if link == "probit":
        near = [np.clip(e, -30.0, 30.0) for e in eta]  # beyond, F and 1 - F are no numbers any more
        ratio = [stats.norm.pdf(e) / (ndtr(e) * ndtr(-e)) for e in near]
    inverse = [
        np.linalg.pinv(X.T @ ((w * r * r * q * (1 - q))[:, None] * X), hermitian=True)
        for q, r in zip(pi, ratio, strict=True)
    ]
    count, m = len(pi), p + 1
    if design.clusters:
        group = next(iter(design.clusters.values()))
        scores = np.hstack(
            [
                ((w * r * ((design.y > k) - q))[:, None] * X) @ part
                for k, q, r, part in zip(used, pi, ratio, inverse, strict=True)
            ]
        )
        sums = cluster_sums(scores, group.codes, group.size)
        whole, clusters = group.size / (group.size - 1) * (sums.T @ sums), group.size
    else:
        whole, clusters = np.empty((count * m, count * m)), None
        for a in range(count):
            for b in range(a, count):
                cross = X.T @ ((w * ratio[a] * ratio[b] * pi[b] * (1 - pi[a]))[:, None] * X)
                part = inverse[a] @ cross @ inverse[b]
                whole[a * m : (a + 1) * m, b * m : (b + 1) * m] = part
                whole[b * m : (b + 1) * m, a * m : (a + 1) * m] = part.T
    slopes = np.concatenate([np.arange(c * m + 1, (c + 1) * m) for c in range(count)])
    return whole[np.ix_(slopes, slopes)], clusters


def _wald(
    beta: Array, cov: Array, columns: list[int], p: int, count: int, clusters: int | None
) -> tuple[float, int, float]:
    """Wald test that these columns' slopes are equal at all cuts: each cut against the first."""
    rows = [(c, j) for c in range(1, count) for j in columns]
    D = np.zeros((len(rows), len(beta)))
    for row, (c, j) in enumerate(rows):
        D[row, j], D[row, c * p + j] = 1.0, -1.0
    gap, spread = D @ beta, D @ cov @ D.T
    q = len(rows)
    if clusters is not None and clusters <= q:
        return float("nan"), q, float("nan")
    try:
        chi2 = float(gap @ np.linalg.solve(spread, gap))
    except np.linalg.LinAlgError:
        return float("nan"), q, float("nan")
    if clusters is None:
        return chi2, q, float(stats.chi2.sf(chi2, q))
    return chi2, q, float(stats.f.sf(chi2 * (clusters - q) / (q * (clusters - 1)), q, clusters - q))


def _cut_table(
    cuts: list[str], names: tuple[str, ...], beta: Array, se: Array, clusters: int | None
) -> pd.DataFrame:
    half = stats.t.ppf(0.975, np.inf if clusters is None else clusters - 1) * se
    return pd.DataFrame(
        {
            "cut": np.repeat(cuts, len(names)), "term": list(names) * len(cuts), "estimate": beta,
            "std_error": se, "ci_low": beta - half, "ci_high": beta + half,
        }
    )  # fmt: skip


def brant_checks(design: Design, spec: ModelSpec) -> tuple[list[Check], pd.DataFrame | None]:
    """The check ``proportional_odds`` of an ordinal fit, one more for each exposure, and the slopes by cut.

    ``CHECK_ROWS`` scattered rows are read (``brant_test`` reads all), so that the check costs little beside
    a large fit.
    """
    if len(design.levels) < 3 or not design.names:
        return [], None
    try:
        with single_threaded():
            link: Link = "probit" if spec.link == "probit" else "logit"
            found = brant_of_design(thinned(design, CHECK_ROWS), link=link)
    except ModelError:
        return [_unchecked()], None
    rows = found.table.set_index("term")
    own = [name for name in design.names if belongs(name, spec.exposures)]
    turned = {name for name in own if _turns(found.cuts, name) and rows.loc[name, "p_value"] < ODDS_LIMIT}
    checks = [_check("proportional_odds", "", float(rows.loc["omnibus", "p_value"]), bool(turned))]
    checks += [
        _check(f"proportional_odds: {name}", name, float(rows.loc[name, "p_value"]), name in turned)
        for name in own
    ]
    return checks, found.cuts


def thinned(design: Design, rows: int) -> Design:
    """``rows`` rows of a design, its outcome recoded to the levels that they show."""
    part = scattered(design, rows)
    present = np.bincount(part.y, minlength=len(design.levels)) > 0
    levels = tuple(level for level, seen in zip(design.levels, present, strict=True) if seen)
    return replace(part, y=(np.cumsum(present) - 1)[part.y], levels=levels)


def _turns(cuts: pd.DataFrame, term: str) -> bool:
    """Whether a slope is clearly positive at one threshold and clearly negative at another."""
    own = cuts[cuts["term"] == term]
    return bool((own["ci_low"] > 0).any() and (own["ci_high"] < 0).any())


def _check(name: str, term: str, p: float, turned: bool) -> Check:
    if np.isnan(p):
        return _unchecked(name)
    unequal = p < ODDS_LIMIT
    who = (f"Hubungan {term}", f"The relation of {term}") if term else ("Hubungannya", "The relation")
    if turned:
        text = (
            f"{who[0]} berbalik arah antarambang keluaran; lihat tabel per ambang (fit_partial_odds).",
            f"{who[1]} turns its sign between thresholds; read the table by threshold (fit_partial_odds).",
        )
    elif unequal:
        text = (
            f"{who[0]} tidak sama kuat di semua ambang keluaran; koefisiennya rata-rata dari semuanya.",
            f"{who[1]} is not equally strong at all thresholds; the coefficient is their average.",
        )
    else:
        text = (
            f"{who[0]} tidak terlihat berbeda antarambang keluaran.",
            f"{who[1]} is not seen to differ between thresholds.",
        )
    return Check(name, p, ODDS_LIMIT, "fail" if turned else "warning" if unequal else "ok", *text)


def _unchecked(name: str = "proportional_odds") -> Check:
    return Check(
        name, float("nan"), ODDS_LIMIT, "warning",
        "Asumsi proportional odds tidak dapat diuji: kategori atau klaster terlalu sedikit.",
        "Proportional odds could not be tested: too few rows in the levels, or too few clusters.",
    )  # fmt: skip
