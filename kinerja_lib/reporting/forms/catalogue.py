"""The input forms: each a known export layout with its columns, what may stand in them, and who fills it in."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reading.layouts import load_layouts, packaged_headings
from kinerja_lib.schema.fields import Field, fields, table

QUARTERS = ("Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV")
HALVES = ("Semester I", "Semester II")
#: what the drop-down of periods offers, by table; quarters elsewhere
PERIODS = {"layanan": HALVES, "pembinaan": (*QUARTERS, "Tahunan")}
YES_NO = ("Ya", "Tidak")
UNITS, AGENCIES = "unit_nama", "instansi_nama"
NIP = ("nip", "nip_penilai")
#: columns of a form that a table's required column comes from
SOURCES: Mapping[str, tuple[str, ...]] = {
    "id_pegawai": ("nip",), "instansi": (AGENCIES,), "unit_kerja": (UNITS,), "periode": ("tahun", "periode_nama"),
    "tanggal_selesai": ("tanggal_selesai", "tanggal_pelatihan"),
}  # fmt: skip
_YEARS = (2000, 2100)
_NAMES: Mapping[str, Both] = {
    UNITS: Both(
        "Nama unit kerja menurut register; pilih dari daftar.",
        en="Name of the unit in the register; choose from the list.",
    ),
    AGENCIES: Both(
        "Nama perangkat daerah; pilih dari daftar.", en="Name of the agency; choose from the list."
    ),
    "periode_nama": Both("Periode; pilih dari daftar.", en="Period; choose from the list."),
    "tanggal_pelatihan": Both(
        "Tanggal selesai, misalnya 31/12/2025.", en="The day it ended, such as 31/12/2025."
    ),
}


@dataclass(frozen=True)
class Column:
    """One column of a form.

    Attributes
    ----------
    name : str
        Field of the layout.
    heading : str
        As the layout knows it.
    help : Both
        What to write.
    kind : str
        ``text``, ``integer``, ``number``, ``date``, ``list``, ``unit`` or ``agency``.
    choices : tuple of str
    minimum, maximum : float or None
    required : bool
        A row without it is not kept.
    example : str, float or date
        What stands in the example row; of a unit or an agency the first of the list.
    """

    name: str
    heading: str
    help: Both
    kind: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    example: str | float | dt.date = ""


@dataclass(frozen=True)
class Form:
    """One form; ``items`` are the questions of a survey by their code, ``paper`` the name of its page to print."""

    name: str
    layout: str
    file: str
    title: Both
    who: Both
    when: Both
    columns: tuple[Column, ...]
    items: Mapping[str, Both]
    paper: str = ""


@cache
def forms() -> Mapping[str, Form]:
    """All forms by name."""
    document = tomllib.loads(files(__package__).joinpath("forms.toml").read_text(encoding="utf-8"))
    items = {code: _both(entry) for code, entry in document.pop("items").items()}
    examples = document.pop("examples")
    return {name: _form(name, entry, items, examples) for name, entry in document.items()}


def choose_forms(names: Sequence[str]) -> list[Form]:
    """Forms by name; all where none is named.

    Raises
    ------
    UsageError
        An unknown form.
    """
    unknown = [name for name in names if name not in forms()]
    if unknown:
        raise UsageError(
            Both(f"formulir tidak dikenal: {', '.join(unknown)}", en=f"unknown form: {', '.join(unknown)}"),
            details=list(forms()),
        )
    return [forms()[name] for name in names or forms()]


def _form(
    name: str, entry: Mapping[str, Any], items: Mapping[str, Both], examples: Mapping[str, Any]
) -> Form:
    layout = next(layout for layout in load_layouts() if layout.name == entry["layout"])
    periods = PERIODS.get(layout.table, QUARTERS)
    columns = [_column(key, heading, periods) for key, heading in packaged_headings(layout.name).items()]
    questions = items if layout.melt else {}
    score = fields()["skor"]
    columns += [
        Column(code, code, text, "integer", minimum=score.minimum, maximum=score.maximum)
        for code, text in questions.items()
    ]
    needed = {one for column in table(layout.table).required for one in SOURCES.get(column, (column,))}
    columns = [
        replace(column, required=column.name in needed, example=_example(column, examples))
        for column in columns
    ]
    return Form(
        name=name,
        layout=entry["layout"],
        file=entry["file"],
        title=_both(entry["title"]),
        who=_both(entry["who"]),
        when=_both(entry["when"]),
        columns=tuple(columns),
        items=questions,
        paper=entry.get("paper", ""),
    )


def _column(name: str, heading: str, periods: tuple[str, ...]) -> Column:
    known = fields().get(name)
    if name == UNITS:
        return Column(name, heading, _NAMES[name], "unit")
    if name == AGENCIES:
        return Column(name, heading, _NAMES[name], "agency")
    if name == "periode_nama":
        return Column(name, heading, _NAMES[name], "list", periods)
    if name == "tanggal_pelatihan":
        return Column(name, heading, _NAMES[name], "date")
    if known is None:
        raise AssertionError(f"a form's column is in no dictionary: {name}")
    text = Both(known.description("id"), en=known.description("en"))
    if name == "tahun":
        return Column(name, heading, text, "integer", (), *_YEARS)
    choices = YES_NO if known.type == "boolean" else known.categories
    return Column(name, heading, text, _kind(known), choices, known.minimum, known.maximum)


def _example(column: Column, examples: Mapping[str, Any]) -> str | float | dt.date:
    """The example's value: that of ``forms.toml``, else the first choice, else the middle of a scale."""
    if column.name in examples:
        value: str | float | dt.date = examples[column.name]
        return value
    if column.choices:
        return column.choices[0]
    if column.kind in ("integer", "number"):
        return round(((column.minimum or 0) + (column.maximum or 8)) / 2)
    return ""


def _kind(known: Field) -> str:
    if known.categories or known.type == "boolean":
        return "list"
    return known.type if known.type in ("integer", "number", "date") else "text"


def _both(entry: Mapping[str, str]) -> Both:
    return Both(entry["id"], en=entry["en"])
