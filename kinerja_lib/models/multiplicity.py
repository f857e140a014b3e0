"""Many tests in one declared family: Benjamini–Hochberg, Holm, Bonferroni."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from kinerja_lib.models.wording import model_error


def adjust_p_values(
    p_values: ArrayLike,
    method: Literal["bh", "holm", "bonferroni"] = "bh",
    alpha: float = 0.05,
    lang: str = "id",
) -> pd.DataFrame:
    """Adjusted p-values and which are rejected, in the order given; missing p-values do not count.

    Parameters
    ----------
    method : {"bh", "holm", "bonferroni"}
        ``bh`` holds the false discovery rate (Benjamini & Hochberg 1995), the others the familywise error.

    Examples
    --------
    The fifteen p-values of Benjamini & Hochberg (1995, p. 295) give four rejections, Bonferroni three.
    """
    p = np.asarray(p_values, dtype=np.float64)
    present = ~np.isnan(p)
    if bool(((p[present] < 0) | (p[present] > 1)).any()):
        raise model_error(
            lang,
            "Nilai p harus antara 0 dan 1.",
            "A p-value lies between 0 and 1.",
            ("Periksa masukannya.", "Check the input."),
        )
    values = p[present]
    m = len(values)
    order = np.argsort(values)
    ranked = values[order]
    if method == "bonferroni":
        adjusted = ranked * m
    elif method == "holm":
        adjusted = np.maximum.accumulate(ranked * np.arange(m, 0, -1))
    elif method == "bh":
        adjusted = np.minimum.accumulate((ranked * m / np.arange(1, m + 1))[::-1])[::-1]
    else:
        raise model_error(
            lang,
            f'Metode "{method}" tidak dikenal.',
            f'Method "{method}" is not known.',
            ("Pilih bh, holm atau bonferroni.", "Choose bh, holm or bonferroni."),
        )
    out = np.full(len(p), np.nan)
    back = np.empty(m)
    back[order] = np.minimum(adjusted, 1.0)
    out[present] = back
    return pd.DataFrame({"p_value": p, "p_adjusted": out, "rejected": out <= alpha})


def rejection_levels(p_values: ArrayLike, *, alpha: float = 0.05) -> NDArray[np.float64]:
    """The largest p-value that each test could have had and be rejected, the others as they are.

    Benjamini and Hochberg reject a test with p at most alpha k / m if k - 1 of the others lie there too, for some k;
    so the level lies between alpha / m (no other comes near) and alpha (all others are rejected).

    Parameters
    ----------
    p_values : (m,)
        Missing ones do not count and get none.
    alpha : float

    Examples
    --------
    >>> rejection_levels([0.001, 0.002, 0.4, 0.8]).round(4).tolist()
    [0.025, 0.025, 0.0375, 0.0375]
    """
    p = np.asarray(p_values, dtype=np.float64)
    present = ~np.isnan(p)
    values, m = p[present], int(present.sum())
    steps = alpha * np.arange(1, m + 1) / max(m, 1)
    below = values[None, :] <= steps[:, None]
    others = below.sum(axis=1)[:, None] - below
    out = np.full(len(p), np.nan)
    out[present] = np.where(others >= np.arange(m)[:, None], steps[:, None], 0.0).max(axis=0, initial=0.0)
    return out
