"""The staff survey as a measure of a unit: looked at first, then averaged by unit and year, then joined."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.aggregation import Aggregation, aggregation_check
from kinerja_lib.models.factors import column
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]


def survey_means(
    survey: pd.DataFrame, unit: str, instrument: str, options: int, minimum: int, lang: str
) -> tuple[Aggregation, pd.DataFrame]:
    """The aggregation check, and unit means by year on 0-100 where enough people answered."""
    for name in ("id_responden", unit, "periode", "instrumen", "butir", "skor"):
        column(survey, name, lang)
    own = survey[survey["instrumen"].astype(str) == instrument]
    if own.empty:
        raise model_error(
            lang,
            f'Survei tidak memuat instrumen "{instrument}".',
            f'The survey lacks the instrument "{instrument}".',
            ("Isi instrument dengan nama yang ada.", "Give instrument a name that occurs."),
        )
    own = own.assign(skor=own["skor"].astype("Float64").astype(float), butir=own["butir"].astype(str))
    wide = own.pivot_table(
        index=["id_responden", unit, "periode"],
        columns="butir",
        values="skor",
        aggfunc="first",
        observed=True,
    ).reset_index()
    items = sorted(own["butir"].unique())
    found = aggregation_check(wide, items, unit, options=options, minimum=minimum, lang=lang)
    wide["nilai"] = (wide[items].mean(axis=1) - 1.0) / (options - 1.0) * 100.0
    wide["tahun_survei"] = wide["periode"].astype(str).str[:4]
    means = wide.groupby([unit, "tahun_survei"], observed=True)["nilai"].agg(["mean", "size"]).reset_index()
    return found, means[means["size"] >= minimum]


def joined_means(frame: pd.DataFrame, means: pd.DataFrame, unit: str, period: str | None) -> Array:
    """The unit's mean of the row's year (of all years without a period)."""
    if period is None:
        by_unit = means.groupby(unit, observed=True)["mean"].mean()
        return frame[unit].map(by_unit).to_numpy(dtype=np.float64)
    keys = pd.DataFrame({unit: frame[unit].astype(str), "tahun_survei": frame[period].astype(str).str[:4]})
    right = means.assign(**{unit: means[unit].astype(str)})[[unit, "tahun_survei", "mean"]]
    return keys.merge(right, on=[unit, "tahun_survei"], how="left")["mean"].to_numpy(dtype=np.float64)
