"""IP ASN of the staff in a report's scope; the scores are those of ``indicators.ip_asn``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import protect
from kinerja_lib.display import shown_table
from kinerja_lib.indicators import ip_asn_scores, ip_category
from kinerja_lib.indicators.regulation_tables import regulation
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


def categories(edition: Edition) -> None:
    """Employees by category of IP ASN; few are withheld with what would give them away."""
    labels, found = edition.labels, scores(edition, edition.year)
    names = [str(band["nama"]) for band in regulation("ip_asn")["kategori"]]
    counts = found["ip_asn"].map(ip_category).value_counts().reindex(names, fill_value=0)
    hidden = protect(np.atleast_2d(counts.to_numpy(dtype="int64")), edition.smallest).hidden[0, :-1]
    table = pd.DataFrame({"ip_category": names, "staff": counts.to_numpy(dtype="float64")})
    table["staff"] = table["staff"].mask(hidden)
    table["share_of_staff"] = table["staff"] / len(found)
    shown = shown_table(
        table, {"ip_category": "text", "staff": "integer", "share_of_staff": "percent:1"}, labels
    )
    edition.doc.table(
        shown.frame, "kategori-ip", labels.text("ip_asn.categories", year=edition.year), small=True,
        source=edition.source("pegawai", "penilaian", "pelatihan", "hukuman"),
        note=labels.text("ip_asn.categories_note", n=edition.smallest), **shown.options(),
    )  # fmt: skip
