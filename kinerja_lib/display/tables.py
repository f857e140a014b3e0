"""From a frame of measures to what a table shows: columns chosen, in order, with headings and formats.

The numbers stay numbers, so that the workbook keeps them; only the formats say how they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kinerja_lib.language import Labels


@dataclass(frozen=True)
class Shown:
    """A table ready to be shown: ``frame``, ``headers`` by column, ``formats`` by column."""

    frame: pd.DataFrame
    headers: Mapping[str, str]
    formats: Mapping[str, str]

    def options(self) -> dict[str, Any]:
        """``headers`` and ``formats`` as keyword arguments of ``Document.table``."""
        return {"headers": dict(self.headers), "formats": dict(self.formats)}


def shown_table(frame: pd.DataFrame, columns: Mapping[str, str], labels: Labels) -> Shown:
    """Choose columns in order; their headings are the catalogue's phrases ``column.<name>``.

    Parameters
    ----------
    frame : DataFrame
        Not changed.
    columns : mapping of str to str
        Column to format (``text``, ``integer``, ``number:1``, ``percent:1``, ``signed:1``, …).
    """
    chosen = frame.loc[:, list(columns)].reset_index(drop=True)
    for name, form in columns.items():
        if form == "text":
            chosen[name] = [labels.category(value) if pd.notna(value) else None for value in chosen[name]]
    return Shown(chosen, {name: labels.column(name) for name in columns}, dict(columns))


def regression_table(
    results: Mapping[str, pd.DataFrame], terms: Mapping[str, str], labels: Labels, digits: int = 2
) -> pd.DataFrame:
    """Specifications beside each other, one line a term: estimate and, beneath it, the 95% interval.

    No stars: the interval says how sure the estimate is, and a star would hide how large it is.

    Parameters
    ----------
    results : mapping of str to DataFrame
        ``FitResult.tidy()`` by the specification's name.
    terms : mapping of str to str
        Terms to show, in order, with their names for a reader.
    """
    rows: list[dict[str, str]] = []
    first = labels.column("term")
    for term, name in terms.items():
        line = {first: name}
        for spec, tidy in results.items():
            found = tidy[tidy["term"] == term]
            line[spec] = _estimate(found.iloc[0], labels, digits) if len(found) else "–"
        rows.append(line)
    return pd.DataFrame(rows, columns=[first, *results])


def _estimate(row: pd.Series, labels: Labels, digits: int) -> str:
    value = labels.number(row["estimate"], digits, signed=True)
    bounds = labels.interval(labels.number(row["ci_low"], digits), labels.number(row["ci_high"], digits))
    return f"{value} ({bounds})"
