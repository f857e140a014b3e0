"""Layouts: one export form a TOML file, in the package or in a project's own folder."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.schema.fields import fields, tables
from kinerja_lib.schema.raw import COMPOSITE

UNUSED = ""  # a form that is recognised and not used


@dataclass(frozen=True)
class Layout:
    """One export form.

    Attributes
    ----------
    name : str
    table : str
        Table its rows belong to; empty where the form is recognised and not used.
    spellings : mapping
        Normalised header -> field.
    required : tuple of str
        Fields without which the form is not this one; ``a|b`` means either.
    ignored : frozenset of str
        Normalised headers that mean nothing.
    melt : mapping
        ``pattern``, ``name``, ``value`` and ``groups`` (first letters -> instrument) of a wide form.
    constants : mapping
        Field -> text for all rows.
    """

    name: str
    table: str
    spellings: Mapping[str, str]
    required: tuple[str, ...]
    ignored: frozenset[str] = frozenset()
    melt: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


def normalise(text: str) -> str:
    """A header as it is compared: small letters and digits, one space between words."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():  # marks that no one sees
        plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower().replace("%", " persen ").replace("*", " kali ")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def load_layouts(folder: Path | None = None) -> tuple[Layout, ...]:
    """The package's layouts and those of a project's folder; a project's hides the package's of the same name."""
    found = {layout.name: layout for layout in _packaged()}
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            found[path.stem] = _project_layout(path)
    return tuple(found[name] for name in sorted(found))


def packaged_headings(name: str) -> dict[str, str]:
    """The first heading of each field of a layout of the package, as a form that it reads should print them."""
    text = files("kinerja_lib.reading").joinpath("layouts", f"{name}.toml").read_text(encoding="utf-8")
    return {key: str(headings[0]) for key, headings in tomllib.loads(text)["fields"].items()}


def _project_layout(path: Path) -> Layout:
    try:
        return _parse(path.stem, path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            Both(f"layout {path.name}: bentuknya tidak sah", en=f"layout {path.name}: not a valid layout"),
            details=[f"{type(error).__name__}: {error}"[:120]],
            action=Both(
                'perlu: table, required = [...], dan [fields] kolom = ["tajuk"]; teks UTF-8',
                en='needed: table, required = [...], and [fields] column = ["header"]; UTF-8 text',
            ),
        ) from error


@cache
def _packaged() -> tuple[Layout, ...]:
    folder = files("kinerja_lib.reading").joinpath("layouts")
    texts = {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    return tuple(_parse(name.removesuffix(".toml"), texts[name]) for name in sorted(texts))


def _parse(name: str, text: str) -> Layout:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReadError(Both(f"layout {name}.toml: {error}", en=f"layout {name}.toml: {error}")) from error
    table = document.get("table", UNUSED)
    known = {*fields(), *COMPOSITE}
    wrong = [column for column in document["fields"] if table and column not in known]
    if wrong or (table and table not in tables()):
        raise ReadError(
            Both(
                f"layout {name}.toml: kolom tidak dikenal: {wrong or table}",
                en=f"layout {name}.toml: unknown: {wrong or table}",
            ),
            action="docs/data-dictionary.md",
        )
    spellings = {
        normalise(header): column for column, headers in document["fields"].items() for header in headers
    }
    return Layout(
        name=name,
        table=table,
        spellings=spellings,
        required=tuple(document["required"]),
        ignored=frozenset(map(normalise, document.get("ignored", []))),
        melt=document.get("melt", {}),
        constants=document.get("constants", {}),
    )
