"""Rates of a reward or sanction by group: the four-fifths ratio with its interval, and CMH within strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from kinerja_lib.disclosure import MINIMUM_GROUP, suppress_counts
from kinerja_lib.models.factors import column
from kinerja_lib.models.wording import model_error

#: the rule of thumb of the US Uniform Guidelines (1978): a rate below 4/5 of the highest
FOUR_FIFTHS = 0.8


def adverse_impact(
    panel: pd.DataFrame,
    outcome: str,
    group: str,
    *,
    reference: Any = None,
    level: float = 0.95,
    minimum_group: int = MINIMUM_GROUP,
    lang: str = "id",
) -> pd.DataFrame:
    """Rate of each group against the reference's, one row a group.

    Parameters
    ----------
    panel : DataFrame
        One row a person (the ratio's interval takes rows as independent).
    outcome : str
        0/1, boolean, or a count (any above zero counts).
    group : str
        A category.
    reference : optional
        Level compared with; the one with the highest rate among those with ``minimum_group`` people or more
        by default.

    Returns
    -------
    DataFrame
        ``group``, ``n``, ``count``, ``rate``, ``ratio``, ``ci_low``, ``ci_high`` (Katz's log interval; half a
        count is added where a count is zero), ``p_value`` (Fisher's exact test), ``below`` (ratio under 4/5),
        ``clear`` (the whole interval under 4/5), ``suppressed``. What would reveal a small cell is NaN.

    References
    ----------
    Katz et al. (1978), Biometrics 34:469-474; Morris & Lobsenz (2000), Personnel Psychology 53:89-111.
    """
    event, who = _events(panel, outcome, group, lang)
    counts = event.groupby(who, observed=True).agg(["size", "sum"])
    if len(counts) < 2:
        raise model_error(
            lang, f'Kolom "{group}" hanya mempunyai satu kelompok.', f'Column "{group}" has a single group.',
            ("Pilih kolom lain.", "Choose another column."),
        )  # fmt: skip
    rates = counts["sum"] / counts["size"]
    large = counts["size"] >= minimum_group
    base = reference if reference is not None else rates[large if large.any() else slice(None)].idxmax()
    if base not in counts.index:
        raise model_error(
            lang, f'Kelompok acuan "{base}" tidak ada dalam "{group}".',
            f'The reference "{base}" is not in "{group}".',
            (f"Yang ada: {', '.join(map(str, counts.index))}.",) * 2,
        )  # fmt: skip
    n0, x0 = (int(v) for v in counts.loc[base])
    rows = [
        (name, int(n), int(x), *_ratio(int(x), int(n), x0, n0, level)) for name, n, x in counts.itertuples()
    ]
    table = pd.DataFrame(rows, columns=["group", "n", "count", "ratio", "ci_low", "ci_high", "p_value"])
    table.insert(3, "rate", table["count"] / table["n"])
    own = table["group"] == base
    table.loc[own, ["ci_low", "ci_high"]] = 1.0
    table.loc[own, "p_value"] = np.nan
    table["below"], table["clear"] = table["ratio"] < FOUR_FIFTHS, table["ci_high"] < FOUR_FIFTHS
    return _protected(table, base, minimum_group)


def _ratio(x: int, n: int, x0: int, n0: int, level: float) -> tuple[float, float, float, float]:
    p = float(stats.fisher_exact([[x, n - x], [x0, n0 - x0]]).pvalue)
    a, b, size, base = (x, x0, n, n0) if x and x0 else (x + 0.5, x0 + 0.5, n + 1, n0 + 1)
    ratio = (a / size) / (b / base)
    half = float(stats.norm.ppf(0.5 + level / 2)) * np.sqrt(max(1 / a - 1 / size + 1 / b - 1 / base, 0.0))
    plain = (x / n) / (x0 / n0) if x0 else float("nan")
    return plain, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), p


def _protected(table: pd.DataFrame, base: Any, minimum: int) -> pd.DataFrame:
    """Blank what a small count of those with, or without, the event would show; all ratios if the base's is."""
    long = pd.concat(
        [table.assign(status="yes"), table.assign(status="no", count=table["n"] - table["count"])]
    )
    safe = suppress_counts(long, ["group"], "status", minimum=minimum, derived=("rate",))
    yes = safe[safe["status"] == "yes"].drop(columns="status").reset_index(drop=True)
    hidden = yes["suppressed"].to_numpy()
    unsaid = hidden | bool(hidden[(yes["group"] == base).to_numpy()].any())
    for name in ("ratio", "ci_low", "ci_high", "p_value"):
        yes[name] = yes[name].mask(unsaid)
    for name in ("below", "clear"):
        yes[name] = yes[name].astype("boolean").mask(unsaid)
    return yes


@dataclass(frozen=True)
class StratifiedOdds:
    """Odds ratio of two groups within strata.

    ``p_value`` is Cochran-Mantel-Haenszel's test with continuity correction, ``p_homogeneity`` Breslow-Day's
    (Tarone) test that all strata have the same ratio; ``strata`` counts those that say something.
    """

    odds_ratio: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    p_homogeneity: float
    strata: int
    n: int


def stratified_odds(
    panel: pd.DataFrame, outcome: str, group: str, strata: str | Sequence[str], *, lang: str = "id"
) -> StratifiedOdds:
    """Cochran-Mantel-Haenszel: does the group matter among people of the same stratum?

    Parameters
    ----------
    group : str
        Two levels; the ratio is that of the second (as sorted, or in category order) over the first.
    strata : str or sequence of str
        For instance predikat, or unit and year.

    Raises
    ------
    ModelError
        Not two groups, or no stratum in which both groups and both outcomes occur.

    References
    ----------
    Mantel & Haenszel (1959), JNCI 22:719; Robins, Breslow & Greenland (1986), Biometrics 42:311 (interval).
    """
    panel = panel.reset_index(drop=True)
    event, who = _events(panel, outcome, group, lang)
    keys = [strata] if isinstance(strata, str) else list(strata)
    levels = list(who.cat.categories) if isinstance(who.dtype, pd.CategoricalDtype) else sorted(who.unique())
    levels = [value for value in levels if (who == value).any()]
    if len(levels) != 2:
        raise model_error(
            lang, f'Kolom "{group}" harus mempunyai dua kelompok; ada {len(levels)}.',
            f'Column "{group}" needs two groups; there are {len(levels)}.',
            ("Bandingkan dua kelompok pada satu waktu.", "Compare two groups at a time."),
        )  # fmt: skip
    cells = [panel.loc[event.index, key] for key in keys]
    second = who == levels[1]
    tables = []
    code = event.groupby(cells, observed=True).ngroup()
    for place in range(int(code.max()) + 1):
        y, g = event[code == place], second[code == place]
        table = np.array([[(g & y).sum(), (g & ~y).sum()], [(~g & y).sum(), (~g & ~y).sum()]], dtype=float)
        if table.sum() > 1 and (table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all():
            tables.append(table)
    if not tables:
        raise model_error(
            lang, "Tidak ada strata yang memuat kedua kelompok dan kedua keluaran.",
            "No stratum holds both groups and both outcomes.", ("Gunakan strata lebih lebar.", "Use wider strata."),
        )  # fmt: skip
    from statsmodels.stats.contingency_tables import StratifiedTable

    found = StratifiedTable(tables)
    with np.errstate(divide="ignore", invalid="ignore"):
        test, alike = found.test_null_odds(correction=True), found.test_equal_odds(adjust=True)
        low, high = found.oddsratio_pooled_confint()
        return StratifiedOdds(
            float(found.oddsratio_pooled), float(low), float(high), float(test.statistic), float(test.pvalue),
            float(alike.pvalue), len(tables), int(sum(table.sum() for table in tables)),
        )  # fmt: skip


def _events(panel: pd.DataFrame, outcome: str, group: str, lang: str) -> tuple[pd.Series, pd.Series]:
    """Whether the event happened (a count above zero) and the group, of the rows that have both."""
    y, g = column(panel, outcome, lang), column(panel, group, lang)
    kept = y.notna() & g.notna()
    if not pd.api.types.is_numeric_dtype(y.dtype):
        raise model_error(
            lang, f'Keluaran "{outcome}" harus 0/1 atau banyaknya kejadian.',
            f'The outcome "{outcome}" must be 0/1 or a count.',
            ("Ubah menjadi 0/1.", "Make it 0/1."),
        )  # fmt: skip
    return (y[kept].astype("float64") > 0), g[kept]
