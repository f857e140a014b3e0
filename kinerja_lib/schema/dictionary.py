"""The data dictionary, generated from ``fields.toml``.

``python -m kinerja_lib.schema.dictionary FILE`` writes it; a test fails where the committed one is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from kinerja_lib.schema.fields import Field, Table, field, table, tables

_HEAD = """\
# Kamus data / Data dictionary

Dibuat dari `kinerja_lib/schema/fields.toml`; jangan diubah di sini. / Generated from
`kinerja_lib/schema/fields.toml`; do not edit here.

Kolom **tebal** adalah kunci baris; `*` tidak boleh kosong. / **Bold** columns are the key of a row;
`*` may not be missing.
"""


def data_dictionary() -> str:
    """All tables and their columns as Markdown, in both languages."""
    return "\n".join([_HEAD, *(_table(declared) for declared in tables().values())])


def column_table(name: str, lang: str = "id") -> pd.DataFrame:
    """The columns of a table, for a reader in JupyterLab.

    Returns
    -------
    DataFrame
        ``kolom``, ``tipe``, ``label``, ``arti``; one row a column.
    """
    rows = [
        (column.name, column.type, column.label(lang), column.description(lang))
        for column in map(field, table(name).columns)
    ]
    return pd.DataFrame(rows, columns=["kolom", "tipe", "label", "arti"])


def _table(declared: Table) -> str:
    lines = [
        f"## {declared.name}: {declared.label('id')} / {declared.label('en')}",
        "",
        f"{declared.description('id')} / {declared.description('en')}",
        "",
        "| kolom | tipe | satuan, batas, kategori | label | label (en) | keterangan | description |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(field(column), declared) for column in declared.columns]
    if declared.raw:
        lines += ["", f"Hanya pada ekspor mentah / in raw exports only: {', '.join(declared.raw)}."]
    return "\n".join([*lines, ""])


def _row(column: Field, declared: Table) -> str:
    name = f"**{column.name}**" if column.name in declared.key else column.name
    name += "*" if column.name in declared.required else ""
    cells = (
        name,
        column.type + (" (berurutan)" if column.ordered else ""),
        _domain(column),
        column.label("id"),
        column.label("en"),
        column.description("id"),
        column.description("en"),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _domain(column: Field) -> str:
    parts = []
    if column.unit():
        parts.append(column.unit())
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f"{column.minimum:g}"
        high = "" if column.maximum is None else f"{column.maximum:g}"
        parts.append(f"{low}–{high}" if high else f"≥ {low}")
    if column.categories:
        shown = (
            column.categories
            if len(column.categories) <= 9
            else (*column.categories[:4], "…", column.categories[-1])
        )
        parts.append(", ".join(shown))
    return "; ".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(data_dictionary(), encoding="utf-8", newline="\n")
