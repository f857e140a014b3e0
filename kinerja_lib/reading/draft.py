"""A layout before it is written: a field for each column, changed by answers, and its TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinerja_lib.schema.fields import table

# What a layout must find to be sure of its form, by what the table needs: any one of the fields will do.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "id_pegawai": ("nip", "nip_nama"),
    "instansi": ("instansi_nama",),
    "unit_kerja": ("unit_nama",),
    "periode": ("tahun", "periode_nama"),
    "tahun": ("tahun",),
    "tanggal_selesai": ("tanggal_pelatihan",),
}
# Items of a wide survey form: the letter of a header such as K1 says which scale it belongs to.
ITEM = re.compile(r"[KTPF]\d{1,2}")
_MELT = """
[melt]
pattern = "^[KTPF]\\\\d+$"
name = "butir"
value = "skor"
group = "instrumen"
groups = { K = "kesadaran", T = "kejelasan_tugas", P = "kepemimpinan", F = "fasilitas" }
"""
_MELTED = frozenset({"butir", "skor", "instrumen"})
_FROM_CONTEXT = frozenset({"instansi", "unit_kerja", "periode", "tahun", "skema", "kelompok_fasilitas"})
MEASURES: Mapping[str, tuple[str, ...]] = {
    "penilaian": ("predikat_tercetak", "hasil_kerja", "nilai", "nilai_skp"),
    "fasilitas": ("kode_barang", "kecepatan_internet", "jumlah_baik"),
    "kepemimpinan": ("rapat_terlaksana", "penugasan", "bimbingan"),
    "layanan": ("unsur_1", "jumlah_responden"),
    "pegawai": ("golongan", "pangkat_golongan", "jabatan_nama", "jenis_jabatan", "pendidikan"),
}


@dataclass(frozen=True)
class Column:
    """A column of the file and what is proposed for it.

    Attributes
    ----------
    header : str
        Its header, outer levels first.
    field : str or None
        The proposed field; None where none is alike enough.
    score : float
        0 to 100.
    how : str
        ``exact``, ``normalised``, ``fuzzy``, ``values`` (the cells are NIPs), ``chosen``, ``ignored``, ``item`` (of a wide
        survey form) or ``none``.
    choices : tuple of (str, float)
        The fields most alike, best first.
    """

    header: str
    field: str | None
    score: float
    how: str
    choices: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A layout before it is written: the sheet and the rows of its header (from 1), the table, the columns."""

    name: str
    sheet: str
    first_row: int
    levels: int
    table: str
    columns: tuple[Column, ...]

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Headers without a field that nobody has set aside."""
        return tuple(column.header for column in self.columns if column.how == "none")

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the table needs and neither a header nor a title can give, as fields that would do (``a / b``)."""
        mapped = {column.field for column in self.columns}
        given = _FROM_CONTEXT | (_MELTED if any(column.how == "item" for column in self.columns) else set())
        wanted = [
            (*SOURCES.get(name, ()), *(() if name.startswith("id_") else (name,)))
            for name in table(self.table).required
            if name not in given
        ]
        wanted.append(MEASURES.get(self.table, ()))
        return tuple(" / ".join(sources) for sources in wanted if sources and not mapped & set(sources))

    def choose(self, number: int, name: str | None) -> Proposal:
        """The proposal with another field for a column; None sets the column aside."""
        column = self.columns[number]
        chosen = replace(column, field=name, score=100.0, how="chosen" if name else "ignored")
        columns = [
            replace(other, field=None, how="none") if name is not None and other.field == name else other
            for other in self.columns
        ]
        columns[number] = chosen
        return replace(self, columns=tuple(columns))

    def required(self) -> list[str]:
        """What the form cannot do without, as a layout's ``required`` says it."""
        mapped = [column.field for column in self.columns if column.field]
        needs: list[str] = []
        for name in table(self.table).required:
            found = [source for source in (*SOURCES.get(name, ()), name) if source in mapped]
            if found and name not in ("instansi", "skema"):
                needs.append("|".join(found))
        measures = [name for name in MEASURES.get(self.table, ()) if name in mapped]
        if measures:
            needs.append("|".join(measures))
        return list(dict.fromkeys(needs)) or mapped[:2]

    def toml(self) -> str:
        """The layout as it is written."""
        lines = [f"table = {_quoted(self.table)}"]
        lines.append(f"required = [{', '.join(map(_quoted, self.required()))}]")
        ignored = [column.header for column in self.columns if column.how == "ignored"]
        if ignored:
            lines.append(f"ignored = [{', '.join(map(_quoted, map(_spelling, ignored)))}]")
        lines += ["", "[fields]"]
        by_field: dict[str, list[str]] = {}
        for column in self.columns:
            if column.field:
                by_field.setdefault(column.field, []).append(_spelling(column.header))
        lines += [f"{name} = [{', '.join(map(_quoted, found))}]" for name, found in by_field.items()]
        if any(column.how == "item" for column in self.columns):
            lines += _MELT.rstrip("\n").splitlines()
        if self.unmapped:
            lines += ["", "# Belum dipetakan / not mapped:"]
            lines += [f"# {_quoted(_spelling(header))}" for header in self.unmapped]
        return "\n".join(lines) + "\n"


def _spelling(header: str) -> str:
    """A header as reading compares it: its levels side by side."""
    return header.replace(" / ", " ")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'
