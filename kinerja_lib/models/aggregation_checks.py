"""Verdicts on unit means: do people agree, do units differ, is the mean of so many people reliable?"""

from __future__ import annotations

from typing import NamedTuple

from kinerja_lib.models.result import Check

#: usual bounds: agreement (James et al.), reliability of means (Bliese), p-value of the F test
AGREES = 0.70
RELIABLE_MEAN = 0.70
DIFFERS = 0.05


class UnitIcc(NamedTuple):
    """ICC(1), ICC(2) and the F test of a one-way analysis of variance with unequal groups."""

    icc1: float
    icc2: float
    f_value: float
    p_value: float
    groups: int
    n: int


def aggregation_checks(median: float, icc: UnitIcc) -> tuple[Check, ...]:
    """``agreement`` (median r_wg), ``icc1`` (p-value of F) and ``icc2``."""
    agree, differ, sure = median >= AGREES, icc.p_value < DIFFERS, icc.icc2 >= RELIABLE_MEAN
    return (
        Check(
            "agreement", median, AGREES, "ok" if agree else "fail",
            "Pegawai dalam satu unit menjawab serupa." if agree
            else "Pegawai dalam satu unit tidak sependapat; rata-rata unit tidak mewakili unitnya.",
            "People of a unit answer alike." if agree
            else "People of a unit do not agree; a unit mean does not stand for the unit.",
        ),
        Check(
            "icc1", icc.p_value, DIFFERS, "ok" if differ else "fail",
            "Jawaban berbeda antarunit melebihi kebetulan." if differ
            else "Unit tidak berbeda melebihi kebetulan; tidak ada sifat unit yang dapat diukur.",
            "Units differ by more than chance." if differ
            else "Units do not differ by more than chance; there is no property of units to measure.",
        ),
        Check(
            "icc2", icc.icc2, RELIABLE_MEAN, "ok" if sure else "warning",
            "Rata-rata unit cukup andal." if sure
            else "Rata-rata unit kurang andal; hubungannya dengan kinerja tampak lebih lemah dari sebenarnya.",
            "Unit means are reliable." if sure
            else "Unit means are unreliable; their relation with performance looks weaker than it is.",
        ),
    )  # fmt: skip
