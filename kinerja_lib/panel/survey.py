"""Survey scales of a unit and year, 0–100, only where enough people answered."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.panel.alignment import first_quarters
from kinerja_lib.panel.workplace import rules

INDICES = {"kesadaran": "kesadaran_indeks", "kejelasan_tugas": "kejelasan_indeks"}


def survey_index(survei: pd.DataFrame, minimum: int = 5) -> pd.DataFrame:
    """Mean of a scale per unit, year and instrument on 0–100: (mean − 1) / 4 × 100.

    The mean is over respondents' own means, so that one who answered all items weighs as one who skipped
    some. A unit with fewer than ``minimum`` respondents has no index: it would be an opinion of few, and
    might reveal it.

    Returns
    -------
    DataFrame
        ``unit_kerja``, ``tahun``, ``instrumen``, ``respondents``, ``index`` (NaN where too few).
    """
    rule = rules()["survei"]
    frame = pd.DataFrame(
        {
            "unit_kerja": survei["unit_kerja"].astype("str"),
            "tahun": first_quarters(survei["periode"]) // 4,
            "instrumen": survei["instrumen"].astype("str"),
            "id_responden": survei["id_responden"].astype("str"),
            "skor": survei["skor"].astype("float64"),
        }
    ).dropna(subset=["skor"])
    keys = ["unit_kerja", "tahun", "instrumen"]
    person = frame.groupby([*keys, "id_responden"], sort=True)["skor"].mean().reset_index()
    result = person.groupby(keys, sort=True)["skor"].agg(["size", "mean"]).reset_index()
    result = result.rename(columns={"size": "respondents"})
    scaled = (result["mean"] - rule["lowest"]) / (rule["highest"] - rule["lowest"]) * 100
    result["index"] = scaled.where(result["respondents"] >= minimum)
    return result.drop(columns="mean")
