"""Coaching of those appraised low, from a stream of its own with one draw a person and year.

A coaching changes no later appraisal: who was coached does no better than others, so a comparison of the two should
find nothing but the return to the mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.outreach import silent
from kinerja_lib.samples.population import Population
from kinerja_lib.samples.stream import Stream
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.predikat import PREDIKAT

LOW = PREDIKAT[:3]
COACHED, COACHED_WEAK = 0.85, 0.45  # share of the cases; in the weak agency
MEAN_WAIT, SOONEST = 40.0, 3  # days from the appraisal to the beginning
KINDS = (0.6, 0.25, 0.05, 0.02, 0.08)
COACHES = (0.6, 0.2, 0.15, 0.05)
RESULTS = (0.2, 0.35, 0.45)
UNNAMED = 0.1  # of the forms name no period
KEPT = 2  # the form exists since the last but one year
OPEN_UNTIL = 75  # the record ends so many days after the last year


def build_coaching(
    organisation: Organisation, population: Population, appraisals: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Table ``pembinaan``: of the first low appraisal of a person and year, most are followed by a coaching."""
    ids = population.people["id_pegawai"]
    years = population.years[-KEPT:]
    draws = Stream(seed, "coaching").uniform(len(ids), KEPT, 7)
    place = {name: number for number, name in enumerate(ids)}
    low = appraisals[appraisals["predikat"].isin(LOW)].copy()
    low["tahun"] = low["periode"].str[:4].astype("int64")
    low = low[low["tahun"].isin(years) & (low["instansi"] != silent(organisation))]
    low["_annual"] = low["periode"].str.len() == 4
    low = low.sort_values(["tanggal_penilaian", "_annual"], kind="stable")
    low = low.drop_duplicates(["id_pegawai", "tahun"]).reset_index(drop=True)
    own = draws[low["id_pegawai"].map(place), low["tahun"] - years[0]]
    weak = organisation.agency_codes[organisation.weak] if organisation.weak >= 0 else ""
    chance = np.where(low["instansi"] == weak, COACHED_WEAK, COACHED)
    wait = SOONEST + np.floor(-MEAN_WAIT * np.log(own[:, 1]))
    begun = low["tanggal_penilaian"] + pd.to_timedelta(wait, unit="D")
    ended = begun + pd.to_timedelta(20 + np.floor(70 * own[:, 2]), unit="D")
    last = pd.Timestamp(years[-1], 12, 31) + pd.Timedelta(days=OPEN_UNTIL)
    frame = pd.DataFrame(
        {
            "id_pegawai": low["id_pegawai"],
            "instansi": low["instansi"],
            "periode": low["periode"].where(own[:, 6] >= UNNAMED),
            "jenis_pembinaan": _chosen(own[:, 3], KINDS, "jenis_pembinaan"),
            "tanggal_mulai": begun,
            "tanggal_selesai": ended.where(ended <= last),
            "pembina": _chosen(own[:, 4], COACHES, "pembina"),
            "hasil_pembinaan": _chosen(own[:, 5], RESULTS, "hasil_pembinaan").where(ended <= last),
        }
    )
    return frame[(own[:, 0] < chance) & (begun <= last)].reset_index(drop=True)


def stated(organisation: Organisation) -> dict[str, Any]:
    """What was built in, for ``truth.json``."""
    return {
        "coached": COACHED,
        "coached_in_weak_agency": COACHED_WEAK,
        "median_days_to_coaching": SOONEST + float(np.floor(MEAN_WAIT * np.log(2))),
        "effect_on_later_appraisals": 0.0,
        "no_form": silent(organisation) or None,
    }


def _chosen(draws: Any, shares: tuple[float, ...], name: str) -> pd.Series:
    edges = np.cumsum(shares)
    levels = np.array(field(name).categories, dtype=object)
    return pd.Series(levels[np.searchsorted(edges / edges[-1], draws).clip(max=len(levels) - 1)])
