"""What a file is, by its first bytes and never by its name, and its sheets as cells of text."""

from __future__ import annotations

from pathlib import Path

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.delimited import MAX_COLUMNS, read_delimited, too_wide
from kinerja_lib.reading.embedded import SQLITE, read_duckdb, read_sqlite
from kinerja_lib.reading.markup import read_html_tables, read_xml_spreadsheet
from kinerja_lib.reading.sources import Source
from kinerja_lib.reading.structured import read_json, read_parquet
from kinerja_lib.reading.workbooks import Merge, Sheet, cell_text, read_workbook

__all__ = ["Merge", "Sheet", "cell_text", "read_sheets", "sniff"]


def read_sheets(file: Source | Path) -> list[Sheet]:
    """Sheets of a file (or member of an archive) of any known format.

    Raises
    ------
    ReadError
        The file is empty, too large, of another kind than its name says, damaged or protected.
    """
    source = file if isinstance(file, Source) else Source(file.name, file)
    if source.size == 0:
        raise ReadError(
            Both(f"{source.name}: berkas kosong", en=f"{source.name}: the file is empty"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        )
    try:
        sheets = _sheets(source, sniff(source.head(4096)))
    except (UnicodeError, OSError) as error:
        raise ReadError(
            Both(f"{source.name}: isi berkas rusak", en=f"{source.name}: the file's content is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error
    if any(len(sheet.grid.columns) > MAX_COLUMNS for sheet in sheets):
        raise too_wide(source.name)
    return sheets


def _sheets(source: Source, kind: str) -> list[Sheet]:
    if kind == "workbook":
        return read_workbook(source)
    if kind == "xml":
        return read_xml_spreadsheet(source)
    if kind == "html":
        return read_html_tables(source)
    if kind == "parquet":
        return [Sheet("", read_parquet(source), first=0)]
    if kind == "json":
        return [Sheet("", read_json(source), first=0)]
    if kind == "sqlite":
        return read_sqlite(source)
    if kind == "duckdb":
        return read_duckdb(source)
    if kind == "text":
        return [Sheet("", read_delimited(source))]
    if kind == "pdf":
        raise ReadError(
            Both(f"{source.name}: ini PDF, bukan tabel", en=f"{source.name}: this is a PDF, not a table"),
            action=Both("minta ekspor Excel atau CSV", en="ask for an Excel or CSV export"),
        )
    raise ReadError(
        Both(
            f"{source.name}: bukan berkas tabel yang dikenal",
            en=f"{source.name}: not a known kind of table file",
        ),
        action=Both("simpan sebagai .xlsx atau .csv", en="save it as .xlsx or .csv"),
    )


def sniff(head: bytes) -> str:
    """Kind of a file by its first bytes.

    Returns
    -------
    str
        ``workbook``, ``pdf``, ``xml``, ``html``, ``parquet``, ``sqlite``, ``duckdb``, ``json``, ``binary`` or ``text``.
    """
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "workbook"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(SQLITE):
        return "sqlite"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<?xml") or b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "xml"
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<!--")):
        return "html"
    if text.startswith((b'{"', b"[{", b"[\n", b"[ {")):
        return "json"
    zeros = head.count(0)
    if zeros and not 0.3 < zeros / len(head) < 0.6:
        return "binary"
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head) - zeros
    return "binary" if controls > len(head) // 20 else "text"
