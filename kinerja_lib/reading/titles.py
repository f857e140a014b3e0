"""What the titles above a table, the sheet's name and the file's name say: agency, unit, period and year."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.layouts import normalise
from kinerja_lib.reading.receipt import PRINTED, printed

_AGENCY = re.compile(
    r"^(dinas|badan|sekretariat|inspektorat|kecamatan|rumah sakit|satuan|kantor|rsud)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:20\d\d|19\d\d)(?!\d)")


def context_of(sheet: Sheet, first: int, last: int, file: str) -> dict[str, str]:
    """Agency, unit, period and year as title rows, sheet name and file name give them, as written.

    Parameters
    ----------
    sheet : Sheet
    first, last : int
        The title rows: from ``first`` to before ``last``.
    file : str
    """
    context: dict[str, str] = {}
    for row in sheet.rows[first:last]:
        for text in (cell.strip() for cell in row if cell.strip()):
            label, mark, value = text.partition(":")
            name = normalise(label)
            if mark and value.strip():
                if name in ("unit kerja", "unit", "opd", "skpd"):
                    context.setdefault("unit_kerja", value.strip())
                elif name in ("perangkat daerah", "instansi"):
                    context.setdefault("instansi", value.strip())
                elif name in ("periode", "priode"):
                    context.setdefault("periode", value.strip())
                elif name == "tahun":
                    context.setdefault("tahun", value.strip())
            elif _AGENCY.match(text):
                context.setdefault("instansi", text)
            elif re.search(r"\btriwulan\b|\bsemester\b|\bjangka waktu\b|\btahun \d{4}", text, re.IGNORECASE):
                context.setdefault("periode", text)
    if text := printed(sheet.rows[first:last]):
        context[PRINTED] = text
    folder = file.rsplit("/", 2)[-2].removesuffix(".zip").removesuffix(".ZIP") if "/" in file else ""
    folder = re.sub(r"^[\d\W_]+", "", folder.replace("_", " "))
    if _AGENCY.match(folder):
        context.setdefault("instansi", folder)
    context["sheet"] = sheet.name
    if year := _YEAR.search(file.rsplit("/", 1)[-1]):
        context["file_year"] = year.group()
    return context


def year_in(context: Mapping[str, str]) -> str:
    """The year of the titles, or the only one that their period names; an empty text where there is none."""
    years = set(_YEAR.findall(context.get("periode", "")))
    return context.get("tahun", "") or (years.pop() if len(years) == 1 else "")
