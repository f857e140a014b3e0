"""Who is missing, and would it matter? Missingness model, response weights, and the tipping point.

Nothing in the data can show whether values are missing for reasons that are unseen; the tipping point says
how different the missing would have to be before a conclusion falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MINIMUM_GROUP, suppress_counts
from kinerja_lib.errors import ModelError
from kinerja_lib.models.factors import column
from kinerja_lib.models.firth import fit_firth
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.hypotheses import WaldTest, wald_test
from kinerja_lib.models.imputation import impute
from kinerja_lib.models.pooling import pool_results
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import factors_of
from kinerja_lib.models.wording import model_error

#: largest response weight, in multiples of the mean, above which few rows carry the estimate
HEAVY_WEIGHT = 10.0


@dataclass(frozen=True, eq=False)
class Missingness:
    """Who is missing.

    Attributes
    ----------
    n, missing : int
    model : FitResult or None
        Logit of "missing" on the covariates (Firth's, without clusters, where a handful of missing values
        is separated); ``effects()`` on the probability scale. None where the outcome is never missing.
    test : WaldTest or None
        All covariates at once: a small p-value rules out "missing completely at random".
    by : dict of str to DataFrame
        For each grouping column: its level, n, missing, share, suppressed.
    """

    n: int
    missing: int
    model: FitResult | None
    test: WaldTest | None
    by: dict[str, pd.DataFrame]


def missingness(
    panel: pd.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    *,
    by: Sequence[str] = (),
    cluster: str | None = None,
    minimum_group: int = MINIMUM_GROUP,
    lang: str = "id",
) -> Missingness:
    """Model of who lacks an outcome, and how many do, by group; counts of small groups are suppressed.

    Raises
    ------
    ModelError
        The outcome is missing in every row, or a covariate can't be used (it names the column).
    """
    absent = column(panel, outcome, lang).isna()
    if absent.all():
        raise model_error(
            lang, f'"{outcome}" kosong pada semua baris.', f'"{outcome}" is missing in every row.',
            ("Periksa penggabungan tabelnya.", "Check how the tables were joined."),
        )  # fmt: skip
    model, test = None, None
    if absent.any() and covariates:
        name = _free_name(panel, f"tanpa_{outcome}")
        frame = panel.assign(**{name: absent.astype(int)})
        model = _model(frame, ModelSpec(name, tuple(covariates), kind="ordinal", cluster=cluster), lang)
        test = wald_test(model, [term for term in model.terms if "|" not in term], lang)
    tables = {group: _by_group(panel, absent, group, minimum_group) for group in by}
    return Missingness(len(panel), int(absent.sum()), model, test, tables)


def _model(frame: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    """The logit; Firth's where a handful of missing values is separated."""
    try:
        return fit(frame, spec, lang=lang)
    except ModelError as error:
        try:
            return fit_firth(frame, spec.replace(cluster=None), lang=lang)
        except ModelError:
            raise error from None


def _by_group(panel: pd.DataFrame, absent: pd.Series, group: str, minimum: int) -> pd.DataFrame:
    counts = absent.groupby(panel[group], observed=True, dropna=False).agg(["size", "sum"])
    wide = pd.DataFrame({"missing": counts["sum"], "present": counts["size"] - counts["sum"]})
    long = wide.stack().rename("count").rename_axis([group, "status"]).reset_index()
    long["n"] = np.repeat(counts["size"].to_numpy(), 2)
    long["share"] = long["count"] / long["n"]
    safe = suppress_counts(long, [group], "status", minimum=minimum)
    own = safe[safe["status"] == "missing"].drop(columns="status").rename(columns={"count": "missing"})
    return own.reset_index(drop=True)[[group, "n", "missing", "share", "suppressed"]]


def response_weights(
    panel: pd.DataFrame, outcome: str, covariates: Sequence[str], *, stabilised: bool = True, lang: str = "id"
) -> pd.Series:
    """Inverse probabilities that the outcome is there, given covariates; NaN where it is missing.

    Use them as ``weights`` of a specification: the rows that are there then stand for those that are not,
    if nothing unseen decides who is missing. Errors should be HC1 or clustered.

    Parameters
    ----------
    covariates : sequence of str
        Columns known for everyone. Rows without one get NaN.
    stabilised : bool
        Times the overall share of rows that are there, so that the weights average about one.

    Raises
    ------
    ModelError
        A weight beyond ``HEAVY_WEIGHT`` times the mean: hardly anyone like the missing has an outcome.
    """
    report = missingness(panel, outcome, covariates, lang=lang)
    present = column(panel, outcome, lang).notna()
    if report.model is None:
        return pd.Series(1.0, index=panel.index, name="bobot_respons")
    there = report.model.predict(panel).iloc[:, 0]
    weights = (1.0 / there).where(present)
    heaviest = float(weights.max() / weights.mean())
    if heaviest > HEAVY_WEIGHT:
        raise model_error(
            lang, f"Bobot respons terbesar {heaviest:.0f} kali rata-ratanya; hasilnya bertumpu pada sedikit baris.",
            f"The largest response weight is {heaviest:.0f} times the mean; few rows would carry the result.",
            ("Gabungkan kategori kovariat, atau gunakan imputasi ganda.",
             "Merge covariate categories, or impute."),
        )  # fmt: skip
    return (weights * float(present.mean()) if stabilised else weights).rename("bobot_respons")


@dataclass(frozen=True, eq=False)
class TippingPoint:
    """How far the missing outcomes must lie from what the data predict before the conclusion falls.

    Attributes
    ----------
    table : DataFrame
        delta, estimate, std_error, ci_low, ci_high, p_value.
    delta : float
        Interpolated shift at which the interval first includes zero; infinite where no delta tried does it,
        NaN where it includes zero already without a shift.
    """

    table: pd.DataFrame
    delta: float


def tipping_point(
    panel: pd.DataFrame,
    spec: ModelSpec,
    term: str,
    deltas: Sequence[float],
    *,
    seed: int,
    m: int = 20,
    shift: pd.Series | None = None,
    auxiliary: Sequence[str] = (),
    lang: str = "id",
) -> TippingPoint:
    """Impute the outcome, shift what was imputed by each delta, and fit again.

    Parameters
    ----------
    panel : DataFrame
    spec : ModelSpec
        With a numeric outcome.
    term : str
        The coefficient that the conclusion rests on.
    deltas : sequence of float
        Shifts in units of the outcome, tried outwards from zero (zero is added).
    shift : Series, optional
        Size of the shift in each row, on the frame's index: 0/1 to shift the imputed outcomes of one group
        only (the worst case for a comparison); 1 for all by default.

    References
    ----------
    Rubin (1977), JASA 72:538; Cro et al. (2020), Statistics in Medicine 39:2815-2842 (delta adjustment).
    """
    used = [spec.outcome, *(f for t in spec.terms for f in factors_of(t, panel)), *auxiliary]
    chain = [name for name in dict.fromkeys(used) if name in panel.columns]
    copies = impute(panel, chain, m, seed=seed, lang=lang)
    size = pd.Series(1.0, index=panel.index) if shift is None else shift.astype("float64")
    moved = size.where(panel[spec.outcome].isna(), 0.0).to_numpy()
    rows = []
    for delta in sorted({0.0, *map(float, deltas)}):
        frames = [copy.assign(**{spec.outcome: copy[spec.outcome] + delta * moved}) for copy in copies]
        row = pool_results([fit(f, spec, lang=lang) for f in frames], lang).tidy().set_index("term").loc[term]
        rows.append((delta, *(row[k] for k in ("estimate", "std_error", "ci_low", "ci_high", "p_value"))))
    table = pd.DataFrame(rows, columns=["delta", "estimate", "std_error", "ci_low", "ci_high", "p_value"])
    return TippingPoint(table, _crossing(table))


def _crossing(table: pd.DataFrame) -> float:
    """The delta nearest to zero at which the bound nearest to zero changes its sign."""
    at_zero = table.set_index("delta").loc[0.0]
    side = "ci_low" if at_zero["estimate"] > 0 else "ci_high"
    if at_zero["ci_low"] <= 0 <= at_zero["ci_high"]:
        return float("nan")
    found = []
    for rows in (table[table["delta"] >= 0], table[table["delta"] <= 0][::-1]):
        d, b = rows["delta"].to_numpy(), rows[side].to_numpy()
        for k in range(1, len(d)):
            if b[k] * b[0] <= 0:
                found.append(float(d[k - 1] + (d[k] - d[k - 1]) * b[k - 1] / (b[k - 1] - b[k])))
                break
    return min(found, key=abs) if found else float("inf")


def _free_name(panel: pd.DataFrame, name: str) -> str:
    while name in panel.columns:
        name += "_"
    return name
