"""When a file was exported or last saved, as it says itself: a printed date, a signature, the workbook's properties.

Nothing is chosen here: each origin keeps its own key in the context, and cleaning takes the best that can be read. The date
of the file on disk is the last resort, since copying changes it.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kinerja_lib.reading.sources import Source
from kinerja_lib.schema.raw import RawTable

PRINTED, SIGNED, SAVED, ON_DISK = "tanggal_cetak", "tanggal_tanda_tangan", "tanggal_simpan", "tanggal_berkas"
_LABEL = re.compile(
    r"\b(?:(?:tanggal|tgl\.?)\s*(?:cetak|ekspor|unduh|tarik|penarikan|pengunduhan|export|download|print)"
    r"|di(?:cetak|ekspor|unduh|tarik)|(?:printed|exported|downloaded)(?: on)?)\b(?:\s+(?:pada|tanggal|oleh sistem))*\s*:?\s*(.*)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^[A-Z][A-Za-z .'-]{2,40},\s*((?:tanggal\s+)?\d{1,2}\s+[A-Za-z]{3,10}\s+\d{4})$")
_PROPERTIES = ("docProps/core.xml", "meta.xml")
_WHEN = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>\s*(\d{4}-\d{2}-\d{2})")
_XML_2003 = re.compile(rb"<(?:\w+:)?LastSaved>\s*(\d{4}-\d{2}-\d{2})")
_LONGEST = 100_000  # bytes of a workbook's properties that are looked at


def printed(rows: Iterable[Sequence[str]]) -> str:
    """The text beside ``Tanggal cetak``, ``Diunduh pada`` and the like; empty where there is none."""
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        for place, cell in enumerate(cells):
            if match := _LABEL.search(cell):
                beside = cells[place + 1] if place + 1 < len(cells) else ""
                if re.search(r"\d", text := match[1].strip() or beside):
                    return text[:60]
    return ""


def signed(rows: Iterable[Sequence[str]]) -> str:
    """The date of ``Rangkui, 5 Januari 2026`` over a signature; the last one there is."""
    found = ""
    for row in rows:
        for cell in row:
            if match := _PLACE.match(cell.strip()):
                found = match[1]
    return found


def received(source: Source, tables: Sequence[RawTable]) -> list[RawTable]:
    """The tables of a file with what its properties and the disk say of its date."""
    dates = {SAVED: _saved(source), ON_DISK: _on_disk(source)}
    known = {name: text for name, text in dates.items() if text}
    return [replace(table, context={**known, **table.context}) for table in tables]


def _saved(source: Source) -> str:
    """Day on which a workbook was last saved, as its properties say."""
    try:
        head = source.head(4_096)
        if not head.startswith(b"PK"):
            return _day(_XML_2003.search(head))
        with source.open() as file, zipfile.ZipFile(file) as archive:
            for name in _PROPERTIES:
                if name in archive.namelist():
                    with archive.open(name) as part:
                        return _day(_WHEN.search(part.read(_LONGEST)))
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError):
        return ""
    return ""


def _day(match: re.Match[bytes] | None) -> str:
    return match[1].decode("ascii") if match else ""


def _on_disk(source: Source) -> str:
    if source.member >= 0:
        with zipfile.ZipFile(source.path) as archive:
            year, month, day = archive.infolist()[source.member].date_time[:3]
        return f"{year:04d}-{month:02d}-{day:02d}" if year > 1980 else ""
    stamp = source.path.stat().st_mtime
    return dt.datetime.fromtimestamp(stamp, tz=dt.UTC).date().isoformat() if stamp > 0 else ""
