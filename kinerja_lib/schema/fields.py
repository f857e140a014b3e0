"""Columns and tables as ``fields.toml`` describes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kinerja_lib.errors import SchemaError

FieldType = Literal["text", "category", "integer", "number", "boolean", "date", "periode"]
FIELD_TYPES: tuple[str, ...] = ("text", "category", "integer", "number", "boolean", "date", "periode")


@dataclass(frozen=True)
class Field:
    """One column.

    Attributes
    ----------
    name : str
        Column name.
    type : str
        One of ``FIELD_TYPES``.
    categories : tuple of str
        Allowed values in their order; empty where any value may stand.
    ordered : bool
        The categories are a scale.
    minimum, maximum : float or None
        Inclusive range of a numeric column.
    raw : bool
        Only a raw export holds it (a name, a NIP); it never leaves the cleaning stage.
    """

    name: str
    type: FieldType
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    units: Mapping[str, str]
    categories: tuple[str, ...] = ()
    ordered: bool = False
    minimum: float | None = None
    maximum: float | None = None
    raw: bool = False

    def label(self, lang: str = "id") -> str:
        """Label in Indonesian (``id``) or English (``en``)."""
        return self.labels[lang]

    def description(self, lang: str = "id") -> str:
        """Description in Indonesian or English."""
        return self.descriptions[lang]

    def unit(self, lang: str = "id") -> str:
        """Unit, or an empty text."""
        return self.units.get(lang, "")


@dataclass(frozen=True)
class Table:
    """One table: its columns, the key of a row, what may not be missing, and what only the raw form holds."""

    name: str
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    columns: tuple[str, ...]
    key: tuple[str, ...]
    required: tuple[str, ...]
    raw: tuple[str, ...] = ()

    def label(self, lang: str = "id") -> str:
        """Label in Indonesian (``id``) or English (``en``)."""
        return self.labels[lang]

    def description(self, lang: str = "id") -> str:
        """Description in Indonesian or English."""
        return self.descriptions[lang]


@cache
def _document() -> dict[str, Any]:
    text = files("kinerja_lib.schema").joinpath("fields.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def fields() -> Mapping[str, Field]:
    """All columns by name, in the order of the file."""
    return {name: _field(name, entry) for name, entry in _document()["field"].items()}


@cache
def tables() -> Mapping[str, Table]:
    """All tables by name, in the order of the file; the panel is the last."""
    return {
        name: Table(
            name=name,
            labels=entry["label"],
            descriptions=entry["description"],
            columns=tuple(entry["columns"]),
            key=tuple(entry["key"]),
            required=tuple(entry["required"]),
            raw=tuple(entry.get("raw", ())),
        )
        for name, entry in _document()["table"].items()
    }


def field(name: str) -> Field:
    """One column by name.

    Raises
    ------
    SchemaError
        The name is not in ``fields.toml``.
    """
    try:
        return fields()[name]
    except KeyError:
        raise SchemaError(
            f"unknown column: {name}", action="add it to kinerja_lib/schema/fields.toml"
        ) from None


def table(name: str) -> Table:
    """One table by name.

    Raises
    ------
    SchemaError
        There is no such table.
    """
    try:
        return tables()[name]
    except KeyError:
        known = ", ".join(tables())
        raise SchemaError(f"unknown table: {name}", action=f"choose one of: {known}") from None


def _field(name: str, entry: Mapping[str, Any]) -> Field:
    kind = entry["type"]
    if kind not in FIELD_TYPES:
        raise SchemaError(f"fields.toml: column {name} has the unknown type {kind}")
    return Field(
        name=name,
        type=kind,
        labels=entry["label"],
        descriptions=entry["description"],
        units=entry.get("unit", {}),
        categories=tuple(entry.get("categories", ())),
        ordered=bool(entry.get("ordered", False)),
        minimum=entry.get("min"),
        maximum=entry.get("max"),
        raw=bool(entry.get("raw", False)),
    )
