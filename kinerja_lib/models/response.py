"""How evenly a survey was answered: the R-indicator of response rates between groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kinerja_lib.models.wording import model_error


@dataclass(frozen=True)
class Representativity:
    """``rate`` of response, the ``indicator`` R (1: every group answered alike), and the largest ``bias`` of a mean
    that uneven response between the groups can cause, in standard deviations of the answer."""

    rate: float
    indicator: float
    bias: float


def r_indicator(staff: ArrayLike, respondents: ArrayLike, lang: str = "id") -> Representativity:
    """R = 1 - 2 S of the response rates of groups, weighted by their size.

    The chance spread of rates is taken off the variance: a group of N people has rho (1 - rho) / (N - 1) of it.
    Differences within groups cannot be seen by it.

    Parameters
    ----------
    staff, respondents : (groups,)
        People and those who answered; more respondents than people count as all.

    Raises
    ------
    ModelError
        No people, or no answer.

    References
    ----------
    Schouten, Cobben & Bethlehem (2009), Survey Methodology 35:101: R and the bound S(rho) / mean(rho) on the
    standardised bias.

    Examples
    --------
    >>> found = r_indicator([1000, 1000], [200, 600])
    >>> found.rate, round(found.indicator, 3), round(found.bias, 3)
    (0.4, 0.601, 0.499)
    """
    sizes, answered = np.asarray(staff, dtype=np.float64), np.asarray(respondents, dtype=np.float64)
    total = float(sizes.sum())
    answered = np.minimum(answered, sizes)
    if total <= 0 or answered.sum() <= 0:
        raise model_error(
            lang, "Tingkat tanggapan tidak dapat dihitung: tidak ada pegawai atau tidak ada jawaban.",
            "The response can't be computed: no people, or no answer.",
            ("Periksa profil pegawai dan survei tahun itu.", "Check the year's profiles and survey."),
        )  # fmt: skip
    present = sizes > 0
    sizes, answered = sizes[present], answered[present]
    rho = answered / sizes
    rate = float(answered.sum() / total)
    chance = rho * (1 - rho) / np.maximum(sizes - 1, 1)
    variance = max(0.0, float((sizes * ((rho - rate) ** 2 - chance)).sum() / total))
    spread = math.sqrt(variance)
    return Representativity(rate, 1 - 2 * spread, spread / rate)
