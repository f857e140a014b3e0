"""Bab III, on appraisals: complete and in time, by quarter and for the year (PermenPANRB 6/2022 Ps 24–25)."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.indicators import completeness as completeness_of
from kinerja_lib.indicators import completeness_by_quarter, timeliness
from kinerja_lib.reporting.annual.edition import Edition

DAYS = 30  # after the end of a quarter; the annual appraisal is due by 31 January


def completeness(edition: Edition) -> None:
    """Staff with an appraisal, and how many of these were set in time, by quarter and for the year."""
    labels, small = edition.labels, edition.smallest
    rows, people, year = edition.rows("penilaian"), edition.rows("pegawai"), str(edition.year)
    annual = completeness_of(rows, people, year, ()).assign(periode=year)
    found = pd.concat([completeness_by_quarter(rows, people, edition.year, ()), annual], ignore_index=True)
    found = found[(found["staff"] >= small) & (found["appraised"] > 0)]
    if not len(found):
        return
    own = rows[rows["periode"].isin(found["periode"])]
    timely = timeliness(own, ("periode",), days=DAYS)
    found = found.merge(timely.rename(columns={"share": "on_time_share"}), how="left", on="periode")
    few = (found["without"] > 0) & (found["without"] < small)
    found["appraised"] = found["appraised"].astype("float64").mask(few)
    found["share"] = found["share"].mask(few)
    late = found["n"] - found["in_time"]
    hidden = (
        (found["n"] < small)
        | ((late > 0) & (late < small))
        | ((found["in_time"] > 0) & (found["in_time"] < small))
    )
    found["on_time_share"] = found["on_time_share"].mask(hidden)
    found["median_days"] = found["median_days"].mask(found["n"] < small)
    found["periode"] = [labels.periode(text) for text in found["periode"]]
    columns = {
        "periode": "text", "staff": "integer", "appraised": "integer", "share": "percent:1",
        "on_time_share": "percent:1", "median_days": "integer",
    }  # fmt: skip
    shown = shown_table(found, columns, labels)
    edition.doc.table(
        shown.frame, "kelengkapan", labels.text("official.completeness", year=edition.year),
        source=edition.source("penilaian", "pegawai"),
        note=labels.text("official.completeness_note", n=small, days=DAYS), **shown.options(),
    )  # fmt: skip
