"""Cells that could not be read, one line each: where, what stood there (masked where personal), and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning.free_text import without_people
from kinerja_lib.schema.raw import RawTable

CELL_COLUMNS = (
    "file",
    "sheet",
    "row",
    "table",
    "field",
    "reason",
    "value",
    "detail",
    "kept",
    "instansi",
    "unit_kerja",
)
LONGEST = 80
# Where a field of the table comes from, the first that the file has.
_ORIGINS: Mapping[str, tuple[str, ...]] = {
    "id_pegawai": ("nip", "nip_nama"),
    "id_penilai": ("nip_penilai",),
    "instansi": ("instansi_nama", "instansi"),
    "unit_kerja": ("unit_nama", "unit_kerja"),
    "periode": ("periode_nama", "periode", "tahun"),
    "golongan": ("golongan", "pangkat_golongan"),
    "predikat": ("predikat_tercetak", "predikat"),
    "predikat_tercetak": ("predikat_tercetak", "predikat", "predikat_lama"),
    "predikat_lama": ("predikat_lama", "predikat_tercetak", "predikat"),
    "hasil_kerja": ("hasil_kerja", "rating_hasil_nilai"),
    "perilaku_kerja": ("perilaku_kerja", "rating_perilaku_nilai"),
    "tanggal_mulai": ("tanggal_mulai", "tanggal_pelatihan"),
    "tanggal_selesai": ("tanggal_selesai", "tanggal_pelatihan"),
    "jenis_jabatan": ("jenis_jabatan", "eselon", "jabatan_nama"),
    "jenjang_jabatan": ("jenjang_jabatan", "jabatan_nama"),
    "kelompok_fasilitas": ("kelompok_fasilitas", "kode_barang"),
}
_NUMBERS = frozenset({"nip", "nip_penilai", "nip_nama"})
_HIDDEN = frozenset({"nama", "nama_penilai", "tanggal_lahir", "tempat_tanggal_lahir"})
_TITLED = re.compile(
    r",\s*(?:[SMA]|Dr|Drs|Dra|Ir|H|Hj)\.\s?[A-Za-z]|^(?:Dr|Drs|Dra|Ir|Prof|H|Hj)\.\s", re.IGNORECASE
)
PERSONAL = _NUMBERS | _HIDDEN


def origin(name: str, columns: Sequence[str]) -> str:
    """The raw column that a field is read from; an empty text where the file has none."""
    return next((part for part in _ORIGINS.get(name, (name,)) if part in columns), "")


def column_for(name: str, columns: Sequence[str]) -> str:
    """The raw column in which a field is corrected: where it is read from, else where it would be."""
    return origin(name, columns) or _ORIGINS.get(name, (name,))[0]


def shown(column: str, text: str, names: Container[tuple[str, ...]]) -> str:
    """A cell as the ledger may show it.

    Of a NIP the year of birth, of a name or a date of birth nothing, of any other text what is left without
    people and long numbers. A name that slipped into another column shows by its titles.
    """
    if column in _HIDDEN:
        return "*" * min(len(text), 8)
    if column in _NUMBERS:
        return text[:4] + "*" * max(len(text) - 4, 0) if text[:4].isdigit() else "*" * min(len(text), 18)
    return "*" * 8 if _TITLED.search(text) else without_people(text, names)[:LONGEST]


def shown_all(column: str, texts: pd.Series, names: Container[tuple[str, ...]]) -> list[str]:
    """``shown`` of each cell, each distinct text looked at once."""
    codes, distinct = pd.factorize(texts)
    masks = np.array([shown(column, str(text), names) if text else "" for text in distinct], dtype=object)
    found: list[str] = masks[codes].tolist()
    return found


def emptied(
    sheet: RawTable,
    reasons: Mapping[str, pd.Series],
    names: Container[tuple[str, ...]],
    hints: Callable[[str, NDArray[np.int64]], list[str]],
) -> list[pd.DataFrame]:
    """The unreadable cells of a sheet, by column; ``hints(field, rows)`` says more about each of them."""
    parts = []
    for name, column in reasons.items():
        places = np.flatnonzero((column != "").to_numpy())
        if not len(places):
            continue
        source = origin(name, list(sheet.frame.columns))
        cells = sheet.frame[source].iloc[places] if source else pd.Series("", index=range(len(places)))
        texts = cells.fillna("").astype("str").str.strip()
        values = shown_all(source, texts, names)
        parts.append(
            pd.DataFrame(
                {
                    "file": sheet.file,
                    "sheet": sheet.sheet,
                    "row": np.asarray(sheet.rows)[places],
                    "table": sheet.table,
                    "field": name,
                    "reason": column.iloc[places].to_numpy(),
                    "value": values,
                    "detail": hints(name, places),
                }
            )
        )
    return parts


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All lines as one frame with ``CELL_COLUMNS``."""
    kinds = dict.fromkeys(CELL_COLUMNS, "str") | {"row": "int64", "kept": "bool"}
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CELL_COLUMNS))
    frame[["instansi", "unit_kerja"]] = frame[["instansi", "unit_kerja"]].astype("object").fillna("")
    return frame[list(CELL_COLUMNS)].astype(kinds)
