"""Workbooks through calamine: looked at before they are opened, since calamine makes room for every cell between
the first and the last, and ends the process where there is no room."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.coded import TEXT
from kinerja_lib.reading.compound import fault_of_compound
from kinerja_lib.reading.grid import Grid, blanks
from kinerja_lib.reading.parts import check_workbook, counts_from_1904
from kinerja_lib.reading.sources import Source, check_sizes

Merge = tuple[tuple[int, int], tuple[int, int]]
_BLOCK = 20_000
_PANIC = (
    "PanicException"  # calamine's own assertion that failed: no Exception, of a module that can't be imported
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows as text, merged regions, whether it is hidden, and hidden rows and columns.

    ``first`` is the number of the first row: 0 where the names of the columns stand in no row of the file; ``from_1904``
    says that numbers which are days count from 1904.
    """

    name: str
    rows: Sequence[Sequence[str]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = field(default=())
    hidden_columns: tuple[int, ...] = field(default=())
    first: int = 1
    from_1904: bool = False

    @cached_property
    def grid(self) -> Grid:
        """The rows by column."""
        return self.rows if isinstance(self.rows, Grid) else Grid.of_rows(self.rows)


def read_workbook(source: Source) -> list[Sheet]:
    """Worksheets of an .xlsx, .xlsm, .xlsb, .xls or .ods file.

    Raises
    ------
    ReadError
        It is damaged, protected, or holds far more than it seems to.
    """
    import python_calamine as calamine

    data = source.read()
    hidden = check_archive(source.name, data)
    early = _from_1904(data)
    _check_compound(source.name, data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            rows, columns = hidden.get(meta.name, ((), ()))
            sheets.append(
                Sheet(
                    meta.name,
                    _grid(sheet),
                    tuple(sheet.merged_cell_ranges or ()),
                    meta.visible != calamine.SheetVisibleEnum.Visible,
                    rows,
                    columns,
                    from_1904=early,
                )
            )
    except calamine.PasswordError as error:
        raise _protected(source.name) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise _damaged(source.name, error) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise _damaged(source.name, error) from error
    return sheets


def _damaged(name: str, error: BaseException) -> ReadError:
    return ReadError(
        Both(f"{name}: buku kerja rusak", en=f"{name}: the workbook is damaged"),
        details=[str(error)[:200]],
        action=Both("minta ekspor ulang", en="ask for the export again"),
    )


def _from_1904(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return counts_from_1904(archive)


def _grid(sheet: Any) -> Grid:
    """The cells of a sheet, block by block, so that Python never holds all of them."""
    if sheet.start is None:
        return Grid([], 0)
    parts, block = [], []
    for row in sheet.iter_rows():
        block.append(row)
        if len(block) == _BLOCK:
            parts.append(_part(block, sheet.start[1]))
            block = []
    return Grid.of_parts([*parts, _part(block, sheet.start[1])])


def _part(block: list[list[Any]], left: int) -> Grid:
    columns = [pa.chunked_array([blanks(len(block))])] * left
    for cells in zip(*block, strict=True):
        if not all(type(cell) is str for cell in cells):
            cells = tuple(cell if type(cell) is str else cell_text(cell) for cell in cells)
        columns.append(pa.chunked_array([pa.array(cells, TEXT)]))
    return Grid(columns, len(block))


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, others with four decimals or more, dates in ISO form.

    A number that a spreadsheet keeps with 15 digits is written out with zeros after them, so that cleaning sees
    the loss.
    """
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


def check_archive(name: str, data: bytes) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Refuse a zipped workbook that unpacks to far more than it holds; its hidden rows and columns by sheet."""
    if not data.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check_sizes(name, entries, len(data))
            if not {entry.filename for entry in entries} & {"[Content_Types].xml", "mimetype"}:
                raise ReadError(
                    Both(f"{name}: arsip di dalam arsip", en=f"{name}: an archive inside an archive"),
                    action=Both("buka dulu arsip yang di dalam", en="unpack the inner archive first"),
                )
            return check_workbook(name, archive)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ReadError(
            Both(f"{name}: buku kerja terpotong atau rusak", en=f"{name}: the workbook is cut or damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        ) from error


def _check_compound(name: str, data: bytes) -> None:
    """Refuse an old workbook whose tables of sectors are malformed, or one that is encrypted."""
    fault = fault_of_compound(data)
    if fault == "protected":
        raise _protected(name)
    if fault:
        raise ReadError(
            Both(f"{name}: buku kerja rusak", en=f"{name}: the workbook is damaged"),
            action=Both("minta ekspor ulang", en="ask for the export again"),
        )


def _protected(name: str) -> ReadError:
    return ReadError(
        Both(f"{name}: dilindungi kata sandi", en=f"{name}: protected by a password"),
        action=Both(
            "buka di Excel dengan kata sandinya, hapus di File > Info > Protect Workbook, lalu simpan",
            en="open it in Excel with its password, remove it under File > Info > Protect Workbook, then save",
        ),
    )
