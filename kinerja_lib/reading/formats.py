"""What a file is, by its first bytes and never by its name, and its sheets as rows of text.

A number that a spreadsheet keeps with 15 digits is written out with zeros after them, so that cleaning sees the
loss. Dates are ISO texts. Long because each format has its few lines here, to be read beside the others.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.compound import fault_of_compound
from kinerja_lib.reading.delimited import read_delimited
from kinerja_lib.reading.markup import read_html_tables, read_xml_spreadsheet

Rows = list[list[str]]
Merge = tuple[tuple[int, int], tuple[int, int]]

MAX_BYTES = 400 * 2**20
MAX_UNPACKED = 2 * 2**30
MAX_RATIO = 200
MAX_COLUMNS = 2_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows as text (ragged rows are allowed), merged regions, and whether it is hidden."""

    name: str
    rows: Rows
    merges: tuple[Merge, ...] = ()
    hidden: bool = False


def read_sheets(path: Path) -> list[Sheet]:
    """Sheets of a file of any known format.

    Raises
    ------
    ReadError
        The file is empty, too large, of another kind than its name says, damaged or protected.
    """
    size = path.stat().st_size
    if size == 0:
        raise ReadError(
            Both(f"{path.name}: berkas kosong", en=f"{path.name}: the file is empty"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        )
    if size > MAX_BYTES:
        raise _too_large(path)
    with path.open("rb") as file:
        head = file.read(4096)
    kind = sniff(head)
    try:
        sheets = _sheets(path, kind)
    except (UnicodeError, OSError) as error:
        raise ReadError(
            Both(f"{path.name}: isi berkas rusak", en=f"{path.name}: the file's content is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    for sheet in sheets:
        if max(map(len, sheet.rows), default=0) > MAX_COLUMNS:
            raise ReadError(
                Both(
                    f"{path.name}: lebih dari {MAX_COLUMNS} kolom",
                    en=f"{path.name}: more than {MAX_COLUMNS} columns",
                ),
                action=Both(
                    "hapus kolom kosong di sebelah kanan", en="delete the empty columns at the right"
                ),
            )
    return sheets


def _sheets(path: Path, kind: str) -> list[Sheet]:
    if kind == "workbook":
        sheets = _workbook(path)
    elif kind == "pdf":
        raise ReadError(
            Both(f"{path.name}: ini PDF, bukan tabel", en=f"{path.name}: this is a PDF, not a table"),
            action=Both("minta ekspor Excel atau CSV", en="ask for an Excel or CSV export"),
        )
    elif kind == "xml":
        sheets = [Sheet(name, rows) for name, rows in read_xml_spreadsheet(path)]
    elif kind == "html":
        sheets = [Sheet(f"tabel {n}", rows) for n, rows in enumerate(read_html_tables(path), start=1)]
    elif kind == "parquet":
        sheets = [_parquet(path)]
    elif kind == "json":
        sheets = [_json(path)]
    elif kind == "binary":
        raise ReadError(
            Both(
                f"{path.name}: bukan berkas tabel yang dikenal",
                en=f"{path.name}: not a known kind of table file",
            ),
            action=Both("simpan sebagai .xlsx atau .csv", en="save it as .xlsx or .csv"),
        )
    else:
        sheets = [Sheet("", read_delimited(path))]
    return sheets


def sniff(head: bytes) -> str:
    """Kind of a file by its first bytes.

    Returns
    -------
    str
        ``workbook``, ``pdf``, ``xml``, ``html``, ``parquet``, ``json``, ``binary`` or ``text``.
    """
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "workbook"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<?xml") or b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "xml"
    if text.startswith((b"<html", b"<!doctype html", b"<table")):
        return "html"
    if text.startswith((b'{"', b"[{", b"[\n", b"[ {")):
        return "json"
    zeros = head.count(0)
    if zeros and not 0.3 < zeros / len(head) < 0.6:
        return "binary"
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head) - zeros
    return "binary" if controls > len(head) // 20 else "text"


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, others with four decimals or more, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value != value:
            return ""
        if value.is_integer():
            return str(int(value)) if abs(value) < 1e15 else f"{Decimal(f'{value:.15g}'):f}"
        text = f"{value:.15g}"
        # Four decimals at least: 3.1250 can't be taken for a typed 3.125, in which the point may group thousands.
        return text if "e" in text else text + "0" * (4 - len(text.rpartition(".")[2]))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return "" if value is None else str(value)


def _workbook(path: Path) -> list[Sheet]:
    import python_calamine as calamine

    _check_archive(path)
    _check_compound(path)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            merges = tuple(sheet.merged_cell_ranges or ())
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(meta.name, rows, merges, hidden))
    except calamine.PasswordError as error:
        raise ReadError(
            Both(f"{path.name}: dilindungi kata sandi", en=f"{path.name}: protected by a password"),
            action=Both("hapus kata sandinya di Excel", en="remove the password in Excel"),
        ) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise ReadError(
            Both(f"{path.name}: buku kerja rusak", en=f"{path.name}: the workbook is damaged"),
            details=[str(error)[:200]],
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    return sheets


def _check_compound(path: Path) -> None:
    """Refuse an old workbook whose tables of sectors are malformed, or one that is encrypted."""
    fault = fault_of_compound(path)
    if fault == "protected":
        raise ReadError(
            Both(f"{path.name}: dilindungi kata sandi", en=f"{path.name}: protected by a password"),
            action=Both("hapus kata sandinya di Excel", en="remove the password in Excel"),
        )
    if fault:
        raise ReadError(
            Both(f"{path.name}: buku kerja rusak", en=f"{path.name}: the workbook is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        )


def _check_archive(path: Path) -> None:
    """Refuse an archive that unpacks to far more than it holds, or no workbook at all."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ReadError(
            Both(
                f"{path.name}: buku kerja terpotong atau rusak",
                en=f"{path.name}: the workbook is cut or damaged",
            ),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 50 * 2**20 and unpacked > MAX_RATIO * path.stat().st_size):
        raise _too_large(path)
    names = {entry.filename for entry in entries}
    if not names & {"[Content_Types].xml", "mimetype"}:
        raise ReadError(
            Both(
                f"{path.name}: arsip zip, bukan buku kerja", en=f"{path.name}: a zip archive, not a workbook"
            ),
            action=Both("buka arsipnya ke folder data/raw", en="unpack it into data/raw"),
        )


def _too_large(path: Path) -> ReadError:
    return ReadError(
        Both(f"{path.name}: terlalu besar untuk dibuka", en=f"{path.name}: too large to open"),
        action=Both("pecah per tahun atau per instansi", en="split it by year or by agency"),
    )


def _parquet(path: Path) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            Both(f"{path.name}: berkas Parquet rusak", en=f"{path.name}: the Parquet file is damaged")
        ) from error
    columns = [[cell_text(value) for value in table.column(name).to_pylist()] for name in table.column_names]
    return Sheet("", [list(table.column_names), *map(list, zip(*columns, strict=True))])


def _json(path: Path) -> Sheet:
    text = path.read_text(encoding="utf-8-sig")
    try:
        if text.lstrip().startswith("["):
            records = json.loads(text)
        else:
            records = [json.loads(line) for line in io.StringIO(text) if line.strip()]
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReadError(Both(f"{path.name}: JSON rusak", en=f"{path.name}: damaged JSON")) from error
    if not all(isinstance(record, dict) for record in records):
        raise ReadError(
            Both(
                f"{path.name}: JSON harus berupa daftar objek",
                en=f"{path.name}: the JSON must be a list of objects",
            )
        )
    return Sheet("", _records(records))


def _records(records: Sequence[dict[str, Any]]) -> Rows:
    names = list(dict.fromkeys(name for record in records for name in record))
    return [names, *([cell_text(_plain(record.get(name))) for name in names] for record in records)]


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
