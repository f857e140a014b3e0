"""What a fixed-effects ordered logit says beside its coefficients: refusals, odds ratios, checks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: share of persons whose outcome changes below which the estimate speaks of few
FEW_CHANGE = 0.2
#: persons (or clusters) who change, below which the clustered errors are too small
FEW_CLUSTERS = 30.0
#: clusters below which no claim is made
TOO_FEW = 6
#: log-odds beyond which an odds ratio is no usable number
_BEYOND = 50.0


def require_buc(spec: ModelSpec, lang: str) -> None:
    """Errors for what does not exist with fixed effects."""
    if spec.link != "logit":
        raise model_error(
            lang,
            "Efek tetap dalam model ordinal hanya ada untuk link logit.",
            "Fixed effects in an ordinal model exist for the logit link only.",
            ('Gunakan link="logit".', 'Use link="logit".'),
        )
    if spec.weights:
        raise model_error(
            lang,
            "Model ordinal dengan efek tetap tidak menerima bobot.",
            "An ordinal model with fixed effects takes no weights.",
            ("Hapus weights.", "Leave weights out."),
        )
    if len(spec.cluster_columns) > 1 or spec.errors in ("CR2", "wild", "HC1"):
        raise model_error(
            lang,
            "Model ordinal dengan efek tetap memakai galat CR1 dengan satu kolom klaster.",
            "An ordinal model with fixed effects uses CR1 errors with one cluster column.",
            ("Hapus errors, atau gunakan errors=CR1.", "Leave errors out, or use errors=CR1."),
        )


def nothing_changes(spec: ModelSpec, lang: str) -> Exception:
    """The error where no person's outcome changes."""
    shown = ", ".join(spec.effects)
    return model_error(
        lang,
        f'Keluaran "{spec.outcome}" tidak berubah di dalam satu pun tingkat {shown}.',
        f'Outcome "{spec.outcome}" does not change within any level of {shown}.',
        ("Perpanjang waktunya, atau hapus effects.", "Use more periods, or leave effects out."),
    )


def single_cluster(name: str, lang: str) -> Exception:
    """The error where only one cluster takes part: nothing says how certain the estimate is."""
    return model_error(
        lang,
        f'Hanya satu tingkat "{name}" yang keluarannya berubah; galat standar tidak dapat ditaksir.',
        f'Only one level of "{name}" has an outcome that changes; standard errors cannot be estimated.',
        ("Perluas data, atau hapus effects.", "Widen the data, or leave effects out."),
    )


def vanished(name: str, spec: ModelSpec, lang: str) -> Exception:
    """The error for an exposure that never changes where the outcome does."""
    shown = ", ".join(spec.effects)
    return model_error(
        lang,
        f'Variabel "{name}" tidak berubah di dalam {shown} yang keluarannya berubah; pengaruhnya tidak dapat ditaksir.',
        f'"{name}" does not change within {shown} whose outcome changes; its effect cannot be estimated.',
        ("Hapus variabel itu atau effects.", "Leave out that column, or effects."),
    )


def absorbed_checks(names: list[str], spec: ModelSpec) -> tuple[Check, ...]:
    """Controls left out because they never change inside the effects."""
    if not names:
        return ()
    shown, effects = ", ".join(names), ", ".join(spec.effects)
    return (
        Check(
            "absorbed",
            float(len(names)),
            0.0,
            "warning",
            f"Tidak berubah di dalam {effects}, sehingga dikeluarkan: {shown}.",
            f"Constant within {effects}, hence left out: {shown}.",
        ),
    )


def buc_checks(
    converged: bool, informative: NDArray[np.bool_], n_clusters: int, n_columns: int
) -> list[Check]:
    """Convergence, how many persons speak at all, and how many clusters."""
    share = float(informative.mean())
    rare, few = share < FEW_CHANGE, n_clusters < FEW_CLUSTERS
    hopeless = n_clusters < TOO_FEW or n_clusters <= n_columns
    return [
        Check(
            "convergence", float(converged), 1.0, "ok" if converged else "fail",
            "Penaksiran konvergen." if converged else "Penaksiran tidak konvergen; jangan dipakai.",
            "The fit converged." if converged else "The fit did not converge; do not use it.",
        ),
        Check(
            "informative_share", share, FEW_CHANGE, "warning" if rare else "ok",
            "Hanya sedikit tingkat efek yang keluarannya berubah; hasil berlaku bagi mereka saja." if rare
            else "Cukup banyak tingkat efek yang keluarannya berubah.",
            "Few levels of the effect have an outcome that changes; the result speaks of them only." if rare
            else "Enough levels of the effect have an outcome that changes.",
        ),
        Check(
            "clusters", float(n_clusters), FEW_CLUSTERS, "fail" if hopeless else "warning" if few else "ok",
            "Klaster yang ikut menentukan terlalu sedikit; galat standar terlalu kecil." if few
            else "Jumlah klaster memadai.",
            "Too few clusters take part; the standard errors are too small." if few
            else "Enough clusters.",
        ),
    ]  # fmt: skip


def unit_checks(names: tuple[str, ...], estimate: Array) -> tuple[Check, ...]:
    """Columns in so small a unit that the odds ratio for one unit is no number."""
    far = [name for name, value in zip(names, estimate, strict=True) if abs(value) > _BEYOND]
    if not far:
        return ()
    shown = ", ".join(far)
    return (
        Check(
            "column_unit",
            float(np.abs(estimate).max()),
            _BEYOND,
            "warning",
            f"Satu satuan kolom ini jauh melampaui rentang datanya; ubah satuannya: {shown}.",
            f"One unit of these columns is far beyond the range of the data; rescale: {shown}.",
        ),
    )


def odds_ratios(result: FitResult) -> pd.DataFrame:
    """Odds of a higher level, for one unit more: term, level (``odds_ratio``), estimate, interval, p-value."""
    df = np.full(len(result.terms), np.inf) if result.df is None else result.df
    half = stats.t.ppf(0.975, df) * result.std_error
    with np.errstate(over="ignore"):  # a column in tiny units has an odds ratio beyond all numbers
        ratio, low, high = (np.exp(result.estimate + move) for move in (0.0, -half, half))
    tidy = result.tidy()
    return pd.DataFrame(
        {
            "term": list(result.terms),
            "level": "odds_ratio",
            "estimate": ratio,
            "std_error": ratio * result.std_error,
            "statistic": tidy["statistic"].to_numpy(),
            "p_value": tidy["p_value"].to_numpy(),
            "ci_low": low,
            "ci_high": high,
            "df": df,
        }
    )
