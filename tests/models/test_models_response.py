"""The R-indicator by hand, and that chance alone is no unevenness."""

from __future__ import annotations

import numpy as np
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import r_indicator


def test_by_hand() -> None:
    # rates 0.2 and 0.6 around 0.4: variance 0.04, less (0.16 + 0.24) / 999 / 2 of chance
    found = r_indicator([1000, 1000], [200, 600])
    spread = np.sqrt(0.04 - 0.4 / 999 / 2)
    assert (found.rate, found.indicator, found.bias) == (
        0.4,
        pytest.approx(1 - 2 * spread),
        pytest.approx(spread / 0.4),
    )
    assert r_indicator([10, 30], [5, 15]).indicator == 1.0
    assert r_indicator([10, 10, 0], [12, 10, 0]).indicator == 1.0  # more answers than staff count as all


def test_chance_alone_leaves_it_near_one() -> None:
    rng = np.random.default_rng(1)
    sizes = np.full(400, 25)
    raw = rng.binomial(sizes, 0.35)
    assert 1 - 2 * np.std(raw / 25) < 0.83 < 0.93 < r_indicator(sizes, raw).indicator


@pytest.mark.parametrize("answered", [[0, 0]])
def test_nothing_to_tell(answered: list[int]) -> None:
    with pytest.raises(ModelError):
        r_indicator([3, 4], answered)
