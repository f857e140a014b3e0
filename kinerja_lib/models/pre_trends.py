"""Pre-trends: the joint test of no difference before the start, and the trend that test could have seen.

A test that finds nothing says little unless it could have found something (Roth 2022, AER: Insights 4:305).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

from kinerja_lib.models.result import Check

Array = NDArray[np.float64]


def pre_trend_checks(att: Array, cov: Array, event_time: Array, effect: float) -> list[Check]:
    """Wald test of the effects before the start, and the linear trend found with 80 % power.

    Parameters
    ----------
    att, cov : ndarray, shapes (m,) and (m, m)
        Effects before the start.
    event_time : ndarray, shape (m,)
        Periods relative to the start (negative).
    effect : float
        The overall effect, against which the detectable trend is held.
    """
    if not len(att):
        return [
            Check(
                "pre_trends", float("nan"), 0.05, "warning",
                "Tidak ada waktu sebelum perlakuan: tren sejajar tidak dapat diperiksa.",
                "No period before treatment: parallel trends cannot be checked.",
            )
        ]  # fmt: skip
    inverse = np.asarray(np.linalg.pinv(cov), dtype=np.float64)
    rank = int(np.linalg.matrix_rank(cov))
    statistic = float(att @ inverse @ att)
    p = float(stats.chi2.sf(statistic, rank))
    slope = detectable_slope(inverse, rank, event_time)
    bad = p < 0.05
    weak = slope > abs(effect)
    return [
        Check(
            "pre_trends", p, 0.05, "fail" if bad else "ok",
            "Sebelum perlakuan kelompok sudah bergerak berbeda." if bad
            else "Tidak terlihat perbedaan gerak sebelum perlakuan.",
            "The groups already moved differently before treatment." if bad
            else "No difference in movement is seen before treatment.",
        ),
        Check(
            "pre_trend_power", slope, abs(effect), "warning" if weak else "ok",
            "Tren sebesar pengaruh itu sendiri pun belum tentu terdeteksi." if weak
            else "Tren sebesar pengaruhnya akan terdeteksi.",
            "Even a trend as large as the effect might go unseen." if weak
            else "A trend as large as the effect would be seen.",
        ),
    ]  # fmt: skip


def detectable_slope(inverse: Array, rank: int, event_time: Array, power: float = 0.8) -> float:
    """Linear trend per period that the 5 % joint test finds with the given power."""
    critical = float(stats.chi2.ppf(0.95, rank))
    needed = float(brentq(lambda nc: stats.ncx2.sf(critical, rank, nc) - power, 1e-6, 500.0))
    strength = float(event_time @ inverse @ event_time)
    return float(np.sqrt(needed / strength)) if strength > 0 else float("inf")
