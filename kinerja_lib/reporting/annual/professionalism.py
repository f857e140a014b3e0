"""IP ASN of the staff in a report's scope; the scores are those of ``indicators.ip_asn``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    found = _every_score(edition, year)
    if not edition.whole:
        found = found[found["instansi"].astype("str") == edition.instansi]
    return found.reset_index(drop=True)


@lru_cache(maxsize=4)
def _every_score(edition: Edition, year: int) -> pd.DataFrame:
    """``scores`` of the staff of all agencies."""
    tables = edition.tables
    found = ip_asn_scores(
        tables["pegawai"], tables["pelatihan"], tables["penilaian"], tables["hukuman"], year
    )
    found = found[found["complete"]].rename(columns={"total": "ip_asn"})
    return found.drop(columns=["complete", "kategori"])


@lru_cache(maxsize=4)
def staff_by_category(edition: Edition) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Staff of every agency by category of IP ASN, and which counts are withheld.

    The whole government's table decides for every report: what one agency's report alone withholds would be the
    government's less the others.

    Returns
    -------
    counts : DataFrame, shape (agencies, categories)
        Indexed by agency code.
    hidden : ndarray of bool, shape (agencies + 1, categories + 1)
        With the totals of rows and columns at the end.
    """
    found = _every_score(edition, edition.year)
    names = [str(band["nama"]) for band in regulation("ip_asn")["kategori"]]
    counts = pd.crosstab(found["instansi"].astype("str"), found["ip_asn"].map(ip_category).astype("str"))
    counts = counts.reindex(columns=names, fill_value=0)
    numbers = counts.to_numpy(dtype="int64").reshape(-1, len(names))
    hidden = protect(numbers, edition.smallest).hidden.copy()
    # in a row of few people even its zeros would say what they have
    hidden[:-1][numbers.sum(axis=1) < edition.smallest] = True
    return counts, hidden


def categories(edition: Edition) -> None:
    """Employees by category of IP ASN; few are withheld with what would give them away."""
    labels = edition.labels
    every, hidden = staff_by_category(edition)
    if edition.whole:
        counts, mask = every.sum(), hidden[-1]
    elif edition.instansi in every.index:
        place = every.index.get_loc(edition.instansi)
        counts, mask = every.iloc[place], hidden[place]
    else:
        counts, mask = pd.Series(0, index=every.columns), np.zeros(len(every.columns) + 1, dtype=bool)
    table = pd.DataFrame({"ip_category": list(every.columns), "staff": counts.to_numpy(dtype="float64")})
    table["staff"] = table["staff"].mask(mask[:-1])
    table["share_of_staff"] = table["staff"] / max(int(counts.sum()), 1)
    shown = shown_table(
        table, {"ip_category": "text", "staff": "integer", "share_of_staff": "percent:1"}, labels
    )
    edition.doc.table(
        shown.frame, "kategori-ip", labels.text("ip_asn.categories", year=edition.year), small=True,
        source=edition.source("pegawai", "penilaian", "pelatihan", "hukuman"),
        note=labels.text("ip_asn.categories_note", n=edition.smallest), **shown.options(),
    )  # fmt: skip
