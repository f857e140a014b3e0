"""When a file was exported: the best of what it says of itself, noted among the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kinerja_lib.cleaning.dates import date_rule

DECISION = "tanggal_ekspor"
ON_DISK = "tanggal_berkas"  # changes when the file is copied: shown, never counted
# What the file says, best first: printed by the system, over the signature, in the workbook's properties, on the disk.
ORIGINS = ("tanggal_cetak", "tanggal_tanda_tangan", "tanggal_simpan", ON_DISK)


def receipt(context: Mapping[str, str]) -> tuple[date, str] | None:
    """The day of export and where it stands; a date that can be read in two ways is passed over."""
    rule = date_rule("")
    for origin in ORIGINS:
        day = rule(context.get(origin, ""))[0]
        if day is not None and day.year >= 2000:
            return day, origin
    return None
