"""How each rater uses the scale: spread and entropy (central tendency), and halo.

Central tendency: a rater whose ratings spread less than everybody's. Halo: a rater whose ratings of results and
of behaviour move together more than everybody's do inside raters. Repeated ratings of a person are not
independent, so tests count people, not rows; they are adjusted for their number (Benjamini-Hochberg).

Sources: Saal, Downey & Lahey (1980), Psychological Bulletin 88:413 (definitions of the errors); Fisher's z for
correlations; the variance of a sample variance from the pooled kurtosis.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.multiplicity import adjust_p_values

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def spread_table(codes: Codes, n_levels: int, rater: Grouping, people: Codes) -> pd.DataFrame:
    """One row a rater: how many rows and people, mean, sd, entropy (0 to 1), most used level, test of spread.

    Parameters
    ----------
    codes : ndarray, shape (n,)
        Level of each rating, 0..K-1.
    people : ndarray, shape (raters,)
        Number of different employees of each rater.
    """
    counts = np.zeros((rater.size, n_levels))
    np.add.at(counts, (rater.codes, codes), 1.0)
    n = counts.sum(axis=1)
    value = np.arange(1, n_levels + 1, dtype=np.float64)
    share = counts / n[:, None]
    mean = share @ value
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(np.maximum(share @ value**2 - mean**2, 0.0) * n / (n - 1.0))
        entropy = -np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0).sum(axis=1)
    pooled = counts.sum(axis=0) / counts.sum()
    center = float(pooled @ value)
    variance = float(pooled @ (value - center) ** 2)
    kurtosis = float(pooled @ (value - center) ** 4) / variance**2
    ratio = sd**2 / variance
    effective = np.minimum(people, n)
    error = np.sqrt(np.maximum(kurtosis - 1.0, 1e-12) / np.maximum(effective, 1.0))
    p = np.where(effective >= 2, stats.norm.cdf((ratio - 1.0) / error), np.nan)
    return pd.DataFrame(
        {
            "rater": [str(label) for label in rater.labels],
            "n": n.astype(np.int64),
            "ratees": people,
            "mean": mean,
            "sd": sd,
            "spread_ratio": np.sqrt(ratio),
            "entropy": entropy / np.log(n_levels),
            "mode_share": share.max(axis=1),
            "p_spread": adjust_p_values(p)["p_adjusted"].to_numpy(),
        }
    )


def halo_table(a: Array, b: Array, rater: Grouping, people: Codes) -> tuple[pd.DataFrame, float]:
    """Correlation of two ratings inside each rater, against the correlation pooled over raters.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        The two ratings as numbers, NaN where missing.

    Returns
    -------
    DataFrame, float
        rater, halo (correlation), p_halo (adjusted, one-sided: more halo than pooled); pooled correlation.
    """
    kept = np.isfinite(a) & np.isfinite(b)
    code, x, y = rater.codes[kept], a[kept], b[kept]
    n = np.bincount(code, minlength=rater.size).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = x - (np.bincount(code, x, rater.size) / n)[code]
        y = y - (np.bincount(code, y, rater.size) / n)[code]
        xy, xx, yy = (np.bincount(code, v, rater.size) for v in (x * y, x * x, y * y))
        own = np.where((xx > 1e-12) & (yy > 1e-12), xy / np.sqrt(xx * yy), np.nan)
        total = float(xx.sum() * yy.sum())
        pooled = float(xy.sum()) / total**0.5 if total > 0 else float("nan")
        effective = np.minimum(people, n)
        z = np.arctanh(np.clip(own, -0.999, 0.999)) - np.arctanh(np.clip(pooled, -0.999, 0.999))
        p = np.where(effective > 3, stats.norm.sf(z * np.sqrt(np.maximum(effective - 3.0, 0.0))), np.nan)
    table = pd.DataFrame(
        {
            "rater": [str(label) for label in rater.labels],
            "halo": own,
            "p_halo": adjust_p_values(p)["p_adjusted"].to_numpy(),
        }
    )
    return table, pooled
