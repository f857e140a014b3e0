"""Are the compared groups alike after weighting, and do they overlap at all?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.result import Check

Array = NDArray[np.float64]

#: propensities beyond these bounds leave hardly anyone to compare with (Crump et al. 2009 use 0.1)
EDGE = 0.05
#: share of rows beyond the bounds that calls for caution, and that forbids a claim
OVERLAP_LIMIT = 0.05
OVERLAP_FAIL = 0.25
#: fewest effective rows of an arm
EFFECTIVE_ROWS = 20.0
#: largest standardised mean difference that counts as balanced (Austin 2009)
BALANCE_LIMIT = 0.1


def arm_weights(d: Array, w: Array, e: Array, estimand: str) -> Array:
    """Weight of each row in its own arm."""
    if estimand == "ATT":
        return np.asarray(w * np.where(d == 1, 1.0, e / (1 - e)))
    return np.asarray(w * np.where(d == 1, 1 / e, 1 / (1 - e)))


def balance_table(
    C: Array, names: Sequence[str], d: Array, w: Array, e: Array, estimand: str, weighted: bool = True
) -> pd.DataFrame:
    """Standardised mean difference of each covariate: term, smd_before, smd_after (NaN if not weighted).

    The denominator is the root of the mean of both arms' unweighted variances, before and after alike.
    """
    one, zero = d == 1, d == 0
    rows = []
    after = arm_weights(d, w, e, estimand)
    for name, x in zip(names, C.T, strict=True):
        sd = float(np.sqrt((x[one].var() + x[zero].var()) / 2.0)) or float("nan")
        gaps = [
            (float(np.average(x[one], weights=v[one])) - float(np.average(x[zero], weights=v[zero]))) / sd
            for v in (w, after)
        ]
        rows.append((name, gaps[0], gaps[1] if weighted else float("nan")))
    return pd.DataFrame(rows, columns=["term", "smd_before", "smd_after"])


def overlap_checks(e: Array, d: Array, w: Array, estimand: str, balance: pd.DataFrame) -> tuple[Check, ...]:
    """``overlap`` (rows without a counterpart, effective sample of each arm) and ``balance``."""
    far = e > 1 - EDGE if estimand == "ATT" else (e < EDGE) | (e > 1 - EDGE)
    value = float(far.mean())
    weight = arm_weights(d, w, e, estimand)
    effective = min(float(v.sum() ** 2 / (v @ v)) for v in (weight[d == 1], weight[d == 0]))
    fail = value > OVERLAP_FAIL or effective < EFFECTIVE_ROWS
    verdict = "fail" if fail else "warning" if value > OVERLAP_LIMIT else "ok"
    worst = float(balance["smd_after"].abs().max())
    off = not worst <= BALANCE_LIMIT
    return (
        Check("overlap", value, OVERLAP_LIMIT, verdict, *overlap_verdict(verdict)),
        Check(
            "balance", worst, BALANCE_LIMIT, "warning" if off else "ok",
            "Sesudah pembobotan masih ada kovariat yang timpang antarkelompok."
            if off else "Sesudah pembobotan kovariat kedua kelompok seimbang.",
            "A covariate still differs between the groups after weighting."
            if off else "The covariates of both groups are balanced after weighting.",
        ),
    )  # fmt: skip


def overlap_verdict(verdict: str) -> tuple[str, str]:
    """The sentence of a verdict on overlap, in both languages."""
    return {
        "ok": ("Kelompok yang dibandingkan cukup bertumpang tindih.", "The compared groups overlap well."),
        "warning": (
            "Sebagian baris hampir tidak mempunyai pembanding; hasilnya bertumpu pada sedikit baris.",
            "Some rows have hardly a counterpart; the result rests on few rows.",
        ),
        "fail": (
            "Kelompok yang dibandingkan tidak bertumpang tindih; jangan disimpulkan.",
            "The compared groups do not overlap; draw no conclusion.",
        ),
    }[verdict]
