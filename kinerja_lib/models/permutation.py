"""Randomisation inference for a rollout with few treated units: what if others had been first?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.event_study import group_time
from kinerja_lib.models.rollout import NEVER, Rollout, read_rollout
from kinerja_lib.models.spec import ModelSpec

Array = NDArray[np.float64]

DRAWS = 999
SEED = 20_250_101


@dataclass(frozen=True, eq=False)
class RandomizationTest:
    """The overall effect, its p-value under reassignment, and the effects of all draws, shape (B,)."""

    estimate: float
    p_value: float
    draws: Array


def randomization_test(
    panel: pd.DataFrame, spec: ModelSpec, *, draws: int = DRAWS, seed: int = SEED, lang: str = "id"
) -> RandomizationTest:
    """Reassign the starting times among the units and compare the simple overall effect.

    Exact under the sharp null of no effect for anybody, if every unit could have had any unit's start
    (Fisher 1935; Young 2019, Quarterly J. Economics 134:557). The drawn sample itself counts, so the smallest
    p-value is 1 / (draws + 1).
    """
    data = read_rollout(panel, spec, lang=lang)
    chosen = "never" if bool((data.start == NEVER).any()) else "not_yet"
    estimate = _overall(data, chosen, lang)
    rng = np.random.default_rng(seed)
    found = np.array(
        [_overall(replace(data, start=rng.permutation(data.start)), chosen, lang) for _ in range(draws)]
    )
    more = int((np.abs(found) >= abs(estimate) - 1e-12).sum())
    return RandomizationTest(estimate, (more + 1) / (draws + 1), found)


def _overall(data: Rollout, control_group: str, lang: str) -> float:
    found = group_time(data, control_group, lang)
    after = found.period >= found.cohort
    share = np.array([float(data.weights[data.start == g].sum()) for g in found.cohort[after]])
    return float(share @ found.att[after] / share.sum())
