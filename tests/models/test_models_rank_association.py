"""Kendall and Spearman of few organisations: exact by enumeration, against scipy and a published example."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kinerja_lib.errors import ModelError
from kinerja_lib.models.rank_association import rank_association


def test_without_ties_the_p_value_is_exact():
    # Hollander & Wolfe (1973), p. 187: nine lots of tuna, K = 16 of 36 pairs, tau 0.4444; exact two-sided p 0.1194
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    quality = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    found = rank_association(lightness, quality)
    assert found.n == 9 and found.exact and found.tau == pytest.approx(16 / 36)
    assert found.p_value == pytest.approx(0.1194, abs=5e-5)
    assert found.rho == pytest.approx(0.6) and np.isnan(found.tau_low)


def test_with_ties_all_orders_are_counted():
    # 1 1 2 3 3 against 1 2 3 4 5: 8 pairs agree; of the 30 different orders of the first, only itself and its mirror
    found = rank_association([1, 1, 2, 3, 3], [1, 2, 3, 4, 5])
    assert (
        found.exact
        and found.tau == pytest.approx(8 / np.sqrt(8 * 10))
        and found.p_value == pytest.approx(2 / 30)
    )


def test_many_with_ties_are_drawn_with_a_seed():
    rng = np.random.default_rng(3)
    x = rng.integers(0, 4, 14)
    y = x + rng.integers(0, 3, 14)
    one, again = rank_association(x, y), rank_association(x, y)
    assert one == again and not one.exact
    assert one.tau == pytest.approx(stats.kendalltau(x, y).statistic)
    assert one.p_value == pytest.approx(stats.kendalltau(x, y, method="asymptotic").pvalue, abs=0.01)


def test_interval_of_fieller_by_hand():
    x = np.arange(12.0)
    y = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 10, 9], dtype=float)  # three pairs turned: tau 60 / 66
    found = rank_association(x, y)
    half = 1.959964 * np.sqrt(0.437 / 8)
    assert found.tau == pytest.approx(60 / 66)
    assert (found.tau_low, found.tau_high) == pytest.approx(
        tuple(np.tanh(np.arctanh(60 / 66) + np.array([-half, half]))), abs=1e-6
    )
    assert np.isnan(rank_association(x, x).tau_low) and rank_association(x, -x).tau == -1


def test_what_can_not_be_ranked():
    for x, y in (([1, 2, 3, 4], [1, 2, 3, 4]), ([1] * 6, range(6)), ([1, 2, 3, 4, np.nan], range(5))):
        with pytest.raises(ModelError):
            rank_association(x, list(y))
    assert rank_association([1, 2, 3, 4, 5, np.nan], range(6)).n == 5
