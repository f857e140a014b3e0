"""What reading hands to cleaning: one table of a file, as text, with where each row stood.

Reading and cleaning never import each other; this description is all that passes between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Columns a layout may map a header to, beside the fields of the table: a cell that holds several facts, or a
# fact that cleaning needs to make a field of the table.
COMPOSITE = {
    "nip_nama": "name and NIP in one cell, in either order",
    "pangkat_golongan": "pangkat and golongan in one cell, in either order",
    "tempat_tanggal_lahir": "place and date of birth in one cell",
    "tanggal_pelatihan": "a date or a range of dates in one cell",
    "instansi_nama": "name of the agency, as written",
    "unit_nama": "name of the unit, as written",
    "periode_nama": "name of the period, as written: Triwulan III, Tahunan, Januari",
    "jabatan_nama": "name of the post, as written",
    "eselon": "echelon, as written: II.b, Eselon III",
    "rating_hasil_nilai": "code 3/2/1 of the rating of results",
    "rating_perilaku_nilai": "code 3/2/1 of the rating of behaviour",
}

LEDGER_COLUMNS = ("file", "sheet", "row", "table", "action", "reason", "field", "value", "detail")
ACCOUNTING_COLUMNS = ("file", "sheet", "layout", "table", "read", "kept", "rejected", "merged")


@dataclass(frozen=True)
class HeaderMatch:
    """One header of the file and the field it was taken for.

    ``how`` is ``exact``, ``normalised``, ``fuzzy``, ``ignored``, ``melted`` (one item of a wide form) or ``none``;
    ``score`` runs from 0 to 100.
    """

    header: str
    field: str | None
    score: float
    how: str


@dataclass(frozen=True)
class StructureRow:
    """A row that is no data row: its source row number (from 1) and what it is.

    ``kind`` is one of ``title``, ``header``, ``number_row``, ``example``, ``subtotal``, ``total``, ``signature``,
    ``footnote``, ``no_data``, ``blank``, ``continuation``.
    """

    row: int
    kind: str


@dataclass(frozen=True)
class RawTable:
    """One table found in one sheet of one file.

    Attributes
    ----------
    file : str
        Path relative to the folder that was read, with ``/``.
    sheet : str
        Sheet name, or an empty text.
    layout : str
        Name of the layout that fits (file stem in ``reading/layouts``).
    table : str
        Table of ``fields.toml`` that the rows belong to.
    frame : DataFrame
        Text only (dtype ``str``; columns of a large text file may be categories), missing cells are NaN; columns are
        fields of the table, its raw fields, or ``COMPOSITE`` names; index 0 … n-1.
    rows : ndarray of int, shape (n,)
        Source row number (from 1) of each row of ``frame``.
    context : mapping
        Texts found in titles, file name or sheet name: ``instansi``, ``unit_kerja``, ``periode``, ``tahun``.
    headers : tuple of HeaderMatch
    structure : tuple of StructureRow
    notes : tuple of str
        What a reader of the accounting should know: hidden rows, a fuzzy header, two tables on a sheet.
    """

    file: str
    sheet: str
    layout: str
    table: str
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    context: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[HeaderMatch, ...] = ()
    structure: tuple[StructureRow, ...] = ()
    notes: tuple[str, ...] = ()
