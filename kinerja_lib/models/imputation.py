"""Multiple imputation by chained equations (statsmodels' MICE with predictive mean matching).

Values are drawn from observed donors, so that a predikat stays a predikat and hours stay hours. The chain
treats rows as independent: where staff of a unit are alike, name unit means among the auxiliary columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.models.factors import column, is_categorical
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.pooling import PooledResult, pool_results
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import factors_of
from kinerja_lib.models.wording import model_error

#: rounds of the chain before the first and between two imputations
BURN_IN, BETWEEN = 10, 5


def impute(
    panel: pd.DataFrame,
    columns: Sequence[str],
    m: int = 20,
    *,
    seed: int,
    donors: int = 10,
    lang: str = "id",
) -> list[pd.DataFrame]:
    """Complete copies of a frame.

    Parameters
    ----------
    panel : DataFrame
    columns : sequence of str
        Columns of the chain: those to complete and those that predict them, the outcome of the later model
        among them. Numbers, booleans, ordered categories, text of a known scale; other text must be complete.
    m : int
        Number of copies.
    seed : int
    donors : int
        Nearest observed rows from which a value is drawn.

    Returns
    -------
    list of DataFrame
        ``m`` frames like ``panel``; columns outside the chain are as they were.

    Raises
    ------
    ModelError
        A text column without an order has missing values, or a column is missing in all rows.

    References
    ----------
    van Buuren & Groothuis-Oudshoorn (2011), J. Statistical Software 45(3); predictive mean matching: Little
    (1988), J. Business & Economic Statistics 6:287.
    """
    coded, levels = _coded(panel, columns, lang)
    coded = _independent(coded)
    if not coded.isna().to_numpy().any():
        return [panel.copy() for _ in range(m)]
    from statsmodels.imputation.mice import MICEData

    renamed = coded.set_axis([f"v{j}" for j in range(coded.shape[1])], axis=1).reset_index(drop=True)
    names = dict(zip(coded.columns, renamed.columns, strict=True))
    copies = []
    # with a single incomplete column there is nothing to iterate between
    alone = int(coded.isna().any().sum()) == 1
    chain = MICEData(renamed, k_pmm=donors, rng=seed)
    chain.update_all(1 if alone else BURN_IN)
    for _ in range(m):
        chain.update_all(1 if alone else BETWEEN)
        copies.append(_filled(panel, chain.data, names, levels))
    return copies


def fit_imputed(
    panel: pd.DataFrame,
    spec: ModelSpec,
    m: int = 20,
    *,
    seed: int,
    auxiliary: Sequence[str] = (),
    lang: str = "id",
) -> PooledResult:
    """Impute the columns of a specification, fit it on each copy, pool by Rubin's rules.

    Parameters
    ----------
    auxiliary : sequence of str
        Further columns that predict missing values or missingness; they make "missing at random" likelier.
    seed : int
    """
    used = [spec.outcome, *(f for term in spec.terms for f in factors_of(term, panel)), *auxiliary]
    plain = [name for name in dict.fromkeys(used) if name in panel.columns]
    copies = impute(panel, plain, m, seed=seed, lang=lang)
    return pool_results([fit(copy, spec, lang=lang) for copy in copies], lang)


def _coded(
    panel: pd.DataFrame, columns: Sequence[str], lang: str
) -> tuple[pd.DataFrame, dict[str, tuple[object, ...]]]:
    """Columns as numbers (indicators for complete text without an order), and the levels behind codes."""
    out: dict[str, pd.Series] = {}
    levels: dict[str, tuple[object, ...]] = {}
    for name in dict.fromkeys(columns):
        series = column(panel, name, lang)
        if series.isna().all():
            raise model_error(
                lang, f'Kolom "{name}" kosong pada semua baris.', f'Column "{name}" is missing in every row.',
                ("Hapus dari model.", "Leave it out of the model."),
            )  # fmt: skip
        if not is_categorical(series, name, lang):
            out[name] = series.astype("float64")
        elif not series.isna().any():
            dummies = pd.get_dummies(series, prefix=name, drop_first=True).astype(float)
            out |= {str(c): dummies[c] for c in dummies if dummies[c].nunique() > 1}
        else:
            out[name], levels[name] = _ordered_codes(panel, name, lang)
    return pd.DataFrame(out, index=panel.index), levels


def _independent(coded: pd.DataFrame) -> pd.DataFrame:
    """Without the complete columns that follow from those before them (an agency that is one status, say)."""
    whole = [name for name in coded if not coded[name].isna().any()]
    X = coded[whole].to_numpy(dtype=np.float64)
    X = X - X.mean(axis=0)
    size = np.sqrt((X**2).sum(axis=0))
    R = np.abs(np.diag(np.linalg.qr(X / np.where(size > 0, size, 1.0), mode="r")))
    pivot = np.concatenate([R, np.zeros(len(whole) - len(R))])
    return coded.drop(columns=[name for name, r in zip(whole, pivot, strict=True) if r < 1e-8])


def _ordered_codes(panel: pd.DataFrame, name: str, lang: str) -> tuple[pd.Series, tuple[object, ...]]:
    series = panel[name]
    two = series.nunique() <= 2
    if isinstance(series.dtype, pd.CategoricalDtype) and not (series.dtype.ordered or two):
        raise model_error(
            lang, f'Kolom "{name}" berupa kategori tanpa urutan dan mempunyai nilai kosong.',
            f'Column "{name}" is a category without an order and has missing values.',
            ('Jadikan kosong sebagai kategori tersendiri, misalnya "tidak diketahui".',
             'Make the missing values a category of their own, e.g. "unknown".'),
        )  # fmt: skip
    answer = read_outcome(panel, name, "levels", lang)
    codes = pd.Series(answer.values, index=panel.index, dtype="float64")
    return codes.mask(answer.missing), answer.levels


def _filled(
    panel: pd.DataFrame, data: pd.DataFrame, names: dict[str, str], levels: dict[str, tuple[object, ...]]
) -> pd.DataFrame:
    copy = panel.copy()
    for name in (name for name in names if name in panel.columns):
        series = panel[name]
        gaps = series.isna().to_numpy()
        if not gaps.any():
            continue
        drawn = data[names[name]].to_numpy()[gaps]
        values = [levels[name][int(v)] for v in drawn] if name in levels else drawn
        whole = series.astype(object).to_numpy(copy=True)
        whole[gaps] = values
        copy[name] = pd.Series(whole, index=panel.index, dtype=object).astype(
            "float64"
            if name not in levels and not pd.api.types.is_integer_dtype(series.dtype)
            else series.dtype
        )
    return copy
