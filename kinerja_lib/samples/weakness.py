"""Agencies with three known weaknesses, on demand: poor facilities, lenient raters, unfair rewards.

The plain sample holds one agency with mild weaknesses (``organisation.WEAK``), too mild to be proven within one
agency. ``synthetic_tables(weak=("dinas-pertanian",))`` adds these, strong enough to be seen in that agency's own
report, and leaves every row of the other agencies as it is:

* facilities: the latent quality of each workplace is ``QUALITY`` lower, so that assets are worn, devices few, the
  network slow;
* raters: every rating is ``LENIENCY`` log-odds better, whatever was done, while the agency's own result is
  ``RESULT`` in every year;
* rewards: at the same predicate the chance of a reward is multiplied by ``REWARD_FACTOR`` of the sex.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.samples.stream import Floats

QUALITY = -2.2
LENIENCY = 2.0
RESULT = "Butuh Perbaikan"
REWARD_FACTOR = {"L": 2.8, "P": 0.6}


def positions(codes: list[str], weak: Iterable[str]) -> tuple[int, ...]:
    """Positions of the agencies that are to be weak.

    Raises
    ------
    UsageError
        One of them is no agency of the sample.
    """
    wanted = tuple(weak)
    unknown = [code for code in wanted if code not in codes]
    if unknown:
        raise UsageError(
            Both(
                f"instansi tidak ada dalam sampel: {', '.join(unknown)}",
                en=f"no such agency in the sample: {', '.join(unknown)}",
            ),
            details=codes,
            action=Both("pilih salah satu kode instansi di atas", en="choose one of the codes above"),
        )
    return tuple(sorted({codes.index(code) for code in wanted}))


def reward_chance(chance: Floats, sex: pd.Series, strength: float = 1.0) -> Floats:
    """The chance of a reward in a weak agency: by predicate as elsewhere, then by sex."""
    factor = sex.map(REWARD_FACTOR).to_numpy(dtype="float64") ** strength
    return np.asarray(np.minimum(chance * factor, 0.9))


def of_agencies(agency: NDArray[Any], poor: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which of the positions belong to a weak agency."""
    return np.isin(agency, poor)


def stated(codes: list[str], poor: tuple[int, ...]) -> dict[str, Any]:
    """What ``truth.json`` says of it; empty without such an agency."""
    if not poor:
        return {}
    return {
        "weak_agencies": {
            "codes": [codes[place] for place in poor],
            "facility_quality": QUALITY,
            "leniency_log_odds": LENIENCY,
            "organisation_predicate": RESULT,
            "reward_factor": dict(REWARD_FACTOR),
        }
    }
