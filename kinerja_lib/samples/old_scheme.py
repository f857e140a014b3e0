"""Scores of 2020 by PP 46/2011, for one agency: SKP 60 % and behaviour 40 %."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.population import Population
from kinerja_lib.samples.stream import Stream
from kinerja_lib.schema.predikat import band_pp46

AGENCY = 8


def old_appraisals(population: Population, organisation: Organisation, seed: int) -> pd.DataFrame:
    """Rows of ``penilaian`` with ``skema`` PP46 and period 2020, for one agency."""
    position = min(AGENCY, len(organisation.agencies) - 1)
    stream = Stream(seed, "old")
    home = population.unit_of[:, 0]
    agency = np.array([unit.agency for unit in organisation.units])
    who = np.flatnonzero((home >= 0) & (agency[home] == position) & (population.people["tmt_tahun"] <= 2019))
    target = np.round(np.clip(84 + 5 * stream.normal(len(who)), 45, 100), 2)
    behaviour = np.round(np.clip(83 + 4 * stream.normal(len(who)), 45, 100), 2)
    score = np.round(0.6 * target + 0.4 * behaviour, 2)
    return pd.DataFrame(
        {
            "id_pegawai": population.people["id_pegawai"].to_numpy()[who],
            "periode": "2020",
            "instansi": organisation.agency_codes[position],
            "unit_kerja": [organisation.units[i].code for i in home[who]],
            "skema": "PP46",
            "predikat_lama": [band_pp46(float(value)) for value in score],
            "nilai": score,
            "nilai_skp": target,
            "nilai_perilaku": behaviour,
        }
    )
