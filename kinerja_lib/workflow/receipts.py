"""When each sheet was exported against the day on which its period was due: for every table, not only appraisals.

The day comes from the sheet itself (a printed date, the date over the signature) or from the workbook's properties. The date
of a file on disk changes when it is copied, so it is shown where nothing else is known and never counted.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from kinerja_lib.cleaning.receipt import DECISION, ON_DISK
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.quality import DAYS_ALLOWED, UNKNOWN, Delivery

COLUMNS = ("file", "sheet", "table", "instansi", "periode", "due", "received", "origin", "days_late")


def due_of(periode: str) -> date:
    """Last day on which exports about a period are in time: the end of January for a year (PermenPANRB 6/2022 Ps 25).

    The same number of days after its end counts for a quarter or a month, which the regulation leaves open.

    Examples
    --------
    >>> due_of("2025"), due_of("2025-Q1")
    (datetime.date(2026, 1, 31), datetime.date(2025, 5, 1))
    """
    return Periode(periode).end + timedelta(days=DAYS_ALLOWED)


def receipts(delivery: Delivery) -> pd.DataFrame:
    """One row a sheet that has a known period, most days late first.

    Returns
    -------
    DataFrame
        ``COLUMNS``: ``due`` and ``received`` in ISO form, ``origin`` of the latter (empty where it is unknown, and
        ``tanggal_berkas`` where only the disk tells), ``days_late``: days after ``due``, negative before it, missing
        where the origin does not count.
    """
    noted = delivery.decisions
    noted = noted[noted["decision"] == DECISION]
    known = {
        (str(line.file), str(line.sheet), str(line.table)): (str(line.value), str(line.field))
        for line in noted.itertuples()
    }
    rows = []
    for one in delivery.sheets.itertuples():
        if one.table == UNKNOWN or one.periode == UNKNOWN:
            continue
        due = due_of(one.periode)
        day, origin = known.get((one.file, one.sheet, one.table), ("", ""))
        counted = day and origin != ON_DISK
        late = (date.fromisoformat(day) - due).days if counted else None
        rows.append(
            (one.file, one.sheet, one.table, one.instansi, one.periode, due.isoformat(), day, origin, late)
        )
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"days_late": "Int64"})
    return frame.sort_values(
        ["days_late", "file", "sheet"], ascending=[False, True, True], na_position="last", ignore_index=True
    )


def by_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Sheets by table: ``sheets``, ``dated`` (with a date that counts), ``late``, ``on_disk`` (with the disk's only)."""
    parts = frame.assign(
        sheets=1,
        dated=frame["days_late"].notna().astype("int64"),
        late=(frame["days_late"] > 0).fillna(False).astype("int64"),
        on_disk=(frame["origin"] == ON_DISK).astype("int64"),
    )
    return parts.groupby("table", as_index=False)[["sheets", "dated", "late", "on_disk"]].sum()
