"""IP ASN of the staff in a report's scope; the scores are those of ``indicators.ip_asn``."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from kinerja_lib.indicators import ip_asn_scores
from kinerja_lib.reporting.annual.edition import Edition

# greatest score of each dimension (PermenPANRB 38/2018)
DIMENSIONS = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}


@lru_cache(maxsize=4)  # several chapters of a report ask for the same year; none changes the frame
def scores(edition: Edition, year: int) -> pd.DataFrame:
    """The four dimensions and their sum, for staff with schooling and a predicate of the year.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``jenis_jabatan``, the four dimensions, ``ip_asn``.
    """
    tables = edition.tables
    found = ip_asn_scores(
        tables["pegawai"], tables["pelatihan"], tables["penilaian"], tables["hukuman"], year
    )
    found = found[found["complete"]].rename(columns={"total": "ip_asn"})
    if not edition.whole:
        found = found[found["instansi"].astype("str") == edition.instansi]
    return found.drop(columns=["complete", "kategori"]).reset_index(drop=True)
