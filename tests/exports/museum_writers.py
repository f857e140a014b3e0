"""Small files of each format, the same bytes every time; the odd formats are written record by record."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Rows = Sequence[Sequence[Any]]
DATE = dt.datetime(2026, 1, 5)


def text(rows: Rows, delimiter: str = ";", encoding: str = "utf-8", newline: str = "\r\n") -> bytes:
    """Delimited text; cells are quoted where they hold the delimiter, a quote or a line break."""

    def cell(value: Any) -> str:
        shown = str(value)
        if any(mark in shown for mark in (delimiter, '"', "\n", "\r")):
            return '"' + shown.replace('"', '""') + '"'
        return shown

    return (newline.join(delimiter.join(map(cell, row)) for row in rows) + newline).encode(encoding)


def book(
    sheets: Mapping[str, Rows], finish: Callable[[Any, dict[str, Any]], None] | None = None, **options: Any
) -> bytes:
    """An .xlsx workbook; ``finish(book, sheets)`` may merge, hide or add to it."""
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **options}
    with xlsxwriter.Workbook(buffer, settings) as work:
        work.set_properties({"created": DATE, "author": "Contoh"})
        made = {}
        for name, rows in sheets.items():
            made[name] = sheet = work.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if value != "":
                        sheet.write(i, j, value)
        if finish is not None:
            finish(work, made)
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes | str], stored: Sequence[str] = ()) -> bytes:
    """A zip archive with fixed times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def ods(sheets: Mapping[str, Rows]) -> bytes:
    """An OpenDocument spreadsheet."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p>'
                "</table:table-cell>"
                for value in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    members = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    return zipped(members, stored=("mimetype",))


def spreadsheet_2003(rows: Rows, head: str = "") -> bytes:
    """XML Spreadsheet 2003, all cells text."""
    lines = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{escape(str(value))}</Data></Cell>' for value in row)
        + "</Row>"
        for row in rows
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?>{head}<?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Data"><Table>{lines}</Table>'
        "</Worksheet></Workbook>"
    ).encode()


def html(rows: Rows, head: str = "", raw: bool = False) -> bytes:
    """A page with one table, as web applications give for a spreadsheet."""
    lines = "".join(
        "<tr>" + "".join(f"<td>{value if raw else escape(str(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    return f"<html><head>{head}</head><body><table border=1>{lines}</table></body></html>".encode()


def parquet(header: Sequence[str], rows: Rows) -> bytes:
    """A Parquet file of texts."""
    columns = {name: pa.array([str(row[j]) for row in rows]) for j, name in enumerate(header)}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file ([MS-CFB]): streams of 4096 bytes or more, one table of sectors."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    chains: list[int] = [0xFFFFFFFD]  # sector 0 is the table itself
    body, entries = b"", []
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % size)
        start, count = len(chains), len(padded) // size
        chains += [start + n + 1 for n in range(count - 1)] + [end]
        body += padded
        entries.append((name, 2, start, len(padded)))
    directory = len(chains)
    rows = [("Root Entry", 5, end, 0), *entries]
    blocks = b""
    for number in range(-(-len(rows) // 4) * 4):
        name, kind, start, length = rows[number] if number < len(rows) else ("", 0, 0, 0)
        encoded = name.encode("utf-16-le")
        child = 1 if kind == 5 and entries else free
        right = number + 1 if kind == 2 and number < len(rows) - 1 else free
        blocks += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2 if name else 0, kind, 1)
        blocks += struct.pack("<III", free, right, child) + b"\0" * 36 + struct.pack("<IQ", start, length)
    count = len(blocks) // size
    chains += [directory + n + 1 for n in range(count - 1)] + [end]
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(size, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, end, 0, end, 0)
    return head + struct.pack("<I", 0).ljust(436, b"\xff") + table + body + blocks


def biff8(name: str, rows: Rows, password: bool = False) -> bytes:
    """An .xls workbook (BIFF8 records in a compound file)."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 0x06))

    cells = b""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, (int, float)):
                cells += record(0x0203, struct.pack("<HHHd", i, j, 0, float(value)))
            elif value != "":
                encoded = value.encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHHHB", i, j, 0, len(value), 1) + encoded)
    width = max(map(len, rows))
    sheet = (
        start(0x0010)
        + record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        + cells
        + record(0x0A, b"")
    )
    locked = record(0x002F, struct.pack("<HHHH", 0, 1, 1, 1) + b"\0" * 46) if password else b""
    codepage = record(0x0042, struct.pack("<H", 1200))
    title = name.encode("utf-16-le")
    before = start(0x0005) + locked + codepage
    bound = 4 + 8 + len(title)
    offset = len(before) + bound + 4
    sheets = record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 1) + title)
    return compound({"Workbook": before + sheets + record(0x0A, b"") + sheet})


def biff12(name: str, rows: Rows) -> bytes:
    """An .xlsb workbook (BIFF12 records in a zip), all cells text."""

    def number(value: int) -> bytes:
        parts = []
        while True:
            value, low = value >> 7, value & 0x7F
            parts.append(low | (0x80 if value else 0))
            if not value:
                return bytes(parts)

    def record(kind: int, content: bytes = b"") -> bytes:
        return number(kind) if kind < 0x80 else struct.pack("<BB", kind & 0x7F | 0x80, kind >> 7), content

    def joined(*records: Any) -> bytes:
        return b"".join(kind + number(len(content)) + content for kind, content in records)

    def wide(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    sheet = [
        record(129),
        record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)),
        record(145),
    ]
    for i, row in enumerate(rows):
        sheet.append(record(0, struct.pack("<IIHBBBI", i, 0, 300, 0, 0, 0, 0)))
        for j, value in enumerate(row):
            if value != "":
                sheet.append(record(6, struct.pack("<II", j, 0) + wide(str(value))))
    sheet += [record(146), record(130)]
    workbook = joined(
        record(131),
        record(143),
        record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(name)),
        record(144),
        record(132),
    )
    kinds = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def related(kind: str, target: str) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?><Relationships '
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{links}/{kind}" Target="{target}"/></Relationships>'
        )

    return zipped(
        {
            "[Content_Types].xml": kinds,
            "_rels/.rels": related("officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": related("worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": joined(*sheet),
        }
    )


def locked_biff() -> bytes:
    """The stream of an old workbook that is encrypted: BOF, FILEPASS (RC4), and what nobody can read."""
    begin = bytes.fromhex("0908100000060500") + bytes(12)
    filepass = bytes.fromhex("2f003600") + b"\1\0\1\0\1\0" + bytes(range(48))
    return begin + filepass + bytes(range(256)) * 20
