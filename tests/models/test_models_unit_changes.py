"""The difference of changes against scipy's Welch test and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kinerja_lib.errors import ModelError
from kinerja_lib.models import difference_of_changes


def test_by_hand_and_beside_welch() -> None:
    # means 4 and 2, variances 4 and 3: se^2 = 4/3 + 3/3, df = (7/3)^2 / ((4/3)^2/2 + 1/2)
    found = difference_of_changes([2, 4, 6], [1, 1, 4])
    assert found.std_error**2 == pytest.approx(7 / 3)
    assert found.df == pytest.approx((7 / 3) ** 2 / ((4 / 3) ** 2 / 2 + 1 / 2))
    assert found.standardised == pytest.approx(2 / np.sqrt(3.5))
    rng = np.random.default_rng(3)
    a, b = rng.normal(1, 2, 9), rng.normal(0, 1, 14)
    ours, welch = difference_of_changes([*a, np.nan], b, level=0.9), stats.ttest_ind(a, b, equal_var=False)
    interval = welch.confidence_interval(0.9)
    assert (ours.p_value, ours.df) == (pytest.approx(welch.pvalue), pytest.approx(welch.df))
    assert (ours.ci_low, ours.ci_high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert (ours.n_with, ours.n_without) == (9, 14)


def test_what_cannot_be_compared() -> None:
    with pytest.raises(ModelError, match="1 unit dengan dan 3"):
        difference_of_changes([1, np.nan], [1, 2, 3])
    with pytest.raises(ModelError, match="no variance"):
        difference_of_changes([1, 1], [2, 2], lang="en")
